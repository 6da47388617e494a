import type { ReactNode } from 'react';
import { useMemo } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { Json, NetworkNode } from '../../shared/schema/document';
import type { ParamField } from '../../shared/layers/define';
import { formatNumber, type Text } from '../../shared/text';
import { changeLabel } from '../canvas/inPlace';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { Select } from '../ui';
import { ParsedInput } from './ParsedInput';
import { paramToText, parseParam, stepParam } from './paramText';
import { defaultOf } from './sharedParams';
import styles from './ParamForm.module.css';

type ParamControlProps = {
  readonly node: NetworkNode;
  readonly name: string;
  readonly field: ParamField;
  readonly diagnostics: readonly Diagnostic[];
};

/** What the control of one param is given, whatever its type. */
type ControlProps<F extends ParamField> = {
  readonly field: F;
  readonly label: string;
  readonly help: string;
  readonly value: Json | undefined;
  /** What is shown in place of the value where it stands for several that differ. */
  readonly mixed?: string;
  readonly isDefault: boolean;
  /** What the analysis says about the value. */
  readonly message: string | undefined;
  /** The undo label. */
  readonly change: Text;
  readonly set: (next: Json, how: 'record' | 'merge') => void;
  readonly reset: () => void;
};

type FieldOf<T extends ParamField['type']> = Extract<ParamField, { readonly type: T }>;
type TypedField = Exclude<ParamField, FieldOf<'boolean' | 'choice'>>;

/** One param of a node as a form control. */
export function ParamControl({ node, name, field, diagnostics }: ParamControlProps) {
  const session = useSession();
  const { pick } = useText('inspector');
  const change = useMemo(() => changeLabel(node, field), [node, field]);
  const raw = node.params[name];
  const problem = diagnostics.find((one) => one.at.param === name && one.severity === 'error');
  const shared = {
    label: pick(field.label),
    help: pick(field.doc),
    value: raw ?? defaultOf(field),
    isDefault: raw === undefined,
    message: problem && pick(problem.summary),
    change,
    set: (next: Json, how: 'record' | 'merge'): void => {
      session.project.edit(change, [{ type: 'setParams', id: node.id, params: { [name]: next } }], how);
    },
    reset: (): void => {
      session.project.edit(change, [{ type: 'setParams', id: node.id, params: {}, unset: [name] }]);
    },
  };
  return <FieldControl {...shared} field={field} />;
}

/** A value of a param as a form control; which one follows from the field's type alone. */
export function FieldControl({ field, ...shared }: ControlProps<ParamField>) {
  switch (field.type) {
    case 'boolean':
      return <SwitchControl {...shared} field={field} />;
    case 'choice':
      return <ChoiceControl {...shared} field={field} />;
    case 'padding':
    case 'offset':
      return <WordControl {...shared} field={field} />;
    default:
      return <TypedControl {...shared} field={field} />;
  }
}

function SwitchControl({ label, help, value, mixed, set }: ControlProps<FieldOf<'boolean'>>) {
  return (
    <label className={styles['row']} title={help}>
      <span className={styles['label']}>{label}</span>
      <input
        type="checkbox"
        role="switch"
        className={styles['switch']}
        checked={value === true}
        ref={(input) => {
          if (input) input.indeterminate = mixed !== undefined;
        }}
        onChange={(event) => set(event.target.checked, 'record')}
      />
    </label>
  );
}

type RowProps = { readonly label: string; readonly help: string; readonly children: ReactNode };

function Row({ label, help, children }: RowProps) {
  return (
    <div className={styles['row']} title={help}>
      <span className={styles['label']}>{label}</span>
      {children}
    </div>
  );
}

/** Stands for `false` among the words of a choice. */
const off = 'false';

function ChoiceControl({ field, label, help, value, mixed, message, set }: ControlProps<FieldOf<'choice'>>) {
  const { pick } = useText('inspector');
  return (
    <Row label={label} help={help}>
      <Select
        label={label}
        value={typeof value === 'string' ? value : value === false ? off : ''}
        isInvalid={message !== undefined}
        items={[
          ...(field.off === undefined ? [] : [{ value: off, label: pick(field.off) }]),
          ...mixedItems(mixed),
          ...field.values.map((one) => ({
            value: one,
            label: field.labels?.[one] ? pick(field.labels[one]) : one,
          })),
        ]}
        onChange={(next) => set(next === off ? false : next, 'record')}
      />
      {message === undefined ? null : <p className={styles['message']}>{message}</p>}
    </Row>
  );
}

/** Values that differ are an entry of their own, which can only be left. */
function mixedItems(mixed: string | undefined) {
  return mixed === undefined ? [] : [{ value: '', label: mixed, isDisabled: true }];
}

/** A word or numbers of pixels: the word is chosen, the pixels are typed below it. */
function WordControl(props: ControlProps<FieldOf<'padding' | 'offset'>>) {
  const { field, label, help, value, mixed, set } = props;
  const { t } = useText('inspector');
  const words = field.type === 'padding' ? (['valid', 'same'] as const) : (['center'] as const);
  const word = mixed !== undefined ? '' : typeof value === 'string' ? value : 'numbers';
  return (
    <>
      <Row label={label} help={help}>
        <Select
          label={label}
          value={word}
          items={[
            ...mixedItems(mixed),
            ...words.map((one) => ({ value: one, label: one, hint: t[`word_${one}`] })),
            { value: 'numbers', label: t.inPixels },
          ]}
          onChange={(next) => set(next === 'numbers' ? 0 : next, 'record')}
        />
      </Row>
      {word === 'numbers' ? <TypedControl {...props} label={fill(t.pixelsOf, { name: label })} /> : null}
    </>
  );
}

/** Numbers that are typed, stepped or scrubbed. */
function TypedControl(props: ControlProps<TypedField>) {
  const session = useSession();
  const { field, label, help, value, mixed, isDefault, message, change, set, reset } = props;
  const { t, pick } = useText('inspector');
  const fallback = defaultOf(field);
  const read = (typed: string): string | null => {
    const parsed = parseParam(field, typed);
    if (parsed.ok) {
      set(parsed.value, 'merge');
      return null;
    }
    return fill(
      t[`reason_${parsed.reason}`],
      'min' in field ? { min: formatNumber(field.min), max: formatNumber(field.max) } : {},
    );
  };
  const step = (steps: number): void => {
    const next = stepParam(field, value, steps);
    if (next !== null) set(next, 'merge');
  };
  return (
    <ParsedInput
      label={label}
      help={help}
      text={paramToText(field, value)}
      placeholder={mixed ?? (field.type === 'size' && field.optional === true ? t.unset : '')}
      onText={read}
      {...(field.type === 'shape' ? {} : { onStep: step })}
      onGestureStart={() => session.project.beginGesture(change)}
      onGestureEnd={session.project.commitGesture}
      onGestureCancel={session.project.cancelGesture}
      problem={message}
      isDefault={isDefault || fallback === undefined}
      onReset={reset}
      resetLabel={fill(t.reset, { name: pick(field.label), value: paramToText(field, fallback) || t.unset })}
    />
  );
}

import { useMemo } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { Json, NetworkNode } from '../../shared/graph/document';
import type { ParamField } from '../../shared/layers/define';
import { text, type Text } from '../../shared/text';
import { fill, useText } from '../i18n';
import { beginGesture, cancelGesture, commitGesture, edit } from '../store';
import { Select } from '../ui';
import { ParsedInput } from './ParsedInput';
import { paramToText, parseParam, stepParam } from './paramText';
import styles from './ParamForm.module.css';

type ParamControlProps = {
  readonly node: NetworkNode;
  readonly name: string;
  readonly field: ParamField;
  readonly diagnostics: readonly Diagnostic[];
};

/** The undo label of a change of this param. */
function changeLabel(node: NetworkNode, field: ParamField): Text {
  return text(
    `Set ${field.label.en.toLowerCase()} of ${node.label ?? node.id}`,
    `设置 ${node.label ?? node.id} 的${field.label.zh}`,
  );
}

function defaultOf(field: ParamField): Json | undefined {
  const value = 'default' in field ? field.default : undefined;
  return Array.isArray(value) ? value.map((item: Json) => item) : value;
}

/** One param of a node as a form control; which one follows from the field's type alone. */
export function ParamControl({ node, name, field, diagnostics }: ParamControlProps) {
  const { t, pick } = useText('inspector');
  const label = useMemo(() => changeLabel(node, field), [node, field]);
  const fallback = defaultOf(field);
  const raw = node.params[name];
  const value = raw ?? fallback;
  const isDefault = raw === undefined;
  const problem = diagnostics.find((one) => one.at.param === name && one.severity === 'error');
  const message = problem === undefined ? undefined : pick(problem.summary);
  const set = (next: Json, how: 'record' | 'merge'): void => {
    edit(label, [{ type: 'setParams', id: node.id, params: { [name]: next } }], how);
  };
  const reset = (): void => {
    edit(label, [{ type: 'setParams', id: node.id, params: {}, unset: [name] }]);
  };
  const common = { label: pick(field.label), help: pick(field.doc) };

  if (field.type === 'boolean') {
    return (
      <label className={styles['row']} title={common.help}>
        <span className={styles['label']}>{common.label}</span>
        <input
          type="checkbox"
          role="switch"
          className={styles['switch']}
          checked={value === true}
          onChange={(event) => set(event.target.checked, 'record')}
        />
      </label>
    );
  }
  if (field.type === 'choice') {
    return (
      <div className={styles['row']} title={common.help}>
        <span className={styles['label']}>{common.label}</span>
        <Select
          label={common.label}
          value={typeof value === 'string' ? value : ''}
          isInvalid={message !== undefined}
          items={field.values.map((one) => ({
            value: one,
            label: field.labels?.[one] ? pick(field.labels[one]) : one,
          }))}
          onChange={(next) => set(next, 'record')}
        />
        {message === undefined ? null : <p className={styles['message']}>{message}</p>}
      </div>
    );
  }
  const isWord = typeof value === 'string' && (field.type === 'padding' || field.type === 'offset');
  const word = field.type === 'padding' || field.type === 'offset' ? (isWord ? value : 'numbers') : null;
  const words = field.type === 'padding' ? ['valid', 'same'] : ['center'];
  const explain = (typed: string): string | null => {
    const parsed = parseParam(field, typed);
    if (parsed.ok) {
      set(parsed.value, 'merge');
      return null;
    }
    const bounds = 'min' in field ? { min: field.min, max: field.max } : {};
    return fill(t[`reason_${parsed.reason}`], { ...bounds });
  };
  const step = (steps: number): void => {
    const next = stepParam(field, value, steps);
    if (next !== null) set(next, 'merge');
  };
  const isStepped = field.type !== 'shape';
  const input = (
    <ParsedInput
      {...common}
      label={word === null ? common.label : fill(t.pixelsOf, { name: common.label })}
      text={isWord ? '' : paramToText(field, value)}
      placeholder={field.type === 'size' && field.optional === true ? t.unset : ''}
      onText={explain}
      {...(isStepped ? { onStep: step } : {})}
      onGestureStart={() => beginGesture(label)}
      onGestureEnd={commitGesture}
      onGestureCancel={cancelGesture}
      problem={message}
      isDefault={isDefault || (word === null && fallback === undefined)}
      onReset={reset}
      resetLabel={fill(t.reset, { name: common.label, value: paramToText(field, fallback) || t.unset })}
    />
  );
  if (word === null) return input;
  return (
    <>
      <div className={styles['row']} title={common.help}>
        <span className={styles['label']}>{common.label}</span>
        <Select
          label={common.label}
          value={word}
          items={[
            ...words.map((one) => ({
              value: one,
              label: one,
              hint: t[`word_${one === 'same' ? 'same' : one === 'valid' ? 'valid' : 'center'}`],
            })),
            { value: 'numbers', label: t.inPixels },
          ]}
          onChange={(next) => set(next === 'numbers' ? 0 : next, 'record')}
        />
      </div>
      {isWord ? null : input}
    </>
  );
}

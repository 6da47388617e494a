import type { Json } from '../../shared/schema/document';
import type { Text } from '../../shared/text';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { ParsedInput } from './ParsedInput';

/** Any value of a document as text, as {@link readValue} reads it. */
export function valueText(value: Json | undefined): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** A value as it was typed: a number, a list or a switch where it reads as one, else a word. */
export function readValue(typed: string): Json {
  const trimmed = typed.trim();
  try {
    // JSON.parse gives any JSON value, and nothing else.
    return JSON.parse(trimmed) as Json;
  } catch {
    return trimmed;
  }
}

type ValueFieldProps = {
  readonly label: string;
  readonly help?: string;
  readonly value: Json;
  /** What it goes back to; absent where it has no default. */
  readonly fallback?: Json;
  readonly isDefault: boolean;
  /** The undo label. */
  readonly change: Text;
  /** The reason why a value cannot be; null for one that can. */
  readonly refuse?: (value: Json) => string | null;
  readonly set: (value: Json, how: 'record' | 'merge') => void;
  readonly reset?: () => void;
  readonly problem?: string | undefined;
};

/** A value of a block: its type is whatever the block's author gave it, so it is typed as it is written. */
export function ValueField(props: ValueFieldProps) {
  const { label, help, value, fallback, isDefault, change, refuse, set, reset, problem } = props;
  const { t } = useText('inspector');
  const { project } = useSession();
  const take = (next: Json): string | null => {
    const reason = refuse?.(next) ?? null;
    if (reason === null) set(next, 'merge');
    return reason;
  };
  return (
    <ParsedInput
      label={label}
      text={valueText(value)}
      {...(help === undefined ? {} : { help })}
      onText={(typed) => take(readValue(typed))}
      {...(typeof value === 'number' ? { onStep: (steps: number) => void take(value + steps) } : {})}
      onGestureStart={() => project.beginGesture(change)}
      onGestureEnd={project.commitGesture}
      onGestureCancel={project.cancelGesture}
      problem={problem}
      isDefault={isDefault || reset === undefined}
      onReset={() => reset?.()}
      resetLabel={fill(t.reset, { name: label, value: valueText(fallback) })}
    />
  );
}

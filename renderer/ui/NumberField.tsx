import { NumberField as Base } from '@base-ui/react/number-field';
import { useId } from 'react';
import styles from './NumberField.module.css';
import { TextInput } from './TextInput';

export type NumberFieldProps = {
  readonly label: string;
  readonly value: number | null;
  readonly min?: number;
  readonly max?: number;
  /** What an arrow key or a pixel of scrubbing adds; Shift is ten times, Alt a tenth. */
  readonly step?: number;
  readonly isInteger?: boolean;
  readonly isDisabled?: boolean;
  /** A live value while scrubbing or typing: the owner captures it as 'merge' of a gesture. Never null, never out of range. */
  readonly onChange: (value: number) => void;
  /** A scrub begins: the owner opens its gesture. Typing and keys do not call this. */
  readonly onScrubStart?: () => void;
  /** The value is settled: the owner commits its gesture. */
  readonly onCommit?: () => void;
};

function inRange(value: number, min: number, max: number): boolean {
  return Number.isFinite(value) && value >= min && value <= max;
}

/** A number: typed, stepped with the arrow keys, or scrubbed by dragging its label. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, min = -Infinity, max = Infinity, step = 1, isInteger = false, onChange } = props;
  const id = useId();
  const change = (next: number | null): void => {
    if (next === null) return;
    const settled = isInteger ? Math.round(next) : next;
    if (inRange(settled, min, max) && settled !== value) onChange(settled);
  };
  return (
    <Base.Root
      id={id}
      className={styles['root']}
      value={value}
      step={step}
      smallStep={isInteger ? step : step / 10}
      largeStep={step * 10}
      locale="en-US"
      format={{ ...(isInteger ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 12 }), useGrouping: false }}
      disabled={props.isDisabled === true}
      onValueChange={change}
      onValueCommitted={() => props.onCommit?.()}
      {...(Number.isFinite(min) ? { min } : {})}
      {...(Number.isFinite(max) ? { max } : {})}
    >
      <Base.ScrubArea className={styles['scrub']} onPointerDown={() => props.onScrubStart?.()} pixelSensitivity={3}>
        <label htmlFor={id}>{label}</label>
      </Base.ScrubArea>
      <Base.Input render={<TextInput size="sm" isFigure />} />
    </Base.Root>
  );
}

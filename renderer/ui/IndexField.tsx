import { NumberField } from './NumberField';

type IndexFieldProps = {
  readonly label: string;
  /** From 0; people read it from 1. */
  readonly value: number;
  readonly count: number;
  readonly onChange: (value: number) => void;
};

/** Which of several things: a row, a channel, a sample. */
export function IndexField({ label, value, count, onChange }: IndexFieldProps) {
  return (
    <NumberField
      label={label}
      value={value + 1}
      min={1}
      max={count}
      isInteger
      onChange={(place) => onChange(place - 1)}
    />
  );
}

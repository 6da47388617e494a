import { z } from 'zod';
import { text, type Text } from '../text';

/** The numbers that a setting takes. The limits belong to it unless they are `open`. */
export type NumberRange = {
  readonly type: 'integer' | 'number';
  readonly min: number;
  readonly max: number;
  /** The limits that are themselves out of range: a learning rate above 0, a momentum below 1. */
  readonly open?: 'min' | 'max';
};

/** Whether a value is one of the range's numbers. */
export function isInRange(range: NumberRange, value: number): boolean {
  if (!Number.isFinite(value) || (range.type === 'integer' && !Number.isInteger(value))) return false;
  const isAbove = range.open === 'min' ? value > range.min : value >= range.min;
  const isBelow = range.open === 'max' ? value < range.max : value <= range.max;
  return isAbove && isBelow;
}

/** What a range takes, in words: 'a whole number from 1 to 100', 'a number above 0, up to 10', 'a number from 0 to below 1'. */
export function rangeText({ type, min, max, open }: NumberRange): Text {
  const kind = type === 'integer' ? text('a whole number', '整数') : text('a number', '数');
  if (open === 'min') return text(`${kind.en} above ${min}, up to ${max}`, `大于 ${min}、不超过 ${max} 的${kind.zh}`);
  if (open === 'max') return text(`${kind.en} from ${min} to below ${max}`, `${min} 到 ${max}（不含）的${kind.zh}`);
  return text(`${kind.en} from ${min} to ${max}`, `${min} 到 ${max} 的${kind.zh}`);
}

/** The range as a schema. */
export function rangeSchema(range: NumberRange): z.ZodType<number> {
  return z.number().refine((value) => isInRange(range, value), { error: `Expected ${rangeText(range).en}.` });
}

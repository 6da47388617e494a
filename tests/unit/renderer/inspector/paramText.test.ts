import { describe, expect, it } from 'vitest';
import { paramToText, parseParam, stepParam } from '../../../../renderer/inspector/paramText';
import type { Json } from '../../../../shared/schema/document';
import type { ParamField } from '../../../../shared/layers/define';
import { text } from '../../../../shared/text';

const base = { label: text('x', 'x'), doc: text('x', 'x') };
const integer: ParamField = { ...base, type: 'integer', min: 1, max: 100 };
const real: ParamField = { ...base, type: 'number', min: 0, max: 1 };
const size: ParamField = { ...base, type: 'size', min: 1, max: 64 };
const padding: ParamField = { ...base, type: 'padding', default: 'valid' };
const shape: ParamField = { ...base, type: 'shape' };
const numbers: ParamField = { ...base, type: 'numbers', min: -10, max: 10, default: 1 };
const order: ParamField = { ...base, type: 'order' };

/** Rows with the field's type in front, so that titles name it, and the field itself behind what they print. */
function named<R extends readonly unknown[]>(
  rows: readonly (readonly [ParamField, ...R])[],
): [string, ...R, ParamField][] {
  return rows.map(([field, ...rest]) => [field.type, ...rest, field]);
}

describe('reading what was typed', () => {
  it.each(
    named<[string, Json]>([
      [integer, '20', 20],
      [real, '0.5', 0.5],
      [real, '1e-3', 0.001],
      [size, '5', 5],
      [size, '5 × 5', 5],
      [size, '5x3', [5, 3]],
      [size, '5, 3', [5, 3]],
      [size, '[2 7]', [2, 7]],
      [padding, '1', 1],
      [padding, '1 2', [1, 2]],
      [padding, '1, 2, 3, 4', [1, 2, 3, 4]],
      [shape, '28 × 28 × 1', [28, 28, 1]],
      [shape, '? ? 3', [null, null, 3]],
      [shape, '784', [784]],
      [numbers, '0.5', 0.5],
      [numbers, '1, -2, 3', [1, -2, 3]],
      [order, '3 1 2', [3, 1, 2]],
    ]),
  )('%s takes "%s"', (_type, typed, value, field) => {
    expect(parseParam(field, typed)).toEqual({ ok: true, value });
  });

  it.each(
    named<[string, string]>([
      [integer, '', 'integer'],
      [integer, '2.5', 'integer'],
      [integer, 'ten', 'integer'],
      [integer, '0', 'range'],
      [integer, '101', 'range'],
      [real, 'Infinity', 'number'],
      [real, '2', 'range'],
      [size, '5 × 5 × 5', 'size'],
      [size, '5 ×', 'size'],
      [size, '0', 'range'],
      [padding, '-1', 'sides'],
      [padding, '1 2 3', 'sides'],
      [shape, '28 × 28', 'shape'],
      [shape, '0 × 28 × 1', 'shape'],
      [numbers, '1, eleven', 'number'],
      [numbers, '1, 11', 'range'],
      [order, '1 1 2', 'order'],
      [order, '', 'order'],
    ]),
  )('%s refuses "%s" and says %s', (_type, typed, reason, field) => {
    expect(parseParam(field, typed)).toEqual({ ok: false, reason });
  });
});

describe('showing a param', () => {
  it.each(
    named<[Json | undefined, string]>([
      [size, 5, '5 × 5'],
      [size, 1, '1'],
      [size, [5, 3], '5 × 3'],
      [padding, [1, 2, 3, 4], '1, 2, 3, 4'],
      [shape, [null, 28, 1], '? × 28 × 1'],
      [integer, undefined, ''],
      // What a file holds is never hidden, however wrong it is.
      [integer, 'many', 'many'],
      [size, { a: 1 }, '{"a":1}'],
    ]),
  )('%s shows %o as "%s"', (_type, value, shown, field) => {
    expect(paramToText(field, value)).toBe(shown);
  });

  it.each(
    named<[Json]>([
      [size, [5, 3]],
      [padding, [1, 2, 3, 4]],
      [shape, [null, 28, 1]],
    ]),
  )('%s reads back what it shows of %o', (_type, value, field) => {
    expect(parseParam(field, paramToText(field, value))).toEqual({ ok: true, value });
  });
});

describe('stepping a param', () => {
  it.each(
    named<[Json, number, Json | null]>([
      [integer, 20, 10, 30],
      [integer, 95, 10, 100],
      [integer, 2, -10, 1],
      [real, 0.001, 1, 0.0011],
      [real, 0.5, -1, 0.49],
      [size, 5, -1, 4],
      [size, [5, 3], 1, [6, 4]],
      [size, 1, -1, 1],
      [padding, 0, -1, 0],
      [shape, [28, 28, 1], 1, null],
      [integer, 'many', 1, null],
    ]),
  )('%s from %o by %i', (_type, value, steps, next, field) => {
    expect(stepParam(field, value, steps)).toEqual(next);
  });
});

import { field, numberLiteral, type Field, type Params, type PrintedCall } from '../code/calls';
import { tupleOf } from '../python/literals';
import type { HelperName } from './layers';

/** Padding of one axis. */
export type Sides = readonly [before: number, after: number];

/** Something that the project brings itself: a function, or a module. */
export function helper(
  name: HelperName,
  fields: readonly Field[],
  form: 'function' | 'layer' = 'function',
): PrintedCall {
  return { callee: name, fields, step: 'value', layer: name, ...(form === 'function' && { operation: true as const }) };
}

/** What `nnx` counts: the channels of an input, or those that a module gives. */
export function channelsIn(name: string, count: unknown): Field {
  return { ...field(name, numberLiteral(count)), channels: { of: 0 } };
}

/** What is said to a module whose weights stay. */
export function frozen(params: Params): Pick<PrintedCall, 'setup'> {
  return params['trainable'] === false ? { setup: ['freeze' satisfies HelperName] } : {};
}

/** The weights of a module by their names in it: Flax lays all of them out as Convloom does. */
export function held(
  weights: readonly string[],
  names: Readonly<Record<string, string>> = {},
): Pick<PrintedCall, 'weights' | 'places'> {
  return { weights, places: weights.map((weight) => ({ weight, name: names[weight] ?? weight, order: [] })) };
}

/** Padding as functions of windows take it: `((top, bottom), (left, right))`. */
export function pairsLiteral(sides: readonly Sides[]): string {
  return tupleOf(sides.map((ends) => tupleOf(ends.map(String))));
}

/** Padding as modules with kernels take it, as short as they allow. */
export function sidesLiteral(sides: readonly Sides[]): string {
  const isEven = sides.every(([before, after]) => before === after);
  const [[height] = [0], [width] = [0]] = sides;
  if (!isEven) return pairsLiteral(sides);
  return height === width ? String(height) : tupleOf([String(height), String(width)]);
}

import { addMismatch, mergeRankMismatch } from '../diagnostics/catalog/layers';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import type { OpBuilder, Operand, Value } from '../ops/builder';
import { formatShape, type Text } from '../text';
import type { Shape } from './define';

/*
 * How layers that work value by value bring their inputs to one shape. Stricter than NumPy: a map stretches over all positions (`1×1×c`)
 * or over all channels (`h×w×1`), a list stands for its channels at every position, and nothing stretches along one side alone.
 */

/** The shape that all inputs are brought to, or which of them does not fit. `layer` is what the message calls the layer. */
export function broadcastInputs(nodeId: string, layer: Text, inputs: readonly Shape[]): Result<Shape> {
  const [first = [], ...others] = inputs;
  let result = first;
  for (const [index, other] of others.entries()) {
    const joined = joinShapes(result, other);
    if (joined === null) {
      const shown = [formatShape(first), formatShape(other)] as const;
      return failure(
        other.length === result.length
          ? addMismatch(nodeId, index + 1, layer, ...shown)
          : mergeRankMismatch(nodeId, index + 1, ...shown),
      );
    }
    result = joined;
  }
  return success(result);
}

/** The one shape of inputs that must all be equal. */
export function equalInputs(nodeId: string, layer: Text, inputs: readonly Shape[]): Result<Shape> {
  const [first = [], ...others] = inputs;
  let result = first;
  for (const [index, other] of others.entries()) {
    const shown = [formatShape(first), formatShape(other)] as const;
    if (other.length !== result.length) return failure(mergeRankMismatch(nodeId, index + 1, ...shown));
    const joined = joinEqual(result, other);
    if (joined === null) return failure(addMismatch(nodeId, index + 1, layer, ...shown));
    result = joined;
  }
  return success(result);
}

function joinShapes(a: Shape, b: Shape): Shape | null {
  if (a.length === 1 && b.length === 1) return joinEqual(a, b);
  if (a.length === 1) return joinList(b, a);
  if (b.length === 1) return joinList(a, b);
  const positions = stretch(a.slice(0, 2), b.slice(0, 2));
  const channels = stretch(a.slice(2), b.slice(2));
  return positions === null || channels === null ? null : [...positions, ...channels];
}

function joinList(map: Shape, list: Shape): Shape | null {
  const channels = joinEqual(map.slice(2), list);
  return channels === null ? null : [...map.slice(0, 2), ...channels];
}

/** What both are where they are equal; an open size is what the other is. */
function joinEqual(a: Shape, b: Shape): Shape | null {
  if (a.some((size, axis) => size !== null && b[axis] !== null && size !== b[axis])) return null;
  return a.map((size, axis) => size ?? b[axis] ?? null);
}

/** As {@link joinEqual}, or the other where one of both is 1 along all of these axes. */
function stretch(a: Shape, b: Shape): Shape | null {
  const same = joinEqual(a, b);
  // A 1 beside an open size may yet be stretched over it.
  if (same !== null) return same.map((size, axis) => (size === 1 && a[axis] !== b[axis] ? null : size));
  return b.every(couldBeOne) ? a : a.every(couldBeOne) ? b : null;
}

function couldBeOne(size: number | null): boolean {
  return size === null || size === 1;
}

/** Folds values with an elementwise op: a list becomes a map of one position first, so that its channels meet channels. */
export function foldInputs(
  ops: OpBuilder,
  inputs: readonly Value[],
  combine: (a: Operand, b: Operand) => Value,
): Value {
  const rank = Math.max(...inputs.map(({ shape }) => shape.length));
  const [first, ...others] = inputs.map((value) => {
    const [batch = 'batch', channels = 1] = value.shape;
    return value.shape.length < rank ? ops.reshape(value, [batch, 1, 1, channels]) : value;
  });
  if (first === undefined) throw new Error('There is nothing to combine.');
  return others.reduce((result, value) => combine(result, value), first);
}

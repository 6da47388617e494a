import type { OpBuilder, Value } from '../ops/builder';
import { mapSize } from './values';

/** How many rows or columns are put before and after an axis. */
type Sides = readonly [before: number, after: number];

/** An axis of a value `[batch, height, width, channels]`. */
export type MapAxis = 1 | 2;

/** Puts what `part` makes for each end around an axis; an end of no rows is left as it is. */
function surround(
  ops: OpBuilder,
  x: Value,
  axis: MapAxis,
  sides: Sides,
  part: (side: 'before' | 'after', count: number) => Value,
): Value {
  const [before, after] = sides;
  const parts = [...(before > 0 ? [part('before', before)] : []), x, ...(after > 0 ? [part('after', after)] : [])];
  return parts.length === 1 ? x : ops.concat(parts, axis);
}

function rows(ops: OpBuilder, x: Value, axis: MapAxis, begin: number, count: number): Value {
  return ops.slice(x, [0, 0, 0, 0].with(axis, begin), [-1, -1, -1, -1].with(axis, count));
}

/** Rows or columns of one number, which may be so large or so small that adding it to a map would lose the map. */
export function constantBorder(ops: OpBuilder, x: Value, axis: MapAxis, sides: Sides, value: number): Value {
  if (value === 0) {
    const none = [0, 0] as const;
    return ops.pad(x, axis === 1 ? [none, sides, none, none] : [none, none, sides, none]);
  }
  return surround(ops, x, axis, sides, (_, count) =>
    ops.broadcastTo(ops.constant([value], []), x.shape.with(axis, count)),
  );
}

/** Mirrors both ends of an axis; the edge value itself is not repeated. */
export function mirrorBorder(ops: OpBuilder, x: Value, axis: MapAxis, sides: Sides): Value {
  const length = mapSize(x)[axis - 1] ?? 0;
  return surround(ops, x, axis, sides, (side, count) =>
    ops.reverse(rows(ops, x, axis, side === 'before' ? 1 : length - 1 - count, count), [axis]),
  );
}

/** Repeats the first and the last row or column. */
export function edgeBorder(ops: OpBuilder, x: Value, axis: MapAxis, sides: Sides): Value {
  const length = mapSize(x)[axis - 1] ?? 0;
  return surround(ops, x, axis, sides, (side, count) =>
    ops.broadcastTo(rows(ops, x, axis, side === 'before' ? 0 : length - 1, 1), x.shape.with(axis, count)),
  );
}

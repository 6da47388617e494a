import type { OpBuilder, Value } from '../ops/builder';
import type { PoolAttributes } from '../ops/graph';
import { paddingAfter, resolvePadding, windowSpan, type WindowAxis } from './arithmetic';
import { constantBorder } from './border';
import { mapSize } from './values';

/** What a pool keeps of the windows of a map, and where those lie. */
export type Pooling = {
  readonly mode: 'max' | 'avg' | 'l2' | 'sum';
  readonly axes: readonly [height: WindowAxis, width: WindowAxis];
  /** How many windows there are along each axis. */
  readonly counts: readonly [number, number];
  readonly countIncludePad: boolean;
};

/**
 * Added under the root of L2 pooling: the slope of a root at 0 is infinite, and a window of zeros (common behind ReLU) would
 * make the gradient NaN. In float32 it changes no sum above 1e-5.
 */
const l2Epsilon = 1e-12;

/** The most negative float32: it wins no maximum, and unlike minus infinity stays a number when it is multiplied by zero. */
export const lowest = -3.4028234663852886e38;

/** A pool as primitive ops. */
export function lowerPooling(ops: OpBuilder, x: Value, pooling: Pooling): Value {
  const [height, width] = pooling.axes;
  const area = height.size * width.size;
  const mean = (value: Value): Value => windows(ops, value, pooling, 'avgPool');
  switch (pooling.mode) {
    case 'max':
      return windows(ops, x, pooling, 'maxPool');
    case 'sum':
      return ops.mul(mean(x), area);
    case 'l2':
      return ops.unary('sqrt', ops.add(ops.mul(mean(ops.unary('square', x)), area), l2Epsilon));
    case 'avg': {
      // avgPool divides by the whole window; where part of it does not count, what counts is less.
      const shares = coverage(pooling);
      const [rows, columns] = pooling.counts;
      return shares.every((share) => share === 1)
        ? mean(x)
        : ops.mul(mean(x), ops.constant(shares, [1, rows, columns, 1]));
    }
  }
}

/** The largest value, or the sum over the window's area, of each window. */
function windows(ops: OpBuilder, x: Value, { axes, counts }: Pooling, op: 'maxPool' | 'avgPool'): Value {
  const [height, width] = axes;
  if (height.dilation === 1 && width.dilation === 1) {
    const [top] = resolvePadding(height) ?? [0];
    const [left] = resolvePadding(width) ?? [0];
    return ops[op](x, {
      size: [height.size, width.size],
      strides: [height.stride, width.stride],
      pads: [top, paddingAfter(height, counts[0]), left, paddingAfter(width, counts[1])],
    });
  }
  const tall = spacedWindows(ops, x, height, counts[0], op);
  return ops.transpose(spacedWindows(ops, ops.transpose(tall, turn), width, counts[1], op), turn);
}

/**
 * Windows with gaps along the height. Every d-th value is a neighbour where d values lie beside each other as channels do, so that a
 * plain window over those is one with gaps; of all its places, every stride-th is kept.
 */
function spacedWindows(ops: OpBuilder, x: Value, axis: WindowAxis, count: number, op: 'maxPool' | 'avgPool'): Value {
  const [length, across, channels] = mapSize(x);
  const { dilation, size, stride } = axis;
  const [before] = resolvePadding(axis) ?? [0];
  const needed = Math.max(before + length, (count - 1) * stride + windowSpan(size, dilation));
  const rows = Math.ceil(needed / dilation);
  const sides = [before, rows * dilation - before - length] as const;
  const padded = constantBorder(ops, x, 1, sides, op === 'maxPool' ? lowest : 0);
  const apart = ops.reshape(padded, ['batch', rows, 1, dilation * across * channels]);
  const pooled = ops[op](apart, plainWindow([size, 1], [1, 1]));
  const together = ops.reshape(pooled, ['batch', (rows - size + 1) * dilation, across, channels]);
  const kept = stride === 1 ? together : ops.maxPool(together, plainWindow([1, 1], [stride, 1]));
  return ops.slice(kept, [0, 0, 0, 0], [-1, count, -1, -1]);
}

/** Height and width change places. */
const turn = [0, 2, 1, 3] as const;

function plainWindow(size: PoolAttributes['size'], strides: PoolAttributes['strides']): PoolAttributes {
  return { size, strides, pads: [0, 0, 0, 0] };
}

/** Window area over the number of values in it that count, per position, row-major. */
export function coverage({ axes, counts, countIncludePad }: Pooling): number[] {
  const [rows = [], columns = []] = axes.map((axis, index) => {
    const [before, after] = countIncludePad ? (resolvePadding(axis) ?? [0, 0]) : [0, 0];
    return coveredCounts(axis, counts[index === 0 ? 0 : 1], [-before, (axis.length ?? 0) + after]);
  });
  const area = axes[0].size * axes[1].size;
  return rows.flatMap((row) => columns.map((column) => area / (row * column)));
}

/** How many of its values each window has within `[from, to)` along one axis, counted from the input's first value. */
export function coveredCounts(
  axis: WindowAxis,
  count: number,
  [from, to]: readonly [from: number, to: number],
): readonly number[] {
  const [before] = resolvePadding(axis) ?? [0];
  return Array.from({ length: count }, (_, index) => {
    const start = index * axis.stride - before;
    const first = Math.max(Math.ceil((from - start) / axis.dilation), 0);
    const behind = Math.min(Math.ceil((to - start) / axis.dilation), axis.size);
    return Math.max(behind - first, 0);
  });
}

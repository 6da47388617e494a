import type { OpShape } from '../../../shared/ops/graph';

/**
 * How a value of rank 4 lies in memory. The op graph is channels last; ONNX's convolutions and pools want images as
 * `first` [n, c, h, w] and filters as `filter` [out, in, kh, kw]. Values of any other rank are always `last`, that is, as they are.
 */
export type Layout = 'last' | 'first' | 'filter';

const orders: { readonly [L in Layout]: readonly number[] } = {
  last: [0, 1, 2, 3],
  first: [0, 3, 1, 2],
  filter: [3, 2, 0, 1],
};

/** For each axis in memory, which axis of the op graph lies there. */
export function axesInMemory(rank: number, layout: Layout): readonly number[] {
  return rank === 4 ? orders[layout] : Array.from({ length: rank }, (_, axis) => axis);
}

/** Where an axis of the op graph lies in memory. */
export function axisInMemory(axis: number, rank: number, layout: Layout): number {
  return axesInMemory(rank, layout).indexOf(axis);
}

/** Values given per axis of the op graph, in the order in memory. */
export function inMemoryOrder<T>(perAxis: readonly T[], layout: Layout): readonly T[] {
  return axesInMemory(perAxis.length, layout).flatMap((axis) => {
    const value = perAxis[axis];
    return value === undefined ? [] : [value];
  });
}

/** The permutation that brings `from` to `to`, as ONNX's Transpose takes it. */
export function permutation(rank: number, from: Layout, to: Layout): readonly number[] {
  const source = axesInMemory(rank, from);
  return axesInMemory(rank, to).map((axis) => source.indexOf(axis));
}

/** Whether going from one layout to the other moves nothing: the axes that are longer than 1 keep their order. */
export function isSameInMemory(shape: OpShape, from: Layout, to: Layout): boolean {
  const long = (layout: Layout): string =>
    axesInMemory(shape.length, layout)
      .filter((axis) => shape[axis] !== 1)
      .join();
  return long(from) === long(to);
}

/** A shape as ONNX's Reshape takes it: the batch stays what it is on axis 0. */
export function reshapeTarget(shape: OpShape): readonly number[] {
  return shape.map((size, axis) => {
    if (size !== 'batch') return size;
    if (axis !== 0) throw new Error('ONNX: the batch must be on axis 0.');
    return 0;
  });
}

/** A size that is known when a network is lowered. */
export function known(shape: OpShape, axis: number): number {
  const size = shape[axis];
  if (typeof size !== 'number') throw new Error(`ONNX: axis ${axis} must have a known size.`);
  return size;
}

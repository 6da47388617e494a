/**
 * A dense float32 tensor in row-major order; what weights and step scalars are outside an engine. One that has `pieces` is still in its
 * file: `data` reads all of it anew, and the pieces give its values in their order, a few at a time.
 */
export type FloatTensor = {
  readonly dtype: 'float32';
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly pieces?: () => Iterable<Float32Array>;
};

/** Tensors by name. */
export type FloatTensors = { readonly [name: string]: FloatTensor };

/** A dense tensor in row-major order, as it goes into and comes out of an engine, a file, or a message. */
export type HostTensor =
  | FloatTensor
  | { readonly dtype: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: 'uint8'; readonly shape: readonly number[]; readonly data: Uint8Array };

export type TensorMap = { readonly [name: string]: HostTensor };

/** Values of a tensor: the product of its sizes, 1 for a scalar. `[28, 28, 3]` has 2,352. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Where the largest of `count` values stands, counted from `from`; the first of equal ones. Of class scores, the class that is given. */
export function indexOfLargest(values: ArrayLike<number>, from = 0, count = values.length - from): number {
  let best = 0;
  for (let at = 1; at < count; at++) if ((values[from + at] ?? 0) > (values[from + best] ?? 0)) best = at;
  return best;
}

/** One number as a tensor of rank 0. */
export function scalarTensor(value: number): FloatTensor {
  return { dtype: 'float32', shape: [], data: Float32Array.of(value) };
}

/** Zeros of a shape. */
export function zeroTensor(shape: readonly number[]): FloatTensor {
  return { dtype: 'float32', shape, data: new Float32Array(elementCount(shape)) };
}

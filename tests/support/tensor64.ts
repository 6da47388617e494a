import type { HostTensor } from '../../electron/engines/engine';
import type { DType } from '../../shared/ops/graph';

/** A tensor of doubles, row-major: what the reference interpreter computes with. */
export type Tensor64 = { readonly shape: readonly number[]; readonly data: Float64Array };

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function zeros(shape: readonly number[]): Tensor64 {
  return { shape, data: new Float64Array(sizeOf(shape)) };
}

/** Distance in `data` between neighbours along each axis. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** Every index of a shape in row-major order. */
export function* indicesOf(shape: readonly number[]): Generator<readonly number[]> {
  const strides = stridesOf(shape);
  const count = sizeOf(shape);
  for (let flat = 0; flat < count; flat++) {
    yield strides.map((stride, axis) => Math.floor(flat / stride) % shape[axis]!);
  }
}

export function flatIndex(shape: readonly number[], index: readonly number[]): number {
  let flat = 0;
  for (let axis = 0; axis < shape.length; axis++) flat = flat * shape[axis]! + index[axis]!;
  return flat;
}

/** Fills a shape from a function of the index, which is the same array each time. */
export function generate(shape: readonly number[], value: (index: readonly number[]) => number): Tensor64 {
  const result = zeros(shape);
  const index = shape.map(() => 0);
  for (let flat = 0; flat < result.data.length; flat++) {
    result.data[flat] = value(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return result;
}

export function at(tensor: Tensor64, index: readonly number[]): number {
  return tensor.data[flatIndex(tensor.shape, index)]!;
}

/** For an engine: the same numbers in the type that the program declares. */
export function toHostTensor({ shape, data }: Tensor64, dtype: DType): HostTensor {
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: Float32Array.from(data) };
    case 'int32':
      return { dtype, shape, data: Int32Array.from(data) };
    case 'uint8':
      return { dtype, shape, data: Uint8Array.from(data) };
  }
}

export function fromHostTensor({ shape, data }: HostTensor): Tensor64 {
  return { shape, data: Float64Array.from(data) };
}

import { elementCount, type FloatTensor } from '../../ops/tensor';
import { turnedTensor, withShape } from '../arranged';

/*
 * Caffe's weights have the outputs first and the channels before height and width; ours have them last.
 */

/** `[out, in, h, w]` as `[h, w, in, out]`, for kernels of convolutions and of their transposes. */
export function kernelLast(kernel: FloatTensor): FloatTensor {
  return turnedTensor(kernel, [2, 3, 1, 0]);
}

/** `[out, c·h·w]` as `[h·w·c, out]`, for a map that is read in the file's order; `[out, in]` as `[in, out]` where `map` is a list. */
export function rowsLast(
  matrix: FloatTensor,
  units: number,
  map: readonly number[],
  isTransposed = false,
): FloatTensor {
  const count = elementCount(map);
  const [height = 1, width = 1, channels = 1] = map.length === 3 ? map : [1, 1, count];
  const rows = isTransposed
    ? turnedTensor(withShape(matrix, [channels, height, width, units]), [1, 2, 0, 3])
    : turnedTensor(withShape(matrix, [units, channels, height, width]), [2, 3, 1, 0]);
  return withShape(rows, [count, units]);
}

/** What Caffe's `bilinear` filler gives: every pair of channels the same pyramid. */
export function bilinearKernel(height: number, width: number, inputs: number, outputs: number): FloatTensor {
  const factor = Math.ceil(width / 2);
  const center = (width - 1) / (2 * factor);
  const data = new Float32Array(height * width * inputs * outputs);
  const slope = (at: number): number => 1 - Math.abs(at / factor - center);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const start = (y * width + x) * inputs * outputs;
      data.fill(slope(y) * slope(x), start, start + inputs * outputs);
    }
  }
  return { dtype: 'float32', shape: [height, width, inputs, outputs], data };
}

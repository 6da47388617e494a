import { elementCount, type FloatTensor } from '../../ops/tensor';

/*
 * Caffe's weights have the outputs first and the channels before height and width; ours have them last.
 */

/** `[out, in, h, w]` as `[h, w, in, out]`, for kernels of convolutions and of their transposes. */
export function kernelLast({
  shape: [outputs = 1, inputs = 1, height = 1, width = 1],
  data,
}: FloatTensor): FloatTensor {
  const turned = new Float32Array(data.length);
  let to = 0;
  for (let place = 0; place < height * width; place++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        turned[to++] = data[(output * inputs + input) * height * width + place] ?? 0;
      }
    }
  }
  return { dtype: 'float32', shape: [height, width, inputs, outputs], data: turned };
}

/** `[out, c·h·w]` as `[h·w·c, out]`, for a map that is read in the file's order; `[out, in]` as `[in, out]` where `map` is a list. */
export function rowsLast(data: Float32Array, units: number, map: readonly number[], isTransposed = false): FloatTensor {
  const count = elementCount(map);
  const [height = 1, width = 1, channels = 1] = map.length === 3 ? map : [1, 1, count];
  const turned = new Float32Array(data.length);
  let to = 0;
  for (let place = 0; place < height * width; place++) {
    for (let channel = 0; channel < channels; channel++) {
      const row = channel * height * width + place;
      for (let unit = 0; unit < units; unit++) {
        turned[to++] = data[isTransposed ? row * units + unit : unit * count + row] ?? 0;
      }
    }
  }
  return { dtype: 'float32', shape: [count, units], data: turned };
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

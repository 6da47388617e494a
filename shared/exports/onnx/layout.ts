import type { FloatTensor } from '../../ops/tensor';
import { elementCount } from '../../ops/tensor';

/*
 * ONNX is channels first: a map is `[batch, channels, height, width]`, a kernel `[out, in, height, width]`. Ours are channels last.
 */

/** Axes of ours, in the order of ONNX. `bare` map: one without a batch. */
export const axisOrders = {
  map: [0, 3, 1, 2],
  bareMap: [2, 0, 1],
  kernel: [3, 2, 0, 1],
  /** An fc kernel as `[height, width, channels, units]`. */
  rows: [2, 0, 1, 3],
  mapBack: [0, 2, 3, 1],
} as const;

/** Values with their axes in another order: axis i of the result is axis `order[i]`. A copy, unless nothing moves. */
export function permuted(data: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const long = order.filter((axis) => shape[axis] !== 1);
  if (long.every((axis, place) => place === 0 || axis > (long[place - 1] ?? 0))) return data;
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const sizes = order.map((axis) => shape[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 1);
  const result = new Float32Array(data.length);
  // What stays last lies together, and is copied as one piece.
  const isLastKept = order.at(-1) === shape.length - 1;
  const run = isLastKept ? (shape.at(-1) ?? 1) : 1;
  const outer = isLastKept ? sizes.slice(0, -1) : sizes;
  const place = outer.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to += run) {
    if (run === 1) result[to] = data[from] ?? 0;
    else result.set(data.subarray(from, from + run), to);
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const next = (place[axis] ?? 0) + 1;
      from += steps[axis] ?? 0;
      if (next < (outer[axis] ?? 1)) {
        place[axis] = next;
        break;
      }
      place[axis] = 0;
      from -= next * (steps[axis] ?? 0);
    }
  }
  return result;
}

function reordered({ dtype, shape, data }: FloatTensor, order: readonly number[]): FloatTensor {
  if (shape.length !== order.length) return { dtype, shape, data };
  return { dtype, shape: order.map((axis) => shape[axis] ?? 1), data: permuted(data, shape, order) };
}

/** A batch of maps as ONNX has it; of lists as it is. */
export function toChannelsFirst(tensor: FloatTensor): FloatTensor {
  return reordered(tensor, axisOrders.map);
}

/** The way back. */
export function toChannelsLast(tensor: FloatTensor): FloatTensor {
  return reordered(tensor, axisOrders.mapBack);
}

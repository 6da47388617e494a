import type { HostTensor } from '../engine';
import type { Place } from './storage';

/** A variable's data as its place holds it: filters from [kh, kw, in, out] to [out, in, kh, kw], Adam's slots scaled. */
export function intoKept(tensor: HostTensor, { layout, scale }: Place): HostTensor['data'] {
  if (tensor.dtype !== 'float32') return tensor.data;
  const ordered = layout === 'filter' ? inOrder(tensor.data, tensor.shape, 'intoKept') : tensor.data;
  return scale === 1 ? ordered : ordered.map((value) => value * scale);
}

/** The way back from {@link intoKept}; the shape is the op graph's. The data is a copy. */
export function fromKept(tensor: HostTensor, { layout, scale }: Place): HostTensor {
  if (tensor.dtype === 'int32') return { ...tensor, data: tensor.data.slice() };
  if (tensor.dtype === 'uint8') return { ...tensor, data: tensor.data.slice() };
  const data = layout === 'filter' ? inOrder(tensor.data, tensor.shape, 'fromKept') : tensor.data.slice();
  return { ...tensor, data: scale === 1 ? data : data.map((value) => value / scale) };
}

function inOrder(
  data: Float32Array,
  [height = 1, width = 1, channels = 1, filters = 1]: readonly number[],
  direction: 'intoKept' | 'fromKept',
): Float32Array<ArrayBuffer> {
  const taps = height * width;
  const result = new Float32Array(data.length);
  for (let tap = 0; tap < taps; tap++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let filter = 0; filter < filters; filter++) {
        const outside = (tap * channels + channel) * filters + filter;
        const kept = (filter * channels + channel) * taps + tap;
        if (direction === 'intoKept') result[kept] = data[outside] ?? 0;
        else result[outside] = data[kept] ?? 0;
      }
    }
  }
  return result;
}

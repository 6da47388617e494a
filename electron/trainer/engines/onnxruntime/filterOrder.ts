import type { HostTensor } from '../engine';
import type { Layout } from './layout';

/** [kh, kw, in, out] to [out, in, kh, kw]; anything that is not a filter stays as it is. */
export function intoKept(tensor: HostTensor, layout: Layout): HostTensor['data'] {
  if (layout !== 'filter' || tensor.dtype !== 'float32') return tensor.data;
  const [height = 1, width = 1, channels = 1, filters = 1] = tensor.shape;
  return rearranged(tensor.data, height * width, channels, filters, 'intoKept');
}

/** The way back from {@link intoKept}; the shape is the op graph's. The data is a copy. */
export function fromKept(tensor: HostTensor, layout: Layout): HostTensor {
  if (tensor.dtype === 'int32') return { ...tensor, data: tensor.data.slice() };
  if (tensor.dtype === 'uint8') return { ...tensor, data: tensor.data.slice() };
  if (layout !== 'filter') return { ...tensor, data: tensor.data.slice() };
  const [height = 1, width = 1, channels = 1, filters = 1] = tensor.shape;
  return { ...tensor, data: rearranged(tensor.data, height * width, channels, filters, 'fromKept') };
}

function rearranged(
  data: Float32Array,
  taps: number,
  channels: number,
  filters: number,
  direction: 'intoKept' | 'fromKept',
): Float32Array<ArrayBuffer> {
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

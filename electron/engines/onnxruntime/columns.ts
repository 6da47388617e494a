import type { ConvAttributes, OpShape } from '../../../shared/ops/graph';
import type { FusedLinear } from './fusion';
import { known } from './layout';
import type { Values } from './values';

/** A convolution as its window sees it: `[height, width]` of the filter, and of the result. */
type Window = ConvAttributes & { readonly filterSize: readonly number[]; readonly outSize: readonly number[] };

/** Up to this many pixels, laying out the columns costs less than it saves; at 64 the two are even. */
const fewPixels = 16;

/**
 * ONNX Runtime convolves image by image, each a matrix product with the whole filter. Where an image has a few pixels, that reads the
 * filter once for a handful of columns; here the columns of all images are multiplied at once. ResNet-18's step on 64x64 takes 0.7 of
 * the time. WebGPU sends whole batches through its own, and lacks the Col2Im of the way back.
 */
export function takesColumns({ graph }: Values, result: OpShape, groups: number): boolean {
  return graph.provider === 'cpu' && groups === 1 && known(result, 1) * known(result, 2) <= fewPixels;
}

export function windowOf(filter: OpShape, result: OpShape, attributes: ConvAttributes): Window {
  return {
    ...attributes,
    filterSize: [known(filter, 0), known(filter, 1)],
    outSize: [known(result, 1), known(result, 2)],
  };
}

/** `[channels, n * pixels]`: a row per channel through all images. */
function rows(values: Values, id: number): string {
  const { graph } = values;
  const byChannel = graph.transpose(values.name(id, 'first'), [1, 0, 2, 3]);
  return graph.reshape(byChannel, [known(values.shape(id), 3), -1]);
}

/** `[channels * taps, n * pixels of the result]`: for each tap of the filter the pixels of x under it. */
function columns(values: Values, x: number, { filterSize, outSize, pads, strides, dilations }: Window): string {
  const { graph } = values;
  const channels = known(values.shape(x), 3);
  const [top, bottom, left, right] = pads;
  const images = graph.pad(
    graph.transpose(values.name(x, 'first'), [1, 0, 2, 3]),
    [0, 0, top, left],
    [0, 0, bottom, right],
  );
  const [height = 1, width = 1] = filterSize;
  const cut = (from: string, axis: 0 | 1, tap: number): string => {
    const start = tap * dilations[axis];
    const end = start + ((outSize[axis] ?? 1) - 1) * strides[axis] + 1;
    return graph.slice(from, [axis + 2], [start], [end], [strides[axis]]);
  };
  const taps = Array.from({ length: height }, (_, row) => cut(images, 0, row)).flatMap((row) =>
    Array.from({ length: width }, (_, column) => graph.reshape(cut(row, 1, column), [channels, 1, -1])),
  );
  return graph.reshape(graph.concat(taps, 1), [channels * height * width, -1]);
}

/** `[n, filters, height, width]` = filter `[filters, channels * taps]` times columns, with what is fused to it. */
export function convolveColumns(
  values: Values,
  x: number,
  filter: number,
  { bias, relu }: FusedLinear,
  window: Window,
): string {
  const { graph } = values;
  const [height = 1, width = 1] = window.outSize;
  const filters = known(values.shape(filter), 3);
  const matrix = graph.reshape(values.name(filter, 'filter'), [filters, -1]);
  const inputs = [matrix, columns(values, x, window)];
  if (bias !== null) inputs.push(graph.reshape(values.name(bias), [filters, 1]));
  const product = graph.gemm(inputs, {}, relu);
  return graph.transpose(graph.reshape(product, [filters, -1, height, width]), [1, 0, 2, 3]);
}

/** dW `[filters, channels, height, width]` = dy `[filters, n * pixels]` times the columns, transposed. */
export function filterGradientByColumns(values: Values, x: number, dy: number, window: Window): string {
  const { graph } = values;
  const product = graph.node('Gemm', [rows(values, dy), columns(values, x, window)], { attributes: { transB: 1 } });
  return graph.reshape(product, [known(values.shape(dy), 3), known(values.shape(x), 3), ...window.filterSize]);
}

/** dx = the filter's taps times dy, each added where its column came from. */
export function inputGradientByColumns(
  values: Values,
  dy: number,
  filter: number,
  bias: readonly string[],
  inputSize: readonly number[],
  { filterSize, outSize, pads: [top, bottom, left, right], strides, dilations }: Window,
): string {
  const { graph } = values;
  const filters = known(values.shape(filter), 3);
  const pixels = (outSize[0] ?? 1) * (outSize[1] ?? 1);
  const matrix = graph.reshape(values.name(filter, 'filter'), [filters, -1]);
  const product = graph.node('Gemm', [rows(values, dy), matrix], { attributes: { transA: 1 } });
  const byImage = graph.transpose(
    graph.reshape(product, [-1, pixels, (filterSize[0] ?? 1) * (filterSize[1] ?? 1) * known(values.shape(filter), 2)]),
    [0, 2, 1],
  );
  const sums = graph.node('Col2Im', [byImage, graph.int64s(inputSize), graph.int64s(filterSize)], {
    attributes: { pads: [top, left, bottom, right], strides, dilations },
  });
  const [add] = bias;
  return add === undefined ? sums : graph.node('Add', [sums, graph.reshape(add, [-1, 1, 1])]);
}

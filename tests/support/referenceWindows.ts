import type { ConvAttributes, OpNode, PoolAttributes } from '../../shared/ops/graph';
import { flatIndex, zeros } from './tensor64';
import type { Tensor64 } from './tensor64';

type Visit = (xIndex: number, filterIndex: number, yIndex: number) => void;
type ConvolutionNode = Extract<OpNode, { op: 'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad' }>;
type PoolingNode = Extract<OpNode, { op: 'maxPool' | 'maxPoolGrad' | 'avgPool' | 'avgPoolGrad' }>;

/** Visits every product of a convolution: y[n, oy, ox, f] += x[n, oy s + ky d - pad, ..., c] * filter[ky, kx, c in group, f]. */
function forEachProduct(
  x: readonly number[],
  filter: readonly number[],
  y: readonly number[],
  { strides, pads, dilations, groups }: ConvAttributes,
  visit: Visit,
): void {
  const [batch, outHeight, outWidth, filters] = y as [number, number, number, number];
  const [filterHeight, filterWidth, channels] = filter as [number, number, number];
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let f = 0; f < filters; f++)
          for (let ky = 0; ky < filterHeight; ky++)
            for (let kx = 0; kx < filterWidth; kx++) {
              const row = oy * strides[0] + ky * dilations[0] - pads[0];
              const column = ox * strides[1] + kx * dilations[1] - pads[2];
              if (row < 0 || row >= x[1]! || column < 0 || column >= x[2]!) continue;
              const group = Math.floor(f / (filters / groups));
              const xIndex = flatIndex(x, [n, row, column, group * channels]);
              const filterIndex = flatIndex(filter, [ky, kx, 0, f]);
              const yIndex = flatIndex(y, [n, oy, ox, f]);
              for (let c = 0; c < channels; c++) visit(xIndex + c, filterIndex + c * filters, yIndex);
            }
}

export function evaluateConvolution(
  node: ConvolutionNode,
  a: Tensor64,
  b: Tensor64,
  shape: readonly number[],
): Tensor64 {
  const result = zeros(shape);
  const { data } = result;
  switch (node.op) {
    case 'conv2d':
      forEachProduct(a.shape, b.shape, shape, node, (x, w, y) => (data[y]! += a.data[x]! * b.data[w]!));
      return result;
    case 'conv2dInputGrad':
      forEachProduct(shape, b.shape, a.shape, node, (x, w, y) => (data[x]! += a.data[y]! * b.data[w]!));
      return result;
    case 'conv2dFilterGrad':
      forEachProduct(a.shape, shape, b.shape, node, (x, w, y) => (data[w]! += a.data[x]! * b.data[y]!));
      return result;
  }
}

/** Visits every pooling window: its place in y, and the places in x under it in row-major order. */
function forEachWindow(
  x: readonly number[],
  y: readonly number[],
  { size, strides, pads }: PoolAttributes,
  visit: (yIndex: number, xIndices: readonly number[]) => void,
): void {
  const [batch, outHeight, outWidth, channels] = y as [number, number, number, number];
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let c = 0; c < channels; c++) {
          const under: number[] = [];
          for (let ky = 0; ky < size[0]; ky++)
            for (let kx = 0; kx < size[1]; kx++) {
              const row = oy * strides[0] + ky - pads[0];
              const column = ox * strides[1] + kx - pads[2];
              if (row >= 0 && row < x[1]! && column >= 0 && column < x[2]!)
                under.push(flatIndex(x, [n, row, column, c]));
            }
          visit(flatIndex(y, [n, oy, ox, c]), under);
        }
}

export function evaluatePooling(node: PoolingNode, inputs: readonly Tensor64[], shape: readonly number[]): Tensor64 {
  const [a, , c] = inputs as readonly [Tensor64, Tensor64, Tensor64];
  const result = zeros(shape);
  const { data } = result;
  const area = node.size[0] * node.size[1];
  const firstMax = (under: readonly number[]) =>
    under.reduce((best, place) => (a.data[place]! > a.data[best]! ? place : best), under[0]!);
  switch (node.op) {
    case 'maxPool':
      forEachWindow(a.shape, shape, node, (y, under) => (data[y] = a.data[firstMax(under)]!));
      return result;
    case 'maxPoolGrad':
      forEachWindow(shape, c.shape, node, (y, under) => (data[firstMax(under)]! += c.data[y]!));
      return result;
    case 'avgPool':
      forEachWindow(a.shape, shape, node, (y, under) => {
        data[y] = under.reduce((sum, place) => sum + a.data[place]!, 0) / area;
      });
      return result;
    case 'avgPoolGrad':
      forEachWindow(shape, a.shape, node, (y, under) => under.forEach((place) => (data[place]! += a.data[y]! / area)));
      return result;
  }
}

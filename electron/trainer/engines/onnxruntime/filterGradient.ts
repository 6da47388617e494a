import type { OpNode } from '../../../../shared/ops/graph';
import { known } from './convolution';
import { microsoftDomain } from './onnxGraph';
import type { OnnxGraph } from './onnxGraph';
import type { Values } from './values';

type Node = Extract<OpNode, { op: 'conv2dFilterGrad' }>;

/** Sizes of one filter gradient. */
type Sizes = {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly filters: number;
};

/** From this many pixels on, one matrix product per image and a sum over images is faster than one product over all of them. */
const largePixels = 257;

/** Up to this much more work by multiplying with whole input rows, sharing the rows between taps is still faster. */
const largestRowOverhead = 1.2;

/** Fewer columns than this leave the matrix kernels half empty. */
const fewestColumns = 24;

/**
 * Gradient of a convolution to its filter, as matrix products over pixels: dW[tap] = sum over n, y, x of shift(x, tap) * dy.
 * ONNX has no op for it, and a Conv with swapped axes runs its kernels over huge windows: four times slower.
 */
export function emitFilterGradient(values: Values, id: number, node: Node): void {
  const [x = -1, dy = -1] = node.inputs;
  const shape = values.shape(x);
  const shapeOfDy = values.shape(dy);
  const sizes: Sizes = {
    height: known(shape, 1),
    width: known(shape, 2),
    channels: known(shape, 3),
    outHeight: known(shapeOfDy, 1),
    outWidth: known(shapeOfDy, 2),
    filters: known(shapeOfDy, 3),
  };
  const images = values.name(x, 'first');
  const gradients = values.name(dy, 'first');
  const { graph } = values;
  if (node.groups > 1) values.set(id, 'last', inGroups(graph, images, gradients, sizes, node));
  else if (isSeparable(sizes, node)) values.set(id, 'filter', separable(graph, images, gradients, sizes, node));
  else values.set(id, 'filter', fromTaps(graph, images, gradients, sizes, node));
}

/**
 * a [m, p] times b [n, p] transposed, where p runs over all pixels of all images. The images come as [n, rows, ...pixels]; `many` tells
 * whether they are brought to [rows, n, ...pixels] for one product, or multiplied one by one and summed.
 */
function overPixels(graph: OnnxGraph, a: string, b: string, rows: readonly [number, number], isLarge: boolean): string {
  const options = { attributes: { transB: 1 }, domain: microsoftDomain };
  if (!isLarge)
    return graph.node('FusedMatMul', [graph.reshape(a, [rows[0], -1]), graph.reshape(b, [rows[1], -1])], options);
  const perImage = graph.node(
    'FusedMatMul',
    [graph.reshape(a, [0, rows[0], -1]), graph.reshape(b, [0, rows[1], -1])],
    options,
  );
  return graph.reduceSum(perImage, [0], false);
}

/** Which of the two is laid out in several copies; where they are alike, dy, whose products need one turn less. */
function widensImages({ channels, filters }: Sizes): boolean {
  return channels < filters;
}

function isLargeImage({ outHeight, outWidth }: Sizes): boolean {
  return outHeight * outWidth >= largePixels;
}

function isSeparable(sizes: Sizes, node: Node): boolean {
  const { strides, dilations } = node;
  const [kernelHeight, kernelWidth] = node.filterSize;
  if (strides.some((stride) => stride !== 1) || kernelHeight * kernelWidth === 1) return false;
  const reach = [dilations[0] * (kernelHeight - 1), dilations[1] * (kernelWidth - 1)] as const;
  // A tap that sees nothing but padding would be cut to less than nothing.
  const seesImage =
    reach[0] - node.pads[0] < Math.min(sizes.height, sizes.outHeight) &&
    reach[1] - node.pads[2] < Math.min(sizes.width, sizes.outWidth) &&
    node.pads[0] < Math.min(sizes.height, sizes.outHeight) &&
    node.pads[2] < Math.min(sizes.width, sizes.outWidth);
  const rowOverhead = widensImages(sizes) ? sizes.height / sizes.outHeight : sizes.width / sizes.outWidth;
  return (
    seesImage &&
    rowOverhead <= largestRowOverhead &&
    kernelWidth * Math.min(sizes.channels, sizes.filters) >= fewestColumns
  );
}

/**
 * The taps split into a shift to the side and a shift up or down, one made on x and the other on dy: kw + kh shifted copies serve
 * kh * kw taps. A shift is one Pad with zeros on one side and a cut on the other. The copies to the side are laid one under the other,
 * so that one product serves a whole row of taps; that is twice the copying, hence on whichever of the two has fewer channels.
 */
function separable(graph: OnnxGraph, x: string, dy: string, sizes: Sizes, node: Node): string {
  const { height, width, channels, outHeight, outWidth, filters } = sizes;
  const [kernelHeight, kernelWidth] = node.filterSize;
  const isLarge = isLargeImage(sizes);
  const arranged = (images: string): string => (isLarge ? images : graph.transpose(images, [1, 0, 2, 3]));
  const widensX = widensImages(sizes);
  const [wide, other] = widensX ? [arranged(x), arranged(dy)] : [arranged(dy), arranged(x)];
  // A tap at `by` pairs x[p + by] with dy[p]; moving dy by -by instead of x by +by pairs the same pixels.
  const shifted = (images: string, axis: 2 | 3, by: number, isX: boolean, from: number, to: number): string => {
    const before = isX ? -by : by;
    const along = (size: number): readonly number[] => [0, 0, axis === 2 ? size : 0, axis === 3 ? size : 0];
    return graph.pad(images, along(before), along(to - from - before));
  };
  const [fromWidth, toWidth] = widensX ? [width, outWidth] : [outWidth, width];
  const [fromHeight, toHeight] = widensX ? [outHeight, height] : [height, outHeight];
  const sideways = Array.from({ length: kernelWidth }, (_, tap) =>
    shifted(wide, 3, tap * node.dilations[1] - node.pads[2], widensX, fromWidth, toWidth),
  );
  const columns = graph.concat(sideways, isLarge ? 1 : 0);
  const [wideCount, otherCount] = widensX ? [channels, filters] : [filters, channels];
  const products = Array.from({ length: kernelHeight }, (_, tap) => {
    const moved = shifted(other, 2, tap * node.dilations[0] - node.pads[0], !widensX, fromHeight, toHeight);
    return overPixels(graph, columns, moved, [kernelWidth * wideCount, otherCount], isLarge);
  });
  const taps = kernelHeight * kernelWidth;
  const stacked = graph.reshape(graph.concat(products, 0), [taps, wideCount, otherCount]);
  // Turned in two steps that each move one axis: ONNX Runtime's general Transpose is ten times slower.
  const filtersFirst = widensX ? graph.transpose(stacked, [0, 2, 1]) : stacked;
  const perTap = graph.reshape(filtersFirst, [taps, filters * channels]);
  return graph.reshape(graph.transpose(perTap, [1, 0]), [filters, channels, kernelHeight, kernelWidth]);
}

/** For every tap the pixels under it, `[n, c, outHeight, outWidth]` (or with the first two axes swapped, as `x` has them). */
function tapsOf(graph: OnnxGraph, x: string, sizes: Sizes, node: Node): readonly string[] {
  const [top, bottom, left, right] = node.pads;
  const padded = graph.pad(x, [0, 0, top, left], [0, 0, bottom, right]);
  const [kernelHeight, kernelWidth] = node.filterSize;
  return Array.from({ length: kernelHeight * kernelWidth }, (_, tap) => {
    const row = Math.floor(tap / kernelWidth) * node.dilations[0];
    const column = (tap % kernelWidth) * node.dilations[1];
    const isWhole =
      tap === 0 &&
      kernelHeight * kernelWidth === 1 &&
      sizes.height + top + bottom === sizes.outHeight &&
      sizes.width + left + right === sizes.outWidth;
    if (isWhole) return padded;
    const end = [
      row + (sizes.outHeight - 1) * node.strides[0] + 1,
      column + (sizes.outWidth - 1) * node.strides[1] + 1,
    ];
    return graph.slice(padded, [2, 3], [row, column], end, node.strides);
  });
}

/** Whether the taps are a rearrangement of the input's pixels, each used once. */
function isTiling(sizes: Sizes, { filterSize, strides, dilations, pads }: Node): boolean {
  const [size, width] = filterSize;
  return (
    size === width &&
    size > 1 &&
    strides.every((stride) => stride === size) &&
    dilations.every((dilation) => dilation === 1) &&
    pads.every((pad) => pad === 0) &&
    sizes.height === size * sizes.outHeight &&
    sizes.width === size * sizes.outWidth
  );
}

function fromTaps(graph: OnnxGraph, x: string, dy: string, sizes: Sizes, node: Node): string {
  const { channels, filters } = sizes;
  const [kernelHeight, kernelWidth] = node.filterSize;
  const taps = kernelHeight * kernelWidth;
  const isLarge = isLargeImage(sizes) || isTiling(sizes, node);
  const arranged = (images: string): string => (isLarge ? images : graph.transpose(images, [1, 0, 2, 3]));
  const columns = isTiling(sizes, node)
    ? graph.node('SpaceToDepth', [x], { attributes: { blocksize: kernelHeight } })
    : graph.concat(tapsOf(graph, arranged(x), sizes, node), isLarge ? 1 : 0);
  const product = overPixels(graph, arranged(dy), columns, [filters, taps * channels], isLarge);
  const perFilter = graph.transpose(graph.reshape(product, [filters, taps, channels]), [0, 2, 1]);
  return graph.reshape(perFilter, [filters, channels, kernelHeight, kernelWidth]);
}

function inGroups(graph: OnnxGraph, x: string, dy: string, sizes: Sizes, node: Node): string {
  const { groups } = node;
  const channels = sizes.channels / groups;
  const filters = sizes.filters / groups;
  const [kernelHeight, kernelWidth] = node.filterSize;
  const taps = tapsOf(graph, x, sizes, node).map((tap) => graph.reshape(tap, [0, groups, channels, -1]));
  const product = graph.node('FusedMatMul', [graph.concat(taps, 2), graph.reshape(dy, [0, groups, filters, -1])], {
    attributes: { transB: 1 },
    domain: microsoftDomain,
  });
  const perGroup = graph.reshape(graph.reduceSum(product, [0], false), [
    groups,
    kernelHeight,
    kernelWidth,
    channels,
    filters,
  ]);
  return graph.reshape(graph.transpose(perGroup, [1, 2, 3, 0, 4]), [
    kernelHeight,
    kernelWidth,
    channels,
    groups * filters,
  ]);
}

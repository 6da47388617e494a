import type { OpNode } from '../../../shared/ops/graph';
import { filterGradientByColumns, takesColumns } from './columns';
import { known } from './layout';
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
  if (takesColumns(values, shapeOfDy, node.groups)) {
    const window = { ...node, outSize: [sizes.outHeight, sizes.outWidth] };
    values.set(id, 'filter', filterGradientByColumns(values, x, dy, window));
    return;
  }
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
  if (!isLarge)
    return graph.matMul(graph.reshape(a, [rows[0], -1]), graph.reshape(b, [rows[1], -1]), [2, 2], false, true);
  const perImage = graph.matMul(
    graph.reshape(a, [0, rows[0], -1]),
    graph.reshape(b, [0, rows[1], -1]),
    [3, 3],
    false,
    true,
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
  return inKeptOrder(graph, products, widensX, sizes, node);
}

/** Products `[kw * c, filters]` (or, where x is not `first`, `[kw * filters, c]`) of each row of taps as `[filters, c, kh, kw]`. */
function inKeptOrder(graph: OnnxGraph, products: readonly string[], first: boolean, sizes: Sizes, node: Node): string {
  const { channels, filters } = sizes;
  const [kernelHeight, kernelWidth] = node.filterSize;
  const taps = kernelHeight * kernelWidth;
  const [wideCount, otherCount] = first ? [channels, filters] : [filters, channels];
  const stacked = graph.reshape(graph.concat(products, 0), [taps, wideCount, otherCount]);
  // Turned in two steps that each move one axis: ONNX Runtime's general Transpose is ten times slower.
  const filtersFirst = first ? graph.transpose(stacked, [0, 2, 1]) : stacked;
  const perTap = graph.reshape(filtersFirst, [taps, filters * channels]);
  return graph.reshape(graph.transpose(perTap, [1, 0]), [filters, channels, kernelHeight, kernelWidth]);
}

function paddedBy(graph: OnnxGraph, x: string, [top, bottom, left, right]: Node['pads']): string {
  return graph.pad(x, [0, 0, top, left], [0, 0, bottom, right]);
}

/** For each tap along axis 2 or 3 of padded images, the pixels under it: that axis becomes as long as the output's. */
function shiftsAlong(graph: OnnxGraph, axis: 2 | 3, images: string, sizes: Sizes, node: Node): readonly string[] {
  const [size, outSize] = axis === 2 ? [sizes.height, sizes.outHeight] : [sizes.width, sizes.outWidth];
  const [before, after] = axis === 2 ? [node.pads[0], node.pads[1]] : [node.pads[2], node.pads[3]];
  const stride = node.strides[axis - 2] ?? 1;
  const dilation = node.dilations[axis - 2] ?? 1;
  return Array.from({ length: node.filterSize[axis - 2] ?? 1 }, (_, tap) => {
    const start = tap * dilation;
    const end = start + (outSize - 1) * stride + 1;
    const isWhole = start === 0 && stride === 1 && end === before + size + after;
    return isWhole ? images : graph.slice(images, [axis], [start], [end], [stride]);
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

/**
 * Pixels under the taps, first cut along the width, where a cut moves single rows, and laid out for a whole row of taps; then along the
 * height, where it moves whole images.
 */
function fromTaps(graph: OnnxGraph, x: string, dy: string, sizes: Sizes, node: Node): string {
  const { channels, filters } = sizes;
  const [kernelHeight, kernelWidth] = node.filterSize;
  const taps = kernelHeight * kernelWidth;
  const isLarge = isLargeImage(sizes) || isTiling(sizes, node);
  const arranged = (images: string): string => (isLarge ? images : graph.transpose(images, [1, 0, 2, 3]));
  const gradients = arranged(dy);
  const rows = (): readonly string[] => {
    const sideways = shiftsAlong(graph, 3, paddedBy(graph, arranged(x), node.pads), sizes, node);
    return shiftsAlong(graph, 2, graph.concat(sideways, isLarge ? 1 : 0), sizes, node);
  };
  if (!isTiling(sizes, node) && kernelHeight > 1 && kernelWidth * Math.min(channels, filters) >= fewestColumns) {
    const products = rows().map((row) => overPixels(graph, row, gradients, [kernelWidth * channels, filters], isLarge));
    return inKeptOrder(graph, products, true, sizes, node);
  }
  const columns = isTiling(sizes, node)
    ? graph.spaceToDepth(x, [channels, sizes.height, sizes.width], kernelHeight)
    : graph.concat(rows(), isLarge ? 1 : 0);
  const product = overPixels(graph, gradients, columns, [filters, taps * channels], isLarge);
  const perFilter = graph.transpose(graph.reshape(product, [filters, taps, channels]), [0, 2, 1]);
  return graph.reshape(perFilter, [filters, channels, kernelHeight, kernelWidth]);
}

function inGroups(graph: OnnxGraph, x: string, dy: string, sizes: Sizes, node: Node): string {
  const { groups } = node;
  const channels = sizes.channels / groups;
  const filters = sizes.filters / groups;
  const [kernelHeight, kernelWidth] = node.filterSize;
  const taps = shiftsAlong(graph, 2, paddedBy(graph, x, node.pads), sizes, node)
    .flatMap((row) => shiftsAlong(graph, 3, row, sizes, node))
    .map((tap) => graph.reshape(tap, [0, groups, channels, -1]));
  const product = graph.matMul(graph.concat(taps, 2), graph.reshape(dy, [0, groups, filters, -1]), [4, 4], false, true);
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

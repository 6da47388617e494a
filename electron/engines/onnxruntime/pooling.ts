import type { OpNode, Pads, PoolAttributes } from '../../../shared/ops/graph';
import { known } from './layout';
import { isPoolOf } from './fusion';
import type { Attributes } from './onnxGraph';
import { emitMaxPoolGradientByTaps } from './poolingByTaps';
import type { Values } from './values';

type Node<Op extends OpNode['op']> = Extract<OpNode, { op: Op }>;

const noPads: Pads = [0, 0, 0, 0];

/** The smallest float32: what padding counts as under a maximum. */
const lowest = -3.4028234663852886e38;

/** ONNX Runtime refuses a pad as long as the window; such pads are made by a Pad before it. */
function needsOwnPad({ size, pads }: PoolAttributes): boolean {
  return Math.max(pads[0], pads[1]) >= size[0] || Math.max(pads[2], pads[3]) >= size[1];
}

function poolAttributes({ size, strides, pads }: PoolAttributes): Attributes {
  return { kernel_shape: size, strides, pads: [pads[0], pads[2], pads[1], pads[3]] };
}

function padded(values: Values, images: string, pads: Pads, value: number): string {
  return values.graph.pad(images, [0, 0, pads[0], pads[2]], [0, 0, pads[1], pads[3]], value);
}

/** Larger windows would be as many parts of few pixels each. */
const largestBlock = 3;

/** Whether every pixel lies under one small square window. */
function isTiling({ size, strides, pads }: PoolAttributes, height: number, width: number): boolean {
  const [block] = size;
  return (
    block <= largestBlock &&
    [...size, ...strides].every((length) => length === block) &&
    pads.every((pad) => pad === 0) &&
    height % block === 0 &&
    width % block === 0
  );
}

/**
 * Maxima of a tiling and where they are, by comparing whole images: one of each window's first pixels, one of its second pixels, and so
 * on. ONNX Runtime's MaxPool takes twice as long as this when it is asked for places, because it then goes pixel by pixel.
 */
function maximaOfTiling(values: Values, x: number, block: number): readonly string[] {
  const { graph } = values;
  const [batch = 1, height = 1, width = 1, channels = 1] = values.shape(x);
  const [h, w, c] = [known([height], 0), known([width], 0), known([channels], 0)];
  const blocks = graph.spaceToDepth(values.name(x, 'first'), [c, h, w], block);
  const pixels = graph.split(blocks, Array<number>(block ** 2).fill(c), 1);
  const y = graph.node('Max', pixels);
  // From the last pixel of the window to the first, so that the first of equals stays.
  const offset = (pixel: number): string => graph.scalar(Math.floor(pixel / block) * w + (pixel % block));
  const offsets = pixels.slice(0, -1).reduceRight(
    (later, pixel, index) => {
      const isLargest = graph.node('GreaterOrEqual', [pixel, y]);
      return graph.node('Where', [isLargest, offset(index), later]);
    },
    offset(pixels.length - 1),
  );
  const corners = Array.from({ length: (h * w) / block ** 2 }, (_, window) => {
    const [row, column] = [Math.floor(window / (w / block)), window % (w / block)];
    return block * (row * w + column);
  });
  const corner = graph.reshape(graph.int64s(corners), [h / block, w / block]);
  const count = graph.node('Mul', [values.shapeVector([batch]), graph.int64(c)]);
  const planes = graph.node('Range', [graph.int64(0), graph.node('Squeeze', [count]), graph.int64(1)]);
  const starts = graph.reshape(graph.node('Mul', [planes, graph.int64(h * w)]), [-1, c, 1, 1]);
  return [y, graph.node('Add', [graph.node('Add', [graph.cast(offsets, 'int64'), corner]), starts])];
}

/** Maxima, and on request where they are: flat places in the (possibly padded) input. */
function maxima(values: Values, x: number, node: PoolAttributes, outputs: 1 | 2): readonly string[] {
  const images = values.name(x, 'first');
  const shape = values.shape(x);
  if (outputs === 2 && isTiling(node, known(shape, 1), known(shape, 2))) return maximaOfTiling(values, x, node.size[0]);
  if (!needsOwnPad(node)) return values.graph.nodes('MaxPool', [images], outputs, { attributes: poolAttributes(node) });
  return values.graph.nodes('MaxPool', [padded(values, images, node.pads, lowest)], outputs, {
    attributes: poolAttributes({ ...node, pads: noPads }),
  });
}

export function emitMaxPool(values: Values, id: number, node: Node<'maxPool'>, keepsPlaces: boolean): void {
  const [x = -1] = node.inputs;
  const [y = ''] = maxima(values, x, node, keepsPlaces && values.graph.provider === 'cpu' ? 2 : 1);
  values.set(id, 'first', y);
}

/**
 * A MaxUnpool that is given places and shape has no use for the window, but refuses one from which it would work out a shape of
 * nothing, as it does where padding takes up an axis' only window.
 */
const ofPixels: Attributes = { kernel_shape: [1, 1], strides: [1, 1] };

/**
 * Sends each window's gradient to the place of its maximum, which ONNX Runtime finds in row-major order, the first of equals.
 * Windows that do not overlap hit every place at most once, so that MaxUnpool may write; others must add.
 */
export function emitMaxPoolGradient(values: Values, id: number, node: Node<'maxPoolGrad'>): void {
  if (values.graph.provider === 'webgpu') {
    emitMaxPoolGradientByTaps(values, id, node);
    return;
  }
  const [x = -1, y = -1, dy = -1] = node.inputs;
  const { graph } = values;
  const pool = values.node(y);
  const [, places = ''] = maxima(values, x, isPoolOf(pool, x, node) && pool.op === 'maxPool' ? pool : node, 2);
  const [batch = 1, height = 1, width = 1, channels = 1] = values.shape(x);
  const [top, bottom, left, right] = needsOwnPad(node) ? node.pads : noPads;
  const target = [known([height], 0) + top + bottom, known([width], 0) + left + right] as const;
  const shape = values.shapeVector([batch, channels, ...target]);
  const gradient = values.name(dy, 'first');
  const areDisjoint = node.strides[0] >= node.size[0] && node.strides[1] >= node.size[1];
  const spread = areDisjoint
    ? graph.node('MaxUnpool', [gradient, places, shape], { attributes: ofPixels })
    : scatterAdd(values, gradient, places, shape);
  values.set(id, 'first', graph.pad(spread, [0, 0, -top, -left], [0, 0, -bottom, -right]));
}

function scatterAdd(values: Values, gradient: string, places: string, shape: string): string {
  const { graph } = values;
  const count = graph.node('ReduceProd', [shape], { attributes: { keepdims: 1 } });
  const sums = graph.node(
    'ScatterElements',
    [graph.node('ConstantOfShape', [count]), graph.reshape(places, [-1]), graph.reshape(gradient, [-1])],
    { attributes: { axis: 0, reduction: 'add' } },
  );
  return graph.node('Reshape', [sums, shape]);
}

export function emitAvgPool(values: Values, id: number, node: Node<'avgPool'>): void {
  const [x = -1] = node.inputs;
  const images = values.name(x, 'first');
  const ownPad = needsOwnPad(node);
  const source = ownPad ? padded(values, images, node.pads, 0) : images;
  const attributes = { ...poolAttributes(ownPad ? { ...node, pads: noPads } : node), count_include_pad: 1 };
  values.set(id, 'first', values.graph.node('AveragePool', [source], { attributes }));
}

export function emitAvgPoolGradient(values: Values, id: number, node: Node<'avgPoolGrad'>): void {
  const [dy = -1] = node.inputs;
  const shape = values.shape(dy);
  const gradient = values.name(dy, 'first');
  const isTiling = [0, 1].every(
    (axis) =>
      node.strides[axis] === node.size[axis] &&
      known(shape, axis + 1) * (node.size[axis] ?? 0) === node.inputSize[axis] &&
      node.pads.every((pad) => pad === 0),
  );
  values.set(id, 'first', isTiling ? repeated(values, gradient, node) : spread(values, dy, gradient, node));
}

/** Every pixel over its own window. */
function repeated(values: Values, gradient: string, { size }: PoolAttributes): string {
  const { graph } = values;
  const share = graph.node('Div', [gradient, graph.scalar(size[0] * size[1])]);
  return graph.node('Resize', [share, '', graph.floats([1, 1, ...size], [4])], {
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  });
}

/** Overlapping windows: a transposed convolution of each channel with a constant window. */
function spread(values: Values, dy: number, gradient: string, node: Node<'avgPoolGrad'>): string {
  const { graph } = values;
  const { size, strides, pads, inputSize } = node;
  const shape = values.shape(dy);
  const channels = known(shape, 3);
  const window = new Float32Array(channels * size[0] * size[1]).fill(1 / (size[0] * size[1]));
  const missing = [0, 1].map((axis) => {
    const covered = (known(shape, axis + 1) - 1) * (strides[axis] ?? 1) + (size[axis] ?? 1);
    return (inputSize[axis] ?? 0) - (covered - (pads[2 * axis] ?? 0) - (pads[2 * axis + 1] ?? 0));
  });
  return graph.node('ConvTranspose', [gradient, graph.floats(window, [channels, 1, ...size])], {
    attributes: { ...poolAttributes(node), group: channels, output_padding: missing },
  });
}

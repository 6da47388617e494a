import { paramConflict } from '../diagnostics/catalog/params';
import { failure, success } from '../diagnostics/diagnostic';
import type { OpBuilder, Value } from '../ops/builder';
import { text } from '../text';
import { mapAt } from './checks';
import { defineLayer, type Size2 } from './define';
import { explainLine, number } from './explain';
import { maxLength } from './fields';
import { inputAt, mapSize } from './values';
import { sizeText } from './window';

const label = text('Upsample', '上采样');

export const upsample = defineLayer({
  kind: 'upsample',
  label,
  family: 'upconv',
  doc: text(
    'Makes a map larger without learning anything. Nearest repeats each value; bilinear blends between neighbours. Together with a convolution behind it, it does an up-conv’s work without the risk of a checkerboard.',
    '不经学习地放大特征图。最近邻重复每个数值，双线性在相邻数值间过渡。后面再接一层卷积就能完成上卷积的工作，而且不会产生棋盘格痕迹。',
  ),
  references: [
    {
      title: 'Odena, Dumoulin & Olah, Deconvolution and checkerboard artifacts',
      url: 'https://distill.pub/2016/deconv-checkerboard/',
    },
  ],
  params: {
    factor: {
      type: 'size',
      min: 1,
      max: 1024,
      optional: true,
      initial: 2,
      visible: ({ size }) => size === null || size === undefined,
      label: text('Factor', '倍数'),
      doc: text(
        'How many times larger the map becomes; 2 if neither this nor a size is given.',
        '放大的倍数；与大小都不填时为 2。',
      ),
    },
    size: {
      type: 'size',
      min: 1,
      max: maxLength,
      optional: true,
      label: text('Size', '大小'),
      doc: text('The wanted height and width, instead of a factor.', '想要的高和宽，用来代替倍数。'),
    },
    mode: {
      type: 'choice',
      values: ['nearest', 'bilinear'],
      labels: { nearest: text('Nearest', '最近邻'), bilinear: text('Bilinear', '双线性') },
      default: 'nearest',
      label: text('Mode', '方式'),
      doc: text('Whether values are repeated or blended.', '重复数值还是平滑过渡。'),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    isPointwise: false,
    enlarges: true,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'rect', x: 3, y: 15, width: 6, height: 6, radius: 1.2 },
      { shape: 'rect', x: 11, y: 3, width: 4.6, height: 4.6, radius: 1, opacity: 0.5 },
      { shape: 'rect', x: 16.4, y: 3, width: 4.6, height: 4.6, radius: 1, opacity: 0.5 },
      { shape: 'rect', x: 11, y: 8.4, width: 4.6, height: 4.6, radius: 1, opacity: 0.5 },
      { shape: 'rect', x: 16.4, y: 8.4, width: 4.6, height: 4.6, radius: 1, opacity: 0.5 },
    ],
  },
  synonyms: [
    'upsampling',
    'upsampling2d',
    'resize',
    'unpool',
    'unpooling',
    '反池化',
    '放大',
    { names: ['nearest', 'nearestneighbour', 'nearestneighbor', '最近邻插值'], params: { mode: 'nearest' } },
    { names: ['bilinear', 'interpolate', '双线性插值'], params: { mode: 'bilinear' } },
  ],
  sketch: ['factor'],
  caption: ({ factor, size, mode }) => {
    const by = factor ?? [2, 2];
    const words = size === null ? `×${by[0] === by[1] ? by[0] : sizeText(by)}` : `→ ${sizeText(size)}`;
    return mode === 'nearest'
      ? text(`${words}, nearest`, `${words}，最近邻`)
      : text(`${words}, bilinear`, `${words}，双线性`);
  },
  inferShape: (context) => {
    const { nodeId, params } = context;
    const map = mapAt(context, label);
    if (!map.ok) return map;
    if (params.factor !== null && params.size !== null) return failure(factorAndSize(nodeId));
    const [height, width, channels] = map.value;
    if (params.size !== null) return success([params.size[0], params.size[1], channels]);
    const [rows, columns] = params.factor ?? defaultFactor;
    return success([height === null ? null : height * rows, width === null ? null : width * columns, channels]);
  },
  explain: ({ params, inputs: [map = []], output }) => {
    const [rows, columns] = params.factor ?? defaultFactor;
    const sized = params.size !== null;
    return [
      explainLine(
        'shape',
        text('Height', '高'),
        sized ? 'b = size' : 'b = x·f',
        sized ? number(output[0] ?? null) : `${number(map[0] ?? null)}·${rows}`,
        output[0] ?? null,
      ),
      explainLine(
        'shape',
        text('Width', '宽'),
        sized ? 'b = size' : 'b = x·f',
        sized ? number(output[1] ?? null) : `${number(map[1] ?? null)}·${columns}`,
        output[1] ?? null,
      ),
    ];
  },
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ params, inputs: [map = []], output }) => {
    const rows = scaleOf(map[0] ?? null, output[0] ?? null, params.factor?.[0]);
    const columns = scaleOf(map[1] ?? null, output[1] ?? null, params.factor?.[1]);
    // Blending looks at two neighbours, repeating at one; nothing is blended where the size stays.
    const reach = (scale: number): number => (params.mode === 'bilinear' && scale !== 1 ? 2 : 1);
    return {
      size: [reach(rows), reach(columns)],
      stride: [1 / rows, 1 / columns],
      start: [(1 / rows - 1) / 2, (1 / columns - 1) / 2],
    };
  },
  lower: ({ params, output }, ops, inputs) => {
    const x = inputAt(inputs, 0);
    const [height, width, channels] = mapSize(x);
    const [toHeight, toWidth] = [output[0] ?? height, output[1] ?? width];
    if (toHeight === height && toWidth === width) return x;
    if (params.mode === 'nearest' && toHeight % height === 0 && toWidth % width === 0) {
      return repeat(ops, x, [height, width, channels], [toHeight / height, toWidth / width]);
    }
    const weightsOf = params.mode === 'nearest' ? nearestWeights : bilinearWeights;
    // Resizing is one matrix product per axis, so that its gradient is one too.
    const wide = width === toWidth ? x : resizeLast(ops, x, [0, 1, 3, 2], weightsOf(width, toWidth), [width, toWidth]);
    return height === toHeight
      ? wide
      : resizeLast(ops, wide, [0, 3, 2, 1], weightsOf(height, toHeight), [height, toHeight]);
  },
});

const defaultFactor: Size2 = [2, 2];

function scaleOf(from: number | null, to: number | null, factor: number | undefined): number {
  return from === null || to === null ? (factor ?? defaultFactor[0]) : to / from;
}

/** Repeats rows and columns by whole numbers, by broadcasting along new axes. */
function repeat(ops: OpBuilder, x: Value, size: readonly [number, number, number], times: Size2): Value {
  const [height, width, channels] = size;
  const rows = ops.broadcastTo(ops.reshape(x, ['batch', height, 1, width * channels]), [
    'batch',
    height,
    times[0],
    width * channels,
  ]);
  const tall = height * times[0];
  const columns = ops.broadcastTo(ops.reshape(rows, ['batch', tall * width, 1, channels]), [
    'batch',
    tall * width,
    times[1],
    channels,
  ]);
  return ops.reshape(columns, ['batch', tall, width * times[1], channels]);
}

/** Brings an axis last, multiplies it by `[from, to]` weights, and brings it back. `perm` is its own inverse. */
function resizeLast(ops: OpBuilder, x: Value, perm: readonly number[], weights: Float32Array, shape: Size2): Value {
  const resized = ops.matMul(ops.transpose(x, perm), ops.constant(weights, shape));
  return ops.transpose(resized, perm);
}

/**
 * Weights `[from, to]`, row-major, that pick the nearest value: output i takes input floor((i + 0.5) · from / to), the half-pixel
 * centres of TensorFlow 2 and Keras.
 */
function nearestWeights(from: number, to: number): Float32Array {
  const weights = new Float32Array(from * to);
  for (let i = 0; i < to; i++) weights[Math.floor(((2 * i + 1) * from) / (2 * to)) * to + i] = 1;
  return weights;
}

/**
 * Weights `[from, to]`, row-major, that blend two neighbours: output i lies at (i + 0.5) · from / to - 0.5, held inside the
 * input. That is Keras' bilinear and PyTorch's with align_corners=False.
 */
function bilinearWeights(from: number, to: number): Float32Array {
  const weights = new Float32Array(from * to);
  for (let i = 0; i < to; i++) {
    const at = Math.max(((i + 0.5) * from) / to - 0.5, 0);
    const low = Math.min(Math.floor(at), from - 1);
    const high = Math.min(low + 1, from - 1);
    const share = Math.min(at - low, 1);
    weights[low * to + i] = (weights[low * to + i] ?? 0) + 1 - share;
    weights[high * to + i] = (weights[high * to + i] ?? 0) + share;
  }
  return weights;
}

function factorAndSize(nodeId: string): ReturnType<typeof paramConflict> {
  const unset = (
    name: string,
  ): readonly [{ type: 'setParams'; id: string; params: Record<string, never>; unset: string[] }] => [
    { type: 'setParams', id: nodeId, params: {}, unset: [name] },
  ];
  return paramConflict(
    nodeId,
    'size',
    text(
      `“${nodeId}” has both a factor and a size; one of them decides.`,
      `“${nodeId}”同时给了倍数和大小，只能由其中一个决定。`,
    ),
    [
      { title: text('Keep the factor', '保留倍数'), edits: unset('size'), paramsDelta: 0 },
      { title: text('Keep the size', '保留大小'), edits: unset('factor'), paramsDelta: 0 },
    ],
  );
}

import { paramConflict } from '../diagnostics/catalog/params';
import { failure, success } from '../diagnostics/diagnostic';
import type { OpBuilder, Value } from '../ops/builder';
import { text } from '../text';
import { mapAt } from './checks';
import { defineLayer, type Size2 } from './define';
import { explainLine, number } from './explain';
import { maxLength } from './fields';
import {
  coordinateRules,
  reachOf,
  resizeModes,
  resizeAxis,
  resizeWeights,
  type Coordinates,
  type ResizeMode,
} from './resizing';
import { inputAt, mapSize } from './values';
import { sizeText } from './window';

const label = text('Upsample', '上采样');

export const upsample = defineLayer({
  kind: 'upsample',
  label,
  family: 'upconv',
  doc: text(
    'Makes a map larger without learning anything. Nearest repeats each value; bilinear blends between neighbours, bicubic along a smoother curve. Together with a convolution behind it, it does an up-conv’s work without the risk of a checkerboard.',
    '不经学习地放大特征图。最近邻重复每个数值，双线性在相邻数值间过渡，双三次沿更光滑的曲线过渡。后面再接一层卷积就能完成上卷积的工作，而且不会产生棋盘格痕迹。',
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
      values: ['nearest', 'bilinear', 'bicubic'],
      labels: resizeModes,
      default: 'nearest',
      label: text('Mode', '方式'),
      doc: text(
        'Whether values are repeated, blended between two neighbours, or along a smooth curve through four.',
        '重复数值、在相邻两值间过渡，还是沿经过四个值的光滑曲线过渡。',
      ),
    },
    coordinates: {
      type: 'choice',
      values: ['halfPixel', 'alignCorners', 'asymmetric'],
      labels: coordinateRules,
      default: 'halfPixel',
      label: text('Coordinates', '坐标'),
      doc: text(
        'How pixels of both sizes lie over each other: by their centres as Keras and PyTorch do, by their corners as older networks do, or from the top left.',
        '两种大小的像素如何对应：按像素中心（Keras、PyTorch 默认），按角点（较早的网络），或从左上角起。',
      ),
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
    'unpooling',
    '放大',
    { names: ['nearest', 'nearestneighbour', 'nearestneighbor', '最近邻插值'], params: { mode: 'nearest' } },
    { names: ['bilinear', 'interpolate', '双线性插值'], params: { mode: 'bilinear' } },
  ],
  sketch: ['factor'],
  caption: ({ factor, size, mode }) => {
    const by = factor ?? [2, 2];
    const words = size === null ? `×${by[0] === by[1] ? by[0] : sizeText(by)}` : `→ ${sizeText(size)}`;
    return text(`${words}, ${resizeModes[mode].en.toLowerCase()}`, `${words}，${resizeModes[mode].zh}`);
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
    const factor = params.factor ?? defaultFactor;
    const steps = ([0, 1] as const).map((axis) =>
      stepOf(map[axis] ?? null, output[axis] ?? null, factor[axis], params),
    );
    const [rows, columns] = steps;
    if (rows === undefined || columns === undefined) return 'pass';
    return {
      size: [rows.size, columns.size],
      stride: [rows.stride, columns.stride],
      start: [rows.start, columns.start],
    };
  },
  lower: ({ params, output }, ops, inputs) => {
    const x = inputAt(inputs, 0);
    const [height, width, channels] = mapSize(x);
    const [toHeight, toWidth] = [output[0] ?? height, output[1] ?? width];
    if (toHeight === height && toWidth === width) return x;
    const repeats = params.mode === 'nearest' && params.coordinates !== 'alignCorners';
    if (repeats && toHeight % height === 0 && toWidth % width === 0) {
      return repeat(ops, x, [height, width, channels], [toHeight / height, toWidth / width]);
    }
    const weightsOf = (from: number, to: number): Float32Array =>
      resizeWeights(params.mode, params.coordinates, from, to);
    // Resizing is one matrix product per axis, so that its gradient is one too.
    const wide = width === toWidth ? x : resizeAxis(ops, x, [0, 1, 3, 2], weightsOf(width, toWidth), [width, toWidth]);
    return height === toHeight
      ? wide
      : resizeAxis(ops, wide, [0, 3, 2, 1], weightsOf(height, toHeight), [height, toHeight]);
  },
});

const defaultFactor: Size2 = [2, 2];

/** What an output value sees along one axis. */
function stepOf(
  from: number | null,
  to: number | null,
  factor: number,
  { mode, coordinates }: { readonly mode: ResizeMode; readonly coordinates: Coordinates },
): { size: number; stride: number; start: number } {
  const scale = from === null || to === null ? factor : to / from;
  const isAligned = coordinates === 'alignCorners' && from !== null && to !== null && to > 1;
  const stride = isAligned ? (from - 1) / (to - 1) : 1 / scale;
  // Nothing is blended where the size stays.
  const size = scale === 1 ? 1 : reachOf[mode];
  return { size, stride, start: coordinates === 'halfPixel' ? (stride - 1) / 2 : 0 };
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

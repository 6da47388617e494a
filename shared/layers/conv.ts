import { success } from '../diagnostics/diagnostic';
import type { ConvAttributes } from '../ops/graph';
import { text } from '../text';
import { paddingAfter, resolvePadding } from './arithmetic';
import { checkGroups, mapAt, windowedSize } from './checks';
import { defineLayer } from './define';
import { explainKernelMacs, explainKernelParams, explainWindow, samePaddingNote } from './explain';
import {
  activation,
  dilationRate,
  filters,
  groups,
  initializer,
  kernelSize,
  padding,
  strides,
  trainable,
  useBias,
  weightStandardization,
} from './fields';
import { glyphGrid } from './glyph';
import {
  captionWith,
  explainStandardized,
  kernelAxes,
  kernelWeights,
  lowerBiasAndActivation,
  standardized,
  type WindowParams,
} from './kernel';
import { inputAt, weightOf } from './values';
import { sizeText, stepText, windowStep } from './window';

const label = text('Conv', '卷积');

export const conv = defineLayer({
  kind: 'conv',
  label,
  family: 'conv',
  doc: text(
    'Slides small windows over the picture; each looks for one feature everywhere. A neuron sees only what lies under its window, its local receptive field, and all positions of a window share the same weights, so one 5×5 window costs 25 weights and 1 bias = 26 parameters however large the picture is; 20 windows cost 520. Sliding a window of a over x pixels gives b = x − a + 1 positions. Without something non-linear behind it, two convolutions in a row are only one.',
    '用小窗口在图片上滑动，每个窗口在各处寻找同一种特征。一个神经元只看到窗口盖住的部分（局部感受野），而同一窗口在所有位置共享权值，因此无论图片多大，一个 5×5 窗口只有 25 个权值加 1 个偏置 = 26 个参数，20 个窗口是 520 个。大小为 a 的窗口在 x 个像素上滑动，得到 b = x − a + 1 个位置。如果后面没有非线性函数，连续两层卷积只相当于一层。',
  ),
  references: [
    { title: 'Dumoulin & Visin, A guide to convolution arithmetic', url: 'https://arxiv.org/abs/1603.07285' },
    {
      title: 'LeCun et al., Gradient-based learning applied to document recognition',
      url: 'https://doi.org/10.1109/5.726791',
    },
  ],
  hotkey: 'c',
  params: {
    filters: { ...filters, initial: 16 },
    kernelSize: { ...kernelSize, initial: 3 },
    strides,
    padding,
    dilationRate,
    groups,
    useBias,
    activation,
    initializer,
    weightStandardization,
    trainable,
  },
  inputs: { arity: 'fixed', ports: [{ name: text('picture or map', '图片或特征图'), spatial: true }] },
  traits: {
    role: 'convolution',
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => glyphGrid(3, 5.2, 1, (column, row) => (column < 2 && row < 2 ? 1 : 0.28)),
  },
  synonyms: ['conv2d', 'convolution', 'convolution2d', 'convolutional', '卷积层'],
  sketch: ['filters', 'kernelSize'],
  caption: (params) => {
    const words = [`${params.filters} × ${sizeText(params.kernelSize)}`, ...stepText(params.strides)];
    return captionWith(words, params.activation);
  },
  inferShape: (context) => {
    const { nodeId, params } = context;
    const map = mapAt(context, label);
    if (!map.ok) return map;
    const [, , channels] = map.value;
    const divided = checkGroups(nodeId, params.groups, channels, params.filters);
    if (!divided.ok) return divided;
    const size = windowedSize(nodeId, kernelAxes(map.value, params));
    return size.ok ? success([...size.value, params.filters]) : size;
  },
  explain: ({ params, inputs: [map = []], output }) => {
    const channels = map[2] ?? null;
    const axes = kernelAxes(map, params);
    const note = samePaddingNote(axes);
    return [
      ...explainWindow(axes),
      ...(note ? [note] : []),
      explainKernelParams(params.kernelSize, channels, params.filters, params),
      explainKernelMacs(params.kernelSize, [channels, params.filters], [output[0] ?? null, output[1] ?? null], {
        groups: params.groups,
        gridFormula: 'b·b',
      }),
      ...(params.weightStandardization ? [explainStandardized(params.kernelSize, channels, params.groups)] : []),
    ];
  },
  weights: ({ params, inputs: [map = []] }) => {
    const channels = map[2] ?? null;
    if (channels === null) return [];
    const [height, width] = params.kernelSize;
    return kernelWeights([height, width, channels / params.groups, params.filters], params.filters, params);
  },
  macs: ({ params, inputs: [map = []], output }) => {
    const [height = null, width = null] = output;
    const channels = map[2] ?? null;
    if (height === null || width === null || channels === null) return null;
    return params.kernelSize[0] * params.kernelSize[1] * (channels / params.groups) * params.filters * height * width;
  },
  receptiveField: ({ params, inputs: [map = []] }) => windowStep(kernelAxes(map, params)),
  lower: ({ params, output }, ops, inputs, weights) => {
    const x = inputAt(inputs, 0);
    const attributes = convAttributes(x.shape.slice(1), output, params);
    const learned = weightOf(weights, 'kernel');
    const kernel = params.weightStandardization ? standardized(ops, learned) : learned;
    return lowerBiasAndActivation(ops, ops.conv2d(x, kernel, attributes), weights, params);
  },
});

function convAttributes(
  sizes: readonly (number | 'batch')[],
  output: readonly (number | null)[],
  params: WindowParams & { readonly groups: number },
): ConvAttributes {
  const known = sizes.map((size) => (size === 'batch' ? null : size));
  const [height, width] = kernelAxes(known, params);
  const [top] = resolvePadding(height) ?? [0];
  const [left] = resolvePadding(width) ?? [0];
  return {
    strides: params.strides,
    // A stride may leave the far edge unread; the padding there is what the document says, or what 'same' needs.
    pads: [top, paddingAfter(height, output[0] ?? 0), left, paddingAfter(width, output[1] ?? 0)],
    dilations: params.dilationRate,
    groups: params.groups,
  };
}

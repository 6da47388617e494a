import { success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { affineCount, affineFields, affineWeights, normalize, scaleAndShift } from './affine';
import { product } from './arithmetic';
import { defineLayer, type Shape } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { inputAt } from './values';

export const layernorm = defineLayer({
  kind: 'layernorm',
  label: text('LayerNorm', '层归一化'),
  family: 'norm',
  doc: text(
    'Brings the values of one sample to mean 0 and spread 1, then scales and shifts them by learned numbers. By channels, each position is normalised over its channels alone, as in transformers and ConvNeXt; by all, over the whole map. The batch plays no part: it works with a batch of one, and predicts as it trains.',
    '把单个样本的数值归一化为均值 0、方差 1，再用可学习的数缩放和平移。按通道时，每个位置只在自己的各通道上归一化，Transformer 和 ConvNeXt 就是这样；按全部时，在整张图上归一化。它与批大小无关：批大小为 1 也能用，预测与训练的计算相同。',
  ),
  references: [{ title: 'Ba, Kiros & Hinton, Layer normalization', url: 'https://arxiv.org/abs/1607.06450' }],
  params: {
    axis: {
      type: 'choice',
      values: ['channels', 'all'],
      labels: { channels: text('Channels', '通道'), all: text('All', '全部') },
      default: 'channels',
      label: text('Over', '范围'),
      doc: text('Over which values mean and spread are taken.', '在哪些数值上求均值和方差。'),
    },
    ...affineFields(1e-6),
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'path', d: 'M2.5 14c5 0 5.2-9 9.5-9s4.5 9 9.5 9', stroke: 1.8 },
      { shape: 'path', d: 'M4 19h16', stroke: 2.2, opacity: 0.5 },
    ],
  },
  synonyms: ['ln', 'layernormalization'],
  caption: ({ axis }) => (axis === 'channels' ? text('channels', '按通道') : text('all', '全部')),
  inferShape: ({ inputs: [shape = []] }) => success(shape),
  explain: ({ params, inputs: [shape = []] }) => {
    const scaled = params.axis === 'all' ? shape : shape.slice(-1);
    const learned = affineCount(params);
    const count = product(scaled);
    return [
      {
        about: 'values',
        title: text('Of each value, for x 3, μ 1, σ² 4', '每个数值，例如 x 3、μ 1、σ² 4'),
        formula: 'y = γ·(x − μ) / √(σ² + ε) + β',
        numbers: `1·(3 − 1) / √(4 + ${params.epsilon}) + 0`,
        result: number(2 / Math.sqrt(4 + params.epsilon)),
      },
      explainLine(
        'params',
        paramsTitle,
        scaled.length === 1 ? `${learned}c` : `${learned}·h·w·c`,
        `${learned}·${scaled.map(number).join('·')}`,
        count === null ? null : learned * count,
      ),
    ];
  },
  weights: ({ params, inputs: [shape = []] }) => {
    const known = closed(params.axis === 'all' ? shape : shape.slice(-1));
    return known === null ? [] : affineWeights(params, known);
  },
  macs: () => 0,
  // Over all values of a map, each one hangs on every other.
  receptiveField: ({ params, inputs: [shape = []] }) =>
    params.axis === 'all' && shape.length === 3 ? 'global' : 'pass',
  lower: ({ params }, ops, inputs, weights) => {
    const x = inputAt(inputs, 0);
    const axes = params.axis === 'all' ? [...x.shape.keys()].slice(1) : [-1];
    return scaleAndShift(ops, normalize(ops, x, axes, params.epsilon), weights, params);
  },
});

function closed(shape: Shape): readonly number[] | null {
  const known = shape.filter((size) => size !== null);
  return known.length === shape.length ? known : null;
}

import { success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { affineFields } from './affine';
import { mapAt } from './checks';
import { defineLayer } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { inputAt, weightOf } from './values';

const { epsilon, trainable } = affineFields(1e-6);

/** Added under the root: its slope at 0 is infinite, and a channel of zeros would make every gradient behind it NaN. */
const rootEpsilon = 1e-24;

const label = text('Response norm', '响应归一化');

export const grn = defineLayer({
  kind: 'grn',
  label,
  family: 'norm',
  doc: text(
    'Strengthens each channel by how strongly it answers over the whole map, against the mean of all channels. This is global response normalization. Both learned numbers of a channel start at 0, so at first it changes nothing. ConvNeXt V2 has one in every block, to keep channels from all doing the same.',
    '按每个通道在整张图上的响应强度与各通道平均强度之比来增强该通道，即全局响应归一化。每个通道的两个可学习的数都从 0 开始，因此最初它不起任何作用。ConvNeXt V2 的每个块里都有一个，避免各通道学得雷同。',
  ),
  references: [{ title: 'Woo et al., ConvNeXt V2', url: 'https://arxiv.org/abs/2301.00808' }],
  params: {
    epsilon: {
      ...epsilon,
      doc: text('Added to the mean strength so that nothing is divided by zero.', '加在平均强度上，避免除以零。'),
    },
    trainable,
  },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'path', d: 'M4 19v-5M9.3 19V9M14.6 19V5M20 19v-8', stroke: 2.2 },
      { shape: 'path', d: 'M2.5 12h19', stroke: 1.4, opacity: 0.5 },
    ],
  },
  synonyms: ['globalresponsenorm', 'globalresponsenormalization', 'responsenorm'],
  caption: () => text('', ''),
  inferShape: (context) => {
    const map = mapAt(context, label);
    return map.ok ? success([...map.value]) : map;
  },
  explain: ({ params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    return [
      {
        about: 'values',
        title: text('Of each value, for x 3, strength 6, mean strength 4', '每个数值，例如 x 3、强度 6、平均强度 4'),
        formula: 'y = x + γ·x·g / (mean(g) + ε) + β, g = √Σx²',
        numbers: `3 + γ·3·6 / (4 + ${params.epsilon}) + β`,
        result: `3 + ${number((3 * 6) / (4 + params.epsilon))}γ + β`,
      },
      explainLine('params', paramsTitle, '2c', `2·${number(channels)}`, channels === null ? null : 2 * channels),
    ];
  },
  weights: ({ params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    if (channels === null) return [];
    const weight = { shape: [channels], initializer: { type: 'zeros' }, trainable: params.trainable } as const;
    return [
      { name: 'gamma', ...weight },
      { name: 'beta', ...weight },
    ];
  },
  macs: () => 0,
  receptiveField: () => 'global',
  lower: ({ params }, ops, inputs, weights) => {
    const x = inputAt(inputs, 0);
    const squares = ops.reduce('reduceSum', ops.unary('square', x), [1, 2], true);
    const strength = ops.unary('sqrt', ops.add(squares, rootEpsilon));
    const share = ops.div(strength, ops.add(ops.reduce('reduceMean', strength, [-1], true), params.epsilon));
    const answer = ops.add(ops.mul(ops.mul(x, share), weightOf(weights, 'gamma')), weightOf(weights, 'beta'));
    return ops.add(x, answer);
  },
});

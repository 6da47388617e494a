import { success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { affineFields, affineWeights, scaleAndShift } from './affine';
import { defineLayer } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { inputAt } from './values';

const { epsilon, scale, trainable } = affineFields(1e-6);

export const rmsnorm = defineLayer({
  kind: 'rmsnorm',
  label: text('RMSNorm', 'RMS 归一化'),
  family: 'norm',
  doc: text(
    'Divides the channels of each position by the root of the mean of their squares, then scales each by a learned number. It is layer normalization that takes off no mean and adds no shift: cheaper, and as good in many networks.',
    '把每个位置的各通道除以它们平方均值的平方根，再用可学习的数缩放每个通道。它是不减均值、不加平移的层归一化：更省计算，在许多网络中效果相当。',
  ),
  references: [
    { title: 'Zhang & Sennrich, Root mean square layer normalization', url: 'https://arxiv.org/abs/1910.07467' },
  ],
  params: {
    epsilon: {
      ...epsilon,
      doc: text('Added to the mean of the squares so that nothing is divided by zero.', '加在平方均值上，避免除以零。'),
    },
    scale,
    trainable,
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'path', d: 'M2.5 19c5 0 5.2-14 9.5-14s4.5 14 9.5 14', stroke: 1.8 },
      { shape: 'path', d: 'M12 9v10', stroke: 2.2, opacity: 0.5 },
    ],
  },
  synonyms: ['rms', 'rmsnormalization', 'rootmeansquare'],
  caption: () => text('', ''),
  inferShape: ({ inputs: [shape = []] }) => success(shape),
  explain: ({ params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    return [
      {
        about: 'values',
        title: text('Of each value, for x 3 among squares of mean 4', '每个数值，例如 x 3、平方均值 4'),
        formula: 'y = γ·x / √(mean(x²) + ε)',
        numbers: `1·3 / √(4 + ${params.epsilon})`,
        result: number(3 / Math.sqrt(4 + params.epsilon)),
      },
      explainLine(
        'params',
        paramsTitle,
        params.scale ? 'c' : '0',
        params.scale ? number(channels) : '0',
        params.scale ? channels : 0,
      ),
    ];
  },
  weights: ({ params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    return channels === null ? [] : affineWeights({ ...params, center: false }, [channels]);
  },
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: ({ params }, ops, inputs, weights) => {
    const x = inputAt(inputs, 0);
    const meanSquare = ops.reduce('reduceMean', ops.unary('square', x), [-1], true);
    const normal = ops.div(x, ops.unary('sqrt', ops.add(meanSquare, params.epsilon)));
    return scaleAndShift(ops, normal, weights, { ...params, center: false });
  },
});

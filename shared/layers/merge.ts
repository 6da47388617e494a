import { subtractNeedsTwo } from '../diagnostics/catalog/layers';
import { failure } from '../diagnostics/diagnostic';
import { formatShape, text } from '../text';
import { equalInputs, foldInputs } from './broadcast';
import { defineLayer } from './define';
import { explainLine } from './explain';

const titles = {
  average: text('Average', '平均'),
  maximum: text('Maximum', '取大'),
  minimum: text('Minimum', '取小'),
  subtract: text('Subtract', '相减'),
} as const;

const formulas = {
  average: 'y = (x₀ + x₁ + …) / n',
  maximum: 'y = max(x₀, x₁, …)',
  minimum: 'y = min(x₀, x₁, …)',
  subtract: 'y = x₀ − x₁',
} as const;

export const merge = defineLayer({
  kind: 'merge',
  label: text('Merge', '合并'),
  family: 'merge',
  doc: text(
    'Makes one of its inputs value by value: the mean, the largest, the smallest, or the difference of two. All must have the same shape. The mean of several networks is an ensemble; the largest of several maps is maxout; the difference shows what changed between two.',
    '把各输入逐个数值合成一个：平均值、最大值、最小值，或两者之差。所有输入的形状必须相同。多个网络取平均就是集成；多张特征图取最大就是 maxout；相减显示两者之间的变化。',
  ),
  references: [{ title: 'Goodfellow et al., Maxout networks', url: 'https://arxiv.org/abs/1302.4389' }],
  params: {
    mode: {
      type: 'choice',
      values: ['average', 'maximum', 'minimum', 'subtract'],
      labels: titles,
      default: 'average',
      initial: 'average',
      label: text('Mode', '方式'),
      doc: text('What is made of the values at each place.', '同一位置上的数值如何合成。'),
    },
  },
  inputs: { arity: 'variadic' },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'path', d: 'M3 5h4.5l4 5M3 19h4.5l4-5M17 12h4', stroke: 1.8 },
      { shape: 'circle', x: 14, y: 12, radius: 3.4, opacity: 0.4 },
      { shape: 'circle', x: 14, y: 12, radius: 1.5 },
    ],
  },
  synonyms: ['average', 'maximum', 'minimum', 'subtract', 'maxout'],
  sketch: ['mode'],
  caption: () => text('', ''),
  title: ({ mode }) => titles[mode],
  inferShape: ({ nodeId, params, inputs }) =>
    params.mode === 'subtract' && inputs.length !== 2
      ? failure(subtractNeedsTwo(nodeId, inputs.length))
      : equalInputs(nodeId, titles[params.mode], inputs),
  explain: ({ params, inputs, output }) => [
    {
      ...explainLine('shape', text('Size', '大小'), formulas[params.mode], inputs.map(formatShape).join(', '), null),
      result: formatShape(output),
    },
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: ({ params }, ops, inputs) => {
    switch (params.mode) {
      case 'average': {
        const sum = foldInputs(ops, inputs, (a, b) => ops.add(a, b));
        return ops.mul(sum, 1 / inputs.length);
      }
      case 'maximum':
      case 'minimum': {
        const { mode } = params;
        return foldInputs(ops, inputs, (a, b) => ops.binary(mode, a, b));
      }
      case 'subtract':
        return foldInputs(ops, inputs, (a, b) => ops.sub(a, b));
    }
  },
});

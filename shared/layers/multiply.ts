import { formatShape, text } from '../text';
import { broadcastInputs, foldInputs } from './broadcast';
import { defineLayer } from './define';
import { explainLine } from './explain';

const label = text('Multiply', '相乘');

export const multiply = defineLayer({
  kind: 'multiply',
  label,
  family: 'merge',
  doc: text(
    'Multiplies its inputs value by value. All have the same shape, or one that stretches: 1×1×c and a list of c weigh every position alike, h×w×1 weighs every channel alike. Squeeze-and-excitation weighs channels like this: a GAP and two small layers give each channel a number from 0 to 1, and the map is multiplied by it. Attention gates weigh positions.',
    '把各输入逐个数值相乘。形状相同，或能够扩展：1×1×c 和长度为 c 的向量对每个位置同样加权，h×w×1 对每个通道同样加权。SE（squeeze-and-excitation）就这样给通道加权：全局池化加两个小层给每个通道一个 0 到 1 的数，再与特征图相乘。注意力门则给位置加权。',
  ),
  references: [{ title: 'Hu, Shen & Sun, Squeeze-and-excitation networks', url: 'https://arxiv.org/abs/1709.01507' }],
  params: {},
  inputs: { arity: 'variadic' },
  traits: {
    isPointwise: false,
    multiplies: true,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'path', d: 'M3 5h4.5l4 5M3 19h4.5l4-5M17 12h4', stroke: 1.8 },
      { shape: 'circle', x: 14, y: 12, radius: 3.4, stroke: 1.6 },
      { shape: 'path', d: 'M12.9 10.9l2.2 2.2M15.1 10.9l-2.2 2.2', stroke: 1.4 },
    ],
  },
  synonyms: ['mul', 'times', 'product', 'gate'],
  caption: () => text('', ''),
  inferShape: ({ nodeId, inputs }) => broadcastInputs(nodeId, label, inputs),
  explain: ({ inputs, output }) => [
    {
      ...explainLine('shape', text('Size', '大小'), 'y = x₀ · x₁ · …', inputs.map(formatShape).join(' · '), null),
      result: formatShape(output),
    },
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: (_context, ops, inputs) => foldInputs(ops, inputs, (a, b) => ops.mul(a, b)),
});

import { formatShape, text } from '../text';
import { broadcastInputs, foldInputs } from './broadcast';
import { defineLayer } from './define';
import { explainLine } from './explain';

const label = text('Add', '相加');

export const add = defineLayer({
  kind: 'add',
  label,
  family: 'merge',
  doc: text(
    'Sums its inputs value by value. All have the same shape, channels included, or one that stretches: 1×1×c and a list of c are added at every position, h×w×1 to every channel. FCN joins the coarse map that knows what something is with the finer one that knows where it is, by a sum; ResNet adds a block’s input to its output, so that the block learns only the difference. Concat keeps both apart instead.',
    '把各输入逐个数值相加，所有输入的形状（包括通道数）相同，或能够扩展：1×1×c 和长度为 c 的向量加到每个位置上，h×w×1 加到每个通道上。FCN 用相加把“知道是什么”的粗特征图与“知道在哪里”的细特征图融合；ResNet 把模块的输入加到输出上，使模块只需学习差值。若想让两者各自保留，请用拼接。',
  ),
  references: [
    { title: 'Long, Shelhamer & Darrell, Fully convolutional networks', url: 'https://arxiv.org/abs/1411.4038' },
    { title: 'He et al., Deep residual learning', url: 'https://arxiv.org/abs/1512.03385' },
  ],
  hotkey: '+',
  params: {},
  inputs: { arity: 'variadic' },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'path', d: 'M3 5h4.5l4 5M3 19h4.5l4-5M17 12h4', stroke: 1.8 },
      { shape: 'circle', x: 14, y: 12, radius: 3.4, stroke: 1.6 },
      { shape: 'path', d: 'M14 10.4v3.2M12.4 12h3.2', stroke: 1.4 },
    ],
  },
  synonyms: ['skip', 'skipconnection', 'residual', 'sum', 'plus', 'shortcut', '跳跃连接', '残差', '残差连接', '求和'],
  caption: () => text('', ''),
  inferShape: ({ nodeId, inputs }) => broadcastInputs(nodeId, label, inputs),
  explain: ({ inputs, output }) => [
    {
      ...explainLine('shape', text('Size', '大小'), 'y = x₀ + x₁ + …', inputs.map(formatShape).join(' + '), null),
      result: formatShape(output),
    },
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: (_context, ops, inputs) => foldInputs(ops, inputs, (a, b) => ops.add(a, b)),
});

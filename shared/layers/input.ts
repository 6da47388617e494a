import { success } from '../diagnostics/diagnostic';
import { formatShape, text } from '../text';
import { defineLayer } from './define';
import { explainLine, valuesTitle } from './explain';
import { product } from './arithmetic';
import { inputAt } from './values';

export const input = defineLayer({
  kind: 'input',
  label: text('Input', '输入'),
  family: 'io',
  doc: text(
    'The picture that goes in: height, width and channels. A grey picture of 28×28 has 28·28·1 = 784 values; colour has three channels. A fully connected layer would treat all 784 alike, as a mere list; a convolution keeps in mind which pixels are neighbours, and that is where the structure of a picture lies. A size may be left open (null) where a network has no fully connected layer.',
    '送入网络的图片：高、宽和通道数。28×28 的灰度图共有 28·28·1 = 784 个数值，彩色图有三个通道。全连接层把这 784 个数一视同仁，只当作一列数字；卷积则记得哪些像素相邻，而图片的空间结构正在于此。没有全连接层的网络可以把大小留空（null）。',
  ),
  references: [],
  hotkey: 'i',
  params: {
    shape: {
      type: 'shape',
      initial: [28, 28, 1],
      label: text('Shape', '形状'),
      doc: text(
        'Height, width and channels of one picture, or a single number for a list of values.',
        '一张图片的高、宽、通道数；若输入是一列数值则只写一个数。',
      ),
    },
  },
  inputs: { arity: 'none' },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'rect', x: 3, y: 3.5, width: 18, height: 17, radius: 2.5, stroke: 1.6 },
      { shape: 'circle', x: 8.6, y: 9, radius: 1.9 },
      { shape: 'path', d: 'M4 17.5l4.6-4.4 3.6 2.9 4-5 4.4 4.6', stroke: 1.6 },
    ],
  },
  synonyms: ['inputlayer', 'image', 'picture', 'data', '图片', '图像', '输入层'],
  sketch: ['shape'],
  caption: ({ shape }) => text(formatShape(shape), formatShape(shape)),
  inferShape: ({ params }) => success(params.shape),
  explain: ({ output }) => [
    explainLine(
      'values',
      valuesTitle,
      output.length === 3 ? 'h·w·c' : 'n',
      output.map((size) => size ?? '?').join('·'),
      product(output),
    ),
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: (_context, _ops, inputs) => inputAt(inputs, 0),
});

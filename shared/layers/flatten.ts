import { success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { product } from './arithmetic';
import { defineLayer } from './define';
import { explainLine, number } from './explain';
import { glyphGrid } from './glyph';
import { inputAt } from './values';

export const flatten = defineLayer({
  kind: 'flatten',
  label: text('Flatten', '展平'),
  family: 'shape',
  doc: text(
    'Lays all values of a map out in one row. The order is row by row, within a row pixel by pixel, and at each pixel channel by channel. FC does this by itself, so it is needed only where the vector itself is wanted.',
    '把特征图的所有数值排成一列。顺序是逐行、行内逐像素、每个像素内逐通道。全连接层会自动展平，只有需要这个向量本身时才用它。',
  ),
  references: [],
  params: {},
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图') }] },
  traits: {
    role: 'flattening',
    isPointwise: false,
    keepsLinear: () => true,
    glyph: () => [
      ...glyphGrid(2, 4.4, 0.8, () => 0.3),
      { shape: 'path', d: 'M4 20h16', stroke: 1.8, dashes: '2.6 2.6' },
      { shape: 'path', d: 'M4 4h16', stroke: 1.8, dashes: '2.6 2.6', opacity: 0.45 },
    ],
  },
  synonyms: ['vectorize', '拉平', '扁平化', '展开'],
  caption: () => text('', ''),
  inferShape: ({ inputs: [shape = []] }) => success([product(shape)]),
  explain: ({ inputs: [shape = []], output }) => [
    explainLine(
      'shape',
      text('Size', '大小'),
      shape.length === 3 ? 'n = h·w·c' : 'n',
      shape.map(number).join('·'),
      output[0] ?? null,
    ),
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: ({ inputs: [shape = []] }, ops, inputs) => {
    const x = inputAt(inputs, 0);
    return shape.length === 1 ? x : ops.reshape(x, ['batch', product(shape) ?? 0]);
  },
});

import { success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { product } from './arithmetic';
import { defineLayer } from './define';
import { explainLine, number } from './explain';
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

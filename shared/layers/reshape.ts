import { reshapeMismatch } from '../diagnostics/catalog/layers';
import { failure, success } from '../diagnostics/diagnostic';
import { formatShape, text } from '../text';
import { product } from './arithmetic';
import { defineLayer, type Shape } from './define';
import { explainLine, number } from './explain';
import { glyphGrid } from './glyph';
import { inputAt } from './values';

export const reshape = defineLayer({
  kind: 'reshape',
  label: text('Reshape', '改变形状'),
  family: 'shape',
  doc: text(
    'Lays the same values out in another shape, in their order: row by row, pixel by pixel, channel by channel. One size may be left open and is then whatever is left. A generator begins like this, with a list that becomes a small map.',
    '把同样的数值按原有顺序（逐行、逐像素、逐通道）排成另一种形状。可以留一个尺寸待定，由其余尺寸推出。生成器就以此开头：把一个向量变成一张小特征图。',
  ),
  references: [],
  params: {
    shape: {
      type: 'shape',
      initial: [1, 1, null],
      label: text('Shape', '形状'),
      doc: text(
        'Height, width and channels, or a number of units; one of them may be open.',
        '高、宽、通道，或单元个数；其中一个可以待定。',
      ),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => true,
    glyph: () => [
      ...glyphGrid(2, 4.4, 0.8, () => 0.34),
      { shape: 'path', d: 'M4 8V4h4M20 16v4h-4', stroke: 1.8 },
      { shape: 'path', d: 'M16 4h4v4M8 20H4v-4', stroke: 1.8, opacity: 0.5 },
    ],
  },
  synonyms: ['view', 'unflatten'],
  caption: ({ shape }) => text(formatShape(shape), formatShape(shape)),
  inferShape: ({ nodeId, params, inputs: [given = []] }) => {
    const count = product(given);
    const open = params.shape.filter((size) => size === null).length;
    const known = knownProduct(params.shape);
    const mismatch = reshapeMismatch(nodeId, { from: formatShape(given), to: formatShape(params.shape) });
    if (open > 1) return failure(mismatch);
    if (count === null) return success(params.shape);
    const fits = open === 0 ? count === known : count % known === 0;
    return fits ? success(params.shape.map((size) => size ?? count / known)) : failure(mismatch);
  },
  explain: ({ inputs: [given = []], output }) => [
    explainLine(
      'shape',
      text('Values', '数值个数'),
      'n = n',
      `${given.map(number).join('·')} = ${output.map(number).join('·')}`,
      product(output),
    ),
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ inputs: [given = []], output }) =>
    given.length === output.length && given.every((size, axis) => size === output[axis]) ? 'pass' : 'global',
  lower: ({ output }, ops, inputs) => ops.reshape(inputAt(inputs, 0), ['batch', ...output.map((size) => size ?? 1)]),
});

function knownProduct(shape: Shape): number {
  return shape.reduce<number>((count, size) => count * (size ?? 1), 1);
}

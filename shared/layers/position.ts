import { text } from '../text';
import { product } from './arithmetic';
import { mapAt } from './checks';
import { defineLayer } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { trainable } from './fields';
import { inputAt, weightOf } from './values';

const label = text('Position', '位置编码');

export const position = defineLayer({
  kind: 'position',
  label,
  family: 'norm',
  doc: text(
    'Adds a learned number to every value of a map, its own for each position and channel: a position embedding. Attention treats all positions alike and could not tell the top of a picture from its bottom; behind this each position carries where it is. It fixes the input size, as an FC does. A map of 14×14×192 has 37,632 of these numbers.',
    '给图的每个数值加上一个可学习的数，每个位置、每个通道各有一个：即位置编码。自注意力对所有位置一视同仁，分不清图片的上下；加上它之后，每个位置都带有自己在何处的信息。它与全连接一样会固定输入大小。14×14×192 的图有 37,632 个这样的数。',
  ),
  references: [{ title: 'Dosovitskiy et al., An image is worth 16×16 words', url: 'https://arxiv.org/abs/2010.11929' }],
  params: { trainable },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => true,
    glyph: () => [
      { shape: 'path', d: 'M4 20V4M4 20h16', stroke: 1.4, opacity: 0.5 },
      { shape: 'path', d: 'M14 15.5s4-4 4-7a4 4 0 0 0-8 0c0 3 4 7 4 7z' },
      { shape: 'circle', x: 14, y: 8.5, radius: 1.5, paint: 'ground' },
    ],
  },
  synonyms: ['posembed', 'positionembedding', 'positionalembedding', 'positionencoding', '位置嵌入'],
  caption: () => text('learned', '可学习'),
  inferShape: (context) => mapAt(context, label),
  explain: ({ inputs: [map = []] }) => [
    explainLine('params', paramsTitle, 'h·w·c', map.map(number).join('·'), product(map)),
  ],
  weights: ({ params, inputs: [map = []] }) => {
    const known = map.filter((size) => size !== null);
    if (known.length < map.length) return [];
    return [{ name: 'position', shape: known, initializer: { type: 'zeros' }, trainable: params.trainable }];
  },
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: (_, ops, inputs, weights) => ops.add(inputAt(inputs, 0), weightOf(weights, 'position')),
});

import { success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { product } from './arithmetic';
import { mapAt } from './checks';
import { defineLayer } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { trainable } from './fields';
import { inputAt, weightOf } from './values';

const label = text('Class token', '分类词元');

export const classToken = defineLayer({
  kind: 'classToken',
  label,
  family: 'shape',
  doc: text(
    'Reads a map row by row as a list of positions, and puts a learned one in front: h×w×c becomes (h·w + 1)×1×c. It holds nothing of the picture at first; attention gathers there what the answer needs, and a Slice of the first position behind the last layer gives the classes. A GAP over all positions does as well and needs no token.',
    '把图逐行读成一列位置，并在最前面放上一个可学习的位置：h×w×c 变成 (h·w + 1)×1×c。它起初不含图片的任何内容，由自注意力把回答所需的内容汇集到这里；最后一层之后用切片取出第一个位置来分类。对所有位置做全局池化效果也差不多，且不需要它。',
  ),
  references: [{ title: 'Dosovitskiy et al., An image is worth 16×16 words', url: 'https://arxiv.org/abs/2010.11929' }],
  params: { trainable },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => true,
    glyph: () => [
      { shape: 'rect', x: 2.5, y: 8, width: 5, height: 8, radius: 1.2 },
      ...[9.5, 13.5, 17.5].map(
        (x) => ({ shape: 'rect', x, y: 8, width: 3, height: 8, radius: 1, opacity: 0.35 }) as const,
      ),
    ],
  },
  synonyms: ['cls', 'clstoken', 'classtoken', '类别标记'],
  caption: () => text('+1 position', '加 1 个位置'),
  inferShape: (context) => {
    const map = mapAt(context, label);
    if (!map.ok) return map;
    const positions = product(map.value.slice(0, 2));
    return success([positions === null ? null : positions + 1, 1, map.value[2]]);
  },
  explain: ({ inputs: [map = []], output }) => [
    explainLine(
      'shape',
      text('Positions', '位置数'),
      'n = h·w + 1',
      `${map.slice(0, 2).map(number).join('·')} + 1`,
      output[0] ?? null,
    ),
    explainLine('params', paramsTitle, 'c', number(map.at(-1) ?? null), map.at(-1) ?? null),
  ],
  weights: ({ params, inputs: [map = []] }) => {
    const channels = map.at(-1) ?? null;
    if (channels === null) return [];
    return [{ name: 'token', shape: [channels], initializer: { type: 'zeros' }, trainable: params.trainable }];
  },
  macs: () => 0,
  receptiveField: () => 'global',
  lower: ({ output: [positions, , channels] }, ops, inputs, weights) => {
    const list = ops.reshape(inputAt(inputs, 0), ['batch', (positions ?? 1) - 1, 1, channels ?? 1]);
    return ops.concat([ops.broadcastTo(weightOf(weights, 'token'), ['batch', 1, 1, channels ?? 1]), list], 1);
  },
});

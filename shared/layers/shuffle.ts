import { shuffleMismatch } from '../diagnostics/catalog/layers';
import { failure, success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { defineLayer } from './define';
import { number } from './explain';
import { maxFilters } from './fields';
import { inputAt } from './values';

/** In the glyph, where the channels of two groups go. */
const ways = [
  [5, 5],
  [9.7, 14.3],
  [14.3, 9.7],
  [19, 19],
] as const;

export const shuffle = defineLayer({
  kind: 'shuffle',
  label: text('Shuffle', '通道混洗'),
  family: 'shape',
  doc: text(
    'Deals the channels of groups out like cards: first the first of each group, then the second of each, and so on. Convolutions in groups never mix; a shuffle between two of them lets every group of the second see every group of the first, and costs nothing.',
    '像发牌一样重排各组的通道：先取每组的第一个，再取每组的第二个，依此类推。分组卷积之间互不相通；在两层之间加一次混洗，第二层的每一组就能看到第一层的所有组，而且没有任何代价。',
  ),
  references: [{ title: 'Zhang et al., ShuffleNet', url: 'https://arxiv.org/abs/1707.01083' }],
  params: {
    groups: {
      type: 'integer',
      min: 1,
      max: maxFilters,
      initial: 2,
      label: text('Groups', '分组'),
      doc: text('How many groups the channels come in.', '输入通道分为多少组。'),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: true,
    keepsLinear: () => true,
    glyph: () => [
      ...ways.map(([from, to]) => ({ shape: 'path', d: `M${from} 6L${to} 18`, stroke: 1.4, opacity: 0.5 }) as const),
      ...ways.flatMap(([from, to], index) => {
        const opacity = index < 2 ? 1 : 0.45;
        return [
          { shape: 'circle', x: from, y: 5, radius: 2.1, opacity } as const,
          { shape: 'circle', x: to, y: 19, radius: 2.1, opacity } as const,
        ];
      }),
    ],
  },
  synonyms: ['channelshuffle'],
  sketch: ['groups'],
  caption: ({ groups }) => text(`${groups} groups`, `${groups} 组`),
  inferShape: ({ nodeId, params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    return channels !== null && channels % params.groups !== 0
      ? failure(shuffleMismatch(nodeId, params.groups, channels))
      : success(shape);
  },
  explain: ({ params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    const inGroup = channels === null ? null : channels / params.groups;
    return [
      {
        about: 'values',
        title: text('Where a channel comes from', '每个通道从哪里来'),
        formula: 'yᵢ = x at (i mod g)·(c / g) + ⌊i / g⌋',
        numbers: `i 1: (1 mod ${params.groups})·(${number(channels)} / ${params.groups}) + ⌊1 / ${params.groups}⌋`,
        result: params.groups === 1 ? '1' : number(inGroup),
      },
    ];
  },
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: ({ params, inputs: [shape = []] }, ops, inputs) => {
    const x = inputAt(inputs, 0);
    const channels = shape.at(-1) ?? 1;
    const positions = shape.slice(0, -1).reduce<number>((product, size) => product * (size ?? 1), 1);
    const inGroups = ops.reshape(x, ['batch', positions, params.groups, channels / params.groups]);
    return ops.reshape(ops.transpose(inGroups, [0, 1, 3, 2]), x.shape);
  },
});

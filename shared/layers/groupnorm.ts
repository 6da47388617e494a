import { shuffleMismatch } from '../diagnostics/catalog/layers';
import { failure, success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { affineCount, affineFields, affineWeights, normalize, scaleAndShift } from './affine';
import { defineLayer } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { maxFilters } from './fields';
import { inputAt } from './values';

export const groupnorm = defineLayer({
  kind: 'groupnorm',
  label: text('GroupNorm', '组归一化'),
  family: 'norm',
  doc: text(
    'Brings groups of channels of one sample to mean 0 and spread 1 over the whole map. Then every channel is scaled and shifted by two learned numbers. The batch plays no part, so it serves where only a few large pictures fit into memory, as in segmentation. As many groups as channels is instance normalization, one group is layer normalization over all.',
    '把单个样本的通道分组，每组在整张图上归一化为均值 0、方差 1，再对每个通道用两个可学习的数缩放和平移。它与批大小无关，适合显存只放得下几张大图的场合，例如分割。组数等于通道数就是实例归一化，只有一组就是对全部做层归一化。',
  ),
  references: [{ title: 'Wu & He, Group normalization', url: 'https://arxiv.org/abs/1803.08494' }],
  params: {
    groups: {
      type: 'integer',
      min: 1,
      max: maxFilters,
      default: 32,
      initial: 2,
      label: text('Groups', '分组'),
      doc: text('Into how many groups the channels are split.', '把通道分成多少组。'),
    },
    ...affineFields(1e-3),
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'path', d: 'M2.5 14c2.6 0 2.6-8 4.8-8S9.4 14 12 14s2.6-8 4.8-8 2.2 8 4.7 8', stroke: 1.8 },
      { shape: 'path', d: 'M3.5 19h7M13.5 19h7', stroke: 2.2, opacity: 0.5 },
    ],
  },
  synonyms: ['gn', 'groupnormalization', 'instancenorm'],
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
    const learned = affineCount(params);
    const sizes = [...shape.slice(0, -1).map(number), `(${number(channels)} / ${params.groups})`];
    const positions = shape
      .slice(0, -1)
      .reduce<number | null>((n, size) => (n === null || size === null ? null : n * size), 1);
    return [
      explainLine(
        'values',
        text('Values in each group', '每组的数值个数'),
        shape.length === 3 ? 'n = h·w·(c / g)' : 'n = c / g',
        sizes.join('·'),
        positions === null || channels === null ? null : (positions * channels) / params.groups,
      ),
      explainLine(
        'params',
        paramsTitle,
        `${learned}c`,
        `${learned}·${number(channels)}`,
        channels === null ? null : learned * channels,
      ),
    ];
  },
  weights: ({ params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    return channels === null ? [] : affineWeights(params, [channels]);
  },
  macs: () => 0,
  receptiveField: ({ inputs: [shape = []] }) => (shape.length === 3 ? 'global' : 'pass'),
  lower: ({ params, inputs: [shape = []] }, ops, inputs, weights) => {
    const x = inputAt(inputs, 0);
    const channels = shape.at(-1) ?? 1;
    const positions = shape.slice(0, -1).reduce<number>((product, size) => product * (size ?? 1), 1);
    const inGroups = ops.reshape(x, ['batch', positions, params.groups, channels / params.groups]);
    const normal = ops.reshape(normalize(ops, inGroups, [1, 3], params.epsilon), x.shape);
    return scaleAndShift(ops, normal, weights, params);
  },
});

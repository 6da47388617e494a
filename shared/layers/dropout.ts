import { success } from '../diagnostics/diagnostic';
import { randomInputName } from '../ops/random';
import { formatCount, text } from '../text';
import { defineLayer } from './define';
import { inputAt } from './values';

export const dropout = defineLayer({
  kind: 'dropout',
  label: text('Dropout', '随机失活'),
  family: 'norm',
  doc: text(
    'Sets a random share of the values to zero at every training step. No neuron can then lean on any single other one, which holds overfitting back. The values that stay are scaled up by 1 / (1 − rate), so nothing needs to change when the network predicts: there it does nothing at all. Spatial dropout drops whole channels, since neighbouring pixels of a map would give each other away. Dropping whole samples at the end of a residual branch is stochastic depth: for that step the branch is not there, so a deep network trains as many shallow ones.',
    '训练时每一步都随机把一部分数值置零。任何神经元都不能只依赖另一个，从而抑制过拟合。留下的数值乘以 1 / (1 − rate)，因此预测时无需任何改动，它什么也不做。空间随机失活会整个通道一起丢弃，因为特征图中相邻像素会互相泄露信息。在残差支路末尾整个样本一起丢弃就是随机深度：这一步中该支路等于不存在，深网络便像许多浅网络一样训练。',
  ),
  references: [
    { title: 'Srivastava et al., Dropout', url: 'https://jmlr.org/papers/v15/srivastava14a.html' },
    { title: 'Huang et al., Deep networks with stochastic depth', url: 'https://arxiv.org/abs/1603.09382' },
  ],
  hotkey: 'd',
  params: {
    rate: {
      type: 'number',
      min: 0,
      max: 0.99,
      default: 0.5,
      label: text('Rate', '比例'),
      doc: text('The share of values that is dropped, from 0 to 0.99.', '被置零的比例，从 0 到 0.99。'),
    },
    spatial: {
      type: 'boolean',
      default: false,
      visible: ({ paths }) => paths !== true,
      label: text('Whole channels', '整个通道'),
      doc: text('Drops whole channels of a map instead of single values.', '丢弃整个通道，而不是单个数值。'),
    },
    paths: {
      type: 'boolean',
      default: false,
      label: text('Whole samples', '整个样本'),
      doc: text(
        'Drops all values of a sample or none: stochastic depth, for the end of a residual branch. Channels then play no part.',
        '一个样本的数值要么全部丢弃，要么全部保留：即随机深度，用于残差支路末尾。此时不再区分通道。',
      ),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: true,
    keepsLinear: () => true,
    glyph: () => [
      { shape: 'circle', x: 6, y: 6, radius: 2.9 },
      { shape: 'circle', x: 18, y: 6, radius: 2.6, stroke: 1.2, dashes: '1.8 1.8' },
      { shape: 'circle', x: 12, y: 12, radius: 2.9 },
      { shape: 'circle', x: 6, y: 18, radius: 2.6, stroke: 1.2, dashes: '1.8 1.8' },
      { shape: 'circle', x: 18, y: 18, radius: 2.9 },
    ],
  },
  synonyms: [
    'drop',
    '丢弃',
    '暂退',
    { names: ['spatialdropout', 'spatialdropout2d', 'dropout2d', '通道丢弃'], params: { spatial: true } },
    { names: ['stochasticdepth', 'droppath', '随机深度', '丢弃路径'], params: { paths: true } },
  ],
  sketch: ['rate'],
  caption: ({ rate, spatial, paths }) => {
    const percent = `${formatCount(rate * 100)} %`;
    if (paths) return text(`${percent}, samples`, `${percent}，按样本`);
    return spatial ? text(`${percent}, channels`, `${percent}，按通道`) : text(percent, percent);
  },
  inferShape: ({ inputs: [shape = []] }) => success(shape),
  explain: ({ params }) => [
    {
      about: 'values',
      title: text('A value of 1 that stays, while training', '训练时保留下来的数值 1'),
      formula: 'y = x / (1 − rate)',
      numbers: `1 / (1 − ${params.rate})`,
      result: formatCount(1 / (1 - params.rate)),
    },
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: ({ nodeId, params, inputs: [shape = []] }, ops, inputs, _weights, mode) => {
    const x = inputAt(inputs, 0);
    if (mode === 'infer' || params.rate === 0) return x;
    const [batch = 'batch', , , channels = 1] = x.shape;
    const drawn = params.paths
      ? x.shape.map((size, axis) => (axis === 0 ? size : 1))
      : params.spatial && shape.length === 3
        ? [batch, 1, 1, channels]
        : x.shape;
    const kept = ops.binary('greaterEqual', ops.input(randomInputName(nodeId), drawn), params.rate);
    return ops.mul(ops.mul(x, kept), 1 / (1 - params.rate));
  },
});

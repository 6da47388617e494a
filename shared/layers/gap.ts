import { success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { mapAt } from './checks';
import { defineLayer } from './define';
import { explainLine, number } from './explain';
import { glyphGrid } from './glyph';
import { inputAt } from './values';

const label = text('GAP', '全局池化');

export const gap = defineLayer({
  kind: 'gap',
  label,
  family: 'gap',
  doc: text(
    'Takes the mean of each whole channel: one number per channel, nothing to learn. Global average pooling stands in for the fully connected layers that hold most of a classic network’s parameters; ResNet and GoogLeNet end with it. It works for any picture size, and each channel becomes a vote for what it stands for. For VGG-16, GAP and one FC instead of three FCs turn 138,357,544 parameters into 15,227,688.',
    '对每个通道整张求平均：每个通道得到一个数，没有需要学习的参数。全局平均池化取代了占去经典网络大部分参数的全连接层，ResNet 和 GoogLeNet 都以它收尾。它适用于任意大小的图片，每个通道相当于为它所代表的内容投一票。VGG-16 用全局池化加一个全连接代替三个全连接后，参数从 138,357,544 降到 15,227,688。',
  ),
  references: [{ title: 'Lin, Chen & Yan, Network in network', url: 'https://arxiv.org/abs/1312.4400' }],
  hotkey: 'g',
  params: {
    mode: {
      type: 'choice',
      values: ['avg', 'max'],
      labels: { avg: text('Mean', '平均'), max: text('Largest', '最大') },
      default: 'avg',
      label: text('Mode', '方式'),
      doc: text('What is kept of each channel.', '每个通道保留什么。'),
    },
    keepDims: {
      type: 'boolean',
      default: false,
      label: text('Stay a map', '保留为特征图'),
      doc: text(
        'Gives a map of one position, 1×1×c, instead of a list of c: for convolutions behind it, or to weigh channels by Multiply.',
        '输出只有一个位置的特征图 1×1×c，而不是长度为 c 的向量：以便后接卷积，或用 Multiply 给通道加权。',
      ),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    role: 'globalPooling',
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      ...glyphGrid(3, 4.2, 0.8, () => 0.34),
      { shape: 'circle', x: 12, y: 12, radius: 4.6, paint: 'ground' },
      { shape: 'circle', x: 12, y: 12, radius: 3.4 },
    ],
  },
  synonyms: [
    'globalpool',
    'globalpooling',
    {
      names: [
        'gap',
        'globalavgpool',
        'globalaveragepool',
        'globalaveragepooling',
        'globalaveragepooling2d',
        '全局平均池化',
      ],
      params: { mode: 'avg' },
    },
    {
      names: ['globalmaxpool', 'gmp', 'globalmaxpooling', 'globalmaxpooling2d', '全局最大池化'],
      params: { mode: 'max' },
    },
  ],
  sketch: ['mode'],
  caption: ({ mode }) => (mode === 'avg' ? text('mean', '平均') : text('largest', '最大')),
  title: ({ mode }) => (mode === 'avg' ? text('GAP', '全局池化') : text('Global max pool', '全局最大池化')),
  inferShape: (context) => {
    const map = mapAt(context, label);
    if (!map.ok) return map;
    return success(context.params.keepDims ? [1, 1, map.value[2]] : [map.value[2]]);
  },
  explain: ({ params, inputs: [map = []], output }) => {
    const [height = null, width = null] = map;
    const area = height === null || width === null ? null : height * width;
    return [
      explainLine(
        'shape',
        text('Size', '大小'),
        params.keepDims ? 'h×w×c → 1×1×c' : 'h×w×c → c',
        map.map(number).join('×'),
        output.at(-1) ?? null,
      ),
      explainLine(
        'values',
        text('Values in each channel', '每个通道的数值个数'),
        `${params.mode === 'avg' ? 'y = (x₁ + … + xₙ) / n' : 'y = max(x₁ … xₙ)'}, n = h·w`,
        `${number(height)}·${number(width)}`,
        area,
      ),
    ];
  },
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'global',
  lower: ({ params }, ops, inputs) =>
    ops.reduce(params.mode === 'avg' ? 'reduceMean' : 'reduceMax', inputAt(inputs, 0), [1, 2], params.keepDims),
});

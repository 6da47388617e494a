import { sidesOfBlock } from '../diagnostics/catalog/depth';
import { failure, success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { axisNames, mapAt } from './checks';
import { defineLayer } from './define';
import { channelMarks, depthFields, lowerToDepth, placeMarks } from './depth';
import { explainLine, number } from './explain';
import { inputAt } from './values';

const label = text('Space to depth', '空间转深度');

export const spaceToDepth = defineLayer({
  kind: 'spaceToDepth',
  label,
  family: 'shape',
  doc: text(
    'Stacks blocks of positions as channels: each block of b × b becomes one position with b² times the channels. It makes a map smaller as a pool does, and loses nothing: the convolution behind it sees every value. YOLO and TResNet begin like this; PyTorch calls it pixel unshuffle.',
    '把位置块叠成通道：每个 b × b 的块变成一个位置，通道数变为 b² 倍。它像池化一样使特征图变小，却什么也不丢：后面的卷积能看到每个数值。YOLO 和 TResNet 就这样开头；PyTorch 称为 pixel unshuffle。',
  ),
  references: [{ title: 'Ridnik et al., TResNet', url: 'https://arxiv.org/abs/2003.13630' }],
  params: depthFields,
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => true,
    glyph: () => [...placeMarks(2), { shape: 'path', d: 'M12 12h2.5', stroke: 1.6 }, ...channelMarks(16)],
  },
  synonyms: ['focus', 'reorg', { names: ['pixelunshuffle'], params: { order: 'CRD' } }],
  sketch: ['blockSize'],
  caption: ({ blockSize, order }) => text(`÷${blockSize}, ${order}`, `÷${blockSize}，${order}`),
  inferShape: (context) => {
    const map = mapAt(context, label);
    if (!map.ok) return map;
    const [height, width, channels] = map.value;
    const { blockSize } = context.params;
    const cut = [height, width].findIndex((size) => size !== null && size % blockSize !== 0);
    if (cut >= 0) {
      return failure(
        sidesOfBlock(context.nodeId, axisNames[cut === 0 ? 0 : 1], blockSize, map.value[cut === 0 ? 0 : 1] ?? 0),
      );
    }
    const part = (size: number | null): number | null => (size === null ? null : size / blockSize);
    return success([part(height), part(width), channels === null ? null : channels * blockSize * blockSize]);
  },
  explain: ({ params, inputs: [map = []], output }) => {
    const [height = null, , channels = null] = map;
    const b = params.blockSize;
    return [
      explainLine('shape', text('Size', '大小'), 'b = x / s', `${number(height)} / ${b}`, output[0] ?? null),
      explainLine('shape', text('Channels', '通道'), 'c·s²', `${number(channels)}·${b}²`, output[2] ?? null),
    ];
  },
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ params: { blockSize: b } }) => ({
    size: [b, b],
    stride: [b, b],
    start: [(b - 1) / 2, (b - 1) / 2],
  }),
  lower: ({ params }, ops, inputs) => lowerToDepth(ops, inputAt(inputs, 0), params.blockSize, params.order),
});

import { channelsOfBlock } from '../diagnostics/catalog/depth';
import { failure, success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { mapAt } from './checks';
import { defineLayer } from './define';
import { channelMarks, depthFields, lowerToSpace, placeMarks } from './depth';
import { explainLine, number } from './explain';
import { inputAt } from './values';

const label = text('Depth to space', '深度转空间');

export const depthToSpace = defineLayer({
  kind: 'depthToSpace',
  label,
  family: 'upconv',
  doc: text(
    'Lays channels out as positions: each b² channels become a block of b × b. A convolution that gives 4·c channels and this layer behind it double the size of a map, with every value computed at the small size: the sub-pixel convolution of super-resolution, which PyTorch calls pixel shuffle. No value is made up and none is lost.',
    '把通道铺开成位置：每 b² 个通道变成一个 b × b 的块。先用卷积产生 4·c 个通道，再接这一层，特征图的边长就翻倍，而所有数值都在小尺寸上计算：这就是超分辨率中的亚像素卷积，PyTorch 称为 pixel shuffle。数值既不新增也不丢失。',
  ),
  references: [{ title: 'Shi et al., Sub-pixel convolution', url: 'https://arxiv.org/abs/1609.05158' }],
  params: depthFields,
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    isPointwise: false,
    enlarges: true,
    keepsLinear: () => true,
    glyph: () => [...channelMarks(2), { shape: 'path', d: 'M9.5 12h2.5', stroke: 1.6 }, ...placeMarks(13)],
  },
  synonyms: ['像素重排', 'subpixel', '亚像素卷积', { names: ['pixelshuffle'], params: { order: 'CRD' } }],
  sketch: ['blockSize'],
  caption: ({ blockSize, order }) => text(`×${blockSize}, ${order}`, `×${blockSize}，${order}`),
  inferShape: (context) => {
    const map = mapAt(context, label);
    if (!map.ok) return map;
    const [height, width, channels] = map.value;
    const { blockSize } = context.params;
    const places = blockSize * blockSize;
    if (channels !== null && channels % places !== 0)
      return failure(channelsOfBlock(context.nodeId, blockSize, channels));
    const times = (size: number | null, by: number): number | null => (size === null ? null : size * by);
    return success([times(height, blockSize), times(width, blockSize), times(channels, 1 / places)]);
  },
  explain: ({ params, inputs: [map = []], output }) => {
    const [height = null, , channels = null] = map;
    const b = params.blockSize;
    return [
      explainLine('shape', text('Size', '大小'), 'b = x·s', `${number(height)}·${b}`, output[0] ?? null),
      explainLine('shape', text('Channels', '通道'), 'c / s²', `${number(channels)} / ${b}²`, output[2] ?? null),
    ];
  },
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ params: { blockSize } }) => {
    // Every place of a block sees what its channels saw.
    const start = (1 / blockSize - 1) / 2;
    return { size: [1, 1], stride: [1 / blockSize, 1 / blockSize], start: [start, start] };
  },
  lower: ({ params }, ops, inputs) => lowerToSpace(ops, inputAt(inputs, 0), params.blockSize, params.order),
});

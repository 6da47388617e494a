import { concatMismatch, mergeRankMismatch } from '../diagnostics/catalog/layers';
import { failure, success } from '../diagnostics/diagnostic';
import { formatShape, text } from '../text';
import { defineLayer } from './define';
import { explainLine, number } from './explain';
import { inputAt } from './values';

export const concat = defineLayer({
  kind: 'concat',
  label: text('Concat', '拼接'),
  family: 'merge',
  doc: text(
    'Stacks the channels of its inputs on each other. Heights and widths must be equal, channels add up: 56×56×512 and 56×56×512 give 56×56×1,024. U-Net joins each map of the way up with the map of the same scale on the way down like this, so that the convolutions behind it can choose from both.',
    '把各输入的通道依次叠在一起。高和宽必须相同，通道数相加：56×56×512 与 56×56×512 得到 56×56×1,024。U-Net 就这样把上行路径的特征图与下行路径中同一尺度的特征图拼接，让后面的卷积从两者中自行选取。',
  ),
  references: [{ title: 'Ronneberger, Fischer & Brox, U-Net', url: 'https://arxiv.org/abs/1505.04597' }],
  hotkey: '&',
  params: {},
  inputs: { arity: 'variadic' },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'path', d: 'M3 6.5h5l2.5 2.5M3 17.5h5l2.5-2.5', stroke: 1.8 },
      { shape: 'rect', x: 11.5, y: 5, width: 4.5, height: 14, radius: 1, opacity: 0.34 },
      { shape: 'rect', x: 16.5, y: 5, width: 4.5, height: 14, radius: 1 },
    ],
  },
  synonyms: ['concatenate', 'concatenation', 'cat', '通道拼接', '连接'],
  caption: () => text('channels', '按通道'),
  inferShape: ({ nodeId, inputs: [first = [], ...others] }) => {
    let size = first.slice(0, -1);
    let channels = first.at(-1) ?? null;
    for (const [index, other] of others.entries()) {
      if (other.length !== first.length) {
        return failure(mergeRankMismatch(nodeId, index + 1, formatShape(first), formatShape(other)));
      }
      const known = size;
      const merged = other.slice(0, -1).map((length, axis) => (length === null ? (known[axis] ?? null) : length));
      if (merged.some((length, axis) => known[axis] !== null && known[axis] !== length)) {
        return failure(concatMismatch(nodeId, index + 1, formatShape(first), formatShape(other)));
      }
      size = merged;
      const more = other.at(-1) ?? null;
      channels = channels === null || more === null ? null : channels + more;
    }
    return success([...size, channels]);
  },
  explain: ({ inputs, output }) => [
    explainLine(
      'shape',
      text('Channels', '通道数'),
      'c = c₀ + c₁ + …',
      inputs.map((shape) => number(shape.at(-1) ?? null)).join(' + '),
      output.at(-1) ?? null,
    ),
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: (_context, ops, inputs) => {
    const first = inputAt(inputs, 0);
    return inputs.length === 1 ? first : ops.concat(inputs, first.shape.length - 1);
  },
});

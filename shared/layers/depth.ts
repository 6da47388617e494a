import type { OpBuilder, Value } from '../ops/builder';
import { text } from '../text';
import { maxWindow } from './fields';
import { mapSize } from './values';

/*
 * What the layers that trade positions for channels have alike. A block of b × b positions is b² groups of channels at one.
 */

/** How the channels of a block are counted: by its rows and columns first, or by its own channels first. */
export type DepthOrder = 'DCR' | 'CRD';

/** Params of both. */
export const depthFields = {
  blockSize: {
    type: 'integer',
    min: 1,
    max: maxWindow,
    default: 2,
    label: text('Block size', '块大小'),
    doc: text('How many rows and columns a block has.', '一个块有多少行和多少列。'),
  },
  order: {
    type: 'choice',
    values: ['DCR', 'CRD'],
    labels: {
      DCR: text('Places first (TensorFlow)', '先位置（TensorFlow）'),
      CRD: text('Channels first (PyTorch)', '先通道（PyTorch）'),
    },
    default: 'DCR',
    label: text('Order', '次序'),
    doc: text(
      'In which order the channels of a block lie: all channels of its first place and then of the next, or all places of the first channel and then of the next.',
      '块内通道的排列次序：先是第一个位置的所有通道，再是下一个位置；或先是第一个通道的所有位置，再是下一个通道。',
    ),
  },
} as const;

/** Four things side by side in a glyph, which fade from the first to the last. */
function fourOf(place: (at: number) => { readonly x: number; readonly y: number; readonly width: number }) {
  return [0, 1, 2, 3].map(
    (at) => ({ shape: 'rect', ...place(at), height: 3.9, radius: 0.8, opacity: 1 - at * 0.22 }) as const,
  );
}

/** Channels in a glyph: on top of each other. */
export function channelMarks(x: number) {
  return fourOf((at) => ({ x, y: 3 + at * 4.7, width: 6 }));
}

/** Positions in a glyph: a block of two by two. */
export function placeMarks(x: number) {
  return fourOf((at) => ({ x: x + (at % 2) * 4.7, y: 7.7 + Math.floor(at / 2) * 4.7, width: 3.9 }));
}

/** `[h, w, b·b·c]` to `[h·b, w·b, c]`. */
export function lowerToSpace(ops: OpBuilder, x: Value, block: number, order: DepthOrder): Value {
  const [height, width, depth] = mapSize(x);
  const channels = depth / (block * block);
  const placesFirst = order === 'DCR' ? x : turned(ops, x, channels, block * block);
  const rows = ops.reshape(placesFirst, ['batch', height, width, block, block * channels]);
  return ops.reshape(ops.transpose(rows, swapped), ['batch', height * block, width * block, channels]);
}

/** `[h·b, w·b, c]` to `[h, w, b·b·c]`. */
export function lowerToDepth(ops: OpBuilder, x: Value, block: number, order: DepthOrder): Value {
  const [height, width, channels] = mapSize(x);
  const [rows, columns] = [height / block, width / block];
  const cut = ops.reshape(x, ['batch', rows, block, columns, block * channels]);
  const places = block * block;
  const deep = ops.reshape(ops.transpose(cut, swapped), ['batch', rows, columns, places * channels]);
  return order === 'DCR' ? deep : turned(ops, deep, places, channels);
}

/** The row within a block and the column of blocks change places. */
const swapped = [0, 1, 3, 2, 4] as const;

/** Channels that lie as `[outer, inner]`, as `[inner, outer]`. */
function turned(ops: OpBuilder, x: Value, outer: number, inner: number): Value {
  const [height, width] = mapSize(x);
  const apart = ops.reshape(x, ['batch', height * width, outer, inner]);
  return ops.reshape(ops.transpose(apart, [0, 1, 3, 2]), x.shape);
}

import type { ConvAttributes, PoolAttributes } from '../../../shared/ops/graph';
import { convOutputSize } from '../../../shared/ops/inference';
import { fed, held, opCase } from './opCase';
import type { OpCase } from './opCase';

type Pair = readonly [number, number];
type ConvRow = { readonly size: Pair; readonly kernel: Pair; readonly channels: Pair } & Partial<ConvAttributes>;

const plain: ConvAttributes = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 };

/** [in, out] channels; what is not said is plain. Sizes that the stride does not divide leave a border unseen. */
const convRows: readonly ConvRow[] = [
  { size: [6, 5], kernel: [3, 3], channels: [2, 3] },
  { size: [5, 6], kernel: [1, 1], channels: [3, 4] },
  { size: [4, 4], kernel: [4, 4], channels: [2, 5] },
  { size: [7, 6], kernel: [3, 2], channels: [2, 3], pads: [1, 1, 1, 0] },
  { size: [8, 8], kernel: [3, 3], channels: [2, 3], strides: [2, 2] },
  { size: [8, 7], kernel: [3, 3], channels: [1, 2], strides: [2, 2], pads: [0, 1, 0, 1] },
  { size: [9, 8], kernel: [2, 3], channels: [2, 2], strides: [3, 2], pads: [2, 0, 1, 2] },
  { size: [8, 9], kernel: [1, 1], channels: [2, 3], strides: [2, 3] },
  { size: [9, 9], kernel: [3, 3], channels: [2, 2], dilations: [2, 2] },
  { size: [9, 8], kernel: [3, 2], channels: [2, 2], dilations: [2, 3], pads: [2, 1, 0, 3] },
  { size: [10, 9], kernel: [3, 2], channels: [1, 2], dilations: [2, 3], strides: [2, 2], pads: [1, 2, 3, 0] },
  { size: [6, 6], kernel: [3, 3], channels: [4, 6], groups: 2 },
  { size: [6, 7], kernel: [3, 3], channels: [3, 6], groups: 3, strides: [2, 2], pads: [1, 1, 0, 1] },
  { size: [6, 6], kernel: [3, 3], channels: [4, 4], groups: 4, pads: [1, 1, 1, 1] },
  { size: [7, 7], kernel: [3, 2], channels: [2, 4], groups: 2, dilations: [2, 1], strides: [1, 2] },
];

function conv({ strides, pads, dilations, groups }: ConvRow): ConvAttributes {
  return {
    strides: strides ?? plain.strides,
    pads: pads ?? plain.pads,
    dilations: dilations ?? plain.dilations,
    groups: groups ?? plain.groups,
  };
}

function describeConv({ size, kernel, channels, ...row }: ConvRow): string {
  const { strides, pads, dilations, groups } = conv({ size, kernel, channels, ...row });
  const sizes = `${size.join('x')}x${channels[0]} kernel ${kernel.join('x')}x${channels[1]}`;
  return `${sizes} strides ${strides.join()} pads ${pads.join()} dilations ${dilations.join()} groups ${groups}`;
}

/** Channels that fill the blocks in which some engines convolve. */
const blockRows: readonly ConvRow[] = [
  { size: [6, 5], kernel: [3, 3], channels: [16, 32], pads: [1, 1, 1, 1] },
  { size: [6, 7], kernel: [3, 2], channels: [32, 16], strides: [2, 1], pads: [0, 1, 1, 0] },
  { size: [7, 6], kernel: [3, 3], channels: [16, 16], dilations: [2, 1], pads: [2, 1, 1, 2] },
];

/** Engines treat images of a few pixels otherwise than larger ones. */
function enlarged(row: ConvRow): ConvRow {
  return { ...row, size: [3 * row.size[0], 2 * row.size[1] + 1] };
}

function casesOf(row: ConvRow): readonly OpCase[] {
  const attributes = conv(row);
  const filter = held([...row.kernel, row.channels[0] / attributes.groups, row.channels[1]]);
  const small = fed([...convOutputSize(row.size, row.kernel, attributes), row.channels[1]]);
  const image = fed([...row.size, row.channels[0]]);
  const title = describeConv(row);
  return [
    opCase(`conv2d ${title}`, [image, filter], (ops, x, w) => ops.conv2d(x, w, attributes)),
    opCase(`conv2dInputGrad ${title}`, [small, filter], (ops, dy, w) =>
      ops.conv2dInputGrad(dy, w, row.size, attributes),
    ),
    opCase(`conv2dFilterGrad ${title}`, [image, small], (ops, x, dy) =>
      ops.conv2dFilterGrad(x, dy, row.kernel, attributes),
    ),
  ];
}

const poolRows: readonly ({ readonly input: Pair } & PoolAttributes)[] = [
  { input: [4, 6], size: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] },
  { input: [5, 7], size: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] },
  { input: [5, 5], size: [2, 2], strides: [2, 2], pads: [0, 1, 0, 1] },
  { input: [7, 7], size: [3, 3], strides: [2, 2], pads: [0, 0, 0, 0] },
  { input: [6, 6], size: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] },
  { input: [7, 8], size: [3, 2], strides: [2, 1], pads: [1, 2, 0, 1] },
  { input: [8, 8], size: [2, 2], strides: [3, 3], pads: [0, 0, 0, 0] },
  { input: [8, 7], size: [3, 3], strides: [2, 3], pads: [2, 2, 1, 0] },
  { input: [4, 5], size: [4, 5], strides: [4, 5], pads: [0, 0, 0, 0] },
  // The one window of an axis begins or ends in the padding.
  { input: [1, 1], size: [2, 2], strides: [2, 2], pads: [1, 0, 1, 0] },
  { input: [1, 3], size: [2, 2], strides: [2, 3], pads: [0, 1, 1, 0] },
  { input: [2, 1], size: [3, 3], strides: [3, 3], pads: [1, 0, 1, 1] },
  { input: [2, 3], size: [2, 2], strides: [4, 4], pads: [1, 1, 1, 0] },
];

const poolCases = poolRows.flatMap(({ input, ...attributes }): OpCase[] => {
  const { size, strides, pads } = attributes;
  const title = `${input.join('x')} window ${size.join('x')} strides ${strides.join()} pads ${pads.join()}`;
  const distinct = fed([...input, 2], 'distinct');
  const avg = [distinct];
  return [
    opCase(`maxPool ${title}`, [distinct], (ops, x) => ops.maxPool(x, attributes)),
    opCase(`avgPool ${title}`, avg, (ops, x) => ops.avgPool(x, attributes)),
    opCase(`avgPoolGrad ${title}`, avg, (ops, x) => ops.avgPoolGrad(ops.avgPool(x, attributes), input, attributes)),
    opCase(
      `maxPoolGrad of equal values ${title}`,
      [fed([...input, 2], 'ties')],
      (ops, x) => {
        const y = ops.maxPool(x, attributes);
        return ops.maxPoolGrad(x, y, ops.add(ops.unary('square', y), 1), attributes);
      },
      false,
    ),
    opCase(
      `maxPool of negative values only, ${title}`,
      [fed([...input, 2], 'positive')],
      (ops, x) => ops.maxPool(ops.mul(x, -1e6), attributes),
      false,
    ),
  ];
});

/** Convolutions and pools over grids of strides, pads, dilations, groups and overlaps. */
export const windowCases: readonly OpCase[] = [...convRows.flatMap(casesOf), ...poolCases];

/** Too large to differentiate number by number. */
export const largeWindowCases: readonly OpCase[] = [...convRows.map(enlarged), ...blockRows].flatMap(casesOf);

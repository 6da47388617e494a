import type { OpBuilder, Value } from '../ops/builder';
import { text } from '../text';
import type { Explanation, Size2 } from './define';
import { explainLine, number } from './explain';
import { resizeAxis } from './resizing';
import { mapSize } from './values';

/*
 * Pools that are told how many windows to make, and cut the map into as many: PyTorch's AdaptiveAvgPool2d and AdaptiveMaxPool2d.
 */

/**
 * The windows `[from, to)` along one axis: ⌊i·x / b⌋ to ⌈(i + 1)·x / b⌉. They overlap where x / b is no whole number: 5 values in 3
 * windows are 0 to 2, 1 to 4 and 3 to 5. More windows than values repeat values.
 */
export function adaptiveWindows(length: number, count: number): readonly (readonly [from: number, to: number])[] {
  return Array.from({ length: count }, (_, at) => [
    Math.floor((at * length) / count),
    Math.ceil(((at + 1) * length) / count),
  ]);
}

/** The window of a plain pool that does the same on a map of this size, whatever its strides; null where no plain one does. */
export function plainWindow(map: readonly (number | null)[], count: Size2): Size2 | null {
  const [height = null, width = null] = map;
  if (height === null || width === null || height % count[0] !== 0 || width % count[1] !== 0) return null;
  return [height / count[0], width / count[1]];
}

/** Shares `[from, to]`, row-major, by which one axis is averaged. */
export function averageShares(length: number, count: number): Float32Array {
  const shares = new Float32Array(length * count);
  for (const [window, [from, to]] of adaptiveWindows(length, count).entries()) {
    for (let at = from; at < to; at++) shares[at * count + window] = 1 / (to - from);
  }
  return shares;
}

/** The pool as primitive ops. Windows are the same in every row and column, so that one axis goes after the other. */
export function lowerAdaptivePool(ops: OpBuilder, x: Value, mode: 'max' | 'avg', count: Size2): Value {
  const [height, width] = mapSize(x);
  const size = plainWindow([height, width], count);
  if (size !== null) {
    return ops[mode === 'max' ? 'maxPool' : 'avgPool'](x, { size, strides: size, pads: [0, 0, 0, 0] });
  }
  if (mode === 'max') return largestOf(ops, largestOf(ops, x, 0, count[0]), 1, count[1]);
  const wide = resizeAxis(ops, x, [0, 1, 3, 2], averageShares(width, count[1]), [width, count[1]]);
  return resizeAxis(ops, wide, [0, 3, 2, 1], averageShares(height, count[0]), [height, count[0]]);
}

/** The largest of each window along the height (0) or the width (1). */
function largestOf(ops: OpBuilder, x: Value, axis: 0 | 1, count: number): Value {
  const place = axis + 1;
  const maxima = adaptiveWindows(mapSize(x)[axis], count).map(([from, to]) => {
    const run = ops.slice(x, [0, 0, 0, 0].with(place, from), [-1, -1, -1, -1].with(place, to - from));
    const size = axis === 0 ? ([to - from, 1] as const) : ([1, to - from] as const);
    return ops.maxPool(run, { size, strides: [1, 1], pads: [0, 0, 0, 0] });
  });
  return ops.concat(maxima, place);
}

/** How many windows there are, and where the first and the last of them lie. */
export function explainAdaptive(map: readonly (number | null)[], count: Size2): Explanation[] {
  return [text('Height', '高'), text('Width', '宽')].flatMap((title, axis) => {
    const [length, windows] = [map[axis] ?? null, count[axis === 0 ? 0 : 1]];
    const cuts = length === null ? [] : adaptiveWindows(length, windows);
    const shown = [...new Set([cuts[0], cuts[1], cuts.at(-1)])].flatMap((cut) => (cut ? [`${cut[0]}…${cut[1]}`] : []));
    const gap = cuts.length > 3 ? '…, ' : '';
    return [
      explainLine(
        'shape',
        title,
        '⌊i·x/b⌋ … ⌈(i+1)·x/b⌉',
        shown.length === 0 ? `x ${number(null)}` : [...shown.slice(0, -1), `${gap}${shown.at(-1) ?? ''}`].join(', '),
        windows,
      ),
    ];
  });
}

/** The step of the windows in the receptive field: the widest of them, at the distance that they lie apart on average. */
export function adaptiveStep(
  map: readonly (number | null)[],
  count: Size2,
): { readonly size: Size2; readonly stride: Size2; readonly start: Size2 } | 'global' {
  const [height = null, width = null] = map;
  if (height === null || width === null || (count[0] === 1 && count[1] === 1)) return 'global';
  const steps = ([height, width] as const).map((length, axis) => {
    const windows = adaptiveWindows(length, count[axis] ?? 1);
    const [, end] = windows[0] ?? [0, 1];
    const size = Math.max(...windows.map(([from, to]) => to - from));
    return { size, stride: length / (count[axis] ?? 1), start: (end - 1) / 2 };
  });
  const pair = (of: (step: (typeof steps)[number]) => number): Size2 => {
    const [first = 0, second = 0] = steps.map(of);
    return [first, second];
  };
  return { size: pair(({ size }) => size), stride: pair(({ stride }) => stride), start: pair(({ start }) => start) };
}

import type { Json } from '../../../schema/document';
import { numbersOf, textOf, intOf, type OnnxNode } from '../model';

/*
 * What operators with a sliding window say about it, along height and width. One axis of space is a map of width 1.
 */

export type Pair = readonly [number, number];
/** `[top, bottom, left, right]`, as documents have it. */
export type Sides = readonly [number, number, number, number];

export type Window = {
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilation: Pair;
  readonly sides: Sides;
  /** TensorFlow's padding, named as such by the file. */
  readonly isSame: boolean;
};

/** Reads a list for one or two axes of space. */
export function pairOf(list: readonly number[] | null, otherwise: number): Pair {
  return [list?.[0] ?? otherwise, list?.[1] ?? (list === null ? otherwise : 1)];
}

/** ONNX's `[starts..., ends...]` as sides. */
export function sidesOf(pads: readonly number[] | null, axes: number): Sides {
  const side = (axis: number, end: 0 | 1): number => (axis < axes ? (pads?.[axis + end * axes] ?? 0) : 0);
  return [side(0, 0), side(0, 1), side(1, 0), side(1, 1)];
}

/** How far a window reaches. */
function spanOf(window: Pick<Window, 'size' | 'dilation'>, axis: 0 | 1): number {
  return (window.size[axis] - 1) * window.dilation[axis] + 1;
}

/** What `same` puts around each axis; `lower` puts an odd one before. */
function sameSides(map: Pair, window: Omit<Window, 'sides' | 'isSame'>, isLower: boolean): Sides {
  const around = ([0, 1] as const).map((axis) => {
    const count = Math.ceil(map[axis] / window.strides[axis]);
    const total = Math.max((count - 1) * window.strides[axis] + spanOf(window, axis) - map[axis], 0);
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return isLower ? ([more, less] as const) : ([less, more] as const);
  });
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = around;
  return [top, bottom, left, right];
}

/** The window of an operator over a map; `extra` are zeros that an operator before it puts around the map. */
export function windowOf(
  node: OnnxNode,
  map: Pair,
  size: Pair,
  axes: number,
  extra: readonly number[] = [0, 0, 0, 0],
): Window {
  const strides = pairOf(numbersOf(node, 'strides'), 1);
  const dilation = pairOf(numbersOf(node, 'dilations'), 1);
  const partial = { size, strides, dilation };
  const auto = textOf(node, 'auto_pad', 'NOTSET');
  const isAuto = auto.startsWith('SAME');
  const own = isAuto
    ? sameSides(map, partial, auto === 'SAME_LOWER')
    : auto === 'VALID'
      ? ([0, 0, 0, 0] as const)
      : sidesOf(numbersOf(node, 'pads'), axes);
  const at = (side: 0 | 1 | 2 | 3): number => own[side] + (extra[side] ?? 0);
  const sides: Sides = [at(0), at(1), at(2), at(3)];
  const same = sameSides(map, partial, false);
  const isUneven = sides[0] !== sides[1] || sides[2] !== sides[3];
  return {
    ...partial,
    sides,
    isSame: (auto === 'SAME_UPPER' || isUneven) && sides.every((side, k) => side === same[k]),
  };
}

/** How many windows there are along each axis. */
export function windowCounts(map: Pair, window: Window, isCeil = false): Pair {
  const count = (axis: 0 | 1): number => {
    const padded = map[axis] + window.sides[(axis * 2) as 0 | 2] + window.sides[(axis * 2 + 1) as 1 | 3];
    const steps = (padded - spanOf(window, axis)) / window.strides[axis];
    if (!isCeil) return Math.floor(steps) + 1;
    // The last window starts inside of the map or of the padding before it.
    const counted = Math.ceil(steps) + 1;
    return (counted - 1) * window.strides[axis] >= map[axis] + window.sides[(axis * 2) as 0 | 2]
      ? counted - 1
      : counted;
  };
  return [count(0), count(1)];
}

/** A param of two sizes as a person would write it. */
export function sizeParam([height, width]: Pair): Json {
  return height === width ? height : [height, width];
}

/** Params that say how a window moves, without those that are the default anyway. */
export function windowParams({ strides, dilation, sides, isSame }: Window): { readonly [name: string]: Json } {
  const [top, bottom, left, right] = sides;
  const padding: Json = isSame
    ? 'same'
    : top === bottom && left === right
      ? sizeParam([top, left])
      : [top, bottom, left, right];
  return {
    ...(strides.every((step) => step === 1) ? {} : { strides: sizeParam(strides) }),
    ...(dilation.every((step) => step === 1) ? {} : { dilationRate: sizeParam(dilation) }),
    ...(padding === 0 ? {} : { padding }),
  };
}

/** The number of groups of an operator. */
export function groupsOf(node: OnnxNode): number {
  return intOf(node, 'group', 1);
}

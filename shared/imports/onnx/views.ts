import type { Json } from '../../schema/document';

/*
 * Values of the file as views of nodes of the network. A sample is kept as `[height, width, channels]` or as a list, and the file has it
 * in any order and any grouping of axes, with the batch among them. Both are written as lists of the same factors, so that a reshape or
 * a transpose of the file moves factors and makes no node; nodes are made where a layer needs the values in another order.
 */

/** A run of values along some axis of which no smaller run is needed; compared by identity. A size of 1 is no factor. */
export type Factor = { readonly size: number };

/** Factors from outside to inside: an axis of [a, b] counts b fastest. */
export type Axis = readonly Factor[];

/** The batch, which no node of the network has as an axis. */
export const batchFactor: Factor = { size: 1 };

export type View = {
  readonly kind: 'view';
  readonly node: string;
  /** The node's own axes: one, or height, width and channels. */
  readonly base: readonly Axis[];
  /** The axes of the file's tensor. */
  readonly axes: readonly Axis[];
};

export function sizeOf(axis: Axis): number {
  return axis.reduce((size, factor) => size * factor.size, 1);
}

/** The file's shape of a view, for a batch of one. */
export function shapeOf(view: View): readonly number[] {
  return view.axes.map(sizeOf);
}

/** The shape that the node has. */
export function nodeShape(base: readonly Axis[]): readonly number[] {
  return base.map(sizeOf);
}

export function isSameAxis(a: Axis, b: Axis): boolean {
  return a.length === b.length && a.every((factor, at) => factor === b[at]);
}

export function isSameOrder(a: readonly Axis[], b: readonly Axis[]): boolean {
  return a.length === b.length && a.every((axis, at) => isSameAxis(axis, b[at] ?? []));
}

/** A size as an axis of its own. */
export function axisOf(size: number): Axis {
  return size === 1 ? [] : [{ size }];
}

/** Without the batch. */
export function withoutBatch(axis: Axis): Axis {
  return axis.filter((factor) => factor !== batchFactor);
}

/** Whether the batch lies where layers have it: alone and in front. */
export function hasBatchInFront({ axes: [first = [], ...others] }: View): boolean {
  const isBatchAlone = first.every((factor) => factor === batchFactor);
  return isBatchAlone && others.every((axis) => !axis.includes(batchFactor));
}

/** A view with a factor cut in two, outer and inner. */
function split(view: View, factor: Factor, outer: number): View {
  const parts = [{ size: outer }, { size: factor.size / outer }];
  const cut = (axis: Axis): Axis => axis.flatMap((one) => (one === factor ? parts : [one]));
  return { ...view, base: view.base.map(cut), axes: view.axes.map(cut) };
}

/** The view under another shape, or null where the sizes cut through factors in no whole way. */
export function reshaped(view: View, shape: readonly number[]): View | null {
  let result = view;
  const axes: Axis[] = [];
  let taken = 0;
  for (const [at, size] of shape.entries()) {
    const axis: Factor[] = [];
    let missing = size;
    const next = (): Factor | undefined => result.axes.flat()[taken];
    // The batch of one is kept by the axis that stands where it stood.
    if (next() === batchFactor && (size === 1 || at === 0)) {
      axis.push(batchFactor);
      taken++;
    }
    while (missing > 1) {
      const factor = next();
      if (factor === undefined) return null;
      if (factor === batchFactor || missing % factor.size === 0) {
        axis.push(factor);
        missing /= factor.size;
        taken++;
      } else if (factor.size % missing === 0) {
        result = split(result, factor, missing);
      } else {
        return null;
      }
    }
    // A list of positions and samples in front of all channels keeps the batch of one among them.
    const isMerged = shape.length < view.axes.length && at === shape.length - 2;
    if (isMerged && axis.length > 0 && next() === batchFactor) {
      axis.push(batchFactor);
      taken++;
    }
    axes.push(axis);
  }
  const left = result.axes.flat().slice(taken);
  if (left.some((factor) => factor !== batchFactor)) return null;
  return { ...result, axes };
}

/** The view with its axes in another order. */
export function reordered(view: View, order: readonly number[]): View {
  return { ...view, axes: order.map((axis) => view.axes[axis] ?? []) };
}

/** Cuts factors of two axes of equal size so that both have equal factors; null where they have no common cut. */
export function commonCut(a: View, b: View, axisA: number, axisB: number): readonly [View, View] | null {
  let [left, right] = [a, b];
  for (let at = 0; ; at++) {
    const one = withoutBatch(left.axes[axisA] ?? [])[at];
    const other = withoutBatch(right.axes[axisB] ?? [])[at];
    if (one === undefined && other === undefined) return [left, right];
    if (one === undefined || other === undefined) return null;
    if (one.size === other.size) continue;
    if (one.size % other.size === 0) left = split(left, one, other.size);
    else if (other.size % one.size === 0) right = split(right, other, one.size);
    else return null;
  }
}

/** One node of several that bring values into another order. */
export type Arrangement = {
  readonly kind: 'reshape' | 'permute' | 'shuffle' | 'flatten';
  readonly params: { readonly [name: string]: Json };
};

/** The six orders of three blocks but the first, which changes nothing. */
const orders = [
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** How many permutations in a row are tried before a longer way is taken. */
const mostSteps = 3;

/** The nodes that bring values from one order and grouping of the same factors to another; null where the factors are others. */
export function arrangements(from: readonly Axis[], to: readonly Axis[]): readonly Arrangement[] | null {
  if (isSameOrder(from, to)) return [];
  const [start, goal] = [from.flat(), to.flat()];
  if (isSameAxis(start, goal)) return [regroup(to)];
  const shuffled = shuffleOf(from, to);
  if (shuffled !== null) return [shuffled];
  if (start.length !== goal.length || !goal.every((factor) => start.includes(factor))) return null;
  const steps = findSteps(start, goal) ?? stepByStep(start, goal);
  const made: Arrangement[] = [];
  let shape = nodeShape(from);
  for (const { blocks, order } of steps) {
    const cut = blocks.map(sizeOf);
    if (!isSameShape(cut, shape)) made.push({ kind: 'reshape', params: { shape: cut } });
    made.push({ kind: 'permute', params: { order: order.map((axis) => axis + 1) } });
    shape = order.map((axis) => cut[axis] ?? 1);
  }
  if (!isSameShape(shape, nodeShape(to))) made.push(regroup(to));
  return made;
}

/** Whether two lists of sizes are the same. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, at) => size === b[at]);
}

function regroup(to: readonly Axis[]): Arrangement {
  return to.length === 1 ? { kind: 'flatten', params: {} } : { kind: 'reshape', params: { shape: [...nodeShape(to)] } };
}

/** Channels dealt out anew, with height and width as they were. */
function shuffleOf(from: readonly Axis[], to: readonly Axis[]): Arrangement | null {
  const [channels = [], dealt = []] = [from[2], to[2]];
  const [outer, inner] = channels;
  const isShuffle =
    isSameOrder(from.slice(0, 2), to.slice(0, 2)) && channels.length === 2 && dealt[0] === inner && dealt[1] === outer;
  return isShuffle && outer !== undefined ? { kind: 'shuffle', params: { groups: outer.size } } : null;
}

type Step = { readonly blocks: readonly [Axis, Axis, Axis]; readonly order: readonly number[] };

/** The fewest exchanges of three blocks that lead from one order to another. */
function findSteps(start: Axis, goal: Axis): readonly Step[] | null {
  const keyOf = (axis: Axis): string => axis.map((factor) => start.indexOf(factor)).join();
  const wanted = keyOf(goal);
  const seen = new Set([keyOf(start)]);
  let edge: { readonly axis: Axis; readonly steps: readonly Step[] }[] = [{ axis: start, steps: [] }];
  for (let depth = 0; depth < mostSteps; depth++) {
    const next: typeof edge = [];
    for (const { axis, steps } of edge) {
      for (const step of exchanges(axis)) {
        const moved = step.order.flatMap((block) => step.blocks[block] ?? []);
        const key = keyOf(moved);
        if (seen.has(key)) continue;
        seen.add(key);
        const way = { axis: moved, steps: [...steps, step] };
        if (key === wanted) return way.steps;
        next.push(way);
      }
    }
    edge = next;
  }
  return null;
}

/** A way that is always there: one factor after the other comes to its place, with all that stands before it moved to the end. */
function stepByStep(start: Axis, goal: Axis): readonly Step[] {
  const steps: Step[] = [];
  let axis = start;
  for (const [place, factor] of goal.entries()) {
    const at = axis.indexOf(factor);
    if (at === place) continue;
    const blocks = [axis.slice(0, place), axis.slice(place, at), axis.slice(at)] as const;
    const order = [0, 2, 1];
    steps.push({ blocks, order });
    axis = order.flatMap((block) => blocks[block] ?? []);
  }
  return steps;
}

function exchanges(axis: Axis): readonly Step[] {
  const steps: Step[] = [];
  for (let first = 1; first <= axis.length; first++) {
    for (let second = first; second <= axis.length; second++) {
      const blocks = [axis.slice(0, first), axis.slice(first, second), axis.slice(second)] as const;
      for (const order of orders) steps.push({ blocks, order });
    }
  }
  return steps;
}

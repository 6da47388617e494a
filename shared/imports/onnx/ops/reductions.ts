import { behind, notCarried, type Carry, type Context } from '../context';
import { axisAt, listInput } from '../fold';
import { intOf } from '../model';
import type { FoundNode } from '../patterns';
import { sizeOf, withoutBatch, type Axis, type View } from '../views';
import { globalPool } from './pools';
import { scaled } from './pointwise';

type Reduction = 'mean' | 'sum' | 'max';

/** One value in the place of several, along any axes but the batch. */
export function reduce(reduction: Reduction): Carry {
  return (node, context) => {
    const view = context.viewOf(node.inputs[0]);
    const rank = view.axes.length;
    const listed = listInput(node, context.constantOf(node.inputs[1]), 'axes');
    if (listed === null || listed.length === 0) return notCarried('it reduces the batch, too', '它同时归约批');
    const reduced = new Set(listed.map((axis) => axisAt(axis, rank)));
    if (reduced.has(0)) return notCarried('it reduces the batch, too', '它同时归约批');
    const gone: Axis = [...reduced].flatMap((axis) => withoutBatch(view.axes[axis] ?? []));
    const isKept = intOf(node, 'keepdims', 1) === 1;
    const axes = isKept
      ? view.axes.map((axis, at) => (reduced.has(at) ? [] : axis))
      : view.axes.filter((_, at) => !reduced.has(at));
    if (gone.length === 0) return [{ ...view, axes }];
    const summed = reduction === 'sum' ? sumOfRuns(node, context, view, gone, axes) : null;
    if (summed !== null) return [summed];
    if (reduction === 'sum') return [addUp(node, context, view, gone, axes)];
    return [overPositions(node, context, view, gone, axes, reduction === 'max' ? 'max' : 'avg')];
  };
}

/** The sum along some factors, as their mean times their number. */
export function addUp(node: FoundNode, context: Context, view: View, gone: Axis, axes: readonly Axis[]): View {
  return scaled(node, context, overPositions(node, context, view, gone, axes, 'avg'), sizeOf(gone), 0);
}

/** As the pool of a whole map, which has what is reduced as its positions. */
function overPositions(
  node: FoundNode,
  context: Context,
  view: View,
  gone: Axis,
  axes: readonly Axis[],
  mode: 'max' | 'avg',
): View {
  const kept = view.base.flat().filter((factor) => !gone.includes(factor));
  const [height = [], width = [], channels = []] = view.base;
  const isMap =
    view.base.length === 3 &&
    [...height, ...width].every((factor) => gone.includes(factor)) &&
    channels.every((factor) => !gone.includes(factor));
  const map = context.arrange(node, view, isMap ? view.base : [gone, [], kept]);
  const pooled = globalPool(node, map, mode, axes, context);
  if (isMap || kept.length < 2) return pooled;
  return context.arrange(node, pooled, groupsAsBefore(view, kept));
}

/** What is left of the axes of a node. */
function groupsAsBefore({ base }: View, kept: Axis): readonly Axis[] {
  return base.map((group) => group.filter((factor) => kept.includes(factor)));
}

/** Most runs of channels that are added up one by one. */
const mostRuns = 8;

/** Sums over a few runs of channels, as branches that were laid side by side: slices that are added. */
function sumOfRuns(node: FoundNode, context: Context, view: View, gone: Axis, axes: readonly Axis[]): View | null {
  const channels = view.base.at(-1) ?? [];
  const isOuter = gone.every((factor, at) => channels[at] === factor);
  const runs = sizeOf(gone);
  if (!isOuter || runs > mostRuns || channels.length === gone.length) return null;
  const rest = channels.slice(gone.length);
  const length = sizeOf(rest);
  const from = Array.from({ length: runs }, (_, at) =>
    context.add(node, { kind: 'slice', params: { from: at * length, to: (at + 1) * length }, from: [view.node] }),
  );
  const id = context.add(node, { kind: 'add', from });
  return { ...behind(view, id), base: view.base.with(view.base.length - 1, rest), axes };
}

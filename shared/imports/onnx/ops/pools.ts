import { averageShares } from '../../../layers/adaptive';
import { asMap, notCarried, partOfLayer, type Carry, type Context } from '../context';
import { intOf, numbersOf } from '../model';
import type { FoundNode } from '../patterns';
import { transposed, type Constant } from '../tensors';
import { axisOf, batchFactor, sizeOf, type View } from '../views';
import { pairOf, sizeParam, windowCounts, windowOf, windowParams, type Pair } from './windows';

function sizes(map: View): Pair {
  return [sizeOf(map.base[0] ?? []), sizeOf(map.base[1] ?? [])];
}

/** What a max pool gives beside its values: which node, for an unpool that goes back through it. */
const maximaOf = new WeakMap<
  Context,
  Map<string, { readonly node: string; readonly size: Pair; readonly strides: Pair }>
>();

function pool(node: FoundNode, context: Context, mode: 'max' | 'avg' | 'l2'): readonly (View | null)[] {
  const view = context.viewOf(node.inputs[0]);
  const map = asMap(node, view, context);
  const listed = numbersOf(node, 'kernel_shape');
  const size = pairOf(listed, 1);
  const window = windowOf(node, sizes(map), size, listed?.length ?? 2, context.pendingPads.get(node.inputs[0] ?? ''));
  const isCeil = intOf(node, 'ceil_mode', 0) === 1;
  const counts = windowCounts(sizes(map), window, isCeil);
  const moves = [...window.strides, ...size].some((length) => length !== 1) || window.sides.some((side) => side !== 0);
  // The root of a square is no longer negative.
  if (!moves && mode !== 'l2') return [view];
  // Rounding up where nothing is left over is rounding down.
  const isRounded = isCeil && windowCounts(sizes(map), window).some((count, axis) => count !== counts[axis]);
  const counted = mode === 'avg' && intOf(node, 'count_include_pad', 0) === 1 && window.sides.some((side) => side > 0);
  const { strides, ...moving } = windowParams(window);
  const isDefault = window.strides.every((step, axis) => step === size[axis]);
  const id = context.add(node, {
    kind: 'pool',
    params: {
      mode,
      poolSize: sizeParam(size),
      ...(isDefault ? {} : { strides: strides ?? 1 }),
      ...moving,
      ...(isRounded ? { rounding: 'ceil' } : {}),
      ...(counted ? { countIncludePad: true } : {}),
    },
    from: [map.node],
  });
  const [height, width] = [axisOf(counts[0]), axisOf(counts[1])];
  const channels = map.base[2] ?? [];
  const axes = [[batchFactor], channels, height, width].slice(0, view.axes.length);
  const indices = node.outputs[1];
  if (indices !== undefined && indices !== '') {
    const known = maximaOf.get(context) ?? new Map<string, { node: string; size: Pair; strides: Pair }>();
    known.set(indices, { node: id, size, strides: window.strides });
    maximaOf.set(context, known);
  }
  return [{ kind: 'view', node: id, base: [height, width, channels], axes }, null];
}

export const maxPool: Carry = (node, context) => pool(node, context, 'max');
export const averagePool: Carry = (node, context) => pool(node, context, 'avg');

export const lpPool: Carry = (node, context) =>
  intOf(node, 'p', 2) === 2 ? pool(node, context, 'l2') : notCarried('its exponent is not 2', '其指数不为 2');

/** The shares of an adaptive mean on both sides of a map, as no other pool has windows of several sizes; null for other matrices. */
export function adaptiveMean(node: FoundNode, context: Context): readonly View[] | null {
  const rows = context.constantOf(node.inputs[0]);
  const [next, ...others] = context.consumersOf(node.outputs[0] ?? '');
  if (rows?.shape.length !== 2 || next?.op !== 'MatMul' || next.inputs[0] !== node.outputs[0] || others.length > 0) {
    return null;
  }
  const columns = context.constantOf(next.inputs[1]);
  const view = context.viewOf(node.inputs[1]);
  if (columns?.shape.length !== 2 || view.axes.length !== 4) return null;
  const [[down = 1, height = 1], [width = 1, across = 1]] = [rows.shape, columns.shape];
  const isShare =
    isNear(columns.data, averageShares(width, across)) &&
    isNear(rows.data, transposed(averageShares(height, down), [height, down], [1, 0]));
  if (!isShare) return null;
  const map = asMap(node, view, context);
  const params = { mode: 'avg', outputSize: sizeParam([down, across]) };
  const id = context.add(next, { kind: 'pool', params, from: [map.node] });
  const channels = map.base[2] ?? [];
  const base = [axisOf(down), axisOf(across), channels] as const;
  const made: View = { kind: 'view', node: id, base, axes: [[batchFactor], channels, base[0], base[1]] };
  context.absorb(next, made);
  context.say(next, id, 'changed', partOfLayer);
  return [made];
}

function isNear(a: Constant['data'], b: Float32Array): boolean {
  return a.length === b.length && a.every((value, at) => Math.abs(value - (b[at] ?? 0)) < 1e-6);
}

export const maxUnpool: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const maxima = maximaOf.get(context)?.get(node.inputs[1] ?? '');
  if (maxima === undefined)
    return notCarried('its positions are not those of one max pool', '其位置并非来自某一个最大池化');
  const map = asMap(node, view, context);
  const declared = context.declaredShape(node.outputs[0] ?? '');
  const plain = ([0, 1] as const).map((axis) => (sizes(map)[axis] - 1) * maxima.strides[axis] + maxima.size[axis]);
  const [height, width] = [axisOf(declared?.[2] ?? plain[0] ?? 1), axisOf(declared?.[3] ?? plain[1] ?? 1)];
  const isDefault = maxima.size.every((length, axis) => length === maxima.strides[axis]);
  const id = context.add(node, {
    kind: 'unpool',
    params: { poolSize: sizeParam(maxima.size), ...(isDefault ? {} : { strides: sizeParam(maxima.strides) }) },
    from: [map.node, maxima.node],
  });
  const channels = map.base[2] ?? [];
  return [{ kind: 'view', node: id, base: [height, width, channels], axes: [[batchFactor], channels, height, width] }];
};

/** Operators behind a mean of the whole map that only take its 1×1 away. */
const flattening: ReadonlySet<string> = new Set(['Flatten', 'Reshape', 'Squeeze', 'Dropout', 'Identity']);

/** One value of each channel; a list where nothing behind it needs a map of one position. */
export function globalPool(
  node: FoundNode,
  map: View,
  mode: 'max' | 'avg',
  axes: View['axes'],
  context: Context,
): View {
  const channels = map.base[2] ?? [];
  const consumers = context.consumersOf(node.outputs[0] ?? '');
  const isList = axes.length === 2 || consumers.every((consumer) => consumer !== null && flattening.has(consumer.op));
  const id = context.add(node, {
    kind: 'gap',
    params: { ...(mode === 'max' ? { mode } : {}), ...(isList ? {} : { keepDims: true }) },
    from: [map.node],
  });
  return { kind: 'view', node: id, base: isList ? [channels] : [[], [], channels], axes };
}

function wholeMap(node: FoundNode, context: Context, mode: 'max' | 'avg'): readonly View[] {
  const view = context.viewOf(node.inputs[0]);
  const map = asMap(node, view, context);
  const axes = view.axes.map((axis, at) => (at < 2 ? axis : []));
  return [globalPool(node, map, mode, axes, context)];
}

export const globalAveragePool: Carry = (node, context) => wholeMap(node, context, 'avg');
export const globalMaxPool: Carry = (node, context) => wholeMap(node, context, 'max');

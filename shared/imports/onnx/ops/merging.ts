import { behind, notCarried, partnerOf, weightOf, withLast, type Carry, type Context } from '../context';
import { axisAt, broadcastShape } from '../fold';
import { intOf } from '../model';
import type { FoundNode } from '../patterns';
import type { Constant } from '../tensors';
import {
  commonCut,
  isSameAxis,
  isSameOrder,
  shapeOf,
  sizeOf,
  withoutBatch,
  type Axis,
  type Factor,
  type View,
} from '../views';
import { classTokensOf, positionOf } from './attention';
import { clamped, scaled } from './pointwise';
import { largestNumber, shiftBehind, together } from './together';

/*
 * Operators on several inputs that meet value by value, and those that lay them side by side.
 */

type Operation = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Min' | 'Max' | 'Mean' | 'Sum';

/** Most numbers of a scale, one for each channel. */
const mostChannels = 65_536;

export function elementwise(operation: Operation): Carry {
  return (node, context) => {
    const [first, ...others] = node.inputs;
    const views = node.inputs.flatMap((input) => context.findView(input) ?? []);
    if (views.length === node.inputs.length && (views.length > 2 || (operation === 'Mean' && views.length > 1))) {
      const made = together(node, context, operation, views);
      if (made !== null) return [made];
    }
    if (first === undefined) return notCarried('it has no input', '它没有输入');
    let result: View | Constant | undefined = context.findView(first) ?? context.constantOf(first);
    for (const input of others) {
      const next: View | Constant | undefined = context.findView(input) ?? context.constantOf(input);
      if (result === undefined || next === undefined)
        return notCarried('one of its inputs is not known', '它的某个输入未知');
      result = pair(node, context, operation, result, next);
    }
    if (result?.kind !== 'view') return notCarried('one of its inputs is not known', '它的某个输入未知');
    return [operation === 'Mean' ? scaled(node, context, result, 1 / node.inputs.length, 0) : result];
  };
}

function pair(node: FoundNode, context: Context, operation: Operation, a: View | Constant, b: View | Constant): View {
  if (a.kind === 'view' && b.kind === 'view') return meet(node, context, operation, a, b);
  if (a.kind === 'view' && b.kind === 'constant') return withConstant(node, context, operation, a, b, false);
  if (a.kind === 'constant' && b.kind === 'view') return withConstant(node, context, operation, b, a, true);
  return notCarried('all of its inputs are constants', '它的所有输入都是常量');
}

/** Factor and summand that a constant is to a value; null where it is neither. */
function affine(operation: Operation, value: number, isFirst: boolean): readonly [scale: number, shift: number] | null {
  switch (operation) {
    case 'Add':
    case 'Sum':
    case 'Mean':
      return [1, value];
    case 'Sub':
      return isFirst ? [-1, value] : [1, -value];
    case 'Mul':
      return [value, 0];
    case 'Div':
      return isFirst || value === 0 ? null : [1 / value, 0];
    case 'Min':
    case 'Max':
      return null;
  }
}

function withConstant(
  node: FoundNode,
  context: Context,
  operation: Operation,
  view: View,
  by: Constant,
  isFirst: boolean,
): View {
  const [only = 0] = by.data;
  if (by.data.length === 1 && operation === 'Max') return clamped(node, context, view, only, Infinity);
  if (by.data.length === 1 && operation === 'Min') return clamped(node, context, view, -Infinity, only);
  const parts = Array.from(by.data, (value) => affine(operation, value, isFirst));
  if (!parts.every((part) => part !== null && part.every((value) => Math.abs(value) <= largestNumber))) {
    return notCarried('it takes a constant that no layer has', '它使用了任何层都没有的常量');
  }
  const [scale = [], shift = []] = [0, 1].map((at) => parts.map((part) => part?.[at] ?? 0));
  // A number in the file's own weights is a parameter; one written into the graph is not.
  const tail = operation === 'Mul' ? shiftBehind(node, by, isLearned, context) : null;
  const joined = (made: View): View => tail?.join(made) ?? made;
  const given = tail === null ? shift : [...tail.shift.data];
  if (by.data.length === 1 && !isLearned(by)) {
    return joined(scaled(node, context, view, scale[0] ?? 1, given[0] ?? 0));
  }
  const rank = view.axes.length;
  if (by.shape.length > rank) return notCarried('its constant has more axes than the values', '其常量的轴比数值多');
  const varying = by.shape.flatMap((size, at) => (size === 1 ? [] : [at + rank - by.shape.length]));
  if (varying.some((axis) => sizeOf(view.axes[axis] ?? []) !== by.shape[axis - rank + by.shape.length])) {
    return notCarried('its constant is stretched by the values', '其常量大于数值的形状');
  }
  const sign = operation === 'Add' || operation === 'Sum' ? 1 : operation === 'Sub' && !isFirst ? -1 : null;
  if (varying.length > 1 && sign !== null) {
    const placed = positionOf(node, context, view, by, sign);
    if (placed !== null) return placed;
  }
  const factors: Axis = varying.flatMap((axis) => withoutBatch(view.axes[axis] ?? []));
  if (by.data.length > mostChannels) return notCarried('its constant differs by position', '其常量随位置而变');
  const last = by.data.length === 1 ? view : withLast(node, view, factors, context);
  if (by.data.length > 1 && !isSameAxis(last.base.at(-1) ?? [], factors))
    return notCarried('its constant differs by position', '其常量随位置而变');
  const isScale = scale.some((value) => value !== 1);
  const learned = by.data.length === 1 ? 'scalar' : 'channel';
  const one = (list: readonly number[], otherwise: number): number | number[] =>
    list.every((value) => value === list[0]) ? (list[0] ?? otherwise) : [...list];
  if (!isLearned(by)) {
    const params = isScale ? { scale: one(scale, 1), shift: one(given, 0) } : { shift: one(given, 0) };
    return joined(behind(last, context.add(node, { kind: 'scale', params, from: [last.node] })));
  }
  const center = tail !== null || shift.some((value) => value !== 0);
  const weights = {
    scale: weightOf([scale.length], Float32Array.from(scale)),
    ...(center ? { shift: weightOf([given.length], Float32Array.from(given)) } : {}),
  };
  const params = { learned, ...(center ? {} : { center }) };
  const id = context.add(node, { kind: 'scale', params, from: [last.node], weights, weight: by.origin });
  return joined(behind(last, id));
}

/** A weight of a layer, not a mean or a number that belongs to the preprocessing, nor one that the exporter named by a number. */
function isLearned({ origin, data }: Constant): boolean {
  if (origin === null || origin.includes('::') || /^(val|const|constant|scalar)\w*$/i.test(origin)) return false;
  return !/(^|[./])(mean|std)$/.test(origin) && (data.length > 1 || /[./]/.test(origin));
}

/** Names of modes of `merge`. */
const mergeModes = { Sub: 'subtract', Min: 'minimum', Max: 'maximum' } as const;

/** Two computed inputs, value by value. */
export function meet(node: FoundNode, context: Context, operation: Operation, a: View, b: View): View {
  const rank = Math.max(a.axes.length, b.axes.length);
  const wide = (view: View): View => ({
    ...view,
    axes: [...new Array<Axis>(rank - view.axes.length).fill([]), ...view.axes],
  });
  let [left, right] = [wide(a), wide(b)];
  if (broadcastShape(shapeOf(left), shapeOf(right)) === null)
    return notCarried('its inputs do not fit', '其输入的形状不匹配');
  for (let axis = 0; axis < rank; axis++) {
    if (sizeOf(left.axes[axis] ?? []) !== sizeOf(right.axes[axis] ?? [])) continue;
    const cut = commonCut(left, right, axis, axis);
    if (cut === null) return notCarried('its inputs have other groupings of axes', '其输入的轴分组不同');
    [left, right] = cut;
  }
  const covers = (one: View, other: View): boolean =>
    one.axes.every((axis, at) => sizeOf(axis) === sizeOf(other.axes[at] ?? []) || sizeOf(other.axes[at] ?? []) === 1);
  const isLeft = covers(left, right);
  if (!isLeft && !covers(right, left)) return ofCrossed(node, context, operation, left, right);
  const [large, small] = isLeft ? [left, right] : [right, left];
  // Factors of the smaller input by those of the larger that they meet.
  const partner = new Map<Factor, Factor>();
  for (const [axis, own] of large.axes.entries()) {
    const other = withoutBatch(small.axes[axis] ?? []);
    for (const [at, factor] of withoutBatch(own).entries()) if (other[at] !== undefined) partner.set(factor, other[at]);
  }
  const [whole, part] = layOver(node, context, large, small, partner);
  const isFull = whole.base.flat().length === part.base.flat().length;
  const order = isLeft ? [whole, part] : [part, whole];
  const from = order.map((view) => view.node);
  const kind =
    operation === 'Mul'
      ? 'multiply'
      : operation === 'Add' || operation === 'Sum' || operation === 'Mean'
        ? 'add'
        : null;
  if (kind !== null) return behind(whole, context.add(node, { kind, from }));
  if (operation === 'Div') return notCarried('it divides by computed values', '它除以计算得出的数值');
  if (!isFull) {
    if (operation !== 'Sub') return notCarried('it stretches one of its inputs', '它会拉伸某个输入');
    const turned = order.map((view, at) => (at === 1 ? scaled(node, context, view, -1, 0) : view));
    return behind(whole, context.add(node, { kind: 'add', from: turned.map((view) => view.node) }));
  }
  const params = { mode: mergeModes[operation as keyof typeof mergeModes] };
  return behind(whole, context.add(node, { kind: 'merge', params, from }));
}

/** Two inputs that each stretch the other, as a column and a row do: the first is made whole before. */
function ofCrossed(node: FoundNode, context: Context, operation: Operation, a: View, b: View): View {
  if (operation !== 'Mul' && operation !== 'Add') return notCarried('its inputs stretch each other', '其输入互相拉伸');
  const rank = a.axes.length;
  if (rank !== 4) return notCarried('its inputs stretch each other', '其输入互相拉伸');
  const [, channels = [], height = [], width = []] = a.axes;
  const [, , otherHeight = [], otherWidth = []] = b.axes;
  if (sizeOf(channels) !== sizeOf(b.axes[1] ?? []))
    return notCarried('its inputs stretch each other', '其输入互相拉伸');
  const map = context.arrange(node, a, [height, width, channels]);
  const rows = height.length === 0 ? otherHeight.map(({ size }) => ({ size })) : height;
  const columns = width.length === 0 ? otherWidth.map(({ size }) => ({ size })) : width;
  const size = [sizeOf(rows), sizeOf(columns)];
  const id = context.add(node, { kind: 'upsample', params: { size }, from: [map.node] });
  const whole: View = {
    kind: 'view',
    node: id,
    base: [rows, columns, channels],
    axes: [a.axes[0] ?? [], channels, rows, columns],
  };
  return meet(node, context, operation, whole, b);
}

/** Brings two inputs to one order of axes; where one is stretched, over all positions or over all channels. */
function layOver(
  node: FoundNode,
  context: Context,
  large: View,
  small: View,
  partner: ReadonlyMap<Factor, Factor>,
): readonly [View, View] {
  const groups = (view: View): readonly Axis[] =>
    view.base.map((axis) => axis.flatMap((factor) => partner.get(factor) ?? []));
  const isWhole = (axis: Axis): boolean => axis.every((factor) => partner.has(factor));
  const isNone = (axis: Axis): boolean => axis.every((factor) => !partner.has(factor));
  const [height = [], width = [], channels = []] = large.base;
  const isMap = large.base.length === 3;
  const positions = [...height, ...width];
  const isPlain =
    large.base.every(isWhole) ||
    (isMap && (isWhole(channels) || isNone(channels)) && (isWhole(positions) || isNone(positions)));
  if (isPlain) {
    const wanted = groups(large);
    // A list that is stretched over a map stays one.
    const isList =
      isMap && isNone(positions) && small.base.length === 1 && isSameAxis(small.base[0] ?? [], wanted[2] ?? []);
    if (isList) return [large, small];
    if (isSameOrder(small.base, wanted)) return [large, small];
    // The one with less to move is moved.
    const back = new Map([...partner].map(([one, other]) => [other, one] as const));
    const isFull = large.base.flat().length === small.base.flat().length;
    if (isFull && small.base.length === 3 && large.base.length === 1) {
      return [
        context.arrange(
          node,
          large,
          small.base.map((axis) => axis.flatMap((factor) => back.get(factor) ?? [])),
        ),
        small,
      ];
    }
    return [large, context.arrange(node, small, wanted)];
  }
  const kept = large.base.flat().filter((factor) => partner.has(factor));
  const stretched = large.base.flat().filter((factor) => !partner.has(factor));
  const whole = context.arrange(node, large, [stretched, [], kept]);
  return [whole, context.arrange(node, small, [kept.flatMap((factor) => partner.get(factor) ?? [])])];
}

/** Inputs side by side along one axis. */
export const concat: Carry = (node, context) => {
  const withToken = classTokensOf(node, context);
  if (withToken !== null) return [withToken];
  const views = node.inputs.filter((input) => input !== '').map((input) => context.viewOf(input));
  const [first] = views;
  if (first === undefined) return notCarried('it has no input', '它没有输入');
  if (views.length === 1) return [first];
  const rank = first.axes.length;
  const axis = axisAt(intOf(node, 'axis', 1), rank);
  if (axis === 0) return notCarried('it joins samples', '它拼接样本');
  // The other axes of all inputs are cut alike, and laid as the first one's.
  let lead = first;
  const others = views.slice(1).map((view) => {
    let other = view;
    for (let at = 0; at < rank; at++) {
      if (at === axis) continue;
      const cut = commonCut(lead, other, at, at);
      if (cut === null) return notCarried('its inputs do not fit', '其输入的形状不匹配');
      [lead, other] = cut;
    }
    return other;
  });
  const along = withoutBatch(lead.axes[axis] ?? []);
  const isSingle = along.length === 0;
  const isStack = isSingle && others.every((other) => withoutBatch(other.axes[axis] ?? []).length === 0);
  if (isStack) return [stacked(node, context, lead, others, axis)];
  let laid = isSingle ? laidWithout(node, context, lead) : withLast(node, lead, along, context);
  if (
    laid.base.length === 3 &&
    others.some((other) => other.base.length === 1) &&
    laid.base.slice(0, 2).flat().length === 0
  ) {
    laid = context.arrange(node, laid, [along]);
  }
  const positions = laid.base.slice(0, -1);
  const from = [
    laid,
    ...others.map((other) => {
      const base = [
        ...positions.map((group) => group.flatMap((factor) => partnerOf(lead, other, factor))),
        withoutBatch(other.axes[axis] ?? []),
      ];
      return context.arrange(node, other, base);
    }),
  ];
  const joint: Axis = [{ size: from.reduce((sum, view) => sum + sizeOf(view.axes[axis] ?? []), 0) }];
  const id = context.add(node, { kind: 'concat', from: from.map((view) => view.node) });
  return [{ kind: 'view', node: id, base: [...positions, joint], axes: laid.axes.with(axis, joint) }];
};

/** Inputs that are stacked along a new axis: runs of channels, one behind the other, in the order in which the first one lies. */
function stacked(node: FoundNode, context: Context, lead: View, others: readonly View[], axis: number): View {
  const laid = others.map((other) =>
    context.arrange(
      node,
      other,
      lead.base.map((group) => group.flatMap((factor) => partnerOf(lead, other, factor))),
    ),
  );
  const id = context.add(node, { kind: 'concat', from: [lead, ...laid].map((view) => view.node) });
  const joint: Axis = [{ size: others.length + 1 }];
  const last = lead.base.length - 1;
  const base = lead.base.with(last, [...joint, ...(lead.base[last] ?? [])]);
  return { kind: 'view', node: id, base, axes: lead.axes.with(axis, joint) };
}

/** An axis of 1 has no factors: everything else comes before it. */
function laidWithout(node: FoundNode, context: Context, view: View): View {
  const all = view.base.flat();
  const [, , height = [], width = []] = view.axes;
  const isMap = view.axes.length === 4 && all.length === height.length + width.length;
  return context.arrange(node, view, isMap ? [withoutBatch(height), withoutBatch(width), []] : [all, [], []]);
}

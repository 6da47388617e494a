import type { Json } from '../../../schema/document';
import { behind, floats, notCarried, weightOf, withLast, type Carry, type Context } from '../context';
import { axisAt } from '../fold';
import { floatOf, intOf, textOf, type OnnxNode } from '../model';
import { sizeOf, withoutBatch, type Axis, type View } from '../views';

/*
 * Functions of each value by itself.
 */

type Params = { readonly [name: string]: Json };

function apply(node: OnnxNode, context: Context, view: View, params: Params): View {
  return behind(view, context.add(node, { kind: 'activation', params, from: [view.node] }));
}

/** An activation that is one of ours as it is. */
export function activation(name: string): Carry {
  return (node, context) => [apply(node, context, context.viewOf(node.inputs[0]), { function: name })];
}

/** y = a·x + b, or nothing where that changes nothing. */
export function scaled(node: OnnxNode, context: Context, view: View, scale: number, shift: number): View {
  if (scale === 1 && shift === 0) return view;
  const params = { ...(scale === 1 ? {} : { scale }), ...(shift === 0 ? {} : { shift }) };
  return behind(view, context.add(node, { kind: 'scale', params, from: [view.node] }));
}

function round(value: number): number {
  return Number(value.toPrecision(7));
}

export const leakyRelu: Carry = (node, context) => {
  const alpha = round(floatOf(node, 'alpha', 0.01));
  if (alpha < 0) return notCarried('its slope is negative', '其斜率为负');
  return [apply(node, context, context.viewOf(node.inputs[0]), { function: 'leakyRelu', alpha })];
};

export const elu: Carry = (node, context) => [
  apply(node, context, context.viewOf(node.inputs[0]), { function: 'elu', alpha: round(floatOf(node, 'alpha', 1)) }),
];

export const gelu: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  if (textOf(node, 'approximate', 'none') === 'none') return [apply(node, context, view, { function: 'gelu' })];
  return [tanhGelu(node, context, view)];
};

/** x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))), in layers of its own. */
function tanhGelu(node: OnnxNode, context: Context, view: View): View {
  const product = (...from: string[]): View => behind(view, context.add(node, { kind: 'multiply', from }));
  const cube = product(view.node, view.node, view.node);
  const bent = scaled(node, context, cube, 0.044715, 0);
  const sum = behind(view, context.add(node, { kind: 'add', from: [view.node, bent.node] }));
  const root = scaled(node, context, sum, Math.sqrt(2 / Math.PI), 0);
  const curve = apply(node, context, root, { function: 'tanh' });
  const gate = scaled(node, context, curve, 0.5, 0.5);
  return product(view.node, gate.node);
}

/** max(0, min(1, α·x + β)) as the hard sigmoid of MobileNetV3 over a scaled x. */
export const hardSigmoid: Carry = (node, context) => {
  const [alpha, beta] = [floatOf(node, 'alpha', 0.2), floatOf(node, 'beta', 0.5)];
  const view = context.viewOf(node.inputs[0]);
  const [factor, shift] = [alpha * 6, beta * 6 - 3].map((value) => Number(value.toPrecision(6)));
  const before = scaled(node, context, view, factor ?? 1, shift ?? 0);
  return [apply(node, context, before, { function: 'hardsigmoid' })];
};

/** A bound beyond this stands for none. */
const farthest = 1e9;

export const clip: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const bound = (at: number, name: string, otherwise: number): number =>
    context.constantOf(node.inputs[at])?.data[0] ?? floatOf(node, name, otherwise);
  const [low, high] = [bound(1, 'min', -Infinity), bound(2, 'max', Infinity)].map((value) =>
    Math.abs(value) > farthest ? Math.sign(value) * Infinity : value,
  );
  return [clamped(node, context, view, low ?? -Infinity, high ?? Infinity)];
};

/** min(max(x, low), high): a ReLU or ReLU6 where it is one. */
export function clamped(node: OnnxNode, context: Context, view: View, low: number, high: number): View {
  if (low === -Infinity && high === Infinity) return view;
  if (low === 0 && high === Infinity) return apply(node, context, view, { function: 'relu' });
  if (low === 0 && high === 6) return apply(node, context, view, { function: 'relu6' });
  const bounds = {
    ...(low === -Infinity ? {} : { min: round(low) }),
    ...(high === Infinity ? {} : { max: round(high) }),
  };
  return apply(node, context, view, { function: 'clip', ...bounds });
}

export const prelu: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const slope = context.constantOf(node.inputs[1]);
  if (slope === undefined) return notCarried('its slope is computed from the input', '其斜率由输入计算得出');
  const [only = 0] = slope.data;
  const rank = view.axes.length;
  const channel: Axis = view.axes[1] ?? [];
  if (slope.data.length === 1 && sizeOf(channel) !== 1) {
    if (only < 0) return notCarried('its slope is negative', '其斜率为负');
    return [apply(node, context, view, { function: 'leakyRelu', alpha: only })];
  }
  const isPerChannel = slope.shape.every((size, at) => size === 1 || at + rank - slope.shape.length === 1);
  if (!isPerChannel || slope.data.length !== sizeOf(channel))
    return notCarried('its slope differs by position', '其斜率随位置而变');
  const last = withLast(node, view, channel, context);
  const id = context.add(node, {
    kind: 'activation',
    params: { function: 'prelu' },
    from: [last.node],
    weights: { alpha: weightOf([slope.data.length], floats(slope)) },
    weight: slope.origin,
  });
  return [behind(last, id)];
};

/** Softmax over one axis: one of the node's own, or one that is brought to its end. */
export function softmax(name: 'softmax' | 'logSoftmax'): Carry {
  return (node, context) => {
    const view = context.viewOf(node.inputs[0]);
    const rank = view.axes.length;
    const axis = axisAt(intOf(node, 'axis', context.opset < 13 ? 1 : -1), rank);
    // Up to version 12 all axes from this one on were one.
    const over: Axis = context.opset < 13 ? view.axes.slice(axis).flat() : (view.axes[axis] ?? []);
    const own = view.base.length === 3 ? view.base.findIndex((one) => isAxis(one, over)) : -1;
    if (own === 0 || own === 1) {
      return [apply(node, context, view, { function: name, axis: own === 0 ? 'height' : 'width' })];
    }
    return [apply(node, context, withLast(node, view, over, context), { function: name })];
  };
}

/** Whether an axis is one of a node's own, the batch left aside. */
function isAxis(own: Axis, given: Axis): boolean {
  const bare = withoutBatch(given);
  return sizeOf(own) > 1 && bare.length === own.length && bare.every((factor, at) => factor === own[at]);
}

/** Integer powers as products of a value with itself. */
export const power: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const exponent = context.constantOf(node.inputs[1]);
  const [times = 0] = exponent?.data ?? [];
  if (exponent?.data.length !== 1 || !Number.isInteger(times) || times < 1 || times > 8) {
    return notCarried(`it raises to a power that is not a small whole number`, '其指数不是较小的整数');
  }
  if (times === 1) return [view];
  const from = new Array<string>(times).fill(view.node);
  return [behind(view, context.add(node, { kind: 'multiply', from }))];
};

export const negative: Carry = (node, context) => [scaled(node, context, context.viewOf(node.inputs[0]), -1, 0)];

/** |x| = max(x, -x) */
export const absolute: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const turned = scaled(node, context, view, -1, 0);
  return [
    behind(view, context.add(node, { kind: 'merge', params: { mode: 'maximum' }, from: [view.node, turned.node] })),
  ];
};

/** Values pass as they are. */
export const same: Carry = (node, context) => [context.viewOf(node.inputs[0]), null];

/** Numbers of another precision are numbers; whole ones are not carried. */
export const cast: Carry = (node, context) => {
  if (![1, 10, 11, 16].includes(intOf(node, 'to', 1))) return notCarried('it makes whole numbers', '它把数值变为整数');
  return [context.viewOf(node.inputs[0])];
};

/** max(0, x) where x is above alpha, which only 0 is here. */
export const thresholded: Carry = (node, context) => {
  if (floatOf(node, 'alpha', 1) !== 0) return notCarried('its threshold is not 0', '其阈值不为 0');
  return [apply(node, context, context.viewOf(node.inputs[0]), { function: 'relu' })];
};

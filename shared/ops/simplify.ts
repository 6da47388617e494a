import type { OpBuilder, Value } from './builder';
import type { BinaryOp, OpNode, OpShape, UnaryOp } from './graph';
import { broadcastShapes, equalShapes, graphError } from './inference';
import { defineRule } from './rules';
import type { Rule } from './rules';
import { binaryValue, scalarOf, unaryValue } from './scalars';

/** What a simplification sees of the graph under construction: the operands of the node that is about to be added to it. */
export type Simplification = {
  readonly ops: OpBuilder & {
    nodeOf(value: Value): OpNode;
    valueAt(id: number): Value;
  };
  readonly inputs: readonly Value[];
};

export type SimplificationRule = Rule<Simplification, Value>;

const unaryOps = [
  'neg',
  'exp',
  'log',
  'sqrt',
  'square',
  'abs',
  'sign',
  'step',
  'relu',
  'sigmoid',
  'tanh',
  'erf',
] as const satisfies readonly UnaryOp[];

const binaryOps = [
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
  'greaterEqual',
  'equal',
] as const satisfies readonly BinaryOp[];

function operand({ inputs }: Simplification, place: number): Value {
  const value = inputs[place];
  if (value === undefined) throw new Error(`Op graph: input ${place} is missing.`);
  return value;
}

/** The operand at a place, and the node behind it. */
function made(context: Simplification, place = 0): { readonly value: Value; readonly node: OpNode } {
  const value = operand(context, place);
  return { value, node: context.ops.nodeOf(value) };
}

/** The first input of the node that made an operand. */
function sourceOf({ ops }: Simplification, node: OpNode): Value {
  return ops.valueAt(node.inputs[0] ?? -1);
}

function scalarAt(context: Simplification, place: number): number | undefined {
  return scalarOf(made(context, place).node);
}

function knownShape(shape: OpShape): readonly number[] {
  return shape.map((size) => (size === 'batch' ? graphError('constant', 'a constant has no batch') : size));
}

/** What `x` was before a broadcastTo that the elementwise op would do by itself. */
function withoutBroadcast(context: Simplification, place: 0 | 1, shape: OpShape): Value | null {
  const { node } = made(context, place);
  if (node.op !== 'broadcastTo') return null;
  const source = sourceOf(context, node);
  const other = operand(context, place === 0 ? 1 : 0);
  return equalShapes(broadcastShapes(source.shape, other.shape, 'broadcastTo'), shape) ? source : null;
}

/** Which operand an op gives back unchanged because the other is its neutral number: x + 0, x * 1, x - 0, x / 1. */
function neutralOperand(op: BinaryOp, a: number | undefined, b: number | undefined): 0 | 1 | null {
  switch (op) {
    case 'add':
      return b === 0 ? 0 : a === 0 ? 1 : null;
    case 'mul':
      return b === 1 ? 0 : a === 1 ? 1 : null;
    case 'sub':
      return b === 0 ? 0 : null;
    case 'div':
      return b === 1 ? 0 : null;
    default:
      return null;
  }
}

const elementwise: readonly SimplificationRule[] = [
  defineRule('unary-of-number', unaryOps, ({ op, shape }, context: Simplification) => {
    const number = scalarAt(context, 0);
    return number === undefined ? null : context.ops.constant([unaryValue(op, number)], knownShape(shape));
  }),
  defineRule('neg-of-neg', ['neg'], (_, context: Simplification) => {
    const { node } = made(context);
    return node.op === 'neg' ? sourceOf(context, node) : null;
  }),
  defineRule('relu-of-relu', ['relu'], (_, context: Simplification) => {
    const { node, value } = made(context);
    return node.op === 'relu' ? value : null;
  }),
  defineRule('broadcast-done-by-op', binaryOps, ({ op, shape }, context: Simplification) => {
    const [a, b] = [withoutBroadcast(context, 0, shape), withoutBroadcast(context, 1, shape)];
    if (a !== null) return context.ops.binary(op, a, operand(context, 1));
    return b === null ? null : context.ops.binary(op, operand(context, 0), b);
  }),
  defineRule('binary-of-numbers', binaryOps, ({ op, shape }, context: Simplification) => {
    const [a, b] = [scalarAt(context, 0), scalarAt(context, 1)];
    if (a === undefined || b === undefined) return null;
    return context.ops.constant([binaryValue(op, a, b)], knownShape(shape));
  }),
  defineRule('neutral-number', binaryOps, ({ op, shape }, context: Simplification) => {
    const place = neutralOperand(op, scalarAt(context, 0), scalarAt(context, 1));
    const kept = place === null ? null : operand(context, place);
    return kept !== null && equalShapes(kept.shape, shape) ? kept : null;
  }),
  defineRule('cast-to-same', ['cast'], ({ dtype }, context: Simplification) => {
    const x = operand(context, 0);
    return x.dtype === dtype ? x : null;
  }),
];

const reductions: readonly SimplificationRule[] = [
  defineRule('reduce-nothing', ['reduceSum', 'reduceMean', 'reduceMax'], ({ axes, shape }, context: Simplification) => {
    const x = operand(context, 0);
    if (axes.length === 0) return x;
    return axes.every((axis) => x.shape[axis] === 1) ? context.ops.reshape(x, shape) : null;
  }),
];

const rearrangements: readonly SimplificationRule[] = [
  defineRule('to-same-shape', ['reshape', 'broadcastTo'], ({ shape }, context: Simplification) => {
    const x = operand(context, 0);
    return equalShapes(x.shape, shape) ? x : null;
  }),
  defineRule('reshape-of-reshape', ['reshape'], ({ shape }, context: Simplification) => {
    const { node } = made(context);
    return node.op === 'reshape' ? context.ops.reshape(sourceOf(context, node), shape) : null;
  }),
  defineRule('reshape-of-constant', ['reshape'], ({ shape }, context: Simplification) => {
    const { node } = made(context);
    return node.op === 'constant' ? context.ops.constant(node.data, knownShape(shape)) : null;
  }),
  defineRule('broadcast-of-broadcast', ['broadcastTo'], ({ shape }, context: Simplification) => {
    const { node } = made(context);
    return node.op === 'broadcastTo' ? context.ops.broadcastTo(sourceOf(context, node), shape) : null;
  }),
  defineRule('transpose-of-transpose', ['transpose'], ({ perm }, context: Simplification) => {
    const { node, value } = made(context);
    if (perm.every((axis, place) => axis === place)) return value;
    if (node.op !== 'transpose') return null;
    const both = perm.map((axis) => node.perm[axis] ?? 0);
    return context.ops.transpose(sourceOf(context, node), both);
  }),
  defineRule('concat-of-one', ['concat'], (_, context: Simplification) =>
    context.inputs.length === 1 ? operand(context, 0) : null,
  ),
  defineRule('slice-of-all', ['slice'], ({ begin, size }, context: Simplification) => {
    const x = operand(context, 0);
    const isWhole = x.shape.every((length, axis) => begin[axis] === 0 && (size[axis] === -1 || size[axis] === length));
    return isWhole ? x : null;
  }),
  defineRule('pad-by-nothing', ['pad'], ({ paddings }, context: Simplification) =>
    paddings.every(([before, after]) => before === 0 && after === 0) ? operand(context, 0) : null,
  ),
  defineRule('reverse-of-one', ['reverse'], ({ axes }, context: Simplification) => {
    const x = operand(context, 0);
    const several = axes.filter((axis) => x.shape[axis] !== 1);
    if (several.length === axes.length && axes.length > 0) return null;
    return several.length === 0 ? x : context.ops.reverse(x, several);
  }),
];

/** Equal values that cost less and need no look beyond a node's operands: every node that a builder makes is given to these first. */
export const simplifications: readonly SimplificationRule[] = [...elementwise, ...reductions, ...rearrangements];

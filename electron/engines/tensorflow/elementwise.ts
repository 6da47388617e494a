import type { BinaryOp, OpNode, UnaryOp } from '../../../shared/ops/graph';
import { equalShapes } from '../../../shared/ops/inference';
import { attribute } from './graphDef';
import { constantBytes } from './graphWriter';
import { addTyped, inputOf } from './lowering';
import type { Lowering } from './lowering';

const unaryNames: { readonly [O in Exclude<UnaryOp, 'step'>]: string } = {
  neg: 'Neg',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  square: 'Square',
  abs: 'Abs',
  sign: 'Sign',
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  erf: 'Erf',
};

const binaryNames: { readonly [O in BinaryOp]: string } = {
  add: 'AddV2',
  sub: 'Sub',
  mul: 'Mul',
  div: 'RealDiv',
  maximum: 'Maximum',
  minimum: 'Minimum',
  greaterEqual: 'GreaterEqual',
  equal: 'Equal',
};

/** The op graph's truth values are floats, TensorFlow's are of their own type; keys let a `select` find the latter. */
const truthKey = (id: number): string => `truth ${id}`;

function zero(lowering: Lowering): string {
  return lowering.graph.constant('float32', [], constantBytes('float32', [0]));
}

function toFloat(lowering: Lowering, truth: string): string {
  return lowering.graph.add('Cast', [truth], { SrcT: attribute.type('bool'), DstT: attribute.type('float32') });
}

export function isUnary(node: OpNode): node is OpNode & { readonly op: UnaryOp } {
  return node.op === 'step' || node.op in unaryNames;
}

export function isBinary(node: OpNode): node is OpNode & { readonly op: BinaryOp } {
  return node.op in binaryNames;
}

export function lowerUnary(lowering: Lowering, id: number, node: OpNode & { readonly op: UnaryOp }): string {
  const x = inputOf(lowering, node, 0);
  if (node.op !== 'step') return addTyped(lowering, unaryNames[node.op], x.node.dtype, [x.tensor]);
  const truth = lowering.once(truthKey(id), () =>
    addTyped(lowering, 'Greater', x.node.dtype, [x.tensor, zero(lowering)]),
  );
  return toFloat(lowering, truth);
}

/**
 * An operand of an elementwise op, before it is spelled out to full size where the op would repeat it by itself: saves writing
 * and reading a whole tensor of equal rows.
 */
function compactOperand(lowering: Lowering, node: OpNode, position: 0 | 1): string {
  const operand = inputOf(lowering, node, position);
  const other = inputOf(lowering, node, position === 0 ? 1 : 0);
  if (operand.node.op !== 'broadcastTo' || !equalShapes(other.node.shape, node.shape)) return operand.tensor;
  return inputOf(lowering, operand.node, 0).tensor;
}

/** `x + bias` along the last axis, as the one kernel that does it in place and fuses with the convolution before it. */
function biasAdd(lowering: Lowering, node: OpNode): string | undefined {
  if (node.op !== 'add') return undefined;
  const [a, b] = [inputOf(lowering, node, 0), inputOf(lowering, node, 1)];
  const [x, bias] = a.node.shape.length >= b.node.shape.length ? [a, b] : [b, a];
  const rank = x.node.shape.length;
  const fits = (rank === 2 || rank === 4) && bias.node.shape.length === 1 && equalShapes(x.node.shape, node.shape);
  if (!fits || bias.node.shape[0] !== x.node.shape[rank - 1]) return undefined;
  return addTyped(lowering, 'BiasAdd', 'float32', [x.tensor, bias.tensor]);
}

/**
 * `dy * step(x)` is relu's gradient. Taken from relu's output where there is one (positive exactly where its input is), the
 * input need not be kept, and TensorFlow can fuse convolution, bias and relu into one kernel.
 */
function reluGrad(lowering: Lowering, node: OpNode): string | undefined {
  if (node.op !== 'mul') return undefined;
  const [a, b] = [inputOf(lowering, node, 0), inputOf(lowering, node, 1)];
  const [dy, mask] = b.node.op === 'step' ? [a, b] : [b, a];
  if (mask.node.op !== 'step' || !equalShapes(dy.node.shape, mask.node.shape)) return undefined;
  const x = inputOf(lowering, mask.node, 0);
  const relu = lowering.reluOf(x.id);
  const features = relu === undefined ? x.tensor : lowering.tensor(relu);
  return addTyped(lowering, 'ReluGrad', 'float32', [dy.tensor, features]);
}

export function lowerBinary(lowering: Lowering, id: number, node: OpNode & { readonly op: BinaryOp }): string {
  const fused = biasAdd(lowering, node) ?? reluGrad(lowering, node);
  if (fused !== undefined) return fused;
  const operands = [compactOperand(lowering, node, 0), compactOperand(lowering, node, 1)];
  const dtype = inputOf(lowering, node, 0).node.dtype;
  if (node.op !== 'greaterEqual' && node.op !== 'equal')
    return addTyped(lowering, binaryNames[node.op], dtype, operands);
  const truth = lowering.once(truthKey(id), () => addTyped(lowering, binaryNames[node.op], dtype, operands));
  return toFloat(lowering, truth);
}

export function lowerSelect(lowering: Lowering, node: OpNode): string {
  const condition = inputOf(lowering, node, 0);
  const truth = lowering.once(truthKey(condition.id), () =>
    addTyped(lowering, 'NotEqual', 'float32', [condition.tensor, zero(lowering)]),
  );
  return addTyped(lowering, 'SelectV2', node.dtype, [
    truth,
    inputOf(lowering, node, 1).tensor,
    inputOf(lowering, node, 2).tensor,
  ]);
}

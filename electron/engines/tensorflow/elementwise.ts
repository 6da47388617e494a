import type { BinaryOp, OpNode, UnaryOp } from '../../../shared/ops/graph';
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

export function lowerBinary(lowering: Lowering, id: number, node: OpNode & { readonly op: BinaryOp }): string {
  const operands = [inputOf(lowering, node, 0).tensor, inputOf(lowering, node, 1).tensor];
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

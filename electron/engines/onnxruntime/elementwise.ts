import type { BinaryOp, OpNode, UnaryOp } from '../../../shared/ops/graph';
import { float } from './onnxGraph';
import type { OnnxGraph } from './onnxGraph';
import type { Values } from './values';

const unaryNames: { readonly [Op in Exclude<UnaryOp, 'square' | 'step'>]: string } = {
  neg: 'Neg',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  abs: 'Abs',
  sign: 'Sign',
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  erf: 'Erf',
};

const binaryNames: { readonly [Op in BinaryOp]: string } = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  maximum: 'Max',
  minimum: 'Min',
  greaterEqual: 'GreaterOrEqual',
  equal: 'Equal',
};

/**
 * 1 where x > 0, else 0. A hard sigmoid of this slope is 1 from 3.4e-39 on, which is below the smallest normal float32; it is one
 * pass over the values, where Greater and Cast are two.
 */
function step(graph: OnnxGraph, x: string): string {
  return graph.node('HardSigmoid', [x], { attributes: { alpha: float(3e38), beta: float(0) } });
}

export function emitUnary(values: Values, id: number, op: UnaryOp, x: number): void {
  const layout = values.home(x);
  const name = values.name(x, layout);
  const { graph } = values;
  if (op === 'square') values.set(id, layout, graph.node('Mul', [name, name]));
  else if (op === 'step') values.set(id, layout, step(graph, name));
  else values.set(id, layout, graph.node(unaryNames[op], [name]));
}

export function emitBinary(values: Values, id: number, op: BinaryOp, inputs: readonly number[]): void {
  const shape = values.shape(id);
  const layout = values.commonLayout(inputs, shape);
  const operands = inputs.map((input) => values.operand(input, shape.length, layout));
  const result = values.graph.node(binaryNames[op], operands);
  const isComparison = op === 'greaterEqual' || op === 'equal';
  values.set(id, layout, isComparison ? values.graph.cast(result, 'float32') : result);
}

export function emitSelect(values: Values, id: number, inputs: readonly number[]): void {
  const shape = values.shape(id);
  const layout = values.commonLayout(inputs, shape);
  const [condition = '', a = '', b = ''] = inputs.map((input) => values.operand(input, shape.length, layout));
  values.set(id, layout, values.graph.node('Where', [values.graph.cast(condition, 'bool'), a, b]));
}

export function emitCast(values: Values, id: number, x: number): void {
  const layout = values.home(x);
  values.set(id, layout, values.graph.cast(values.name(x, layout), values.node(id).dtype));
}

export function emitConstant(values: Values, id: number, node: Extract<OpNode, { op: 'constant' }>): void {
  const shape = node.shape.map((size) => (size === 'batch' ? 1 : size));
  const { graph } = values;
  const ints = node.data instanceof Int32Array ? node.data : Int32Array.from(node.data);
  const name = node.dtype === 'float32' ? graph.floats(Float32Array.from(node.data), shape) : graph.int32s(ints, shape);
  values.set(id, 'last', node.dtype === 'uint8' ? graph.cast(name, 'uint8') : name);
}

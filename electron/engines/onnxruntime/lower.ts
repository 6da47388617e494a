import type { BatchNormOp } from '../../../shared/ops/batchNorm';
import type { BinaryOp, OpFunction, OpName, OpNode, ReduceOp, UnaryOp } from '../../../shared/ops/graph';
import { emitConv, emitConvInputGradient } from './convolution';
import { emitBinary, emitCast, emitConstant, emitSelect, emitUnary } from './elementwise';
import { emitFilterGradient } from './filterGradient';
import { planFusion } from './fusion';
import type { FusedLinear, FusionPlan } from './fusion';
import { emitMatMul } from './matMul';
import { OnnxGraph, portName } from './onnxGraph';
import type { Provider } from './onnxGraph';
import { emitAvgPool, emitAvgPoolGradient, emitMaxPool, emitMaxPoolGradient } from './pooling';
import {
  emitAfter,
  emitBroadcast,
  emitConcat,
  emitGather,
  emitPad,
  emitReduce,
  emitReshape,
  emitReverse,
  emitSlice,
  emitTranspose,
} from './rearrangement';
import {
  emitArgMax,
  emitLogSoftmax,
  emitOneHot,
  emitSoftmax,
  emitSoftmaxCrossEntropy,
  emitSoftmaxCrossEntropyGradient,
} from './softmax';
import { rewriteForOnnxruntime } from '../rewrites';
import type { Storage } from './storage';
import { bufferOutput, StoredVariables } from './storedVariables';
import { emitUpdates } from './updates';
import { Values } from './values';

/** One function of a program as an ONNX model, and how it meets the engine's state. */
export type LoweredFunction = {
  readonly model: Uint8Array;
  /** Buffers that the model takes, under {@link bufferInput} names. */
  readonly reads: readonly string[];
  /** Buffers that the model gives anew, under {@link bufferOutput} names. */
  readonly writes: readonly string[];
  readonly outputs: readonly string[];
};

export const functionInput = (name: string): string => portName('input', name);
export const functionOutput = (name: string): string => portName('output', name);

/** Turns one function, with its whole backward pass and its updates, into one ONNX model; `block` as `blockSize` finds it. */
export function lowerFunction(
  original: OpFunction,
  storage: Storage,
  provider: Provider = 'cpu',
  block: number | null = null,
): LoweredFunction {
  const definition = rewriteForOnnxruntime(original).definition;
  const graph = new OnnxGraph(provider, block);
  const values = new Values(graph, definition.nodes);
  const variables = new StoredVariables(graph, storage);
  for (const { name, shape, dtype } of definition.inputs) graph.input(functionInput(name), dtype, shape);

  const plan = planFusion(definition);
  definition.nodes.forEach((node, id) => {
    if (plan.absorbed.has(id)) return;
    if (node.op === 'variable') values.set(id, variables.layout(node.name), variables.variable(node.name));
    else emitNode(values, id, node, plan);
  });
  const next = emitUpdates(values, definition.updates, variables);

  for (const [name, id] of Object.entries(definition.outputs)) {
    graph.output(functionOutput(name), values.name(id), values.node(id).dtype);
  }
  for (const [name, value] of next) {
    graph.output(bufferOutput(name), value, storage.buffers.get(name)?.dtype ?? 'float32');
  }
  return {
    model: graph.encode(),
    reads: variables.reads,
    writes: [...next.keys()],
    outputs: Object.keys(definition.outputs),
  };
}

type NodeOf<Op extends OpName> = OpNode & { readonly op: Op };
type Emitter<Op extends OpName> = (values: Values, id: number, node: NodeOf<Op>, plan: FusionPlan) => void;

const emitAnyUnary: Emitter<UnaryOp> = (values, id, { op, inputs }) => emitUnary(values, id, op, first(inputs));
const emitAnyBinary: Emitter<BinaryOp> = (values, id, { op, inputs }) => emitBinary(values, id, op, inputs);
const emitAnyReduce: Emitter<ReduceOp> = (values, id, node) => emitReduce(values, id, first(node.inputs), node);

const expandedBefore: Emitter<BatchNormOp> = (values, id, { op }) => {
  throw new Error(`ONNX: ${op} is expanded before it is lowered.`);
};

/** One emitter per op; a new op does not compile without its own. */
const emitters: { readonly [Op in OpName]: Emitter<Op> } = {
  input: (values, id, { name }) => values.set(id, 'last', functionInput(name)),
  variable: () => {
    throw new Error('ONNX: variables are read before other nodes are lowered.');
  },
  constant: emitConstant,
  neg: emitAnyUnary,
  exp: emitAnyUnary,
  log: emitAnyUnary,
  sqrt: emitAnyUnary,
  square: emitAnyUnary,
  abs: emitAnyUnary,
  sign: emitAnyUnary,
  step: emitAnyUnary,
  relu: emitAnyUnary,
  sigmoid: emitAnyUnary,
  tanh: emitAnyUnary,
  erf: emitAnyUnary,
  add: emitAnyBinary,
  sub: emitAnyBinary,
  mul: emitAnyBinary,
  div: emitAnyBinary,
  maximum: emitAnyBinary,
  minimum: emitAnyBinary,
  greaterEqual: emitAnyBinary,
  equal: emitAnyBinary,
  select: (values, id, { inputs }) => emitSelect(values, id, inputs),
  cast: (values, id, { inputs }) => emitCast(values, id, first(inputs)),
  matMul: (values, id, node) => emitMatMul(values, id, alone(id), node),
  conv2d: (values, id, node) => emitConv(values, id, alone(id), node),
  conv2dInputGrad: (values, id, node) => emitConvInputGradient(values, id, alone(id), node),
  conv2dFilterGrad: emitFilterGradient,
  maxPool: (values, id, node, plan) => emitMaxPool(values, id, node, plan.poolsWithPlaces.has(id)),
  maxPoolGrad: emitMaxPoolGradient,
  avgPool: emitAvgPool,
  avgPoolGrad: emitAvgPoolGradient,
  batchNorm: expandedBefore,
  batchNormInputGrad: expandedBefore,
  batchNormGammaGrad: expandedBefore,
  reduceSum: emitAnyReduce,
  reduceMean: emitAnyReduce,
  reduceMax: emitAnyReduce,
  argMax: (values, id, { inputs }) => emitArgMax(values, id, first(inputs)),
  oneHot: (values, id, { inputs, depth }) => emitOneHot(values, id, first(inputs), depth),
  gather: (values, id, { inputs }) => emitGather(values, id, inputs),
  reshape: (values, id, { inputs }) => emitReshape(values, id, first(inputs)),
  broadcastTo: (values, id, { inputs }) => emitBroadcast(values, id, first(inputs)),
  transpose: (values, id, { inputs, perm }) => emitTranspose(values, id, first(inputs), perm),
  concat: (values, id, { inputs, axis }) => emitConcat(values, id, inputs, axis),
  slice: (values, id, node) => emitSlice(values, id, first(node.inputs), node),
  pad: (values, id, node) => emitPad(values, id, first(node.inputs), node),
  reverse: (values, id, { inputs, axes }) => emitReverse(values, id, first(inputs), axes),
  softmax: (values, id, { inputs }) => emitSoftmax(values, id, first(inputs)),
  logSoftmax: (values, id, { inputs }) => emitLogSoftmax(values, id, first(inputs)),
  softmaxCrossEntropy: (values, id, { inputs }) => emitSoftmaxCrossEntropy(values, id, inputs),
  softmaxCrossEntropyGrad: (values, id, { inputs }) => emitSoftmaxCrossEntropyGradient(values, id, inputs),
  after: (values, id, { inputs }) => emitAfter(values, id, inputs),
};

function first([id = -1]: readonly number[]): number {
  return id;
}

function alone(id: number): FusedLinear {
  return { linear: id, bias: null, relu: false };
}

function emitNode(values: Values, id: number, node: OpNode, plan: FusionPlan): void {
  const group = plan.fused.get(id);
  const linear = group === undefined ? undefined : values.node(group.linear);
  if (group !== undefined && linear?.op === 'conv2d') emitConv(values, id, group, linear);
  else if (group !== undefined && linear?.op === 'conv2dInputGrad') emitConvInputGradient(values, id, group, linear);
  else if (group !== undefined && linear?.op === 'matMul') emitMatMul(values, id, group, linear);
  else emitByOp(node.op, values, id, node, plan);
}

function emitByOp<Op extends OpName>(op: Op, values: Values, id: number, node: NodeOf<Op>, plan: FusionPlan): void {
  emitters[op](values, id, node, plan);
}

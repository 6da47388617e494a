import type { FunctionBuilder, Operand, Value } from './builder';
import {
  formatShape,
  inferOperation,
  graphError,
  normalizeAxes,
  equalShapes,
  elementsPerSample,
  broadcastShapes,
} from './inference';
import type { InferableOperation } from './inference';
import type {
  BinaryOp,
  DType,
  NamedInput,
  OpFunction,
  OpNode,
  OpShape,
  Operation,
  ReduceOp,
  UnaryOp,
  Update,
} from './graph';
import { mapUpdateValues, pruneFunction, updateValues } from './prune';
import { applyRules, ruleTable } from './rules';
import { simplifications } from './simplify';

/** Constants above this many elements are not compared with each other: no layer makes two equal ones. */
const sharedConstantLimit = 256;

const simplificationTable = ruleTable(simplifications);

export type OpBuilderOptions = {
  /** A finished function to build on: its nodes, inputs and updates are there from the start, under the same ids. */
  readonly from?: OpFunction;
};

/** Starts an op graph. See {@link FunctionBuilder} for what it builds and {@link OpFunction} for what comes out. */
export function createOpBuilder(options: OpBuilderOptions = {}): FunctionBuilder {
  return new GraphBuilder(options);
}

class GraphBuilder implements FunctionBuilder {
  readonly #nodes: OpNode[];
  readonly #inputs: NamedInput[];
  readonly #updates: Update[];
  readonly #shared = new Map<string, Value>();
  readonly #largeConstants = new Map<object, number>();

  constructor({ from }: OpBuilderOptions) {
    this.#nodes = [...(from?.nodes ?? [])];
    this.#inputs = [...(from?.inputs ?? [])];
    this.#updates = [...(from?.updates ?? [])];
    this.#nodes.forEach((node, id) => this.#shared.set(this.#keyOf(node), this.valueAt(id)));
  }

  /** Text that is equal exactly for nodes that compute the same. */
  #keyOf(node: OpNode): string {
    if (node.op !== 'constant') return JSON.stringify(node);
    const head = `constant ${node.dtype} ${formatShape(node.shape)}`;
    if (node.data.length > sharedConstantLimit) {
      const number = this.#largeConstants.get(node.data) ?? this.#largeConstants.size;
      this.#largeConstants.set(node.data, number);
      return `${head} #${number}`;
    }
    // JSON has neither NaN nor the infinities; String keeps them apart.
    return `${head} ${Array.from(node.data, String).join()}`;
  }

  valueAt(id: number): Value {
    const node = this.#nodes[id];
    if (node === undefined) throw new Error(`Op graph: there is no node ${id}.`);
    return { id, shape: node.shape, dtype: node.dtype };
  }

  nodeOf(value: Value): OpNode {
    const node = this.#nodes[value.id];
    if (node === undefined) throw new Error(`Op graph: value ${value.id} is of another graph.`);
    return node;
  }

  copy(node: OpNode, inputs: readonly Value[]): Value {
    return this.#add(node, inputs, node.shape, node.dtype);
  }

  #add(operation: Operation, inputs: readonly Value[], shape: OpShape, dtype: DType): Value {
    if (shape.indexOf('batch') > 0) graphError(operation.op, `${formatShape(shape)} has the batch behind axis 0`);
    const node: OpNode = { ...operation, inputs: inputs.map((input) => input.id), shape, dtype };
    const key = this.#keyOf(node);
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const value: Value = { id: this.#nodes.push(node) - 1, shape, dtype };
    this.#shared.set(key, value);
    return value;
  }

  /** The node that was asked for, or what the simplifications have for it. */
  #make(operation: Operation, inputs: readonly Value[], shape: OpShape, dtype: DType): Value {
    const node: OpNode = { ...operation, inputs: inputs.map((input) => input.id), shape, dtype };
    const simpler = applyRules(simplificationTable, node, { ops: this, inputs });
    return simpler === null ? this.#add(operation, inputs, shape, dtype) : simpler.result;
  }

  #infer(operation: InferableOperation, ...inputs: readonly Value[]): Value {
    const { shape, dtype } = inferOperation(operation, inputs);
    return this.#make(operation, inputs, shape, dtype);
  }

  #operand(operand: Operand): Value {
    return typeof operand === 'number' ? this.constant([operand], []) : operand;
  }

  input(name: string, shape: OpShape, dtype: DType = 'float32'): Value {
    const known = this.#inputs.find((input) => input.name === name);
    if (known === undefined) this.#inputs.push({ name, shape, dtype });
    else if (!equalShapes(known.shape, shape) || known.dtype !== dtype) graphError('input', `two different "${name}"`);
    return this.#add({ op: 'input', name }, [], shape, dtype);
  }

  variable(name: string, shape: readonly number[], dtype: DType = 'float32'): Value {
    return this.#add({ op: 'variable', name }, [], shape, dtype);
  }

  constant(data: readonly number[] | Float32Array | Int32Array, shape: readonly number[]): Value {
    if (data.length !== elementsPerSample(shape))
      graphError('constant', `${data.length} values for ${formatShape(shape)}`);
    return this.#add({ op: 'constant', data }, [], shape, data instanceof Int32Array ? 'int32' : 'float32');
  }

  unary(op: UnaryOp, x: Value): Value {
    return this.#infer({ op }, x);
  }

  binary(op: BinaryOp, a: Operand, b: Operand): Value {
    return this.#infer({ op }, this.#operand(a), this.#operand(b));
  }

  add(a: Operand, b: Operand): Value {
    return this.binary('add', a, b);
  }

  sub(a: Operand, b: Operand): Value {
    return this.binary('sub', a, b);
  }

  mul(a: Operand, b: Operand): Value {
    return this.binary('mul', a, b);
  }

  div(a: Operand, b: Operand): Value {
    return this.binary('div', a, b);
  }

  select(condition: Value, a: Operand, b: Operand): Value {
    return this.#infer({ op: 'select' }, condition, this.#operand(a), this.#operand(b));
  }

  cast(x: Value, dtype: DType): Value {
    return this.#make({ op: 'cast' }, [x], x.shape, dtype);
  }

  matMul(a: Value, b: Value, options: { readonly transposeA?: boolean; readonly transposeB?: boolean } = {}): Value {
    const { transposeA = false, transposeB = false } = options;
    return this.#infer({ op: 'matMul', transposeA, transposeB }, a, b);
  }

  conv2d: FunctionBuilder['conv2d'] = (x, filter, { strides, pads, dilations, groups }) =>
    this.#infer({ op: 'conv2d', strides, pads, dilations, groups }, x, filter);

  conv2dInputGrad: FunctionBuilder['conv2dInputGrad'] = (dy, filter, inputSize, { strides, pads, dilations, groups }) =>
    this.#infer({ op: 'conv2dInputGrad', inputSize, strides, pads, dilations, groups }, dy, filter);

  conv2dFilterGrad: FunctionBuilder['conv2dFilterGrad'] = (x, dy, filterSize, { strides, pads, dilations, groups }) =>
    this.#infer({ op: 'conv2dFilterGrad', filterSize, strides, pads, dilations, groups }, x, dy);

  maxPool: FunctionBuilder['maxPool'] = (x, { size, strides, pads }) =>
    this.#infer({ op: 'maxPool', size, strides, pads }, x);

  maxPoolGrad: FunctionBuilder['maxPoolGrad'] = (x, y, dy, { size, strides, pads }) =>
    this.#infer({ op: 'maxPoolGrad', size, strides, pads }, x, y, dy);

  avgPool: FunctionBuilder['avgPool'] = (x, { size, strides, pads }) =>
    this.#infer({ op: 'avgPool', size, strides, pads }, x);

  avgPoolGrad: FunctionBuilder['avgPoolGrad'] = (dy, inputSize, { size, strides, pads }) =>
    this.#infer({ op: 'avgPoolGrad', inputSize, size, strides, pads }, dy);

  batchNorm(x: Value, gamma: Value, beta: Value, epsilon: number): Value {
    return this.#infer({ op: 'batchNorm', epsilon }, x, gamma, beta);
  }

  batchNormInputGrad(x: Value, gamma: Value, dy: Value, epsilon: number): Value {
    return this.#infer({ op: 'batchNormInputGrad', epsilon }, x, gamma, dy);
  }

  batchNormGammaGrad(x: Value, gamma: Value, dy: Value, epsilon: number): Value {
    return this.#infer({ op: 'batchNormGammaGrad', epsilon }, x, gamma, dy);
  }

  reduce(op: ReduceOp, x: Value, axes: readonly number[], keepDims = false): Value {
    return this.#infer({ op, axes: normalizeAxes(axes, x.shape.length, op), keepDims }, x);
  }

  argMax(x: Value): Value {
    return this.#infer({ op: 'argMax' }, x);
  }

  oneHot(indices: Value, depth: number): Value {
    return this.#infer({ op: 'oneHot', depth }, indices);
  }

  gather(table: Value, indices: Value): Value {
    return this.#infer({ op: 'gather' }, table, indices);
  }

  reshape(x: Value, shape: OpShape): Value {
    if (
      elementsPerSample(x.shape) !== elementsPerSample(shape) ||
      (x.shape[0] === 'batch') !== (shape[0] === 'batch')
    ) {
      graphError('reshape', `${formatShape(x.shape)} to ${formatShape(shape)}`);
    }
    return this.#make({ op: 'reshape' }, [x], shape, x.dtype);
  }

  broadcastTo(x: Value, shape: OpShape): Value {
    if (!equalShapes(broadcastShapes(x.shape, shape, 'broadcastTo'), shape)) {
      graphError('broadcastTo', `${formatShape(x.shape)} to ${formatShape(shape)}`);
    }
    return this.#make({ op: 'broadcastTo' }, [x], shape, x.dtype);
  }

  transpose(x: Value, perm: readonly number[]): Value {
    return this.#infer({ op: 'transpose', perm }, x);
  }

  concat(values: readonly Value[], axis: number): Value {
    const [first] = values;
    if (first === undefined) return graphError('concat', 'nothing to concatenate');
    const [positive = 0] = normalizeAxes([axis], first.shape.length, 'concat');
    return this.#infer({ op: 'concat', axis: positive }, ...values);
  }

  slice(x: Value, begin: readonly number[], size: readonly number[]): Value {
    return this.#infer({ op: 'slice', begin, size }, x);
  }

  pad(x: Value, paddings: readonly (readonly [number, number])[]): Value {
    return this.#infer({ op: 'pad', paddings }, x);
  }

  reverse(x: Value, axes: readonly number[]): Value {
    return this.#infer({ op: 'reverse', axes: normalizeAxes(axes, x.shape.length, 'reverse') }, x);
  }

  softmax(x: Value): Value {
    return this.#infer({ op: 'softmax' }, x);
  }

  logSoftmax(x: Value): Value {
    return this.#infer({ op: 'logSoftmax' }, x);
  }

  softmaxCrossEntropy(logits: Value, labels: Value): Value {
    return this.#infer({ op: 'softmaxCrossEntropy' }, logits, labels);
  }

  softmaxCrossEntropyGrad(logits: Value, labels: Value, dLoss: Value): Value {
    return this.#infer({ op: 'softmaxCrossEntropyGrad' }, logits, labels, dLoss);
  }

  after(x: Value, others: readonly Value[]): Value {
    return this.#infer({ op: 'after' }, x, ...others);
  }

  assign(variable: Value, value: Value): void {
    const node = this.nodeOf(variable);
    if (node.op !== 'variable') throw new Error(`Op graph: only a variable can be assigned, and this is ${node.op}.`);
    if (!equalShapes(variable.shape, value.shape) || variable.dtype !== value.dtype) {
      graphError('variable', `"${node.name}" ${formatShape(variable.shape)} assigned ${formatShape(value.shape)}`);
    }
    this.update({ kind: 'assign', variable: node.name, value: value.id });
  }

  follow(variable: Value, next: (before: Value) => Value): void {
    const node = this.nodeOf(variable);
    const at = this.#updates.findIndex((update) => node.op === 'variable' && update.variable === node.name);
    const earlier = this.#updates[at];
    if (earlier?.kind !== 'assign') {
      this.assign(variable, next(variable));
      return;
    }
    this.#updates.splice(at, 1);
    this.assign(variable, next(this.valueAt(earlier.value)));
  }

  update(update: Update): void {
    updateValues(update).forEach((id) => this.valueAt(id));
    if (this.#updates.some((other) => other.variable === update.variable)) {
      throw new Error(`Op graph: variable "${update.variable}" is updated twice.`);
    }
    this.#updates.push(update);
  }

  finish(outputs: { readonly [name: string]: Value }): OpFunction {
    const ids = Object.entries(outputs).map(([name, value]): [string, number] => [name, value.id]);
    return pruneFunction({
      inputs: [...this.#inputs],
      nodes: [...this.#nodes],
      outputs: Object.fromEntries(ids),
      updates: this.#updates.map((update) => mapUpdateValues(update, (id) => id)),
    });
  }
}

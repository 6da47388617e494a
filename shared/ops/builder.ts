import type {
  BinaryOp,
  ConvAttributes,
  DType,
  OpFunction,
  OpNode,
  OpShape,
  PoolAttributes,
  ReduceOp,
  UnaryOp,
  Update,
} from './graph';

/** A value of the op graph under construction. Its shape and type are known at once. */
export type Value = { readonly id: number; readonly shape: OpShape; readonly dtype: DType };

/** What an elementwise op takes besides values: numbers become scalar constants. */
export type Operand = Value | number;

/**
 * Builds an op graph; every call adds one node (equal nodes are shared) and throws on shapes that cannot be, because only a
 * programmer can cause that: networks are checked before they are lowered.
 */
export type OpBuilder = {
  input(name: string, shape: OpShape, dtype?: DType): Value;
  variable(name: string, shape: readonly number[], dtype?: DType): Value;
  /** float32, or int32 when `data` is an `Int32Array`. */
  constant(data: readonly number[] | Float32Array | Int32Array, shape: readonly number[]): Value;
  unary(op: UnaryOp, x: Value): Value;
  binary(op: BinaryOp, a: Operand, b: Operand): Value;
  add(a: Operand, b: Operand): Value;
  sub(a: Operand, b: Operand): Value;
  mul(a: Operand, b: Operand): Value;
  div(a: Operand, b: Operand): Value;
  select(condition: Value, a: Operand, b: Operand): Value;
  cast(x: Value, dtype: DType): Value;
  matMul(a: Value, b: Value, options?: { readonly transposeA?: boolean; readonly transposeB?: boolean }): Value;
  conv2d(x: Value, filter: Value, attributes: ConvAttributes): Value;
  conv2dInputGrad(dy: Value, filter: Value, inputSize: readonly [number, number], attributes: ConvAttributes): Value;
  conv2dFilterGrad(x: Value, dy: Value, filterSize: readonly [number, number], attributes: ConvAttributes): Value;
  maxPool(x: Value, attributes: PoolAttributes): Value;
  /** Puts each value of `dy` to the first maximum of its window in `x`, of which `y` is the max pool; 0 elsewhere. */
  maxPoolGrad(x: Value, y: Value, dy: Value, attributes: PoolAttributes): Value;
  avgPool(x: Value, attributes: PoolAttributes): Value;
  /** Normalises each channel of `x` by its own mean and variance; `gamma` and `beta` are `[channels]`. */
  batchNorm(x: Value, gamma: Value, beta: Value, epsilon: number): Value;
  reduce(op: ReduceOp, x: Value, axes: readonly number[], keepDims?: boolean): Value;
  argMax(x: Value): Value;
  oneHot(indices: Value, depth: number): Value;
  gather(table: Value, indices: Value): Value;
  /** `shape` may begin with 'batch' where `x` does. */
  reshape(x: Value, shape: OpShape): Value;
  broadcastTo(x: Value, shape: OpShape): Value;
  transpose(x: Value, perm: readonly number[]): Value;
  concat(values: readonly Value[], axis: number): Value;
  slice(x: Value, begin: readonly number[], size: readonly number[]): Value;
  pad(x: Value, paddings: readonly (readonly [number, number])[]): Value;
  reverse(x: Value, axes: readonly number[]): Value;
  softmax(x: Value): Value;
  logSoftmax(x: Value): Value;
  softmaxCrossEntropy(logits: Value, labels: Value): Value;
  /** Gives a variable (a value made by {@link OpBuilder.variable}) a new value at the end of the run. */
  assign(variable: Value, value: Value): void;
  /** The same, with a value made of the one before: running statistics. Called again, it goes on from what the call before came to. */
  follow(variable: Value, next: (before: Value) => Value): void;
};

/** Everything that a compiler of whole functions needs beyond what a layer needs: backward ops, updates, and the finished function. */
export type FunctionBuilder = OpBuilder & {
  avgPoolGrad(dy: Value, inputSize: readonly [number, number], attributes: PoolAttributes): Value;
  batchNormInputGrad(x: Value, gamma: Value, dy: Value, epsilon: number): Value;
  batchNormGammaGrad(x: Value, gamma: Value, dy: Value, epsilon: number): Value;
  softmaxCrossEntropyGrad(logits: Value, labels: Value, dLoss: Value): Value;
  /** `x` as it is, once the others have been computed. */
  after(x: Value, others: readonly Value[]): Value;
  /** The node behind a value; its inputs are ids for {@link FunctionBuilder.valueAt}. */
  nodeOf(value: Value): OpNode;
  valueAt(id: number): Value;
  /** The same operation as a node of another function, on values of this one. */
  copy(node: OpNode, inputs: readonly Value[]): Value;
  update(update: Update): void;
  /** The function that gives these outputs and makes the updates; nodes that neither needs are gone, declared inputs stay. */
  finish(outputs: { readonly [name: string]: Value }): OpFunction;
};

/**
 * The op graph: about 40 primitive tensor ops, channels last (NHWC), fully explicit (the backward pass is in it).
 * Engines implement exactly these; layers, losses and optimizers are written in them. Meaning is TensorFlow's unless said.
 */

/**
 * 'batch' may stand on axis 0 only; every other size is known when a network is lowered. It is one number for the whole run:
 * the length of axis 0 of every input whose shape says 'batch' (also where `broadcastTo` makes it from nothing).
 */
export type Dim = number | 'batch';
/** Sizes of a value, the batch (where there is one) first. */
export type OpShape = readonly Dim[];

/** int32 holds class indices and row numbers; uint8 holds images at rest. */
export type DType = 'float32' | 'int32' | 'uint8';

/**
 * Types of half the size in which products may be computed. bfloat16 has the range of float32 and 8 bits of its 24, so that nothing
 * overflows and no loss need be scaled.
 */
export const reducedTypes = ['bfloat16'] as const;
export type ReducedType = (typeof reducedTypes)[number];

/**
 * What products are computed in: operands and result are rounded to that type; sums are in float32 or better where the
 * engine's kernels have them so. Absent: float32. Values between nodes are float32 either way.
 */
export type Precision = { readonly precision?: ReducedType };

/** `[top, bottom, left, right]`; explicit everywhere, so that no engine guesses what 'same' means. */
export type Pads = readonly [top: number, bottom: number, left: number, right: number];
type Pair = readonly [height: number, width: number];

/** Attributes of a 2-D convolution. Filters are `[kh, kw, in / groups, out]`. */
export type ConvAttributes = {
  readonly strides: Pair;
  readonly pads: Pads;
  readonly dilations: Pair;
  readonly groups: number;
};

/** Attributes of a pooling window. */
export type PoolAttributes = { readonly size: Pair; readonly strides: Pair; readonly pads: Pads };

/** Elementwise ops of one float input. `step` is 1 where x > 0, else 0 (the derivative of relu). */
export type UnaryOp =
  | 'neg'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'square'
  | 'abs'
  | 'sign'
  | 'step'
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'erf';

/** Elementwise ops of two float inputs with NumPy broadcasting (integers are cast first). Comparisons give float 0 or 1. */
export type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'greaterEqual' | 'equal';

/** Ops that fold axes into one value each. */
export type ReduceOp = 'reduceSum' | 'reduceMean' | 'reduceMax';

/** What an op does, with its attributes. The comment gives the inputs in order. */
export type Operation =
  /** () fed by the caller at every run. */
  | { readonly op: 'input'; readonly name: string }
  /** () reads a variable of the program as it was before this run's updates. */
  | { readonly op: 'variable'; readonly name: string }
  /** () row-major. */
  | { readonly op: 'constant'; readonly data: readonly number[] | Float32Array | Int32Array }
  | { readonly op: UnaryOp }
  | { readonly op: BinaryOp }
  /** (condition as float 0/1, a, b) a where the condition is not 0. */
  | { readonly op: 'select' }
  | { readonly op: 'cast' }
  /**
   * (a [..., m, k], b [k, n]) a may have leading axes; b has rank 2, or the same leading axes as a: then each matrix meets its own. A
   * transposed one is stored as [..., k, m], or [..., n, k]; a [batch, m] transposed times b [batch, n] sums over the batch.
   */
  | ({ readonly op: 'matMul'; readonly transposeA: boolean; readonly transposeB: boolean } & Precision)
  /** (x [n, h, w, ci], filter) */
  | ({ readonly op: 'conv2d' } & ConvAttributes & Precision)
  /** (dy, filter) gradient of conv2d to its input, whose height and width are `inputSize`; also the up-conv's forward pass. */
  | ({ readonly op: 'conv2dInputGrad'; readonly inputSize: Pair } & ConvAttributes & Precision)
  /** (x, dy) gradient of conv2d to its filter, whose height and width are `filterSize`. */
  | ({ readonly op: 'conv2dFilterGrad'; readonly filterSize: Pair } & ConvAttributes & Precision)
  /** (x) padding counts as minus infinity. */
  | ({ readonly op: 'maxPool' } & PoolAttributes)
  /** (x, y, dy) all of a window's gradient goes to its first maximum in row-major order. */
  | ({ readonly op: 'maxPoolGrad' } & PoolAttributes)
  /** (x) sum / (kh * kw): padding counts as zeros, in the sum and in the divisor. */
  | ({ readonly op: 'avgPool' } & PoolAttributes)
  /** (dy) gradient of avgPool to an input of `inputSize`. */
  | ({ readonly op: 'avgPoolGrad'; readonly inputSize: Pair } & PoolAttributes)
  /**
   * (x [..., c], gamma [c], beta [c]) gamma (x - mean) / sqrt(variance + epsilon) + beta, with each channel's own mean and variance
   * (divided by n) over all other axes. An engine without a kernel for these three ops takes `expandBatchNorms` first.
   */
  | { readonly op: 'batchNorm'; readonly epsilon: number }
  /** (x, gamma, dy) gradient of batchNorm to x, through its mean and variance too. */
  | { readonly op: 'batchNormInputGrad'; readonly epsilon: number }
  /** (x, gamma, dy) gradient of batchNorm to gamma. It does not read gamma, which names the kernel that gives both gradients. */
  | { readonly op: 'batchNormGammaGrad'; readonly epsilon: number }
  /** (x) `axes` count from the front, ascending; at least one. */
  | { readonly op: ReduceOp; readonly axes: readonly number[]; readonly keepDims: boolean }
  /** (x float [..., c]) index of the largest on the last axis, the first of equals; int32. */
  | { readonly op: 'argMax' }
  /** (indices int32) float 0/1 with a new last axis of `depth`. */
  | { readonly op: 'oneHot'; readonly depth: number }
  /** (table [rows, ...], indices int32 [n]) rows of the table. */
  | { readonly op: 'gather' }
  /** (x) to the node's shape; 'batch' stays where it is. */
  | { readonly op: 'reshape' }
  /** (x) to the node's shape, as NumPy: axes are added in front, sizes of 1 are repeated. May bring in 'batch'. */
  | { readonly op: 'broadcastTo' }
  | { readonly op: 'transpose'; readonly perm: readonly number[] }
  /** (x, y, ...) `axis` counts from the front and is never the batch. */
  | { readonly op: 'concat'; readonly axis: number }
  /** (x) `size` -1 takes the rest of an axis; the batch is only ever taken whole (begin 0, size -1). */
  | { readonly op: 'slice'; readonly begin: readonly number[]; readonly size: readonly number[] }
  /** (x) zeros around; [before, after] per axis. */
  | { readonly op: 'pad'; readonly paddings: readonly (readonly [number, number])[] }
  | { readonly op: 'reverse'; readonly axes: readonly number[] }
  /** (x) over the last axis. */
  | { readonly op: 'softmax' | 'logSoftmax' }
  /** (logits [..., c], labels int32 [...]) loss [...] = -logSoftmax(logits)[label]. */
  | { readonly op: 'softmaxCrossEntropy' }
  /** (logits, labels, dLoss [...]) (softmax - oneHot) * dLoss. */
  | { readonly op: 'softmaxCrossEntropyGrad' }
  /**
   * (x, y, ...) x as it is, once all others have been computed: a node behind it is not computed before, and is not the same as an equal
   * one that reads x itself. Rewrites leave it where it is.
   */
  | { readonly op: 'after' };

/** The name of a primitive op. */
export type OpName = Operation['op'];

/** One node of the graph. Its id is its place in {@link OpFunction.nodes}, and inputs come before it. */
export type OpNode = Operation & { readonly inputs: readonly number[]; readonly shape: OpShape; readonly dtype: DType };

/** The nodes of an op, with that op's attributes. */
export type NodeOf<Op extends OpName, Node = OpNode> = Node extends { readonly op: OpName }
  ? Op extends Node['op']
    ? Node
    : never
  : never;

/** A change of a variable at the end of a run. Fused optimizers stay whole so that an engine may use its own kernel; `expandUpdate` gives the primitives. */
export type Update =
  | { readonly kind: 'assign'; readonly variable: string; readonly value: number }
  /** w -= learningRate * gradient */
  | { readonly kind: 'sgd'; readonly variable: string; readonly gradient: number; readonly learningRate: number }
  /** accumulator = momentum * accumulator + gradient; w -= learningRate * accumulator */
  | {
      readonly kind: 'momentum';
      readonly variable: string;
      readonly accumulator: string;
      readonly gradient: number;
      readonly learningRate: number;
      readonly momentum: number;
    }
  /**
   * Kingma and Ba's, as TensorFlow's ResourceApplyAdam: m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
   * w -= learningRate * sqrt(1 - beta2Power) / (1 - beta1Power) * m / (sqrt(v) + epsilon). `learningRate`, `beta1Power` (b1^t, t from 1) and
   * `beta2Power` are scalar values of the graph, fed at every step.
   */
  | {
      readonly kind: 'adam';
      readonly variable: string;
      readonly m: string;
      readonly v: string;
      readonly gradient: number;
      readonly learningRate: number;
      readonly beta1Power: number;
      readonly beta2Power: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

/** A value that every call of a function is given. */
export type NamedInput = { readonly name: string; readonly shape: OpShape; readonly dtype: DType };

/**
 * That a function may let go of what its forward pass makes and make it again for its backward pass: planned for batches of this size, to
 * fit within so many bytes of values at once; null: in as few as it can. Its numbers stay the same.
 */
export type Recomputation = { readonly batch: number; readonly within: number | null };

/**
 * One entry point of a program: feeds in, fetches out, variables changed. Every node reads variables as they were before the
 * updates, outputs included.
 */
export type OpFunction = {
  /** Every one has its `input` node, used or not. */
  readonly inputs: readonly NamedInput[];
  /** In topological order. */
  readonly nodes: readonly OpNode[];
  /** What a run gives back, by name: ids of nodes. */
  readonly outputs: { readonly [name: string]: number };
  readonly updates: readonly Update[];
  /** Asks the engine for it, after its own rewrites; absent: every value is kept until its last use. */
  readonly recompute?: Recomputation;
};

/** State that lives in the engine between runs: weights, running statistics, optimizer slots, a data set at rest. */
export type VariableSpec = { readonly name: string; readonly shape: readonly number[]; readonly dtype: DType };

/** What an engine compiles: functions over shared variables ('trainStep', 'evaluate', 'predict', ...). */
export type Program = {
  readonly variables: readonly VariableSpec[];
  readonly functions: { readonly [name: string]: OpFunction };
};

import type { ConvAttributes, Dim, DType, OpName, OpShape, Operation, PoolAttributes } from './graph';

/** The shape and type of a value, without the value. */
export type TypedShape = { readonly shape: OpShape; readonly dtype: DType };

/** Ops whose shape is stated by whoever builds them and cannot be derived from their inputs. */
export type StatedShapeOp = 'input' | 'variable' | 'constant' | 'reshape' | 'broadcastTo' | 'cast';

/** Operations whose result follows from their attributes and inputs. */
export type InferableOperation = Exclude<Operation, { readonly op: StatedShapeOp }>;

/** Shows a shape in messages: `[batch, 24, 24, 20]`. */
export function formatShape(shape: OpShape): string {
  return `[${shape.join(', ')}]`;
}

/** Stops on a graph that cannot be. Only a programmer can cause one, hence an exception and not a diagnostic. */
export function graphError(op: OpName, reason: string): never {
  throw new Error(`Op graph: ${op}: ${reason}.`);
}

/** True where both have the same axes and sizes; the batch is equal to itself alone. */
export function equalShapes(a: OpShape, b: OpShape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Size of an axis that must be known. */
export function knownSize(shape: OpShape, axis: number, op: OpName): number {
  const size = shape.at(axis);
  return typeof size === 'number'
    ? size
    : graphError(op, `axis ${axis} of ${formatShape(shape)} must have a known size`);
}

/** Number of elements per sample: the product of every size but the batch. */
export function elementsPerSample(shape: OpShape): number {
  return shape.reduce<number>((product, size) => (size === 'batch' ? product : product * size), 1);
}

/** Shape of an elementwise result under NumPy broadcasting: aligned at the end, 1 stretches. */
export function broadcastShapes(a: OpShape, b: OpShape, op: OpName): OpShape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis): Dim => {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA === sizeB || sizeB === 1) return sizeA;
    if (sizeA === 1) return sizeB;
    return graphError(op, `${formatShape(a)} and ${formatShape(b)} do not broadcast`);
  });
}

/**
 * Length of one axis after a sliding window: floor((x + before + after - d(k - 1) - 1) / s) + 1.
 * 28 pixels under a window of 5 give 24. Source: Dumoulin and Visin, arXiv 1603.07285, relationship 6 with dilation.
 */
export function windowOutputSize(
  size: number,
  window: number,
  stride: number,
  before: number,
  after: number,
  dilation = 1,
): number {
  return Math.floor((size + before + after - dilation * (window - 1) - 1) / stride) + 1;
}

/** Height and width after a convolution of `size` by a filter of `filterSize`. */
export function convOutputSize(
  size: readonly [number, number],
  filterSize: readonly [number, number],
  { strides, pads, dilations }: ConvAttributes,
): readonly [number, number] {
  return [
    windowOutputSize(size[0], filterSize[0], strides[0], pads[0], pads[1], dilations[0]),
    windowOutputSize(size[1], filterSize[1], strides[1], pads[2], pads[3], dilations[1]),
  ];
}

/** Height and width after a pooling window went over `size`. */
export function poolOutputSize(
  size: readonly [number, number],
  { size: window, strides, pads }: PoolAttributes,
): readonly [number, number] {
  return [
    windowOutputSize(size[0], window[0], strides[0], pads[0], pads[1]),
    windowOutputSize(size[1], window[1], strides[1], pads[2], pads[3]),
  ];
}

/** Axes counted from the front, ascending, each once; negative ones count from the end. */
export function normalizeAxes(axes: readonly number[], rank: number, op: OpName): readonly number[] {
  const positive = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  if (
    positive.some((axis) => axis < 0 || axis >= rank || !Number.isInteger(axis)) ||
    new Set(positive).size < positive.length
  ) {
    graphError(op, `axes ${axes.join(', ')} of a value of rank ${rank}`);
  }
  return positive.toSorted((a, b) => a - b);
}

function sizesOf(shape: OpShape, op: OpName): readonly [batch: Dim, height: number, width: number, channels: number] {
  if (shape.length !== 4) graphError(op, `${formatShape(shape)} is not [batch, height, width, channels]`);
  return [shape[0] ?? 1, knownSize(shape, 1, op), knownSize(shape, 2, op), knownSize(shape, 3, op)];
}

function requirePositive(size: readonly [number, number], op: OpName): readonly [number, number] {
  return size[0] >= 1 && size[1] >= 1 ? size : graphError(op, `the window leaves ${size[0]}x${size[1]}`);
}

function requireWindow(op: OpName, sizes: readonly number[], pads: readonly number[]): void {
  if (sizes.some((size) => !Number.isInteger(size) || size < 1))
    graphError(op, `sizes ${sizes.join(', ')} must be at least 1`);
  if (pads.some((pad) => !Number.isInteger(pad) || pad < 0))
    graphError(op, `pads ${pads.join(', ')} must be at least 0`);
}

function inferConvolution(
  operation: Extract<Operation, { op: 'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad' }>,
  first: OpShape,
  second: OpShape,
): OpShape {
  const { op, groups } = operation;
  requireWindow(op, [...operation.strides, ...operation.dilations, groups], operation.pads);
  if (operation.op === 'conv2dFilterGrad') {
    const [batch, height, width, channels] = sizesOf(first, op);
    const [batchOfDy, ...gradientSize] = sizesOf(second, op);
    const expected = convOutputSize([height, width], operation.filterSize, operation);
    if (batch !== batchOfDy || gradientSize[0] !== expected[0] || gradientSize[1] !== expected[1]) {
      graphError(op, `dy ${formatShape(second)} does not come from x ${formatShape(first)}`);
    }
    if (channels % groups !== 0 || gradientSize[2] % groups !== 0)
      graphError(op, `${groups} groups do not divide the channels`);
    return [...operation.filterSize, channels / groups, gradientSize[2]];
  }
  const [batch, height, width, channels] = sizesOf(first, op);
  const filterShape = sizesOf(second, op);
  const filterHeight = knownSize(second, 0, op);
  const [, filterWidth, channelsPerGroup, filters] = filterShape;
  if (filters % groups !== 0) graphError(op, `${groups} groups do not divide ${filters} filters`);
  if (operation.op === 'conv2d') {
    if (channels !== channelsPerGroup * groups) {
      graphError(op, `x ${formatShape(first)} under filter ${formatShape(second)} in ${groups} groups`);
    }
    return [
      batch,
      ...requirePositive(convOutputSize([height, width], [filterHeight, filterWidth], operation), op),
      filters,
    ];
  }
  const expected = convOutputSize(operation.inputSize, [filterHeight, filterWidth], operation);
  if (channels !== filters || height !== expected[0] || width !== expected[1]) {
    graphError(
      op,
      `dy ${formatShape(first)} does not come from filter ${formatShape(second)} on ${operation.inputSize.join('x')}`,
    );
  }
  return [batch, ...operation.inputSize, channelsPerGroup * groups];
}

function inferPooling(
  operation: Extract<Operation, { op: 'maxPool' | 'maxPoolGrad' | 'avgPool' | 'avgPoolGrad' }>,
  shapes: readonly OpShape[],
): OpShape {
  const { op } = operation;
  const first = shapes[0] ?? [];
  requireWindow(op, [...operation.size, ...operation.strides], operation.pads);
  const [batch, height, width, channels] = sizesOf(first, op);
  if (operation.op === 'avgPoolGrad') {
    const expected: OpShape = [batch, ...poolOutputSize(operation.inputSize, operation), channels];
    if (!equalShapes(first, expected)) graphError(op, `dy ${formatShape(first)} should be ${formatShape(expected)}`);
    return [batch, ...operation.inputSize, channels];
  }
  const output: OpShape = [batch, ...requirePositive(poolOutputSize([height, width], operation), op), channels];
  if (operation.op !== 'maxPoolGrad') return output;
  for (const shape of shapes.slice(1)) {
    if (!equalShapes(shape, output)) graphError(op, `${formatShape(shape)} should be ${formatShape(output)}`);
  }
  return first;
}

function inferMatMul(operation: Extract<Operation, { op: 'matMul' }>, a: OpShape, b: OpShape): OpShape {
  const isMatrix = b.length === 2;
  if (a.length < 2 || !(isMatrix || (a.length === b.length && equalShapes(a.slice(0, -2), b.slice(0, -2))))) {
    graphError('matMul', `${formatShape(a)} times ${formatShape(b)}`);
  }
  if (operation.transposeA && a.length === 2 && a[0] === 'batch') return matMulOverBatch(operation, a, b);
  const rows = operation.transposeA ? knownSize(a, -1, 'matMul') : (a.at(-2) ?? 1);
  const inner = knownSize(a, operation.transposeA ? -2 : -1, 'matMul');
  const innerOfB = knownSize(b, operation.transposeB ? -1 : -2, 'matMul');
  if (inner !== innerOfB)
    graphError('matMul', `${formatShape(a)} times ${formatShape(b)}: ${inner} against ${innerOfB}`);
  return [...a.slice(0, -2), rows, knownSize(b, operation.transposeB ? -2 : -1, 'matMul')];
}

/** a [batch, m] transposed times b [batch, n]: the batch is summed away, as in the gradient of a weight matrix. */
function matMulOverBatch(operation: Extract<Operation, { op: 'matMul' }>, a: OpShape, b: OpShape): OpShape {
  if (operation.transposeB || b[0] !== 'batch')
    graphError('matMul', `${formatShape(a)} transposed times ${formatShape(b)}`);
  return [knownSize(a, 1, 'matMul'), knownSize(b, 1, 'matMul')];
}

function inferBatchNorm(op: OpName, x: OpShape, gamma: OpShape, third: OpShape): OpShape {
  if (x.length < 2) graphError(op, `${formatShape(x)} has no axis beside the channels`);
  const channels: OpShape = [knownSize(x, -1, op)];
  const expected = op === 'batchNorm' ? channels : x;
  if (!equalShapes(gamma, channels) || !equalShapes(third, expected)) {
    graphError(op, [x, gamma, third].map(formatShape).join(', '));
  }
  return op === 'batchNormGammaGrad' ? channels : x;
}

function inferShapeOp(
  operation: Extract<Operation, { op: 'transpose' | 'slice' | 'pad' | 'reverse' }>,
  shape: OpShape,
): OpShape {
  const { op } = operation;
  const rank = shape.length;
  switch (operation.op) {
    case 'transpose': {
      const output = operation.perm.map((axis) => shape[axis] ?? 1);
      if (!equalShapes(normalizeAxes(operation.perm, rank, op), [...shape.keys()]))
        graphError(op, 'perm is no permutation');
      return output.indexOf('batch') > 0 ? graphError(op, 'the batch must stay on axis 0') : output;
    }
    case 'reverse':
      if (operation.axes.some((axis) => shape[axis] === 'batch')) graphError(op, 'the batch has no order');
      return shape;
    case 'pad':
      if (operation.paddings.length !== rank) graphError(op, `paddings for ${formatShape(shape)}`);
      return shape.map((size, axis): Dim => {
        const [before, after] = operation.paddings[axis] ?? [0, 0];
        if (before < 0 || after < 0) graphError(op, 'paddings must be at least 0');
        if (size !== 'batch') return size + before + after;
        return before === 0 && after === 0 ? size : graphError(op, 'the batch is never padded');
      });
    case 'slice':
      if (operation.begin.length !== rank || operation.size.length !== rank) graphError(op, `of ${formatShape(shape)}`);
      return shape.map((size, axis): Dim => {
        const begin = operation.begin[axis] ?? 0;
        const length = operation.size[axis] ?? -1;
        if (size === 'batch') return begin === 0 && length === -1 ? size : graphError(op, 'the batch is taken whole');
        const taken = length === -1 ? size - begin : length;
        return begin >= 0 && taken >= 1 && begin + taken <= size
          ? taken
          : graphError(op, `${begin}..${begin + taken} of ${formatShape(shape)}`);
      });
  }
}

function inferConcat(axis: number, shapes: readonly OpShape[]): OpShape {
  const first = shapes[0] ?? graphError('concat', 'nothing to concatenate');
  const along = shapes.map((shape) => knownSize(shape, axis, 'concat'));
  for (const shape of shapes) {
    if (shape.length !== first.length || shape.some((size, other) => other !== axis && size !== first[other])) {
      graphError('concat', shapes.map(formatShape).join(' and '));
    }
  }
  return first.with(
    axis,
    along.reduce((sum, size) => sum + size, 0),
  );
}

/** Types that each input must have where it is not float32. */
function requiredTypes(operation: InferableOperation, inputs: readonly TypedShape[]): readonly (DType | 'any')[] {
  switch (operation.op) {
    case 'oneHot':
      return ['int32'];
    case 'gather':
      return ['any', 'int32'];
    case 'softmaxCrossEntropy':
    case 'softmaxCrossEntropyGrad':
      return ['float32', 'int32', 'float32'];
    case 'transpose':
    case 'slice':
    case 'after':
      return ['any'];
    default:
      return inputs.map(() => 'float32');
  }
}

/** Shape and type of an operation's result; throws where the inputs cannot go in. */
export function inferOperation(operation: InferableOperation, inputs: readonly TypedShape[]): TypedShape {
  requiredTypes(operation, inputs).forEach((required, index) => {
    const given = inputs[index]?.dtype;
    if (required !== 'any' && given !== undefined && given !== required) {
      graphError(operation.op, `input ${index} is ${given} and must be ${required}`);
    }
  });
  const shapes = inputs.map((input) => input.shape);
  const dtype =
    operation.op === 'argMax' ? 'int32' : keepsType(operation.op) ? (inputs[0]?.dtype ?? 'float32') : 'float32';
  return { shape: inferShape(operation, shapes), dtype };
}

function keepsType(op: OpName): boolean {
  return op === 'gather' || op === 'transpose' || op === 'slice' || op === 'after';
}

function inferShape(operation: InferableOperation, shapes: readonly OpShape[]): OpShape {
  const { op } = operation;
  const [first = [], second = [], third = []] = shapes;
  switch (operation.op) {
    case 'conv2d':
    case 'conv2dInputGrad':
    case 'conv2dFilterGrad':
      return inferConvolution(operation, first, second);
    case 'maxPool':
    case 'maxPoolGrad':
    case 'avgPool':
    case 'avgPoolGrad':
      return inferPooling(operation, shapes);
    case 'batchNorm':
    case 'batchNormInputGrad':
    case 'batchNormGammaGrad':
      return inferBatchNorm(op, first, second, third);
    case 'matMul':
      return inferMatMul(operation, first, second);
    case 'transpose':
    case 'slice':
    case 'pad':
    case 'reverse':
      return inferShapeOp(operation, first);
    case 'concat':
      return inferConcat(operation.axis, shapes);
    case 'reduceSum':
    case 'reduceMean':
    case 'reduceMax':
      return first.flatMap((size, axis): Dim[] => {
        if (!operation.axes.includes(axis)) return [size];
        return operation.keepDims ? [1] : [];
      });
    case 'select':
      return broadcastShapes(first, broadcastShapes(second, third, op), op);
    case 'argMax':
      knownSize(first, -1, op);
      return first.slice(0, -1);
    case 'oneHot':
      return [...first, operation.depth];
    case 'gather':
      return second.length === 1 ? [...second, ...first.slice(1)] : graphError(op, 'indices must have rank 1');
    case 'softmaxCrossEntropy':
    case 'softmaxCrossEntropyGrad': {
      const outer = first.slice(0, -1);
      if (shapes.slice(1).some((shape) => !equalShapes(shape, outer)))
        graphError(op, shapes.map(formatShape).join(', '));
      return operation.op === 'softmaxCrossEntropy' ? outer : first;
    }
    case 'softmax':
    case 'logSoftmax':
      knownSize(first, -1, op);
      return first;
    case 'after':
      return first;
    default:
      return shapes.length === 2 ? broadcastShapes(first, second, op) : first;
  }
}

import { precisionOf } from '../../shared/ops/precision';
import type { OpFunction, OpNode, Update } from '../../shared/ops/graph';
import { evaluateConvolution, evaluatePooling } from './referenceWindows';
import { at, flatIndex, generate, sizeOf, stridesOf } from './tensor64';
import type { Tensor64 } from './tensor64';

export type Tensors64 = { readonly [name: string]: Tensor64 };

/** To the nearest number of bfloat16, of two as near the even one: the upper half of a float32. */
export function toBfloat16({ shape, data }: Tensor64): Tensor64 {
  const bits = new Uint32Array(Float32Array.from(data).buffer);
  bits.forEach((word, place) => {
    const rounded = word + 0x7fff + ((word >>> 16) & 1);
    bits[place] = Math.floor(rounded / 0x1_0000) * 0x1_0000;
  });
  return { shape, data: Float64Array.from(new Float32Array(bits.buffer)) };
}

/**
 * Runs a function of a program in double precision by each op's plain definition, in nested loops. The measure of every engine,
 * and exact enough for finite differences. Gives the outputs and the variables after the updates.
 */
export function interpret(
  program: OpFunction,
  inputs: Tensors64,
  variables: Tensors64 = {},
): { readonly outputs: Tensors64; readonly variables: Tensors64 } {
  const batched = program.inputs.find((input) => input.shape[0] === 'batch');
  const batch = batched === undefined ? 1 : inputs[batched.name]!.shape[0]!;
  const values: Tensor64[] = [];
  for (const node of program.nodes) {
    const shape = node.shape.map((size) => (size === 'batch' ? batch : size));
    const round = precisionOf(node) === 'float32' ? (value: Tensor64) => value : toBfloat16;
    const given = node.inputs.map((id) => round(values[id]!));
    const value = round(evaluate(node, given, shape, { inputs, variables }));
    if (value.shape.join() !== shape.join())
      throw new Error(`${node.op} gave [${value.shape.join()}], not [${shape.join()}].`);
    values.push(value);
  }
  const outputs = Object.entries(program.outputs).map(([name, id]): [string, Tensor64] => [name, values[id]!]);
  const changed = program.updates.flatMap((update) => applyUpdate(update, values, variables));
  return { outputs: Object.fromEntries(outputs), variables: { ...variables, ...Object.fromEntries(changed) } };
}

const unaryDefinitions: { readonly [op: string]: (x: number) => number } = {
  neg: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  square: (x) => x ** 2,
  abs: Math.abs,
  sign: Math.sign,
  step: (x) => (x > 0 ? 1 : 0),
  relu: (x) => (x > 0 ? x : 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  erf: errorFunction,
};

const binaryDefinitions: { readonly [op: string]: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  greaterEqual: (a, b) => (a >= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
};

/** 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x, by Simpson's rule. */
export function errorFunction(x: number): number {
  const intervals = 400;
  const h = x / intervals;
  let sum = 0;
  for (let i = 0; i <= intervals; i++) {
    sum += Math.exp(-((i * h) ** 2)) * (i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2);
  }
  return ((2 / Math.sqrt(Math.PI)) * sum * h) / 3;
}

/** The elements of a value that is broadcast to a shape, by their index there. */
function broadcast({ shape: own, data }: Tensor64, shape: readonly number[]): Reader {
  const missing = shape.length - own.length;
  const strides = stridesOf(own).map((stride, axis) => (own[axis] === 1 ? 0 : stride));
  return (index) => {
    let flat = 0;
    for (let axis = 0; axis < own.length; axis++) flat += index[missing + axis]! * strides[axis]!;
    return data[flat]!;
  };
}

function evaluate(
  node: OpNode,
  inputs: readonly Tensor64[],
  shape: readonly number[],
  feeds: { readonly inputs: Tensors64; readonly variables: Tensors64 },
): Tensor64 {
  const [a, b, c] = inputs as readonly [Tensor64, Tensor64, Tensor64];
  switch (node.op) {
    case 'input':
      return feeds.inputs[node.name] ?? missing(node.name);
    case 'variable':
      return feeds.variables[node.name] ?? missing(node.name);
    case 'constant':
      return { shape, data: Float64Array.from(node.data) };
    case 'select':
      return select(broadcast(a, shape), broadcast(b, shape), broadcast(c, shape), shape);
    case 'cast':
      return node.dtype === 'float32' ? a : { shape, data: a.data.map(Math.trunc) };
    case 'matMul':
      return matMul(node, a, b, shape);
    case 'conv2d':
    case 'conv2dInputGrad':
    case 'conv2dFilterGrad':
      return evaluateConvolution(node, a, b, shape);
    case 'maxPool':
    case 'maxPoolGrad':
    case 'avgPool':
    case 'avgPoolGrad':
      return evaluatePooling(node, inputs, shape);
    case 'batchNorm':
    case 'batchNormInputGrad':
    case 'batchNormGammaGrad':
      return batchNorm(node, a, b, c, shape);
    case 'reduceSum':
    case 'reduceMean':
    case 'reduceMax':
      return reduce(node, a, shape);
    case 'argMax':
      return generate(shape, (i) => indexOfMax(lastAxis(a, i)));
    case 'oneHot':
      return generate(shape, (i) => (at(a, i.slice(0, -1)) === i.at(-1) ? 1 : 0));
    case 'gather':
      return generate(shape, (i) => at(a, [at(b, [i[0]!]), ...i.slice(1)]));
    case 'softmax':
      return generate(shape, (i) => Math.exp(logSoftmaxAt(a, i)));
    case 'logSoftmax':
      return generate(shape, (i) => logSoftmaxAt(a, i));
    case 'softmaxCrossEntropy':
      return generate(shape, (i) => -logSoftmaxAt(a, [...i, at(b, i)]));
    case 'softmaxCrossEntropyGrad':
      return generate(shape, (i) => {
        const outer = i.slice(0, -1);
        return (Math.exp(logSoftmaxAt(a, i)) - (at(b, outer) === i.at(-1) ? 1 : 0)) * at(c, outer);
      });
    default:
      return evaluateRearrangement(node, inputs, shape) ?? evaluateElementwise(node.op, a, b, shape);
  }
}

function evaluateElementwise(op: string, a: Tensor64, b: Tensor64, shape: readonly number[]): Tensor64 {
  const unary = unaryDefinitions[op];
  if (unary !== undefined) return { shape, data: a.data.map((x) => unary(x)) };
  const binary = binaryDefinitions[op];
  if (binary === undefined) throw new Error(`The reference interpreter lacks ${op}.`);
  const [left, right] = [broadcast(a, shape), broadcast(b, shape)];
  return generate(shape, (i) => binary(left(i), right(i)));
}

function evaluateRearrangement(
  node: OpNode,
  inputs: readonly Tensor64[],
  shape: readonly number[],
): Tensor64 | undefined {
  const [a] = inputs as readonly [Tensor64];
  switch (node.op) {
    case 'reshape':
    case 'after':
      return { shape, data: a.data };
    case 'broadcastTo':
      return generate(shape, broadcast(a, shape));
    case 'transpose':
      return generate(shape, (i) =>
        at(
          a,
          i.map((_, axis) => i[node.perm.indexOf(axis)]!),
        ),
      );
    case 'slice':
      return generate(shape, (i) =>
        at(
          a,
          i.map((place, axis) => place + node.begin[axis]!),
        ),
      );
    case 'pad':
      return generate(shape, (i) => {
        const source = i.map((place, axis) => place - node.paddings[axis]![0]);
        return source.every((place, axis) => place >= 0 && place < a.shape[axis]!) ? at(a, source) : 0;
      });
    case 'reverse':
      return generate(shape, (i) =>
        at(
          a,
          i.map((place, axis) => (node.axes.includes(axis) ? shape[axis]! - 1 - place : place)),
        ),
      );
    case 'concat':
      return generate(shape, (i) => {
        let place = i[node.axis]!;
        const part = inputs.find((input) => {
          if (place < input.shape[node.axis]!) return true;
          place -= input.shape[node.axis]!;
          return false;
        })!;
        return at(part, i.with(node.axis, place));
      });
    default:
      return undefined;
  }
}

type Reader = (index: readonly number[]) => number;

function select(condition: Reader, yes: Reader, no: Reader, shape: readonly number[]): Tensor64 {
  return generate(shape, (i) => (condition(i) !== 0 ? yes(i) : no(i)));
}

function missing(name: string): never {
  throw new Error(`Nothing is given for "${name}".`);
}

function matMul(
  { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
  a: Tensor64,
  b: Tensor64,
  shape: readonly number[],
): Tensor64 {
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  const [ofA, ofB] = [stridesOf(a.shape).at(-2)!, stridesOf(b.shape).at(-2)!];
  return generate(shape, (i) => {
    const [row, column] = i.slice(-2) as [number, number];
    const outer = i.slice(0, -2);
    const fromA = flatIndex(a.shape, [...outer, ...(transposeA ? [0, row] : [row, 0])]);
    const fromB = flatIndex(b.shape, [
      ...(b.shape.length > 2 ? outer : []),
      ...(transposeB ? [column, 0] : [0, column]),
    ]);
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum += a.data[fromA + k * (transposeA ? ofA : 1)]! * b.data[fromB + k * (transposeB ? 1 : ofB)]!;
    return sum;
  });
}

function reduce(
  { op, axes }: { readonly op: string; readonly axes: readonly number[] },
  x: Tensor64,
  shape: readonly number[],
): Tensor64 {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const strides = stridesOf(kept);
  const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
  generate(x.shape, (i) => {
    const place = i.reduce((sum, index, axis) => sum + (axes.includes(axis) ? 0 : index * strides[axis]!), 0);
    groups[place]!.push(at(x, i));
    return 0;
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const result = groups.map((values) =>
    op === 'reduceMax' ? Math.max(...values) : op === 'reduceMean' ? sum(values) / values.length : sum(values),
  );
  return { shape, data: Float64Array.from(result) };
}

/** Each channel by itself: its numbers in a row, normalised; the gradients by the chain rule through mean and variance. */
function batchNorm(
  { op, epsilon }: { readonly op: string; readonly epsilon: number },
  x: Tensor64,
  gamma: Tensor64,
  third: Tensor64,
  shape: readonly number[],
): Tensor64 {
  const channels = gamma.data.length;
  const result = new Float64Array(sizeOf(shape));
  for (let channel = 0; channel < channels; channel++) {
    const ofChannel = (data: Float64Array): Float64Array => data.filter((_, place) => place % channels === channel);
    const values = ofChannel(x.data);
    const mean = average(values);
    const deviation = Math.sqrt(average(values.map((value) => (value - mean) ** 2)) + epsilon);
    const normal = values.map((value) => (value - mean) / deviation);
    const scale = gamma.data[channel]!;
    if (op === 'batchNorm') {
      normal.forEach((value, row) => (result[row * channels + channel] = scale * value + third.data[channel]!));
      continue;
    }
    const dy = ofChannel(third.data);
    const dGamma = dy.reduce((total, value, row) => total + value * normal[row]!, 0);
    if (op === 'batchNormGammaGrad') {
      result[channel] = dGamma;
      continue;
    }
    const dMean = average(dy);
    dy.forEach((value, row) => {
      const centred = value - dMean - (normal[row]! * dGamma) / values.length;
      result[row * channels + channel] = (scale / deviation) * centred;
    });
  }
  return { shape, data: result };
}

function average(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function lastAxis(x: Tensor64, outer: readonly number[]): readonly number[] {
  return Array.from({ length: x.shape.at(-1)! }, (_, place) => at(x, [...outer, place]));
}

function indexOfMax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

function logSoftmaxAt(x: Tensor64, index: readonly number[]): number {
  const values = lastAxis(x, index.slice(0, -1));
  const largest = Math.max(...values);
  return at(x, index) - largest - Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

function applyUpdate(update: Update, values: readonly Tensor64[], variables: Tensors64): readonly [string, Tensor64][] {
  if (update.kind === 'assign') return [[update.variable, values[update.value]!]];
  const weight = variables[update.variable]!;
  const gradient = values[update.gradient]!.data;
  const rate = values[update.learningRate]!.data[0]!;
  const map = (tensor: Tensor64, next: (value: number, place: number) => number): Tensor64 => ({
    shape: tensor.shape,
    data: tensor.data.map(next),
  });
  switch (update.kind) {
    case 'sgd':
      return [[update.variable, map(weight, (w, i) => w - rate * gradient[i]!)]];
    case 'momentum': {
      const next = map(variables[update.accumulator]!, (value, i) => update.momentum * value + gradient[i]!);
      return [
        [update.accumulator, next],
        [update.variable, map(weight, (w, i) => w - rate * next.data[i]!)],
      ];
    }
    case 'adam': {
      const { beta1, beta2, epsilon } = update;
      const m = map(variables[update.m]!, (value, i) => beta1 * value + (1 - beta1) * gradient[i]!);
      const v = map(variables[update.v]!, (value, i) => beta2 * value + (1 - beta2) * gradient[i]! ** 2);
      const step =
        (rate * Math.sqrt(1 - values[update.beta2Power]!.data[0]!)) / (1 - values[update.beta1Power]!.data[0]!);
      return [
        [update.m, m],
        [update.v, v],
        [update.variable, map(weight, (w, i) => w - (step * m.data[i]!) / (Math.sqrt(v.data[i]!) + epsilon))],
      ];
    }
  }
}

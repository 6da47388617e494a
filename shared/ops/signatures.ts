import { z } from 'zod';
import { reducedTypes } from './graph';
import type { OpName } from './graph';

/** What an op takes: how many values, and attributes of which form. */
export type Signature = { readonly arity: number | 'several'; readonly attributes: z.ZodType };

const whole = z.int().nonnegative();
const positive = z.int().positive();
const pair = z.tuple([positive, positive]);
const pads = z.tuple([whole, whole, whole, whole]);
const windowAttributes = { strides: pair, pads };

const none = z.object({});
const precision = { precision: z.enum(reducedTypes).exactOptional() };
const convolution = { ...windowAttributes, dilations: pair, groups: positive, ...precision };
const pooling = { ...windowAttributes, size: pair };
const numbers = z.union([
  z.instanceof(Float32Array),
  z.instanceof(Int32Array),
  z.custom<readonly number[]>((data) => Array.isArray(data) && data.every((value) => typeof value === 'number')),
]);

function takes(arity: Signature['arity'], attributes: { readonly [name: string]: z.ZodType } = {}): Signature {
  return { arity, attributes: Object.keys(attributes).length === 0 ? none : z.object(attributes) };
}

const leaf = takes(0, { name: z.string() });
const unary = takes(1);
const binary = takes(2);
const batchNorm = takes(3, { epsilon: z.number() });
const reduction = takes(1, { axes: z.array(whole), keepDims: z.boolean() });

/** One signature per op; a new op does not compile without its own. */
export const signatures: { readonly [Op in OpName]: Signature } = {
  input: leaf,
  variable: leaf,
  constant: takes(0, { data: numbers }),
  neg: unary,
  exp: unary,
  log: unary,
  sqrt: unary,
  square: unary,
  abs: unary,
  sign: unary,
  step: unary,
  relu: unary,
  sigmoid: unary,
  tanh: unary,
  erf: unary,
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  maximum: binary,
  minimum: binary,
  greaterEqual: binary,
  equal: binary,
  select: takes(3),
  cast: unary,
  matMul: takes(2, { transposeA: z.boolean(), transposeB: z.boolean(), ...precision }),
  conv2d: takes(2, convolution),
  conv2dInputGrad: takes(2, { ...convolution, inputSize: pair }),
  conv2dFilterGrad: takes(2, { ...convolution, filterSize: pair }),
  maxPool: takes(1, pooling),
  maxPoolGrad: takes(3, pooling),
  avgPool: takes(1, pooling),
  avgPoolGrad: takes(1, { ...pooling, inputSize: pair }),
  batchNorm,
  batchNormInputGrad: batchNorm,
  batchNormGammaGrad: batchNorm,
  reduceSum: reduction,
  reduceMean: reduction,
  reduceMax: reduction,
  argMax: unary,
  oneHot: takes(1, { depth: positive }),
  gather: binary,
  reshape: unary,
  broadcastTo: unary,
  transpose: takes(1, { perm: z.array(whole) }),
  concat: takes('several', { axis: whole }),
  slice: takes(1, { begin: z.array(whole), size: z.array(z.int().min(-1)) }),
  pad: takes(1, { paddings: z.array(z.tuple([whole, whole])) }),
  reverse: takes(1, { axes: z.array(whole) }),
  softmax: unary,
  logSoftmax: unary,
  softmaxCrossEntropy: binary,
  softmaxCrossEntropyGrad: takes(3),
  after: takes('several'),
};

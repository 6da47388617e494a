import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { BinaryOp, UnaryOp } from '../../../../shared/ops/graph';
import { inputAt } from './kernel';
import type { Kernel } from './kernel';

function unary(compute: (x: Tensor) => Tensor): Kernel<UnaryOp> {
  return (_, inputs) => compute(inputAt(inputs, 0));
}

function binary(compute: (a: Tensor, b: Tensor) => Tensor): Kernel<BinaryOp> {
  return (_, inputs) => compute(inputAt(inputs, 0), inputAt(inputs, 1));
}

export const unaryKernels: { readonly [Op in UnaryOp]: Kernel<Op> } = {
  neg: unary(tf.neg),
  exp: unary(tf.exp),
  log: unary(tf.log),
  sqrt: unary(tf.sqrt),
  square: unary(tf.square),
  abs: unary(tf.abs),
  sign: unary(tf.sign),
  step: unary((x) => tf.step(x)),
  relu: unary(tf.relu),
  sigmoid: unary(tf.sigmoid),
  tanh: unary(tf.tanh),
  erf: unary(tf.erf),
};

export const binaryKernels: { readonly [Op in BinaryOp]: Kernel<Op> } = {
  add: binary(tf.add),
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  div: binary(tf.div),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),
  greaterEqual: binary((a, b) => tf.cast(tf.greaterEqual(a, b), 'float32')),
  equal: binary((a, b) => tf.cast(tf.equal(a, b), 'float32')),
};

export const choiceKernels: { readonly [Op in 'select' | 'cast']: Kernel<Op> } = {
  select: (_, inputs) => tf.where(tf.notEqual(inputAt(inputs, 0), 0), inputAt(inputs, 1), inputAt(inputs, 2)),
  // Bytes are kept as int32: tfjs has no such type.
  cast: (node, inputs) => tf.cast(inputAt(inputs, 0), node.dtype === 'float32' ? 'float32' : 'int32'),
};

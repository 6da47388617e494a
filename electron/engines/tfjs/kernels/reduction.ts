import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { inputAt } from './kernel';
import type { Kernel } from './kernel';

type Reduction = 'matMul' | 'reduceSum' | 'reduceMean' | 'reduceMax' | 'argMax' | 'oneHot' | SoftmaxOp;
type SoftmaxOp = 'softmax' | 'logSoftmax' | 'softmaxCrossEntropy' | 'softmaxCrossEntropyGrad';

function matMul(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean, shape: readonly number[]): Tensor {
  if (b.rank > 2) {
    const stack = (x: Tensor): Tensor => x.reshape([-1, x.shape.at(-2) ?? 1, x.shape.at(-1) ?? 1]);
    return tf.matMul(stack(a), stack(b), transposeA, transposeB).reshape([...shape]);
  }
  // Transposed first: wasm has a fast product for plain matrices only.
  const last = a.rank - 1;
  const perm = [...a.shape.keys()].with(last, last - 1).with(last - 1, last);
  const plainA = transposeA ? tf.transpose(a, perm) : a;
  const plainB = transposeB ? tf.transpose(b) : b;
  const inner = plainA.shape.at(-1) ?? 1;
  return tf.matMul(plainA.reshape([-1, inner]), plainB).reshape([...shape]);
}

/** x - max - log(sum(exp(x - max))) over the last axis. */
function logSoftmax(x: Tensor): Tensor {
  const shifted = tf.sub(x, tf.max(x, -1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
}

function oneHot(indices: Tensor, depth: number): Tensor {
  // As int32 first: the wasm kernel writes whole numbers whatever type it is asked for.
  return tf.cast(tf.oneHot(tf.cast(indices, 'int32'), depth, 1, 0, 'int32'), 'float32');
}

export const reductionKernels: { readonly [Op in Reduction]: Kernel<Op> } = {
  matMul: (node, inputs, shape) =>
    matMul(inputAt(inputs, 0), inputAt(inputs, 1), node.transposeA, node.transposeB, shape),
  reduceSum: (node, inputs) => tf.sum(inputAt(inputs, 0), [...node.axes], node.keepDims),
  reduceMean: (node, inputs) => tf.mean(inputAt(inputs, 0), [...node.axes], node.keepDims),
  reduceMax: (node, inputs) => tf.max(inputAt(inputs, 0), [...node.axes], node.keepDims),
  argMax: (_, inputs) => tf.argMax(inputAt(inputs, 0), -1),
  oneHot: (node, inputs) => oneHot(inputAt(inputs, 0), node.depth),
  softmax: (_, inputs) => tf.softmax(inputAt(inputs, 0)),
  logSoftmax: (_, inputs) => logSoftmax(inputAt(inputs, 0)),
  softmaxCrossEntropy: (_, inputs) => {
    const logProbabilities = logSoftmax(inputAt(inputs, 0));
    const picked = tf.mul(logProbabilities, oneHot(inputAt(inputs, 1), logProbabilities.shape.at(-1) ?? 1));
    return tf.neg(tf.sum(picked, -1));
  },
  softmaxCrossEntropyGrad: (_, inputs) => {
    const probabilities = tf.softmax(inputAt(inputs, 0));
    const difference = tf.sub(probabilities, oneHot(inputAt(inputs, 1), probabilities.shape.at(-1) ?? 1));
    return tf.mul(difference, tf.expandDims(inputAt(inputs, 2), -1));
  },
};

import type { TrainingConfig } from '../schema/training';
import type { FunctionBuilder, Value } from '../ops/builder';

/** What is learned: one class per image, one class per pixel, or numbers. */
export type TrainingTask = {
  readonly kind: 'classification' | 'segmentation' | 'regression';
  /** Unused for regression. */
  readonly classCount: number;
};

/** Softmax cross-entropy, or mean squared error. */
export type Loss = 'crossEntropy' | 'meanSquaredError';

/** The loss that 'auto' stands for. */
export function lossFor(task: TrainingTask, name: TrainingConfig['loss']): Loss {
  if (name !== 'auto') return name;
  return task.kind === 'regression' ? 'meanSquaredError' : 'crossEntropy';
}

/** The values before a softmax that ends a network, else the values themselves: softmax cross-entropy brings its own. */
export function logitsOf(ops: FunctionBuilder, output: Value): Value {
  const node = ops.nodeOf(output);
  const [source] = node.inputs;
  if (node.op === 'reshape' && source !== undefined) {
    const inner = logitsOf(ops, ops.valueAt(source));
    // Only a softmax over the same last axis survives being reshaped.
    const sameClasses = inner.shape.at(-1) === output.shape.at(-1);
    return inner.id !== source && sameClasses ? ops.reshape(inner, output.shape) : output;
  }
  return node.op === 'softmax' && source !== undefined ? ops.valueAt(source) : output;
}

/**
 * Loss of each sample or pixel. Cross-entropy: -log softmax(logits)[label], shape [batch] or [batch, h, w]. Mean squared error: the
 * mean over the last axis of (output - y)^2, with one-hot targets where y are classes, as in Keras.
 */
export function elementLoss(ops: FunctionBuilder, loss: Loss, task: TrainingTask, output: Value, y: Value): Value {
  if (loss === 'crossEntropy') return ops.softmaxCrossEntropy(logitsOf(ops, output), y);
  const target = task.kind === 'regression' ? y : ops.oneHot(y, task.classCount);
  return ops.reduce('reduceMean', ops.unary('square', ops.sub(output, target)), [-1]);
}

/** The mean over batch and pixels: the number that training makes smaller. */
export function meanLoss(ops: FunctionBuilder, losses: Value): Value {
  return ops.reduce('reduceMean', losses, [...losses.shape.keys()]);
}

/** The sum over the batch of each sample's mean, so that batches of any size add up to a data set's loss. */
export function summedLoss(ops: FunctionBuilder, losses: Value): Value {
  const perSample = ops.reduce('reduceMean', losses, [...losses.shape.keys()].slice(1));
  return ops.reduce('reduceSum', perSample, [0]);
}

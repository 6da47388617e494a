import type { TrainingConfig } from '../schema/training';
import type { FunctionBuilder, Value } from '../ops/builder';

/** What is learned: one class per image, one class per pixel, or numbers. */
export type TrainingTask = {
  readonly kind: 'classification' | 'segmentation' | 'regression';
  /** Unused for regression. */
  readonly classCount: number;
  /** Whether labels may be {@link ignoredLabel}; at most 255 classes then. Only labels of pixels may. */
  readonly hasIgnored?: boolean;
};

/** The label of a pixel that belongs to no class, as in the masks of Pascal VOC: it counts neither in the loss nor in the scores. */
export const ignoredLabel = 255;

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

/** 1 where a label is one of the classes, 0 where it is {@link ignoredLabel}; null where every label is a class. */
export function countedLabels(ops: FunctionBuilder, task: TrainingTask, y: Value): Value | null {
  if (task.hasIgnored !== true) return null;
  return ops.sub(1, ops.binary('equal', ops.cast(y, 'float32'), ignoredLabel));
}

/** The labels with class 0 for those that do not count: engines differ in what they make of a class that is not there. */
export function plainLabels(ops: FunctionBuilder, counted: Value | null, y: Value): Value {
  return counted === null ? y : ops.cast(ops.mul(ops.cast(y, 'float32'), counted), 'int32');
}

/**
 * Loss of each sample or pixel. Cross-entropy: -log softmax(logits)[label], shape [batch] or [batch, h, w]. Mean squared error: the
 * mean over the last axis of (output - y)^2, with one-hot targets where y are classes, as in Keras. 0 for pixels that do not count.
 */
export function elementLoss(ops: FunctionBuilder, loss: Loss, task: TrainingTask, output: Value, y: Value): Value {
  const counted = countedLabels(ops, task, y);
  const labels = plainLabels(ops, counted, y);
  const losses =
    loss === 'crossEntropy'
      ? ops.softmaxCrossEntropy(logitsOf(ops, output), labels)
      : squaredError(ops, output, task.kind === 'regression' ? y : ops.oneHot(labels, task.classCount));
  return counted === null ? losses : ops.mul(losses, counted);
}

function squaredError(ops: FunctionBuilder, output: Value, target: Value): Value {
  return ops.reduce('reduceMean', ops.unary('square', ops.sub(output, target)), [-1]);
}

/** Sum over some axes by the number that counts there; 0 where none does. */
function meanOfCounted(ops: FunctionBuilder, losses: Value, counted: Value, axes: readonly number[]): Value {
  const sum = ops.reduce('reduceSum', losses, axes);
  return ops.div(sum, ops.binary('maximum', ops.reduce('reduceSum', counted, axes), 1));
}

/** The mean over batch and pixels, or over those pixels that count: the number that training makes smaller. */
export function meanLoss(ops: FunctionBuilder, losses: Value, counted: Value | null = null): Value {
  const axes = [...losses.shape.keys()];
  return counted === null ? ops.reduce('reduceMean', losses, axes) : meanOfCounted(ops, losses, counted, axes);
}

/** The sum over the batch of each sample's mean, so that batches of any size add up to a data set's loss. */
export function summedLoss(ops: FunctionBuilder, losses: Value, counted: Value | null = null): Value {
  const axes = [...losses.shape.keys()].slice(1);
  const perSample =
    counted === null ? ops.reduce('reduceMean', losses, axes) : meanOfCounted(ops, losses, counted, axes);
  return ops.reduce('reduceSum', perSample, [0]);
}

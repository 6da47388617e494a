import type { FunctionBuilder, Value } from '../ops/builder';
import type { Shape } from '../schema/shape';
import { isLossOfValues, logitsOf } from './losses';
import type { Loss, TrainingTask } from './losses';

/**
 * Masks of two classes may be told by one channel, as U-Nets for medical pictures end: by a sigmoid it is the probability p of the second
 * class, the thing, and 1 - p is that of the first, the ground. Here alone one number becomes those of two classes, so that losses, scores,
 * pictures and whoever asks are as for two channels. The cross-entropy of the two is the binary cross-entropy of the one.
 */

/** Whether an answer tells two classes of pixels apart by one channel. */
export function isOneScore({ kind, classCount }: TrainingTask, answer: Shape): boolean {
  return kind === 'segmentation' && classCount === 2 && answer.length === 3 && answer.at(-1) === 1;
}

/** A task as a network with this answer learns it. */
export function taskFor(task: TrainingTask, answer: Shape): TrainingTask {
  return isOneScore(task, answer) ? { ...task, hasOneScore: true } : task;
}

/** The classes that a map of so many channels can tell apart. */
export function pixelClasses(channels: number): number {
  return channels === 1 ? 2 : channels;
}

/** One number z for each pixel, `[..., 1]`, as the scores of both classes, whose softmax is the sigmoid of z: -z/2 and z/2. */
function bothScores(ops: FunctionBuilder, output: Value): Value {
  return ops.mul(logitsOf(ops, output, 'sigmoid'), ops.constant([-0.5, 0.5], [2]));
}

/** One value v for each pixel as those of both classes: 1 - v and v. */
function bothValues(ops: FunctionBuilder, output: Value): Value {
  return ops.add(ops.mul(output, ops.constant([-1, 1], [2])), ops.constant([1, 0], [2]));
}

/** An answer of one channel as that of both classes under a loss. */
export function bothClasses(ops: FunctionBuilder, loss: Loss, output: Value): Value {
  return isLossOfValues(loss) ? bothValues(ops, output) : bothScores(ops, output);
}

/** The logit of each class before any sigmoid, -z and z, of which one is chosen to be looked into. */
export function bothLogits(ops: FunctionBuilder, output: Value): Value {
  return ops.mul(logitsOf(ops, output, 'sigmoid'), ops.constant([-1, 1], [2]));
}

import type { OptimizerName } from '../schema/training';
import type { NetworkAnalysis } from './types';

/** Bytes that training needs at once, as float32. An estimate from below: engines add buffers of their own. */
export type TrainingMemory = {
  readonly weightBytes: number;
  readonly gradientBytes: number;
  /** Slots of the optimizer: none for sgd, two per weight for Adam and AdamW, one for the others. */
  readonly optimizerBytes: number;
  /** Every node's output, kept for the way back, for the whole batch. */
  readonly activationBytes: number;
  /** The two largest neighbouring gradients that flow back at once, for the whole batch. */
  readonly flowBytes: number;
  readonly totalBytes: number;
};

const bytesPerValue = 4;

/** What an optimizer keeps for each trainable weight: momentum one value, Adam two. */
export const slotsPerWeight: { readonly [K in OptimizerName]: number } = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  rmsProp: 1,
  adagrad: 1,
  adam: 2,
  adamW: 2,
};

/**
 * Memory for one training step: weights + gradients + optimizer slots + batch · (activations + the gradients in flight). LeNet's
 * 431,080 weights under adam take 4 · 431,080 · (1 + 1 + 2) = 6,897,280 bytes before the first picture. Null while any size is
 * unknown, since half an estimate is a wrong one.
 */
export function estimateTrainingMemory(
  analysis: NetworkAnalysis,
  batchSize: number,
  optimizer: OptimizerName,
): TrainingMemory | null {
  const perPicture = activationsOf(analysis);
  if (perPicture === null) return null;
  const { params, trainableParams } = analysis.totals;
  const weightBytes = params * bytesPerValue;
  const gradientBytes = trainableParams * bytesPerValue;
  const optimizerBytes = trainableParams * bytesPerValue * slotsPerWeight[optimizer];
  const activationBytes = perPicture.kept * batchSize;
  const flowBytes = perPicture.flowing * batchSize;
  const totalBytes = weightBytes + gradientBytes + optimizerBytes + activationBytes + flowBytes;
  return { weightBytes, gradientBytes, optimizerBytes, activationBytes, flowBytes, totalBytes };
}

/**
 * The most pictures per step that fit into `availableBytes`: what is left after the weights and their like, over what one picture
 * takes. 0 when not even one fits; null while any size is unknown.
 */
export function largestBatchSize(
  analysis: NetworkAnalysis,
  optimizer: OptimizerName,
  availableBytes: number,
): number | null {
  const none = estimateTrainingMemory(analysis, 0, optimizer);
  const one = estimateTrainingMemory(analysis, 1, optimizer);
  if (none === null || one === null) return null;
  const perPicture = one.totalBytes - none.totalBytes;
  if (perPicture === 0) return null;
  return Math.max(0, Math.floor((availableBytes - none.totalBytes) / perPicture));
}

/** Bytes per picture: all outputs, and the largest pair of a node's output and its inputs. */
function activationsOf(analysis: NetworkAnalysis): { readonly kept: number; readonly flowing: number } | null {
  let kept = 0;
  let flowing = 0;
  for (const node of analysis.nodes.values()) {
    if (node.activationBytes === null || node.paramCount === null) return null;
    kept += node.activationBytes;
    let around = node.activationBytes;
    for (const shape of node.inputShapes) {
      around += (shape ?? []).reduce<number>((values, size) => values * (size ?? 0), bytesPerValue);
    }
    flowing = Math.max(flowing, around);
  }
  return { kept, flowing };
}

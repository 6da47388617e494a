import { z } from 'zod';

/** How the weights follow the gradient. Learning rate and moments are per step. */
export type OptimizerName = 'sgd' | 'momentum' | 'adam';

/** How the learning rate goes over a run: as it is, or down to zero along half a cosine (Loshchilov and Hutter, arXiv 1608.03983). */
export type ScheduleName = 'constant' | 'cosine';

/** The loss that is asked for; 'auto' takes what fits the task. */
export type LossName = 'auto' | 'crossEntropy' | 'meanSquaredError';

/** The engines, the fastest first. */
export type EngineId = 'tensorflow' | 'onnxruntime' | 'tfjs';

/** Everything that decides a run, and nothing else: the same document, config and data give the same run. */
export type TrainingConfig = {
  /** A data spec as on the command line: `mnist`, `mnist-seg`, `images:DIR`, `masks:DIR`, `idx:DIR`, `cifar10:DIR`, `csv:FILE`. */
  readonly data: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly schedule: ScheduleName;
  /** Momentum of `momentum`; unused by the others. */
  readonly momentum: number;
  /** 'auto': cross-entropy for class labels (per image or per pixel), mean squared error for numbers. */
  readonly loss: LossName;
  readonly seed: number;
  readonly engine: EngineId | 'auto';
  /** Which output to train when the network has several; absent: the only one. */
  readonly output?: string;
};

/** The fields of a training configuration, with the ranges that a run accepts. */
export const trainingFields = {
  data: z.string().min(1).max(4096),
  epochs: z.int().min(1).max(100_000),
  batchSize: z.int().min(1).max(65_536),
  optimizer: z.enum(['sgd', 'momentum', 'adam']),
  learningRate: z.number().positive().max(1000),
  schedule: z.enum(['constant', 'cosine']),
  momentum: z.number().min(0).lt(1),
  loss: z.enum(['auto', 'crossEntropy', 'meanSquaredError']),
  seed: z.int().min(0).max(0xffff_ffff),
  engine: z.enum(['tensorflow', 'onnxruntime', 'tfjs', 'auto']),
};

/** A whole training configuration, with the ranges that a run accepts. */
export const trainingConfigSchema: z.ZodType<TrainingConfig> = z.strictObject({
  ...trainingFields,
  output: z.string().min(1).max(256).exactOptional(),
});

/** What a document may hold of a configuration: any of its fields. */
export const partialTrainingConfigSchema = z.strictObject({
  data: trainingFields.data.exactOptional(),
  epochs: trainingFields.epochs.exactOptional(),
  batchSize: trainingFields.batchSize.exactOptional(),
  optimizer: trainingFields.optimizer.exactOptional(),
  learningRate: trainingFields.learningRate.exactOptional(),
  schedule: trainingFields.schedule.exactOptional(),
  momentum: trainingFields.momentum.exactOptional(),
  loss: trainingFields.loss.exactOptional(),
  seed: trainingFields.seed.exactOptional(),
  engine: trainingFields.engine.exactOptional(),
  output: z.string().min(1).max(256).exactOptional(),
});

/** What a run uses where neither the document nor the user says otherwise. */
export const defaultTrainingConfig: TrainingConfig = {
  data: 'mnist',
  epochs: 3,
  // With these LeNet passes 95 % on the built-in digits in one epoch and 97.5 % in three, on every engine and with room to spare.
  batchSize: 32,
  optimizer: 'adam',
  learningRate: 0.002,
  schedule: 'cosine',
  momentum: 0.9,
  loss: 'auto',
  seed: 1,
  engine: 'auto',
};

/**
 * The learning rate when `share` of a run is done (0 at its first step, nearly 1 at its last): for 'cosine'
 * learningRate * (1 + cos(pi * share)) / 2, so 0.002 is 0.001 half way.
 */
export function scheduledLearningRate(
  { learningRate, schedule }: Pick<TrainingConfig, 'learningRate' | 'schedule'>,
  share: number,
): number {
  return schedule === 'cosine' ? (learningRate * (1 + Math.cos(Math.PI * share))) / 2 : learningRate;
}

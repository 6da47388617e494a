/** How the weights follow the gradient. Learning rate and moments are per step. */
export type OptimizerName = 'sgd' | 'momentum' | 'adam';

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
  /** Momentum of `momentum`; unused by the others. */
  readonly momentum: number;
  /** 'auto': cross-entropy for class labels (per image or per pixel), mean squared error for numbers. */
  readonly loss: LossName;
  readonly seed: number;
  readonly engine: EngineId | 'auto';
  /** Which output to train when the network has several; absent: the only one. */
  readonly output?: string;
};

/** What a run uses where neither the document nor the user says otherwise. */
export const defaultTrainingConfig: TrainingConfig = {
  data: 'mnist',
  epochs: 3,
  // 400 steps an epoch on the built-in digits: LeNet passes 95 % in the first epoch and 97.5 % in the third.
  batchSize: 20,
  optimizer: 'adam',
  learningRate: 0.001,
  momentum: 0.9,
  loss: 'auto',
  seed: 1,
  engine: 'auto',
};

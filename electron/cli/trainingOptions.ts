import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig, type TrainingConfig } from '../../shared/schema/training';
import type { OptionSpecs, OptionValues } from './command';

/** The options of `convloom train` that make up the training configuration. */
export const trainingOptions = {
  data: {
    type: 'text',
    placeholder: 'SPEC',
    doc: 'the data, as `convloom data` lists them; without it, what the file says',
  },
  epochs: { type: 'integer', min: 1, max: 1_000_000, doc: 'how often all training data are seen' },
  'batch-size': { type: 'integer', min: 1, max: 1_000_000, doc: 'samples per step' },
  optimizer: { type: 'choice', values: ['sgd', 'momentum', 'adam'], doc: 'how the weights follow the gradient' },
  'learning-rate': { type: 'number', min: 0, max: 1_000_000, doc: 'length of a step' },
  schedule: {
    type: 'choice',
    values: ['constant', 'cosine'],
    doc: 'of the learning rate: as it is, or down to zero along half a cosine',
  },
  momentum: { type: 'number', min: 0, max: 1, doc: 'of the momentum optimizer' },
  loss: { type: 'choice', values: ['auto', 'crossEntropy', 'meanSquaredError'], doc: 'auto: by the kind of the data' },
  seed: {
    type: 'integer',
    min: 0,
    max: 4_294_967_295,
    doc: 'of the initial weights, the order of the data and dropout',
  },
  engine: { type: 'choice', values: ['auto', 'tensorflow', 'onnxruntime', 'tfjs'], doc: 'what computes' },
  output: { type: 'text', placeholder: 'NODE', doc: 'which output is trained, when the network has several' },
} as const satisfies OptionSpecs;

/** The configuration of a run: the options, then what the file says, then the defaults. */
export function trainingConfig(
  document: NetworkDocument,
  options: OptionValues<typeof trainingOptions>,
): TrainingConfig {
  const output = options.output ?? document.train?.output;
  const chosen = { ...defaultTrainingConfig, ...document.train };
  return {
    data: options.data ?? chosen.data,
    epochs: options.epochs ?? chosen.epochs,
    batchSize: options['batch-size'] ?? chosen.batchSize,
    optimizer: options.optimizer ?? chosen.optimizer,
    learningRate: options['learning-rate'] ?? chosen.learningRate,
    schedule: options.schedule ?? chosen.schedule,
    momentum: options.momentum ?? chosen.momentum,
    loss: options.loss ?? chosen.loss,
    seed: options.seed ?? chosen.seed,
    engine: options.engine ?? chosen.engine,
    ...(output === undefined ? {} : { output }),
  };
}

/** Errors that stop a run before it starts, from the network alone. */
export function blockingDiagnostics(document: NetworkDocument): ReturnType<typeof analyzeNetwork>['diagnostics'] {
  return analyzeNetwork(document).diagnostics.filter(({ severity }) => severity === 'error');
}

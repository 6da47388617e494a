import { isLossOfValues } from '../../../compile/losses';
import { augmentationFields, mixingFields } from '../../../schema/augmentation';
import type { NetworkDocument } from '../../../schema/document';
import { oneCycle } from '../../../schema/schedule';
import { defaultTrainingConfig, trainingField, trainingFieldNames } from '../../../schema/training';
import type { LossName, OptimizerName, TrainingConfig } from '../../../schema/training';
import type { PrintedOutput } from '../model';

/** Prints `settings.ts`: the document's own training settings. */
export function settingsSource(
  document: NetworkDocument,
  outputs: readonly PrintedOutput[],
  isPerceptual: boolean,
): string {
  const config = { ...defaultTrainingConfig, ...document.train };
  return [
    `import * as tf from '@tensorflow/tfjs';\n`,
    outputsSource(config, outputs),
    trainingSource(config, isPerceptual),
  ].join('\n');
}

/** The output that the settings name, else all. */
export function trainedOutputs(
  config: Partial<TrainingConfig>,
  outputs: readonly PrintedOutput[],
): readonly PrintedOutput[] {
  const named = outputs.filter(({ nodeId }) => nodeId === config.output);
  return named.length === 0 ? outputs : named;
}

function outputsSource(config: TrainingConfig, outputs: readonly PrintedOutput[]): string {
  const trained = trainedOutputs(config, outputs);
  const isOfValues = config.loss !== 'auto' && isLossOfValues(config.loss);
  const rows = trained.flatMap(({ layer, softmax }) => [
    '  {',
    `    name: '${layer}',`,
    `    softmax: ${softmax === null || isOfValues ? 'null' : `'${softmax}'`},`,
    '  },',
  ]);
  const sum = trained.length > 1 ? ' The loss is the sum of theirs.' : '';
  return `/**
 * What is trained.${sum} \`softmax\` names the layer of a softmax that ends the network: the cross-entropy brings its own, and so takes
 * what goes into that layer.
 */
export const outputs: readonly { name: string; softmax: string | null }[] = [
${rows.join('\n')}
];
`;
}

/** What tfjs has as Convloom does; its RMSProp and Adagrad have other formulas, and there is no AdamW. */
type PrintedOptimizer = 'adam' | 'momentum' | 'nesterov' | 'sgd';

const optimizerTypes: { readonly [Name in PrintedOptimizer]: string } = {
  adam: 'tf.AdamOptimizer',
  momentum: 'tf.MomentumOptimizer',
  nesterov: 'tf.MomentumOptimizer',
  sgd: 'tf.SGDOptimizer',
};

const printedLosses: readonly LossName[] = ['auto', 'crossEntropy', 'meanSquaredError', 'meanAbsoluteError'];

function isPrinted(optimizer: OptimizerName): optimizer is PrintedOptimizer {
  return optimizer in optimizerTypes;
}

/** The settings that a printed project does not train with, by name. */
function unprinted(config: TrainingConfig, isPerceptual: boolean): readonly string[] {
  const advanced = trainingFieldNames.filter(
    (name) =>
      trainingField(name).isAdvanced === true &&
      // augment.ts and mixing.ts have these.
      !(name in augmentationFields || name in mixingFields) &&
      name !== 'share' &&
      // How steps are computed, which comes to the same answers.
      name !== 'precision' &&
      name !== 'recompute' &&
      config[name] !== defaultTrainingConfig[name],
  );
  return [
    ...(isPrinted(config.optimizer) ? [] : [`optimizer ${config.optimizer}`]),
    ...(config.schedule === 'step' || config.schedule === 'plateau' ? [`schedule ${config.schedule}`] : []),
    ...(printedLosses.includes(config.loss) || isPerceptual ? [] : [`loss ${config.loss}`]),
    ...advanced,
  ];
}

function number(value: number): string {
  return String(value).replace('e+', 'e');
}

function optimizerSource(config: TrainingConfig, isPerceptual: boolean): string {
  const missing = unprinted(config, isPerceptual);
  if (missing.length > 0 || !isPrinted(config.optimizer)) {
    const others =
      config.loss === 'perceptual'
        ? 'the loss network goes along where the settings name one that is there when the project is exported'
        : 'the PyTorch project does';
    return `
/** Convloom trains this network with what this project does not have; ${others}. */
export function createOptimizer(): tf.Optimizer {
  throw new Error('This project does not train with: ${missing.join(', ')}. Put an optimizer of your own here.');
}

export function setLearningRate(_optimizer: tf.Optimizer, _step: number, _steps: number): void {}
`;
  }
  const type = optimizerTypes[config.optimizer];
  const rate = number(config.learningRate);
  const optimizer = {
    adam: `tf.train.adam(${rate})`,
    momentum: `tf.train.momentum(${rate}, ${number(config.momentum)})`,
    nesterov: `tf.train.momentum(${rate}, ${number(config.momentum)}, true)`,
    sgd: `tf.train.sgd(${rate})`,
  }[config.optimizer];
  // tfjs's Adam reads its learning rate anew at each step and has no method that sets it.
  const set =
    config.optimizer === 'adam'
      ? `Object.assign(optimizer, { learningRate: ${rate} * share });`
      : `optimizer.setLearningRate(${rate} * share);`;
  const schedules = {
    cosine: `
/** Half a cosine, from the learning rate at the first step down to nearly zero at the last. */
export function setLearningRate(optimizer: ${type}, step: number, steps: number): void {
  const share = (1 + Math.cos((Math.PI * step) / steps)) / 2;
  ${set}
}
`,
    oneCycle: `
/** One cycle: up to the learning rate over the first part of the steps, then down to nearly zero, each along half a cosine. */
export function setLearningRate(optimizer: ${type}, step: number, steps: number): void {
  const done = step / steps;
  const halfCosine = (part: number): number => (1 + Math.cos(Math.PI * part)) / 2;
  const share = done < ${oneCycle.rise} ? 1 - ${1 - oneCycle.start} * halfCosine(done / ${oneCycle.rise}) : halfCosine((done - ${oneCycle.rise}) / ${1 - oneCycle.rise});
  ${set}
}
`,
    constant: `
/** The learning rate stays as it is: put a schedule here. */
export function setLearningRate(_optimizer: tf.Optimizer, _step: number, _steps: number): void {}
`,
  };
  const schedule = config.schedule === 'step' || config.schedule === 'plateau' ? '' : schedules[config.schedule];
  return `
export function createOptimizer(): ${type} {
  return ${optimizer};
}
${schedule}`;
}

const plainNote =
  '/** Numbers and pictures, which have no cross-entropy, are learned by their mean squared error then. */';

const perceptualNote =
  '/** Of classes, and numbers by their mean squared error: pictures are compared by the network in perceptual.ts. */';

function trainingSource(config: TrainingConfig, isPerceptual: boolean): string {
  const loss = config.loss === 'meanSquaredError' || config.loss === 'meanAbsoluteError' ? config.loss : 'crossEntropy';
  return `type Loss = 'crossEntropy' | 'meanSquaredError' | 'meanAbsoluteError';

export const epochs = ${number(config.epochs)};
export const batchSize = ${number(config.batchSize)};
/** Decides the order of the samples. */
export const seed = ${number(config.seed)};
/** How much of what is left for training is trained on. */
export const share = ${number(config.share)};
${isPerceptual ? perceptualNote : plainNote}
export const loss = '${loss}' as Loss;
${optimizerSource(config, isPerceptual)}`;
}

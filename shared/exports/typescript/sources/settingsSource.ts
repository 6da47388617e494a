import type { NetworkDocument } from '../../../schema/document';
import { defaultTrainingConfig, oneCycle } from '../../../schema/training';
import type { TrainingConfig } from '../../../schema/training';
import type { PrintedOutput } from '../model';

/** Prints `settings.ts`: the document's own training settings. */
export function settingsSource(document: NetworkDocument, outputs: readonly PrintedOutput[]): string {
  const config = { ...defaultTrainingConfig, ...document.train };
  return [`import * as tf from '@tensorflow/tfjs';\n`, outputsSource(config, outputs), trainingSource(config)].join(
    '\n',
  );
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
  const rows = trained.flatMap(({ layer, softmax }) => [
    '  {',
    `    name: '${layer}',`,
    `    softmax: ${softmax === null || config.loss === 'meanSquaredError' ? 'null' : `'${softmax}'`},`,
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

const optimizerTypes: { readonly [Name in TrainingConfig['optimizer']]: string } = {
  adam: 'tf.AdamOptimizer',
  momentum: 'tf.MomentumOptimizer',
  sgd: 'tf.SGDOptimizer',
};

function number(value: number): string {
  return String(value).replace('e+', 'e');
}

function trainingSource(config: TrainingConfig): string {
  const rate = number(config.learningRate);
  const optimizer = {
    adam: `tf.train.adam(${rate})`,
    momentum: `tf.train.momentum(${rate}, ${number(config.momentum)})`,
    sgd: `tf.train.sgd(${rate})`,
  }[config.optimizer];
  // tfjs's Adam reads its learning rate anew at each step and has no method that sets it.
  const set =
    config.optimizer === 'adam'
      ? `Object.assign(optimizer, { learningRate: ${rate} * share });`
      : `optimizer.setLearningRate(${rate} * share);`;
  const schedule = {
    cosine: `
/** Half a cosine, from the learning rate at the first step down to nearly zero at the last. */
export function setLearningRate(optimizer: ${optimizerTypes[config.optimizer]}, step: number, steps: number): void {
  const share = (1 + Math.cos((Math.PI * step) / steps)) / 2;
  ${set}
}
`,
    oneCycle: `
/** One cycle: up to the learning rate over the first part of the steps, then down to nearly zero, each along half a cosine. */
export function setLearningRate(optimizer: ${optimizerTypes[config.optimizer]}, step: number, steps: number): void {
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
  }[config.schedule];
  const isSquared = config.loss === 'meanSquaredError';
  return `export const epochs = ${number(config.epochs)};
export const batchSize = ${number(config.batchSize)};
/** Decides the order of the samples. */
export const seed = ${number(config.seed)};
/** Of classes; numbers are always learned by their mean squared error. */
export const lossOfClasses = '${isSquared ? 'meanSquaredError' : 'crossEntropy'}' as 'crossEntropy' | 'meanSquaredError';

export function createOptimizer(): ${optimizerTypes[config.optimizer]} {
  return ${optimizer};
}
${schedule}`;
}

import { isLossOfValues } from '../../../compile/losses';
import { augmentationFields, mixingFields } from '../../../schema/augmentation';
import type { NetworkDocument } from '../../../schema/document';
import { oneCycle } from '../../../schema/schedule';
import { parseNamedWeights } from '../../../schema/namedWeights';
import { parseTargets } from '../../../schema/targets';
import { defaultTrainingConfig, trainingField, trainingFieldNames } from '../../../schema/training';
import type { LossName, OptimizerName, TrainingConfig, TrainingFieldName } from '../../../schema/training';
import { quoted } from '../../names';
import type { PrintedOutput } from '../model';
import { lineWidth } from '../statements';

/** Prints `settings.ts`: the document's own training settings. */
export function settingsSource(
  document: NetworkDocument,
  outputs: readonly PrintedOutput[],
  { isPerceptual, hasTable }: { readonly isPerceptual: boolean; readonly hasTable: boolean },
): string {
  const config = { ...defaultTrainingConfig, ...document.train };
  return [
    `import * as tf from '@tensorflow/tfjs';\n`,
    outputsSource(config, outputs),
    trainingSource(config, isPerceptual),
    ...(hasTable ? [targetsSource(config)] : []),
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
  const rows = trained.flatMap(({ layer, softmax, sigmoid }) => [
    '  {',
    `    name: '${layer}',`,
    `    softmax: ${softmax === null || isOfValues ? 'null' : `'${softmax}'`},`,
    `    sigmoid: ${sigmoid},`,
    '  },',
  ]);
  const sum = trained.length > 1 ? ' The loss is the sum of theirs.' : '';
  return `/**
 * What is trained.${sum} \`softmax\` names the layer of a softmax that ends the network: the cross-entropy brings its own, and so takes
 * what goes into that layer. \`sigmoid\`: whether the network ends in one.
 */
export const outputs: readonly { name: string; softmax: string | null; sigmoid: boolean }[] = [
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

const printedLosses: readonly LossName[] = [
  'auto',
  'crossEntropy',
  'binaryCrossEntropy',
  'meanSquaredError',
  'meanAbsoluteError',
];

/** What the project has constants for; the training itself refuses some of them where the data are of another kind. */
const printedAdvanced: readonly TrainingFieldName[] = [
  'share',
  'labelSmoothing',
  'classWeights',
  'ownClassWeights',
  'targets',
];

/** What the yes of each class counts, as the document has it by name; null where that cannot be read. */
function weightsSource({ classWeights, ownClassWeights = '' }: TrainingConfig): string | null {
  if (classWeights !== 'own') return `'${classWeights}'`;
  const given = parseNamedWeights(ownClassWeights);
  if (given === null) return null;
  const rows = Array.from(given, ([name, weight]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
    return `  ${key}: ${number(weight)},`;
  });
  return ['{', ...rows, '}'].join('\n');
}

function targetsOf({ targets }: TrainingConfig): readonly string[] | null {
  return targets === undefined ? [] : parseTargets(targets);
}

function targetsSource(config: TrainingConfig): string {
  const names = (targetsOf(config) ?? []).map(quoted);
  const line = `export const targets: readonly string[] = [${names.join(', ')}];`;
  const statement =
    line.length <= lineWidth
      ? line
      : ['export const targets: readonly string[] = [', ...names.map((name) => `  ${name},`), '];'].join('\n');
  return `/** The columns of a table to learn, by their names; none: the one named label, class or target, else the last. */
${statement}
`;
}

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
      !printedAdvanced.includes(name) &&
      // How steps are computed, which comes to the same answers.
      name !== 'precision' &&
      name !== 'recompute' &&
      config[name] !== defaultTrainingConfig[name],
  );
  return [
    ...(isPrinted(config.optimizer) ? [] : [`optimizer ${config.optimizer}`]),
    ...(config.schedule === 'step' || config.schedule === 'plateau' ? [`schedule ${config.schedule}`] : []),
    ...(printedLosses.includes(config.loss) || isPerceptual ? [] : [`loss ${config.loss}`]),
    ...(weightsSource(config) === null ? ['ownClassWeights'] : []),
    ...(targetsOf(config) === null ? ['targets'] : []),
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
  '/** Any number of classes are learned by the binary cross-entropy then, numbers and pictures by their mean squared error. */';

const perceptualNote =
  '/** Of classes, and numbers by their mean squared error: pictures are compared by the network in perceptual.ts. */';

function trainingSource(config: TrainingConfig, isPerceptual: boolean): string {
  const loss = printedLosses.includes(config.loss) && config.loss !== 'auto' ? config.loss : 'crossEntropy';
  return `type Loss = 'crossEntropy' | 'binaryCrossEntropy' | 'meanSquaredError' | 'meanAbsoluteError';
type ClassWeights = 'equal' | 'balanced' | Readonly<Record<string, number>>;

export const epochs = ${number(config.epochs)};
export const batchSize = ${number(config.batchSize)};
/** Decides the order of the samples. */
export const seed = ${number(config.seed)};
/** How much of what is left for training is trained on. */
export const share = ${number(config.share)};
${isPerceptual ? perceptualNote : plainNote}
export const loss = '${loss}' as Loss;
/** Of any number of classes: how much of each yes or no is spread over both. */
export const labelSmoothing: number = ${number(config.labelSmoothing)};
/** Of these: what the yes of a class counts beside its no, the same, as much in all, or by the name of the class. */
export const classWeights = ${weightsSource(config) ?? "'equal'"} as ClassWeights;
${optimizerSource(config, isPerceptual)}`;
}

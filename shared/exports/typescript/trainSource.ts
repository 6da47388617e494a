import type { NetworkDocument } from '../../schema/document';
import { defaultTrainingConfig, oneCycle } from '../../schema/training';
import type { TrainingConfig } from '../../schema/training';
import type { PrintedOutput } from './model';

/** Prints `train.ts` with the document's own training settings. */
export function trainSource(document: NetworkDocument, outputs: readonly PrintedOutput[]): string {
  const config = { ...defaultTrainingConfig, ...document.train };
  return [head, outputsSource(config, outputs), settingsSource(config), body].join('\n');
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

function number(value: number): string {
  return String(value).replace('e+', 'e');
}

function settingsSource(config: TrainingConfig): string {
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
function setLearningRate(optimizer: ReturnType<typeof createOptimizer>, step: number, steps: number): void {
  const share = (1 + Math.cos((Math.PI * step) / steps)) / 2;
  ${set}
}
`,
    oneCycle: `
/** One cycle: up to the learning rate over the first part of the steps, then down to nearly zero, each along half a cosine. */
function setLearningRate(optimizer: ReturnType<typeof createOptimizer>, step: number, steps: number): void {
  const done = step / steps;
  const halfCosine = (part: number): number => (1 + Math.cos(Math.PI * part)) / 2;
  const share = done < ${oneCycle.rise} ? 1 - ${1 - oneCycle.start} * halfCosine(done / ${oneCycle.rise}) : halfCosine((done - ${oneCycle.rise}) / ${1 - oneCycle.rise});
  ${set}
}
`,
    constant: `
/** The learning rate stays as it is: put a schedule here. */
function setLearningRate(_optimizer: tf.Optimizer, _step: number, _steps: number): void {}
`,
  }[config.schedule];
  const isSquared = config.loss === 'meanSquaredError';
  return `const epochs = ${number(config.epochs)};
const batchSize = ${number(config.batchSize)};
/** Of classes; numbers are always learned by their mean squared error. */
const lossOfClasses = '${isSquared ? 'meanSquaredError' : 'crossEntropy'}' as 'crossEntropy' | 'meanSquaredError';
/** A pixel with this label belongs to no class, and does not count. */
const ignoredLabel = 255;

function createOptimizer() {
  return ${optimizer};
}
${schedule}`;
}

const head = `import { appendFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { useFastBackend } from './backend.js';
import { readData, type DataSet, type Sample } from './data.js';
import { buildModel } from './model.js';
import { getWeights } from './weights.js';
`;

const body = `/** The values that the loss takes, of each trained output. */
export function scoresModel(model: tf.LayersModel, task: DataSet['task']): tf.LayersModel {
  const scores = outputs.map(({ name, softmax }) =>
    softmax === null || task === 'numbers' ? model.getLayer(name).output : model.getLayer(softmax).input,
  );
  return tf.model({ inputs: model.inputs, outputs: scores as tf.SymbolicTensor[] });
}

/** Some samples as tensors: one of each input, and one of each target. */
function batchOf(model: tf.LayersModel, samples: Sample[]): { inputs: tf.Tensor[]; targets: tf.Tensor[] } {
  const join = (values: Sample['inputs'], shape: number[]): tf.Tensor =>
    tf.concat(values.map(({ data }) => tf.tensor(data, [1, ...shape])));
  const inputs = model.inputs.map((input, at) => {
    const values = samples.map((sample) => sample.inputs[at] ?? { shape: [], data: new Float32Array() });
    const sizes = input.shape.slice(1);
    const [first] = values;
    return join(values, sizes.includes(null) ? (first?.shape ?? []) : (sizes as number[]));
  });
  const targets = outputs.map((_, at) => {
    const values = samples.map((sample) => sample.targets[at] ?? { shape: [], data: new Float32Array() });
    return join(values, [values[0]?.data.length ?? 0]);
  });
  return { inputs, targets };
}

type Score = { loss: tf.Scalar; accuracy: tf.Scalar };

/** The loss of one output: its mean over samples and pixels; and the share of the classes that are right. */
function scoreOf(task: DataSet['task'], scores: tf.Tensor, target: tf.Tensor): Score {
  if (task === 'numbers') {
    return { loss: tf.losses.meanSquaredError(tf.reshape(target, scores.shape), scores), accuracy: tf.scalar(0) };
  }
  const classes = scores.shape.at(-1) ?? 1;
  const rows = tf.reshape(scores, [-1, classes]);
  const labels = tf.cast(tf.reshape(target, [-1]), 'int32');
  const counted = tf.cast(tf.less(labels, classes), 'float32');
  const count = tf.maximum(tf.sum(counted), 1);
  const wanted = tf.oneHot(labels, classes);
  const losses =
    lossOfClasses === 'crossEntropy'
      ? tf.neg(tf.sum(tf.mul(wanted, tf.logSoftmax(rows)), -1))
      : tf.mean(tf.squaredDifference(rows, wanted), -1);
  const right = tf.cast(tf.equal(tf.argMax(rows, -1), labels), 'float32');
  return {
    loss: tf.div(tf.sum(tf.mul(losses, counted)), count),
    accuracy: tf.div(tf.sum(tf.mul(right, counted)), count),
  };
}

/** The sum of the losses of all trained outputs, and the mean of their accuracies. */
function totalOf(task: DataSet['task'], results: tf.Tensor | tf.Tensor[], targets: tf.Tensor[]): Score {
  const list = Array.isArray(results) ? results : [results];
  const scores = list.map((result, at) => scoreOf(task, result, targets[at] ?? tf.tensor([])));
  return {
    loss: tf.addN(scores.map(({ loss }) => loss)),
    accuracy: tf.div(tf.addN(scores.map(({ accuracy }) => accuracy)), scores.length),
  };
}

/** Refuses labels that are no class of the network before they do harm. */
function checkLabels(model: tf.LayersModel, samples: Sample[]): void {
  for (const [at, output] of model.outputs.entries()) {
    const classes = output.shape.at(-1) ?? 1;
    for (const { targets } of samples) {
      const labels = targets[at]?.data ?? new Float32Array();
      const isMask = labels.length > 1 && classes <= ignoredLabel;
      const wrong = labels.find(
        (label) => !(Number.isInteger(label) && label >= 0 && label < classes) && !(isMask && label === ignoredLabel),
      );
      if (wrong !== undefined) throw new Error(\`The label \${String(wrong)} is none of the \${String(classes)} classes.\`);
    }
  }
}

function batches(count: number): [from: number, to: number][] {
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, at) => [
    at * batchSize,
    Math.min((at + 1) * batchSize, count),
  ]);
}

/** Loss and accuracy over some samples, without training. */
export function evaluate(
  model: tf.LayersModel,
  task: DataSet['task'],
  samples: Sample[],
): { loss: number; accuracy: number } {
  const scores = scoresModel(model, task);
  const sum = { loss: 0, accuracy: 0 };
  for (const [from, to] of batches(samples.length)) {
    const [loss = 0, accuracy = 0] = tf.tidy(() => {
      const { inputs, targets } = batchOf(scores, samples.slice(from, to));
      const total = totalOf(task, scores.apply(inputs) as tf.Tensor | tf.Tensor[], targets);
      return [total.loss.arraySync(), total.accuracy.arraySync()];
    });
    sum.loss += loss * (to - from);
    sum.accuracy += accuracy * (to - from);
  }
  return { loss: sum.loss / samples.length, accuracy: sum.accuracy / samples.length };
}

/** The loss of some samples as a function of the model's weights. */
export function lossOf(
  scores: tf.LayersModel,
  task: DataSet['task'],
  samples: Sample[],
  training: boolean,
): () => tf.Scalar {
  const { inputs, targets } = batchOf(scores, samples);
  return () => totalOf(task, scores.apply(inputs, { training }) as tf.Tensor | tf.Tensor[], targets).loss;
}

type Norm = { layer: tf.layers.Layer; momentum: number };

/** The layers with moving statistics, and how much of them each keeps at a step. */
function normsOf(model: tf.LayersModel): Norm[] {
  return model.layers.flatMap((layer) =>
    'momentum' in layer && typeof layer.momentum === 'number' ? [{ layer, momentum: layer.momentum }] : [],
  );
}

/** Moving statistics begin with no batch seen: in the first steps less of them is kept, at most (1 + step) / (10 + step) from step 1. */
function setMomenta(norms: Norm[], step: number): void {
  for (const { layer, momentum } of norms) {
    if (momentum < 1) Object.assign(layer, { momentum: Math.min(momentum, (2 + step) / (11 + step)) });
  }
}

/** Trains a model; \`log\` is given a line at the end of each epoch. */
export function train(model: tf.LayersModel, data: DataSet, log: (line: string) => void = console.log): void {
  const { task, training, validation } = data;
  const scores = scoresModel(model, task);
  if (task === 'classes') checkLabels(scores, [...training, ...validation]);
  const variables = scores.trainableWeights.map((weight) => weight.read() as tf.Variable);
  if (variables.length === 0) throw new Error('Nothing in this network can be trained.');
  const optimizer = createOptimizer();
  const norms = normsOf(model);
  const steps = epochs * Math.ceil(training.length / batchSize);
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const order = tf.util.createShuffledIndices(training.length);
    let sum = 0;
    for (const [from, to] of batches(training.length)) {
      setLearningRate(optimizer, step, steps);
      setMomenta(norms, step);
      const samples = Array.from(order.subarray(from, to)).flatMap((at) => training[at] ?? []);
      sum +=
        samples.length *
        tf.tidy(() => {
          const cost = optimizer.minimize(lossOf(scores, task, samples, true), true, variables);
          return cost?.arraySync() ?? NaN;
        });
      step += 1;
    }
    const parts = [\`loss \${(sum / training.length).toFixed(4)}\`];
    if (validation.length > 0) {
      const { loss, accuracy } = evaluate(model, task, validation);
      parts.push(\`validation loss \${loss.toFixed(4)}\`);
      if (task === 'classes') parts.push(\`validation accuracy \${(100 * accuracy).toFixed(1)} %\`);
    }
    log(\`epoch \${String(epoch)}/\${String(epochs)}: \${parts.join(', ')}\`);
  }
  for (const { layer, momentum } of norms) Object.assign(layer, { momentum });
  optimizer.dispose();
}

/** \`npm run train -- DATA\`: trains a fresh model; writes weights.json and weights.bin, which the other scripts read, and metrics.log. */
async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) {
    throw new Error('Usage: npm run train -- DATA, a folder or a JSON file: see src/data.ts.');
  }
  await useFastBackend();
  const model = buildModel();
  const data = await readData(
    path,
    model,
    outputs.map(({ name }) => name),
  );
  console.log(\`\${String(data.training.length)} samples to train, \${String(data.validation.length)} to validate\`);
  writeFileSync('classes.json', JSON.stringify({ task: data.task, classes: data.classes, scaling: null }));
  train(model, data, (line) => {
    console.log(line);
    appendFileSync('metrics.log', \`\${line}\\n\`);
    // After each epoch, so that what was learned is kept when the training is stopped.
    const { index, bytes } = getWeights(model);
    writeFileSync('weights.bin', bytes);
    writeFileSync('weights.json', JSON.stringify(index, null, 2));
  });
  console.log('Wrote weights.json and weights.bin.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
`;

/** Prints `train.ts`: the training. Where it changes pictures, it does so by `augment.ts`, and where it mixes samples, by `mixing.ts`. */
export function trainSource({
  isAugmenting,
  isMixing,
}: {
  readonly isAugmenting: boolean;
  readonly isMixing: boolean;
}): string {
  const augmenting = !isAugmenting
    ? plainSource
    : plainSource
        .replace(`import { useFastBackend }`, `import { changed } from './augment.js';\nimport { useFastBackend }`)
        .replace(takenSource, changedSource);
  if (!isMixing) return augmenting;
  return augmenting
    .replace(`import { buildModel }`, `import { mixed } from './mixing.js';\nimport { buildModel }`)
    .replace('evaluate, lossOf, scoresModel', 'evaluate, mixedLossOf, scoresModel')
    .replace(learnedSource, mixedSource);
}

const takenSource = `      const samples = Array.from(order.subarray(from, to)).flatMap((at) => training[at] ?? []);
`;

const changedSource = `      const samples = Array.from(order.subarray(from, to)).flatMap((at) => {
        const sample = training[at];
        return sample === undefined ? [] : [changed(sample, seed, step + 1, at)];
      });
`;

const learnedSource = `          const cost = optimizer.minimize(lossOf(scores, task, samples, true, weights), true, variables);
`;

const mixedSource = `          const loss = mixedLossOf(scores, task, mixed(samples, task, seed, step + 1), weights);
          const cost = optimizer.minimize(loss, true, variables);
`;

const plainSource = `import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { useFastBackend } from './backend.js';
import { loadCheckpoint, saveCheckpoint, writeWhole } from './checkpoint.js';
import { readData } from './data.js';
import { buildModel } from './model.js';
import { yesWeights } from './labels.js';
import { batches, checkLabels, checkSettings, describeScores, evaluate, lossOf, scoresModel } from './scores.js';
import { createOptimizer, epochs as usualEpochs, outputs, seed as usualSeed, setLearningRate } from './settings.js';
import { shuffledOrder } from './split.js';
import type { DataSet } from './values.js';
import { getWeights } from './weights.js';

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

/** How a model is trained, where not as settings.ts says. */
export type TrainOptions = {
  epochs?: number;
  /** Decides the order of the samples in each epoch. */
  seed?: number;
  optimizer?: ReturnType<typeof createOptimizer>;
  /** Epochs that are done already. */
  done?: number;
  /** Called at the end of each epoch with a line about it. */
  onEpoch?: (line: string, epoch: number) => void | Promise<void>;
};

/** Trains a model in place. */
export async function train(model: tf.LayersModel, data: DataSet, options: TrainOptions = {}): Promise<void> {
  const { epochs = usualEpochs, seed = usualSeed, optimizer = createOptimizer(), done = 0, onEpoch } = options;
  const { task, training, validation } = data;
  const scores = scoresModel(model, task);
  checkSettings(scores, task);
  checkLabels(scores, task, [...training, ...validation]);
  const weights = task === 'labels' ? yesWeights(training, data.classes) : [];
  const variables = scores.trainableWeights.map((weight) => weight.read() as tf.Variable);
  if (variables.length === 0) throw new Error('Nothing in this network can be trained.');
  if (training.length === 0) throw new Error('There are no samples to train on.');
  const norms = normsOf(model);
  const stepsPerEpoch = batches(training.length).length;
  let step = done * stepsPerEpoch;
  for (let epoch = done + 1; epoch <= epochs; epoch += 1) {
    const order = shuffledOrder(training.length, seed + epoch);
    let sum = 0;
    for (const [from, to] of batches(training.length)) {
      setLearningRate(optimizer, step, epochs * stepsPerEpoch);
      setMomenta(norms, step);
${takenSource}      sum +=
        samples.length *
        tf.tidy(() => {
${learnedSource}          return cost?.arraySync() ?? NaN;
        });
      step += 1;
    }
    if (!Number.isFinite(sum)) throw new Error('The loss is no longer a number: a lower learning rate may help.');
    const parts = [\`loss \${(sum / training.length).toFixed(4)}\`];
    if (validation.length > 0) parts.push(describeScores(evaluate(model, task, validation), 'validation '));
    await onEpoch?.(\`epoch \${String(epoch)}/\${String(epochs)}: \${parts.join(', ')}\`, epoch);
  }
  for (const { layer, momentum } of norms) Object.assign(layer, { momentum });
}

const usage = \`Usage: npm run train -- DATA [--epochs N] [--limit N] [--seed N] [--resume]
DATA is a folder or a file: see src/data.ts. --limit trains and validates on the first N samples only, for a quick try.
--resume goes on from checkpoint.bin, with the same DATA.\`;

/** \`npm run train -- DATA\`: trains a fresh model; writes weights, classes.json, checkpoint.bin and metrics.log after each epoch. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      epochs: { type: 'string' },
      limit: { type: 'string' },
      seed: { type: 'string' },
      resume: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  const [epochs, limit, seed] = [
    Number(values.epochs ?? usualEpochs),
    Number(values.limit ?? Infinity),
    Number(values.seed ?? usualSeed),
  ];
  if (path === undefined || !(epochs >= 1) || !(limit >= 1) || Number.isNaN(seed)) throw new Error(usage);
  await useFastBackend();
  const model = buildModel();
  const optimizer = createOptimizer();
  const progress = values.resume ? await loadCheckpoint(model, optimizer) : { epoch: 0, epochs, seed };
  const { training, validation, ...learned } = await readData(
    path,
    model,
    outputs.map(({ name }) => name),
  );
  const data = { ...learned, training: training.slice(0, limit), validation: validation.slice(0, limit) };
  console.log(\`\${String(data.training.length)} samples to train, \${String(data.validation.length)} to validate\`);
  writeWhole('classes.json', JSON.stringify(learned, null, 2));
  await train(model, data, {
    epochs: progress.epochs,
    seed: progress.seed,
    optimizer,
    done: progress.epoch,
    onEpoch: async (line, epoch) => {
      console.log(line);
      appendFileSync('metrics.log', \`\${line}\\n\`);
      // After each epoch, so that what was learned is kept when the training is stopped.
      const { index, bytes } = getWeights(model);
      writeWhole('weights.bin', bytes);
      writeWhole('weights.json', JSON.stringify(index, null, 2));
      await saveCheckpoint(model, optimizer, { ...progress, epoch });
    },
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

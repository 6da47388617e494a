import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { formatCount, formatShape } from '../../text';
import { defaultTrainingConfig } from '../../schema/training';
import type { OptimizerName } from '../../schema/training';
import { commentText, packageName } from '../names';

/** The version of tfjs that the printed project is tested with. */
const tfjsVersion = '4.22.0';

export const tsconfigJson = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      lib: ['ES2022', 'DOM'],
      types: ['node'],
      strict: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      skipLibCheck: true,
      rootDir: 'src',
      outDir: 'dist',
    },
    include: ['src'],
  },
  null,
  2,
)}\n`;

export function packageJson(document: NetworkDocument): string {
  const content = {
    name: packageName(document.name),
    private: true,
    type: 'module',
    scripts: {
      build: 'tsc',
      predict: 'tsc && node dist/predict.js',
      train: 'tsc && node dist/train.js',
    },
    dependencies: { '@tensorflow/tfjs': tfjsVersion },
    devDependencies: { '@types/node': '^20.19.0', typescript: '^5.9.0 || ^6.0.0' },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

export const predictSource = `import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import { buildModel } from './model.js';
import { setWeights, type WeightEntry } from './weights.js';

/**
 * \`npm run predict -- input.json\`: the model's answer to one sample. The file holds the sample's values as JSON, nested or flat,
 * row by row with the channels last, scaled as in training (images: 0 to 1).
 */
async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new Error('Usage: npm run predict -- input.json');
  const model = buildModel();
  const index = JSON.parse(await readFile('weights.json', 'utf8')) as WeightEntry[];
  setWeights(model, index, await readFile('weights.bin'));
  const values = (JSON.parse(await readFile(path, 'utf8')) as unknown[]).flat(Infinity) as number[];
  const shape = (model.inputs[0]?.shape ?? []).slice(1).map((size) => size ?? -1);
  const outputs = model.predict(tf.tensor(values).reshape([1, ...shape]));
  for (const output of Array.isArray(outputs) ? outputs : [outputs]) output.print();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
`;

/** Prints `train.ts` with the document's own training settings. */
export function trainSource(document: NetworkDocument): string {
  const config = { ...defaultTrainingConfig, ...document.train };
  const rate = String(config.learningRate);
  const isCosine = config.schedule === 'cosine';
  const optimizer =
    config.optimizer === 'adam'
      ? `tf.train.adam(${rate})`
      : config.optimizer === 'momentum'
        ? `tf.train.momentum(${rate}, ${String(config.momentum)})`
        : `tf.train.sgd(${rate})`;
  const isRegression = config.loss === 'meanSquaredError';
  const loss = isRegression
    ? `'meanSquaredError'`
    : `(labels: tf.Tensor, logits: tf.Tensor) => tf.losses.softmaxCrossEntropy(labels, logits)`;
  const targets = isRegression ? 'shaped like the output' : 'one-hot, shaped like the output';
  return `import * as tf from '@tensorflow/tfjs';
import { buildModel } from './model.js';

/**
 * Trains a fresh model. \`xs\` holds the samples, \`ys\` the targets: ${targets}. Replace the random
 * tensors below by your data.
 */
export async function train(xs: tf.Tensor, ys: tf.Tensor): Promise<tf.LayersModel> {
  const model = buildModel();
  const optimizer = ${optimizer};
  model.compile({
    optimizer,
    loss: ${loss},
    metrics: ${isRegression ? '[]' : `['accuracy']`},
  });
  const [epochs, batchSize, validationSplit] = [${String(config.epochs)}, ${String(config.batchSize)}, 0.2];
${isCosine ? cosineSource(rate, config.optimizer) : ''}  await model.fit(xs, ys, { epochs, batchSize, validationSplit, shuffle: true${isCosine ? ', callbacks: { onBatchBegin }' : ''} });
  return model;
}

const model = buildModel();
const sizes = (tensor: tf.SymbolicTensor | undefined): number[] => (tensor?.shape ?? []).slice(1).map((size) => size ?? 32);
const xs = tf.randomUniform([16, ...sizes(model.inputs[0])]);
const ys = tf.randomUniform([16, ...sizes(model.outputs[0])]);
model.dispose();
await train(xs, ys);
`;
}

/** Sets the learning rate before each step, as `scheduledLearningRate` has it. */
function cosineSource(rate: string, optimizer: OptimizerName): string {
  // tfjs's Adam reads its learning rate anew at each step and has no method that sets it.
  const set =
    optimizer === 'adam' ? 'Object.assign(optimizer, { learningRate })' : 'optimizer.setLearningRate(learningRate)';
  return `  // Half a cosine, from the learning rate at the first step down to nearly zero at the last.
  const steps = epochs * Math.ceil(Math.floor((xs.shape[0] ?? 0) * (1 - validationSplit)) / batchSize);
  let step = 0;
  const onBatchBegin = (): void => {
    const learningRate = (${rate} * (1 + Math.cos((Math.PI * step) / steps))) / 2;
    ${set};
    step += 1;
  };
`;
}

/** Prints the project's README. */
export function projectReadme(document: NetworkDocument, analysis: NetworkAnalysis): string {
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => formatShape(analysis.nodes.get(id)?.outputShape ?? [])).join(', ');
  const { params, trainableParams, macs } = analysis.totals;
  return `# ${commentText(document.name) || 'Network'}

Designed with Convloom. Input ${shapes(analysis.inputs)}, output ${shapes(analysis.outputs)}; ${formatCount(params)} parameters (${formatCount(trainableParams)} trainable), ${formatCount(macs)} multiply-adds per sample.

    npm install
    npm run train                    # a fresh model on random data: put yours in src/train.ts
    npm run predict -- input.json    # with the weights of a Convloom run, weights.json and weights.bin, in this folder

- \`src/model.ts\`: the network, layer by layer.
- \`src/layers.ts\`: layers that tfjs does not have, where the network uses such.
- \`src/weights.ts\`: puts a run's weights into the model, and refuses those of another network.

Values are channels last. The model gives what the network's output node gives; for probabilities, apply a softmax.
`;
}

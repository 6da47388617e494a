import type { NetworkDocument } from '../../schema/document';
import type { PrintedOutput } from './model';

/** Prints `predict.ts`: classes by their probabilities where the network gives scores of classes, else its values. */
export function predictSource(
  document: NetworkDocument,
  outputs: readonly PrintedOutput[],
  hasPictures: boolean,
): string {
  const hasClasses = document.train?.loss !== 'meanSquaredError';
  const rows = outputs.flatMap(({ layer, softmax }) => [
    '  {',
    `    name: '${layer}',`,
    `    gives: '${softmax !== null ? 'probabilities' : hasClasses ? 'scores' : 'values'}',`,
    '  },',
  ]);
  return `${hasPictures ? pictureHead : head}
/** What each output gives: scores become probabilities by a softmax, as in training. */
const outputs: readonly { name: string; gives: 'scores' | 'probabilities' | 'values' }[] = [
${rows.join('\n')}
];

${hasPictures ? withPictures : withoutPictures}
${body}`;
}

const head = `import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { useFastBackend } from './backend.js';
import { byName, toValues } from './data.js';
import { buildModel } from './model.js';
import { setWeights, type WeightEntry } from './weights.js';
`;

const pictureHead = head.replace(
  "from './model.js';\n",
  "from './model.js';\nimport { pictureName, readPicture } from './pictures.js';\n",
);

const withPictures = `const usage = 'Usage: npm run predict -- picture.png, or input.json with the values of one sample.';

/** The sample of a file: a picture, or values as JSON. */
async function readSample(path: string, model: tf.LayersModel): Promise<unknown> {
  if (!pictureName.test(path)) return JSON.parse(await readFile(path, 'utf8')) as unknown;
  const { shape, data } = await readPicture(path, (model.inputs[0]?.shape ?? []).slice(1));
  return tf.tensor(data, shape).arraySync();
}
`;

const withoutPictures = `const usage = 'Usage: npm run predict -- input.json, the values of one sample as JSON.';

/** The sample of a file: its values as JSON. */
async function readSample(path: string, _model: tf.LayersModel): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown;
}
`;

const body = `/** What is known of the data beside the weights. \`scaling\`: value = (raw - mean) / deviation of each feature of a table. */
type Learned = {
  task: 'classes' | 'numbers' | null;
  classes: string[];
  scaling: { mean: number[]; deviation: number[] } | null;
};

async function readLearned(): Promise<Learned> {
  if (!existsSync('classes.json')) return { task: null, classes: [], scaling: null };
  return JSON.parse(await readFile('classes.json', 'utf8')) as Learned;
}

/** One sample for each input; sizes that the model leaves open are those of the nested lists. */
export function readInputs(model: tf.LayersModel, content: unknown, scaling: Learned['scaling'] = null): tf.Tensor[] {
  return byName(content, model.inputNames).map((value, at) => {
    const { shape, data: raw } = toValues(value);
    const data =
      scaling === null
        ? raw
        : raw.map((number, place) => (number - (scaling.mean[place] ?? 0)) / (scaling.deviation[place] ?? 1));
    const sizes = (model.inputs[at]?.shape ?? []).slice(1);
    return tf.tensor(data, [1, ...(sizes.includes(null) ? shape : (sizes as number[]))]);
  });
}

function sharesOf(output: tf.Tensor, gives: 'scores' | 'probabilities', count: number): number[] {
  if (output.size > count) {
    const wins = tf.oneHot(tf.cast(tf.reshape(tf.argMax(output, -1), [-1]), 'int32'), count);
    return Array.from(tf.mean(tf.cast(wins, 'float32'), 0).dataSync());
  }
  const row = tf.reshape(output, [count]);
  return Array.from((gives === 'scores' ? tf.softmax(row) : row).dataSync());
}

/** The lines that tell what an output says: the likeliest classes, the share of each class in the pixels, or the values as they are. */
export function describe(output: tf.Tensor, gives: 'scores' | 'probabilities' | 'values', classes: string[]): string[] {
  if (gives === 'values' || output.size === 1) return [JSON.stringify(output.arraySync())];
  const count = output.shape.at(-1) ?? 1;
  return sharesOf(output, gives, count)
    .map((share, at) => ({ share, name: classes[at] ?? \`class \${String(at)}\` }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 10)
    .map(({ share, name }) => \`\${(100 * share).toFixed(1).padStart(5)} %  \${name}\`);
}

/**
 * \`npm run predict -- FILE\`: the model's answer to one sample. JSON holds its values, nested as [row][column][channel] or in one flat
 * list, scaled as in training (images: 0 to 1; a table's as they stand in it); with several inputs, an object by their names in model.ts.
 */
async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new Error(usage);
  await useFastBackend();
  const model = buildModel();
  const index = JSON.parse(await readFile('weights.json', 'utf8')) as WeightEntry[];
  setWeights(model, index, await readFile('weights.bin'));
  const { task, classes, scaling } = await readLearned();
  const results = model.predict(readInputs(model, await readSample(path, model), scaling));
  for (const [at, result] of (Array.isArray(results) ? results : [results]).entries()) {
    const { name = '', gives = 'values' } = outputs[at] ?? {};
    if (outputs.length > 1) console.log(\`\${name}:\`);
    for (const line of describe(result, task === 'numbers' ? 'values' : gives, classes)) console.log(line);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
`;

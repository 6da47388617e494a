import type { NetworkDocument } from '../../schema/document';
import type { PrintedOutput } from './model';

/** Prints `predict.ts`: classes by their probabilities where the network gives scores of classes, else its values. */
export function predictSource(document: NetworkDocument, outputs: readonly PrintedOutput[]): string {
  const hasClasses = document.train?.loss !== 'meanSquaredError';
  const rows = outputs.flatMap(({ layer, softmax }) => [
    '  {',
    `    name: '${layer}',`,
    `    gives: '${softmax !== null ? 'probabilities' : hasClasses ? 'scores' : 'values'}',`,
    '  },',
  ]);
  return `${head}
/** What each output gives: scores become probabilities by a softmax, as in training. */
const outputs: readonly { name: string; gives: 'scores' | 'probabilities' | 'values' }[] = [
${rows.join('\n')}
];

${body}`;
}

const head = `import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { byName, toValues } from './data.js';
import { buildModel } from './model.js';
import { setWeights, type WeightEntry } from './weights.js';
`;

const body = `/** What train.ts writes beside the weights; a run's own weights come without. */
type Learned = { task: 'classes' | 'numbers' | null; classes: string[] };

async function readLearned(): Promise<Learned> {
  if (!existsSync('classes.json')) return { task: null, classes: [] };
  return JSON.parse(await readFile('classes.json', 'utf8')) as Learned;
}

/** One sample for each input; sizes that the model leaves open are those of the nested lists. */
export function readInputs(model: tf.LayersModel, content: unknown): tf.Tensor[] {
  return byName(content, model.inputNames).map((value, at) => {
    const { shape, data } = toValues(value);
    const sizes = (model.inputs[at]?.shape ?? []).slice(1);
    return tf.tensor(data, [1, ...(sizes.includes(null) ? shape : (sizes as number[]))]);
  });
}

/** The lines that tell what an output says: the likeliest classes, the class of each pixel, or the values as they are. */
export function describe(output: tf.Tensor, gives: 'scores' | 'probabilities' | 'values', classes: string[]): string[] {
  if (gives === 'values' || output.size === 1) return [JSON.stringify(output.arraySync())];
  const count = output.shape.at(-1) ?? 1;
  if (output.size > count) return [JSON.stringify(tf.argMax(output, -1).arraySync())];
  const row = tf.reshape(output, [count]);
  const shares = Array.from((gives === 'scores' ? tf.softmax(row) : row).dataSync());
  return shares
    .map((share, at) => ({ share, name: classes[at] ?? \`class \${String(at)}\` }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 10)
    .map(({ share, name }) => \`\${(100 * share).toFixed(1).padStart(5)} %  \${name}\`);
}

/**
 * \`npm run predict -- input.json\`: the model's answer to one sample. It reads JSON, not pictures: the sample's values, nested as
 * [row][column][channel] or in one flat list, scaled as in training (images: 0 to 1); with several inputs, an object by their
 * names in model.ts.
 */
async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) {
    throw new Error('Usage: npm run predict -- input.json, the values of one sample as JSON (not a picture).');
  }
  const model = buildModel();
  const index = JSON.parse(await readFile('weights.json', 'utf8')) as WeightEntry[];
  setWeights(model, index, await readFile('weights.bin'));
  const { task, classes } = await readLearned();
  const results = model.predict(readInputs(model, JSON.parse(await readFile(path, 'utf8'))));
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

/** What a trained model answers to one input. `input.pixels` are from 0 to 255, and the model is given a 255th of them. */
export type ReferenceAnswer = {
  readonly input: { readonly shape: readonly number[]; readonly pixels: readonly number[] };
  /** Each output in order, for one sample. */
  readonly outputs: readonly ArrayLike<number>[];
};

/** Of a large output so many values are compared. */
const mostValues = 10_000;

/** Prints `check.json`: Convloom's own answer, against which `check.ts` holds the model's. */
export function printCheck({ input, outputs }: ReferenceAnswer): string {
  const sampled = outputs.map((values) => {
    const step = Math.max(1, Math.ceil(values.length / mostValues));
    const kept = Array.from({ length: Math.ceil(values.length / step) }, (_, at) => values[at * step] ?? 0);
    // Nine digits give back a float32.
    return { step, values: kept.map((value) => Number(value.toPrecision(9))) };
  });
  return `${JSON.stringify({ input, outputs: sampled })}\n`;
}

/** Prints `check.ts`: how far the project's model is from Convloom's. */
export const checkSource = `import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import { loadModel } from './saved.js';

/** A random input, and what Convloom gave for it: of each output every so many values. */
type Check = {
  input: { shape: number[]; pixels: number[] };
  outputs: { step: number; values: number[] }[];
};

/** \`npm run check\`: the largest difference between this project's model and Convloom's, with the weights of the export. */
async function main(): Promise<void> {
  if (!existsSync('check.json')) throw new Error('No check.json: export the network together with a trained run.');
  const { input, outputs } = JSON.parse(await readFile('check.json', 'utf8')) as Check;
  const model = await loadModel();
  const values = Float32Array.from(input.pixels, (value) => value / 255);
  const results = model.predict(tf.tensor(values, [1, ...input.shape]));
  let [largest, scale] = [0, 0];
  for (const [at, result] of (Array.isArray(results) ? results : [results]).entries()) {
    const { step, values: wanted } = outputs[at] ?? { step: 1, values: [] };
    const found = result.dataSync();
    if (Math.ceil(found.length / step) !== wanted.length) throw new Error('check.json belongs to another network.');
    for (const [place, value] of wanted.entries()) {
      largest = Math.max(largest, Math.abs(value - (found[place * step] ?? NaN)));
      scale = Math.max(scale, Math.abs(value));
    }
  }
  console.log(\`Largest difference \${largest.toExponential(1)}, where the largest value is \${scale.toPrecision(3)}.\`);
  if (!(largest <= 1e-4 * Math.max(scale, 1))) throw new Error('These are not the values of Convloom.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
`;

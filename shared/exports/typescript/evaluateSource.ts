/** Prints `evaluate.ts`: the score of trained weights. */
export const evaluateSource = `import { readFile } from 'node:fs/promises';
import { useFastBackend } from './backend.js';
import { readData } from './data.js';
import { buildModel } from './model.js';
import { evaluate, outputs } from './train.js';
import { setWeights, type WeightEntry } from './weights.js';

/** \`npm run evaluate -- DATA\`: loss and accuracy of weights.json on the data that train.ts holds back. */
async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new Error('Usage: npm run evaluate -- DATA, as for npm run train.');
  await useFastBackend();
  const model = buildModel();
  setWeights(model, JSON.parse(await readFile('weights.json', 'utf8')) as WeightEntry[], await readFile('weights.bin'));
  const { task, validation } = await readData(
    path,
    model,
    outputs.map(({ name }) => name),
  );
  if (validation.length === 0) throw new Error('There are too few data to hold some back.');
  const { loss, accuracy } = evaluate(model, task, validation);
  const parts = [\`\${String(validation.length)} samples\`, \`loss \${loss.toFixed(4)}\`];
  if (task === 'classes') parts.push(\`accuracy \${(100 * accuracy).toFixed(1)} %\`);
  console.log(parts.join(', '));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
`;

/** Prints `backend.ts`: what computes. */
export const backendSource = `/** Computes with TensorFlow's own library where \`npm install @tensorflow/tfjs-node\` has put it here: many times as fast. */
export async function useFastBackend(): Promise<void> {
  // Not written into the import, so that the project also compiles without it.
  const library: string = '@tensorflow/tfjs-node';
  try {
    await import(library);
  } catch {
    // Then in plain JavaScript: @tensorflow/tfjs says so itself.
  }
}
`;

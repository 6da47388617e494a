/** Prints `saved.ts`: the model with its weights, for the scripts that use it. */
export const savedSource = `import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type * as tf from '@tensorflow/tfjs';
import { useFastBackend } from './backend.js';
import { buildModel } from './model.js';
import type { Learned } from './values.js';
import { setWeights, type WeightEntry } from './weights.js';

/** What is known of the data beside the weights. */
export async function readLearned(): Promise<Learned | null> {
  return existsSync('classes.json') ? (JSON.parse(await readFile('classes.json', 'utf8')) as Learned) : null;
}

/** The model with the weights of weights.json and weights.bin. */
export async function loadModel(): Promise<tf.LayersModel> {
  if (!existsSync('weights.json')) throw new Error('There is no weights.json: run npm run train first.');
  await useFastBackend();
  const model = buildModel();
  setWeights(model, JSON.parse(await readFile('weights.json', 'utf8')) as WeightEntry[], await readFile('weights.bin'));
  return model;
}
`;

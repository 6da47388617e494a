import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import type { FloatTensors } from '../../../shared/ops/tensor';
import { activateBackend, chooseBackend, tfjsVersion } from './backend';
import { answersOf, type TfjsModelAnswer } from './modelFile';
import { findStripper, strippingNeeds } from './stripTypes';

/** What the modules of a printed project offer. */
type Printed = {
  readonly buildModel: () => tf.LayersModel;
  readonly setWeights: (model: tf.LayersModel, index: unknown, bytes: Uint8Array) => void;
};

/** The package as this process has it: a project in a scratch folder would not find it by its name. */
function ownTfjs(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('@tensorflow/tfjs')).href;
}

/** Writes what Node can run beside each module of TypeScript, and loads the two that make the model. */
async function load(dir: string): Promise<Printed> {
  const strip = findStripper();
  if (strip === null) throw new Error(strippingNeeds);
  const own = JSON.stringify(ownTfjs());
  for (const name of await readdir(dir)) {
    if (!name.endsWith('.ts')) continue;
    const script = strip(await readFile(join(dir, name), 'utf8')).replaceAll(/(["'])@tensorflow\/tfjs\1/g, own);
    await writeFile(join(dir, name.replace(/\.ts$/, '.js')), script);
  }
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  const [model, weights] = await Promise.all(
    ['model.js', 'weights.js'].map(
      async (name) => (await import(/* @vite-ignore */ pathToFileURL(join(dir, name)).href)) as Partial<Printed>,
    ),
  );
  if (model?.buildModel === undefined || weights?.setWeights === undefined) throw new Error('It exports no model.');
  return { buildModel: model.buildModel, setWeights: weights.setWeights };
}

/**
 * Builds the model of a project that {@link printTypescript} printed, gives it its weights and runs it: the code itself, not what it was printed
 * from. `dir` has `model.ts`, `weights.ts`, `weights.json`, `weights.bin`, and `layers.ts` where there is one. Throws what the code throws.
 */
export async function runPrintedProject(
  dir: string,
  inputs: readonly FloatTensors[string][],
  outputs: readonly string[],
): Promise<TfjsModelAnswer> {
  const printed = await load(dir);
  const index: unknown = JSON.parse(await readFile(join(dir, 'weights.json'), 'utf8'));
  const bytes = await readFile(join(dir, 'weights.bin'));
  const run = async (): Promise<TfjsModelAnswer> => {
    const model = printed.buildModel();
    const feeds = inputs.map(({ data, shape }) => tf.tensor(data, [...shape], 'float32'));
    try {
      printed.setWeights(model, index, bytes);
      const given = tf.tidy(() => model.predict(feeds));
      return { outputs: await answersOf(given, outputs), runtime: `TensorFlow.js ${tfjsVersion()}` };
    } finally {
      tf.dispose(feeds);
      model.dispose();
    }
  };
  const backend = await chooseBackend(['wasm', 'cpu']);
  try {
    return await run();
  } catch (error) {
    // WebAssembly does not have every operation.
    if (backend === 'cpu') throw error;
    await activateBackend('cpu');
    return await run();
  }
}

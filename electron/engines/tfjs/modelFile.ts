import * as tf from '@tensorflow/tfjs';
import type { FloatTensors, TensorMap } from '../../../shared/ops/tensor';
import { isGraphModel } from '../../../shared/imports/tfjs/model';
import { readTfjsModelFile } from '../../files/tfjsModel';
import { activateBackend, chooseBackend, tfjsVersion } from './backend';

/** What a model of TensorFlow.js gives, by the names that were asked for. */
export type TfjsModelAnswer = { readonly outputs: TensorMap; readonly runtime: string };

type Running = {
  readonly predict: (inputs: tf.NamedTensorMap, outputs: readonly string[]) => unknown;
  readonly dispose: () => void;
};

/**
 * Runs a model.json that may come from anywhere, by TensorFlow.js as it is. Inputs and outputs of a layers model go by the order in which it
 * lists them, those of a graph by its names. Throws TensorFlow.js' error.
 */
export async function runTfjsModel(
  path: string,
  inputs: FloatTensors,
  outputs: readonly string[],
): Promise<TfjsModelAnswer> {
  const running = await load(path);
  try {
    return { outputs: await predict(running, inputs, outputs), runtime: `TensorFlow.js ${tfjsVersion()}` };
  } finally {
    running.dispose();
  }
}

/** Bytes that are read at once: the library takes the weights as a list of runs of any length. */
const runBytes = 2 ** 24;

/** Loads a model. A function of its own, so that the bytes of its weights are let go with it: the library has its own copy. */
async function load(path: string): Promise<Running> {
  const { model, groups } = await readTfjsModelFile(path);
  const weightData: ArrayBuffer[] = [];
  for (const { files, byteLength } of groups) {
    for (let at = 0; at < byteLength; at += runBytes) {
      const run = files.range(at, Math.min(runBytes, byteLength - at)).read();
      weightData.push(run.slice().buffer);
    }
  }
  const artifacts = {
    ...model,
    modelTopology: model['modelTopology'] as Record<string, unknown>,
    weightSpecs: groups.flatMap(({ weights }) =>
      weights.map(({ name, shape, dtype, quantization }) => ({
        name,
        shape: [...shape],
        dtype,
        ...(quantization === null ? {} : { quantization }),
      })),
    ) as tf.io.WeightsManifestEntry[],
    weightData,
  };
  const handler = { load: () => Promise.resolve(artifacts) };
  await activateBackend(await chooseBackend(['wasm', 'cpu']));
  return isGraphModel(model) ? await graph(handler) : await layers(handler);
}

async function layers(handler: tf.io.IOHandler): Promise<Running> {
  const model = await tf.loadLayersModel(handler);
  // Layers in a row: the library names their input when it builds them, at the first use at the latest.
  if (model instanceof tf.Sequential) model.build();
  return {
    predict: (inputs) => {
      const named = model.inputNames.flatMap((name) => inputs[name] ?? []);
      return model.predict(named.length === model.inputNames.length ? named : Object.values(inputs));
    },
    dispose: () => void model.dispose(),
  };
}

async function graph(handler: tf.io.IOHandler): Promise<Running> {
  const model = await tf.loadGraphModel(handler);
  return {
    predict: (inputs, outputs) => model.execute(inputs, [...outputs]),
    dispose: () => {
      model.dispose();
    },
  };
}

async function predict(running: Running, inputs: FloatTensors, outputs: readonly string[]): Promise<TensorMap> {
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape], 'float32')] as const),
  );
  try {
    const given = tf.tidy(() => running.predict(feeds, outputs) as tf.Tensor | tf.Tensor[] | tf.NamedTensorMap);
    return await answersOf(given, outputs);
  } finally {
    tf.dispose(feeds);
  }
}

/** What a model gave, by the names that were asked for and in their order; its tensors are let go. */
export async function answersOf(
  given: tf.Tensor | tf.Tensor[] | tf.NamedTensorMap,
  names: readonly string[],
): Promise<TensorMap> {
  const answers =
    given instanceof tf.Tensor ? [given] : Array.isArray(given) ? given : names.map((name) => given[name]);
  try {
    const found: [string, TensorMap[string]][] = [];
    for (const [at, name] of names.entries()) {
      const tensor = answers[at];
      if (tensor === undefined) continue;
      found.push([name, { dtype: 'float32', shape: tensor.shape, data: Float32Array.from(await tensor.data()) }]);
    }
    return Object.fromEntries(found);
  } finally {
    tf.dispose(given);
  }
}

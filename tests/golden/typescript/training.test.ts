import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printTypescript } from '../../../shared/exports/typescript';
import type { NetworkDocument } from '../../../shared/schema/document';
import { createRandom } from '../../../shared/ops/random';
import { loadProject, writeProject } from '../../support/printedProject';
import { networks } from './cases';
import { isWhole } from '../../support/isWhole';

const openSize = 12;
const sampleCount = 4;
/** Of weights and dropped units: from this start every network below learns. */
const seed = 3;

/** Each twelfth network learns classes; that all of them learn these and numbers is tried by `npm run projects`. */
const tasks = isWhole ? (['classes', 'numbers'] as const) : (['classes'] as const);
const tried = Object.entries(networks).filter((_, at) => isWhole || at % 12 === 0);

type Values = { shape: number[]; data: Float32Array };
type DataSet = {
  task: 'classes' | 'numbers';
  classes: string[];
  training: { inputs: Values[]; targets: Values[] }[];
  validation: [];
};
type Training = {
  outputs: { name: string }[];
  train: (model: tf.LayersModel, data: DataSet, options: { onEpoch: (line: string) => void }) => Promise<void>;
  scoresModel: (model: tf.LayersModel, task: DataSet['task']) => tf.LayersModel;
  lossOf: (
    scores: tf.LayersModel,
    task: DataSet['task'],
    samples: DataSet['training'],
    training: boolean,
  ) => () => tf.Scalar;
};

/** The network with something to learn in front of every layer, so that each passes a gradient on. */
function learning(document: NetworkDocument): NetworkDocument {
  const inputs = document.nodes.filter(({ kind }) => kind === 'input');
  const front = inputs.map(({ id, params }) => {
    const shape = params['shape'] as number[];
    return shape.length === 1
      ? { id: `front_${id}`, kind: 'fc', params: { units: shape[0]! } }
      : { id: `front_${id}`, kind: 'conv', params: { filters: shape[2]!, kernelSize: 1 } };
  });
  const isInput = (id: string): boolean => inputs.some((input) => input.id === id);
  return {
    ...document,
    nodes: [...document.nodes, ...front],
    edges: [
      ...document.edges.map((edge) => (isInput(edge.from) ? { ...edge, from: `front_${edge.from}` } : edge)),
      ...inputs.map(({ id }) => ({ from: id, to: `front_${id}` })),
    ],
    train: { epochs: 12, batchSize: sampleCount, learningRate: 0.01, schedule: 'constant' },
  };
}

type Loaded = Training & { readonly model: () => tf.LayersModel };

const loaded = new Map<string, Promise<Loaded>>();

/** The printed project of a network. It is written and compiled once. */
function projectOf(name: string, document: NetworkDocument): Promise<Loaded> {
  const known = loaded.get(name) ?? load(name, document);
  loaded.set(name, known);
  return known;
}

async function load(name: string, document: NetworkDocument): Promise<Loaded> {
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error(printed.diagnostics.map(({ code }) => code).join());
  const dir = writeProject(`training-${name}`, printed.value);
  const { buildModel } = await loadProject(dir);
  const load = async (file: string): Promise<object> =>
    (await import(/* @vite-ignore */ pathToFileURL(join(dir, 'dist', file)).href)) as object;
  const parts = [await load('settings.js'), await load('scores.js'), await load('train.js')];
  return { model: buildModel, ...(Object.assign({}, ...parts) as Training) };
}

/** A few samples of random values, and random classes or numbers for each trained output. */
function samples(model: tf.LayersModel, outputs: Training['outputs'], task: DataSet['task']): DataSet {
  const random = createRandom(3);
  const sizes = (shape: (number | null)[]): number[] => shape.slice(1).map((size) => size ?? openSize);
  const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
  const training = Array.from({ length: sampleCount }, () => ({
    inputs: model.inputs.map(({ shape }) => ({
      shape: sizes(shape),
      data: Float32Array.from({ length: count(sizes(shape)) }, () => 2 * random.uniform() - 1),
    })),
    targets: outputs.map(({ name }) => {
      const shape = sizes(model.getLayer(name).outputShape as (number | null)[]);
      const classes = shape.at(-1)!;
      const length = task === 'classes' ? count(shape) / classes : count(shape);
      return {
        shape: [length],
        data: Float32Array.from({ length }, () =>
          task === 'classes' ? Math.floor(classes * random.uniform()) : random.uniform(),
        ),
      };
    }),
  }));
  return { task, classes: [], training, validation: [] };
}

describe('the printed train.ts', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  // tfjs takes the seeds of its weights and of what it drops from here: a start by chance is now and then one that learns nothing.
  beforeEach(() => {
    const random = createRandom(seed);
    vi.spyOn(Math, 'random').mockImplementation(() => random.uniform());
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(tried)('%s: the loss falls', async (name, document) => {
    const { model: build, outputs, train } = await projectOf(name, learning(document));
    const model = build();
    for (const task of tasks) {
      const losses: number[] = [];
      await train(model, samples(model, outputs, task), {
        onEpoch: (line) => losses.push(Number(/loss (\S+)/.exec(line)?.[1])),
      });
      expect(losses).toHaveLength(12);
      expect(losses.every(Number.isFinite)).toBe(true);
      expect(Math.min(...losses.slice(-3))).toBeLessThan(losses[0]!);
    }
  });

  it.each(tried)('%s: the gradient is the slope of the loss', async (name, document) => {
    const { model: build, outputs, scoresModel, lossOf } = await projectOf(name, learning(document));
    const model = build();
    const { training } = samples(model, outputs, 'numbers');
    const loss = lossOf(scoresModel(model, 'numbers'), 'numbers', training, !name.startsWith('dropout'));
    // What a layer reads of a trainable weight is the variable itself, whatever tfjs's types say.
    const variables = model.trainableWeights.map((weight): unknown => weight.read()) as tf.Variable[];
    const { grads } = tf.variableGrads(loss, variables);
    const square = Object.values(grads).reduce((sum, grad) => sum + tf.sum(tf.square(grad)).dataSync()[0]!, 0);
    /** The loss some way along the gradient. */
    const at = (step: number): number => {
      const before = variables.map((variable): tf.Tensor => variable.clone());
      for (const variable of variables) variable.assign(tf.add(variable, tf.mul(grads[variable.name]!, step)));
      const value = loss().arraySync();
      for (const [place, variable] of variables.entries()) variable.assign(before[place]!);
      return value;
    };
    // Over long steps the loss bends, or a ReLU turns; over short ones float32 rounds. A wrong gradient is right at no length.
    const slopes = [0.01, 0.003, 0.001].map((length) => {
      const step = length / Math.sqrt(square);
      return (at(step) - at(-step)) / (2 * step * square);
    });
    expect(Math.min(...slopes.map((slope) => Math.abs(slope - 1)))).toBeLessThan(0.05);
  });
});

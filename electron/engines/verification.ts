import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compileTraining } from '../../shared/compile/compile';
import type { TrainingProgram } from '../../shared/compile/compile';
import { initialWeights } from '../../shared/compile/initialWeights';
import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import { createOpBuilder } from '../../shared/ops/createOpBuilder';
import { differentiate } from '../../shared/ops/differentiate';
import type { Program } from '../../shared/ops/graph';
import { createRandom } from '../../shared/ops/random';
import { elementCount, zeroTensor } from '../../shared/ops/tensor';
import type { Json, NetworkDocument } from '../../shared/schema/document';
import type { SettledPrecision } from '../../shared/schema/training';
import type { EngineSession, HostTensor, TensorMap } from './engine';

type Row = readonly [id: string, kind: string, params: { readonly [name: string]: Json }, from?: readonly string[]];

/** Small, and of every op that the templates train with: both kinds of max pool windows, a normalization, an up-conv, a skip. */
const smallNetwork: readonly Row[] = [
  ['image', 'input', { shape: [12, 12, 2] }],
  ['c1', 'conv', { filters: 6, kernelSize: 3, padding: 'same', useBias: false }],
  ['norm', 'batchnorm', {}],
  ['relu', 'activation', { function: 'relu' }],
  ['p1', 'pool', { poolSize: 2 }],
  ['c2', 'conv', { filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['up', 'upconv', { filters: 6, kernelSize: 2 }],
  ['skip', 'concat', {}, ['relu', 'up']],
  ['p2', 'pool', { poolSize: 3, strides: 2, padding: 1 }],
  ['grouped', 'conv', { filters: 12, kernelSize: 3, groups: 2, activation: 'tanh' }],
  ['p3', 'pool', { mode: 'avg', poolSize: 2 }],
  ['f1', 'fc', { units: 16, activation: 'relu' }],
  ['scores', 'fc', { units: 4 }],
];

/** About 2 billion operations a step at 32 images: what a card should do better, and a processor still does in under a second. */
const middleNetwork: readonly Row[] = [
  ['image', 'input', { shape: [32, 32, 3] }],
  ['c1', 'conv', { filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['p1', 'pool', { poolSize: 2 }],
  ['c2', 'conv', { filters: 64, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['p2', 'pool', { poolSize: 2 }],
  ['c3', 'conv', { filters: 128, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['gap', 'gap', {}],
  ['scores', 'fc', { units: 4 }],
];

/** What a build or a device is tried out with: the first for its numbers, the second for its speed. */
const networks = { small: smallNetwork, middle: middleNetwork } as const;

const classCount = 4;
const seed = 11;

/** Compiles one of the two networks for training by Adam. */
export function verificationTraining(
  name: keyof typeof networks,
  precision: SettledPrecision = 'float32',
): TrainingProgram {
  const rows: readonly Row[] = networks[name];
  const document: NetworkDocument = {
    format: 'convloom.network',
    version: 1,
    name: 'check',
    nodes: rows.map(([id, kind, params]) => ({ id, kind, params })),
    edges: rows.flatMap(([id, , , from], index) => {
      const above = rows[index - 1]?.[0];
      const sources = from ?? (above === undefined ? [] : [above]);
      return sources.map((source, toPort) => ({ from: source, to: id, ...(toPort === 0 ? {} : { toPort }) }));
    }),
  };
  const options = {
    task: { kind: 'classification', classCount },
    optimizer: 'adam',
    learningRate: 0.001,
    momentum: 0.9,
    loss: 'auto',
    seed,
  } as const;
  const compiled = compileTraining(document, analyzeNetwork(document), options, precision);
  if (compiled.ok) return compiled.value;
  throw new Error(compiled.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic)).join(' '));
}

/** The training step alone: a session makes ONNX Runtime accept all functions that it is given. */
export function onlyTraining({ program }: TrainingProgram): Program {
  const { trainStep } = program.functions;
  return { ...program, functions: trainStep === undefined ? {} : { trainStep } };
}

/** Sets a session's weights and slots as a run starts with them. */
export async function startTraining(session: EngineSession, training: TrainingProgram): Promise<void> {
  await session.write(initialWeights(training.weights, seed));
  await session.write(Object.fromEntries(training.slots.map(({ name, shape }) => [name, zeroTensor(shape)])));
}

function feedsOf(training: TrainingProgram, batch: number, step: number): TensorMap {
  const random = createRandom(seed + step);
  const inputs = training.program.functions.trainStep?.inputs ?? [];
  const data = inputs.flatMap(({ name, shape, dtype }): (readonly [string, HostTensor])[] => {
    if (name !== 'x' && name !== 'y') return [];
    const whole = shape.map((size) => (size === 'batch' ? batch : size));
    const length = elementCount(whole);
    if (dtype === 'float32') {
      return [[name, { dtype, shape: whole, data: Float32Array.from({ length }, () => random.uniform()) }]];
    }
    const labels = Int32Array.from({ length }, () => Math.floor(random.uniform() * classCount));
    return [[name, { dtype: 'int32', shape: whole, data: labels }]];
  });
  return { ...Object.fromEntries(data), ...training.stepInputs(step), ...training.randomInputs(step, batch) };
}

const checkedSteps = 5;

/** Losses of some steps, then all weights, end to end. */
export async function trainedNumbers(session: EngineSession, training: TrainingProgram): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (let step = 1; step <= checkedSteps; step++) {
    const { loss } = await session.run('trainStep', feedsOf(training, 3, step));
    numbers.push(...(loss?.data ?? []));
  }
  const weights = await session.read(training.weights.map(({ name }) => name));
  return [...numbers, ...Object.values(weights).flatMap(({ data }) => [...data])];
}

/** The losses among {@link trainedNumbers}. */
export function lossesOf(numbers: readonly number[]): readonly number[] {
  return numbers.slice(0, checkedSteps);
}

/** The largest relative difference of two such lists; infinite where a number is none. */
export function largestDifference(expected: readonly number[], actual: readonly number[]): number {
  return expected.reduce((largest, value, index) => {
    const difference = Math.abs(value - (actual[index] ?? Number.NaN)) / Math.max(1, Math.abs(value));
    return Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }, 0);
}

const timedSteps = 5;
/** No more than this is spent on timing one session. */
const timingMs = 8000;

/** The median time of a step, after two that compile what is compiled late. */
export async function medianStepMs(session: EngineSession, training: TrainingProgram): Promise<number> {
  const feeds = feedsOf(training, 32, 1);
  const times: number[] = [];
  const startedMs = performance.now();
  for (let step = -1; step <= timedSteps; step++) {
    const fromMs = performance.now();
    await session.run('trainStep', feeds);
    const nowMs = performance.now();
    if (step > 0) times.push(nowMs - fromMs);
    // What has not come to its first timed step by now is no faster than that.
    else if (nowMs - startedMs > timingMs) return nowMs - fromMs;
    if (nowMs - startedMs > timingMs) break;
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Infinity;
}

/** Height and width of the images of {@link smallestProgram}. */
export const smallestSize = 6;

/** A convolution, a relu and a matrix product fitted to random numbers: small, and it needs every part of a build. */
export function smallestProgram(): Program {
  const ops = createOpBuilder();
  const x = ops.input('x', ['batch', smallestSize, smallestSize, 1]);
  const y = ops.input('y', ['batch', 2]);
  const learningRate = ops.input('learningRate', []);
  const filter = ops.variable('filter', [3, 3, 1, 4]);
  const weights = ops.variable('weights', [64, 2]);
  const attributes = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 } as const;
  const hidden = ops.reshape(ops.unary('relu', ops.conv2d(x, filter, attributes)), ['batch', 64]);
  const loss = ops.reduce('reduceMean', ops.unary('square', ops.sub(ops.matMul(hidden, weights), y)), [0, 1]);
  const variables = { filter, weights };
  const gradients = differentiate(ops, loss, Object.values(variables));
  Object.keys(variables).forEach((variable, index) => {
    const gradient = gradients[index]?.id ?? loss.id;
    ops.update({ kind: 'sgd', variable, gradient, learningRate: learningRate.id });
  });
  const trainStep = ops.finish({ loss });
  return {
    variables: Object.entries(variables).map(([name, { dtype }]) => ({
      name,
      dtype,
      shape: name === 'filter' ? [3, 3, 1, 4] : [64, 2],
    })),
    functions: { trainStep },
  };
}

import { createHash } from 'node:crypto';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { diagnosticMessage } from '../../../shared/diagnostics/diagnostic';
import type { Json, NetworkDocument } from '../../../shared/schema/document';
import { compileTraining } from '../../../shared/compile/compile';
import type { TrainingProgram } from '../../../shared/compile/compile';
import type { Program } from '../../../shared/ops/graph';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { createRandom } from '../../../shared/ops/random';
import { elementCount, zeroTensor } from '../../../shared/ops/tensor';
import { errorText } from '../../../shared/text';
import type { EngineSession, HostTensor, TensorMap } from '../engine';
import { compileProgram } from './compile';
import { loadLibrary } from './library';
import { lowerFunction } from './lower';
import type { Provider } from './onnxGraph';
import { planStorage } from './storage';

/** How training on WebGPU compares with the CPU on this machine. `detail` is in the library's own words, or a number. */
export type Verification =
  | { readonly outcome: 'works'; readonly speedup: number }
  | { readonly outcome: 'slower'; readonly speedup: number }
  | { readonly outcome: 'notCarried' }
  | { readonly outcome: 'noAdapter' | 'failed' | 'differs'; readonly detail: string };

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
  ['drop', 'dropout', { rate: 0.25 }],
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

const classCount = 4;
const seed = 11;

function compileRows(rows: readonly Row[]): TrainingProgram {
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
  const compiled = compileTraining(document, analyzeNetwork(document), {
    task: { kind: 'classification', classCount },
    optimizer: 'adam',
    learningRate: 0.001,
    momentum: 0.9,
    loss: 'auto',
    seed,
  });
  if (compiled.ok) return compiled.value;
  throw new Error(compiled.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic)).join(' '));
}

/** The training step alone: a session makes ONNX Runtime accept all functions that it is given. */
function onlyTraining({ program }: TrainingProgram): Program {
  const { trainStep } = program.functions;
  return { ...program, functions: trainStep === undefined ? {} : { trainStep } };
}

/** Tells graphs for WebGPU apart: another way of lowering wants another check. */
export function graphDigest(): string {
  const program = onlyTraining(compileRows(smallNetwork));
  const storage = planStorage(program);
  const hash = createHash('sha256');
  for (const definition of Object.values(program.functions)) {
    hash.update(lowerFunction(definition, storage, 'webgpu').model);
  }
  return hash.digest('hex').slice(0, 16);
}

async function open(training: TrainingProgram, provider: Provider): Promise<EngineSession> {
  const compiled = await compileProgram(onlyTraining(training), provider);
  if (!compiled.ok) {
    throw new Error(compiled.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic)).join(' '));
  }
  const session = compiled.value;
  await session.write(initialWeights(training.weights, seed));
  await session.write(Object.fromEntries(training.slots.map(({ name, shape }) => [name, zeroTensor(shape)])));
  return session;
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
const tolerance = 1e-4;

/** Losses of some steps, then all weights, end to end. */
async function train(training: TrainingProgram, provider: Provider): Promise<readonly number[]> {
  const session = await open(training, provider);
  try {
    const numbers: number[] = [];
    for (let step = 1; step <= checkedSteps; step++) {
      const { loss } = await session.run('trainStep', feedsOf(training, 3, step));
      numbers.push(...(loss?.data ?? []));
    }
    const weights = await session.read(training.weights.map(({ name }) => name));
    return [...numbers, ...Object.values(weights).flatMap(({ data }) => [...data])];
  } finally {
    await session.dispose();
  }
}

const timedSteps = 5;
/** No more than this is spent on timing one of the two. */
const timingMs = 8000;

/** The median time of a step, after two that compile what is compiled late. */
async function stepMs(training: TrainingProgram, provider: Provider): Promise<number> {
  const session = await open(training, provider);
  try {
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
  } finally {
    await session.dispose();
  }
}

/** A card that is hardly faster is not worth what can go wrong with a driver; software adapters are several times slower. */
const leastSpeedup = 1.2;

/** What ONNX Runtime means to say, without the place in its source and the condition that it puts before. */
function ownWords(message: string): string {
  const words = /was false\.\s*(.+)/s.exec(message)?.[1] ?? message;
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

/**
 * Trains on WebGPU and on the CPU: first whether both come to the same numbers, then which is faster. A bad graphics driver may end
 * or hang the process, so this runs in one of its own, with a limit on its time.
 */
export async function verifyWebgpu(): Promise<Verification> {
  const library = await loadLibrary();
  if (!library.listSupportedBackends().some(({ name, bundled }) => name === 'webgpu' && bundled)) {
    return { outcome: 'notCarried' };
  }
  try {
    const small = compileRows(smallNetwork);
    const [onCard, onCpu] = [await train(small, 'webgpu'), await train(small, 'cpu')];
    const worst = onCpu.reduce((largest, value, index) => {
      const difference = Math.abs(value - (onCard[index] ?? Number.NaN)) / Math.max(1, Math.abs(value));
      return Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
    }, 0);
    if (!(worst < tolerance)) return { outcome: 'differs', detail: worst.toPrecision(2) };
    const middle = compileRows(middleNetwork);
    const speedup = (await stepMs(middle, 'cpu')) / (await stepMs(middle, 'webgpu'));
    return { outcome: speedup >= leastSpeedup ? 'works' : 'slower', speedup };
  } catch (error) {
    const detail = ownWords(errorText(error));
    return { outcome: /adapter/i.test(detail) ? 'noAdapter' : 'failed', detail };
  }
}

import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine, EngineSession, HostTensor, TensorMap } from '../../../electron/engines/engine';
import { createOnnxruntimeEngine } from '../../../electron/engines/onnxruntime';
import { createTfjsEngine } from '../../../electron/engines/tfjs';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { parseNetwork } from '../../../shared/document';
import { compileTraining } from '../../../shared/compile/compile';
import type { TrainingProgram } from '../../../shared/compile/compile';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { createRandom } from '../../../shared/ops/random';
import { elementCount } from '../../../shared/ops/tensor';
import type { OptimizerName } from '../../../shared/schema/training';
import { feedsFor } from '../../support/describeEngine';
import { withoutNorms } from '../../support/withoutNorms';
import { compileCase, stepFeeds, trainingCases } from '../../support/trainingCases';
import { isWhole } from '../../support/isWhole';

const steps = 20;
const seed = 5;

type Kind = 'classification' | 'segmentation';

function compileTemplate(template: string, kind: Kind, classCount: number, optimizer: OptimizerName): TrainingProgram {
  const text = readFileSync(new URL(`../../../templates/${template}/network.json`, import.meta.url), 'utf8');
  const parsed = parseNetwork(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const document = withoutNorms(parsed.value);
  const compiled = compileTraining(document, analyzeNetwork(document), {
    task: { kind, classCount },
    optimizer,
    // Small enough that rounding is not blown up: on noise, the paths of two exact trainings part exponentially with the rate.
    learningRate: optimizer === 'adam' ? 0.0003 : 0.01,
    momentum: 0.9,
    loss: 'auto',
    seed,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled.value;
}

/** Images and labels of one step, the same for every engine. */
function batchOf(training: TrainingProgram, batchSize: number, classCount: number, step: number): TensorMap {
  const random = createRandom(seed * 1000 + step);
  const tensors = (training.program.functions.trainStep?.inputs ?? []).flatMap(
    ({ name, shape, dtype }): (readonly [string, HostTensor])[] => {
      if (name !== 'x' && name !== 'y') return [];
      const whole = shape.map((size) => (size === 'batch' ? batchSize : size));
      const length = elementCount(whole);
      if (dtype === 'float32') {
        return [[name, { dtype, shape: whole, data: Float32Array.from({ length }, () => random.uniform()) }]];
      }
      const data = Int32Array.from({ length }, () => Math.floor(random.uniform() * classCount));
      return [[name, { dtype: 'int32', shape: whole, data }]];
    },
  );
  return Object.fromEntries(tensors);
}

async function start(engine: Engine, training: TrainingProgram): Promise<EngineSession> {
  const compiled = await engine.compile(training.program);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  const session = compiled.value;
  await session.write(initialWeights(training.weights, seed));
  await session.write(
    Object.fromEntries(
      training.slots.map(({ name, shape }) => {
        const data = new Float32Array(elementCount(shape));
        return [name, { dtype: 'float32', shape, data }] as const;
      }),
    ),
  );
  return session;
}

/** Losses of all steps, and the weights after the first. */
async function train(session: EngineSession, training: TrainingProgram, batchSize: number, classCount: number) {
  const names = training.weights.map(({ name }) => name);
  const losses: number[] = [];
  let weights: TensorMap = {};
  for (let step = 1; step <= steps; step++) {
    const batch = batchOf(training, batchSize, classCount, step);
    const { loss } = await session.run('trainStep', {
      ...batch,
      ...training.stepInputs(step),
      ...training.randomInputs(step, batchSize),
    });
    losses.push(loss!.data[0]!);
    if (step === 1) weights = await session.read(names);
  }
  return { losses, weights };
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}

const rows: readonly (readonly [string, Kind, number, number])[] = [
  ['dnn', 'classification', 10, 16],
  ['lenet', 'classification', 10, 8],
  ['lenet-gap', 'classification', 10, 8],
  ['lenet-5', 'classification', 10, 8],
  ['fcn-small', 'segmentation', 11, 2],
  ['unet-small', 'segmentation', 11, 2],
];

describe('engines agree over 20 training steps from one seed', () => {
  const onnxruntime = createOnnxruntimeEngine();
  const tfjs = createTfjsEngine();
  const sessions: EngineSession[] = [];
  afterAll(() => Promise.all(sessions.map((session) => session.dispose())));

  const table = rows
    .flatMap((row) => (['sgd', 'adam'] as const).map((optimizer) => [...row, optimizer] as const))
    .filter(
      ([template, , , , optimizer]) =>
        isWhole || template === 'lenet' || `${template} ${optimizer}` === 'unet-small adam',
    );
  it.each(table)(
    '%s (%s of %d classes, batch %d) with %s',
    async (template, kind, classCount, batchSize, optimizer) => {
      const training = compileTemplate(template, kind, classCount, optimizer);
      const compiled = await Promise.all([start(onnxruntime, training), start(tfjs, training)]);
      sessions.push(...compiled);
      const actual = await train(compiled[0], training, batchSize, classCount);
      const expected = await train(compiled[1], training, batchSize, classCount);
      actual.losses.forEach((loss, step) =>
        expect(Math.abs(loss - expected.losses[step]!), `step ${step + 1}`).toBeLessThan(1e-4),
      );
      // A step that does nothing would agree as well.
      expect(actual.losses.at(-1)).not.toBe(actual.losses[0]);
      // Later weights may part: where two activations are all but equal, rounding decides which one a pool or a relu lets through.
      for (const [name, { data }] of Object.entries(actual.weights)) {
        const others = expected.weights[name]!.data;
        const differences = Array.from(data, (value, place) => value - others[place]!);
        expect(rootMeanSquare(differences), name).toBeLessThan(1e-5);
      }
    },
  );

  it.each(trainingCases.map((trainingCase) => [trainingCase.name, trainingCase] as const))(
    '%s',
    async (_, trainingCase) => {
      const training = compileCase(trainingCase);
      const { trainStep } = training.program.functions;
      const compiled = await Promise.all([start(onnxruntime, training), start(tfjs, training)]);
      sessions.push(...compiled);
      const losses: number[] = [];
      for (let step = 1; step <= steps; step++) {
        const feeds = feedsFor(trainStep!, stepFeeds(trainingCase, training, step));
        const results = await Promise.all(compiled.map((session) => session.run('trainStep', feeds)));
        const [actual, expected] = results.map(({ loss }) => loss!.data[0]!);
        expect(Math.abs(actual! - expected!), `step ${step}`).toBeLessThan(1e-4);
        losses.push(actual!);
      }
      expect(new Set(losses).size).toBeGreaterThan(1);
    },
  );
});

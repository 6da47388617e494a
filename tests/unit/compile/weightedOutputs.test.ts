import { beforeAll, describe, expect, it } from 'vitest';
import { createTfjsEngine } from '../../../electron/engines/tfjs';
import { writeInitialState } from '../../../electron/trainer/prepare';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import { compileInspection, targetOutput } from '../../../shared/compile/inspection';
import { compileProbe } from '../../../shared/compile/probe';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { TrainingConfig } from '../../../shared/schema/training';
import { chain } from '../../support/chain';

const network = chain([
  ['x', 'input', { shape: [4] }],
  ['trunk', 'fc', { units: 5, activation: 'tanh' }],
  ['side', 'fc', { units: 3 }, ['trunk']],
  ['deep', 'fc', { units: 6, activation: 'tanh' }, ['trunk']],
  ['main', 'fc', { units: 3 }, ['deep']],
  ['odd', 'fc', { units: 2 }, ['trunk']],
]);

const engine = createTfjsEngine();
beforeAll(async () => {
  await engine.probe();
});

function optionsWith(more: Partial<TrainingConfig>) {
  const config = { ...defaultTrainingConfig, optimizer: 'sgd', output: 'main', ...more } as const;
  return { ...config, task: { kind: 'classification', classCount: 3 } } as const;
}

function compile(more: Partial<TrainingConfig>) {
  return compileTraining(network, analyzeNetwork(network), optionsWith(more));
}

const x = { dtype: 'float32', shape: [2, 4], data: Float32Array.of(1, 0, -1, 2, 0.5, -2, 1, 0) } as const;
const y = { dtype: 'int32', shape: [2], data: Int32Array.of(0, 2) } as const;

/** The loss of the first step, and the weights after it. */
async function step(more: Partial<TrainingConfig>) {
  const compiled = compile(more);
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
  const program = compiled.value;
  const session = await engine.compile(program.program);
  if (!session.ok) throw new Error(session.diagnostics[0]!.summary.en);
  await writeInitialState(session.value, program, 1);
  const validation = await session.value.run('evaluate', { x, y });
  const { loss } = await session.value.run('trainStep', { x, y, ...program.stepInputs(1) });
  const names = program.weights.map(({ name }) => name);
  const weights = await session.value.read(names);
  await session.value.dispose();
  return { loss: loss!.data[0]!, weights, valLoss: validation['lossSum']!.data[0]! / 2 };
}

describe('several outputs', () => {
  it('have the weighted sum of their losses, and validation is of the trained one', async () => {
    const main = await step({});
    const side = await step({ output: 'side' });
    const both = await step({ outputWeights: 'side=0.3' });
    expect(both.loss).toBeCloseTo(main.loss + 0.3 * side.loss, 5);
    expect(both.valLoss).toBeCloseTo(main.valLoss, 6);
    const weighed = await step({ outputWeights: 'main=0.5, side=0.3' });
    expect(weighed.loss).toBeCloseTo(0.5 * main.loss + 0.3 * side.loss, 5);
  });

  it('all send a gradient back where a network is looked into, as in the step', async () => {
    const training = optionsWith({ outputWeights: 'side=0.3' });
    const { loss } = await step({ outputWeights: 'side=0.3' });
    const target = { of: 'loss', training } as const;
    const seen = compileInspection(network, analyzeNetwork(network), {
      mode: 'train',
      nodes: ['trunk'],
      target,
      seed: 1,
    });
    if (!seen.ok) throw new Error(seen.diagnostics[0]!.summary.en);
    const probe = compileProbe(network, analyzeNetwork(network), training);
    if (!probe.ok) throw new Error(probe.diagnostics[0]!.summary.en);
    expect([...seen.value.outputs.weightGradients.keys()]).toContain('side/kernel');
    expect(probe.value.nodes.find(({ id }) => id === 'side')?.gradient).not.toBeNull();
    const compiled = compile({ outputWeights: 'side=0.3' });
    if (!compiled.ok) throw new Error('It trains.');
    for (const [one, name, output] of [
      [seen.value, 'inspect', targetOutput],
      [probe.value, 'probe', 'loss'],
    ] as const) {
      const session = await engine.compile(one.program);
      if (!session.ok) throw new Error(session.diagnostics[0]!.summary.en);
      await writeInitialState(session.value, { ...compiled.value, weights: one.weights, slots: [] }, 1);
      const found = await session.value.run(name, { x, y, ...one.inputs(2) });
      expect(found[output]!.data[0]).toBeCloseTo(loss, 5);
      await session.value.dispose();
    }
  });

  it('all learn', async () => {
    const alone = await step({});
    const both = await step({ outputWeights: 'side=0.3' });
    expect(Object.keys(alone.weights)).not.toContain('side/kernel');
    const side = await step({ output: 'side', learningRate: 0.3 * defaultTrainingConfig.learningRate });
    expect([...both.weights['side/kernel']!.data]).toEqual(
      Array.from(side.weights['side/kernel']!.data, (value) => expect.closeTo(value, 5) as number),
    );
    expect([...both.weights['trunk/kernel']!.data]).not.toEqual([...alone.weights['trunk/kernel']!.data]);
  });

  it.each([
    { outputWeights: 'side', code: 'train/bad-weights' },
    { outputWeights: 'nobody=1', code: 'train/unknown-output' },
    { outputWeights: 'odd=1', code: 'train/class-count' },
  ])('$outputWeights is refused: $code', ({ outputWeights, code }) => {
    expect(compile({ outputWeights })).toMatchObject({ ok: false, diagnostics: [{ code }] });
  });
});

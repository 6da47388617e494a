import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTfjsEngine } from '../../../electron/engines/tfjs';
import { followPlateau, noPlateau, scheduledLearningRate } from '../../../shared/schema/schedule';
import { defaultTrainingConfig, partialTrainingConfigSchema } from '../../../shared/schema/training';
import { feedsFor, variablesFor, withSession } from '../../support/describeEngine';
import { fromHostTensor, generate, zeros } from '../../support/tensor64';
import type { Tensor64 } from '../../support/tensor64';
import { compileCase } from '../../support/trainingCases';

// Made by tests/fixtures/training/make.py, whose formulas of start and batches these are.
const numbers = z.array(z.number());
const stored = z
  .object({
    runs: z.array(
      z.object({
        by: z.string(),
        settings: z.looseObject({
          optimizer: z.string(),
          task: z.literal('multi-label').optional(),
          classWeights: numbers.optional(),
        }),
        losses: numbers,
        weights: z.record(z.string(), numbers),
      }),
    ),
    schedules: z.array(z.looseObject({ rates: numbers, validationLosses: numbers.optional() })),
  })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/training/steps.json', import.meta.url), 'utf8')));

const batchSize = 6;
const engine = createTfjsEngine();

/** What 100 steps make of roundings of float32 at numbers of about 1. */
const tolerance = 1e-4;

/** The largest difference; not a number where there are fewer, or none is a number. */
function farthest(found: ArrayLike<number>, expected: readonly number[]): number {
  return found.length === expected.length
    ? Math.max(...expected.map((value, at) => Math.abs(value - found[at]!)))
    : NaN;
}

function formula(shape: readonly number[], seed: number, scale = 1): Tensor64 {
  let at = 0;
  return generate(shape, () => Math.fround(scale * Math.fround(Math.sin(12.9898 * ++at + 78.233 * seed))));
}

/** What the labels are made to where any number of classes may be true. */
const many = [
  [1, 0, 0, 0],
  [1, 1, 0, 0],
  [0, 0, 0, 0],
  [0, 1, 1, 1],
] as const;

function batchAt(step: number, task: string | undefined): { readonly x: Tensor64; readonly y: Tensor64 } {
  const x = formula([batchSize, 5], 100 + step);
  const label = ([row = 0]: readonly number[]) =>
    2 * Number(x.data[5 * row]! > 0) + Number(x.data[5 * row + 1]! > 0.2 * Math.sin(step));
  if (task === undefined) return { x, y: generate([batchSize], label) };
  return { x, y: generate([batchSize, 4], ([row = 0, unit = 0]) => many[label([row])]![unit]!) };
}

function caseOf({ classWeights, task, ...settings }: (typeof stored.runs)[number]['settings']) {
  const weights = classWeights === undefined ? {} : { weightsOfClasses: classWeights };
  return {
    name: '',
    rows: [
      ['in', 'input', { shape: [5] }],
      ['f1', 'fc', { units: 7, activation: 'tanh' }],
      ['f2', 'fc', { units: 4 }],
    ] as const,
    options: {
      ...defaultTrainingConfig,
      ...partialTrainingConfigSchema.parse(settings),
      ...weights,
      task: { kind: task ?? 'classification', classCount: 4 } as const,
    },
  };
}

const titled = stored.runs.map((run) => {
  const { optimizer, learningRate: _, ...others } = run.settings;
  const more = Object.keys(others).length === 0 ? '' : ` ${JSON.stringify(others)}`;
  return { ...run, title: `${optimizer}${more} as ${run.by}` };
});

describe('100 steps from one start on the same batches give the stored losses and weights', () => {
  beforeAll(async () => {
    await engine.probe();
  });

  it.each(titled)('$title', async ({ settings, losses, weights }) => {
    const compiled = compileCase(caseOf(settings));
    const { trainStep } = compiled.program.functions;
    const starts = compiled.weights.map(({ name, shape }, seed) => [name, formula(shape, seed, 0.6)] as const);
    const slots = compiled.slots.map(({ name, shape }) => [name, zeros(shape)] as const);
    await withSession(engine, compiled.program, async (session) => {
      await session.write(variablesFor(compiled.program, Object.fromEntries([...starts, ...slots])));
      const found: number[] = [];
      for (const index of losses.keys()) {
        const scalars = Object.entries(compiled.stepInputs(index + 1));
        const fed = Object.fromEntries(scalars.map(([name, value]) => [name, fromHostTensor(value)]));
        const { loss } = await session.run(
          'trainStep',
          feedsFor(trainStep!, { ...batchAt(index + 1, settings.task), ...fed }),
        );
        found.push(loss!.data[0]!);
      }
      expect(farthest(found, losses)).toBeLessThan(tolerance);
      const ended = await session.read(Object.keys(weights));
      for (const [name, values] of Object.entries(weights)) {
        expect(farthest(ended[name]!.data, values), name).toBeLessThan(tolerance);
      }
    });
  });
});

describe('60 steps in epochs of 10 have the stored learning rates', () => {
  it.each(stored.schedules)('%j', ({ rates, validationLosses, ...settings }) => {
    const config = {
      ...defaultTrainingConfig,
      learningRate: 0.1,
      epochs: 6,
      ...partialTrainingConfigSchema.parse(settings),
    };
    let plateau = noPlateau;
    rates.forEach((expected, step) => {
      expect(scheduledLearningRate(config, step / 60, plateau.share)).toBeCloseTo(expected, 6);
      const loss = validationLosses?.[Math.floor(step / 10)];
      if (step % 10 === 9 && loss !== undefined) plateau = followPlateau(plateau, config, loss);
    });
  });
});

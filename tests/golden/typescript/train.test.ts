import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, vi } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printTypescript } from '../../../shared/exports/typescript';
import type { NetworkDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig, scheduledLearningRate } from '../../../shared/schema/training';
import type { OptimizerName, ScheduleName } from '../../../shared/schema/training';
import { chainNetwork } from '../../support/networks';
import { typeErrors, writeProject } from '../../support/printedProject';

const epochs = 3;

function network(optimizer: OptimizerName, schedule: ScheduleName): NetworkDocument {
  return {
    ...chainNetwork([4], ['fc', { units: 3 }]),
    train: { optimizer, schedule, epochs, batchSize: 8, learningRate: 0.1 },
  };
}

function print(document: NetworkDocument) {
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error(JSON.stringify(printed.diagnostics));
  return printed.value;
}

/** Runs the printed train.ts, which trains on 16 random samples, and gives the learning rate of each step. */
async function ratesOf(optimizer: OptimizerName, schedule: ScheduleName): Promise<readonly number[]> {
  const rates: number[] = [];
  const prototypes = { sgd: tf.SGDOptimizer, momentum: tf.MomentumOptimizer, adam: tf.AdamOptimizer };
  const spy = vi.spyOn(prototypes[optimizer].prototype, 'applyGradients').mockImplementation(function (
    this: tf.Optimizer,
  ) {
    rates.push(Number(this.getConfig().learningRate));
  });
  const dir = writeProject(`train-${optimizer}-${schedule}`, print(network(optimizer, schedule)));
  await import(/* @vite-ignore */ pathToFileURL(join(dir, 'dist/train.js')).href);
  spy.mockRestore();
  return rates;
}

describe('the printed train.ts', () => {
  it.each(['sgd', 'momentum', 'adam'] as const)('follows the schedule with %s', async (optimizer) => {
    // 12 of the 16 samples train, in batches of 8 and 4.
    const steps = epochs * 2;
    const expected = (schedule: ScheduleName) =>
      Array.from({ length: steps }, (_, step) => scheduledLearningRate({ learningRate: 0.1, schedule }, step / steps));
    const cosine = await ratesOf(optimizer, 'cosine');
    expect(cosine).toHaveLength(steps);
    cosine.forEach((rate, step) => expect(rate).toBeCloseTo(expected('cosine')[step]!, 12));
    expect(await ratesOf(optimizer, 'constant')).toEqual(expected('constant'));
  });

  it('type-checks under its own settings', () => {
    const projects = (['cosine', 'constant'] as const).map((schedule) => {
      const files = print(network(schedule === 'cosine' ? 'adam' : 'sgd', schedule));
      return { dir: writeProject(`train-types-${schedule}`, files), files };
    });
    const momentum = print(network('momentum', 'cosine'));
    projects.push({ dir: writeProject('train-types-momentum', momentum), files: momentum });
    expect(typeErrors(projects)).toBe('');
  });

  it('has the settings of a run where the document says nothing', () => {
    const { train: _, ...plain } = network('sgd', 'constant');
    const text = print(plain).find(({ path }) => path === 'src/train.ts')!.text;
    expect(text).toContain(`tf.train.adam(${defaultTrainingConfig.learningRate})`);
    expect(text).toContain('Math.cos');
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareRun } from '../../electron/trainer/prepare';
import { createRunLog } from '../../electron/trainer/runLog';
import { trainRun } from '../../electron/trainer/train';
import { findTrial, measureNetwork, measureRun, trialNetworks } from '../../shared/learn/measure';
import { holds, needsTraining } from '../../shared/learn/experiment';
import type { Experiment } from '../../shared/learn/experiment';
import { lessons } from '../../shared/learn/lessons';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { RunEvent } from '../../shared/training/events';
import { readTemplate } from '../support/templatePrograms';

/** What a lesson's figures are taken from. */
const seeds = [1, 2, 3];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convloom-experiments-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Trains a network as the app would, and gives what its last epoch measured. */
async function train(document: NetworkDocument, seed: number) {
  const config = { ...defaultTrainingConfig, ...document.train, seed, engine: 'onnxruntime' } as const;
  const prepared = await prepareRun(document, config);
  if (!prepared.ok) throw new Error(prepared.diagnostics.map(({ summary }) => summary.en).join('\n'));
  const events: RunEvent[] = [];
  const dir = await mkdtemp(join(folder, 'run-'));
  await trainRun(prepared.value, {
    runId: 'run-lesson',
    dir,
    config,
    log: createRunLog(dir, (event) => events.push(event), Date.now),
    shouldStop: () => false,
    clock: Date.now,
    checkpointIntervalMs: Infinity,
  });
  await prepared.value.session.dispose();
  const last = events.findLast((event) => event.type === 'epoch');
  if (last === undefined) throw new Error('The run ended no epoch.');
  return last;
}

/** The figures of an experiment's trials, by their ids. */
async function run(experiment: Experiment, seed: number): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const { trial, document, analysis } of trialNetworks(readTemplate(experiment.template), experiment)) {
    expect(analysis.ok, `${trial.id} has no errors`).toBe(true);
    const figure = needsTraining(experiment)
      ? measureRun(experiment.measure, await train(document, seed))
      : measureNetwork(experiment.measure, analysis);
    figures[trial.id] = figure ?? NaN;
  }
  return figures;
}

/** The claims, and the distances from the printed figures, that these figures do not bear out. */
function contradictions({ trials, claims, tolerance }: Experiment, figures: Readonly<Record<string, number>>) {
  return [
    ...claims.filter((claim) => !holds(claim, figures)),
    ...trials.filter(({ id, figure }) => !(Math.abs((figures[id] ?? NaN) - figure) <= tolerance)).map(({ id }) => id),
  ];
}

const trained = lessons.filter(({ experiment }) => needsTraining(experiment));
const analysed = lessons.filter(({ experiment }) => !needsTraining(experiment));

describe('an experiment shows what its lesson says', () => {
  it.each(analysed.map((lesson) => [lesson.id, lesson.experiment] as const))('%s', async (_, experiment) => {
    const figures = await run(experiment, 1);
    expect(contradictions(experiment, figures), JSON.stringify(figures)).toEqual([]);
  });

  it.each(trained.flatMap(({ id, experiment }) => seeds.map((seed) => [id, seed, experiment] as const)))(
    '%s, trained with seed %i',
    async (_, seed, experiment) => {
      const figures = await run(experiment, seed);
      expect(contradictions(experiment, figures), JSON.stringify(figures)).toEqual([]);
    },
    300_000,
  );

  it('unless its figures say otherwise', () => {
    const [experiment] = trained.map((lesson) => lesson.experiment);
    const alike = Object.fromEntries(experiment!.trials.map(({ id }) => [id, 0.9]));
    expect(contradictions(experiment!, alike).length).toBeGreaterThan(0);
  });
});

describe('a network on the canvas', () => {
  it.each(lessons.map((lesson) => [lesson.id, lesson.experiment] as const))(
    'is recognised as each trial of %s, and as no other',
    (_, experiment) => {
      const networks = trialNetworks(readTemplate(experiment.template), experiment);
      for (const { trial, document, analysis } of networks) {
        expect(findTrial(experiment, networks, document, analysis)?.trial.id).toBe(trial.id);
      }
    },
  );
});

import { describe, expect, it } from 'vitest';
import { findTrial, measureNetwork, measureRun, trialNetworks } from '../../shared/learn/measure';
import { holds, needsTraining } from '../../shared/learn/experiment';
import type { Experiment } from '../../shared/learn/experiment';
import { lessons } from '../../shared/learn/lessons';
import type { NetworkDocument } from '../../shared/schema/document';
import { readTemplate } from '../support/templatePrograms';
import { trainedEvents } from '../support/trainedRun';

/** What a lesson's figures are taken from. */
const seeds = [1, 2, 3];

/** Trains a network as the app would, and gives what its last epoch measured. */
async function train(document: NetworkDocument, seed: number) {
  const last = (await trainedEvents(document, seed)).findLast((event) => event.type === 'epoch');
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

import { describe, expect, it } from 'vitest';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { isRace, raceConfig, raceRow, raceVary, raceWords, type RaceRow } from '../../../shared/training/race';
import { newTrial } from '../../../shared/training/sweep';

const row = (descent: RaceRow['descent'], more: Partial<RaceRow> = {}): RaceRow => ({
  descent,
  state: 'completed',
  samplesPerStep: 1,
  steps: 3,
  epochs: 3,
  samples: 24_000,
  seconds: 20,
  score: { metric: 'accuracy', value: 0.5 },
  ...more,
});
const accuracy = (value: number) => ({ score: { metric: 'accuracy', value } }) as const;
const loss = (value: number) => ({ score: { metric: 'loss', value } }) as const;

describe('the settings of a race', () => {
  it('are SGD at one rate to the end, with at most three epochs and none that ends early', () => {
    const config = raceConfig({ ...defaultTrainingConfig, epochs: 30, patience: 2 });
    expect(config).toMatchObject({
      optimizer: 'sgd',
      schedule: 'constant',
      epochs: 3,
      patience: 0,
      learningRate: 0.01,
    });
  });

  it('keep a rate of SGD, and fewer epochs', () => {
    const config = raceConfig({ ...defaultTrainingConfig, optimizer: 'sgd', learningRate: 0.3, epochs: 1 });
    expect(config).toMatchObject({ learningRate: 0.3, epochs: 1 });
  });
});

describe('a row of a race', () => {
  const trial = {
    ...newTrial({ descent: 'batch' }),
    state: 'completed',
    errors: [0.9, 0.75],
    metric: 'accuracy',
    seconds: 4,
  } as const;

  it('counts steps and samples by what the run said of its data', () => {
    const started = { trainCount: 100, stepsPerEpoch: 1 } as NonNullable<Parameters<typeof raceRow>[1]>['started'];
    expect(raceRow(trial, { config: { batchSize: 32, accumulate: 1_000_000 }, started })).toEqual({
      descent: 'batch',
      state: 'completed',
      samplesPerStep: 100,
      steps: 2,
      epochs: 2,
      samples: 200,
      seconds: 4,
      score: { metric: 'accuracy', value: 0.25 },
    });
  });

  it('has the score that its error is left of', () => {
    const pictures = raceRow({ ...trial, errors: [0.1, 0.01], metric: 'psnr' }, null);
    expect(pictures?.score?.value).toBeCloseTo(20, 9);
    expect(raceRow({ ...trial, metric: 'loss' }, null)?.score).toEqual({ metric: 'loss', value: 0.75 });
  });

  it('is none where something else is varied', () => {
    expect(raceRow(newTrial({ batchSize: 1 }), null)).toBe(null);
    expect(isRace({ vary: ['batchSize=1,32'] })).toBe(false);
    expect(isRace({ vary: [...raceVary, 'learningRate=0.1'] })).toBe(false);
    expect(isRace({ vary: raceVary })).toBe(true);
  });
});

describe('what is said of a race', () => {
  it.each<[string, RaceRow[], RegExp[]]>([
    [
      'who is ahead by accuracy, and who was quick',
      [
        row('batch', { ...accuracy(0.1), seconds: 10 }),
        row('miniBatch', { ...accuracy(0.9), steps: 750 }),
        row('stochastic', { ...accuracy(0.8), steps: 24_000, seconds: 80 }),
      ],
      [
        /same 24,000 samples mini-batch descent is ahead: best validation accuracy 90\.00 % in 750 steps; stochastic 80/,
        /Batch was the quickest with 10\.0 s; stochastic took 80\.0 s, 8\.0 times/,
      ],
    ],
    [
      'the other way round where the numbers are',
      [row('batch', { ...accuracy(0.9), seconds: 30 }), row('stochastic', { ...accuracy(0.2), seconds: 10 })],
      [
        / batch descent is ahead: best validation accuracy 90\.00 %/,
        /Stochastic was the quickest with 10\.0 s; batch took 30/,
      ],
    ],
    [
      'the lower loss is ahead',
      [row('batch', loss(0.3)), row('miniBatch', { ...loss(0.1), steps: 9 })],
      [/ mini-batch descent is ahead: best validation loss 0\.1000 in 9 steps; batch 0\.3000 in 3\./],
    ],
    [
      'scores and times that read the same are the same',
      [
        row('batch', accuracy(0.500001)),
        row('miniBatch', accuracy(0.5)),
        row('stochastic', { ...accuracy(0.4), seconds: 20.1 }),
      ],
      [
        / batch and mini-batch descent are level: best validation accuracy 50\.00 % in 3 and 3 steps; stochastic/,
        /took about the same time, 20\.0 to 20\.1 s/,
      ],
    ],
    [
      'half a second more may be the start of an engine, and is no speed',
      [
        row('batch', { ...accuracy(0.1), seconds: 0.6 }),
        row('miniBatch', { ...accuracy(0.9), seconds: 0.3 }),
        row('stochastic', { ...accuracy(0.8), seconds: 1.8 }),
      ],
      [/Batch and mini-batch were the quickest, with at most 0\.6 s; stochastic took 1\.8 s, 3\.0 times/],
    ],
    [
      'one that failed is named and not compared',
      [
        row('batch'),
        row('miniBatch', accuracy(0.6)),
        row('stochastic', { state: 'failed', score: null, seconds: null }),
      ],
      [/mini-batch descent is ahead/, /Not in this: stochastic \(failed\)\.$/],
    ],
    [
      'nothing before two are through',
      [row('batch'), row('miniBatch', { state: 'running', seconds: null })],
      [/^Nothing can be compared yet\. Not in this: mini-batch \(under way\)\.$/],
    ],
    [
      'nothing of different numbers of samples',
      [row('batch'), row('miniBatch', { samples: 8000 })],
      [/^Nothing can be compared yet\.$/],
    ],
  ])('%s', (_title, rows, patterns) => {
    for (const pattern of patterns) expect(raceWords(rows).en).toMatch(pattern);
    expect(raceWords(rows).zh).not.toMatch(/undefined|NaN/);
  });
});

import { describe, expect, it } from 'vitest';
import { meanAndDeviation, summarizeSeeds } from '../../../shared/training/seedSeries';
import { followWatched, hasWaitedEnough, nothingWatched, watchedMetric } from '../../../shared/training/watching';

describe('what several seeds come to', () => {
  it.each([
    { values: [], mean: null, deviation: null },
    { values: [0.9], mean: 0.9, deviation: null },
    { values: [0.96, 0.97, 0.98], mean: 0.97, deviation: 0.01 },
  ])('$values have mean $mean and deviation $deviation', ({ values, mean, deviation }) => {
    const found = meanAndDeviation(values);
    if (mean === null) expect(found.mean).toBeNull();
    else expect(found.mean).toBeCloseTo(mean, 12);
    if (deviation === null) expect(found.deviation).toBeNull();
    else expect(found.deviation).toBeCloseTo(deviation, 12);
  });

  it('leaves out runs without a score', () => {
    const none = { valLoss: null, valAccuracy: null, valMacroF1: null, valMeanIou: null, valPsnr: null };
    const { mean, deviation } = summarizeSeeds([none, { ...none, valLoss: 1 }, { ...none, valLoss: 3 }]);
    expect(mean).toEqual({ valLoss: 2, valAccuracy: null, valMacroF1: null, valMeanIou: null, valPsnr: null });
    expect(deviation.valLoss).toBeCloseTo(Math.SQRT2, 12);
  });
});

describe('the watched score', () => {
  it.each([
    ['auto', 'classification', 'accuracy'],
    ['auto', 'segmentation', 'meanIou'],
    ['auto', 'regression', 'loss'],
    ['auto', 'image-to-image', 'psnr'],
    ['psnr', 'segmentation', null],
    ['accuracy', 'regression', null],
    ['meanIou', 'classification', null],
  ] as const)('%s of %s is %s', (watch, task, metric) => {
    expect(watchedMetric({ watch }, task)).toBe(metric);
  });

  it('is better where it is higher, a loss where it is lower, and not where it is the same', () => {
    const first = followWatched(nothingWatched, 'accuracy', 0.5, 1);
    expect(first).toEqual({ best: 0.5, bestEpoch: 1, waited: 0 });
    const second = followWatched(first, 'accuracy', 0.5, 2);
    expect(second).toEqual({ best: 0.5, bestEpoch: 1, waited: 1 });
    expect(followWatched(second, 'accuracy', 0.6, 3)).toEqual({ best: 0.6, bestEpoch: 3, waited: 0 });
    expect(followWatched(second, 'loss', 0.4, 3).bestEpoch).toBe(3);
    expect([0, 1, 2].map((patience) => hasWaitedEnough(second, { patience }))).toEqual([false, true, false]);
  });
});

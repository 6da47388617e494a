import { describe, expect, it } from 'vitest';
import { appendMetrics, emptyMetrics, type RunMetrics } from '../../../../renderer/session/metrics';
import {
  lossColumns,
  measureColumns,
  measuresOf,
  scoreColumns,
  movingAverage,
  smoothings,
} from '../../../../renderer/training/runSeries';

/** A run of two epochs of `stepsPerEpoch` steps whose loss falls by halves. */
function runOf(stepsPerEpoch: number): RunMetrics {
  const metrics = emptyMetrics();
  for (let epoch = 1; epoch <= 2; epoch += 1) {
    for (let index = 1; index <= stepsPerEpoch; index += 1) {
      const step = (epoch - 1) * stepsPerEpoch + index;
      appendMetrics(metrics, {
        type: 'step',
        epoch,
        step,
        loss: 1 / step,
        accuracy: 0.5,
        imagesPerSecond: 1,
        secondsLeft: 1,
      });
    }
    appendMetrics(metrics, {
      type: 'epoch',
      epoch,
      loss: 1,
      valLoss: 3 - epoch,
      accuracy: 0.5,
      valAccuracy: epoch / 4,
      valMeanIou: epoch / 8,
      seconds: 1,
    });
  }
  return metrics;
}

describe('the columns of a chart', () => {
  it('put the validation loss at the step that ended its epoch, and nothing elsewhere', () => {
    const [steps, losses, averages, validation] = lossColumns(runOf(3));
    expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
    expect(losses![1]).toBe(0.5);
    expect(averages!.length).toBe(6);
    expect(validation).toEqual([null, null, 2, null, null, 1]);
  });

  it('show mean IoU instead of accuracy for per-pixel tasks', () => {
    expect(scoreColumns(runOf(1), 'accuracy')[3]).toEqual([0.25, 0.5]);
    expect(scoreColumns(runOf(1), 'meanIou')[3]).toEqual([0.125, 0.25]);
  });

  it('are thinned for long runs without losing the last step or an epoch', () => {
    const [steps, , , validation] = lossColumns(runOf(10_001));
    expect(steps.length).toBeLessThan(1600);
    expect(steps.at(-1)).toBe(20_002);
    expect([...validation!].filter((value) => value !== null)).toEqual([2, 1]);
  });
});

describe('the measures of a run', () => {
  it('are those that it has values of, each at the steps that these are of', () => {
    const metrics = runOf(2);
    expect(measuresOf(metrics)).toEqual(['speed']);
    const usage = { memoryBytes: 2e9, cores: 1.5 };
    const step = {
      type: 'step',
      epoch: 3,
      step: 5,
      loss: 1,
      accuracy: null,
      imagesPerSecond: 8,
      secondsLeft: 0,
    } as const;
    appendMetrics(metrics, { ...step, learningRate: 0.25, usage });
    expect(measuresOf(metrics)).toEqual(['learningRate', 'speed', 'memory', 'cores']);
    expect(measureColumns(metrics, 'cores')).toEqual([[5], [1.5]]);
    expect(measureColumns(metrics, 'learningRate')).toEqual([[5], [0.25]]);
    expect(measureColumns(metrics, 'speed')).toEqual([
      [1, 2, 3, 4, 5],
      [1, 1, 1, 1, 8],
    ]);
  });
});

describe('the moving average', () => {
  it('is the values themselves without smoothing, and follows the slower the more there is', () => {
    expect(movingAverage([5, 1, 3], [1, 4, 9], smoothings.none)).toEqual([5, 1, 3]);
    const [usual = 0, strong = 0] = [smoothings.usual, smoothings.strong].map((one) =>
      movingAverage([0, 0, 0, 1, 1, 1], undefined, one).at(-1),
    );
    expect(usual! > strong!).toBe(true);
  });

  it('starts at the first value and stays on a constant', () => {
    expect(movingAverage([2, 2, 2]).every((value) => Math.abs(value! - 2) < 1e-12)).toBe(true);
  });

  it('weighs the newest value with 0.15: (0.85·0.15·1 + 0.15·3) / (1 − 0.85²)', () => {
    expect(movingAverage([1, 3])[1]).toBeCloseTo((0.85 * 0.15 * 1 + 0.15 * 3) / (1 - 0.85 ** 2), 12);
  });

  it('keeps the last average where a value is missing', () => {
    expect(movingAverage([null, 4, null])).toEqual([null, 4, 4]);
  });

  const full = Array.from({ length: 400 }, (_, index) => index + 1);
  const lossAt = (step: number): number => 2.3 * Math.exp(-step / 120) + 0.1;

  it.each([2, 7, 20, 50])('is the same over steps when only every %i-th was reported', (stride) => {
    const whole = movingAverage(full.map(lossAt), full);
    const steps = full.filter((step) => step === 1 || step % stride === 0);
    const thinned = movingAverage(steps.map(lossAt), steps);
    for (const [index, step] of steps.entries()) {
      expect(Math.abs(thinned[index]! - whole[step - 1]!), `step ${step}`).toBeLessThan(0.02);
    }
  });

  it('is exactly the same where the values between two reports lie on their line', () => {
    const line = (step: number): number => 5 - step / 100;
    const whole = movingAverage(full.map(line), full);
    const steps = [1, 4, 5, 90, 91, 400];
    const thinned = movingAverage(steps.map(line), steps);
    for (const [index, step] of steps.entries()) expect(thinned[index]).toBeCloseTo(whole[step - 1]!, 10);
  });

  it('keeps its weight in steps: after a gap of 50 an old value is forgotten', () => {
    const [, last] = movingAverage([9, 1, 1], [1, 51, 101]).slice(1);
    expect(last).toBeCloseTo(1, 3);
  });

  it('of a chart is taken over the steps of the run', () => {
    const metrics = runOf(200);
    const thinned = { ...metrics, steps: [] as number[], losses: [] as number[], accuracies: [] as (number | null)[] };
    for (const [index, step] of metrics.steps.entries()) {
      if (step > 40 && step % 10 !== 0) continue;
      thinned.steps.push(step);
      thinned.losses.push(metrics.losses[index]!);
      thinned.accuracies.push(0.5);
    }
    expect(lossColumns(thinned)[2]!.at(-1)).toBeCloseTo(lossColumns(metrics)[2]!.at(-1)!, 5);
  });
});

import { describe, expect, it } from 'vitest';
import { scheduledLearningRate } from '../../../shared/schema/schedule';
import { defaultTrainingConfig } from '../../../shared/schema/training';

describe('the schedule of the learning rate', () => {
  it.each([
    ['constant', 0, 0.002],
    ['constant', 0.9, 0.002],
    ['cosine', 0, 0.002],
    ['cosine', 0.5, 0.001],
    ['cosine', 1, 0],
    ['cosine', 1 / 3, 0.0015],
    ['oneCycle', 0, 0.00008],
    ['oneCycle', 0.15, 0.00104],
    ['oneCycle', 0.3, 0.002],
    ['oneCycle', 0.65, 0.001],
    ['oneCycle', 1, 0],
  ] as const)('%s with %f of the run done gives %f', (schedule, share, expected) => {
    expect(scheduledLearningRate({ ...defaultTrainingConfig, learningRate: 0.002, schedule }, share)).toBeCloseTo(
      expected,
      12,
    );
  });

  it('cosine only ever falls', () => {
    const rates = Array.from({ length: 101 }, (_, step) =>
      scheduledLearningRate({ ...defaultTrainingConfig, learningRate: 0.1, schedule: 'cosine' }, step / 100),
    );
    expect(rates.every((rate, index) => index === 0 || rate < (rates[index - 1] ?? 0))).toBe(true);
  });
});

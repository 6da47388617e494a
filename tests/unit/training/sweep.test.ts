import { describe, expect, it } from 'vitest';
import { newTrial, shouldStopEarly, sweepFront } from '../../../shared/training/sweep';

describe('a trial of a sweep is stopped early', () => {
  it.each([
    { rule: 'none', errors: [9], others: [[1], [1], [1]], is: false },
    { rule: 'median', errors: [0.5], others: [[0.1], [0.2]], is: false, why: 'too few others' },
    { rule: 'median', errors: [0.5], others: [[0.1], [0.2], [0.3]], is: true },
    { rule: 'median', errors: [0.2], others: [[0.1], [0.2], [0.3]], is: false, why: 'as good as the median' },
    {
      rule: 'median',
      errors: [0.9, 0.15],
      others: [
        [0.1, 0.1],
        [0.2, 0.2],
        [0.3, 0.3],
      ],
      is: false,
    },
    { rule: 'median', errors: [0.9, 0.5], others: [[0.1], [0.2], [0.3, 0.3]], is: false, why: 'few came so far' },
    {
      rule: 'median',
      errors: [1, 1, 1, 1],
      others: [
        [1, 1, 1, 0],
        [1, 1, 1, 0],
        [1, 1, 1, 0],
      ],
      is: false,
      why: 'the last epoch',
    },
    { rule: 'halving', errors: [0.5], others: [], is: false, why: 'the first' },
    { rule: 'halving', errors: [0.5], others: [[0.1]], is: true },
    { rule: 'halving', errors: [0.1], others: [[0.5]], is: false },
    { rule: 'halving', errors: [0.5], others: [[0.6], [0.1], [0.2]], is: true },
    { rule: 'halving', errors: [0.15], others: [[0.6], [0.1], [0.2]], is: false },
    { rule: 'halving', errors: [1, 1, 1], others: [[0, 0, 0]], is: false, why: 'no rung' },
  ] as const)('$rule: $errors against $others is $is $why', ({ rule, errors, others, is }) => {
    expect(shouldStopEarly(rule, errors, others, 4)).toBe(is);
  });
});

describe('the front of a sweep', () => {
  it('has the trials with an error that nothing beats, by each cost', () => {
    const trial = (error: number | null, params: number, seconds: number | null) => ({
      ...newTrial({}),
      errors: error === null ? [] : [error],
      params,
      seconds,
    });
    const trials = [trial(0.3, 10, 5), trial(0.1, 30, 2), trial(0.4, 20, 1), trial(null, 1, null)];
    expect(sweepFront(trials, 'params')).toEqual([0, 1]);
    expect(sweepFront(trials, 'seconds')).toEqual([2, 1]);
    expect(sweepFront(trials, 'macs')).toEqual([]);
  });
});

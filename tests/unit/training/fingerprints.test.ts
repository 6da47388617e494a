import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../shared/training/fingerprints';
import { followFit, noFit } from '../../../shared/training/overFitting';

describe('a loss that says by its number where it comes from', () => {
  it.each([
    { loss: 2.302585, classes: 10, words: 'ln 10 = 2.302585' },
    { loss: 0.6931, classes: 2, words: 'ln 2' },
    { loss: 87.3365, classes: 10, words: 'least normal float32' },
    { loss: 103.28, classes: 10, words: 'least float32' },
    { loss: 16.1181, classes: 10, words: '1e-7' },
    { loss: 27.631, classes: 10, words: '1e-12' },
    { loss: 15.9424, classes: 10, words: 'epsilon' },
  ])('$loss of $classes classes: $words', ({ loss, classes, words }) => {
    expect(fingerprintOf(loss, classes)?.en).toContain(words);
  });

  it.each([
    { loss: 2.33, classes: 10 },
    { loss: 2.302585, classes: 9 },
    { loss: 0.1, classes: 10 },
    { loss: 87.5, classes: 10 },
  ])('$loss of $classes classes says nothing', ({ loss, classes }) => {
    expect(fingerprintOf(loss, classes)).toBeNull();
  });
});

describe('over-fitting', () => {
  const follow = (epochs: readonly (readonly [loss: number, valLoss: number])[]): readonly boolean[] => {
    let fit = noFit;
    return epochs.map(([loss, valLoss], index) => {
      const found = followFit(fit, { epoch: index + 1, loss, valLoss });
      ({ fit } = found);
      return found.isOver;
    });
  };

  it.each([
    {
      what: 'validation rises while training falls',
      epochs: [
        [1, 1],
        [0.8, 0.9],
        [0.6, 0.95],
        [0.4, 1.2],
        [0.2, 1.5],
      ],
      over: 4,
    },
    {
      what: 'both fall',
      epochs: [
        [1, 1],
        [0.8, 0.9],
        [0.6, 0.8],
        [0.4, 0.7],
      ],
      over: 0,
    },
    {
      what: 'both rise',
      epochs: [
        [1, 1],
        [1.1, 1.2],
        [1.2, 1.4],
        [1.3, 1.6],
      ],
      over: 0,
    },
    {
      what: 'validation wavers',
      epochs: [
        [1, 1],
        [0.8, 1.05],
        [0.6, 1.02],
        [0.4, 0.99],
      ],
      over: 0,
    },
  ] as const)('$what: found in epoch $over', ({ epochs, over }) => {
    expect(follow(epochs).indexOf(true) + 1).toBe(over);
    expect(follow(epochs).filter(Boolean).length).toBeLessThanOrEqual(1);
  });
});

import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../electron/data/dataset';
import { parseNamedWeights } from '../../../shared/schema/namedWeights';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import {
  balancedWeights,
  balancedYes,
  checkClassWeights,
  classWeightsFor,
} from '../../../electron/trainer/classWeights';

describe('balanced weights of classes', () => {
  it('let each class that there is count the same', () => {
    expect(balancedWeights([3, 1, 0])).toEqual([4 / 9, 4 / 3, 0]);
  });
});

it('balanced weights of multi-label let the yes of a class count as much as its no', () => {
  expect(balancedYes([2, 8, 0, 10], 10)).toEqual([4, 0.25, 1, 1]);
});

describe('weights of one’s own', () => {
  const dataset = { info: { task: 'classification', classes: ['cat', 'dog', 'a=b'] } } as unknown as Dataset;
  const form = { task: 'classification', inputShape: [1], targetShape: [], outputShape: [3] } as const;
  const config = (ownClassWeights?: string) => ({
    ...defaultTrainingConfig,
    classWeights: 'own' as const,
    ...(ownClassWeights === undefined ? {} : { ownClassWeights }),
  });

  it('are by name, and 1 for who is not named', () => {
    expect(classWeightsFor(config('dog = 2, a=b=0.5'), dataset, form)).toEqual({ weightsOfClasses: [1, 2, 0.5] });
    expect(checkClassWeights(config('dog = 2, a=b=0.5'), dataset)).toBeNull();
  });

  it.each([
    { given: undefined, code: 'train/bad-weights' },
    { given: 'dog', code: 'train/bad-weights' },
    { given: 'dog=-1', code: 'train/bad-weights' },
    { given: 'dog=2,', code: 'train/bad-weights' },
    { given: 'cow=2', code: 'train/unknown-class' },
  ])('$given is refused: $code', ({ given, code }) => {
    expect(checkClassWeights(config(given), dataset)).toMatchObject({ code, at: { path: 'train.ownClassWeights' } });
  });

  it('are read with commas of both languages', () => {
    expect(parseNamedWeights('a=1，b=2')).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
  });
});

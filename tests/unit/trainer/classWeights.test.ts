import { describe, expect, it } from 'vitest';
import { balancedWeights } from '../../../electron/trainer/classWeights';

describe('balanced weights of classes', () => {
  it('let each class that there is count the same', () => {
    expect(balancedWeights([3, 1, 0])).toEqual([4 / 9, 4 / 3, 0]);
  });
});

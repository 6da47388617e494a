import { describe, expect, it } from 'vitest';
import { windowAt } from '../../../../shared/analysis/seenInput';

describe('the window of a value on the input', () => {
  it('of the first value of a 5×5 conv covers the pixels 0 to 4', () => {
    const field = {
      size: [5, 5],
      jump: [1, 1],
      start: [2, 2],
      positions: [24, 24],
      global: false,
      union: false,
    } as const;
    expect(windowAt(field, 0, 0)).toEqual([0, 5]);
    expect(windowAt(field, 1, 3)).toEqual([3, 5]);
  });
});

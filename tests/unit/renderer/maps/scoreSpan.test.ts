import { describe, expect, it } from 'vitest';
import { spanOf } from '../../../../renderer/maps/scoreSpan';

describe('bars of scores', () => {
  it.each([
    [
      [-1, 3],
      25,
      [
        { left: 0, width: 25 },
        { left: 25, width: 75 },
      ],
    ],
    [
      [1, 2],
      0,
      [
        { left: 0, width: 50 },
        { left: 0, width: 100 },
      ],
    ],
    [
      [-4, -1],
      100,
      [
        { left: 0, width: 100 },
        { left: 75, width: 25 },
      ],
    ],
    [
      [0, 0],
      0,
      [
        { left: 0, width: 0 },
        { left: 0, width: 0 },
      ],
    ],
    [
      [NaN, -2],
      100,
      [
        { left: 100, width: 0 },
        { left: 0, width: 100 },
      ],
    ],
  ])('of %j begin at %i %% and go to either side by their sign', (values, zero, bars) => {
    const span = spanOf(values);
    expect(span.zero).toBe(zero);
    expect(values.map(span.barOf)).toEqual(bars);
  });
});

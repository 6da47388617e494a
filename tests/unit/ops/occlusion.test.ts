import { describe, expect, it } from 'vitest';
import { occlude, patchesOver, scoreFalls } from '../../../shared/ops/occlusion';

describe('occlusion', () => {
  it.each([
    [28, 28, 200, 6, 12, 12],
    [28, 28, 30, 6, 5, 5],
    [224, 224, 25, 45, 5, 5],
    [40, 20, 100, 4, 13, 7],
    [3, 3, 100, 1, 3, 3],
    [1, 1, 1, 1, 1, 1],
  ])('covers all of %ix%i with at most %i patches', (height, width, most, side, rows, columns) => {
    const { side: own, tops, lefts } = patchesOver(height, width, most);
    expect([own, tops.length, lefts.length]).toEqual([side, rows, columns]);
    const covered = (starts: readonly number[]) =>
      new Set(starts.flatMap((at) => [...Array(own).keys()].map((by) => at + by)));
    expect([covered(tops).size, covered(lefts).size]).toEqual([height, width]);
    expect(Math.max(...tops) + own).toBe(height);
  });

  it('puts the mean of each channel in the place of what is covered', () => {
    const picture = Float32Array.of(1, 0, 0, 2, 0, 4, 3, 2);
    const all = occlude(picture, [2, 2, 2], { side: 1, tops: [0], lefts: [0, 1] });
    expect([...all.subarray(0, 8)]).toEqual([...picture]);
    expect([...all.subarray(8, 16)]).toEqual([1, 2, 0, 2, 0, 4, 3, 2]);
    expect([...all.subarray(16)]).toEqual([1, 0, 1, 2, 0, 4, 3, 2]);
  });

  it('is where a score that reads one pixel alone reads it', () => {
    const picture = new Float32Array(64);
    picture[3 * 8 + 5] = 1;
    const patches = patchesOver(8, 8, 100);
    const all = occlude(picture, [8, 8, 1], patches);
    const count = all.length / 64;
    // The score of class 1 is that pixel; that of class 0 never changes.
    const data = Float32Array.from({ length: 2 * count }, (_, at) =>
      at % 2 === 0 ? 7 : (all[((at - 1) / 2) * 64 + 29] ?? 0),
    );
    const scores = { dtype: 'float32', shape: [count, 2], data } as const;
    const { values } = scoreFalls(scores, 1, [8, 8], patches);
    expect(values.indexOf(Math.max(...values))).toBe(29);
    expect(values[29]).toBeCloseTo(63 / 64);
    expect(values[0]).toBe(0);
    expect(scoreFalls(scores, 0, [8, 8], patches).values.every((value) => value === 0)).toBe(true);
  });
});

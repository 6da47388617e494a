import { describe, expect, it } from 'vitest';
import { frameStatistics, largest, median, percentile, spreadOf } from '../../../electron/bench/statistics';

describe('statistics of the benchmark', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it.each([
    [[1, 2, 3, 4], 0.95, 4],
    [[1, 2, 3, 4], 0.5, 2],
    [Array.from({ length: 100 }, (_, index) => 100 - index), 0.95, 95],
    [[5], 0, 5],
  ])('of %j a share of %d is at or below %d', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });

  it('a spread is the middle and the quartiles, and null of nothing', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1, high: 3, most: 4, samples: 4 });
    expect(spreadOf([])).toBeNull();
  });

  it('has no figure for nothing', () => {
    expect([median([]), percentile([], 0.5), largest([]), frameStatistics([]).lateShare]).toEqual([NaN, NaN, NaN, NaN]);
  });

  it('calls a frame late only when a turn of the screen was missed, not when a clock rounded up', () => {
    const onTime = [16.6, 16.7, 17, 16.7, 16.7, 16.7];
    expect(frameStatistics(onTime)).toEqual({ frames: 6, medianMs: 16.7, p95Ms: 17, longestMs: 17, lateShare: 0 });
    expect(frameStatistics([...onTime, 33.3, 50]).lateShare).toBe(0.25);
  });
});

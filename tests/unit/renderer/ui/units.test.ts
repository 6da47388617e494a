import { describe, expect, it } from 'vitest';
import { formatBytes, formatDifference, formatSeconds, formatShare } from '../../../../renderer/ui/units';

describe('figures', () => {
  it.each([
    [formatBytes(46_080), '46.1 KB'],
    [formatBytes(999), '999 B'],
    [formatBytes(1_724_320), '1.7 MB'],
    [formatDifference(-405_000), '−405,000'],
    [formatDifference(520), '+520'],
    [formatDifference(0), '±0'],
    [formatShare(405_510, 431_080), '94.1 %'],
    [formatShare(0, 0), '0 %'],
    [formatSeconds(3.4), '3 s'],
    [formatSeconds(125), '2 min 05 s'],
    [formatSeconds(4800), '1 h 20 min'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});

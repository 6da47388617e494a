import { describe, expect, it } from 'vitest';
import { wireSamples, wireWidth } from '../../../shared/figures/wireWidth';

describe('the strength of a wire', () => {
  it.each([
    [null, 1],
    [[28, 28, 1], 1],
    [[28, 28, null], 1],
    [[7, 7, 2048], 4],
    [[100_000], 4],
  ] as const)('%j is %f pixels', (shape, width) => {
    expect(wireWidth(shape)).toBe(width);
  });

  it('grows alike with each doubling of the channels, whatever the size of the map', () => {
    const steps = [1, 2, 4, 8, 16].map(
      (channels) => wireWidth([9, 9, channels]) - wireWidth([3, 3, channels / 2 || 1]),
    );
    for (const step of steps.slice(1)) expect(step).toBeCloseTo(3 / 11, 1);
  });

  it('the samples of the legend are told apart', () => {
    const widths = wireSamples.map((channels) => wireWidth([channels]));
    widths.slice(1).forEach((width, at) => expect(width - widths[at]!).toBeGreaterThan(0.7));
  });
});

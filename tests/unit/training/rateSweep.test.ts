import { describe, expect, it } from 'vitest';
import { hasDiverged, smoothed, suggestRate, sweepRange, sweptRate } from '../../../shared/training/rateSweep';

const rates = Array.from({ length: sweepRange.steps }, (_, index) => sweptRate(index + 1));

describe('a sweep of the learning rate', () => {
  it('goes from end to end by equal factors', () => {
    expect(rates[0]).toBe(sweepRange.from);
    expect(rates.at(-1)).toBeCloseTo(sweepRange.to, 9);
    expect(rates[50]! / rates[49]!).toBeCloseTo(rates[2]! / rates[1]!, 9);
  });

  it('suggests the rate of the fastest fall', () => {
    // A fall around 1e-3, and a rise beyond 0.1.
    const steps = rates.map((rate) => ({
      rate,
      loss: 2.3 / (1 + (rate / 1e-3) ** 2) + 0.3 + (rate > 0.1 ? rate * 4 : 0),
    }));
    const { suggested, why } = suggestRate(steps);
    expect(suggested).toBeGreaterThanOrEqual(5e-4);
    expect(suggested).toBeLessThanOrEqual(5e-3);
    expect(why.en).toContain(String(suggested));
  });

  it('is not led astray by a first batch that is harder than the next ones', () => {
    const steps = rates.map((rate, index) => ({ rate, loss: 2 / (1 + rate / 0.1) + (index < 3 ? 2 : 0) }));
    expect(suggestRate(steps).suggested).toBeGreaterThan(0.01);
  });

  it('suggests none where the loss falls nowhere', () => {
    expect(suggestRate(rates.map((rate) => ({ rate, loss: 2.3 }))).suggested).toBeNull();
  });

  it('ends where the loss is no number, or far above the least', () => {
    const even = rates.slice(0, 30).map((rate) => ({ rate, loss: 1 }));
    expect(hasDiverged(even)).toBe(false);
    expect(hasDiverged([...even, { rate: 1, loss: NaN }])).toBe(true);
    expect(hasDiverged([...even, { rate: 1, loss: 50 }])).toBe(true);
    expect(smoothed(even).map(({ smooth }) => smooth)).toEqual(even.map(() => expect.closeTo(1, 9) as number));
  });
});

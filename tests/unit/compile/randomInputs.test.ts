import { describe, expect, it } from 'vitest';
import { randomInputs, randomUniform } from '../../../shared/compile/randomInputs';

const count = 100_000;
/** Five deviations of a mean of `count` draws, each of the given variance: a fair generator fails once in two million. */
const within = (variance: number): number => 5 * Math.sqrt(variance / count);

/** Of two sequences that are each uniform: 0 when they know nothing of each other, with a deviation of 1 / sqrt(count). */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>, length: number): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += (a[at]! - 0.5) * (b[at]! - 0.5);
  return (sum / length) * 12;
}

describe('the random numbers of a step', () => {
  const rows = [
    { seed: 0, name: 'random/d1', step: 1 },
    { seed: 1, name: 'random/d1', step: 1 },
    { seed: 1, name: 'random/d1', step: 2 },
    { seed: 1, name: 'random/d2', step: 1 },
    { seed: 0xffff_ffff, name: 'random/随机', step: 1_000_000 },
  ];

  it.each(rows)('are uniform in [0, 1) for $seed, $name, $step', ({ seed, name, step }) => {
    const values = randomUniform(seed, name, step, count);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    expect(Math.abs(mean - 0.5)).toBeLessThan(within(1 / 12));
    const variance = values.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / count;
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(within(1 / 180));
    // Chi square over 100 bins: 99 expected, deviation 14.
    const bins = new Array<number>(100).fill(0);
    for (const value of values) bins[Math.floor(value * 100)]! += 1;
    const expected = count / 100;
    const chiSquare = bins.reduce((sum, hits) => sum + (hits - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeGreaterThan(40);
    expect(chiSquare).toBeLessThan(180);
    // Of 2^24 values, 100,000 draws share about 300.
    expect(new Set(values).size).toBeGreaterThan(count - 500);
  });

  it.each([1, 2, 3, 8, 28, 64, 784])('do not follow from the ones %d places before', (lag) => {
    const values = randomUniform(7, 'random/d', 3, count + lag);
    expect(Math.abs(correlation(values, values.subarray(lag), count))).toBeLessThan(5 / Math.sqrt(count));
  });

  it.each([
    { what: 'the next step', other: { seed: 1, name: 'random/d', step: 12 } },
    { what: 'the next seed', other: { seed: 2, name: 'random/d', step: 11 } },
    { what: 'another node', other: { seed: 1, name: 'random/e', step: 11 } },
  ])('do not follow from those of $what', ({ other }) => {
    const values = randomUniform(1, 'random/d', 11, count);
    const others = randomUniform(other.seed, other.name, other.step, count);
    for (const lag of [0, 1, 2, 784]) {
      expect(Math.abs(correlation(values, others.subarray(lag), count - lag))).toBeLessThan(5 / Math.sqrt(count - lag));
    }
  });

  it('drop as many units at one place over the steps as at one step over the places', () => {
    const steps = 4000;
    const kept = Array.from({ length: steps }, (_, step) => randomUniform(1, 'random/d', step + 1, 3)[2]!);
    const share = kept.filter((value) => value >= 0.3).length / steps;
    expect(Math.abs(share - 0.7)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / steps));
    const moved = kept.slice(1);
    expect(Math.abs(correlation(kept, moved, steps - 1))).toBeLessThan(5 / Math.sqrt(steps));
  });

  it('are a function of seed, name, step and place alone, however many are made', () => {
    const few = randomUniform(5, 'random/d', 9, 10);
    expect(few).toEqual(randomUniform(5, 'random/d', 9, count).subarray(0, 10));
    // Written down, so that a run of today goes on tomorrow and on another machine.
    expect(Array.from(few.subarray(0, 4), (value) => value * 2 ** 24)).toMatchInlineSnapshot(`
      [
        5005301,
        16232548,
        16667662,
        14400636,
      ]
    `);
  });

  it('feed exactly the inputs that ask for them, in the size of the batch', () => {
    const inputs = [
      { name: 'x', shape: ['batch', 4], dtype: 'float32' },
      { name: 'random/d1', shape: ['batch', 1, 1, 4], dtype: 'float32' },
      { name: 'learningRate', shape: [], dtype: 'float32' },
    ] as const;
    const fed = randomInputs({ inputs }, 1, 1, 3);
    expect(Object.keys(fed)).toEqual(['random/d1']);
    expect(fed['random/d1']).toMatchObject({ dtype: 'float32', shape: [3, 1, 1, 4] });
    expect(fed['random/d1']!.data).toHaveLength(12);
  });
});

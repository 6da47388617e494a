import { describe, expect, it } from 'vitest';
import { initialWeights } from '../../../shared/compile/initialWeights';
import type { InitializedWeight } from '../../../shared/compile/initialWeights';
import { createRandom } from '../../../shared/ops/random';

const kernel: InitializedWeight = {
  name: 'c1/kernel',
  shape: [100, 200],
  initializer: { type: 'glorotUniform', fanIn: 100, fanOut: 200 },
};

function moments(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe('initialWeights', () => {
  it('fills glorotUniform evenly up to sqrt(6 / (fanIn + fanOut))', () => {
    const { data, shape } = initialWeights([kernel], 1)['c1/kernel']!;
    const limit = Math.sqrt(6 / 300);
    expect(shape).toEqual([100, 200]);
    expect(Math.max(...data)).toBeLessThan(limit);
    expect(Math.max(...data)).toBeGreaterThan(0.999 * limit);
    expect(moments(data).mean).toBeCloseTo(0, 2);
    expect(moments(data).deviation).toBeCloseTo(limit / Math.sqrt(3), 3);
  });

  it('gives heNormal the variance 2 / fanIn after it is cut off', () => {
    const initializer = { type: 'heNormal', fanIn: 50, fanOut: 1 } as const;
    const { data } = initialWeights([{ ...kernel, initializer }], 1)['c1/kernel']!;
    expect(moments(data).deviation).toBeCloseTo(Math.sqrt(2 / 50), 2);
    expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual((2 * Math.sqrt(2 / 50)) / 0.8796);
  });

  it.each([
    [{ type: 'zeros' }, 0],
    [{ type: 'ones' }, 1],
    [{ type: 'constant', value: 0.25 }, 0.25],
  ] as const)('fills %o', (initializer, value) => {
    const { data } = initialWeights([{ ...kernel, initializer }], 1)['c1/kernel']!;
    expect(data.every((each) => each === value)).toBe(true);
  });

  it('gives the same numbers for one seed, other ones for another, and is not moved by other weights', () => {
    const other: InitializedWeight = { ...kernel, name: 'c2/kernel' };
    const alone = initialWeights([kernel], 7)['c1/kernel']!.data;
    const together = initialWeights([other, kernel], 7);
    expect(together['c1/kernel']!.data).toEqual(alone);
    expect(together['c2/kernel']!.data).not.toEqual(alone);
    expect(initialWeights([kernel], 8)['c1/kernel']!.data).not.toEqual(alone);
  });

  it('never changes: runs must be repeatable across versions', () => {
    const random = createRandom(1);
    expect(Array.from({ length: 4 }, () => Math.floor(random.uniform() * 2 ** 32))).toMatchInlineSnapshot(`
      [
        393288148,
        2174103013,
        3814759091,
        2092745082,
      ]
    `);
  });
});

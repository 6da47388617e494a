import { describe, expect, it } from 'vitest';
import { principalAxes } from '../../../shared/ops/principal';
import { createRandom } from '../../../shared/ops/random';
import { symmetricEigen } from '../../../shared/ops/symmetricEigen';

const rowsOf = (rows: readonly (readonly number[])[]) => ({
  count: rows.length,
  size: rows[0]?.length ?? 0,
  values: Float32Array.from(rows.flat()),
});

/** Rows around a mean, that vary by `deviations` along the columns of a rotation about the axis (1, 1, 1). */
function turned(count: number, deviations: readonly number[], third: readonly (readonly number[])[]) {
  const random = createRandom(4);
  return rowsOf(
    Array.from({ length: count }, () => {
      const own = deviations.map((deviation) => deviation * random.normal());
      return [0, 1, 2].map((at) => 5 + own.reduce((sum, value, axis) => sum + value * third[axis]![at]!, 0));
    }),
  );
}

describe('principal components', () => {
  it('of points on a line are its direction, with all of the variance', () => {
    const { places, axes, shares } = principalAxes(
      rowsOf([
        [0, 0],
        [2, 2],
        [4, 4],
      ]),
      2,
    );
    expect([...places].map((value) => Number(value.toFixed(5)))).toEqual([-2.82843, 0, 0, 0, 2.82843, 0]);
    expect(axes[0]![0]).toBeCloseTo(Math.SQRT1_2, 12);
    expect(axes[0]![1]).toBeCloseTo(Math.SQRT1_2, 12);
    expect(shares[0]).toBeCloseTo(1, 12);
    expect(shares[1]).toBeCloseTo(0, 12);
  });

  it('of rows that are the same but for rounding have none of the variance', () => {
    const near = Array.from({ length: 9 }, (_, row) => [1 / 3, 20, -7].map((value) => value * (1 + (row % 2) * 1e-7)));
    for (const rows of [near, near.map(() => [1 / 3, 20, -7]), near.map(() => [0, 0, 0])]) {
      expect(principalAxes(rowsOf(rows), 2).shares).toEqual([0, 0]);
    }
  });

  it('of three values are the eigenvectors of their covariance, which Jacobi finds by another way', () => {
    const axis = 1 / Math.sqrt(3);
    const rotation = [
      [axis, axis, axis],
      [Math.SQRT1_2, -Math.SQRT1_2, 0],
      [1 / Math.sqrt(6), 1 / Math.sqrt(6), -2 / Math.sqrt(6)],
    ];
    const rows = turned(400, [3, 2, 0.5], rotation);
    const mean = [0, 1, 2].map((at) =>
      rows.values.reduce((sum, value, k) => sum + (k % 3 === at ? value / 400 : 0), 0),
    );
    const scatter = new Float64Array(9);
    for (let row = 0; row < 400; row++)
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 3; j++)
          scatter[3 * i + j]! += (rows.values[3 * row + i]! - mean[i]!) * (rows.values[3 * row + j]! - mean[j]!);
    const { values, vectors } = symmetricEigen(scatter, 3);
    const trace = scatter[0]! + scatter[4]! + scatter[8]!;
    const found = principalAxes(rows, 2);
    for (const at of [0, 1]) {
      const own = vectors.subarray(3 * at, 3 * at + 3);
      const cosine = own.reduce((sum, value, k) => sum + value * found.axes[at]![k]!, 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 8);
      expect(found.shares[at]).toBeCloseTo(values[at]! / trace, 8);
    }
    // Near to what the points were made by.
    expect(Math.abs(found.axes[0]!.reduce((sum, value) => sum + value * axis, 0))).toBeGreaterThan(0.99);
  });

  it('of more values than rows are exact as well: distances in all axes are those of the rows', () => {
    const random = createRandom(9);
    const rows = rowsOf(Array.from({ length: 4 }, () => Array.from({ length: 50 }, () => random.normal())));
    const { places, shares } = principalAxes(rows, 3);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    const far = (values: Float32Array, size: number): number =>
      Math.hypot(...Array.from({ length: size }, (_, at) => values[at]! - values[size + at]!));
    expect(far(places, 3)).toBeCloseTo(far(rows.values, 50), 4);
  });

  it('are found where none stands apart: of a known spectrum that falls by a thousandth from each to the next', () => {
    // The columns of a Hadamard matrix are at right angles and add up to zero: each is an axis of rows that are its multiples.
    const [count, size] = [256, 200];
    const sign = (row: number, column: number): number => {
      let bits = row & column;
      let odd = 0;
      for (; bits > 0; bits &= bits - 1) odd ^= 1;
      return odd === 0 ? 1 : -1;
    };
    const spectrum = Array.from({ length: size }, (_, at) => 0.999 ** at);
    const rows = {
      count,
      size,
      values: Float32Array.from({ length: count * size }, (_, at) => {
        const column = at % size;
        return sign(Math.floor(at / size), column + 1) * Math.sqrt(spectrum[column]!);
      }),
    };
    const { axes, shares } = principalAxes(rows, 3);
    const whole = spectrum.reduce((sum, one) => sum + one, 0);
    for (const at of [0, 1, 2]) {
      expect(shares[at]).toBeCloseTo(spectrum[at]! / whole, 8);
      expect(axes[at]![at]).toBeGreaterThan(0.999);
    }
  });

  it.each([
    [
      'all rows are the same',
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
    ],
    ['there is one row', [[3, 4]]],
  ])('are zeros where %s', (_, rows) => {
    const { places, shares } = principalAxes(rowsOf(rows), 2);
    expect(shares).toEqual([0, 0]);
    expect([...places].every((value) => Math.abs(value) < 1e-6)).toBe(true);
  });

  it('are the same each time', () => {
    const rows = turned(
      50,
      [1, 1, 1],
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    );
    expect(principalAxes(rows, 2)).toEqual(principalAxes(rows, 2));
  });
});

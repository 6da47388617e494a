import { describe, expect, it } from 'vitest';
import { createNeighbourGraph, nearestRows } from '../../../shared/ops/neighbours';
import { createRandom } from '../../../shared/ops/random';

const rows = { count: 4, size: 2, values: Float32Array.of(1, 0, 1, 1, 0, 0, -2, 0) };

describe('nearest rows', () => {
  it('by cosine are those of the smallest angle, however long; a row of zeros has none and is at 1', () => {
    const { rows: found, distances } = nearestRows(rows, Float32Array.of(3, 0), 'cosine', 4);
    expect(found).toEqual([0, 1, 2, 3]);
    expect(distances.map((value) => Number(value.toFixed(4)))).toEqual([0, 0.2929, 1, 2]);
  });

  it('by Euclid are those of the smallest difference, of equal ones the earlier', () => {
    const { rows: found, distances } = nearestRows(rows, Float32Array.of(0, 0), 'euclidean', 3);
    expect(found).toEqual([2, 0, 1]);
    expect(distances.map((value) => Number(value.toFixed(4)))).toEqual([0, 1, 1.4142]);
    expect(nearestRows({ ...rows, values: new Float32Array(8) }, Float32Array.of(0, 1), 'euclidean', 2).rows).toEqual([
      0, 1,
    ]);
  });

  it('are all there are where more are asked for', () => {
    expect(nearestRows(rows, Float32Array.of(1, 1), 'euclidean', 9).rows).toHaveLength(4);
  });

  it('of each other are what sorting all distances gives, the row itself first', () => {
    const random = createRandom(2);
    const many = { count: 60, size: 5, values: Float32Array.from({ length: 300 }, () => random.normal()) };
    // Two equal rows: each must still stand first among its own.
    many.values.set(many.values.subarray(0, 5), 5);
    const graph = createNeighbourGraph(many, 7);
    for (let row = 0; row < 60; row++) graph.compare(row);
    for (const row of [0, 1, 30]) {
      const sorted = nearestRows(many, many.values.subarray(5 * row, 5 * row + 5), 'euclidean', 7);
      const found = graph.of(row);
      expect(found.rows[0]).toBe(row);
      expect(new Set(found.rows)).toEqual(new Set(sorted.rows));
      found.distances.forEach((distance, at) => expect(distance).toBeCloseTo(sorted.distances[at]!, 3));
    }
  });
});

import { describe, expect, it } from 'vitest';
import { blendedAt, contourLines, roundLevels } from '../../../shared/learn/exhibits/contours';

const plane = (width: number, values: readonly number[]) => ({
  height: values.length / width,
  width,
  values: Float32Array.from(values),
});

describe('contour lines', () => {
  it('cross a slope where it has the level', () => {
    expect(contourLines(plane(3, [0, 1, 2, 0, 1, 2]), 0.25)).toEqual([
      [
        { x: 0.25, y: 0 },
        { x: 0.25, y: 1 },
      ],
    ]);
    expect(contourLines(plane(3, [0, 1, 2, 0, 1, 2]), 3)).toEqual([]);
  });

  it('close around a hill', () => {
    const lines = contourLines(plane(3, [0, 0, 0, 0, 1, 0, 0, 0, 0]), 0.5);
    expect(lines.length).toBe(4);
    const ends = lines.flat().map(({ x, y }) => `${x} ${y}`);
    for (const end of ends) expect(ends.filter((other) => other === end).length).toBe(2);
  });

  it('are two at a saddle', () => {
    expect(contourLines(plane(2, [1, 0, 0, 1]), 0.5).length).toBe(2);
  });

  it.each([
    [
      [0.06, 12],
      [0.1, 0.2, 0.5, 1, 2, 5, 10],
    ],
    [[1, 5], [2]],
    [[3, 3], []],
    [[], []],
  ])('between the least and the largest of %j are at %j', (values, levels) => {
    expect(roundLevels(values)).toEqual(levels);
  });
});

describe('between the values of a grid', () => {
  it('a place has what its four neighbours say, by their distance', () => {
    const grid = plane(2, [0, 4, 8, 12]);
    expect([
      blendedAt(grid, { x: 0, y: 0 }),
      blendedAt(grid, { x: 1, y: 1 }),
      blendedAt(grid, { x: 0.25, y: 0.5 }),
    ]).toEqual([0, 12, 5]);
  });
});

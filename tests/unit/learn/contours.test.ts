import { describe, expect, it } from 'vitest';
import { blendedAt, contourLines, labelPlace, roundLevels } from '../../../shared/learn/exhibits/contours';

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

describe('the number of a contour line', () => {
  const slope = contourLines(
    plane(
      10,
      Array.from({ length: 100 }, (_, at) => at % 10),
    ),
    4.5,
  );
  const walk = (x: number) => [
    { x, y: 0 },
    { x, y: 3.5 },
  ];
  const place = (ways: Parameters<typeof labelPlace>[2], isFree = () => true) =>
    labelPlace(slope, { x: 4.5, y: 2.5 }, ways, { apart: 2, isFree });

  it('stands where it is wanted, where nobody walks', () => {
    expect(place([])).toEqual({ x: 4.5, y: 2.5 });
    expect(place([walk(0)])).toEqual({ x: 4.5, y: 2.5 });
  });

  it('is moved along its line to beside a way over it, by no more than it must', () => {
    expect(place([walk(4.5)])).toEqual({ x: 4.5, y: 5.5 });
  });

  it('is as far from the ways as can be where they are everywhere, and nowhere without a place', () => {
    expect(
      place([
        walk(4.5),
        [
          { x: 3, y: 8 },
          { x: 3, y: 1 },
        ],
      ]),
    ).toMatchObject({ x: 4.5 });
    expect(place([], () => false)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { areaOf, drawRegions, isInPicture, unpackRuns } from '../../../electron/data/regions';

/** The picture in rows of digits. */
function drawn(rings: readonly (readonly number[])[], width: number, height: number): readonly string[] {
  const { keys } = drawRegions([{ key: 1, rings }], { width, height });
  return Array.from({ length: height }, (_, y) => keys.subarray(y * width, (y + 1) * width).join(''));
}

function countOf(ring: readonly number[], side: number): number {
  return drawRegions([{ key: 1, rings: [ring] }], { width: side, height: side }).keys.reduce(
    (sum, key) => sum + key,
    0,
  );
}

describe('a ring', () => {
  it('fills the pixels whose middle it encloses', () => {
    expect(drawn([[1, 1, 3, 1, 3, 3, 1, 3]], 4, 4)).toEqual(['0000', '0110', '0110', '0000']);
    expect(drawn([[0.6, 0, 2.4, 0, 2.4, 1, 0.6, 1]], 4, 1)).toEqual(['0100']);
  });

  it('on the middles of pixels has those right of it and below', () => {
    expect(drawn([[0.5, 0.5, 2.5, 0.5, 2.5, 2.5, 0.5, 2.5]], 4, 4)).toEqual(['1100', '1100', '0000', '0000']);
  });

  it('that shares an edge with another leaves no gap and no pixel twice', () => {
    const [left, right] = [
      [0, 0, 3.3, 0, 5.7, 9, 0, 9],
      [3.3, 0, 9, 0, 9, 9, 5.7, 9],
    ];
    expect(countOf(left, 9) + countOf(right, 9)).toBe(81);
  });

  it('that crosses itself has what is enclosed an odd number of times', () => {
    const twice = [0, 0, 6, 0, 6, 6, 0, 6, 0, 0, 2, 2, 4, 2, 4, 4, 2, 4, 2, 2];
    expect(countOf(twice, 6)).toBe(32);
  });

  it.each([
    ['a triangle', [0, 0, 100, 0, 0, 100], 5000],
    ['a rhombus', [50, 0, 100, 50, 50, 100, 0, 50], 5000],
    [
      'a ring of 180 corners',
      Array.from(
        { length: 360 },
        (_, at) => 50 + 40 * (at % 2 === 0 ? Math.cos : Math.sin)((Math.trunc(at / 2) * Math.PI) / 90),
      ),
      1600 * Math.PI,
    ],
    ['one in the other direction', [0, 100, 100, 0, 0, 0], 5000],
  ])('has the area of %s to one pixel in each row', (_name, ring, area) => {
    expect(areaOf({ key: 1, rings: [ring] })).toBeCloseTo(area, -1.3);
    expect(Math.abs(countOf(ring, 100) - area)).toBeLessThan(100);
  });

  it('is cut off at the sides of the picture', () => {
    expect(drawn([[-1e9, -1e9, 2, -1e9, 2, 1e9, -1e9, 1e9]], 4, 2)).toEqual(['1100', '1100']);
    expect(isInPicture([5, 0, 9, 0, 9, 3], { width: 5, height: 5 })).toBe(false);
    expect(isInPicture([4, 0, 9, 0, 9, 3], { width: 5, height: 5 })).toBe(true);
  });
});

describe('runs', () => {
  it('go down the columns', () => {
    const { keys } = drawRegions([{ key: 7, runs: [1, 2, 3] }], { width: 3, height: 2 });
    expect([...keys]).toEqual([0, 7, 0, 7, 0, 0]);
    expect(areaOf({ key: 7, runs: [1, 2, 3] })).toBe(2);
  });

  it('are unpacked as the COCO API packs them', () => {
    expect(unpackRuns('61X13mN000`0')).toEqual([6, 1, 40, 4, 5, 4, 5, 4, 21]);
    expect(unpackRuns('')).toEqual([]);
  });

  it.each(['6!', 'oooooooooo', 'o', '0000`'])('of another form are none: %s', (packed) => {
    expect(unpackRuns(packed)).toBeNull();
  });
});

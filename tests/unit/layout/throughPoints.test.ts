import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ledRoute, withPlace } from '../../../shared/layout/throughPoints';

const ends = { sourceX: 0, sourceY: 0, targetX: 300, targetY: 100 };

/** The points that a path of cubic curves passes. */
function passed(path: string): readonly (readonly [number, number])[] {
  return [...path.matchAll(/([MC])([^MC]*)/g)].map(([, , numbers = '']) => {
    const values = numbers.split(' ').map(Number);
    return [values.at(-2)!, values.at(-1)!];
  });
}

describe('ledRoute', () => {
  it('passes every place in order, and leaves and arrives level', () => {
    const { path } = ledRoute(ends, [
      { x: 100, y: 200 },
      { x: 200, y: -50 },
    ]);
    expect(passed(path)).toEqual([
      [0, 0],
      [100, 200],
      [200, -50],
      [300, 100],
    ]);
    const numbers = path
      .split(/[MC ]/)
      .filter((part) => part !== '')
      .map(Number);
    expect(numbers[3]).toBe(0);
    expect(numbers.at(-3)).toBe(100);
  });

  it.each([
    [[{ x: 150, y: 220 }], 150, 220],
    [
      [
        { x: 100, y: 200 },
        { x: 200, y: 0 },
      ],
      150,
      100,
    ],
  ])('has its label in the middle of %j: %d, %d', (via, x, y) => {
    expect(ledRoute(ends, via)).toMatchObject({ label: { x, y } });
  });

  it('is finite wherever the places are, also one on the other', () => {
    const number = fc.integer({ min: -1e6, max: 1e6 });
    const place = fc.record({ x: number, y: number });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 6 }), (via) => {
        const { path, label } = ledRoute(ends, [...via, ...via]);
        expect(path).not.toMatch(/NaN|Infinity/);
        expect(Number.isFinite(label.x) && Number.isFinite(label.y)).toBe(true);
        expect(passed(path)).toHaveLength(2 * via.length + 2);
      }),
      { numRuns: 60 },
    );
  });
});

describe('withPlace', () => {
  const via = [
    { x: 100, y: 100 },
    { x: 200, y: 100 },
  ];
  it.each([
    ['before the first', { x: 40, y: 50 }, 0],
    ['between the two', { x: 150, y: 104 }, 1],
    ['behind the last', { x: 260, y: 100 }, 2],
  ])('puts a place %s where it lies', (_title, place, at) => {
    expect(withPlace(ends, via, place).indexOf(place)).toBe(at);
  });
});

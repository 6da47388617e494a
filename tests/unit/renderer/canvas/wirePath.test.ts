import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsAlongLine, wirePath } from '../../../../renderer/canvas/wirePath';

const point = fc.integer({ min: -4000, max: 4000 });
const numbers = (path: string): number[] => (path.match(/-?\d+(\.\d+)?(e-?\d+)?/g) ?? []).map(Number);

describe('wirePath', () => {
  it('starts and ends at the ports, whatever lies between', () => {
    fc.assert(
      fc.property(point, point, point, point, fc.boolean(), (sourceX, sourceY, targetX, targetY, isCrossing) => {
        const { path } = wirePath({ sourceX, sourceY, targetX, targetY }, isCrossing);
        const all = numbers(path);
        expect(all.slice(0, 2)).toEqual([sourceX, sourceY]);
        expect(all.slice(-2)).toEqual([targetX, targetY]);
        expect(path).not.toMatch(/NaN|Infinity/);
      }),
    );
  });

  it('is a straight line where the ends are level', () => {
    expect(wirePath({ sourceX: 0, sourceY: 40, targetX: 60, targetY: 40 }).path).toBe('M0 40L60 40');
  });

  it('arcs above nodes that stand in its way', () => {
    const { labelY } = wirePath({ sourceX: 0, sourceY: 100, targetX: 900, targetY: 100 }, true);
    expect(labelY).toBeLessThan(100 - 42);
  });

  it.each([
    [60, 0, false],
    [400, 0, true],
    [400, 80, false],
    [-400, 0, false],
  ])('a wire %i px right and %i px down runs along its line: %s', (targetX, targetY, expected) => {
    expect(runsAlongLine({ sourceX: 0, sourceY: 0, targetX, targetY })).toBe(expected);
  });
});

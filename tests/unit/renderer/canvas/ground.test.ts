import { describe, expect, it } from 'vitest';
import { shiftOf } from '../../../../renderer/canvas/Ground';

describe('the sheet of dots', () => {
  it.each([
    { offset: 0, tile: 20, shift: -20 },
    { offset: 7, tile: 20, shift: -13 },
    { offset: 47, tile: 20, shift: -13 },
    { offset: -7, tile: 20, shift: -7 },
    { offset: -400, tile: 20, shift: -20 },
  ])('moved by $offset with a tile of $tile, lies at $shift', ({ offset, tile, shift }) => {
    expect(shiftOf(offset, tile, 1)).toBe(shift);
  });

  it('covers the canvas and stands on whole pixels of the screen, whatever the view', () => {
    for (const pixelRatio of [1, 1.5, 2]) {
      for (let offset = -61.3; offset < 61; offset += 1.7) {
        const tile = 17.4;
        const shift = shiftOf(offset, tile, pixelRatio);
        expect(Number.isInteger(Math.round(shift * pixelRatio * 1e6) / 1e6)).toBe(true);
        expect(shift).toBeLessThanOrEqual(0);
        expect(shift).toBeGreaterThanOrEqual(-Math.ceil(tile));
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import { inkBounds, inkCenter } from '../../../../renderer/training/drawing';

describe('a drawing', () => {
  /** A black 6×4 board with white at the given places. */
  const board = (...lit: readonly (readonly [x: number, y: number])[]): Uint8ClampedArray => {
    const data = new Uint8ClampedArray(6 * 4 * 4);
    for (const [x, y] of lit) data.set([255, 255, 255, 255], 4 * (y * 6 + x));
    return data;
  };

  it('is bounded by its ink', () => {
    expect(inkBounds(board([1, 1], [4, 2]), 6, 4)).toEqual({ left: 1, top: 1, width: 4, height: 2 });
    expect(inkBounds(board(), 6, 4)).toBeNull();
  });

  it('has its centre of mass between its dots', () => {
    expect(inkCenter(board([1, 1], [4, 2]), 6, 4)).toEqual([3, 2]);
    expect(inkCenter(board(), 6, 4)).toEqual([3, 2]);
  });
});

import { describe, expect, it } from 'vitest';
import { fieldCard, placeField } from '../../../../renderer/canvas/placeField';

const pane = { width: 1000, height: 600 };
const card = (x: number, y: number) => ({ x, y, width: 150, height: 80 });

describe('the card of a receptive field', () => {
  it('stands below the node that gives the picture', () => {
    expect(placeField(pane, card(100, 100), card(700, 100))).toEqual({ x: 100, y: 192 });
  });

  it('stands elsewhere where the node that it tells of is there', () => {
    const place = placeField(pane, card(100, 100), card(120, 250));
    expect(place.x).toBe(pane.width - fieldCard.width - 12);
  });

  it.each([
    ['out of view on the left', card(-900, 100)],
    ['out of view below', card(100, 2000)],
  ])('stays in the pane when that is %s', (_where, input) => {
    const { x, y } = placeField(pane, input, card(700, 300));
    expect(x).toBeGreaterThanOrEqual(12);
    expect(x + fieldCard.width).toBeLessThanOrEqual(pane.width);
    expect(y).toBeGreaterThanOrEqual(12);
    expect(y + fieldCard.height).toBeLessThanOrEqual(pane.height);
  });

  it('is never outside of a pane that is too small for it', () => {
    expect(placeField({ width: 200, height: 150 }, card(0, 0), card(20, 20))).toEqual({ x: 12, y: 12 });
  });
});

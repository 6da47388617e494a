import { describe, expect, it } from 'vitest';
import { placeCard } from '../../../../renderer/problems/placeCard';

const pane = { width: 900, height: 600 };
const node = (left: number, top: number) => ({ left, top, width: 152, height: 84 });

describe('placeCard', () => {
  it.each([
    ['top left', node(40, 40), { side: 'bottom', align: 'start' }],
    ['top right', node(720, 40), { side: 'bottom', align: 'end' }],
    ['bottom left', node(40, 480), { side: 'right', align: 'end' }],
    ['bottom right', node(720, 480), { side: 'left', align: 'end' }],
    ['middle', node(300, 250), { side: 'right', align: 'start' }],
  ] as const)('of a node at the %s keeps the card on the canvas', (_where, rect, expected) => {
    expect(placeCard(rect, pane)).toMatchObject(expected);
  });

  it('of a node in a narrow pane scrolls on the roomier side', () => {
    const narrow = { width: 340, height: 400 };
    expect(placeCard(node(100, 280), narrow)).toMatchObject({ side: 'top', maxHeight: 266 });
    expect(placeCard(node(100, 60), narrow)).toMatchObject({ side: 'bottom', maxHeight: 242 });
  });
});

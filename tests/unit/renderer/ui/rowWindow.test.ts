import { expect, it } from 'vitest';
import { rowsInSight } from '../../../../renderer/ui/useRowWindow';

const height = 300;
const rowHeight = 30;

it.each([
  ['at its start', 0, null],
  ['in its midst', 60_000, null],
  ['at its end', 149_700, null],
  ['scrolled beyond the end of what it has become', 400_000, null],
  ['with a row above that is worked in', 60_000, 3],
  ['with a row below that is worked in', 60_000, 4999],
])(
  'a table of 5,000 rows %s is as high as all of them, shows what is in sight, and has few on the page',
  (_, top, pinned) => {
    const { rows, roomAfter } = rowsInSight(5000, { top, height, rowHeight }, pinned);
    const indices = rows.map(({ index }) => index);
    const room = rows.reduce((sum, { roomBefore }) => sum + roomBefore, 0) + roomAfter;
    expect(room + rows.length * rowHeight).toBe(5000 * rowHeight);
    expect(rows.length).toBeLessThan(60);
    expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
    const first = Math.min(top / rowHeight, 4990);
    for (const index of [first, first + 9, ...(pinned === null ? [] : [pinned])]) expect(indices).toContain(index);
  },
);

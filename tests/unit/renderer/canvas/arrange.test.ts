import { describe, expect, it } from 'vitest';
import type { Box } from '../../../../renderer/canvas/arrange';
import { aligned, alignments, boxAround, distributed, snapTo } from '../../../../renderer/canvas/arrange';
import { alikeOf, reachOf } from '../../../../renderer/canvas/reach';
import { chain } from '../../../support/chain';

const boxes = new Map<string, Box>([
  ['a', { x: 0, y: 0, width: 100, height: 40 }],
  ['b', { x: 130, y: 50, width: 100, height: 80 }],
  ['c', { x: 400, y: 10, width: 100, height: 40 }],
]);

describe('nodes that are aligned', () => {
  it.each([
    ['left', { a: 0, b: 0, c: 0 }],
    ['centre', { a: 200, b: 200, c: 200 }],
    ['right', { a: 400, b: 400, c: 400 }],
  ] as const)('%s keep their heights', (how, xs) => {
    for (const [id, place] of Object.entries(aligned(boxes, how))) {
      expect(place).toEqual({ x: xs[id as 'a'], y: boxes.get(id)?.y });
    }
  });

  it.each([
    ['top', { a: 0, b: 0, c: 0 }],
    ['middle', { a: 45, b: 25, c: 45 }],
    ['bottom', { a: 90, b: 50, c: 90 }],
  ] as const)('%s keep their places across', (how, ys) => {
    for (const [id, place] of Object.entries(aligned(boxes, how))) {
      expect(place).toEqual({ x: boxes.get(id)?.x, y: ys[id as 'a'] });
    }
  });

  it.each(alignments)('%s stay where they are when it is done again', (how) => {
    const once = aligned(boxes, how);
    const moved = new Map([...boxes].map(([id, box]) => [id, { ...box, ...once[id] }]));
    expect(aligned(moved, how)).toEqual(once);
  });
});

describe('nodes that are distributed', () => {
  it('have equal gaps, whatever their sizes, and the outermost stay', () => {
    expect(distributed(boxes, 'x')).toEqual({ a: { x: 0, y: 0 }, b: { x: 200, y: 50 }, c: { x: 400, y: 10 } });
    const down = distributed(boxes, 'y');
    const sorted = [...boxes].map(([id, box]) => ({ ...box, ...down[id] })).sort((one, other) => one.y - other.y);
    const gaps = sorted.slice(1).map((box, at) => box.y - sorted[at]!.y - sorted[at]!.height);
    expect(gaps[0]).toBeCloseTo(gaps[1]!);
    expect(down['a']).toEqual({ x: 0, y: 0 });
    expect(down['b']).toEqual({ x: 130, y: 50 });
  });
});

describe('a dragged box', () => {
  const other: Box = { x: 100, y: 100, width: 100, height: 40 };

  it('snaps to the nearest line of another within reach, and shows it from end to end', () => {
    const snap = snapTo({ x: 103, y: 300, width: 100, height: 40 }, [other], 6);
    expect(snap).toMatchObject({ dx: -3, dy: null });
    expect(snap.guides).toContainEqual({ axis: 'x', at: 100, from: 100, to: 340 });
    expect(snap.guides).toHaveLength(3);
  });

  it('snaps middles where the sizes differ', () => {
    const snap = snapTo({ x: 400, y: 89, width: 20, height: 60 }, [other], 6);
    expect(snap).toMatchObject({ dx: null, dy: 1, guides: [{ axis: 'y', at: 120, from: 100, to: 420 }] });
  });

  it('stays where nothing is within reach', () => {
    expect(snapTo({ x: 107, y: 300, width: 100, height: 40 }, [other], 6)).toEqual({ dx: null, dy: null, guides: [] });
  });

  it('is the one around all that is dragged', () => {
    expect(boxAround(boxes.values())).toEqual({ x: 0, y: 0, width: 500, height: 130 });
    expect(boxAround([])).toBeUndefined();
  });
});

describe('what is selected with a node', () => {
  const network = chain([
    ['x', 'input'],
    ['a', 'conv'],
    ['b', 'conv', {}, ['x']],
    ['s', 'add', {}, ['a', 'b']],
    ['f', 'fc'],
  ]);

  it('is all that it reads, or all that it feeds', () => {
    expect([...reachOf(network, ['s'], 'upstream')].sort()).toEqual(['a', 'b', 's', 'x']);
    expect([...reachOf(network, ['a'], 'downstream')].sort()).toEqual(['a', 'f', 's']);
    expect(
      [
        ...reachOf(
          {
            edges: [
              { from: 'a', to: 'b' },
              { from: 'b', to: 'a' },
            ],
          },
          ['a'],
          'upstream',
        ),
      ].sort(),
    ).toEqual(['a', 'b']);
  });

  it('is all of its kind', () => {
    expect(alikeOf(network, new Set(['a']))).toEqual(['a', 'b']);
    expect(alikeOf(network, new Set(['a', 'f']))).toEqual(['a', 'b', 'f']);
  });
});

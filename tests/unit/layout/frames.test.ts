import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldFrames, heldNodes, keepAround } from '../../../shared/layout/frames';
import { layoutCell, layoutNetwork } from '../../../shared/layout/layoutNetwork';
import { textWidth, wrapText } from '../../../shared/layout/textWidth';
import { tidyNetwork } from '../../../shared/layout/tidy';
import type { Frame, NetworkDocument } from '../../../shared/schema/document';
import { chain } from '../../support/chain';

const { nodeWidth, nodeHeight } = layoutCell;

/** A chain of so many layers as the layout places it. */
function laidOut(count: number): NetworkDocument {
  const document = chain([
    ['x', 'input', { shape: [64, 64, 3] }],
    ...Array.from({ length: count - 1 }, (_, at) => [`c${at + 1}`, 'conv', { filters: 4, kernelSize: 1 }] as const),
  ]);
  const positions = layoutNetwork(document);
  return { ...document, nodes: document.nodes.map((node) => ({ ...node, position: positions[node.id]! })) };
}

function frameAround(document: NetworkDocument, ids: readonly string[], id = 'f', note?: string): Frame {
  const places = document.nodes.flatMap((node) => (ids.includes(node.id) && node.position ? [node.position] : []));
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs) - 16, Math.min(...ys) - 40];
  return {
    id,
    title: id,
    ...(note !== undefined && { note }),
    position: { x, y },
    size: { width: Math.max(...xs) + nodeWidth + 16 - x, height: Math.max(...ys) + nodeHeight + 16 - y },
  };
}

function tidied(document: NetworkDocument): NetworkDocument {
  const { positions, frames } = tidyNetwork(document);
  return {
    ...document,
    frames,
    nodes: document.nodes.map((node) => ({ ...node, position: positions[node.id]! })),
  };
}

describe('what a frame holds', () => {
  const frame: Frame = { id: 'f', title: '', position: { x: 0, y: 0 }, size: { width: 200, height: 100 } };

  it.each([
    ['wholly inside', 10, 8, true],
    ['with its middle inside', 199 - nodeWidth / 2, 8, true],
    ['with its middle on the far edge', 200 - nodeWidth / 2, 8, false],
    ['only touching it', -nodeWidth + 4, 0, false],
    ['covering its upper edge, but not with the middle', 0, -nodeHeight / 2 - 1, false],
  ])('a card %s: %s, %s', (_title, x, y, isHeld) => {
    const node = { id: 'n', kind: 'conv', params: {}, position: { x, y } };
    expect(heldNodes(frame, [node])).toEqual(isHeld ? ['n'] : []);
  });

  it('is no node without a place, no frame of its own size, and every smaller one within', () => {
    expect(heldNodes(frame, [{ id: 'n', kind: 'conv', params: {} }])).toEqual([]);
    const small = { ...frame, id: 'small', size: { width: 50, height: 100 } };
    expect(heldFrames(frame, [frame, { ...frame, id: 'twin' }, small])).toEqual([small]);
  });
});

describe('frames when nodes are moved by others', () => {
  it('grow by as much as what they hold is drawn apart', () => {
    const before = laidOut(5);
    const frame = frameAround(before, ['c1', 'c2']);
    const after = {
      ...before,
      frames: [frame],
      nodes: before.nodes.map((node) =>
        ['c2', 'c3', 'c4'].includes(node.id)
          ? { ...node, position: { x: node.position!.x + layoutCell.pitchX, y: node.position!.y } }
          : node,
      ),
    };
    const kept = keepAround({ ...before, frames: [frame] }, after);
    expect(kept.frames![0]!.size.width).toBe(frame.size.width + layoutCell.pitchX);
    expect(kept.frames![0]!.position).toEqual(frame.position);
    expect(heldNodes(kept.frames![0]!, kept.nodes)).toEqual(['c1', 'c2']);
  });
});

describe('tidying with frames', () => {
  it('keeps a chain level through a frame, and stays as it is a second time', () => {
    const before = laidOut(6);
    const after = tidied({ ...before, frames: [frameAround(before, ['c1', 'c2'])] });
    expect(new Set(after.nodes.map(({ position }) => position!.y)).size).toBe(1);
    expect(heldNodes(after.frames![0]!, after.nodes)).toEqual(['c1', 'c2']);
    expect(tidied(after)).toEqual(after);
  });

  it('takes in what is put between layers that a frame holds', () => {
    const before = laidOut(4);
    const frames = [frameAround(before, ['c1', 'c2'])];
    const document: NetworkDocument = {
      ...before,
      frames,
      nodes: [...before.nodes, { id: 'new', kind: 'activation', params: {} }],
      edges: [
        { from: 'x', to: 'c1' },
        { from: 'c1', to: 'new' },
        { from: 'new', to: 'c2' },
        { from: 'c2', to: 'c3' },
      ],
    };
    const after = tidied(document);
    expect(heldNodes(after.frames![0]!, after.nodes).toSorted()).toEqual(['c1', 'c2', 'new']);
  });

  it('moves a note out of the way of cards, and leaves one that is in nobody’s way', () => {
    const document = laidOut(3);
    const far: Frame = { id: 'far', title: '', position: { x: 5000, y: 0 }, size: { width: 100, height: 100 } };
    const spread = {
      ...document,
      nodes: document.nodes.map((node, at) => ({ ...node, position: { x: at * 900, y: 600 } })),
      frames: [{ ...far, id: 'near', position: { x: 190, y: 0 }, size: { width: 200, height: 120 } }, far],
    };
    const { frames, positions } = tidyNetwork(spread);
    expect(frames[1]).toEqual(far);
    expect(frames[0]!.position.y + 120).toBeLessThan(Math.min(...Object.values(positions).map(({ y }) => y)));
  });

  it('goes on holding what each frame held, and nothing else, whatever is framed and however deep', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 24 }),
        fc.array(fc.tuple(fc.nat(23), fc.nat(8), fc.boolean()), { minLength: 1, maxLength: 3 }),
        (count, spans) => {
          const document = laidOut(count);
          // One in each row of its own, so that the frames cross nobody.
          const rows = document.nodes.map((node, at) => ({ ...node, position: { x: at * 300, y: 0 } }));
          const nested: Frame[] = [];
          let [low, high] = [0, count - 1];
          for (const [at, length, hasNote] of spans) {
            low = Math.min(high, low + (at % (high - low + 1)));
            high = Math.min(high, low + length);
            const ids = rows.slice(low, high + 1).map(({ id }) => id);
            const own = frameAround(
              { ...document, nodes: rows },
              ids,
              `f${nested.length}`,
              hasNote ? 'a note' : undefined,
            );
            const inset = nested.length * 4;
            nested.push({
              ...own,
              position: { x: own.position.x, y: own.position.y + inset },
              size: { width: own.size.width, height: own.size.height - 2 * inset },
            });
          }
          const before = { ...document, nodes: rows, frames: nested };
          const after = tidied(before);
          for (const [index, frame] of nested.entries()) {
            expect(heldNodes(after.frames![index]!, after.nodes)).toEqual(heldNodes(frame, rows));
          }
          const cards = after.nodes.map(({ position }) => position!);
          for (const [one, a] of cards.entries()) {
            for (const b of cards.slice(one + 1)) {
              expect(Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= nodeHeight).toBe(true);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('wrapText', () => {
  it.each([
    ['a few words', 'one two three', 60],
    ['Han characters', '这一段是编码器的部分', 50],
    ['one long word', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa', 40],
  ])('breaks %s into lines that fit, and loses nothing', (_title, given, width) => {
    const lines = wrapText(given, 10, width);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(textWidth(line, 10)).toBeLessThanOrEqual(width);
    expect(lines.join('').replaceAll(' ', '')).toBe(given.replaceAll(' ', ''));
  });

  it('keeps paragraphs and empty lines', () => {
    expect(wrapText('a\n\nb', 10, 100)).toEqual(['a', '', 'b']);
  });
});

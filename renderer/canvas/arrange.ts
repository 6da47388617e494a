import type { Position } from '../../shared/schema/document';

/** Where a node is and how large, in canvas pixels. */
export type Box = Position & { readonly width: number; readonly height: number };

/** Ways to put several nodes into line. */
export const alignments = ['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const;
export type Alignment = (typeof alignments)[number];

/** Places by node id. */
export type Places = Readonly<Record<string, Position>>;

type Axis = 'x' | 'y';
const sizeOf = { x: 'width', y: 'height' } as const;

/** The start, middle or end of a box along an axis. */
function edgeOf(box: Box, axis: Axis, share: number): number {
  return box[axis] + box[sizeOf[axis]] * share;
}

const lines = {
  left: ['x', 0],
  centre: ['x', 0.5],
  right: ['x', 1],
  top: ['y', 0],
  middle: ['y', 0.5],
  bottom: ['y', 1],
} as const satisfies Record<Alignment, readonly [Axis, number]>;

/** Nodes put into one line: at the outermost edge of them all, or at the middle of the whole. */
export function aligned(boxes: ReadonlyMap<string, Box>, how: Alignment): Places {
  const [axis, share] = lines[how];
  const all = [...boxes.values()];
  const near = Math.min(...all.map((box) => edgeOf(box, axis, 0)));
  const far = Math.max(...all.map((box) => edgeOf(box, axis, 1)));
  const line = near + (far - near) * share;
  return Object.fromEntries(
    [...boxes].map(([id, box]) => [id, { x: box.x, y: box.y, [axis]: line - box[sizeOf[axis]] * share }]),
  );
}

/** Nodes spread so that the gaps between them are equal; the two outermost stay where they are. */
export function distributed(boxes: ReadonlyMap<string, Box>, axis: Axis): Places {
  const size = sizeOf[axis];
  const sorted = [...boxes].sort(([, a], [, b]) => a[axis] - b[axis]);
  const first = sorted[0]?.[1];
  const last = sorted.at(-1)?.[1];
  if (first === undefined || last === undefined) return {};
  const taken = sorted.reduce((sum, [, box]) => sum + box[size], 0);
  const gap = (last[axis] + last[size] - first[axis] - taken) / Math.max(1, sorted.length - 1);
  let at = first[axis];
  return Object.fromEntries(
    sorted.map(([id, box]) => {
      const place = { x: box.x, y: box.y, [axis]: at };
      at += box[size] + gap;
      return [id, place];
    }),
  );
}

/** A line that dragged nodes have snapped to: where it is across its axis, and from where to where it reaches along the other. */
export type Guide = { readonly axis: Axis; readonly at: number; readonly from: number; readonly to: number };

/** How far to move what is dragged so that it is in line with something, and the lines that show it. */
export type Snap = { readonly dx: number | null; readonly dy: number | null; readonly guides: readonly Guide[] };

/** The box around several; undefined around none. */
export function boxAround(boxes: Iterable<Box>): Box | undefined {
  const all = [...boxes];
  if (all.length === 0) return undefined;
  const x = Math.min(...all.map((box) => box.x));
  const y = Math.min(...all.map((box) => box.y));
  const width = Math.max(...all.map((box) => box.x + box.width)) - x;
  const height = Math.max(...all.map((box) => box.y + box.height)) - y;
  return { x, y, width, height };
}

const shares = [0, 0.5, 1] as const;

/** The smallest move along an axis that brings a line of the box onto the same line of another, within reach. */
function nearest(box: Box, others: readonly Box[], axis: Axis, reach: number): number | null {
  let best: number | null = null;
  for (const other of others) {
    for (const share of shares) {
      const move = edgeOf(other, axis, share) - edgeOf(box, axis, share);
      if (Math.abs(move) <= reach && (best === null || Math.abs(move) < Math.abs(best))) best = move;
    }
  }
  return best;
}

function guidesAlong(box: Box, others: readonly Box[], axis: Axis): readonly Guide[] {
  const across: Axis = axis === 'x' ? 'y' : 'x';
  return shares.flatMap((share): Guide[] => {
    const at = edgeOf(box, axis, share);
    const met = others.filter((other) => Math.abs(edgeOf(other, axis, share) - at) < 0.01);
    if (met.length === 0) return [];
    const ends = [box, ...met].flatMap((one) => [edgeOf(one, across, 0), edgeOf(one, across, 1)]);
    return [{ axis, at, from: Math.min(...ends), to: Math.max(...ends) }];
  });
}

/** Puts a dragged box into line with the edges and middles of others that are within reach. One pass over the others. */
export function snapTo(box: Box, others: readonly Box[], reach: number): Snap {
  const dx = nearest(box, others, 'x', reach);
  const dy = nearest(box, others, 'y', reach);
  const moved = { ...box, x: box.x + (dx ?? 0), y: box.y + (dy ?? 0) };
  return {
    dx,
    dy,
    guides: [
      ...(dx === null ? [] : guidesAlong(moved, others, 'x')),
      ...(dy === null ? [] : guidesAlong(moved, others, 'y')),
    ],
  };
}

import type { Position } from '../schema/document';
import { extentOf, extentOfBox, overlap, passesThrough, type Box, type Extent } from './boxes';
import type { Drawing } from './drawing';
import { layoutCell } from './geometry';
import { lengthOf } from './route';
import { piecesOf } from './router';
import { view } from './view';

/** A wire as a line, with the ids of its ends. */
export type MeasuredWire = { readonly from: string; readonly to: string; readonly points: readonly Position[] };

/** How well a network is drawn. */
export type LayoutQuality = {
  /** Pairs of wires that cross, those that share an end and part there left out. */
  readonly crossings: number;
  /** Wires that run over a node which they do not belong to, or over their own. */
  readonly underNodes: number;
  /** Wires of which a piece lies on another's of another output, so that they cannot be told apart. */
  readonly hidden: number;
  /** How long all wires are, in units of what they would be if each joined neighbours. */
  readonly length: number;
  /** Width by height of all nodes and wires. */
  readonly aspect: number;
  /** At which scale all of it fits the view, at most 1. */
  readonly zoom: number;
};

/** Measures a drawing. */
export function measureDrawing({ nodes, wires }: Drawing): LayoutQuality {
  const measured = [...wires].map(([{ from, to }, { route }]) => ({
    from,
    to,
    points: route.points,
  }));
  return measure(nodes, measured);
}

/** Measures nodes and lines, whoever drew them. */
export function measure(nodes: ReadonlyMap<string, Box>, wires: readonly MeasuredWire[]): LayoutQuality {
  const lines = wires.map((wire) => ({ ...wire, extent: extentOf(wire.points) }));
  let [crossings, length] = [0, 0];
  const hidden = new Set<MeasuredWire>();
  for (const [at, a] of lines.entries()) {
    length += lengthOf(a.points);
    for (const b of lines.slice(at + 1)) {
      if (!overlap(widened(a.extent), widened(b.extent))) continue;
      if (doCross(a, b)) crossings += 1;
      if (a.from !== b.from && lieTogether(a, b)) {
        hidden.add(a);
        hidden.add(b);
      }
    }
  }
  const whole = extentOf([
    ...lines.flatMap(({ points }) => points),
    ...[...nodes.values()].flatMap(({ x, y, width, height }) => [
      { x, y },
      { x: x + width, y: y + height },
    ]),
  ]);
  const [width, height] = [whole.right - whole.left, whole.bottom - whole.top];
  return {
    crossings,
    underNodes: lines.filter((line) => runsUnder(nodes, line)).length,
    hidden: hidden.size,
    length: wires.length === 0 ? 1 : length / (wires.length * (layoutCell.pitchX - layoutCell.nodeWidth)),
    aspect: nodes.size === 0 ? 1 : width / height,
    zoom: nodes.size === 0 ? 1 : Math.min(1, view.width / width, view.height / height),
  };
}

function widened({ left, top, right, bottom }: Extent): Extent {
  return { left: left - 4, top: top - 4, right: right + 4, bottom: bottom + 4 };
}

function runsUnder(
  nodes: ReadonlyMap<string, Box>,
  { from, to, points, extent }: MeasuredWire & { extent: Extent },
): boolean {
  return [...nodes].some(([id, box]) => {
    // A wire may touch the edge of its own nodes, and no other's.
    const inside = extentOfBox(box, id === from || id === to ? -8 : -1);
    if (!overlap(inside, widened(extent))) return false;
    return points.some((point, at) => {
      const before = points[at - 1];
      return before !== undefined && passesThrough(before, point, inside);
    });
  });
}

/** Where two wires of one output or one node part, they touch; that is no crossing. */
const endRoom = 14;

function doCross(a: MeasuredWire, b: MeasuredWire): boolean {
  const shared = [
    ...(a.from === b.from ? [a.points[0]] : []),
    ...(a.to === b.to ? [a.points.at(-1)] : []),
    ...(a.from === b.to ? [a.points[0]] : []),
    ...(a.to === b.from ? [a.points.at(-1)] : []),
  ];
  for (const [i, a2] of a.points.entries()) {
    const a1 = a.points[i - 1];
    if (a1 === undefined) continue;
    for (const [j, b2] of b.points.entries()) {
      const b1 = b.points[j - 1];
      // Where one of two wires from one output turns off, they touch.
      const at = b1 === undefined ? null : intersection(a1, a2, b1, b2, a.from === b.from ? 1e-6 : 0);
      if (at === null) continue;
      if (shared.every((end) => end === undefined || Math.hypot(end.x - at.x, end.y - at.y) > endRoom)) return true;
    }
  }
  return false;
}

/** Where two lines cross, further than a share of each from its ends. */
function intersection(a: Position, b: Position, c: Position, d: Position, margin: number): Position | null {
  const [rx, ry, sx, sy] = [b.x - a.x, b.y - a.y, d.x - c.x, d.y - c.y];
  const turn = rx * sy - ry * sx;
  if (Math.abs(turn) < 1e-9) return null;
  const t = ((c.x - a.x) * sy - (c.y - a.y) * sx) / turn;
  const u = ((c.x - a.x) * ry - (c.y - a.y) * rx) / turn;
  const isInside = (share: number): boolean => share >= margin && share <= 1 - margin;
  return isInside(t) && isInside(u) ? { x: a.x + t * rx, y: a.y + t * ry } : null;
}

/** Lines this near to each other look like one. */
const oneLine = 3;
/** So much of them may lie together: where they cross at a flat angle. */
const oneLineLength = 12;

function lieTogether(a: MeasuredWire, b: MeasuredWire): boolean {
  const others = [...piecesOf('', b.points)];
  return [...piecesOf('', a.points)].some(([axis, piece]) =>
    others.some(
      ([otherAxis, other]) =>
        axis === otherAxis &&
        Math.abs(piece.at - other.at) < oneLine &&
        Math.min(piece.to, other.to) - Math.max(piece.from, other.from) > oneLineLength,
    ),
  );
}

import type { Position } from '../schema/document';
import { extentOfBox, type Box, type BoxIndex } from './boxes';
import { layoutCell, wireGap, type Port, type Side } from './geometry';
import { bentWay, curvedWay, laneWay, type Way } from './route';

/** One end of a wire. */
export type WireEnd = { readonly box: Box; readonly port: Port };

/** How far from a node an arc runs over it: in the middle between two lines of nodes. */
export const arcLift = 24;
/** Wires side by side are this far apart: the shape that one carries is written between them. */
const wirePitch = 16;

/** Where a wire begins or ends: at the ring around the port. */
export function portEnd({ box, port }: WireEnd): Position {
  const out: Record<Side, readonly [number, number]> = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] };
  const [dx, dy] = out[port.side];
  return { x: box.x + port.x + dx * wireGap, y: box.y + port.y + dy * wireGap };
}

/** Heights at which a level line from one x to another meets no node, between two bounds. */
function freeHeights(index: BoxIndex, x1: number, x2: number, top: number, bottom: number): readonly number[] {
  const extent = { left: Math.min(x1, x2) - 1, right: Math.max(x1, x2) + 1, top, bottom };
  const taken = [...index.near(extent)].map((box) => extentOfBox(box, arcLift)).sort((a, b) => a.top - b.top);
  const free: number[] = [];
  let from = top;
  for (const box of taken) {
    if (box.top >= from) free.push(from, (from + box.top) / 2, box.top);
    from = Math.max(from, box.bottom);
  }
  if (from <= bottom) free.push(from, (from + bottom) / 2, bottom);
  return free;
}

/** How far an arc may go around nodes. */
export const arcRange = 480;

/** Ways over (or under) what stands between two nodes. */
export function arcs(index: BoxIndex, from: WireEnd, to: WireEnd): readonly Way[] {
  const [start, end] = [portEnd(from), portEnd(to)];
  const isOver = from.port.side === 'top';
  const near = isOver ? Math.min(from.box.y, to.box.y) - arcLift : bottomOf(from, to) + arcLift;
  const heights = isOver
    ? freeHeights(index, start.x, end.x, near - arcRange, near)
    : freeHeights(index, start.x, end.x, near, near + arcRange);
  const best = [...new Set(heights)].sort((a, b) => Math.abs(a - near) - Math.abs(b - near)).slice(0, 4);
  const outwards = isOver ? -wirePitch : wirePitch;
  return [near, ...best]
    .flatMap((y) => [0, 1, 2, 3, 4].map((step) => y + step * outwards))
    .map((y) => bentWay([start, { x: start.x, y }, { x: end.x, y }, end]));
}

function bottomOf(from: WireEnd, to: WireEnd): number {
  return Math.max(from.box.y + from.box.height, to.box.y + to.box.height);
}

const offsets = [0, 1, -1, 2, -2].map((step) => step * wirePitch);

/** Ways from one level to the left side of a node on another: down in front of it. */
function* descents(index: BoxIndex, from: WireEnd, to: WireEnd): Generator<Way> {
  const [start, end] = [portEnd(from), portEnd(to)];
  const isDown = from.port.side === 'bottom';
  const leave = start.y + (isDown ? 1 : -1) * (arcLift - wireGap);
  const [top, bottom] = isDown ? [leave, Math.max(leave, end.y)] : [Math.min(leave, end.y), leave];
  const heights = freeHeights(index, start.x, end.x - arcLift, top, bottom);
  for (const height of new Set([leave, ...heights])) {
    for (const offset of offsets) {
      for (const before of [arcLift - wireGap, arcLift + wirePitch]) {
        const [x, y] = [end.x - before, height + offset];
        yield bentWay([start, { x: start.x, y }, { x, y }, { x, y: end.y }, end]);
      }
    }
  }
}

/** Levels further apart are changed close to where the wire ends. */
const farApart = 2 * layoutCell.pitchY;

/** Ways from one level to another, from below the one node to above the other or the other way round. */
function* crossings(index: BoxIndex, from: WireEnd, to: WireEnd): Generator<Way> {
  const [start, end] = [portEnd(from), portEnd(to)];
  if (Math.abs(start.x - end.x) < 1) yield bentWay([start, { x: start.x, y: end.y }]);
  const [top, bottom] = [Math.min(start.y, end.y), Math.max(start.y, end.y)];
  const near = end.y + Math.sign(start.y - end.y) * (arcLift - wireGap);
  const heights = new Set([
    ...(bottom - top < farApart ? [(top + bottom) / 2] : []),
    near,
    ...freeHeights(index, start.x, end.x, top + 12, bottom - 12),
  ]);
  // Away from where it ends first: arcs over that line run close to it.
  const away = Math.sign(start.y - end.y);
  for (const height of heights) {
    for (const offset of offsets) {
      const y = height + offset * away;
      if (y > top + 4 && y < bottom - 4) yield bentWay([start, { x: start.x, y }, { x: end.x, y }, end]);
    }
  }
  // Down to the lines below past nodes that stand in the way.
  const leave = start.y + Math.sign(end.y - start.y) * (arcLift - wireGap);
  const inWay = index.near({ left: Math.min(start.x, end.x) - 1, right: Math.max(start.x, end.x) + 1, top, bottom });
  const columns = [...inWay].flatMap(({ x, width }) => [x - arcLift, x + width + arcLift]);
  for (const x of new Set(columns)) {
    yield bentWay([start, { x: start.x, y: leave }, { x, y: leave }, { x, y: near }, { x: end.x, y: near }, end]);
  }
}

/** The room in which a forward wire changes its height: the gap between two nodes of a line. */
const bendRoom = 52;

/** Ways forward: a curve, or level for most of the way. */
function* forward(index: BoxIndex, from: WireEnd, to: WireEnd): Generator<Way> {
  const [start, end] = [portEnd(from), portEnd(to)];
  const width = end.x - start.x;
  // Close by, or nothing in between: as a hand would draw it.
  if (width <= 2 * bendRoom || Math.abs(start.y - end.y) < 0.5) yield curvedWay(start, end);
  if (width > bendRoom) {
    const gap = Math.min(bendRoom, width / 2);
    const [top, bottom] = [Math.min(start.y, end.y) - arcRange, Math.max(start.y, end.y) + arcRange];
    yield laneWay(start, start.y, end, gap);
    yield laneWay(start, end.y, end, gap);
    const free = freeHeights(index, start.x + gap, end.x - gap, top, bottom);
    const middle = (start.y + end.y) / 2;
    const near = [...new Set(free)].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).slice(0, 6);
    for (const height of near) for (const offset of offsets) yield laneWay(start, height + offset, end, gap);
  }
  yield curvedWay(start, end);
}

/** The ways that a wire may take between two ends, the one that a hand would draw first. */
export function* waysOf(index: BoxIndex, from: WireEnd, to: WireEnd): Generator<Way> {
  const { side } = from.port;
  if (side === 'right') yield* forward(index, from, to);
  else if (side === to.port.side) yield* arcs(index, from, to);
  else if (to.port.side === 'left') yield* descents(index, from, to);
  else yield* crossings(index, from, to);
}

import type { Position } from '../schema/document';
import { cellsOf, extentOf, extentOfBox, passesThrough, type Box, type BoxIndex } from './boxes';
import { layoutCell, wireGap, type Port, type Side } from './geometry';
import { bentRoute, curvedRoute, laneRoute, lengthOf, type Route } from './route';

/** By which sides a wire leaves its source and reaches its target. */
export type WireSides = { readonly from: Side; readonly to: Side };

/** One end of a wire. */
type WireEnd = { readonly box: Box; readonly port: Port };

/** A wire forward needs this much between its nodes; with less it is one that goes back. */
const forwardGap = 16;
/** Nodes whose middles differ by less are on one level. */
const levelSlack = 40;
/** What wires keep from nodes that they pass. */
const clearance = 6;
/** How far from a node an arc runs over it: in the middle between two lines of nodes. */
const arcLift = 24;
/** Wires side by side are this far apart. */
const wirePitch = 10;

/** Decides by which sides a wire runs, from where the nodes are alone. */
export function chooseSides(index: BoxIndex, source: Box, target: Box): WireSides {
  const [middle, other] = [source.y + source.height / 2, target.y + target.height / 2];
  if (target.x - source.x - source.width >= forwardGap) {
    if (Math.abs(middle - other) >= levelSlack) return { from: 'right', to: 'left' };
    const start = { x: source.x + source.width + wireGap, y: middle };
    const end = { x: target.x - wireGap, y: other };
    return hits(index, [start, end], source, target) === 0
      ? { from: 'right', to: 'left' }
      : arcSides(index, source, target);
  }
  if (target.y - source.y - source.height >= forwardGap) return levelSides(index, source, target, 'bottom');
  if (source.y - target.y - target.height >= forwardGap) return levelSides(index, source, target, 'top');
  return { from: 'bottom', to: 'bottom' };
}

/** To the side that looks at the source, or to the left where another node stands before that. */
function levelSides(index: BoxIndex, source: Box, target: Box, from: 'top' | 'bottom'): WireSides {
  const to = from === 'top' ? 'bottom' : 'top';
  const end = portEnd(endAt(target, to));
  const level = { x: end.x, y: from === 'top' ? source.y : source.y + source.height };
  return { from, to: hits(index, [level, end], source, target) === 0 ? to : 'left' };
}

/** Over the nodes that are in the way, or under them where that is the shorter way. */
function arcSides(index: BoxIndex, source: Box, target: Box): WireSides {
  const cost = (side: 'top' | 'bottom'): number => {
    const [from, to] = [endAt(source, side), endAt(target, side)];
    const routes = arcs(index, from, to);
    return Math.min(...routes.map((route) => costOf(index, route, source, target)));
  };
  const side = cost('bottom') < cost('top') - 1 ? 'bottom' : 'top';
  return { from: side, to: side };
}

function endAt(box: Box, side: 'top' | 'bottom'): WireEnd {
  return { box, port: { x: box.width / 2, y: side === 'top' ? 0 : box.height, side } };
}

/** Where a wire begins or ends: at the ring around the port. */
export function portEnd({ box, port }: WireEnd): Position {
  const out: Record<Side, readonly [number, number]> = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] };
  const [dx, dy] = out[port.side];
  return { x: box.x + port.x + dx * wireGap, y: box.y + port.y + dy * wireGap };
}

/** Nodes that a line runs over, its own ones too. */
function hits(index: BoxIndex, points: readonly Position[], source: Box, target: Box): number {
  let count = 0;
  for (const box of index.near(extentOf(points))) {
    const margin = box === source || box === target ? -2 : clearance;
    const extent = extentOfBox(box, margin);
    const isHit = points.some((point, at) => {
      const before = points[at - 1];
      return before !== undefined && passesThrough(before, point, extent);
    });
    if (isHit) count += 1;
  }
  return count;
}

function costOf(index: BoxIndex, { points }: Route, source: Box, target: Box): number {
  return 10_000 * hits(index, points, source, target) + lengthOf(points) + 12 * points.length;
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
const arcRange = 480;

/** Ways over (or under) what stands between two nodes. */
function arcs(index: BoxIndex, from: WireEnd, to: WireEnd): readonly Route[] {
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
    .map((y) => bentRoute([start, { x: start.x, y }, { x: end.x, y }, end]));
}

function bottomOf(from: WireEnd, to: WireEnd): number {
  return Math.max(from.box.y + from.box.height, to.box.y + to.box.height);
}

const offsets = [0, 1, -1, 2, -2].map((step) => step * wirePitch);

/** Ways from one level to the left side of a node on another: down in front of it. */
function* descents(index: BoxIndex, from: WireEnd, to: WireEnd): Generator<Route> {
  const [start, end] = [portEnd(from), portEnd(to)];
  const isDown = from.port.side === 'bottom';
  const leave = start.y + (isDown ? 1 : -1) * (arcLift - wireGap);
  const [top, bottom] = isDown ? [leave, Math.max(leave, end.y)] : [Math.min(leave, end.y), leave];
  const heights = freeHeights(index, start.x, end.x - arcLift, top, bottom);
  for (const height of new Set([leave, ...heights])) {
    for (const offset of offsets) {
      for (const before of [arcLift - wireGap, arcLift + wirePitch]) {
        const [x, y] = [end.x - before, height + offset];
        yield bentRoute([start, { x: start.x, y }, { x, y }, { x, y: end.y }, end]);
      }
    }
  }
}

/** Levels further apart are changed close to where the wire ends. */
const farApart = 2 * layoutCell.pitchY;

/** Ways from one level to another, from below the one node to above the other or the other way round. */
function* crossings(index: BoxIndex, from: WireEnd, to: WireEnd): Generator<Route> {
  const [start, end] = [portEnd(from), portEnd(to)];
  if (Math.abs(start.x - end.x) < 1) yield bentRoute([start, { x: start.x, y: end.y }]);
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
      if (y > top + 4 && y < bottom - 4) yield bentRoute([start, { x: start.x, y }, { x: end.x, y }, end]);
    }
  }
  // Down to the lines below past nodes that stand in the way.
  const leave = start.y + Math.sign(end.y - start.y) * (arcLift - wireGap);
  const inWay = index.near({ left: Math.min(start.x, end.x) - 1, right: Math.max(start.x, end.x) + 1, top, bottom });
  const columns = [...inWay].flatMap(({ x, width }) => [x - arcLift, x + width + arcLift]);
  for (const x of new Set(columns)) {
    yield bentRoute([start, { x: start.x, y: leave }, { x, y: leave }, { x, y: near }, { x: end.x, y: near }, end]);
  }
}

/** The room in which a forward wire changes its height: the gap between two nodes of a line. */
const bendRoom = 52;

/** Ways forward: a curve, or level for most of the way. */
function* forward(index: BoxIndex, from: WireEnd, to: WireEnd): Generator<Route> {
  const [start, end] = [portEnd(from), portEnd(to)];
  const width = end.x - start.x;
  // Close by, or nothing in between: as a hand would draw it.
  if (width <= 2 * bendRoom || Math.abs(start.y - end.y) < 0.5) yield curvedRoute(start, end);
  if (width > bendRoom) {
    const gap = Math.min(bendRoom, width / 2);
    const [top, bottom] = [Math.min(start.y, end.y) - arcRange, Math.max(start.y, end.y) + arcRange];
    yield laneRoute(start, start.y, end, gap);
    yield laneRoute(start, end.y, end, gap);
    const free = freeHeights(index, start.x + gap, end.x - gap, top, bottom);
    const middle = (start.y + end.y) / 2;
    const near = [...new Set(free)].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).slice(0, 6);
    for (const height of near) for (const offset of offsets) yield laneRoute(start, height + offset, end, gap);
  }
  yield curvedRoute(start, end);
}

function* waysOf(index: BoxIndex, from: WireEnd, to: WireEnd): Generator<Route> {
  const { side } = from.port;
  if (side === 'right') yield* forward(index, from, to);
  else if (side === to.port.side) yield* arcs(index, from, to);
  else if (to.port.side === 'left') yield* descents(index, from, to);
  else yield* crossings(index, from, to);
}

/** A straight piece of a wire along an axis: at what height (or how far right), from where to where, and whose output it is. */
type Piece = { readonly at: number; readonly from: number; readonly to: number; readonly source: string };

/** Wires this near to each other for this long cannot be told apart. */
const tooNear = 6;
const tooLong = 10;
const bandSize = 64;

/** What a crossing with another wire costs, in pixels of a way around. */
const crossingCost = 80;
type Line = { readonly a: Position; readonly b: Position; readonly source: string; readonly target: string };

/** The lines that wires have taken, by where they are. */
function createLines() {
  const cells = new Map<number, Line[]>();
  return {
    add: (line: Line): void => {
      for (const key of cellsOf(extentOf([line.a, line.b]))) {
        const cell = cells.get(key);
        if (cell === undefined) cells.set(key, [line]);
        else cell.push(line);
      }
    },
    /** How many of other outputs and other ends a line crosses. */
    crossed: (line: Line): number => {
      const found = new Set<Line>();
      for (const key of cellsOf(extentOf([line.a, line.b]))) {
        for (const other of cells.get(key) ?? []) {
          if (other.source === line.source || other.target === line.target) continue;
          if (doLinesCross(line.a, line.b, other.a, other.b)) found.add(other);
        }
      }
      return found.size;
    },
  };
}

function doLinesCross(a: Position, b: Position, c: Position, d: Position): boolean {
  const turn = (p: Position, q: Position, r: Position): number => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** A wire by its ends' ids. */
type Wire = { readonly from: string; readonly to: string };

/** Finds ways for wires one after the other, each apart from those that have theirs. */
export function createRouter(index: BoxIndex) {
  const bands = { x: new Map<number, Piece[]>(), y: new Map<number, Piece[]>() };
  const lines = createLines();
  const hidden = (source: string, points: readonly Position[]): number => {
    let count = 0;
    for (const [axis, piece] of piecesOf(source, points)) {
      const band = Math.floor(piece.at / bandSize);
      for (const near of [band - 1, band, band + 1]) {
        for (const other of bands[axis].get(near) ?? []) {
          if (other.source === source || Math.abs(other.at - piece.at) >= tooNear) continue;
          if (Math.min(other.to, piece.to) - Math.max(other.from, piece.from) > tooLong) count += 1;
        }
      }
    }
    return count;
  };
  const linesOf = ({ from, to }: Wire, points: readonly Position[]): readonly Line[] =>
    points.slice(1).map((b, at) => ({ a: points[at] ?? b, b, source: from, target: to }));
  const costOfWay = (wire: Wire, { points }: Route, from: WireEnd, to: WireEnd): number => {
    const over = hits(index, points, from.box, to.box);
    const along = hidden(wire.from, points);
    const crossed = linesOf(wire, points).reduce((sum, line) => sum + lines.crossed(line), 0);
    return 10_000 * over + 2_000 * along + crossingCost * crossed;
  };
  return {
    /** The best way for a wire: the first, if it is free of nodes and wires. */
    find: (wire: Wire, from: WireEnd, to: WireEnd): Route => {
      let best: { readonly route: Route; readonly cost: number } | null = null;
      for (const route of waysOf(index, from, to)) {
        const trouble = costOfWay(wire, route, from, to);
        if (best === null && trouble === 0) return route;
        const cost = trouble + lengthOf(route.points) + 12 * route.points.length;
        if (best === null || cost < best.cost) best = { route, cost };
      }
      return best?.route ?? curvedRoute(portEnd(from), portEnd(to));
    },
    /** Remembers where a wire runs. */
    take: (wire: Wire, { points }: Route): void => {
      for (const line of linesOf(wire, points)) lines.add(line);
      for (const [axis, piece] of piecesOf(wire.from, points)) {
        const band = Math.floor(piece.at / bandSize);
        const list = bands[axis].get(band);
        if (list === undefined) bands[axis].set(band, [piece]);
        else list.push(piece);
      }
    },
  };
}

/** The pieces of a line along either axis. */
export function* piecesOf(source: string, points: readonly Position[]): Generator<readonly ['x' | 'y', Piece]> {
  for (const [at, b] of points.entries()) {
    const a = points[at - 1];
    if (a === undefined) continue;
    const [width, height] = [Math.abs(a.x - b.x), Math.abs(a.y - b.y)];
    if (height < 1 && width > tooLong) {
      yield ['y', { at: a.y, from: Math.min(a.x, b.x), to: Math.max(a.x, b.x), source }];
    } else if (width < 1 && height > tooLong) {
      yield ['x', { at: a.x, from: Math.min(a.y, b.y), to: Math.max(a.y, b.y), source }];
    }
  }
}

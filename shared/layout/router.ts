import type { Position } from '../schema/document';
import {
  createGrid,
  extentOf,
  extentOfBox,
  indexPart,
  passesThrough,
  type Box,
  type BoxIndex,
  type Extent,
} from './boxes';
import { wireGap, type Side } from './geometry';
import { curvedWay, lengthOf, type Route, type Way } from './route';
import { arcRange, arcs, portEnd, waysOf, type WireEnd } from './ways';

/** By which sides a wire leaves its source and reaches its target. */
export type WireSides = { readonly from: Side; readonly to: Side };

/** A wire forward needs this much between its nodes; with less it is one that goes back. */
const forwardGap = 16;
/** Nodes whose middles differ by less are on one level. */
const levelSlack = 40;
/** What wires keep from nodes that they pass. */
const clearance = 6;
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

/** Where what may stand in the way of a wire is. */
export function wireRegion(source: Box, target: Box): Extent {
  const [a, b] = [extentOfBox(source, arcRange), extentOfBox(target, arcRange)];
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Over the nodes that are in the way, or under them where that is the shorter way. */
function arcSides(index: BoxIndex, source: Box, target: Box): WireSides {
  const part = indexPart(index, () => wireRegion(source, target));
  const cost = (side: 'top' | 'bottom'): number => {
    const [from, to] = [endAt(source, side), endAt(target, side)];
    return Math.min(...arcs(part, from, to).map((way) => costOf(part, way, source, target)));
  };
  const side = cost('bottom') < cost('top') - 1 ? 'bottom' : 'top';
  return { from: side, to: side };
}

function endAt(box: Box, side: 'top' | 'bottom'): WireEnd {
  return { box, port: { x: box.width / 2, y: side === 'top' ? 0 : box.height, side } };
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

function costOf(index: BoxIndex, { points }: Way, source: Box, target: Box): number {
  return 10_000 * hits(index, points, source, target) + lengthOf(points) + 12 * points.length;
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
  const grid = createGrid<Line>();
  return {
    add: (line: Line): void => grid.add(line, extentOf([line.a, line.b])),
    /** How many of other outputs and other ends a line crosses. */
    crossed: (line: Line): number => {
      let count = 0;
      for (const other of grid.near(extentOf([line.a, line.b]))) {
        if (other.source === line.source || other.target === line.target) continue;
        if (doLinesCross(line.a, line.b, other.a, other.b)) count += 1;
      }
      return count;
    },
  };
}

function doLinesCross(a: Position, b: Position, c: Position, d: Position): boolean {
  const turn = (p: Position, q: Position, r: Position): number => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** A wire by its ends' ids. */
type Wire = { readonly from: string; readonly to: string };

/** How wires are drawn: around what is in their way, or straight on, for as long as there is no time to look. */
export type Care = 'routed' | 'sketched';

/** Finds ways for wires one after the other, each apart from those that have theirs. */
export function createRouter(index: BoxIndex, care: Care) {
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
  const crossed = (wire: Wire, points: readonly Position[]): number =>
    linesOf(wire, points).reduce((sum, line) => sum + lines.crossed(line), 0);
  return {
    /** The best way for a wire: the first, if it is free of nodes and wires. */
    find: (wire: Wire, from: WireEnd, to: WireEnd): Route => {
      const part = indexPart(index, () => wireRegion(from.box, to.box));
      const freehand = (): Way => curvedWay(portEnd(from), portEnd(to));
      if (care === 'sketched') return (firstOf(waysOf(part, from, to)) ?? freehand()).draw();
      let best: { readonly way: Way; readonly cost: number } | null = null;
      for (const way of waysOf(part, from, to)) {
        const { points } = way;
        const own = lengthOf(points) + 12 * points.length;
        const isWorse = (trouble: number): boolean => best !== null && trouble + own >= best.cost;
        // What is dear to find is asked last: most ways are too long already.
        if (isWorse(0)) continue;
        // Of most wires the first way is free, and short: what stands along it is less than what stands around it.
        const near: BoxIndex = best === null && points.length === 2 ? index : part;
        const under = 10_000 * hits(near, points, from.box, to.box);
        if (isWorse(under)) continue;
        const trouble = under + 2_000 * hidden(wire.from, points);
        if (isWorse(trouble)) continue;
        const cost = trouble + crossingCost * crossed(wire, points);
        if (best === null && cost === 0) return way.draw();
        if (!isWorse(cost)) best = { way, cost: cost + own };
      }
      return (best?.way ?? freehand()).draw();
    },
    /** Remembers where a wire runs. */
    take: (wire: Wire, { points }: Route): void => {
      if (care === 'sketched') return;
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

function firstOf<T>(all: Iterable<T>): T | undefined {
  for (const one of all) return one;
  return undefined;
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

import type { Position } from '../schema/document';
import type { Route } from './route';

/** Ends of a wire, in canvas pixels. */
export type Ends = {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly targetX: number;
  readonly targetY: number;
};

/** How far, of a stretch's length, its direction at an end is felt. */
const tension = 0.35;
/** Straight lines that stand for one stretch. */
const curveSteps = 8;

function direction(from: Position, to: Position): Position {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  return length === 0 ? { x: 1, y: 0 } : { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
}

function stations({ sourceX, sourceY, targetX, targetY }: Ends, via: readonly Position[]): readonly Position[] {
  return [{ x: sourceX, y: sourceY }, ...via, { x: targetX, y: targetY }];
}

/**
 * The line of a wire that is led through places: smooth, level where it leaves and arrives, and through each place in the direction from
 * the one before it to the next. The label belongs to its middle.
 */
export function ledRoute(ends: Ends, via: readonly Position[]): Route {
  const places = stations(ends, via);
  const level = { x: 1, y: 0 };
  const directions = places.map((_, at) => {
    const [before, after] = [places[at - 1], places[at + 1]];
    return before === undefined || after === undefined ? level : direction(before, after);
  });
  let path = `M${ends.sourceX} ${ends.sourceY}`;
  const points: Position[] = [{ x: ends.sourceX, y: ends.sourceY }];
  for (const [at, to] of places.entries()) {
    const from = places[at - 1];
    if (from === undefined) continue;
    const [leaving, arriving] = [directions[at - 1] ?? level, directions[at] ?? level];
    const reach = Math.hypot(to.x - from.x, to.y - from.y) * tension;
    const [a, b] = [
      { x: from.x + leaving.x * reach, y: from.y + leaving.y * reach },
      { x: to.x - arriving.x * reach, y: to.y - arriving.y * reach },
    ];
    path += `C${[a, b, to].map(({ x, y }) => `${rounded(x)} ${rounded(y)}`).join(' ')}`;
    for (let step = 1; step <= curveSteps; step++) points.push(cubicAt([from, a, b, to], step / curveSteps));
  }
  const half = (places.length - 1) / 2;
  const [a, b] = [places[Math.floor(half)], places[Math.ceil(half)]];
  const label = { x: ((a?.x ?? 0) + (b?.x ?? 0)) / 2, y: ((a?.y ?? 0) + (b?.y ?? 0)) / 2, isBeside: false };
  return { path, points, label };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A point of a cubic Bezier curve. */
function cubicAt([a, b, c, d]: readonly [Position, Position, Position, Position], t: number): Position {
  const u = 1 - t;
  const mixed = (axis: 'x' | 'y'): number =>
    u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis];
  return { x: mixed('x'), y: mixed('y') };
}

/** The places of a wire with a further one, which goes into the stretch that is nearest to it. */
export function withPlace(ends: Ends, via: readonly Position[], place: Position): readonly Position[] {
  const places = stations(ends, via);
  let best = 0;
  let nearest = Infinity;
  for (const [at, to] of places.entries()) {
    const from = places[at - 1];
    if (from === undefined) continue;
    const distance = distanceToStretch(place, from, to);
    if (distance < nearest) [best, nearest] = [at - 1, distance];
  }
  return via.toSpliced(best, 0, place);
}

function distanceToStretch(place: Position, from: Position, to: Position): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((place.x - from.x) * dx + (place.y - from.y) * dy) / square;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(place.x - from.x - share * dx, place.y - from.y - share * dy);
}

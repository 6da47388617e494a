import type { Position } from '../schema/document';

/** Where a wire is drawn. */
export type Route = {
  /** SVG path data, absolute. */
  readonly path: string;
  /** The same as straight lines, close enough to measure by. */
  readonly points: readonly Position[];
  /** Where its label belongs: above the point, or beside it where the wire runs upright. */
  readonly label: Position & { readonly isBeside: boolean };
};

/** A way that a wire may take. Most of those that are weighed are not taken, so that their paths are written only when they are asked for. */
export type Way = Pick<Route, 'points'> & { draw(): Route };

const cornerRadius = 12;
/** Straight lines that stand for one curve. */
const curveSteps = 12;

/** A wire of straight lines with rounded corners. */
export function bentWay(corners: readonly Position[]): Way {
  const points = corners.filter((point, at) => !isSame(point, corners[at - 1]));
  return { points, draw: () => bentRoute(points) };
}

function bentRoute(points: readonly Position[]): Route {
  const parts = points.map((point, at) => {
    const [before, after] = [points[at - 1], points[at + 1]];
    if (before === undefined) return `M${written(point)}`;
    if (after === undefined) return `L${written(point)}`;
    const radius = Math.min(cornerRadius, distance(before, point) / 2, distance(point, after) / 2);
    return `L${written(toward(point, before, radius))}Q${written(point)} ${written(toward(point, after, radius))}`;
  });
  return { path: parts.join(''), points, label: middleOfLongest(points) };
}

/** A wire to the right that leaves level and arrives level: a straight line, or a gentle curve. */
export function curvedWay(from: Position, to: Position): Way {
  if (Math.abs(from.y - to.y) < 0.5) return bentWay([from, to]);
  const bend = Math.max(16, Math.min((to.x - from.x) / 2, 72));
  const points = sampled(from, to, bend);
  const draw = (): Route => ({
    path: `M${written(from)}${curve(from, to, bend)}`,
    points,
    label: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, isBeside: false },
  });
  return { points, draw };
}

/** What a wire that turns back keeps from its ends. */
const stub = 16;

/** A wire from an output to anywhere, while it is in the hand: nothing is known of what stands in its way. */
export function looseRoute(from: Position, to: Position): Route {
  if (to.x - from.x >= stub) return curvedWay(from, to).draw();
  const isFar = Math.abs(to.y - from.y) > 100;
  const y = isFar ? (from.y + to.y) / 2 : Math.max(from.y, to.y) + 68;
  const [out, back] = [from.x + stub, to.x - stub];
  return bentWay([from, { x: out, y: from.y }, { x: out, y }, { x: back, y }, { x: back, y: to.y }, to]).draw();
}

/** A wire to the right that runs level at `y` for most of its way, and changes its height within a gap at either end. */
export function laneWay(from: Position, y: number, to: Position, gap: number): Way {
  const [start, end] = [
    { x: from.x + gap, y },
    { x: to.x - gap, y },
  ];
  const [leaves, arrives] = [Math.abs(from.y - y) < 0.5, Math.abs(to.y - y) < 0.5].map((isLevel) => !isLevel);
  const points = [
    ...(leaves ? sampled(from, start, gap / 2) : [from]),
    ...(arrives ? sampled(end, to, gap / 2) : [to]),
  ];
  const draw = (): Route => {
    const first = leaves ? [curve(from, start, gap / 2)] : [];
    const last = arrives ? [`L${written(end)}`, curve(end, to, gap / 2)] : [`L${written(to)}`];
    const path = [`M${written(from)}`, ...first, ...last].join('');
    return { path, points, label: { x: (start.x + end.x) / 2, y, isBeside: false } };
  };
  return { points, draw };
}

function curve(from: Position, to: Position, bend: number): string {
  return `C${written({ x: from.x + bend, y: from.y })} ${written({ x: to.x - bend, y: to.y })} ${written(to)}`;
}

/** Points of the cubic curve that {@link curve} writes. */
function sampled(from: Position, to: Position, bend: number): readonly Position[] {
  return Array.from({ length: curveSteps + 1 }, (_, step) => {
    const t = step / curveSteps;
    const s = 1 - t;
    const [first, second] = [3 * s * s * t, 3 * s * t * t];
    return {
      x: s ** 3 * from.x + first * (from.x + bend) + second * (to.x - bend) + t ** 3 * to.x,
      y: (s ** 3 + first) * from.y + (second + t ** 3) * to.y,
    };
  });
}

function middleOfLongest(points: readonly Position[]): Route['label'] {
  let best = { length: -1, label: { ...(points[0] ?? { x: 0, y: 0 }), isBeside: false } };
  for (const [at, to] of points.entries()) {
    const from = points[at - 1];
    if (from === undefined) continue;
    const length = distance(from, to);
    if (length <= best.length) continue;
    const isBeside = Math.abs(to.y - from.y) > Math.abs(to.x - from.x);
    best = { length, label: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, isBeside } };
  }
  return best.label;
}

/** How long a line of points is. */
export function lengthOf(points: readonly Position[]): number {
  return points.reduce((sum, point, at) => sum + distance(points[at - 1] ?? point, point), 0);
}

function distance(a: Position, b: Position): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

function isSame(a: Position, b: Position | undefined): boolean {
  return b !== undefined && distance(a, b) < 0.5;
}

function toward(from: Position, to: Position, length: number): Position {
  const share = length / Math.max(1e-9, distance(from, to));
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function written({ x, y }: Position): string {
  return `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`;
}

import type { Position } from '../schema/document';

/** Ends of a wire, in canvas pixels. */
export type Ends = {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly targetX: number;
  readonly targetY: number;
};

/** How far, of a stretch's length, its direction at an end is felt. */
const tension = 0.35;

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
export function throughPoints(
  ends: Ends,
  via: readonly Position[],
): { readonly path: string; readonly labelX: number; readonly labelY: number } {
  const places = stations(ends, via);
  const level = { x: 1, y: 0 };
  const directions = places.map((_, at) => {
    const [before, after] = [places[at - 1], places[at + 1]];
    return before === undefined || after === undefined ? level : direction(before, after);
  });
  let path = `M${ends.sourceX} ${ends.sourceY}`;
  for (const [at, to] of places.entries()) {
    const from = places[at - 1];
    if (from === undefined) continue;
    const [leaving, arriving] = [directions[at - 1] ?? level, directions[at] ?? level];
    const reach = Math.hypot(to.x - from.x, to.y - from.y) * tension;
    const numbers = [
      from.x + leaving.x * reach,
      from.y + leaving.y * reach,
      to.x - arriving.x * reach,
      to.y - arriving.y * reach,
      to.x,
      to.y,
    ].map((value) => Math.round(value * 100) / 100);
    path += `C${numbers.join(' ')}`;
  }
  const half = (places.length - 1) / 2;
  const [a, b] = [places[Math.floor(half)], places[Math.ceil(half)]];
  return { path, labelX: ((a?.x ?? 0) + (b?.x ?? 0)) / 2, labelY: ((a?.y ?? 0) + (b?.y ?? 0)) / 2 };
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

import type { Plane } from '../../ops/featureMaps';

/** A place on a grid of values, in steps of it from the first value. */
export type Place = { readonly x: number; readonly y: number };

/** What lies between four values of a grid: blended by the distance to each (bilinear). On a value it is that value. */
export function blendedAt({ height, width, values }: Plane, { x, y }: Place): number {
  const column = Math.max(0, Math.min(width - 2, Math.floor(x)));
  const row = Math.max(0, Math.min(height - 2, Math.floor(y)));
  const [right, down] = [x - column, y - row];
  const at = (r: number, c: number): number => values[r * width + c] ?? 0;
  const above = (1 - right) * at(row, column) + right * at(row, column + 1);
  const below = (1 - right) * at(row + 1, column) + right * at(row + 1, column + 1);
  return (1 - down) * above + down * below;
}

export type Line = readonly [Place, Place];

/** Where a level is passed between two neighbouring values; null where it is not. */
function crossing(a: Place, b: Place, from: number, to: number, level: number): Place | null {
  if (from < level === to < level) return null;
  const share = (level - from) / (to - from);
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
}

/**
 * The lines along which a grid of values has a level, by marching squares: the level's place on each side of a square of four values is
 * found by linear interpolation, and joined. Source: Lorensen and Cline, Marching cubes, SIGGRAPH 1987, in two dimensions.
 */
export function contourLines({ height, width, values }: Plane, level: number): readonly Line[] {
  const lines: Line[] = [];
  const at = ({ x, y }: Place): number => values[y * width + x] ?? 0;
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++) {
      const corners = [
        { x, y },
        { x: x + 1, y },
        { x: x + 1, y: y + 1 },
        { x, y: y + 1 },
      ];
      const passed = corners.flatMap((corner, index) => {
        const next = corners[(index + 1) % corners.length] ?? corner;
        const place = crossing(corner, next, at(corner), at(next), level);
        return place === null ? [] : [place];
      });
      // Two crossings are one line. Four are a saddle, joined in the order of the sides, which is one of its two readings.
      for (let pair = 0; pair + 1 < passed.length; pair += 2) {
        const [from, to] = [passed[pair], passed[pair + 1]];
        if (from !== undefined && to !== undefined) lines.push([from, to]);
      }
    }
  }
  return lines;
}

/** Levels for contour lines: 1, 2 and 5 times a power of ten, strictly between the least and the largest value. */
export function roundLevels(values: Iterable<number>): readonly number[] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (!(least < most) || most <= 0) return [];
  const powers = Math.ceil(Math.log10(most)) - Math.floor(Math.log10(Math.max(least, most / 1e4))) + 1;
  const first = Math.floor(Math.log10(Math.max(least, most / 1e4)));
  return Array.from({ length: powers }, (_, at) => [1, 2, 5].map((digit) => Number(`${digit}e${first + at}`)))
    .flat()
    .filter((level) => level > least && level < most);
}

/** How far a place is from the nearest part of a way. */
function distanceTo(way: readonly Place[], { x, y }: Place): number {
  const distances = way.map((a, at) => {
    const b = way[at + 1] ?? a;
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = dx * dx + dy * dy;
    const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / length));
    return Math.hypot(a.x + share * dx - x, a.y + share * dy - y);
  });
  return Math.min(Infinity, ...distances);
}

/**
 * Where the number of a contour line stands: on the line, as near as can be to where it would stand alone, and at least `apart` from each
 * of the ways; where there is no such place, as far from them as can be. Null for a line that has no place among `isFree`.
 */
export function labelPlace(
  lines: readonly Line[],
  wanted: Place,
  ways: readonly (readonly Place[])[],
  { apart, isFree }: { readonly apart: number; readonly isFree: (place: Place) => boolean },
): Place | null {
  const places = lines
    .map(([a, b]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }))
    .filter(isFree)
    .map((place) => ({
      place,
      room: Math.min(Infinity, ...ways.map((way) => distanceTo(way, place))),
      off: Math.hypot(place.x - wanted.x, place.y - wanted.y),
    }));
  const [nearest] = places.filter(({ room }) => room >= apart).toSorted((a, b) => a.off - b.off);
  const [roomiest] = places.toSorted((a, b) => b.room - a.room);
  return (nearest ?? roomiest)?.place ?? null;
}

import { dot } from './dot';

/** How far apart two rows of features are: by the angle between them alone, or by the length of their difference. */
export const distances = ['cosine', 'euclidean'] as const;
export type Distance = (typeof distances)[number];

/** Rows of as many features each, one after another. */
export type FeatureRows = { readonly count: number; readonly size: number; readonly values: Float32Array };

/** Rows by their numbers, the nearest first, and how far each is. */
export type Nearest = { readonly rows: readonly number[]; readonly distances: readonly number[] };

/** The nearest so far: kept sorted, so that most of what comes costs one comparison. Of equally far ones the first stays before the others. */
type Shortlist = { readonly rows: number[]; readonly distances: number[] };

function enter({ rows, distances: found }: Shortlist, most: number, row: number, distance: number): void {
  if (rows.length === most && distance >= (found[most - 1] ?? 0)) return;
  let place = rows.length < most ? rows.length : most - 1;
  while (place > 0 && (found[place - 1] ?? 0) > distance) {
    found[place] = found[place - 1] ?? 0;
    rows[place] = rows[place - 1] ?? 0;
    place -= 1;
  }
  found[place] = distance;
  rows[place] = row;
}

/** One less the cosine of the angle between two vectors; a vector of zeros has no angle and is at 1 from all. */
function cosineDistance(product: number, square: number, other: number): number {
  const both = Math.sqrt(square * other);
  return both === 0 ? 1 : Math.max(0, 1 - product / both);
}

/**
 * The `most` rows that are nearest to `query`. Euclidean: the root of the summed squares of differences. Cosine: one less the cosine of the
 * angle, 0 to 2.
 * @example (1, 0) is at cosine distance 0 from (3, 0), and (1, 1) at 1 − 1/√2 = 0.293.
 */
export function nearestRows(rows: FeatureRows, query: Float32Array, distance: Distance, most: number): Nearest {
  const { count, size, values } = rows;
  const square = dot(query, 0, query, 0, size);
  const found: Shortlist = { rows: [], distances: [] };
  for (let row = 0; row < count; row++) {
    const from = row * size;
    if (distance === 'cosine') {
      const product = dot(values, from, query, 0, size);
      enter(found, most, row, cosineDistance(product, square, dot(values, from, values, from, size)));
      continue;
    }
    // Not by squares and products: of nearly equal rows these cancel.
    let sum = 0;
    for (let at = 0; at < size; at++) sum += ((values[from + at] ?? 0) - (query[at] ?? 0)) ** 2;
    enter(found, most, row, Math.sqrt(sum));
  }
  return found;
}

/** The Euclidean neighbours of rows among themselves. */
export type NeighbourGraph = {
  /** Compares a row with those after it. It is called once for each row. */
  readonly compare: (row: number) => void;
  /** The nearest of a row, itself the first; right when all rows have been compared. */
  readonly of: (row: number) => Nearest;
};

/** See {@link NeighbourGraph}. It compares each row with all others: exact, in time that grows with the square of their number. */
export function createNeighbourGraph({ count, size, values }: FeatureRows, most: number): NeighbourGraph {
  const squares = Float64Array.from({ length: count }, (_, row) => dot(values, row * size, values, row * size, size));
  const lists = Array.from({ length: count }, (_, row): Shortlist => ({ rows: [row], distances: [0] }));
  return {
    compare: (row) => {
      const own = lists[row];
      if (own === undefined) return;
      for (let other = row + 1; other < count; other++) {
        const product = dot(values, row * size, values, other * size, size);
        const square = Math.max(0, (squares[row] ?? 0) + (squares[other] ?? 0) - 2 * product);
        const distance = Math.sqrt(square);
        enter(own, most, other, distance);
        const list = lists[other];
        if (list !== undefined) enter(list, most, row, distance);
      }
    },
    of: (row) => lists[row] ?? { rows: [], distances: [] },
  };
}

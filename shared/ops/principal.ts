import { dot } from './dot';
import type { FeatureRows } from './neighbours';
import { createRandom } from './random';
import { symmetricEigen } from './symmetricEigen';

/** What lies along the first principal components of some rows. */
export type PrincipalAxes = {
  /** `[count, axes]`: how far each row is along each axis, from the mean. */
  readonly places: Float32Array;
  /** The axes, of length 1. The largest part of each is positive, so that none may turn about. */
  readonly axes: readonly Float64Array[];
  /** The part of all variance that lies along each axis, largest first; zeros where all rows are the same. */
  readonly shares: readonly number[];
};

/** More directions than are asked for take part, so that those that are wanted stand apart sooner. */
const furtherDirections = 10;
/** Directions that are looked through together: the eigenvectors of a matrix of this size take some hundredths of a second. */
const subspaceSize = 128;
/** A guard, and no more: what a hundred powers of the matrix leave apart, ten rounds of such a subspace tell. */
const mostRounds = 100;
/** A component has been found when what it misses is this small a part of the largest one. */
const tolerance = 1e-7;
const none = new Float64Array(0);

type Vector = Float32Array | Float64Array;

function product(a: Vector, b: Vector): number {
  return dot(a, 0, b, 0, a.length);
}

/** Adds `factor` times `other` to a vector. */
function add(to: Float64Array, other: Vector, factor: number): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] ?? 0) + factor * (other[at] ?? 0);
}

/** Directions that no data prefer, the same each time. */
function startDirections(size: number, count: number): readonly Float64Array[] {
  const random = createRandom(1);
  return Array.from({ length: count }, () => Float64Array.from({ length: size }, () => random.normal()));
}

/** Gram and Schmidt; each is cleared twice of those before it and of `others`, which are orthonormal, as once leaves what rounding put back. What vanishes becomes zeros. */
function orthonormal(vectors: readonly Float64Array[], others: readonly Float64Array[] = []): readonly Float64Array[] {
  const done = [...others];
  for (const vector of vectors) {
    const own = Float64Array.from(vector);
    const before = Math.sqrt(product(own, own));
    for (let turn = 0; turn < 2; turn++) for (const other of done) add(own, other, -product(own, other));
    const length = Math.sqrt(product(own, own));
    done.push(length <= 1e-12 * before || length === 0 ? own.fill(0) : own.map((value) => value / length));
  }
  return done.slice(others.length);
}

function meanOf({ count, size, values }: FeatureRows): Float64Array {
  const mean = new Float64Array(size);
  for (let row = 0; row < count; row++) add(mean, values.subarray(row * size, (row + 1) * size), 1 / count);
  return mean;
}

/** How much the rows vary in all: the summed squares of what sets each apart from the mean. */
function variationOf({ count, size, values }: FeatureRows, mean: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < count * size; at++) sum += ((values[at] ?? 0) - (mean[at % size] ?? 0)) ** 2;
  return sum;
}

/** The scatter matrix times some directions; it is never written down, as it has the square of `size`. */
function scattered(
  { count, size, values }: FeatureRows,
  mean: Float64Array,
  directions: readonly Float64Array[],
): readonly Float64Array[] {
  const sums = directions.map(() => new Float64Array(size));
  const offsets = directions.map((direction) => product(mean, direction));
  for (let row = 0; row < count; row++) {
    const own = values.subarray(row * size, (row + 1) * size);
    directions.forEach((direction, at) => {
      const sum = sums[at];
      if (sum !== undefined) add(sum, own, product(own, direction) - (offsets[at] ?? 0));
    });
  }
  // The places along a direction add up to zero, but for rounding: the mean need not be taken off again.
  return sums;
}

/** The first `count` sums of vectors: row by row of `factors` `[vectors, vectors]` one sum. */
function combined(vectors: readonly Float64Array[], factors: Float64Array, count: number): readonly Float64Array[] {
  return vectors.slice(0, count).map((vector, row) => {
    const sum = new Float64Array(vector.length);
    vectors.forEach((other, at) => add(sum, other, factors[row * vectors.length + at] ?? 0));
    return sum;
  });
}

/** What of some vectors leads out of a basis, as directions of length 1; at most `most`. */
function leadingOut(
  basis: readonly Float64Array[],
  vectors: readonly Float64Array[],
  most: number,
): readonly Float64Array[] {
  return orthonormal(vectors, basis)
    .filter((vector) => product(vector, vector) > 0)
    .slice(0, most);
}

/** A subspace, and what the scatter matrix makes of each of its directions. */
type Subspace = { readonly basis: readonly Float64Array[]; readonly images: readonly Float64Array[] };

/** Directions, what the matrix makes of them, what it makes of that, and so on. */
function subspaceFrom(rows: FeatureRows, mean: Float64Array, start: readonly Float64Array[], size: number): Subspace {
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  for (let next = start; next.length > 0;) {
    const moved = scattered(rows, mean, next);
    basis.push(...next);
    images.push(...moved);
    next = leadingOut(basis, moved, size - basis.length);
  }
  return { basis, images };
}

/**
 * The first axes and what varies along each, by a block Krylov method that begins again with the best it has found (Golub and Van Loan,
 * section 10.3). Where {@link subspaceSize} reaches all directions it is exact at once; else it needs few rounds even where no direction
 * stands apart from the next, as a single power of the matrix would not.
 */
function findAxes(rows: FeatureRows, mean: Float64Array, wanted: number) {
  const most = Math.min(rows.size, Math.max(rows.count, 1));
  const block = Math.min(wanted + furtherDirections, most);
  let directions = orthonormal(startDirections(rows.size, block));
  for (let round = 0; ; round++) {
    const { basis, images } = subspaceFrom(rows, mean, directions, Math.min(subspaceSize, rows.size));
    const size = basis.length;
    const small = Float64Array.from({ length: size * size }, (_, at) =>
      product(basis[Math.floor(at / size)] ?? none, images[at % size] ?? none),
    );
    const { values, vectors } = symmetricEigen(small, size);
    const axes = combined(basis, vectors, block);
    const missed = combined(images, vectors, Math.min(wanted, size)).map((image, at) => {
      add(image, axes[at] ?? none, -(values[at] ?? 0));
      return Math.sqrt(product(image, image));
    });
    if (round === mostRounds || Math.max(...missed) <= tolerance * (values[0] ?? 0)) return { axes, values };
    directions = orthonormal(axes);
  }
}

/** The part of the squares of rows that rounding alone makes vary: that of single precision, squared, for some operations. */
const flatness = 1e-13;

/**
 * The first principal components of rows, exact and the same each time: the axes along which they vary most, each at right angles to those
 * before it, and where every row is along them.
 * @example of (0, 0), (2, 2), (4, 4) the first axis is (1, 1)/√2 with all of the variance, and the rows are at −2√2, 0 and 2√2.
 */
export function principalAxes(rows: FeatureRows, wanted: number): PrincipalAxes {
  const { count, size, values } = rows;
  const mean = meanOf(rows);
  const whole = variationOf(rows, mean);
  const found = findAxes(rows, mean, wanted);
  const axes = Array.from({ length: wanted }, (_, at) => facingUp(found.axes[at] ?? new Float64Array(size)));
  const offsets = axes.map((axis) => product(mean, axis));
  const places = new Float32Array(count * wanted);
  for (let row = 0; row < count; row++) {
    const own = values.subarray(row * size, (row + 1) * size);
    axes.forEach((axis, at) => (places[row * wanted + at] = product(own, axis) - (offsets[at] ?? 0)));
  }
  // Rows that are all the same but for rounding vary along no axis.
  const isFlat = whole <= flatness * (whole + count * product(mean, mean));
  const shares = axes.map((_, at) => (isFlat ? 0 : Math.min(1, Math.max(0, found.values[at] ?? 0) / whole)));
  return { places, axes, shares };
}

function facingUp(axis: Float64Array): Float64Array {
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) * (1 + 1e-6) ? value : most), 0);
  return largest < 0 ? axis.map((value) => -value) : axis;
}

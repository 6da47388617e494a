/** Eigenvalues of a symmetric matrix, largest first, and their eigenvectors of length 1, one after another. */
export type Eigen = { readonly values: Float64Array; readonly vectors: Float64Array };

const mostSweeps = 60;

/** Turns two lines of a grid into each other: places `first` and `second`, and as many more as `size` in steps of `step`. */
function rotate(
  grid: Float64Array,
  [first, second]: readonly [number, number],
  { step, size }: { readonly step: number; readonly size: number },
  [cos, sin]: readonly [number, number],
): void {
  for (let k = 0; k < size; k++) {
    const [x, y] = [grid[first + k * step] ?? 0, grid[second + k * step] ?? 0];
    grid[first + k * step] = cos * x - sin * y;
    grid[second + k * step] = sin * x + cos * y;
  }
}

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix `[size, size]` by Jacobi's rotations: each makes one value beside the diagonal
 * zero, until all are. Source: Golub and Van Loan, Matrix Computations, section 8.5.
 * @example [[2, 1], [1, 2]]: 3 along (1, 1)/√2 and 1 along (1, −1)/√2.
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  const whole = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let left = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = a[p * size + q] ?? 0;
        if (off === 0) continue;
        left += off * off;
        const theta = ((a[q * size + q] ?? 0) - (a[p * size + p] ?? 0)) / (2 * off);
        const tan = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cos = 1 / Math.sqrt(tan * tan + 1);
        const turn = [cos, tan * cos] as const;
        rotate(a, [p, q], { step: size, size }, turn);
        rotate(a, [p * size, q * size], { step: 1, size }, turn);
        rotate(v, [p * size, q * size], { step: 1, size }, turn);
      }
    }
    if (left <= 1e-30 * whole) break;
  }
  const order = Array.from({ length: size }, (_, index) => index);
  const valueOf = (index: number): number => a[index * (size + 1)] ?? 0;
  order.sort((x, y) => valueOf(y) - valueOf(x));
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => vectors.set(v.subarray(from * size, (from + 1) * size), to * size));
  return { values: Float64Array.from(order, valueOf), vectors };
}

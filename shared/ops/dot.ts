/** The sum of the products of `size` numbers of two vectors, from a place of each on. */
export function dot(
  a: Float32Array | Float64Array,
  from: number,
  b: Float32Array | Float64Array,
  other: number,
  size: number,
): number {
  let sum = 0;
  for (let at = 0; at < size; at++) sum += (a[from + at] ?? 0) * (b[other + at] ?? 0);
  return sum;
}

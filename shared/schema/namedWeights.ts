/**
 * Reads weights by name, `cat=2, dog=0.5`: each a number that is not negative. Null for a text that has another form. A name may hold `=`, but no comma.
 */
export function parseNamedWeights(source: string): ReadonlyMap<string, number> | null {
  const weights = new Map<string, number>();
  for (const part of source.split(/[,，]/)) {
    const at = part.lastIndexOf('=');
    const [name, value] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    const weight = Number(value);
    if (at < 0 || name === '' || value === '' || !Number.isFinite(weight) || weight < 0) return null;
    weights.set(name, weight);
  }
  return weights;
}

/** Weights by name as {@link parseNamedWeights} reads them. */
export function writeNamedWeights(weights: ReadonlyMap<string, number>): string {
  return [...weights].map(([name, weight]) => `${name}=${weight}`).join(', ');
}

/** Prints `split.ts`: the order of samples and what is held back, as the app does it. */
export const splitSource = `/** Uniform numbers in [0, 1) that the seed decides: xoshiro128** by Blackman and Vigna, seeded by SplitMix32, as Convloom has them. */
export function createUniform(seed: number): () => number {
  let mix = seed >>> 0;
  const nextState = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let word = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
  const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
  let [a, b, c, d] = [nextState(), nextState(), nextState(), nextState()];
  return () => {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return scrambled / 2 ** 32;
  };
}

/** A seed for one named part of what has a seed (FNV-1a). */
export function seedFor(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** 0 to count - 1 in an order that the seed decides (Fisher and Yates). */
export function shuffledOrder(count: number, seed: number): Uint32Array {
  const uniform = createUniform(seed);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(uniform() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

/** The split belongs to the data and not to a run: it is Convloom's own, so that scores can be compared. */
const splitSeed = 2016;

export type Split = { training: number[]; validation: number[] };

/** One in five of each class is held back for validation, at least one of each class that has two. */
export function splitByClass(classOf: ArrayLike<number>): Split {
  const byClass = new Map<number, number[]>();
  for (const index of shuffledOrder(classOf.length, splitSeed)) {
    const members = byClass.get(classOf[index] ?? 0);
    if (members === undefined) byClass.set(classOf[index] ?? 0, [index]);
    else members.push(index);
  }
  const split: Split = { training: [], validation: [] };
  for (const members of byClass.values()) {
    const held = members.length < 2 ? 0 : Math.max(1, Math.round(members.length / 5));
    for (const [at, index] of members.entries()) (at < held ? split.validation : split.training).push(index);
  }
  const ascending = (a: number, b: number): number => a - b;
  return { training: split.training.sort(ascending), validation: split.validation.sort(ascending) };
}

/** One in five is held back for validation, at least one of two. */
export function splitPlainly(count: number): Split {
  return splitByClass(new Uint8Array(count));
}
`;

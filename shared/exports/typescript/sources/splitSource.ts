/** Prints `split.ts`: the order of samples and what is held back, as the app does it. */
export const splitSource = `import { share } from './settings.js';

/** Uniform numbers in [0, 1) that the seed decides: xoshiro128** by Blackman and Vigna, seeded by SplitMix32, as Convloom has them. */
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

/** What the data say that a sample is for; null where they do not. What is for a test is neither trained on nor validated with. */
export type Part = 'training' | 'validation' | 'test' | null;

export type Split = { training: number[]; validation: number[] };

type Given = {
  /** Of each sample; none where the data do not say. */
  partOf?: Part[];
  /** Whether there are samples to validate with beside these. */
  isValidated?: boolean;
};

/**
 * Divides samples as the data say. Where they do not, one in five of each class is held back for validation, at least one of each class
 * that has two. Of the others \`share\` of settings.ts is trained on, of each class alike.
 */
export function splitByClass(classOf: ArrayLike<number>, { partOf = [], isValidated = false }: Given = {}): Split {
  const isDivided = isValidated || partOf.includes('validation');
  const split: Split = { training: [], validation: [] };
  const byClass = new Map<number, number[]>();
  for (const index of shuffledOrder(classOf.length, splitSeed)) {
    const part = partOf[index] ?? null;
    if (part === 'validation') split.validation.push(index);
    if (part === 'validation' || part === 'test') continue;
    const members = byClass.get(classOf[index] ?? 0);
    if (members === undefined) byClass.set(classOf[index] ?? 0, [index]);
    else members.push(index);
  }
  for (const members of byClass.values()) {
    const held = isDivided || members.length < 2 ? 0 : Math.max(1, Math.round(members.length / 5));
    const left = members.length - held;
    const trained = share < 1 ? Math.max(1, Math.min(Math.round(left * share), left - 1)) : left;
    for (const index of members.slice(0, held)) split.validation.push(index);
    for (const index of members.slice(held, held + trained)) split.training.push(index);
  }
  const ascending = (a: number, b: number): number => a - b;
  return { training: split.training.sort(ascending), validation: split.validation.sort(ascending) };
}

/** The same of samples without classes. */
export function splitPlainly(count: number, given: Given = {}): Split {
  return splitByClass(new Uint8Array(count), given);
}
`;

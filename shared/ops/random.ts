/** A stream of random numbers that its seed decides, the same on every machine and engine. */
export type Random = {
  /** Uniform in [0, 1), with 32 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
};

/**
 * xoshiro128** of Blackman and Vigna (prng.di.unimi.it, public domain), its 128 bits of state filled from `seed` by SplitMix32.
 * Normal numbers are made from two uniform ones by Box and Muller's transform.
 */
export function createRandom(seed: number): Random {
  let mix = seed >>> 0;
  const nextState = () => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let word = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [nextState(), nextState(), nextState(), nextState()];
  const uniform = () => {
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
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** A seed for one named part of something that has a seed (FNV-1a over the name), so that parts do not depend on each other's order. */
export function seedFor(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Inputs of a function that random draws are fed through are named so: `random/d1`. */
export const randomInputPrefix = 'random/';

/** The name of the input that feeds a node's random draws, uniform in [0, 1). */
export function randomInputName(nodeId: string): string {
  return `${randomInputPrefix}${nodeId}`;
}

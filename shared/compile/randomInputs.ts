import type { OpFunction } from '../ops/graph';
import { randomInputPrefix, seedFor } from '../ops/random';
import { elementCount } from '../ops/tensor';
import type { FloatTensor, FloatTensors } from '../ops/tensor';

/** Mixes all bits of a word (the constants of Wellons's lowbias32, github.com/skeeto/hash-prospector, public domain). */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}

/**
 * `count` uniform numbers in [0, 1) with 24 bits, exact as float32. Each is a function of seed, name, step and its place alone: a hash
 * of a counter, and no generator's state. So every engine gets the same ones, and a run goes on where it stood.
 */
export function randomUniform(seed: number, name: string, step: number, count: number): Float32Array {
  // Two keys of 32 bits: with one, sequences of different steps would be parts of the same cycle, and repeat each other.
  const first = mix(seedFor(seed, name) ^ mix(step + 0x9e3779b9));
  const second = mix(seedFor(seed ^ 0x85ebca6b, name) + mix(step ^ 0xc2b2ae35));
  const values = new Float32Array(count);
  for (let place = 0; place < count; place++) {
    // `mix` by hand, twice: a call costs as much as the hash.
    let word = Math.imul(place, 0x9e3779b9) + first;
    word = Math.imul(word ^ (word >>> 16), 0x7feb352d);
    word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
    word ^= second;
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    values[place] = ((word ^ (word >>> 15)) >>> 8) * 2 ** -24;
  }
  return values;
}

/** Which rows of a step's samples a batch has: all of `count`, or some where several batches make the step. */
export type BatchRows = { readonly from: number; readonly to: number; readonly count: number };

/** What the random inputs of a function are fed at `step`, counted from 1 over the whole run, for these rows of its samples. */
export function randomInputs(
  { inputs }: Pick<OpFunction, 'inputs'>,
  seed: number,
  step: number,
  rows: number | BatchRows,
): FloatTensors {
  const { from, to, count } = typeof rows === 'number' ? { from: 0, to: rows, count: rows } : rows;
  const entries = inputs.flatMap(({ name, shape }): (readonly [string, FloatTensor])[] => {
    if (!name.startsWith(randomInputPrefix)) return [];
    const sized = (batch: number): readonly number[] => shape.map((size) => (size === 'batch' ? batch : size));
    const all = randomUniform(seed, name, step, elementCount(sized(count)));
    if (shape[0] !== 'batch') return [[name, { dtype: 'float32', shape: sized(count), data: all }]];
    const row = elementCount(sized(1));
    return [[name, { dtype: 'float32', shape: sized(to - from), data: all.subarray(from * row, to * row) }]];
  });
  return Object.fromEntries(entries);
}

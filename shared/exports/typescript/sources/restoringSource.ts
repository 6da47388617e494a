import type { Spoiling } from './dataSource';

/** Prints `restoring.ts`: the digits that come with the project, spoilt as Convloom spoils them. Only of networks that learn to restore such. */
export function restoringSource(spoiling: Spoiling): string {
  return head + spoilers[spoiling] + reader;
}

const head = `import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { parseIdx } from './idx.js';
import { createUniform, shuffledOrder, splitPlainly } from './split.js';
import { divide, type DataSet, type Sample } from './values.js';

const side = 28;
const trainCount = 8000;
const seeds = { order: 1998, training: 1998, validation: 2006 };

`;

const spoilers: { readonly [Name in Spoiling]: string } = {
  'mnist-sr': `/** A digit in a quarter of its pixels, each the mean of 2x2. */
function spoil(digit: Uint8Array, _uniform: () => number): Uint8Array {
  return Uint8Array.from({ length: digit.length / 4 }, (_, at) => {
    const first = 2 * side * Math.floor(at / (side / 2)) + 2 * (at % (side / 2));
    const sum = [0, 1, side, side + 1].reduce((total, place) => total + (digit[first + place] ?? 0), 0);
    return Math.round(sum / 4);
  });
}

`,
  'mnist-denoise': `/** A digit under normal noise of deviation 0.3, of values from 0 to 1. */
function spoil(digit: Uint8Array, uniform: () => number): Uint8Array {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return new Uint8Array(Uint8ClampedArray.from(digit, (value) => value + 255 * 0.3 * normal()).buffer);
}

`,
  'mnist-pictures': `/** A digit as it is: it is what it is to become. */
function spoil(digit: Uint8Array, _uniform: () => number): Uint8Array {
  return digit;
}

`,
};

const reader = `/** The digits that Convloom has built in, packed, each with what became of it: that is the input, and the digit what is to be learned. */
export async function readSpoiltDigits(path: string): Promise<DataSet> {
  const { sizes, bytes } = parseIdx(gunzipSync(await readFile(path)), path);
  const order = Array.from(shuffledOrder(sizes[0] ?? 0, seeds.order));
  const part = (indices: number[], seed: number): Sample[] => {
    const uniform = createUniform(seed);
    const values = (from: Uint8Array) => {
      const own = Math.sqrt(from.length);
      return { shape: [own, own, 1], data: Float32Array.from(from, (byte) => byte / 255) };
    };
    return indices.map((index) => {
      const digit = bytes.subarray(index * side * side, (index + 1) * side * side);
      return { inputs: [values(spoil(digit, uniform))], targets: [values(digit)] };
    });
  };
  const training = part(order.slice(0, trainCount), seeds.training);
  const validation = part(order.slice(trainCount), seeds.validation);
  const own = divide(training, splitPlainly(training.length, { isValidated: true }));
  return { task: 'pictures', classes: [], scaling: null, ...own, validation };
}
`;

/** Prints `pairs.ts`: reads pictures and those that they are to become, as Convloom does. */
export const pairsSource = `import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findParts, list } from './folders.js';
import { pictureName, readPixels } from './pictures.js';
import { toInput, type Pixels } from './pixels.js';
import { splitPlainly } from './split.js';
import { divide, type DataSet, type Sample } from './values.js';

/** Sub-folders are looked into so many levels down. */
const deepest = 4;

type Folders = { inputs: string; targets: string };
type Pair = { name: string; input: string; target: string };
type Sizes = Pick<Pixels, 'height' | 'width'>;

/** Where the pictures to train on lie and what they are to become, and the same of those held back where the data are divided. */
async function findFolders(dir: string): Promise<[training: Folders, validation: Folders | null]> {
  const [main, held] = await findParts(dir);
  const below = (place: string): Folders => ({ inputs: join(place, 'inputs'), targets: join(place, 'targets') });
  if (held !== null) return [below(main), below(held)];
  const [own, apart] = await findParts(join(dir, 'inputs'));
  const beside = (inputs: string): Folders => ({ inputs, targets: join(dir, 'targets', basename(inputs)) });
  return apart === null ? [below(dir), null] : [beside(own), beside(apart)];
}

/** Whether a folder holds pictures and what they are to become. */
export async function hasPairs(dir: string): Promise<boolean> {
  const [{ inputs, targets }] = await findFolders(dir);
  return (await list(inputs)).length > 0 && (await list(targets)).length > 0;
}

/** The paths of the files within a folder: its own, then those of each folder in it. */
async function listTree(dir: string, within = '', depth = 1): Promise<string[]> {
  const entries = await readdir(join(dir, within), { withFileTypes: true });
  const folders = new Set(entries.filter((entry) => !entry.isFile()).map(({ name }) => name));
  const names = await list(join(dir, within));
  const files = names.filter((name) => !folders.has(name)).map((name) => join(within, name));
  if (depth === deepest) return files;
  for (const name of names) if (folders.has(name)) files.push(...(await listTree(dir, join(within, name), depth + 1)));
  return files;
}

async function findPairs({ inputs, targets }: Folders): Promise<Pair[]> {
  const stemOf = (file: string): string => file.replace(/\\.[^./\\\\]*$/, '');
  const targetOf = new Map((await listTree(targets)).map((file) => [stemOf(file), file]));
  return (await listTree(inputs)).flatMap((name) => {
    const target = targetOf.get(stemOf(name));
    if (!pictureName.test(name)) return [];
    if (target !== undefined) return [{ name, input: join(inputs, name), target: join(targets, target) }];
    console.warn(\`\${name} is left out: it has no target\`);
    return [];
  });
}

/** How many times higher and wider than their inputs most targets are. */
function commonTimes(pairs: { input: Sizes; target: Sizes }[]): [down: number, across: number] {
  const counts = new Map<string, { times: [number, number]; count: number }>();
  for (const { input, target } of pairs) {
    const times: [number, number] = [target.height / input.height, target.width / input.width];
    const key = times.map((one) => one.toFixed(2)).join();
    const known = counts.get(key) ?? { times, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.times ?? [1, 1];
}

/** Reads folders \`inputs\` and \`targets\` with files of the same names, or these inside of \`train\` and \`val\`. */
export async function readPairFolders(dir: string, size: (number | null)[], channels: number | null): Promise<DataSet> {
  const [main, held] = await findFolders(dir);
  const parts = [await findPairs(main), held === null ? [] : await findPairs(held)];
  const read: { sample: [Pixels, Pixels]; part: number }[] = [];
  for (const [part, pairs] of parts.entries()) {
    for (const { name, input, target } of pairs) {
      try {
        read.push({ sample: [await readPixels(input), await readPixels(target)], part });
      } catch (error) {
        console.warn(\`\${name} is left out: \${String(error)}\`);
      }
    }
  }
  const [down, across] = commonTimes(read.map(({ sample: [input, target] }) => ({ input, target })));
  // A target may be rounded to whole pixels: it is a pixel of the input off at most.
  const good = read.filter(
    ({ sample: [input, target] }) =>
      Math.abs(target.height - input.height * down) <= Math.max(1, down) &&
      Math.abs(target.width - input.width * across) <= Math.max(1, across),
  );
  if (good.length < read.length) {
    const count = String(read.length - good.length);
    console.warn(\`\${count} are left out: their targets have other sizes beside their inputs.\`);
  }
  const [first] = good;
  if (first === undefined) throw new Error(\`\${dir} has no inputs with targets of the same names.\`);
  // Where the model leaves its size open, all pictures are brought to that of the first.
  const [height, width] = [size[0] ?? first.sample[0].height, size[1] ?? first.sample[0].width];
  const targetSize = [Math.round(height * down), Math.round(width * across)].map((one) => Math.max(1, one));
  const samples = good.map(({ sample: [input, target] }): Sample => ({
    inputs: [toInput(input, [height, width, size[2] ?? null])],
    targets: [toInput(target, [...targetSize, channels])],
  }));
  const split =
    held === null
      ? splitPlainly(samples.length)
      : {
          training: [...good.keys()].filter((at) => good[at]?.part === 0),
          validation: [...good.keys()].filter((at) => good[at]?.part === 1),
        };
  return { task: 'pictures', classes: [], scaling: null, ...divide(samples, split) };
}
`;

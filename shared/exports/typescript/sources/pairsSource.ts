/** Prints `pairs.ts`: reads pictures and those that they are to become, as Convloom does. */
export const pairsSource = `import { pictureName, readPixels, type Source } from './pictures.js';
import { toInput, type Pixels } from './pixels.js';
import { splitPlainly, type Part } from './split.js';
import { findBeside, pairUp } from './tree.js';
import { divide, type DataSet, type Sample } from './values.js';

type Pair = { name: string; input: Source; target: Source; part: Part };
type Sizes = Pick<Pixels, 'height' | 'width'>;

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

/** Reads folders \`inputs\` and \`targets\` with files of the same names, or these inside of \`train\`, \`val\` and \`test\`. */
export async function readPairFolders(dir: string, size: (number | null)[], channels: number | null): Promise<DataSet> {
  const pairs: Pair[] = [];
  for (const folders of await findBeside(dir, 'inputs', 'targets')) {
    for (const { target, ...pair } of await pairUp(folders)) {
      if (!pictureName.test(pair.name)) continue;
      if (target === null) console.warn(\`\${pair.name} is left out: it has no target\`);
      else pairs.push({ ...pair, target });
    }
  }
  const data = await readPairs(pairs, size, channels);
  if (data === null) throw new Error(\`\${dir} has no inputs with targets of the same names.\`);
  return data;
}

/** Reads pictures and those that they are to become; null where there are none. */
export async function readPairs(
  pairs: Pair[],
  size: (number | null)[],
  channels: number | null,
): Promise<DataSet | null> {
  const read: { sample: [Pixels, Pixels]; part: Part }[] = [];
  for (const { name, input, target, part } of pairs) {
    try {
      const picture = await readPixels(input);
      read.push({ sample: [picture, target === input ? picture : await readPixels(target)], part });
    } catch (error) {
      console.warn(\`\${name} is left out: \${String(error)}\`);
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
  if (first === undefined) return null;
  // Where the model leaves its size open, all pictures are brought to that of the first.
  const [height, width] = [size[0] ?? first.sample[0].height, size[1] ?? first.sample[0].width];
  const targetSize = [Math.round(height * down), Math.round(width * across)].map((one) => Math.max(1, one));
  const samples = good.map(({ sample: [input, target] }): Sample => ({
    inputs: [toInput(input, [height, width, size[2] ?? null])],
    targets: [toInput(target, [...targetSize, channels])],
  }));
  const split = splitPlainly(samples.length, { partOf: good.map(({ part }) => part) });
  return { task: 'pictures', classes: [], scaling: null, ...divide(samples, split) };
}
`;

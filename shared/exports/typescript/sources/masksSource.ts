/** Prints `masks.ts`: reads pictures with masks as Convloom does. */
export const masksSource = `import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { bytesOf, pictureName, readPicture, type Source } from './pictures.js';
import { resizeLabels, type Pixels } from './pixels.js';
import { splitPlainly, type Part } from './split.js';
import { findBeside, pairUp } from './tree.js';
import { divide, ignoredLabel, type DataSet, type Sample } from './values.js';

/** A mask: of each pixel the value that is stored, or one beyond 16 bits that stands for a colour. */
type Mask = { size: Pixels; keys: Uint32Array; largest: number };

const firstColor = 0x10000;

/**
 * A PNG without its palette and transparency: each index of the palette becomes the grey of that number, so that the pixels that are
 * decoded are the numbers that are stored.
 */
function withPlainValues(bytes: Buffer): Buffer {
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const chunk = Buffer.from(bytes.subarray(at, end));
    const type = chunk.toString('latin1', 4, 8);
    if (type === 'PLTE')
      for (let place = 8; place < chunk.length - 4; place += 1) chunk[place] = Math.floor((place - 8) / 3);
    if (type !== 'tRNS') parts.push(chunk);
    at = end;
  }
  return Buffer.concat(parts);
}

/** Reads a mask, which must be a PNG file. */
export async function readMask(source: Source): Promise<Mask> {
  const bytes = await bytesOf(source);
  if (bytes[0] !== 0x89) throw new Error('a mask must be a PNG file');
  const [depth, hasPalette] = [bytes[24] ?? 8, bytes[25] === 3];
  // Without rescaling: a mask of one bit has the values 0 and 1.
  const { width, height, data } = PNG.sync.read(withPlainValues(bytes), { skipRescale: true, checkCRC: false });
  const keys = new Uint32Array(width * height);
  for (let pixel = 0; pixel < keys.length; pixel += 1) {
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * pixel, 4 * pixel + 3);
    const isGrey = hasPalette || (red === green && green === blue);
    keys[pixel] = isGrey ? red : firstColor + (red << 16) + (green << 8) + blue;
  }
  return { size: { width, height, channels: 1, data: new Uint8Array() }, keys, largest: depth === 16 ? 65_535 : 255 };
}

function keyName(key: number): string {
  return key < firstColor ? String(key) : \`#\${(key - firstColor).toString(16).padStart(6, '0')}\`;
}

/**
 * Makes classes of the values that the masks hold. The largest of the depth (255) beside two others or more is no class; values that fill
 * at least half of 0 to the largest are class numbers as they are, any others are numbered in ascending order.
 */
export function classesOfValues(
  found: Iterable<number>,
  largestOfDepth: number,
  given: string[],
): { classOf: Map<number, number>; names: string[] } {
  const values = [...new Set(found)].sort((a, b) => a - b);
  const [last = 0, others] = [values.at(-1), values.slice(0, -1)];
  // Class numbers are often kept in masks of 16 bits, and 255 beside them means no class there too.
  const isKeptDeeper = last === ignoredLabel && others.length * 2 > (others.at(-1) ?? 0);
  const hasIgnored = values.length > 2 && (last === largestOfDepth || isKeptDeeper);
  const kept = hasIgnored ? others : values;
  const largest = kept.at(-1) ?? 0;
  const room = hasIgnored ? ignoredLabel : ignoredLabel + 1;
  const arePlain = largest < room && (kept.length * 2 > largest || given.length > largest);
  const length = given.length > largest ? Math.min(given.length, room) : largest + 1;
  const keys = arePlain ? Array.from({ length }, (_, key) => key) : kept;
  if (keys.length > room) throw new Error(\`The masks have \${String(keys.length)} different values.\`);
  const classOf = new Map(keys.map((key, index) => [key, index]));
  if (hasIgnored) classOf.set(last, ignoredLabel);
  return { classOf, names: keys.map((key, index) => given[index] || keyName(key)) };
}

/** The names of classes.txt, one a line; none where there is no such file. */
async function givenNames(dir: string): Promise<string[]> {
  const text = await readFile(join(dir, 'classes.txt'), 'utf8').catch(() => '');
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\\n')
        .map((line) => line.trim());
}

/** Reads a folder \`images\` and a folder \`masks\` with files of the same names, or these in folders \`train\`, \`val\` and \`test\`. */
export async function readMaskFolders(dir: string, size: (number | null)[]): Promise<DataSet> {
  const pairs: Masked[] = [];
  for (const folders of await findBeside(dir, 'images', 'masks')) {
    for (const { target, ...pair } of await pairUp(folders)) {
      if (pictureName.test(pair.name) && target !== null) pairs.push({ ...pair, target });
    }
  }
  return await readMasked(pairs, size, await givenNames(dir));
}

type Masked = { name: string; input: Source; target: Source; part: Part };

/** Reads pictures with their masks, however they were found; \`given\` are names of the classes. */
export async function readMasked(pairs: Masked[], size: (number | null)[], given: string[]): Promise<DataSet> {
  const found: { sample: Sample; mask: Mask; part: Part }[] = [];
  let known = size;
  for (const { name, input, target, part } of pairs) {
    try {
      const mask = await readMask(target);
      const picture = await readPicture(input, known);
      known = picture.shape;
      found.push({ sample: { inputs: [picture], targets: [] }, mask, part });
    } catch (error) {
      console.warn(\`\${name} is left out: \${String(error)}\`);
    }
  }
  if (found.length === 0) throw new Error('There are no pictures with masks: these have the same names in folders.');
  const values = new Set<number>();
  for (const { mask } of found) for (const key of mask.keys) values.add(key);
  const largest = found.reduce((most, { mask }) => Math.max(most, mask.largest), 0);
  const { classOf, names } = classesOfValues(values, largest, given);
  const [height = 1, width = 1] = known.map((one) => one ?? 1);
  const samples = found.map(({ sample, mask }) => {
    const labels = Float32Array.from(mask.keys, (key) => classOf.get(key) ?? 0);
    return { ...sample, targets: [{ shape: [height, width], data: resizeLabels(labels, mask.size, height, width) }] };
  });
  const split = splitPlainly(samples.length, { partOf: found.map(({ part }) => part) });
  return { task: 'classes', classes: names, scaling: null, ...divide(samples, split) };
}
`;

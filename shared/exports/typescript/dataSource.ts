/** Prints `data.ts`: it reads the files that one trains on; pictures too where the network takes such. */
export function dataSource(hasPictures: boolean): string {
  return [hasPictures ? pictureHead : plainHead, types, hasPictures ? pictureBody : plainBody, rest].join('\n');
}

const plainHead = `import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type * as tf from '@tensorflow/tfjs';
`;

const pictureHead = `import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type * as tf from '@tensorflow/tfjs';
import { pictureName, readPicture } from './pictures.js';
`;

const jsonDoc = ` *     { "classes": ["cat", "dog"], "samples": [{ "input": [[[0.1], [0.7]]], "label": 1 }] }
 *
 * "input" is nested as [row][column][channel]; a flat list will do where the model's size is fixed. "label" is a class, or the
 * class of each pixel, row by row, where 255 is no class; "value" in its place holds numbers to be learned. With several inputs or trained
 * outputs, each is an object by their names in model.ts. Put your own reader here: it only has to give a DataSet.
 */`;

const types = `/** Values of one input or one target. */
export type Values = { shape: number[]; data: Float32Array };

/** One sample: its values for each input of the model, and what each trained output is to give. */
export type Sample = { inputs: Values[]; targets: Values[] };

export type DataSet = {
  /** Whether the targets are classes (0, 1, 2, ...), one per sample or per pixel, or numbers. */
  task: 'classes' | 'numbers';
  /** Names of the classes; empty where they have none. */
  classes: string[];
  training: Sample[];
  validation: Sample[];
};
`;

const plainBody = `/**
 * Reads a folder with MNIST's four IDX files (train-images-idx3-ubyte and so on, with or without .gz), or a JSON file:
 *
${jsonDoc}
export async function readData(path: string, model: tf.LayersModel, outputs: string[]): Promise<DataSet> {
  return (await stat(path)).isDirectory() ? await readIdxFolder(path) : await readJson(path, model.inputNames, outputs);
}
`;

const pictureBody = `/**
 * Reads a folder of pictures (a folder for each class with PNG or JPEG files, or the same in folders \`train\` and \`val\`), a folder with
 * MNIST's four IDX files (train-images-idx3-ubyte and so on, with or without .gz), or a JSON file:
 *
${jsonDoc}
export async function readData(path: string, model: tf.LayersModel, outputs: string[]): Promise<DataSet> {
  if (!(await stat(path)).isDirectory()) return await readJson(path, model.inputNames, outputs);
  const isIdx = (await readdir(path)).some((name) => name.startsWith('train-images-idx3'));
  return isIdx ? await readIdxFolder(path) : await readPictures(path, (model.inputs[0]?.shape ?? []).slice(1));
}

/** The names in a folder in order, hidden ones left out. */
async function list(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => !name.startsWith('.')).sort();
}

async function readPictures(dir: string, size: (number | null)[]): Promise<DataSet> {
  const found = await list(dir);
  const held = ['val', 'validation', 'test'].find((name) => found.includes(name));
  const isDivided = found.includes('train') && held !== undefined;
  const classes = isDivided ? await list(join(dir, 'train')) : found;
  let known = size;
  const read = async (part: string): Promise<Sample[][]> => {
    const samples: Sample[][] = [];
    for (const [label, name] of classes.entries()) {
      const folder = join(dir, part, name);
      const own: Sample[] = [];
      for (const file of existsSync(folder) ? await list(folder) : []) {
        if (!pictureName.test(file)) continue;
        const picture = await readPicture(join(folder, file), known);
        // Where the model leaves its size open, all pictures are brought to that of the first.
        known = picture.shape;
        own.push({ inputs: [picture], targets: [{ shape: [], data: Float32Array.of(label) }] });
      }
      samples.push(own);
    }
    return samples;
  };
  if (isDivided) {
    return { task: 'classes', classes, training: (await read('train')).flat(), validation: (await read(held)).flat() };
  }
  const parts = (await read('')).map(divide);
  return {
    task: 'classes',
    classes,
    training: parts.flatMap(({ training }) => training),
    validation: parts.flatMap(({ validation }) => validation),
  };
}
`;

const rest = `async function readJson(path: string, inputs: string[], outputs: string[]): Promise<DataSet> {
  const content = JSON.parse(await readFile(path, 'utf8')) as {
    classes?: string[];
    samples: { input: unknown; label?: unknown; value?: unknown }[];
  };
  const samples = content.samples.map(({ input, label, value }) => ({
    inputs: byName(input, inputs).map(toValues),
    targets: byName(label ?? value, outputs).map(toValues),
  }));
  const task = content.samples[0]?.label === undefined ? 'numbers' : 'classes';
  return { task, classes: content.classes ?? [], ...divide(samples) };
}

/** One sample in five is kept for validation. */
function divide(samples: Sample[]): { training: Sample[]; validation: Sample[] } {
  const isKept = (at: number): boolean => at % 5 === 4;
  return {
    training: samples.filter((_, at) => !isKept(at)),
    validation: samples.filter((_, at) => isKept(at)),
  };
}

/** The value itself where there is one name, else the values of an object by their names. */
export function byName(value: unknown, names: string[]): unknown[] {
  return names.length === 1 ? [value] : names.map((name) => (value as Record<string, unknown>)[name]);
}

/** A number or nested lists of numbers, with their shape. */
export function toValues(value: unknown): Values {
  const shape: number[] = [];
  for (let inner = value; Array.isArray(inner); inner = inner[0] as unknown) shape.push(inner.length);
  const data = Float32Array.from(Array.isArray(value) ? (value.flat(Infinity) as number[]) : [Number(value)]);
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length || data.some((number) => !Number.isFinite(number))) {
    throw new Error('Every input, label and value must be a number or nested lists of numbers of equal lengths.');
  }
  return { shape, data };
}

async function readIdxFolder(dir: string): Promise<DataSet> {
  const read = async (part: string): Promise<Sample[]> => {
    const images = await readIdx(join(dir, \`\${part}-images-idx3-ubyte\`));
    const labels = await readIdx(join(dir, \`\${part}-labels-idx1-ubyte\`));
    const [count = 0, height = 0, width = 0] = images.sizes;
    const length = height * width;
    return Array.from({ length: count }, (_, at) => ({
      inputs: [
        {
          shape: [height, width, 1],
          data: Float32Array.from(images.bytes.subarray(at * length, (at + 1) * length), (byte) => byte / 255),
        },
      ],
      targets: [{ shape: [], data: Float32Array.of(labels.bytes[at] ?? 0) }],
    }));
  };
  return { task: 'classes', classes: [], training: await read('train'), validation: await read('t10k') };
}

/** An IDX file of bytes: 0, 0, 8, the number of sizes, the sizes (32 bits, the highest byte first), the values. */
async function readIdx(path: string): Promise<{ sizes: number[]; bytes: Uint8Array }> {
  const content = existsSync(path) ? await readFile(path) : gunzipSync(await readFile(\`\${path}.gz\`));
  if (content.readUInt16BE(0) !== 0 || content[2] !== 8) throw new Error(\`\${path} is not an IDX file of bytes.\`);
  const rank = content[3] ?? 0;
  const sizes = Array.from({ length: rank }, (_, at) => content.readUInt32BE(4 + 4 * at));
  const bytes = content.subarray(4 + 4 * rank);
  if (bytes.length < sizes.reduce((product, size) => product * size, 1)) throw new Error(\`\${path} is cut short.\`);
  return { sizes, bytes };
}
`;

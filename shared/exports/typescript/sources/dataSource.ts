/** What a network takes, which decides what its data can be read from. */
export type InputKind = 'picture' | 'table' | 'other';

/** What becomes of the built-in digits that a network learns to restore: made smaller, noisy, or left as they are. */
const spoilings = ['mnist-sr', 'mnist-denoise', 'mnist-pictures'] as const;

/** One of them, by the name of its data. */
export type Spoiling = (typeof spoilings)[number];

/** Whether data are made of the digits, which come with the project then. */
export function isSpoiling(data: string): data is Spoiling {
  return spoilings.some((one) => one === data);
}

/** Prints `data.ts`: which reader reads what; `spoiling`: what becomes of the digits that come with the project, null where none do. */
export function dataSource(kind: InputKind, spoiling: Spoiling | null): string {
  const body = kind === 'picture' ? pictureBody(spoiling !== null) : plainBody(kind === 'table');
  return [imports(kind, spoiling !== null), doc[kind], body, json].join('\n');
}

function imports(kind: InputKind, isSpoiling: boolean): string {
  const isPicture = kind === 'picture';
  return [
    `import { ${isPicture ? 'readdir, ' : ''}readFile, stat } from 'node:fs/promises';`,
    `import type * as tf from '@tensorflow/tfjs';`,
    ...(isPicture
      ? [
          `import { hasCifar10, readCifar10 } from './cifar10.js';`,
          `import { readClassFolders } from './folders.js';`,
          `import { hasIdx, readIdxFolder } from './idx.js';`,
          `import { readMaskFolders } from './masks.js';`,
          `import { hasPairs, readPairFolders } from './pairs.js';`,
          ...(isSpoiling ? [`import { readSpoiltDigits } from './restoring.js';`] : []),
        ]
      : [`import { readIdxFolder } from './idx.js';`]),
    `import { splitPlainly } from './split.js';`,
    ...(kind === 'table' ? [`import { readTable } from './table.js';`] : []),
    `import { byName, divide, toValues, type DataSet, type Scaling } from './values.js';`,
    '',
  ].join('\n');
}

const sources: { readonly [Kind in InputKind]: string } = {
  picture: ` * Reads a folder of pictures (a folder for each class, or the same in folders \`train\` and \`val\`), one of pictures and their masks
 * (folders \`images\` and \`masks\`), one of pictures and what they are to become (folders \`inputs\` and \`targets\`), MNIST's IDX files, CIFAR-10's batches, or a JSON file:`,
  table: ` * Reads a table (CSV with a column to learn: label, class or target, else the last), MNIST's IDX files, or a JSON file:`,
  other: ` * Reads a folder with MNIST's four IDX files (train-images-idx3-ubyte and so on, with or without .gz), or a JSON file:`,
};

function docOf(kind: InputKind): string {
  return `/**
${sources[kind]}
 *
 *     { "classes": ["cat", "dog"], "samples": [{ "input": [[[0.1], [0.7]]], "label": 1 }] }
 *
 * "input" is nested as [row][column][channel]; a flat list will do where the model's size is fixed. "label" is a class, or the
 * class of each pixel, row by row, where 255 is no class; "value" in its place holds numbers to be learned. With several inputs or trained
 * outputs, each is an object by their names in model.ts. Put your own reader here: it only has to give a DataSet.
 */`;
}

const doc: { readonly [Kind in InputKind]: string } = {
  picture: docOf('picture'),
  table: docOf('table'),
  other: docOf('other'),
};

function pictureBody(isSpoiling: boolean): string {
  const packed = isSpoiling ? `  if (path.endsWith('.idx.gz')) return await readSpoiltDigits(path);\n` : '';
  return `export async function readData(
  path: string,
  model: tf.LayersModel,
  outputs: string[],
  _known: Scaling | null = null,
): Promise<DataSet> {
${packed}  if (!(await stat(path)).isDirectory()) return await readJson(path, model.inputNames, outputs);
  const size = (model.inputs[0]?.shape ?? []).slice(1);
  const names = await readdir(path);
  if (hasCifar10(names)) return await readCifar10(path);
  if (hasIdx(names)) return await readIdxFolder(path);
  if (names.includes('images') && names.includes('masks')) return await readMaskFolders(path, size);
  if (await hasPairs(path)) {
    const answer = model.getLayer(outputs[0] ?? '').outputShape as (number | null)[];
    return await readPairFolders(path, size, answer[3] ?? null);
  }
  return await readClassFolders(path, size);
}
`;
}

function plainBody(hasTable: boolean): string {
  const table = `  if (!path.endsWith('.json')) {
    const learnsValues = model.outputs.every(({ shape }) => shape.at(-1) === 1);
    return await readTable(path, { width: model.inputs[0]?.shape[1] ?? null, learnsValues, known });
  }
`;
  return `export async function readData(
  path: string,
  model: tf.LayersModel,
  outputs: string[],
  ${hasTable ? 'known' : '_known'}: Scaling | null = null,
): Promise<DataSet> {
  if ((await stat(path)).isDirectory()) return await readIdxFolder(path);
${hasTable ? table : ''}  return await readJson(path, model.inputNames, outputs);
}
`;
}

const json = `async function readJson(path: string, inputs: string[], outputs: string[]): Promise<DataSet> {
  const content = JSON.parse(await readFile(path, 'utf8')) as {
    classes?: string[];
    samples: { input: unknown; label?: unknown; value?: unknown }[];
  };
  const samples = content.samples.map(({ input, label, value }) => ({
    inputs: byName(input, inputs).map(toValues),
    targets: byName(label ?? value, outputs).map(toValues),
  }));
  const task = content.samples[0]?.label === undefined ? 'numbers' : 'classes';
  return { task, classes: content.classes ?? [], scaling: null, ...divide(samples, splitPlainly(samples.length)) };
}
`;

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

/** What a network learns of pictures beside labels: whether the digits come with its project, and whether a folder of pictures is learned itself. */
type Learning = { readonly hasDigits: boolean; readonly isOfOwn: boolean };

/** Prints `data.ts`: which reader reads what. */
export function dataSource(kind: InputKind, learning: Learning): string {
  const body = kind === 'picture' ? pictureBody(learning) : plainBody(kind === 'table');
  return [imports(kind, learning), docOf(kind, learning), body, json].join('\n');
}

function imports(kind: InputKind, { hasDigits, isOfOwn }: Learning): string {
  const isPicture = kind === 'picture';
  return [
    `import { ${isPicture ? 'readdir, ' : ''}readFile, stat } from 'node:fs/promises';`,
    `import type * as tf from '@tensorflow/tfjs';`,
    ...(isPicture
      ? [
          `import { readArrays } from './arrays.js';`,
          `import { hasCifar10, readCifar10 } from './cifar10.js';`,
          ...(isOfOwn ? [] : [`import { readClassFolders } from './folders.js';`]),
          `import { hasIdx, readIdxFolder } from './idx.js';`,
          `import { readMaskFolders } from './masks.js';`,
          ...(isOfOwn ? [`import { readOwnPictures } from './own.js';`] : []),
          `import { readPairFolders } from './pairs.js';`,
          ...(isOfOwn
            ? []
            : [
                `import { findParquet } from './parquet.js';`,
                `import { readParquetPictures } from './parquetPictures.js';`,
              ]),
          ...(hasDigits ? [`import { readSpoiltDigits } from './restoring.js';`] : []),
        ]
      : [
          `import { readIdxFolder } from './idx.js';`,
          ...(kind === 'table' ? [`import { findParquet } from './parquet.js';`] : []),
        ]),
    `import { splitPlainly } from './split.js';`,
    ...(kind === 'table' ? [`import { readTable } from './table.js';`] : []),
    ...(isPicture ? [`import { hasBeside } from './tree.js';`] : []),
    `import { byName, divide, toValues, type DataSet, type Scaling } from './values.js';`,
    '',
  ].join('\n');
}

const sources: { readonly [Kind in InputKind]: (isOfOwn: boolean) => string } = {
  picture: (
    isOfOwn,
  ) => ` * Reads ${isOfOwn ? 'any pictures, which are learned themselves' : 'a folder of pictures (a folder for each class, or a table labels.csv)'}, one of pictures and their masks (folders \`images\` and \`masks\`), one of
 * pictures and what they are to become (folders \`inputs\` and \`targets\`), each also within folders \`train\`, \`val\` and \`test\`; MNIST's
 * IDX files, CIFAR-10's batches, arrays of NumPy (.npz),${isOfOwn ? '' : ' Parquet files with pictures,'} or a JSON file:`,
  table: () =>
    ` * Reads a table (CSV or Parquet with a column to learn: label, class or target, else the last), MNIST's IDX files, or a JSON file:`,
  other: () =>
    ` * Reads a folder with MNIST's four IDX files (train-images-idx3-ubyte and so on, with or without .gz), or a JSON file:`,
};

function docOf(kind: InputKind, { isOfOwn }: Learning): string {
  return `/**
${sources[kind](isOfOwn)}
 *
 *     { "classes": ["cat", "dog"], "samples": [{ "input": [[[0.1], [0.7]]], "label": 1 }] }
 *
 * "input" is nested as [row][column][channel]; a flat list will do where the model's size is fixed. "label" is a class, or the
 * class of each pixel, row by row, where 255 is no class; "labels" in its place holds a 0 or a 1 for each class, of which a sample may
 * have any number; "value" holds numbers to be learned. With several inputs or trained
 * outputs, each is an object by their names in model.ts. Put your own reader here: it only has to give a DataSet.
 */`;
}

function pictureBody({ hasDigits, isOfOwn }: Learning): string {
  const packed = hasDigits ? `  if (path.endsWith('.idx.gz')) return await readSpoiltDigits(path);\n` : '';
  return `export async function readData(
  path: string,
  model: tf.LayersModel,
  outputs: string[],
  ${isOfOwn ? '_known' : 'known'}: Scaling | null = null,
): Promise<DataSet> {
${packed}  const size = (model.inputs[0]?.shape ?? []).slice(1);
${isOfOwn ? '' : readParquet}  if (path.endsWith('.npz')) return await readArrays(path, size);
  if (!(await stat(path)).isDirectory()) return await readJson(path, model.inputNames, outputs);
  const names = await readdir(path);
  if (hasCifar10(names)) return await readCifar10(path);
  if (hasIdx(names)) return await readIdxFolder(path);
  if (await hasBeside(path, 'images', 'masks')) return await readMaskFolders(path, size);
${isOfOwn ? readOwn : readClasses}}
`;
}

const channels = `(model.getLayer(outputs[0] ?? '').outputShape as (number | null)[])[3] ?? null`;

const readParquet = `  const parquet = await findParquet(path);
  if (parquet.length > 0) {
    const channels = ${channels};
    return await readParquetPictures(parquet, size, channels, known);
  }
`;

const readClasses = `  if (await hasBeside(path, 'inputs', 'targets')) {
    const channels = ${channels};
    return await readPairFolders(path, size, channels);
  }
  return await readClassFolders(path, size);
`;

const readOwn = `  const channels = ${channels};
  if (await hasBeside(path, 'inputs', 'targets')) return await readPairFolders(path, size, channels);
  return await readOwnPictures(path, size, channels);
`;

function plainBody(hasTable: boolean): string {
  const table = `  if (!path.endsWith('.json') || hasParquet) {
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
${hasTable ? `  const hasParquet = (await findParquet(path)).length > 0;\n` : ''}  if (${hasTable ? '!hasParquet && ' : ''}(await stat(path)).isDirectory()) return await readIdxFolder(path);
${hasTable ? table : ''}  return await readJson(path, model.inputNames, outputs);
}
`;
}

const json = `async function readJson(path: string, inputs: string[], outputs: string[]): Promise<DataSet> {
  const content = JSON.parse(await readFile(path, 'utf8')) as {
    classes?: string[];
    samples: { input: unknown; label?: unknown; labels?: unknown; value?: unknown }[];
  };
  const samples = content.samples.map(({ input, label, labels, value }) => ({
    inputs: byName(input, inputs).map(toValues),
    targets: byName(label ?? labels ?? value, outputs).map(toValues),
  }));
  const [first] = content.samples;
  const task = first?.label !== undefined ? 'classes' : first?.labels !== undefined ? 'labels' : 'numbers';
  return { task, classes: content.classes ?? [], scaling: null, ...divide(samples, splitPlainly(samples.length)) };
}
`;

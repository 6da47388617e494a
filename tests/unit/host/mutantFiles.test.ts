import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { encode as encodeJpeg } from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openData } from '../../../electron/data/open';
import { writeIdx } from '../../../electron/data/idxFormat';
import { readAny } from '../../../electron/host/imports';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { corpusOf, fuzz, fuzzSeed, mutantCount } from '../../support/fuzz/corpus';
import type { Case } from '../../support/fuzz/corpus';
import { createDice, mutateBytes, mutateValue } from '../../support/fuzz/mutate';
import { colorPng } from '../../support/dataFolder';
import { huggingFaceParquet, parquetOf } from '../../support/parquetFiles';
import { tellSoak } from '../../support/faults/points';
import { isWhole } from '../../support/isWhole';

const root = join(import.meta.dirname, '..', '..', '..');
const timeout = 120_000 + 300 * mutantCount;
/** More than the largest thing that is read here, by far. */
const memoryBytes = 700_000_000;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'convloom-fuzz-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** How much memory a piece of work took at its peak, in bytes, as far as the system noticed. */
async function peakOf<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly bytes: number }> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  try {
    const value = await work();
    return { value, bytes: Math.max(peak, process.memoryUsage.rss()) - before };
  } finally {
    clearInterval(timer);
  }
}

/** Models of other programs that are small, with the folder that each needs about it. */
function models(): readonly Case[] {
  return ['caffe', 'keras', 'onnx', 'tfgraph', 'tflite', 'torch'].flatMap((kind) =>
    readdirSync(join(root, 'tests', 'fixtures', kind))
      .filter((name) => !/\.py$|^answers|\.data$|weights\.bin$/.test(name))
      .map((name) => ({ name: `${kind}/${name}`, bytes: readFileSync(join(root, 'tests', 'fixtures', kind, name)) })),
  );
}

function* modelMutants(count: number): Generator<Case> {
  const dice = createDice(fuzzSeed);
  const seeds = models();
  for (let at = 0; at < count; at++) {
    const { name, bytes } = dice.of(seeds);
    const isJson = name.endsWith('.json') && at % 4 !== 0;
    const changed = isJson
      ? Buffer.from(JSON.stringify(mutateValue(JSON.parse(bytes.toString('utf8')), dice)))
      : mutateBytes(bytes, dice);
    yield { name, bytes: changed };
  }
}

/** Reads a model in a folder where what belongs to it lies beside it. */
async function takeModel({ name, bytes }: Case): Promise<string | null> {
  const path = join(dir, dirname(name), `mutant${extname(name)}`);
  writeFileSync(path, bytes);
  const read = await readAny({ path, onto: undefined, signal: undefined });
  if (!read.ok) return read.diagnostics.length > 0 ? null : 'It is refused without a reason.';
  analyzeNetwork(read.value.document);
  return null;
}

describe('a model of another program', () => {
  beforeAll(() => cpSync(join(root, 'tests', 'fixtures'), dir, { recursive: true }));

  it('that once found a fault finds none', async () => {
    const cases = corpusOf('imports').map(({ name, bytes }) => ({ name: `onnx/${name}`, bytes }));
    const { value: found, bytes } = await peakOf(() => fuzz('imports', cases, takeModel));
    expect(found.problems).toEqual([]);
    expect(bytes).toBeLessThan(memoryBytes);
  });

  it('changed at random is read or refused with a reason, in little memory', { timeout }, async () => {
    const { value: found, bytes } = await peakOf(() => fuzz('imports', modelMutants(mutantCount), takeModel));
    expect(found.problems.join('\n\n')).toBe('');
    expect(bytes).toBeLessThan(memoryBytes);
    tellSoak(
      `imports: ${found.count} mutants, 0 exceptions, the slowest took ${Math.round(found.slowestMs)} ms, ${Math.round(bytes / 1e6)} MB`,
    );
  });
});

const csv = `width,height,label\n${Array.from({ length: 30 }, (_, n) => `${n},${n * 2.5},${n % 2 === 0 ? 'a' : '"b, c"'}`).join('\n')}\n`;
const png = colorPng(6, 4, (x, y) => [x * 40, y * 60, 9]);
const mask = colorPng(6, 4, (x) => [x % 2, 0, 0]);
const jpeg = Buffer.from(encodeJpeg({ width: 8, height: 8, data: Buffer.alloc(8 * 8 * 4, 90) }, 50).data);
const idxImages = writeIdx(
  [10, 4, 4],
  Uint8Array.from({ length: 160 }, (_, n) => n),
);
const idxLabels = writeIdx(
  [10],
  Uint8Array.from({ length: 10 }, (_, n) => n % 2),
);
const cifar = Buffer.alloc(3073 * 4, 1);
const coco = JSON.stringify({
  images: [0, 1, 2].map((id) => ({ id, file_name: `${id}.png`, width: 6, height: 4 })),
  categories: [{ id: 1, name: 'a' }],
  annotations: [
    { image_id: 0, category_id: 1, segmentation: [[0, 0, 3, 0, 3, 3]] },
    { image_id: 1, category_id: 1, segmentation: { counts: [4, 4, 16], size: [4, 6] }, iscrowd: 1 },
    { image_id: 2, category_id: 1, segmentation: { counts: '44`0', size: [4, 6] } },
  ],
});
const voc = '<annotation><object><name>a</name><bndbox><xmin>1</xmin></bndbox></object></annotation>';
const pictures = (folder: string) => Object.fromEntries([0, 1, 2].map((n) => [`${folder}${n}.png`, png]));
const beside = (folder: string, end: string, content: string) =>
  Object.fromEntries([0, 1, 2].map((n) => [`${folder}${n}${end}`, content]));

const parquetTable = parquetOf([
  { name: 'x', data: Float64Array.from({ length: 30 }, (_, n) => n / 7) },
  { name: 'n', data: Array.from({ length: 30 }, (_, n) => (n === 4 ? null : n)) },
  { name: 'label', data: Array.from({ length: 30 }, (_, n) => 'ab'[n % 2]) },
]);
const parquetPictures = huggingFaceParquet(
  Array.from({ length: 8 }, (_, n) => ({ bytes: png, path: `${n}.png`, label: n % 2 })),
  ['a', 'b'],
);

/** Each way to keep data: what lies in the folder, and the one file that is changed. Its spec names the folder, or that file. */
const layouts: readonly {
  readonly kind: string;
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly changed: string;
}[] = [
  { kind: 'csv', files: { 't.csv': csv }, changed: 't.csv' },
  ...[png, jpeg].map((picture, at) => ({
    kind: 'images',
    files: Object.fromEntries(
      ['a', 'b'].flatMap((name) => [0, 1, 2].map((n) => [`${name}/${n}${at === 0 ? '.png' : '.jpg'}`, picture])),
    ),
    changed: `a/0${at === 0 ? '.png' : '.jpg'}`,
  })),
  {
    kind: 'masks',
    files: Object.fromEntries(
      [0, 1, 2].flatMap((n) => [
        [`images/${n}.png`, png],
        [`masks/${n}.png`, mask],
      ]),
    ),
    changed: 'masks/0.png',
  },
  ...['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'].map((changed) => ({
    kind: 'idx',
    files: { 'train-images-idx3-ubyte': idxImages, 'train-labels-idx1-ubyte': idxLabels },
    changed,
  })),
  { kind: 'cifar10', files: { 'data_batch_1.bin': cifar }, changed: 'data_batch_1.bin' },
  { kind: 'coco', files: { ...pictures(''), 'a.json': coco }, changed: 'a.json' },
  {
    kind: 'yolo',
    files: {
      ...pictures('images/'),
      ...beside('labels/', '.txt', '0 0 0 1 0 1 1\n0 0.1 0.1 0.5 0.1 0.5 0.9\n'),
      'data.yaml': 'names:\n  0: a\n',
    },
    changed: 'labels/0.txt',
  },
  {
    kind: 'yolo',
    files: {
      ...pictures('images/'),
      ...beside('labels/', '.txt', '0 0.5 0.5 0.2 0.2\n'),
      'data.yaml': 'train: images\nnames: [\'a\', "b"]\n',
    },
    changed: 'data.yaml',
  },
  {
    kind: 'voc',
    files: { ...pictures('JPEGImages/'), ...beside('Annotations/', '.xml', voc) },
    changed: 'Annotations/0.xml',
  },
  { kind: 'parquet', files: { 'a.parquet': parquetTable }, changed: 'a.parquet' },
  { kind: 'parquet', files: { 'a.parquet': parquetPictures }, changed: 'a.parquet' },
];

/** A case's name is the place of its layout, so that the corpus can hold it: `3.png`. */
async function takeData({ name, bytes }: Case): Promise<string | null> {
  const layout = layouts[Number.parseInt(name, 10)];
  if (layout === undefined) return 'There is no such layout.';
  const folder = join(dir, `data-${name}`);
  for (const [path, content] of Object.entries({ ...layout.files, [layout.changed]: bytes })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const path = layout.kind === 'csv' ? join(folder, layout.changed) : folder;
  const opened = await openData(`${layout.kind}:${path}`, { wanted: null, infoOnly: false });
  if (!opened.ok) return opened.diagnostics.length > 0 ? null : 'It is refused without a reason.';
  const { train, validation, info } = opened.value;
  const isWhole = train.count === info.trainCount && validation.count === info.validationCount;
  return isWhole ? null : 'It has other samples than it says.';
}

function* dataMutants(count: number): Generator<Case> {
  const dice = createDice(fuzzSeed);
  for (let at = 0; at < count; at++) {
    const layout = dice.below(layouts.length);
    const { files = {}, changed = '' } = layouts[layout] ?? {};
    const bytes = Buffer.from(files[changed] ?? '');
    const isJson = changed.endsWith('.json') && at % 4 !== 0;
    const mutant = isJson
      ? Buffer.from(JSON.stringify(mutateValue(JSON.parse(bytes.toString('utf8')), dice)))
      : mutateBytes(bytes, dice);
    yield { name: `${layout}${extname(changed)}`, bytes: mutant };
  }
}

describe('data', () => {
  it('of every layout are read as they are', async () => {
    const cases = layouts.map(({ files, changed }, at) => ({
      name: `${at}${extname(changed)}`,
      bytes: Buffer.from(files[changed] ?? ''),
    }));
    const codes = await Promise.all(
      cases.map(async (one, at) => {
        await takeData(one);
        const folder = join(dir, `data-${one.name}`);
        const layout = layouts[at];
        const path = layout?.kind === 'csv' ? join(folder, layout.changed) : folder;
        const opened = await openData(`${layout?.kind ?? ''}:${path}`, { wanted: null, infoOnly: false });
        return opened.ok ? 'read' : (opened.diagnostics[0]?.summary.en ?? '');
      }),
    );
    expect(codes).toEqual(layouts.map(() => 'read'));
  });

  it('that once found a fault find none', async () => {
    expect((await fuzz('data', corpusOf('data'), takeData)).problems).toEqual([]);
  });

  it('changed at random are read or refused with a reason, in little memory', { timeout }, async () => {
    const { value: found, bytes } = await peakOf(() =>
      fuzz('data', dataMutants(Math.ceil(mutantCount / (isWhole ? 5 : 10))), takeData),
    );
    expect(found.problems.join('\n\n')).toBe('');
    expect(bytes).toBeLessThan(memoryBytes);
    tellSoak(
      `data: ${found.count} mutants, 0 exceptions, the slowest took ${Math.round(found.slowestMs)} ms, ${Math.round(bytes / 1e6)} MB`,
    );
  });
});

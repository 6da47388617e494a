import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCifar10 } from '../../../electron/data/cifar10';
import { loadCsv } from '../../../electron/data/csv';
import type { Dataset, Samples } from '../../../electron/data/dataset';
import { loadImages } from '../../../electron/data/images';
import { loadMasks } from '../../../electron/data/masks';
import { loadNpz } from '../../../electron/data/npz';
import { openData } from '../../../electron/data/open';
import { loadPairs } from '../../../electron/data/pairs';
import { loadPictures } from '../../../electron/data/pictures';
import { loadNoisyDigits, loadSmallDigits } from '../../../electron/data/restored';
import { shuffledOrder, splitSamples } from '../../../electron/data/split';
import { findBuilt } from '../../../electron/files/built';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { digitsFile } from '../../../shared/exports/python/training/settings';
import { printTypescript } from '../../../shared/exports/typescript';
import type { Task } from '../../../shared/schema/data';
import { defaultReading } from '../../../shared/schema/training';
import type { NetworkDocument } from '../../../shared/schema/document';
import { isWhole } from '../../support/isWhole';
import { chainNetwork } from '../../support/networks';
import { writeParquet } from '../../support/parquetData';
import { writeProject } from '../../support/printedProject';
import { zipOf } from '../../support/zip';

const folder = mkdtempSync(join(tmpdir(), 'convloom-readers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Sample = {
  readonly inputs: { readonly data: Float32Array }[];
  readonly targets: { readonly data: Float32Array }[];
};
type Printed = {
  readonly task: string;
  readonly classes: string[];
  readonly scaling: object | null;
  readonly training: Sample[];
  readonly validation: Sample[];
};

function project(name: string, document: NetworkDocument): string {
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error(JSON.stringify(printed.diagnostics));
  return writeProject(name, printed.value);
}

async function load<T>(dir: string, name: string): Promise<T> {
  return (await import(/* @vite-ignore */ pathToFileURL(join(dir, `dist/${name}.js`)).href)) as T;
}

const pictures = project('readers-pictures', chainNetwork([4, 6, 3], ['conv', { filters: 3, kernelSize: 1 }]));
const own = project('readers-own', {
  ...chainNetwork([4, 6, 3], ['conv', { filters: 3, kernelSize: 1 }]),
  train: { data: 'pictures:somewhere', loss: 'meanSquaredError' },
});
const table = project('readers-table', chainNetwork([2], ['fc', { units: 3 }]));

function write(path: string, content: string | Uint8Array): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

const places = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

/** Inputs and answers of samples as the app hands them to a trainer: pixels a 255th each. */
function rowsOf(
  { count, inputs, targets }: Samples,
  isRestoring: boolean,
): { inputs: number[][]; targets: number[][] } {
  if (!('length' in inputs)) throw new Error('The rows are not in memory.');
  const cut = (values: ArrayLike<number>, scale: number): number[][] => {
    const width = values.length / count;
    return Array.from({ length: count }, (_, row) =>
      Array.from({ length: width }, (_unused, at) => Math.fround(values[row * width + at]! / scale)),
    );
  };
  const arePictures = targets.length / count > 1 && targets instanceof Uint8Array && isRestoring;
  return { inputs: cut(inputs, inputs instanceof Uint8Array ? 255 : 1), targets: cut(targets, arePictures ? 255 : 1) };
}

function expectSame(printed: Printed, app: Result<Dataset>): void {
  if (!app.ok) throw new Error(JSON.stringify(app.diagnostics));
  const { info, train, validation, scaling } = app.value;
  const tasks: { readonly [T in Task]?: string } = {
    regression: 'numbers',
    'image-to-image': 'pictures',
    'multi-label': 'labels',
  };
  expect(printed.task).toBe(tasks[info.task] ?? 'classes');
  expect(printed.classes).toEqual(info.classes);
  expect(printed.scaling).toEqual(scaling);
  for (const [own, theirs] of [
    [printed.training, rowsOf(train, info.task === 'image-to-image')],
    [printed.validation, rowsOf(validation, info.task === 'image-to-image')],
  ] as const) {
    expect(own.map(({ inputs }) => [...inputs[0]!.data])).toEqual(theirs.inputs);
    expect(own.map(({ targets }) => [...targets[0]!.data])).toEqual(theirs.targets);
  }
}

describe('a printed project reads data as the app does', () => {
  it('shuffles and splits alike', async () => {
    const split = await load<{
      shuffledOrder: typeof shuffledOrder;
      splitByClass: (of: number[]) => { training: readonly number[]; validation: readonly number[] };
    }>(pictures, 'split');
    const classes = Array.from({ length: 47 }, (_, at) => (at * at) % 5);
    expect(split.shuffledOrder(100, 9)).toEqual(shuffledOrder(100, 9));
    const { train, validation } = splitSamples({ classOf: classes });
    expect(split.splitByClass(classes)).toEqual({ training: train, validation });
  });

  it.each([0.3, 0.004])('trains on the same share of %s, of data that are divided and of others', async (share) => {
    const { splitByClass } = await load<{
      splitByClass: (of: number[], given?: object) => { training: readonly number[]; validation: readonly number[] };
    }>(project(`readers-share-${share}`, { ...chainNetwork([2], ['fc', { units: 3 }]), train: { share } }), 'split');
    const classOf = Array.from({ length: 53 }, (_, at) => (at * at) % 5);
    const partOf = classOf.map((_, at) => (['training', 'validation', 'test'] as const)[at % 3]!);
    const given = partOf.map((part) => (part === 'training' ? 'train' : part));
    for (const [own, theirs] of [
      [{}, {}],
      [{ isValidated: true }, { isValidated: true }],
      [{ partOf }, { given }],
    ]) {
      const { train, validation } = splitSamples({ classOf, share, ...theirs });
      expect(splitByClass(classOf, own)).toEqual({ training: train, validation });
    }
  });

  const rows = (answer: (at: number) => string, separator = ','): string =>
    Array.from({ length: 25 }, (_, at) => [at * 1.5, 'note', 100 - at, answer(at)].join(separator)).join('\n');

  it.each([
    ['words', `x,remark,y,label\n${rows((at) => ['b', 'a', 'c10', 'c9'][at % 4]!)}\n1,odd,,a\n2,odd\n`],
    ['values without a header', rows((at) => String(at / 7))],
    ['whole numbers', `x;remark;y;class\n${rows((at) => String(at % 3), ';').replaceAll('.', ',')}`],
  ])('a table of %s', async (name, content) => {
    const path = write(`${name}.csv`, content);
    const { readTable } = await load<{ readTable: (path: string, options: object) => Promise<Printed> }>(
      table,
      'table',
    );
    expectSame(await readTable(path, { width: 2, learnsValues: false, known: null }), await loadCsv(path));
  });

  it.each([
    ['class numbers with pixels of no class', (at: number) => [0, 1, 2, 255][at % 4]!],
    ['values that are numbered', (at: number) => [0, 90, 180][at % 3]!],
  ])('masks of %s', async (name, valueOf) => {
    const dir = join(folder, name);
    for (let picture = 0; picture < 6; picture += 1) {
      const [image, mask] = [new PNG({ width: 9, height: 5 }), new PNG({ width: 9, height: 5 })];
      for (let at = 0; at < 45; at += 1) {
        image.data.set([(at * 5 + picture) % 256, (at * 11) % 256, 40 * picture, 255], 4 * at);
        const value = valueOf(at + picture);
        mask.data.set([value, value, value, 255], 4 * at);
      }
      write(`${name}/images/${picture}.png`, PNG.sync.write(image));
      write(`${name}/masks/${picture}.png`, PNG.sync.write(mask, { colorType: 0 }));
    }
    for (const file of readdirSync(join(dir, 'images'))) {
      for (const kind of ['images', 'masks']) {
        const place = ['train', 'val', 'train', 'test'][Number(file[0]) % 4]!;
        write(`${name} in parts/${place}/${kind}/${file}`, readFileSync(join(dir, kind, file)));
      }
    }
    const { readMaskFolders } = await load<{
      readMaskFolders: (dir: string, size: readonly number[]) => Promise<Printed>;
    }>(pictures, 'masks');
    for (const place of [dir, `${dir} in parts`]) {
      const app = await loadMasks(place, { wanted: { shape: [4, 6, 3] }, infoOnly: false });
      expectSame(await readMaskFolders(place, [4, 6, 3]), app);
    }
  });

  /** Folders of pictures, each path with a colour of its own. */
  function writePictures(name: string, paths: readonly string[]): string {
    for (const [at, path] of paths.entries()) {
      const image = new PNG({ width: 9, height: 5 });
      image.data.forEach((_, byte) => (image.data[byte] = byte % 4 === 3 ? 255 : (byte * (3 + at)) % 256));
      write(`${name}/${path}`, PNG.sync.write(image));
    }
    return join(folder, name);
  }

  const ofClasses = ['a/1.png', 'a/2.png', 'a/deep/3.png', 'b/1.png', 'b/2.png', 'b/deep/er/3.png'];

  it.each([
    ['undivided', ['']],
    ['with a part to validate', ['train/', 'valid/']],
    ['with a part to test alone', ['train/', 'test/']],
  ])('folders of classes %s, and the same as pictures that are learned themselves', async (name, parts) => {
    const paths = parts.flatMap((part) => ofClasses.map((path) => part + path));
    const dir = writePictures(`classes ${name}`, paths);
    const options = { wanted: { shape: [4, 6, 3], targetChannels: 3 }, infoOnly: false } as const;
    const { readClassFolders } = await load<{
      readClassFolders: (dir: string, size: readonly number[]) => Promise<Printed>;
    }>(pictures, 'folders');
    expectSame(await readClassFolders(dir, [4, 6, 3]), await loadImages(dir, options));
    const { readOwnPictures } = await load<{
      readOwnPictures: (dir: string, size: readonly number[], channels: number) => Promise<Printed>;
    }>(own, 'own');
    expectSame(await readOwnPictures(dir, [4, 6, 3], 3), await loadPictures(dir, options));
  });

  type Labelled = readonly [name: string, place: string, rowOf: (at: number) => string, head: string];
  const labelled: readonly Labelled[] = [
    ['a column of names', '', (at) => `p${at};"${['cat|dog', 'owl 10', '', 'owl 9|cat'][at % 4]}"`, 'name;tags'],
    ['a column for each class', 'in/', (at) => `${+(at % 3 === 0)},p${at}.png,${+(at % 7 < 3)}`, 'cat,file,'],
    [
      'a column of parts',
      '',
      (at) => `in/p${at}.png,${['train', 'val', 'test'][at % 3]},yes,${at % 2 > 0}`,
      'f,split,a,b',
    ],
  ];

  it.each(labelled)('pictures beside labels.csv with %s', async (name, place, rowOf, head) => {
    const all = places(12);
    const dir = writePictures(
      name,
      all.map((at) => `${at % 2 === 0 || place !== '' ? 'in/' : ''}p${at}.png`),
    );
    write(`${name}/odd.png`, 'not a picture');
    write(
      `${name}/labels.csv`,
      [head, ...all.map(rowOf), rowOf(99), rowOf(3), rowOf(5).replace('yes', 'no')].join('\n'),
    );
    const { readClassFolders } = await load<{
      readClassFolders: (dir: string, size: readonly number[]) => Promise<Printed>;
    }>(pictures, 'folders');
    const app = await loadImages(dir, { wanted: { shape: [4, 6, 3] }, infoOnly: false });
    expectSame(await readClassFolders(dir, [4, 6, 3]), app);
  });

  it('columns of a table that are classes of which a row has any number', async () => {
    const asked = 'y, "a, b"';
    const dir = project('readers-columns', { ...chainNetwork([2], ['fc', { units: 2 }]), train: { targets: asked } });
    const lines = places(20).map((at) => `${at},${['no', 'Yes'][at % 2]},${+(at % 5 === 0)},${at / 7}`);
    const path = write('columns.csv', ['x,"a, b",y,z', ...lines, '4,maybe,1,2', '5,,1,2'].join('\n'));
    const { readTable } = await load<{ readTable: (path: string, options: object) => Promise<Printed> }>(dir, 'table');
    const app = await loadCsv(path, { reading: { ...defaultReading, targets: asked } });
    expectSame(await readTable(path, { width: 2, learnsValues: false, known: null }), app);
  });

  describe('Parquet files', () => {
    beforeAll(() => writeParquet(join(folder, 'parquet')));
    type ReadPictures = (files: object, size: readonly number[], channels: number) => Promise<Printed>;

    it.each(['table.parquet', 'parts', 'lists.parquet'])('as tables: %s', async (name) => {
      const path = join(folder, 'parquet', name);
      const { readTable } = await load<{ readTable: (path: string, options: object) => Promise<Printed> }>(
        table,
        'table',
      );
      const app = await openData(`parquet:${path}`, { wanted: null, infoOnly: false });
      expectSame(await readTable(path, { width: null, learnsValues: false, known: null }), app);
    });

    it.each(['faces.parquet', 'masks.parquet', 'pairs.parquet', 'named'])('as pictures: %s', async (name) => {
      const path = join(folder, 'parquet', name);
      const { findParquet } = await load<{ findParquet: (path: string) => Promise<object> }>(pictures, 'parquet');
      const { readParquetPictures } = await load<{ readParquetPictures: ReadPictures }>(pictures, 'parquetPictures');
      const wanted = { shape: [4, 6, 3], targetChannels: 3 };
      const app = await openData(`parquet:${path}`, { wanted, infoOnly: false });
      expectSame(await readParquetPictures(await findParquet(path), [4, 6, 3], 3), app);
    });
  });

  const npy = (descr: string, shape: readonly number[], data: Uint8Array): Buffer => {
    const header =
      `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117) + '\n';
    const start = Buffer.from('\x93NUMPY\x01\0\0\0', 'latin1');
    start.writeUInt16LE(header.length, 8);
    return Buffer.concat([start, Buffer.from(header, 'latin1'), data]);
  };
  const bytes = (count: number, most = 256): Uint8Array =>
    Uint8Array.from({ length: count }, (_, at) => (at * at) % most);
  const shares = Float32Array.from({ length: 12 * 36 }, (_, at) => (at % 50) / 50);

  it.each([
    ['any number of classes', { x: npy('|u1', [20, 5, 9], bytes(20 * 45)), y: npy('|u1', [20, 3], bytes(60, 2)) }],
    [
      'one class each, in parts',
      {
        train_images: npy('|u1', [9, 3, 4, 6], bytes(9 * 72)),
        train_labels: npy('<u2', [9, 1], new Uint8Array(Uint16Array.from(bytes(9, 4)).buffer)),
        val_images: npy('|u1', [4, 3, 4, 6], bytes(4 * 72)),
        val_labels: npy('|u1', [4, 1], bytes(4, 5)),
      },
    ],
    [
      'a class for each pixel',
      { images: npy('<f4', [12, 6, 6], new Uint8Array(shares.buffer)), masks: npy('|u1', [12, 6, 6], bytes(432, 3)) },
    ],
  ] as const)('arrays of NumPy: %s', async (name, arrays) => {
    const path = write(
      `${name}.npz`,
      zipOf(Object.entries(arrays).map(([key, data]) => ({ name: `${key}.npy`, data }))),
    );
    const { readArrays } = await load<{ readArrays: (path: string, size: readonly unknown[]) => Promise<Printed> }>(
      pictures,
      'arrays',
    );
    expectSame(await readArrays(path, [null, null, null]), await loadNpz(path, { wanted: null, infoOnly: false }));
  });

  it.each([
    ['in one folder', ['', '', ''], [4, 6, 3], 3],
    ['parted, of which the targets have colours', ['train/', 'train/', 'val/'], [4, 6, 1], 3],
  ] as const)('pairs %s', async (name, parts, shape, channels) => {
    const dir = join(folder, name);
    for (let at = 0; at < 9; at += 1) {
      const place = parts[at % 3]!;
      for (const [kind, times] of [
        ['inputs', 1],
        ['targets', at === 5 ? 3 : 2],
      ] as const) {
        const image = new PNG({ width: 8 * times, height: 5 * times });
        image.data.forEach((_, byte) => (image.data[byte] = byte % 4 === 3 ? 255 : (byte * (7 + at) + times) % 256));
        write(`${name}/${place}${kind}/${at % 2 === 0 ? 'sub/' : ''}${at}.png`, PNG.sync.write(image));
      }
    }
    const { readPairFolders } = await load<{
      readPairFolders: (dir: string, size: readonly number[], channels: number) => Promise<Printed>;
    }>(pictures, 'pairs');
    const app = await loadPairs(dir, { wanted: { shape, targetChannels: channels }, infoOnly: false });
    expectSame(await readPairFolders(dir, shape, channels), app);
  });

  // 10,000 digits each: some ten seconds.
  it.runIf(isWhole).each([
    ['mnist-sr', loadSmallDigits],
    ['mnist-denoise', loadNoisyDigits],
  ] as const)('the digits of %s, every 400th compared', async (data, loadDigits) => {
    const document = { ...chainNetwork([14, 14, 1], ['conv', { filters: 1, kernelSize: 1 }]), train: { data } };
    const { readSpoiltDigits } = await load<{ readSpoiltDigits: (path: string) => Promise<Printed> }>(
      project(`readers-${data}`, document),
      'restoring',
    );
    const printed = await readSpoiltDigits(findBuilt(import.meta.dirname, digitsFile));
    const app = await loadDigits();
    if (!app.ok) throw new Error('The digits are built in.');
    for (const [own, theirs] of [
      [printed.training, app.value.train],
      [printed.validation, app.value.validation],
    ] as const) {
      expect(own).toHaveLength(theirs.count);
      for (let at = 0; at < theirs.count; at += 400) {
        const bytes = (values: Samples['inputs'] | Samples['targets'], size: number) => [
          ...values.subarray(at * size, (at + 1) * size),
        ];
        const { inputs, targets } = own[at]!;
        const [input, target] = [inputs[0]!.data, targets[0]!.data];
        expect(Array.from(input, (value) => Math.round(255 * value))).toEqual(bytes(theirs.inputs, input.length));
        expect(Array.from(target, (value) => Math.round(255 * value))).toEqual(bytes(theirs.targets, target.length));
      }
    }
  });

  it.each(['webp', 'tiff', 'grey.tiff'])('reads %s as it reads the same picture as PNG', async (ending) => {
    const values = Uint8Array.from({ length: 4 * 6 * 3 }, (_, at) => (at * 29) % 256);
    const raw = sharp(values, { raw: { width: 6, height: 4, channels: 3 } });
    const isGrey = ending.startsWith('grey');
    const picture = await (isGrey ? raw.greyscale().toColourspace('b-w') : raw).png().toBuffer();
    const other = sharp(picture);
    const bytes = await (
      ending === 'webp' ? other.webp({ lossless: true }) : other.tiff({ compression: 'lzw' })
    ).toBuffer();
    const { readPicture, pictureName } = await load<{
      readPicture: (path: string, size: number[]) => Promise<object>;
      pictureName: RegExp;
    }>(pictures, 'pictures');
    const path = write(`one.${ending}`, bytes);
    expect(pictureName.test(path)).toBe(true);
    expect(await readPicture(path, [4, 6, 3])).toEqual(await readPicture(write('one.png', picture), [4, 6, 3]));
  });

  it('CIFAR-10', async () => {
    const batch = (count: number, seed: number): Uint8Array =>
      Uint8Array.from({ length: count * 3073 }, (_, at) => (at % 3073 === 0 ? (at / 3073) % 10 : (at * seed) % 251));
    write('cifar/data_batch_1.bin', batch(4, 7));
    write('cifar/test_batch.bin', batch(2, 13));
    const { readCifar10 } = await load<{ readCifar10: (dir: string) => Promise<Printed> }>(pictures, 'cifar10');
    const dir = join(folder, 'cifar');
    expectSame(await readCifar10(dir), await loadCifar10(dir));
  });
});

const resuming = `
import { train } from './dist/train.js';
import { buildModel } from './dist/model.js';
import { createOptimizer, seed as usualSeed } from './dist/settings.js';
import { loadCheckpoint, saveCheckpoint } from './dist/checkpoint.js';
import { getWeights, setWeights } from './dist/weights.js';
const sample = (at) => ({
  inputs: [{ shape: [2], data: Float32Array.of(at % 3, at % 5) }],
  targets: [{ shape: [], data: Float32Array.of(at % 3) }],
});
const data = { task: 'classes', classes: [], scaling: null, training: Array.from({ length: 20 }, (_, at) => sample(at)), validation: [] };
const whole = buildModel();
const start = getWeights(whole);
await train(whole, data, { epochs: 4 });
const broken = buildModel();
setWeights(broken, start.index, start.bytes);
const optimizer = createOptimizer();
const stop = async (line, epoch) => {
  if (epoch < 2) return;
  await saveCheckpoint(broken, optimizer, { epoch, epochs: 4, seed: usualSeed });
  throw new Error('broken off');
};
await train(broken, data, { epochs: 4, optimizer, onEpoch: stop }).catch(() => undefined);
const resumed = buildModel();
const fresh = createOptimizer();
const { epoch, epochs, seed } = await loadCheckpoint(resumed, fresh);
await train(resumed, data, { epochs, seed, optimizer: fresh, done: epoch });
const values = (model) => Array.from(new Float32Array(getWeights(model).bytes.buffer));
console.log(JSON.stringify([values(whole), values(resumed), Array.from(new Float32Array(start.bytes.buffer))]));
`;

describe('a training that was broken off', () => {
  it.each(['adam', 'momentum', 'sgd'] as const)('ends with %s as the unbroken one does', (optimizer) => {
    const layers = [['fc', { units: 4, activation: 'tanh' }], ['batchnorm'], ['fc', { units: 3 }]] as const;
    const dir = project(`resume-${optimizer}`, {
      ...chainNetwork([2], ...layers),
      train: { optimizer, epochs: 4, batchSize: 6, learningRate: 0.05 },
    });
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', resuming], {
      cwd: dir,
      encoding: 'utf8',
    });
    const [whole, resumed, start] = JSON.parse(output.trim().split('\n').at(-1)!) as number[][];
    expect(whole).not.toEqual(start);
    resumed!.forEach((value, at) => expect(value).toBeCloseTo(whole![at]!, 6));
  });
});

it.runIf(isWhole)(
  'ESLint with the rules that know types finds nothing in a printed project',
  () => {
    const bin = join(import.meta.dirname, '../../../node_modules/eslint/bin/eslint.js');
    expect(execFileSync(process.execPath, [bin, '.'], { cwd: pictures, encoding: 'utf8' })).toBe('');
  },
  600_000,
);

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { encode as encodeJpeg } from 'jpeg-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gatherSamples } from '../../../electron/data/dataset';
import { colorPng as png, held } from '../../support/dataFolder';
import type { HeldDataset } from '../../support/dataFolder';
import type { WantedInput } from '../../../electron/data/dataset';
import { unpackDigits } from '../../../electron/data/digits';
import { readIdx, writeIdx } from '../../../electron/data/idxFormat';
import { openData } from '../../../electron/data/open';
import { packDigits } from '../../../electron/data/packDigits';
import { convertChannels, resizeImage, resizeLabels } from '../../../electron/data/resize';
import { makeScenes } from '../../../electron/data/scenes';
import { shuffledOrder, splitSamples } from '../../../electron/data/split';
import { parseTable } from '../../../electron/data/table';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-data-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function put(path: string, bytes: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), bytes);
}

async function open(spec: string, wanted: WantedInput = null, infoOnly = false): Promise<HeldDataset> {
  const opened = await openData(spec, { wanted, infoOnly });
  if (!opened.ok) throw new Error(opened.diagnostics.map(({ code }) => code).join());
  const { train, validation } = opened.value;
  return { ...opened.value, train: held(train), validation: held(validation) };
}

async function codeOf(spec: string, wanted: WantedInput = null): Promise<string> {
  const opened = await openData(spec, { wanted, infoOnly: false });
  return opened.ok ? 'ok' : opened.diagnostics.map(({ code }) => code).join();
}

describe('splits', () => {
  it('shuffle is a permutation that the seed decides', () => {
    const order = shuffledOrder(1000, 7);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(shuffledOrder(1000, 7)).toEqual(order);
    expect(shuffledOrder(1000, 8)).not.toEqual(order);
  });

  it('hold one in five of each class, and at least one of each class with two', () => {
    const classes = [...Array<number>(50).fill(0), ...Array<number>(10).fill(1), 2, 2, 3];
    const { train, validation } = splitSamples({ classOf: classes });
    const heldOf = (label: number) => validation.filter((index) => classes[index] === label).length;
    expect([0, 1, 2, 3].map(heldOf)).toEqual([10, 2, 1, 0]);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(classes.map((_, index) => index));
  });

  it('gathers into a new array, of a Buffer too', () => {
    const inputs = Buffer.from([1, 2, 3, 4, 5, 6]);
    const gathered = gatherSamples({ count: 3, inputs, targets: Buffer.from([7, 8, 9]) }, [2, 0, 2]);
    expect([...gathered.inputs]).toEqual([5, 6, 1, 2, 5, 6]);
    expect([...gathered.targets]).toEqual([9, 7, 9]);
    expect([...inputs]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('the built-in digits', () => {
  it('pack into one file that holds every digit of the package', { timeout: 120_000 }, async () => {
    const packed = await packDigits();
    const digits = unpackDigits(packed);
    if (typeof digits === 'string') throw new Error(digits);
    const counts = Array<number>(10).fill(0);
    for (const label of digits.targets) counts[label]! += 1;
    expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    expect(digits.inputs).toHaveLength(10_000 * 28 * 28);
    expect(packed.length).toBeLessThan(2_000_000);
    expect(typeof unpackDigits(packed.subarray(0, 1000))).toBe('string');
    expect(gunzipSync(packed).length).toBe(16 + 10_000 * 784 + 8 + 10_000);
  });

  it('make scenes that the seed decides, with ink where labels are', () => {
    const digit = new Uint8Array(28 * 28).fill(0);
    digit.fill(255, 28 * 10, 28 * 12);
    const digits = { count: 1, inputs: digit, targets: Uint8Array.of(4) };
    const scenes = makeScenes(digits, 5, 3);
    expect(makeScenes(digits, 5, 3)).toEqual(scenes);
    expect(makeScenes(digits, 5, 4)).not.toEqual(scenes);
    expect(new Set(scenes.targets)).toEqual(new Set([0, 5]));
    scenes.targets.forEach((label, at) => expect(scenes.inputs[at]! > 200).toBe(label === 5));
  });
});

describe('resizing', () => {
  const image = { width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 0, 100, 100) };

  it('averages when it shrinks and interpolates when it enlarges', () => {
    expect([...resizeImage(image, 1, 1).data]).toEqual([50]);
    expect([...resizeImage(image, 4, 1).data]).toEqual([0, 25, 75, 100]);
    expect(resizeImage(image, 2, 2)).toBe(image);
  });

  it('never mixes class numbers', () => {
    expect([...resizeLabels(Uint8Array.of(1, 2, 3, 4), image, 4, 4)]).toEqual([
      1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4,
    ]);
  });

  it('makes grey of colour by luma, and colour of grey', () => {
    const red = { width: 1, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0) };
    expect([...convertChannels(red, 1).data]).toEqual([76]);
    expect([...convertChannels({ ...red, channels: 1, data: Uint8Array.of(9) }, 3).data]).toEqual([9, 9, 9]);
  });
});

describe('images:DIR', () => {
  async function putClasses(): Promise<void> {
    for (let index = 0; index < 10; index++) {
      await put(
        `cat/${index}.png`,
        png(6, 4, () => [10, 10, 10]),
      );
      await put(
        `dog/${index}.png`,
        png(6, 4, () => [200, 0, 0]),
      );
    }
  }

  it('takes a folder per class, at the images’ own size where the network leaves it open', async () => {
    await putClasses();
    const { info, train, validation } = await open(`images:${dir}`, { shape: [null, null, 3] });
    expect(info).toMatchObject({
      task: 'classification',
      classes: ['cat', 'dog'],
      inputShape: [4, 6, 3],
      trainCount: 16,
    });
    expect(validation.count).toBe(4);
    expect([...train.inputs.subarray(0, 3)]).toEqual([10, 10, 10]);
    expect(train.targets[15]).toBe(1);
  });

  it('resizes to the network’s input, and reads JPEG', async () => {
    await putClasses();
    const white = Buffer.alloc(16 * 16 * 4, 255);
    await put('dog/x.jpg', encodeJpeg({ width: 16, height: 16, data: white }).data);
    const { info, train, validation } = await open(`images:${dir}`, { shape: [8, 8, 1] });
    expect(info.inputShape).toEqual([8, 8, 1]);
    expect([...train.inputs, ...validation.inputs]).toContain(255);
    expect(train.inputs).toHaveLength(train.count * 64);
  });

  it('names and skips what is broken', async () => {
    await putClasses();
    await put('dog/notes.txt', 'woof');
    await put('cat/cut.png', png(6, 4, () => [0, 0, 0]).subarray(0, 40));
    const { info } = await open(`images:${dir}`);
    expect(info.warnings.map(({ code }) => code)).toEqual(['data/skipped']);
    expect(info.warnings[0]!.summary.en).toBe('2 of 22 were skipped.');
    expect(info.warnings[0]!.why!.en).toMatch(/notes\.txt/);
    expect(info.warnings[0]!.why!.en).toMatch(/cut\.png/);
    expect(info.trainCount + info.validationCount).toBe(20);
  });

  it('takes the split that folders train and val give', async () => {
    for (const part of ['train', 'val'])
      await put(
        `${part}/a/1.png`,
        png(2, 2, () => [1, 1, 1]),
      );
    await put(
      'train/b/1.png',
      png(2, 2, () => [1, 1, 1]),
    );
    const { info } = await open(`images:${dir}`);
    expect([info.trainCount, info.validationCount, info.classes]).toEqual([2, 1, ['a', 'b']]);
  });

  it('describes without decoding, with the same counts', async () => {
    await putClasses();
    const { info } = await open(`images:${dir}`, null, true);
    expect(info).toMatchObject({ trainCount: 16, validationCount: 4, inputShape: [4, 6, 3] });
  });

  it.each([
    ['no folders', async () => await put('a.png', 'x'), 'data/layout'],
    ['nothing usable', async () => await put('a/a.png', 'x'), 'data/nothing-usable'],
    [
      'a single image',
      async () =>
        await put(
          'a/a.png',
          png(1, 1, () => [0, 0, 0]),
        ),
      'data/too-few',
    ],
  ])('refuses a folder with %s', async (_what, prepare, code) => {
    await prepare();
    expect(await codeOf(`images:${dir}`)).toBe(code);
  });

  it('refuses a number of channels that no image has', async () => {
    await putClasses();
    expect(await codeOf(`images:${dir}`, { shape: [4, 4, 7] })).toBe('data/channels');
  });
});

describe('masks:DIR', () => {
  it('takes small grey values as class numbers', async () => {
    for (let index = 0; index < 5; index++) {
      await put(
        `images/${index}.png`,
        png(4, 4, () => [50, 60, 70]),
      );
      await put(
        `masks/${index}.png`,
        png(4, 4, (x) => (x < 2 ? [0, 0, 0] : [2, 2, 2])),
      );
    }
    await put('classes.txt', 'ground\nhouse\nroad\n');
    const { info, train, targetShape } = await open(`masks:${dir}`, { shape: [2, 2, 3] });
    expect(info).toMatchObject({ task: 'segmentation', classes: ['ground', 'house', 'road'], trainCount: 4 });
    expect(targetShape).toEqual([2, 2]);
    expect([...train.targets.subarray(0, 4)]).toEqual([0, 2, 0, 2]);
  });

  it('numbers large values and colours in order', async () => {
    for (let index = 0; index < 3; index++) {
      await put(
        `images/${index}.png`,
        png(2, 1, () => [1, 1, 1]),
      );
      await put(
        `masks/${index}.png`,
        png(2, 1, (x) => (x === 0 ? [0, 0, 0] : [255, 0, 0])),
      );
    }
    const { info, train } = await open(`masks:${dir}`);
    expect(info.classes).toEqual(['0', '#ff0000']);
    expect([...train.targets.subarray(0, 2)]).toEqual([0, 1]);
  });

  it('skips an image without a mask, or with one of another size', async () => {
    for (const name of ['a', 'b', 'c', 'd'])
      await put(
        `images/${name}.png`,
        png(2, 2, () => [1, 1, 1]),
      );
    for (const name of ['a', 'b'])
      await put(
        `masks/${name}.png`,
        png(2, 2, () => [1, 1, 1]),
      );
    await put(
      'masks/c.png',
      png(3, 2, () => [1, 1, 1]),
    );
    const { info } = await open(`masks:${dir}`);
    expect(info.warnings[0]!.summary.en).toBe('2 of 4 were skipped.');
  });
});

describe('idx:DIR', () => {
  const images = writeIdx(
    [10, 2, 2],
    Uint8Array.from({ length: 40 }, (_, at) => at),
  );
  const labels = writeIdx([10], Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1, 0, 1));

  it('reads files, gzipped or not, with t10k for validation', async () => {
    await put('train-images-idx3-ubyte', images);
    await put('train-labels-idx1-ubyte.gz', gzipSync(labels));
    await put('t10k-images.idx3-ubyte', images);
    await put('t10k-labels.idx1-ubyte', labels);
    const { info, train } = await open(`idx:${dir}`);
    expect(info).toMatchObject({ inputShape: [2, 2, 1], classes: ['0', '1'], trainCount: 10, validationCount: 10 });
    expect([...train.inputs.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
  });

  it('refuses files that are cut off or do not belong together', async () => {
    await put('train-images-idx3-ubyte', images.subarray(0, 30));
    await put('train-labels-idx1-ubyte', labels);
    expect(await codeOf(`idx:${dir}`)).toBe('data/damaged');
    await put('train-images-idx3-ubyte', images);
    await put('train-labels-idx1-ubyte', writeIdx([2], Uint8Array.of(0, 1)));
    expect(await codeOf(`idx:${dir}`)).toBe('data/damaged');
    expect(readIdx(Buffer.from('no idx file'))).toEqual(expect.any(String));
  });
});

describe('cifar10:DIR', () => {
  it('turns colour planes into channels last', async () => {
    const record = Buffer.alloc(3073);
    record[0] = 3;
    record.fill(10, 1, 1025).fill(20, 1025, 2049).fill(30, 2049);
    await put('data_batch_1.bin', Buffer.concat([record, record]));
    await put('test_batch.bin', record);
    const { info, train } = await open(`cifar10:${dir}`);
    expect(info).toMatchObject({ inputShape: [32, 32, 3], trainCount: 2, validationCount: 1 });
    expect([...train.inputs.subarray(0, 6)]).toEqual([10, 20, 30, 10, 20, 30]);
    expect(info.classes[train.targets[0]!]).toBe('cat');
    await put('data_batch_2.bin', record.subarray(1));
    expect(await codeOf(`cifar10:${dir}`)).toBe('data/damaged');
  });
});

describe('csv:FILE', () => {
  it('splits quoted fields, and finds the separator', () => {
    const rows = [
      ['a', 'b'],
      ['1;"x"', '2'],
    ];
    const parsed = parseTable('a;b\n"1;""x""";2\n\n', 't.csv');
    expect(parsed).toEqual({ ok: true, value: { rows, separator: ';' } });
  });

  it('learns classes from words, with features at mean 0 and deviation 1', async () => {
    const rows = Array.from({ length: 20 }, (_, n) => `${n},${n % 2 === 0 ? 'even' : 'odd'},${100 + n}`);
    await put('t.csv', `x,class,y\n${rows.join('\n')}\n1,even\nx,odd,3\n`);
    const { info, train, scaling } = await open(`csv:${join(dir, 't.csv')}`);
    expect(info).toMatchObject({ task: 'classification', classes: ['even', 'odd'], inputShape: [2], trainCount: 16 });
    expect(info.warnings[0]!.why!.en).toMatch(/row 22: 2 fields instead of 3; row 23: column 1 is not a number/);
    const mean = [...train.inputs].reduce((sum, value) => sum + value, 0) / train.inputs.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(scaling!.mean).toHaveLength(2);
  });

  it('learns values from numbers', async () => {
    await put('t.csv', Array.from({ length: 50 }, (_, n) => `${n},${n / 3}`).join('\n'));
    const { info, targetShape, train } = await open(`csv:${join(dir, 't.csv')}`);
    expect(info).toMatchObject({ task: 'regression', classes: [], trainCount: 40 });
    expect(targetShape).toEqual([1]);
    expect(train.targets).toBeInstanceOf(Float32Array);
  });
});

describe('specs', () => {
  it.each([
    ['nothing', 'data/unknown-spec'],
    ['mnist:more', 'data/unknown-spec'],
    ['images', 'data/needs-path'],
    ['images:', 'data/needs-path'],
    ['images:/no/such/folder', 'data/not-found'],
    ['csv:/no/such/file', 'data/not-found'],
    [`idx:${import.meta.filename}`, 'file/is-not-folder'],
    [`csv:${import.meta.dirname}`, 'file/is-folder'],
  ])('%s is refused with %s', async (spec, code) => {
    expect(await codeOf(spec)).toBe(code);
  });
});

import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../electron/data/decode';
import { isReason } from '../../../electron/data/imageFile';
import { readNpy } from '../../../electron/data/npyFormat';
import { storedZip } from '../../../electron/files/zip';
import { useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();

/** An array as NumPy saves it. */
function npy(descr: string, shape: readonly number[], data: Uint8Array, order = 'False'): Buffer {
  const header =
    `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(', ')},), }`.padEnd(117) + '\n';
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), data]);
}

const bytes = (values: readonly number[]) => Uint8Array.from(values);
const floats = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);
const longs = (values: readonly number[]) => new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index % 256);

async function putNpz(arrays: Readonly<Record<string, Buffer>>): Promise<void> {
  const entries = Object.entries(arrays).map(
    ([name, content]) => [`${name}.npy`, { byteLength: content.length, pieces: () => [content] }] as const,
  );
  await folder.put('made', '');
  await pipeline(storedZip(new Map(entries)), createWriteStream(folder.at('a.npz')));
}

describe('npz:FILE', () => {
  it('has the parts that its arrays are, with the test part apart', async () => {
    const part = (count: number) => npy('|u1', [count, 2, 2], bytes(upTo(count * 4)));
    const labels = (count: number) => npy('<i8', [count, 1], longs(upTo(count).map((at) => at % 3)));
    await putNpz({
      train_images: part(6),
      train_labels: labels(6),
      val_images: part(3),
      val_labels: labels(3),
      test_images: part(4),
      test_labels: labels(4),
    });
    const { info, train, test } = await folder.open('npz', 'a.npz');
    expect(info).toMatchObject({
      task: 'classification',
      inputShape: [2, 2, 1],
      classes: ['0', '1', '2'],
      trainCount: 6,
      validationCount: 3,
      testCount: 4,
    });
    expect([...train.inputs.subarray(4, 8)]).toEqual([4, 5, 6, 7]);
    expect(test!.count).toBe(4);
  });

  it('learns any number of classes where rows of ones and zeros have not one each', async () => {
    const rows = [1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0];
    const x = npy('|u1', [6, 2, 2], bytes(upTo(24)));
    await putNpz({ x, y: npy('|u1', [6, 3], bytes(rows)), x_val: x, y_val: npy('<i8', [6, 3], longs(rows)) });
    const { info, train, validation, targetShape } = await folder.open('npz', 'a.npz');
    expect(info).toMatchObject({ task: 'multi-label', classes: ['0', '1', '2'], trainCount: 6 });
    expect(targetShape).toEqual([3]);
    expect([...train.targets]).toEqual(rows);
    expect([...validation.targets]).toEqual(rows);
  });

  it('refuses lists of classes with other values than 0 and 1', async () => {
    await putNpz({ x: npy('|u1', [2, 2, 2], bytes(upTo(8))), y: npy('<i8', [2, 2], longs([1, -1, 0, 1])) });
    expect(await folder.refusal('npz', 'a.npz')).toMatch(/have the value -1; they are 0 and 1 for each class/);
  });

  it('takes fractions for pixels, channels before the places, and labels of ones and zeros', async () => {
    const x = Array.from({ length: 5 * 12 }, (_, at) => (at % 12) / 11);
    const y = Array.from({ length: 5 * 2 }, (_, at) => (at % 2 === 1 ? 1 : 0));
    await putNpz({ x: npy('<f4', [5, 3, 2, 2], floats(x)), y: npy('<f4', [5, 2], floats(y)) });
    const { info, train } = await folder.open('npz', 'a.npz');
    expect(info).toMatchObject({ inputShape: [2, 2, 3], trainCount: 4, validationCount: 1 });
    expect([...train.inputs.subarray(0, 6)]).toEqual([0, 4, 8, 1, 5, 9].map((at) => Math.round((255 * at) / 11)));
    expect([...train.targets]).toEqual([1, 1, 1, 1]);
  });

  it('takes a class for each pixel', async () => {
    await putNpz({
      images: npy('|u1', [5, 2, 3], bytes(upTo(30))),
      masks: npy('|u1', [5, 2, 3], bytes(upTo(30).map((at) => at % 2))),
    });
    const { info, targetShape } = await folder.open('npz', 'a.npz');
    expect([info.task, targetShape, info.classes]).toEqual(['segmentation', [2, 3], ['0', '1']]);
  });

  it.each([
    ['no labels', { x: npy('|u1', [2, 2, 2], bytes(upTo(8))) }, 'data/layout'],
    ['rows of a table', { x: npy('|u1', [2, 4], bytes(upTo(8))), y: npy('|u1', [2], bytes([0, 1])) }, 'no pictures'],
    [
      'other counts',
      { x: npy('|u1', [2, 2, 2], bytes(upTo(8))), y: npy('|u1', [3], bytes([0, 1, 1])) },
      '3 labels for 2',
    ],
    [
      'labels that are no classes',
      { x: npy('|u1', [2, 2, 2], bytes(upTo(8))), y: npy('<f4', [2], floats([0.5, 1])) },
      'no class number',
    ],
    [
      'negative pixels',
      { x: npy('<f4', [1, 2, 2], floats([-1, 0, 0, 1])), y: npy('|u1', [1], bytes([0])) },
      'from -1 to 1',
    ],
    [
      'an array that is cut off',
      { x: npy('|u1', [2, 2, 2], bytes([1])), y: npy('|u1', [2], bytes([0, 1])) },
      'cut off',
    ],
    ['objects', { x: npy('|O', [1, 2, 2], bytes([])), y: npy('|u1', [1], bytes([0])) }, 'plain numbers'],
  ])('refuses %s', async (_name, arrays, words) => {
    await putNpz(arrays);
    expect(await folder.refusal('npz', 'a.npz')).toContain(words);
  });

  it('refuses what is no zip, and arrays in the order of Fortran', async () => {
    await folder.put('a.npz', 'words');
    expect(await folder.refusal('npz', 'a.npz')).toContain('data/damaged');
    expect(readNpy(npy('|u1', [1, 2, 2], bytes(upTo(4)), 'True'))).toContain('Fortran');
  });
});

describe('BMP pictures', () => {
  /** `rows`: as they lie in the file, from below. */
  function bmp(
    bits: number,
    size: readonly [number, number],
    rows: readonly number[],
    palette: readonly number[] = [],
  ): Buffer {
    const head = Buffer.alloc(54);
    head.write('BM', 'latin1');
    head.writeUInt32LE(54 + palette.length, 10);
    head.writeUInt32LE(40, 14);
    head.writeInt32LE(size[0], 18);
    head.writeInt32LE(size[1], 22);
    head.writeUInt16LE(bits, 28);
    head.writeUInt32LE(palette.length / 4, 46);
    return Buffer.concat([head, Uint8Array.from(palette), Uint8Array.from(rows)]);
  }
  const colours = [0, 0, 0, 0, 30, 20, 10, 0];

  it.each([
    ['24 bits, from below', bmp(24, [1, 2], [3, 2, 1, 0, 6, 5, 4, 0]), [4, 5, 6, 1, 2, 3]],
    ['24 bits, from above', bmp(24, [1, -2], [3, 2, 1, 0, 6, 5, 4, 0]), [1, 2, 3, 4, 5, 6]],
    ['32 bits', bmp(32, [1, 1], [3, 2, 1, 255]), [1, 2, 3]],
    ['8 bits', bmp(8, [2, 1], [1, 0, 0, 0], colours), [10, 20, 30, 0, 0, 0]],
    ['1 bit', bmp(1, [3, 1], [0b01000000, 0, 0, 0], colours), [0, 0, 0, 10, 20, 30, 0, 0, 0]],
  ])('of %s', async (_name, file, pixels) => {
    const image = await decodeImage(file);
    if (isReason(image)) throw new Error(image.en);
    expect([...image.data]).toEqual(pixels);
  });

  it.each([
    ['cut off', bmp(24, [1, 2], [3, 2]), 'ends too early'],
    ['larger than the file', bmp(24, [20_000, 20_000], [1]), 'can hold'],
    ['16 bits', bmp(16, [1, 1], [1, 1, 0, 0]), 'not read'],
  ])('that are %s say so', async (_name, file, words) => {
    const image = await decodeImage(file);
    expect(isReason(image) ? image.en : '').toContain(words);
  });
});

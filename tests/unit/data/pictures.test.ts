import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { encode as encodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeImage, decodeInScript } from '../../../electron/data/decode';
import { isReason, readImageHeader } from '../../../electron/data/imageFile';
import { openData } from '../../../electron/data/open';
import { convertChannels } from '../../../electron/data/resize';
import type { Dataset, Samples } from '../../../electron/data/dataset';
import { makeBatch } from '../../../electron/trainer/batches';
import { fingerprintOf } from '../../../electron/trainer/fingerprint';
import { colorPng, useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();
const cacheHome = process.env['XDG_CACHE_HOME'];
beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = folder.at('cache');
});
afterEach(() => {
  if (cacheHome === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = cacheHome;
});

/** Soft colours with some grain, as photographs have. */
const paint = (x: number, y: number): readonly [number, number, number] => [
  (120 + 80 * Math.sin(x / 7) + ((x * 31 + y * 17) % 13)) & 255,
  (120 + 80 * Math.cos(y / 9)) & 255,
  (60 + x + y) & 255,
];
const picture = colorPng(48, 32, paint);

async function open(kind: 'images' | 'masks', options: { readonly heldBytes?: number; readonly onRead?: () => void }) {
  const opened = await openData(`${kind}:${folder.at('data')}`, {
    wanted: null,
    infoOnly: false,
    onProgress: () => options.onRead?.(),
    ...(options.heldBytes === undefined ? {} : { heldBytes: options.heldBytes }),
  });
  if (!opened.ok) throw new Error(opened.diagnostics.map(({ code }) => code).join());
  return opened.value;
}

async function putImages(count = 10): Promise<void> {
  for (const name of ['cat', 'dog']) {
    for (let index = 0; index < count; index++) {
      const offset = index + (name === 'dog' ? 100 : 0);
      await folder.put(
        `data/${name}/${index}.png`,
        colorPng(12, 8, (x, y) => [offset, x * 10, y * 10]),
      );
    }
  }
}

async function putMasks(count = 10): Promise<void> {
  for (let index = 0; index < count; index++) {
    await folder.put(
      `data/images/${index}.png`,
      colorPng(6, 4, (x, y) => [index, x, y]),
    );
    await folder.put(
      `data/masks/${index}.png`,
      colorPng(6, 4, (x) => Array<number>(3).fill((x + index) % 3) as never),
    );
  }
}

/** All batches of a set, as a run would see them in this order. */
function batches({ info, targetShape, hasIgnored }: Dataset, samples: Samples) {
  const { task, inputShape } = info;
  const form = { task, inputShape, targetShape, outputShape: targetShape, hasIgnored: hasIgnored ?? false };
  const order = Array.from({ length: samples.count }, (_, index) => (index * 7) % samples.count);
  return [order.slice(0, 3), order.slice(3)].map((indices) => makeBatch(samples, indices, form));
}

describe('sets of pictures that memory does not hold', () => {
  it.each(['images', 'masks'] as const)('give the same batches from disk: %s', async (kind) => {
    await (kind === 'images' ? putImages() : putMasks());
    const held = await open(kind, {});
    const stored = await open(kind, { heldBytes: 100 });
    expect(ArrayBuffer.isView(held.train.inputs)).toBe(true);
    expect(ArrayBuffer.isView(stored.train.inputs)).toBe(false);
    expect(fingerprintOf(stored)).toEqual(fingerprintOf(held));
    expect(batches(stored, stored.train)).toEqual(batches(held, held.train));
    expect(batches(stored, stored.validation)).toEqual(batches(held, held.validation));
  });

  it('are opened without their pixels in memory', async () => {
    const noise = PNG.sync.write(new PNG({ width: 1000, height: 1000 }));
    for (let index = 0; index < 60; index++)
      await folder.put(`data/${index % 2 === 0 ? 'a' : 'b'}/${index}.png`, noise);
    // Once before the measurement: threads and decoders take memory of their own.
    await open('images', { heldBytes: 0 });
    const before = process.memoryUsage();
    const { train, validation } = await open('images', { heldBytes: 0 });
    const after = process.memoryUsage();
    expect(train.inputs.length + validation.inputs.length).toBe(60 * 3e6);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(20e6);
  });
});

describe('pictures that were read once', () => {
  it('are not read again until a file, or the size, is another', async () => {
    await putImages();
    let reads = 0;
    const onRead = () => (reads += 1);
    const first = await open('images', { onRead });
    expect(reads).toBe(20);
    const second = await open('images', { onRead });
    expect(reads).toBe(20);
    expect(second).toEqual(first);
    const now = new Date(Date.now() + 5000);
    await utimes(folder.at('data/cat/3.png'), now, now);
    await open('images', { onRead });
    expect(reads).toBe(40);
    await folder.put(
      'data/cat/3.png',
      colorPng(12, 8, () => [1, 2, 3]),
    );
    const changed = await open('images', { onRead });
    expect(reads).toBe(60);
    expect(fingerprintOf(changed)).not.toEqual(fingerprintOf(first));
  });

  it('stay with their warnings, and leave nothing half done behind', async () => {
    await putImages();
    await folder.put('data/cat/broken.png', picture.subarray(0, picture.length - 40));
    const first = await open('images', {});
    expect(first.info.warnings[0]?.why?.en).toContain('broken.png: the file ends too early');
    expect((await open('images', {})).info.warnings).toEqual(first.info.warnings);
    const names = await readdir(folder.at('cache/convloom/pictures'));
    expect(names.map((name) => name.replace(/.*\./, '.')).sort()).toEqual(['.json', '.rows']);
    const rows = names.find((name) => name.endsWith('.rows'))!;
    expect((await stat(join(folder.at('cache/convloom/pictures'), rows))).size).toBe(21 * 12 * 8 * 3);
  });
});

async function decoded(bytes: Buffer, channels: number): Promise<Uint8Array> {
  const image = await decodeImage(bytes);
  if (isReason(image)) throw new Error(image.en);
  return convertChannels(image, channels).data;
}

function decodedInScript(bytes: Buffer, channels: number): Uint8Array {
  const header = readImageHeader(bytes);
  const image = isReason(header) ? header : decodeInScript(bytes, header);
  if (isReason(image)) throw new Error(image.en);
  return convertChannels(image, channels).data;
}

const largest = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((max, value, at) => Math.max(max, Math.abs(value - b[at]!)), 0);

describe('both decoders', () => {
  const ramp = (inputColorType: 0 | 2 | 4 | 6, bitDepth: 8 | 16): Buffer => {
    const image = new PNG({ width: 48, height: 32 });
    for (let at = 0; at < image.data.length; at++) image.data[at] = (at * 37) % 256;
    return PNG.sync.write(image, { colorType: inputColorType, bitDepth });
  };
  const pngs: readonly (readonly [string, () => Buffer | Promise<Buffer>])[] = [
    ['grey', () => ramp(0, 8)],
    ['colour', () => ramp(2, 8)],
    ['grey with alpha', () => ramp(4, 8)],
    ['colour with alpha', () => ramp(6, 8)],
    ['16 bits', () => ramp(2, 16)],
    ['a palette', () => sharp(picture).png({ palette: true, colours: 16 }).toBuffer()],
    ['interlaced', () => sharp(picture).png({ progressive: true }).toBuffer()],
  ];
  it.each(pngs)('read PNG to the same numbers: %s', async (_name, make) => {
    const bytes = await make();
    for (const channels of [1, 3, 4]) {
      expect(largest(await decoded(bytes, channels), decodedInScript(bytes, channels))).toBe(0);
    }
  });

  it.each([
    ['grey', 1, () => sharp(picture).greyscale().jpeg().toBuffer()],
    ['colours at full size', 4, () => sharp(picture).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
    ['progressive', 4, () => sharp(picture).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()],
    ['CMYK', 0, () => sharp(picture).toColourspace('cmyk').jpeg().toBuffer()],
  ] as const)('read JPEG to the same numbers but for rounding: %s', async (_name, rounding, make) => {
    const bytes = await make();
    expect(largest(await decoded(bytes, 3), decodedInScript(bytes, 3))).toBeLessThanOrEqual(rounding);
  });

  it('refuse a JPEG file that was cut off', async () => {
    const { data } = encodeJpeg(
      { width: 64, height: 64, data: Buffer.alloc(64 * 64 * 4).map((_, at) => (at * 7919) % 256) },
      90,
    );
    expect(isReason(await decodeImage(data.subarray(0, data.length / 2)))).toBe(true);
  });
});

describe('WebP and TIFF', () => {
  const formats = [
    ['webp', () => sharp(picture).webp({ lossless: true }).toBuffer()],
    ['tiff', () => sharp(picture).tiff({ compression: 'lzw' }).toBuffer()],
    ['tif', () => sharp(picture).tiff({ compression: 'none' }).toBuffer()],
  ] as const;
  it.each(formats)('are pictures like any other: .%s', async (extension, make) => {
    const bytes = await make();
    expect(largest(await decoded(bytes, 3), decodedInScript(picture, 3))).toBe(0);
    for (const name of ['cat', 'dog']) {
      for (let index = 0; index < 5; index++) await folder.put(`data/${name}/${index}.${extension}`, bytes);
    }
    const { info } = await open('images', {});
    expect(info).toMatchObject({ inputShape: [32, 48, 3], trainCount: 8, validationCount: 2, warnings: [] });
  });

  it.each(formats)('that are cut off are named and left out: .%s', async (extension, make) => {
    const bytes = await make();
    await putImages(5);
    await folder.put(`data/cat/half.${extension}`, bytes.subarray(0, bytes.length / 2));
    const { info } = await open('images', {});
    expect(info.trainCount + info.validationCount).toBe(10);
    expect(info.warnings[0]?.why?.en).toContain(`half.${extension}`);
  });

  it.each(formats.slice(0, 2))('stand beside masks: .%s', async (extension, make) => {
    const bytes = await make();
    for (let index = 0; index < 5; index++) {
      await folder.put(`data/images/${index}.${extension}`, bytes);
      await folder.put(
        `data/masks/${index}.png`,
        colorPng(48, 32, (x) => Array<number>(3).fill(x % 2) as never),
      );
    }
    expect((await open('masks', {})).info).toMatchObject({ trainCount: 4, validationCount: 1, classes: ['0', '1'] });
  });
});

import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { encode as encodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../electron/data/decode';
import { isReason, readImageHeader } from '../../../electron/data/imageFile';
import { writeIdx } from '../../../electron/data/idxFormat';
import { readRegularFile } from '../../../electron/files/regularFile';
import { openProject } from '../../../electron/host/projects';
import { colorPng, useDataFolder } from '../../support/dataFolder';
import { rawPng } from '../../support/rawPng';
import { itUnless, noPosix } from '../../support/skip';

const folder = useDataFolder();
const red = colorPng(6, 4, () => [200, 0, 0]);
const makePipe = (path: string) => execFileSync('mkfifo', [folder.at(path)]);

async function putClasses(names: readonly string[], count = 5, prefix = '') {
  for (const name of names) {
    for (let index = 0; index < count; index++) await folder.put(`${prefix}${name}/${index}.png`, red);
  }
}

const jpeg = encodeJpeg({ width: 64, height: 64, data: Buffer.alloc(64 * 64 * 4, 90) }, 50).data;

/** The JPEG file with another size in its frame header. */
function claiming(width: number, height: number): Buffer {
  const bytes = Buffer.from(jpeg);
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
}

/** Peak growth of the process in bytes while `work` runs; only what is far too much is told from noise. */
function growth(work: () => unknown): number {
  const before = process.memoryUsage();
  work();
  const after = process.memoryUsage();
  return after.rss - before.rss;
}

describe('pictures that claim more than they hold', () => {
  it.each([
    [
      'a PNG of 69 bytes, 9999×9999',
      rawPng({ width: 9999, height: 9999, depth: 8, colorType: 2, raw: Buffer.alloc(1) }),
    ],
    ['a JPEG of 1 kB, 9000×7000', claiming(9000, 7000)],
  ])('are refused by their header: %s', async (_name, bytes) => {
    let header: ReturnType<typeof readImageHeader> | undefined;
    expect(growth(() => (header = readImageHeader(bytes)))).toBeLessThan(50e6);
    expect(isReason(header!) && header.en).toMatch(/^it claims \d+×\d+, more than \d+ bytes can hold$/);
    expect(isReason(await decodeImage(bytes))).toBe(true);
  });

  it('are refused beyond 64 million pixels, whatever they hold', () => {
    const bytes = rawPng({ width: 20_000, height: 20_000, depth: 1, raw: Buffer.alloc(20_000 * 2501) });
    const header = readImageHeader(bytes);
    expect(isReason(header) && header.en).toBe('20000×20000 is too large');
  });

  it('are refused when interlaced rows go on for ever', async () => {
    const bytes = rawPng({ width: 8, height: 8, depth: 8, interlaced: true, raw: Buffer.alloc(300_000_000) });
    const before = process.memoryUsage().rss;
    expect(isReason(await decodeImage(bytes))).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it('are refused where they were cut off, instead of filled up with grey', async () => {
    const noise = Buffer.from({ length: 64 * 64 * 4 }).map((_, at) => (at * 7919) % 256);
    const whole = encodeJpeg({ width: 64, height: 64, data: noise }, 90).data;
    expect(isReason(await decodeImage(whole))).toBe(false);
    expect(isReason(await decodeImage(whole.subarray(0, whole.length / 2)))).toBe(true);
    expect(isReason(await decodeImage(red.subarray(0, red.length - 20)))).toBe(true);
  });
});

describe('gzipped files', () => {
  it('are not unpacked beyond what their own header says', async () => {
    const bomb = Buffer.concat([writeIdx([10, 2, 2], new Uint8Array(40)), Buffer.alloc(200_000_000)]);
    await folder.put('train-images-idx3-ubyte.gz', gzipSync(bomb, { level: 1 }));
    await folder.put('train-labels-idx1-ubyte', writeIdx([10], new Uint8Array(10)));
    expect(await folder.refusal('idx')).toMatch(/^data\/inflates/);
  });

  it('are not unpacked at all where the header says too much', async () => {
    const header = writeIdx([50_000, 300, 300], new Uint8Array(0));
    await folder.put('train-images-idx3-ubyte.gz', gzipSync(Buffer.concat([header, Buffer.alloc(1_000_000)])));
    await folder.put('train-labels-idx1-ubyte', writeIdx([50_000], new Uint8Array(50_000)));
    expect(await folder.refusal('idx')).toMatch(/^data\/(inflates|too-large)/);
  });
});

describe('folders with odd things in them', () => {
  it('follow links to pictures and folders, and name what leads nowhere', async () => {
    await putClasses(['cat']);
    await folder.put('elsewhere.png', red);
    await folder.put('.hidden/0.png', red);
    await folder.put('.hidden/1.png', red);
    await symlink(folder.at('elsewhere.png'), folder.at('cat/linked.png'));
    await symlink(folder.at('.hidden'), folder.at('dog'));
    await symlink(folder.at('nowhere'), folder.at('cat/dangling.png'));
    await symlink(folder.at('cat/circle.png'), folder.at('cat/circle.png'));
    const { info } = await folder.open('images');
    expect(info.classes).toEqual(['cat', 'dog']);
    expect(info.trainCount + info.validationCount).toBe(8);
    const { why, summary } = info.warnings.find(({ code }) => code === 'data/skipped')!;
    expect(summary.en).toBe('3 of 11 were skipped.');
    expect(why!.en).toContain('dangling.png: a link to nothing');
    expect(why!.en).toContain('circle.png: a link in a circle');
    expect(why!.en).toContain('elsewhere.png: it lies in no folder of a class');
    expect(why!.zh).toContain('dangling.png：链接的目标不存在');
  });

  it('never take a link that leads back for a class', async () => {
    await putClasses(['cat', 'dog']);
    await symlink(folder.at(''), folder.at('loop'));
    await symlink(folder.at('cat'), folder.at('cat/again'));
    const { info } = await folder.open('images');
    expect(info.classes).toEqual(['cat', 'dog']);
    expect(info.trainCount + info.validationCount).toBe(10);
    expect(info.warnings[0]!.why!.en).toContain('again: a link in a circle');
    expect(info.warnings[0]!.why!.en).toContain('loop: a link in a circle');
  });

  it('say so where all are of one class, or too few to be split', async () => {
    await putClasses(['cat']);
    expect((await folder.open('images')).info.warnings.map(({ code }) => code)).toEqual(['data/one-class']);
    await putClasses(['cat', 'dog'], 1, 'few/');
    expect(await folder.refusal('images', 'few')).toMatch(/^data\/too-few: \S+ has 2 samples that can be used/);
  });

  itUnless(noPosix, 'name pipes and never open one', async () => {
    await putClasses(['cat']);
    for (const name of ['cat/a.png', 'cat/b.png']) makePipe(name);
    const { info } = await folder.open('images');
    expect(info.warnings[0]!.why!.en).toContain('a.png: neither a file nor a folder');
    expect(info.trainCount + info.validationCount).toBe(5);
  });

  itUnless(noPosix, 'five pipes, opened as projects and tables, are refused at once', async () => {
    const pipes = ['1', '2', '3', '4', '5'].map((name) => `${name}.json`);
    for (const pipe of pipes) makePipe(pipe);
    const opened = await Promise.all(pipes.map((pipe) => openProject(folder.at(pipe))));
    for (const result of opened) expect(result.ok || result.diagnostics[0]!.code).toBe('file/not-regular');
    await expect(readRegularFile(folder.at('1.json'))).rejects.toMatchObject({ code: 'ENOTREGULAR' });
    expect(await folder.refusal('csv', '1.json')).toMatch(/^file\/not-regular/);
    await expect(readRegularFile('/dev/zero')).rejects.toMatchObject({ code: 'ENOTREGULAR' });
  });

  it('name classes without pictures, also those whose pictures are text', async () => {
    await putClasses(['cat', 'dog']);
    await folder.put('bird/broken.png', 'this is text');
    const { info } = await folder.open('images');
    expect(info.classes).toEqual(['bird', 'cat', 'dog']);
    expect(info.warnings.map(({ code }) => code)).toEqual(['data/skipped', 'data/class-empty']);
    expect(info.warnings[0]!.why!.en).toContain('broken.png: not a PNG, JPEG, BMP, WebP or TIFF file');
    expect(info.warnings[1]!.summary.en).toContain('bird');
  });

  it('name classes that only one part has', async () => {
    await putClasses(['cat', 'dog'], 3, 'train/');
    await putClasses(['cat', 'zebra'], 2, 'val/');
    const { info } = await folder.open('images');
    expect([info.trainCount, info.validationCount]).toEqual([6, 2]);
    expect(info.warnings.map(({ code }) => code)).toEqual([
      'data/class-only-in-validation',
      'data/class-not-validated',
    ]);
    expect(info.warnings[0]!.summary.en).toMatch(/zebra\. Their 2 files are left out/);
    expect(info.warnings[1]!.summary.en).toContain('dog');
  });
});

describe('pictures that hold more than is learned', () => {
  it('are counted by what they hold: transparency, more than 8 bits', async () => {
    await putClasses(['cat', 'dog']);
    expect((await folder.open('images')).info.warnings).toEqual([]);
    const values = [0, 65_535, 9, 300];
    await folder.put('cat/deep.png', rawPng({ width: 2, height: 2, depth: 16, values }));
    const clear = new PNG({ width: 6, height: 4 });
    await folder.put('dog/clear.png', PNG.sync.write(clear));
    const [found] = (await folder.open('images', '', { shape: [4, 6, 3] })).info.warnings.filter(
      ({ code }) => code === 'data/converted',
    );
    expect(found!.why!.en).toMatch(/^1 with transparency: .* 1 of more than 8 bits: /);
  });

  it('say so of CMYK by their header', () => {
    const cmyk = Buffer.from(jpeg);
    cmyk[cmyk.indexOf(Buffer.from([0xff, 0xc0])) + 9] = 4;
    expect(readImageHeader(cmyk)).toMatchObject({ converted: 'cmyk', isPlain: false });
  });
});

describe('pictures that the network takes otherwise', () => {
  it('are squeezed and made grey with a warning that says so', async () => {
    for (const name of ['cat', 'dog']) {
      for (let index = 0; index < 5; index++) {
        await folder.put(
          `${name}/${index}.png`,
          colorPng(40, 32, () => [9, 99, 0]),
        );
      }
    }
    const { info } = await folder.open('images', '', { shape: [28, 28, 1] });
    const [warning] = info.warnings;
    expect(warning).toMatchObject({ code: 'data/resized', severity: 'warning' });
    expect(warning!.summary.en).toContain('from 32×40×3 to 28×28×1');
    expect(warning!.why!.en).toMatch(/squeezed.*grey.*Input of 32×40×3/);
    expect((await folder.open('images')).info.warnings).toEqual([]);
    const halved = await folder.open('images', '', { shape: [16, 20, 3] });
    expect(halved.info.warnings).toMatchObject([{ code: 'data/resized', severity: 'info' }]);
  });
});

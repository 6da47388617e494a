import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { openData } from '../../../electron/data/open';
import { galleryOf, lookAtData } from '../../../electron/data/look';
import { halved, noisy } from '../../../electron/data/restored';
import { firstPicture } from '../../../electron/data/sample';
import { storedZip } from '../../../electron/files/zip';
import { targetAt } from '../../../shared/schema/data';
import { colorPng, useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();

/** Pictures of one grey. */
const grey = (width: number, height: number, shade: number) => colorPng(width, height, () => [shade, shade, shade]);

/** Five pairs; targets are twice as large, and lighter. */
async function putPairs(prefix = '', count = 5): Promise<void> {
  for (let index = 0; index < count; index++) {
    await folder.put(`${prefix}inputs/${index}.png`, grey(6, 4, 10 * index));
    await folder.put(`${prefix}targets/${index}.png`, grey(12, 8, 10 * index + 5));
  }
}

describe('pairs:DIR', () => {
  it('has an input and a target of each name, and one pair in five validates', async () => {
    await putPairs();
    const { info, train, targetShape } = await folder.open('pairs');
    expect(info).toMatchObject({
      task: 'image-to-image',
      inputShape: [4, 6, 3],
      targetShape: [8, 12, 3],
      classes: [],
      trainCount: 4,
      validationCount: 1,
      warnings: [],
    });
    expect(targetShape).toEqual([8, 12, 3]);
    for (let index = 0; index < 4; index++) {
      const shade = train.inputs.subarray(index * 72, (index + 1) * 72)[0]!;
      expect(new Set(train.targets.subarray(index * 288, (index + 1) * 288))).toEqual(new Set([shade + 5]));
    }
  });

  it('has the parts that its folders are', async () => {
    await putPairs('train/', 3);
    await putPairs('val/', 2);
    await putPairs('test/', 1);
    const { info } = await folder.open('pairs');
    expect(info).toMatchObject({ trainCount: 3, validationCount: 2, testCount: 1 });
  });

  it('names and leaves out what has no partner, another factor, or cannot be read', async () => {
    await putPairs();
    await folder.put('inputs/alone.png', grey(6, 4, 1));
    await folder.put('targets/left.png', grey(12, 8, 1));
    await folder.put('inputs/thrice.png', grey(6, 4, 1));
    await folder.put('targets/thrice.png', grey(18, 12, 1));
    await folder.put('inputs/text.png', grey(6, 4, 1));
    await folder.put('targets/text.png', 'no picture');
    await folder.put('inputs/half.png', grey(6, 4, 1));
    await folder.put('targets/half.png', grey(12, 8, 1).subarray(0, 60));
    const { info, skips } = await folder.open('pairs');
    expect(info.trainCount + info.validationCount).toBe(5);
    expect(info.warnings.map(({ code }) => code)).toEqual(['data/skipped']);
    const reasons = Object.fromEntries(skips!.map(({ name, reason }) => [name, reason.en]));
    expect(Object.keys(reasons).sort()).toEqual([
      'alone.png',
      'half.png',
      'targets/left.png',
      'text.png',
      'thrice.png',
    ]);
    expect(reasons['thrice.png']).toContain('18×12');
    expect(reasons['thrice.png']).toContain('2 times');
  });

  it('is brought to the input of a network, its targets by the same factor', async () => {
    await putPairs();
    const opened = await openData(`pairs:${folder.at('.')}`, {
      wanted: { shape: [2, 3, 1], targetChannels: 1 },
      infoOnly: false,
    });
    expect(opened.ok && opened.value.info).toMatchObject({ inputShape: [2, 3, 1], targetShape: [4, 6, 1] });
    expect(opened.ok && opened.value.train.targets.length).toBe(4 * 24);
  });

  it('keeps the colours of targets though inputs are grey', async () => {
    for (let index = 0; index < 5; index++) {
      await folder.put(`inputs/${index}.png`, grey(4, 4, 9));
      await folder.put(
        `targets/${index}.png`,
        colorPng(4, 4, () => [200, 100, 50]),
      );
    }
    const opened = await openData(`pairs:${folder.at('.')}`, { wanted: { shape: [4, 4, 1] }, infoOnly: false });
    expect(opened.ok && [...opened.value.train.targets.subarray(0, 3)]).toEqual([200, 100, 50]);
  });

  it('is refused where a folder is missing, with what belongs there', async () => {
    await folder.put('inputs/0.png', grey(4, 4, 1));
    const opened = await openData(`pairs:${folder.at('.')}`, { wanted: null, infoOnly: false });
    expect(opened.ok ? [] : opened.diagnostics.map(({ code }) => code)).toEqual(['data/layout']);
  });

  it('is shown with its targets', async () => {
    await putPairs();
    const spec = `pairs:${folder.at('.')}`;
    const looked = await lookAtData(spec);
    if (!looked.ok) throw new Error(looked.diagnostics[0]?.summary.en);
    expect(looked.value.report.info).toMatchObject({ inputShape: [4, 6, 3], targetShape: [8, 12, 3] });
    const wish = { part: null, classIndex: null, from: 0, count: 10 } as const;
    const { total, masks, targets, pixels } = galleryOf(looked.value.dataset, wish);
    expect([total, masks]).toEqual([5, null]);
    expect(targets!.pixels.length).toBe(5 * targets!.shape[0] * targets!.shape[1] * 3);
    expect(targets!.pixels[0]! - pixels[0]!).toBe(5);
    const first = await firstPicture(spec);
    expect(first.ok && first.value?.shape.slice(0, 2)).toEqual([4, 6]);
  });
});

describe('the size of targets', () => {
  it('follows that of inputs by the same factor, and leaves channels', () => {
    const sizes = { inputShape: [14, 14, 1], targetShape: [28, 42, 3] };
    expect(targetAt(sizes, [7, 7, 1])).toEqual([14, 21, 3]);
    expect(targetAt(sizes, [null, 28, 1])).toEqual([28, 84, 3]);
    expect(targetAt(sizes, [196])).toEqual([28, 42, 3]);
  });
});

describe('spoilt digits', () => {
  it('are means of 2x2 pixels, digit by digit', () => {
    const inputs = new Uint8Array(2 * 28 * 28);
    inputs.set([100, 60], 0);
    inputs.set([20, 20], 28);
    // The last block of the second digit.
    inputs[2 * 784 - 1] = 255;
    const { inputs: small, shape } = halved({ count: 2, inputs });
    expect(shape).toEqual([14, 14, 1]);
    expect([small.length, small[0], small[1], small.at(-1)]).toEqual([2 * 196, 50, 0, 64]);
  });

  it('have noise that the seed decides, cut at black and white', () => {
    const inputs = Uint8Array.from({ length: 784 }, (_, at) => (at < 392 ? 0 : 128));
    const [a, b, c] = [noisy({ inputs }, 1), noisy({ inputs }, 1), noisy({ inputs }, 2)].map((one) => one.inputs);
    expect([...a!]).toEqual([...b!]);
    expect([...a!]).not.toEqual([...c!]);
    const greys = [...a!.subarray(392)];
    const mean = greys.reduce((sum, value) => sum + value, 0) / 392;
    const deviation = Math.sqrt(greys.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 392);
    expect(Math.abs(mean - 128)).toBeLessThan(15);
    // 0.3 of 255 is 76.5; cutting at both ends leaves somewhat less.
    expect(deviation).toBeGreaterThan(60);
    expect(deviation).toBeLessThan(78);
  });
});

/** A little-endian NumPy array. */
function npy(descr: string, shape: readonly number[], data: Uint8Array): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117) + '\n';
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), data]);
}

describe('npz:FILE', () => {
  const x = npy('|u1', [5, 2, 2], new Uint8Array(20).fill(3));
  const floats = (value: number) => new Uint8Array(new Float32Array(5 * 16).fill(value).buffer);
  async function put(arrays: Readonly<Record<string, Buffer>>): Promise<void> {
    await folder.put('made', '');
    const entries = Object.entries(arrays).map(
      ([name, content]) => [`${name}.npy`, { byteLength: content.length, pieces: () => [content] }] as const,
    );
    await pipeline(storedZip(new Map(entries)), createWriteStream(folder.at('a.npz')));
  }

  it.each([
    ['named so', 'targets', '<f4', floats(1)],
    ['named so, as bytes', 'targets', '|u1', new Uint8Array(80).fill(255)],
    ['with fractions', 'y', '<f4', floats(0.2)],
  ] as const)('has pictures to be learned: %s', async (_, name, descr, data) => {
    await put({ x, [name]: npy(descr, [5, 4, 4], data) });
    const { info, train } = await folder.open('npz', 'a.npz');
    expect(info).toMatchObject({ task: 'image-to-image', inputShape: [2, 2, 1], targetShape: [4, 4, 1], classes: [] });
    expect(train.targets.subarray(0, 1)[0]).toBe(name === 'y' ? 51 : 255);
  });

  it('takes whole numbers of the size of the pictures for classes of pixels, as ever', async () => {
    await put({ x, y: npy('<f4', [5, 2, 2], new Uint8Array(new Float32Array(20).fill(1).buffer)) });
    expect((await folder.open('npz', 'a.npz')).info).toMatchObject({ task: 'segmentation', classes: ['0', '1'] });
  });

  it('guesses nothing of bytes of another size: it says what pictures are to be called', async () => {
    await put({ x, y: npy('|u1', [5, 4, 4], new Uint8Array(80)) });
    const opened = await openData(`npz:${folder.at('a.npz')}`, { wanted: null, infoOnly: false });
    expect(opened.ok ? '' : opened.diagnostics[0]?.why?.en).toContain('called targets');
  });
});

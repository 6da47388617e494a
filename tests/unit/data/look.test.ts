import { decode as decodeJpeg, encode as encodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { adaptationTo } from '../../../electron/data/adaptation';
import { findAlike, likenessOf } from '../../../electron/data/likeness';
import { galleryOf, lookAtData } from '../../../electron/data/look';
import { resizeImage } from '../../../electron/data/resize';
import type { Pixels } from '../../../electron/data/resize';
import { createRandom } from '../../../shared/ops/random';
import { defaultReading } from '../../../shared/schema/training';
import { colorPng, useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();

/** Soft waves that the seed decides. */
function waves(seed: number) {
  const random = createRandom(seed);
  const [a, b, c, d] = Array.from({ length: 4 }, () => 2 + 8 * random.uniform());
  return (x: number, y: number): readonly [number, number, number] => [
    128 + 100 * Math.sin(a! * x + b! * y),
    128 + 60 * Math.cos(c! * y - d! * x),
    255 * x * y,
  ];
}

function painted(seed: number, width = 40, height = 40): Pixels {
  const png = PNG.sync.read(colorPng(width, height, (x, y) => waves(seed)(x / width, y / height)));
  return { width, height, channels: 4, data: png.data };
}

describe('pictures that look the same', () => {
  it('are found when one was made larger and saved with losses, and others are not', () => {
    const trained = Array.from({ length: 60 }, (_, seed) => painted(seed));
    const scored = [7, 42, 300, 301, 302].map((seed) => {
      const { width, height, data } = painted(seed, 90, 90);
      const saved = encodeJpeg({ width, height, data: Buffer.from(data) }, 60).data;
      return { width, height, channels: 4, data: decodeJpeg(saved, { useTArray: true }).data };
    });
    const found = findAlike(trained.map(likenessOf), scored.map(likenessOf), () => false);
    expect(found).toEqual([
      { trained: 7, scored: 0 },
      { trained: 42, scored: 1 },
    ]);
  });

  it('are none among pictures of one colour', () => {
    const flat = [10, 10, 200].map((value) =>
      likenessOf(resizeImage({ width: 1, height: 1, channels: 1, data: Uint8Array.of(value) }, 9, 9)),
    );
    expect(findAlike(flat, flat, () => false)).toEqual([]);
  });
});

describe('a look at pictures', () => {
  it('counts classes and sizes, finds copies across the parts, and names what is broken', async () => {
    for (const [label, name] of ['cat', 'dog'].entries()) {
      for (let index = 0; index < 3; index++) {
        await folder.put(
          `train/${name}/${index}.png`,
          colorPng(40, 30, (x, y) => waves(10 * label + index)(x / 40, y / 30)),
        );
      }
      await folder.put(
        `val/${name}/copy.png`,
        colorPng(40, 30, (x, y) => waves(10 * label)(x / 40, y / 30)),
      );
      await folder.put(
        `val/${name}/large.png`,
        colorPng(80, 60, (x, y) => waves(10 * label + 1)(x / 80, y / 60)),
      );
    }
    await folder.put('train/dog/cut.png', colorPng(40, 30, waves(99)).subarray(0, 60));
    await folder.put('train/dog/words.png', 'words');
    const looked = await lookAtData(`images:${folder.at('')}`, { wanted: { shape: [28, 28, 1] } });
    if (!looked.ok) throw new Error(looked.diagnostics[0]!.code);
    const { report, dataset } = looked.value;
    expect(report.info).toMatchObject({ inputShape: [30, 40, 3], trainCount: 6, validationCount: 4 });
    expect(report.parts).toEqual([
      { part: 'train', count: 6, classCounts: [3, 3] },
      { part: 'validation', count: 4, classCounts: [2, 2] },
    ]);
    expect(report.sizes).toEqual([
      { height: 30, width: 40, channels: 3, count: 8 },
      { height: 60, width: 80, channels: 3, count: 2 },
    ]);
    expect(report.duplicates).toMatchObject({ count: 2, acrossCount: 2 });
    expect(report.duplicates.groups[0]!.map(({ name }) => name)).toEqual(['train/cat/0.png', 'val/cat/copy.png']);
    expect(report.nearlyEqual.pairs.map(({ trained, scored }) => [trained.name, scored.name])).toEqual([
      ['train/cat/1.png', 'val/cat/large.png'],
      ['train/dog/1.png', 'val/dog/large.png'],
    ]);
    expect(report.broken.count).toBe(2);
    expect(report.broken.list.map(({ name }) => name).sort()).toEqual(['train/dog/cut.png', 'train/dog/words.png']);
    expect(report.adaptation).toMatchObject({ to: [28, 28, 1], changed: 10, steps: ['resize', 'squeeze', 'grey'] });

    const dogs = galleryOf(dataset, { part: 'train', classIndex: 1, from: 1, count: 10 });
    expect(dogs).toMatchObject({ total: 3, shape: [64, 64, 3], masks: null });
    expect(dogs.items.map(({ name }) => name)).toEqual(['train/dog/1.png', 'train/dog/2.png']);
    expect(dogs.pixels).toHaveLength(2 * 64 * 64 * 3);
    const only = galleryOf(dataset, {
      part: null,
      classIndex: null,
      from: 0,
      count: 9,
      only: [
        { part: 'validation', index: 3 },
        { part: 'test', index: 0 },
      ],
    });
    expect(only.items.map(({ part, index }) => [part, index])).toEqual([['validation', 3]]);
  });

  it('of a table gives its columns, its copies and no pictures', async () => {
    await folder.put(
      't.csv',
      ['x,y,label', ...Array.from({ length: 20 }, (_, row) => `${row % 5},${row % 4},${row % 2}`)].join('\n'),
    );
    const looked = await lookAtData(`csv:${folder.at('t.csv')}`);
    if (!looked.ok) throw new Error(looked.diagnostics[0]!.code);
    const { report, dataset } = looked.value;
    expect(report.columns.map(({ name }) => name)).toEqual(['x', 'y']);
    expect([report.sizes, report.duplicates.count, report.adaptation]).toEqual([[], 0, null]);
    expect(galleryOf(dataset, { part: null, classIndex: null, from: 0, count: 9 }).total).toBe(0);
  });
});

describe('the way of pictures to an Input', () => {
  const sizes = [
    { height: 60, width: 60, channels: 3, count: 5 },
    { height: 60, width: 90, channels: 1, count: 2 },
  ];
  it.each([
    [[60, 60, 3], 'stretch', 2, ['resize', 'squeeze', 'colour'], null],
    [[30, 30, 3], 'crop', 7, ['resize', 'crop', 'colour'], [60, 60, 3]],
    [[30, 30, 1], 'letterbox', 7, ['resize', 'letterbox', 'grey'], [60, 60, 3]],
    [[null, null, 3], 'stretch', 2, ['resize', 'squeeze', 'colour'], null],
  ] as const)('%j, %s', (shape, fit, changed, steps, input) => {
    expect(adaptationTo(sizes, { shape }, fit)).toMatchObject({ changed, steps, input });
  });

  it('is none where the Input takes them as they are, or takes no pictures', () => {
    const own = sizes.slice(0, 1);
    expect(adaptationTo(own, { shape: [60, 60, 3] }, defaultReading.fit)).toBeNull();
    expect(adaptationTo(own, { shape: [784] }, 'stretch')).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { fitToNetwork, openData } from '../../../electron/data/open';
import { fitImage, fitLabels } from '../../../electron/data/resize';
import { splitSamples } from '../../../electron/data/split';
import { parseMaskValues } from '../../../shared/schema/maskValues';
import { defaultReading } from '../../../shared/schema/training';
import type { DataReading } from '../../../shared/schema/training';
import { colorPng, useDataFolder } from '../../support/dataFolder';
import { rawPng } from '../../support/rawPng';

const folder = useDataFolder();

async function open(kind: string, reading: Partial<DataReading> = {}, infoOnly = false) {
  const opened = await openData(`${kind}:${folder.at('')}`, {
    wanted: null,
    infoOnly,
    reading: { ...defaultReading, ...reading },
  });
  if (!opened.ok) throw new Error(opened.diagnostics.map(({ code }) => code).join());
  return opened.value;
}

async function refusal(kind: string, reading: Partial<DataReading>) {
  const opened = await openData(`${kind}:${folder.at('')}`, {
    wanted: null,
    infoOnly: false,
    reading: { ...defaultReading, ...reading },
  });
  return opened.ok ? null : opened.diagnostics[0]!;
}

const picture = (seed: number) => colorPng(6, 4, (x, y) => [seed, 10 * x, 10 * y]);
async function putPictures(names: readonly string[]): Promise<void> {
  for (const [at, name] of names.entries()) await folder.put(name, picture(at));
}
const numbered = (pattern: (index: number) => string, count: number) =>
  Array.from({ length: count }, (_, index) => pattern(index));

describe('parts of data', () => {
  it('have of each class its share, and what validates is the same with a test part', () => {
    const classOf = Array.from({ length: 100 }, (_, index) => (index < 80 ? 0 : 1));
    const plain = splitSamples({ classOf });
    const tested = splitSamples({ classOf, testFraction: 0.1 });
    expect(tested.validation).toEqual(plain.validation);
    expect(tested.test.filter((index) => index < 80)).toHaveLength(8);
    expect(tested.test.filter((index) => index >= 80)).toHaveLength(2);
    const all = [...tested.train, ...tested.validation, ...tested.test].sort((a, b) => a - b);
    expect(all).toEqual([...classOf.keys()]);
  });

  it('are trained on by a share of each class: a larger one holds a smaller one, and what validates stays', () => {
    const classOf = Array.from({ length: 105 }, (_, index) => (index < 80 ? 0 : index < 100 ? 1 : 2));
    const [all, most, few, least] = [1, 0.5, 0.25, 0.001].map((share) => splitSamples({ classOf, share }));
    expect(all).toEqual(splitSamples({ classOf }));
    const counts = (train: readonly number[]) => [0, 1, 2].map((c) => train.filter((at) => classOf[at] === c).length);
    expect([all!, most!, few!, least!].map(({ train }) => counts(train))).toEqual([
      [64, 16, 4],
      [32, 8, 2],
      [16, 4, 1],
      [1, 1, 1],
    ]);
    for (const [larger, smaller] of [
      [all!, most!],
      [most!, few!],
      [few!, least!],
    ]) {
      expect(smaller!.train.every((index) => larger!.train.includes(index))).toBe(true);
      expect(smaller!.validation).toEqual(larger!.validation);
    }
  });

  it('keep what validates already, and take a test part of what trains', () => {
    const given = Array.from({ length: 20 }, (_, index) => (index < 10 ? ('train' as const) : ('validation' as const)));
    const { train, validation, test } = splitSamples({ classOf: new Uint8Array(20), given, testFraction: 0.2 });
    expect([train.length, validation, test.length]).toEqual([8, [...given.keys()].slice(10), 2]);
  });

  it.each([1, 2, 3])('leave something to train on: %i of a class', (count) => {
    const { train, validation, test } = splitSamples({ classOf: new Uint8Array(count), testFraction: 0.8 });
    expect([train.length, validation.length, test.length]).toEqual([1, count > 1 ? 1 : 0, count > 2 ? 1 : 0]);
  });

  it('never part a group', () => {
    const groups = Array.from({ length: 200 }, (_, index) => `patient ${index % 17}`);
    const split = splitSamples({ classOf: new Uint8Array(200), groups, testFraction: 0.2 });
    const names = (part: readonly number[]) => new Set(part.map((index) => groups[index]));
    const [train, validation, test] = [split.train, split.validation, split.test].map(names);
    expect(train!.size + validation!.size + test!.size).toBe(17);
    for (const count of [split.validation.length, split.test.length]) expect(Math.abs(count - 40)).toBeLessThan(12);
  });

  it('of pictures are the folders train, val and test', async () => {
    await putPictures(
      ['cat', 'dog'].flatMap((name) => [
        ...numbered((index) => `train/${name}/${index}.png`, 6),
        ...numbered((index) => `val/${name}/${index}.png`, 2),
        ...numbered((index) => `test/${name}/${index}.png`, 3),
      ]),
    );
    const { info, test, origins } = await open('images', {}, true);
    expect([info.trainCount, info.validationCount, info.testCount, test!.count]).toEqual([12, 4, 6, 6]);
    expect(origins!.test.every(({ name }) => name.startsWith('test'))).toBe(true);
  });

  it('of pictures have a validation part of what trains where only a test folder is beside it', async () => {
    await putPictures([
      ...numbered((index) => `train/cat/${index}.png`, 10),
      ...numbered((index) => `test/cat/${index}.png`, 3),
    ]);
    expect((await open('images', {}, true)).info).toMatchObject({ trainCount: 8, validationCount: 2, testCount: 3 });
  });

  it.each(['folder', 'prefix'] as const)('of pictures keep groups together by %s', async (splitBy) => {
    const between = splitBy === 'folder' ? '/' : '_';
    await putPictures(
      ['cat', 'dog'].flatMap((name) => numbered((index) => `${name}/p${index % 5}${between}${index}.png`, 20)),
    );
    const { origins, info } = await open('images', { splitBy }, true);
    const groups = (part: 'train' | 'validation') => new Set(origins![part].map(({ name }) => /p\d/.exec(name)![0]));
    expect([...groups('train')].filter((name) => groups('validation').has(name))).toEqual([]);
    expect(info.trainCount + info.validationCount).toBe(40);
    expect(info.split.en).toContain('together');
  });

  it('of masks are folders too, inside or outside of images and masks', async () => {
    for (const [part, count] of [
      ['train', 5],
      ['val', 2],
      ['test', 1],
    ] as const) {
      for (let index = 0; index < count; index++) {
        await folder.put(`images/${part}/${index}.png`, picture(index));
        await folder.put(
          `masks/${part}/${index}.png`,
          rawPng({ width: 6, height: 4, depth: 8, values: new Array<number>(24).fill(index % 2) }),
        );
      }
    }
    expect((await open('masks', {}, true)).info).toMatchObject({ trainCount: 5, validationCount: 2, testCount: 1 });
  });

  it('of a table are taken before anything is measured', async () => {
    await folder.put('t.csv', ['x,label', ...numbered((index) => `${index},${index % 2}`, 50)].join('\n'));
    const opened = await openData(`csv:${folder.at('t.csv')}`, {
      wanted: null,
      infoOnly: false,
      reading: { ...defaultReading, testFraction: 0.2 },
    });
    expect(opened).toMatchObject({ ok: true, value: { info: { trainCount: 30, validationCount: 10, testCount: 10 } } });
  });
});

describe('the snapshot of data', () => {
  it('changes with a byte of a file, and not with the size that pictures are brought to', async () => {
    await putPictures(numbered((index) => `cat/${index}.png`, 6));
    const before = await open('images');
    const small = await openData(`images:${folder.at('')}`, { wanted: { shape: [2, 2, 1] }, infoOnly: false });
    expect(small).toMatchObject({ ok: true, value: { info: { snapshot: before.info.snapshot } } });
    await folder.put('cat/3.png', picture(200));
    expect((await open('images')).info.snapshot).not.toBe(before.info.snapshot);
  });

  it('of the built-in digits is the same whatever is kept apart', async () => {
    const [whole, tested] = await Promise.all(
      [0, 0.1].map((testFraction) =>
        openData('mnist', { wanted: null, infoOnly: false, reading: { ...defaultReading, testFraction } }),
      ),
    );
    if (whole?.ok !== true || tested?.ok !== true) throw new Error('refused');
    const { trainCount, testCount = 0, snapshot } = tested.value.info;
    expect([trainCount + testCount, whole.value.info.snapshot]).toEqual([8000, snapshot]);
    expect(Math.abs(testCount - 800)).toBeLessThan(6);
  });
});

describe('a table of mask values', () => {
  it.each(['', '0', '0=', 'x=1', '0=1, 0=2', '0=ignore', '0=255', '#12=1'])('refuses %j', (source) => {
    expect(parseMaskValues(source)).toBeNull();
  });

  async function putMasks(values: readonly number[]): Promise<void> {
    for (let index = 0; index < 5; index++) {
      await folder.put(
        `images/${index}.png`,
        colorPng(4, 1, () => [index, 9, 9]),
      );
      await folder.put(`masks/${index}.png`, rawPng({ width: 4, height: 1, depth: 8, values }));
    }
  }

  it.each([
    ['0=0, 29=1, 50=2, 255=ignore', ['0', '29', '50'], [0, 1, 2, 255]],
    ['0=ground,29=cell,50=cell,255=ignore', ['ground', 'cell'], [0, 1, 1, 255]],
    ['0=1, 29=0, 50=ignore, 255=3', ['29', '0', '2', '255'], [1, 0, 255, 3]],
  ])('%s', async (maskValues, classes, labels) => {
    await putMasks([0, 29, 50, 255]);
    const { info, hasIgnored, labelValues } = await open('masks', { maskValues }, true);
    expect(info.classes).toEqual(classes);
    expect(hasIgnored).toBe(true);
    expect(labelValues!.map(({ classIndex }) => classIndex ?? 255)).toEqual(labels);
  });

  it('refuses values that it leaves out, and offers them as no class', async () => {
    await putMasks([0, 29, 50, 255]);
    const found = await refusal('masks', { maskValues: '0=0, 29=1' });
    expect(found).toMatchObject({ code: 'data/mask-value-unknown', at: { path: 'train.maskValues' } });
    expect(found!.fixes[0]!.edits).toEqual([
      { type: 'setTraining', train: { maskValues: '0=0, 29=1, 50=ignore, 255=ignore' } },
    ]);
    expect(await refusal('masks', { maskValues: 'nonsense' })).toMatchObject({ code: 'data/mask-table' });
  });

  it('is offered where the values are no class numbers', async () => {
    await putMasks([0, 29, 50, 255]);
    const { info } = await open('masks', {}, true);
    const note = info.warnings.find(({ code }) => code === 'data/mask-values')!;
    const maskValues = '0=0, 29=1, 50=2, 255=ignore';
    expect(note.fixes[0]!.edits).toEqual([{ type: 'setTraining', train: { maskValues } }]);
    expect((await open('masks', { maskValues }, true)).info.classes).toEqual(info.classes);
  });
});

describe('pictures of other proportions', () => {
  const image = { width: 4, height: 2, channels: 1, data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]) };
  it('are cut to their middle, or put between bars', () => {
    expect([...fitImage(image, { height: 2, width: 2 }, 'crop').data]).toEqual([2, 3, 6, 7]);
    const boxed = fitImage(image, { height: 4, width: 4 }, 'letterbox');
    expect([...boxed.data]).toEqual([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0]);
    expect([...fitLabels(image.data, image, { height: 4, width: 4 }, 'letterbox', 255)].slice(0, 5)).toEqual([
      255, 255, 255, 255, 1,
    ]);
  });

  it('have bars of no class in their masks', async () => {
    for (let index = 0; index < 5; index++) {
      await folder.put(
        `images/${index}.png`,
        colorPng(4, 2, () => [index, 9, 9]),
      );
      await folder.put(
        `masks/${index}.png`,
        rawPng({ width: 4, height: 2, depth: 8, values: [0, 1, 0, 1, 0, 1, 0, 1] }),
      );
    }
    const opened = await openData(`masks:${folder.at('')}`, {
      wanted: { shape: [4, 4, 1] },
      infoOnly: false,
      reading: { ...defaultReading, fit: 'letterbox' },
    });
    if (!opened.ok) throw new Error('refused');
    expect(opened.value.hasIgnored).toBe(true);
    expect([...opened.value.train.targets.subarray(0, 8)]).toEqual([255, 255, 255, 255, 0, 1, 0, 1]);
  });

  it('have such bars, too, where the proportions of arrays differ by no more than a rounding', () => {
    const samples = { count: 1, inputs: new Uint8Array(24 * 25), targets: new Uint8Array(24 * 25) };
    const info = {
      spec: 'npz:a.npz',
      task: 'segmentation' as const,
      inputShape: [24, 25, 1],
      classes: ['0'],
      trainCount: 1,
      validationCount: 1,
      split: { en: '', zh: '' },
      warnings: [],
    };
    const dataset = { info, targetShape: [24, 25], train: samples, validation: samples, scaling: null };
    const fitted = fitToNetwork(dataset, {
      wanted: { shape: [20, 20, 1] },
      reading: { ...defaultReading, fit: 'letterbox' },
    });
    if (!fitted.ok) throw new Error('refused');
    expect([...new Set(fitted.value.train.targets.subarray(0, 400))]).toEqual([0, 255]);
    expect(fitted.value.hasIgnored).toBe(true);
  });
});

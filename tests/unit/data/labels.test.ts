import { describe, expect, it } from 'vitest';
import { lookAtData, galleryOf } from '../../../electron/data/look';
import { rarestOf } from '../../../electron/data/labels';
import { readLabelTable } from '../../../electron/data/labelTable';
import { parseTable } from '../../../electron/data/table';
import { alignToModel } from '../../../electron/trainer/modelData';
import { colorPng, useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();

async function putPictures(dir: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await folder.put(
      `${dir}p${index}.png`,
      colorPng(4, 4, () => [20 * index, 0, 0]),
    );
  }
}

function tableOf(source: string) {
  const table = parseTable(source, 'labels.csv');
  if (!table.ok) throw new Error(table.diagnostics[0]!.code);
  return readLabelTable(table.value, 'labels.csv', (name) => /^p\d/.test(name));
}

/** The sets of classes of each row, by name. */
function namesIn(source: string) {
  const read = tableOf(source);
  if (!read.ok) return read.diagnostics[0]!.code;
  const { classes, rows } = read.value;
  return rows.map(({ set }) => ('en' in set ? set.en : set.map((index) => classes[index]).join('+')));
}

describe('a table of labels', () => {
  it.each([
    { of: 'a column for each class', source: 'file,cat,dog\np0.png,1,0\np1.png,1,1\np2.png,0,0\n' },
    { of: 'semicolons', source: 'file,tags\np0.png,cat\np1.png,cat;dog\np2.png,\n' },
    { of: 'spaces', source: 'name,tags\np0,cat\np1,dog cat\np2,\n' },
    { of: 'commas in quotes', source: 'name,tags\np0,cat\np1,"dog, cat"\np2,\n' },
    { of: 'no header', source: 'p0.png,cat\np1.png,cat|dog\np2.png,\n' },
    { of: 'names that stand behind', source: 'cat,dog,id\n1,0,p0.png\n1,1,p1.png\n0,0,p2.png\n' },
    { of: 'truth words', source: 'file,cat,dog\np0.png,yes,no\np1.png,True,TRUE\np2.png,0.0,0\n' },
  ])('is read by $of', ({ source }) => {
    expect(namesIn(source)).toEqual(['cat', 'cat+dog', '']);
  });

  it('says with a column split what its rows are for', () => {
    const read = tableOf('file,split,cat\np0.png,train,1\np1.png,val,0\np2.png,test,1\n');
    expect(read.ok && read.value.rows.map(({ part }) => part)).toEqual(['train', 'validation', 'test']);
    expect(read.ok && read.value.classes).toEqual(['cat']);
  });

  it.each([
    { source: 'file\np0.png\n', code: 'data/labels-empty' },
    { source: 'file,cat\n', code: 'data/labels-empty' },
    { source: 'file,cat,age\np0.png,1,33\np1.png,0,7\n', code: 'data/labels-column' },
  ])('is refused: $code', ({ source, code }) => {
    expect(namesIn(source)).toBe(code);
  });

  it('names fields that are neither 0 nor 1, empty ones, and rows of another width', () => {
    const source = 'file,cat,dog\np0.png,2,0\np1.png,1,\np2.png,1\np3.png,1,0\np4.png,0,1\np5.png,1,1\np6.png,0,0\n';
    expect(namesIn(source)).toEqual([
      'cat is 2, and neither 0 nor 1',
      'dog is empty, and neither 0 nor 1',
      'it has 2 fields where the others have 3',
      'cat',
      'dog',
      'cat+dog',
      '',
    ]);
  });
});

describe('images:DIR with labels.csv', () => {
  it('has every class of each picture, and says what fits nothing', async () => {
    await putPictures('images/', 10);
    await folder.put(
      'images/alone.png',
      colorPng(4, 4, () => [0, 9, 0]),
    );
    await folder.put('images/broken.png', 'no picture');
    const rows = Array.from({ length: 9 }, (_, at) => `images/p${at}.png,${at % 2},${at % 3 === 0 ? 1 : 0},0`);
    const odd = ['images/p9.png,2,0,0', 'images/gone.png,1,0,0', 'images/broken.png,1,0,0', 'p0,1,0,0'];
    await folder.put('labels.csv', ['file,cat,dog,owl', ...rows, ...odd].join('\n'));
    const dataset = await folder.open('images');
    expect(dataset.info).toMatchObject({ task: 'multi-label', classes: ['cat', 'dog', 'owl'] });
    expect(dataset.targetShape).toEqual([3]);
    const reasons = Object.fromEntries((dataset.skips ?? []).map(({ name, reason }) => [name, reason.en]));
    expect(reasons).toEqual({
      'images/broken.png': 'not a PNG, JPEG, BMP, WebP or TIFF file',
      'images/p9.png': 'cat is 2, and neither 0 nor 1',
      'images/gone.png': 'row 12 of labels.csv names it, and there is no such picture',
      'images/alone.png': 'it has no row in labels.csv',
      p0: 'row 14 of labels.csv has other labels for it',
    });
    expect(dataset.info.warnings.map(({ code }) => code)).toContain('data/class-empty');
    const all = [...dataset.train.targets, ...dataset.validation.targets];
    expect(all.filter((_, at) => at % 3 === 0).reduce((sum, one) => sum + one, 0)).toBe(4);
  });

  it('is looked at: how many have each class, and the pictures of one', async () => {
    await putPictures('', 10);
    const rows = Array.from({ length: 10 }, (_, at) => `p${at},${['cat;dog', 'cat', ''][at % 3]!}`);
    await folder.put('labels.csv', ['file,tags', ...rows].join('\n'));
    const looked = await lookAtData(`images:${folder.at('')}`);
    if (!looked.ok) throw new Error(looked.diagnostics[0]!.code);
    const { dataset, report } = looked.value;
    const counts = report.parts.map(({ classCounts }) => classCounts);
    expect(counts.reduce<number[]>((sum, own) => own!.map((one, at) => one + (sum[at] ?? 0)), [])).toEqual([7, 4]);
    const { total, items } = galleryOf(dataset, { part: null, classIndex: 1, from: 0, count: 9 });
    expect(total).toBe(4);
    expect(items.every(({ labels }) => labels!.join() === '0,1')).toBe(true);
  });

  it('follows the folders train and val, each with a table of its own', async () => {
    await putPictures('train/', 4);
    await putPictures('val/', 3);
    await folder.put('train/labels.csv', 'file,cat,dog\np0.png,1,0\np1.png,0,1\np2.png,1,1\np3.png,0,0\n');
    await folder.put('val/labels.csv', 'file,dog,cat\np0.png,1,0\np1.png,0,1\np2.png,1,1\n');
    const { info, train, validation } = await folder.open('images');
    expect(info).toMatchObject({ trainCount: 4, validationCount: 3, classes: ['cat', 'dog'] });
    expect([...train.targets]).toEqual([1, 0, 0, 1, 1, 1, 0, 0]);
    expect([...validation.targets]).toEqual([0, 1, 1, 0, 1, 1]);
  });
});

it('samples are parted by the rarest of their classes', () => {
  expect(rarestOf([[0], [0, 1], [0, 1, 2], [], [0]], 3)).toEqual([0, 1, 2, 3, 0]);
});

it('a model takes the classes by their names; those that the data do not have are in none of them', async () => {
  await putPictures('', 4);
  await folder.put('labels.csv', 'file,dog,cat\np0.png,1,0\np1.png,0,1\np2.png,1,1\np3.png,0,1\n');
  const dataset = await folder.open('images');
  const own = { task: 'multi-label', classes: ['owl', 'cat', 'dog'], inputShape: [4, 4, 3], scaling: null } as const;
  const aligned = alignToModel(dataset, own);
  if (!aligned.ok) throw new Error(aligned.diagnostics[0]!.code);
  const { targets, count } = aligned.value.dataset.train;
  const before = dataset.train.targets;
  const rows = Array.from({ length: count }, (_, row) => [0, before[2 * row + 1], before[2 * row]]);
  expect(Array.from(targets.subarray(0, targets.length))).toEqual(rows.flat());
  expect(aligned.value.warnings.map(({ code }) => code)).toEqual(['evaluate/missing-classes']);
});

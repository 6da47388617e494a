import { truncate } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { firstPicture } from '../../../electron/data/sample';
import { colorPng, useDataFolder } from '../../support/dataFolder';

describe('the first picture of some data', () => {
  const folder = useDataFolder();

  it('is a digit of MNIST, grey, with ink on it', async () => {
    const sample = await firstPicture('mnist');
    if (!sample.ok) throw new Error('The digits are built in.');
    expect(sample.value!.shape).toEqual([28, 28, 1]);
    expect(sample.value!.pixels).toHaveLength(784);
    expect(Math.max(...sample.value!.pixels)).toBeGreaterThan(128);
  });

  it('is the first file of the first class, also where the classes are in train and val', async () => {
    await folder.put(
      'train/cat/b.png',
      colorPng(4, 2, () => [9, 8, 7]),
    );
    await folder.put(
      'train/cat/a.png',
      colorPng(4, 2, (x) => [x, 100, 200]),
    );
    await folder.put(
      'val/cat/c.png',
      colorPng(4, 2, () => [0, 0, 0]),
    );
    const sample = await firstPicture(`images:${folder.at('')}`);
    expect(sample.ok && sample.value?.shape.slice(0, 2)).toEqual([2, 4]);
    expect(sample.ok && [...sample.value!.pixels.subarray(0, 3)]).toEqual([0, 100, 200]);
  });

  it('is never a mask, and is passed over where it is damaged', async () => {
    await folder.put('images/a.png', colorPng(3, 3, () => [1, 1, 1]).subarray(0, 40));
    await folder.put(
      'images/b.png',
      colorPng(3, 3, () => [50, 60, 70]),
    );
    await folder.put(
      'masks/a.png',
      colorPng(3, 3, () => [1, 1, 1]),
    );
    const sample = await firstPicture(`masks:${folder.at('')}`);
    expect(sample.ok && [...sample.value!.pixels.subarray(0, 3)]).toEqual([50, 60, 70]);
  });

  it('is never read from a file that is larger than a picture can be', async () => {
    await folder.put(
      'cat/a.png',
      colorPng(3, 3, () => [1, 1, 1]),
    );
    // A hole: it takes no room on the disk.
    await truncate(folder.at('cat/a.png'), 1e9);
    await folder.put(
      'cat/b.png',
      colorPng(3, 3, () => [50, 60, 70]),
    );
    const before = process.memoryUsage().rss;
    const sample = await firstPicture(`images:${folder.at('')}`);
    expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
    expect(sample.ok && [...sample.value!.pixels.subarray(0, 3)]).toEqual([50, 60, 70]);
    await truncate(folder.at('cat/a.png'), 5e9);
    expect(await firstPicture(`images:${folder.at('')}`)).toEqual(sample);
  });

  it('is made smaller where it is large, in its proportions', async () => {
    await folder.put(
      'cat/a.png',
      colorPng(640, 320, () => [5, 5, 5]),
    );
    const sample = await firstPicture(`images:${folder.at('')}`);
    expect(sample.ok && sample.value?.shape.slice(0, 2)).toEqual([160, 320]);
  });

  it('is none of a table, and of an empty folder', async () => {
    await folder.put('rows.csv', 'a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n9,1,x\n2,3,y\n4,4,x\n6,7,y\n8,8,x\n1,1,y\n');
    expect(await firstPicture(`csv:${folder.at('rows.csv')}`)).toEqual({ ok: true, value: null });
    expect(await firstPicture(`images:${folder.at('')}`)).toEqual({ ok: true, value: null });
  });

  it.each(['nonsense', 'images:/no/such/folder', 'csv:'])('of %s there is none, with the reason', async (spec) => {
    expect((await firstPicture(spec)).ok).toBe(false);
  });
});

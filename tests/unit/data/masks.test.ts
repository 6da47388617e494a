import { describe, expect, it } from 'vitest';
import { colorPng, useDataFolder } from '../../support/dataFolder';
import { rawPng } from '../../support/rawPng';
import type { RawPng } from '../../support/rawPng';

const folder = useDataFolder();

/** Five pictures of 4x1, all with this mask. */
async function openMasks(mask: Buffer, classes?: string) {
  for (let index = 0; index < 5; index++) {
    await folder.put(
      `images/${index}.png`,
      colorPng(4, 1, () => [9, 9, 9]),
    );
    await folder.put(`masks/${index}.png`, mask);
  }
  if (classes !== undefined) await folder.put('classes.txt', classes);
  return folder.open('masks');
}

const grey = (depth: RawPng['depth'], values: readonly number[]) => rawPng({ width: 4, height: 1, depth, values });
const palette = Array.from({ length: 4 }, (_, index) => [index === 3 ? 1 : 0, 0, 0] as const);

describe('masks', () => {
  it.each([
    ['16 bits, 0 1 2', grey(16, [0, 1, 2, 2]), ['0', '1', '2'], [0, 1, 2, 2]],
    ['16 bits, 0 1000 2000', grey(16, [0, 1000, 2000, 0]), ['0', '1000', '2000'], [0, 1, 2, 0]],
    ['8 bits, 0 20 40 60', grey(8, [0, 20, 40, 60]), ['0', '20', '40', '60'], [0, 1, 2, 3]],
    ['8 bits, 0 1 2 3', grey(8, [3, 2, 1, 0]), ['0', '1', '2', '3'], [3, 2, 1, 0]],
    ['8 bits, black and white', grey(8, [0, 255, 255, 0]), ['0', '255'], [0, 1, 1, 0]],
    ['16 bits, black and white', grey(16, [0, 65_535, 0, 0]), ['0', '65535'], [0, 1, 0, 0]],
    ['1 bit', grey(1, [0, 1, 1, 0]), ['0', '1'], [0, 1, 1, 0]],
    ['4 bits', grey(4, [0, 1, 2, 1]), ['0', '1', '2'], [0, 1, 2, 1]],
    [
      'a palette with equal colours',
      rawPng({ width: 4, height: 1, depth: 8, colorType: 3, palette, values: [0, 1, 2, 3] }),
      ['0', '1', '2', '3'],
      [0, 1, 2, 3],
    ],
    [
      'a palette of 2 bits, some of it transparent',
      rawPng({ width: 4, height: 1, depth: 2, colorType: 3, palette, transparent: [255, 0], values: [3, 1, 2, 0] }),
      ['0', '1', '2', '3'],
      [3, 1, 2, 0],
    ],
    [
      'grey with a transparent value',
      rawPng({ width: 4, height: 1, depth: 8, transparent: [0, 2], values: [0, 1, 2, 1] }),
      ['0', '1', '2'],
      [0, 1, 2, 1],
    ],
  ])('of %s are classes by their values', async (_name, mask, classes, labels) => {
    const { info, train, hasIgnored } = await openMasks(mask);
    expect(info.classes).toEqual(classes);
    expect([...train.targets.subarray(0, 4)]).toEqual(labels);
    expect(hasIgnored).toBe(false);
    const isNumbered = classes.some((name, index) => name !== String(index));
    expect(info.warnings.map(({ code }) => code)).toEqual(isNumbered ? ['data/mask-values'] : []);
  });

  it.each([
    ['8 bits', grey(8, [0, 1, 255, 1]), ['0', '1'], [0, 1, 255, 1]],
    ['8 bits with gaps', grey(8, [0, 128, 255, 255]), ['0', '128'], [0, 1, 255, 255]],
    ['16 bits', grey(16, [0, 1, 2, 65_535]), ['0', '1', '2'], [0, 1, 2, 255]],
    ['16 bits that were 8', grey(16, [0, 1, 1, 255]), ['0', '1'], [0, 1, 1, 255]],
  ])('of %s leave out their largest value, and say so', async (_name, mask, classes, labels) => {
    const { info, train, hasIgnored } = await openMasks(mask);
    expect(info.classes).toEqual(classes);
    expect([...train.targets.subarray(0, 4)]).toEqual(labels);
    expect(hasIgnored).toBe(true);
    const note = info.warnings.find(({ code }) => code === 'data/mask-ignored')!;
    expect(note.summary.en).toContain(labels.filter((label) => label === 255).length === 2 ? '50 %' : '25 %');
  });

  it('without a picture are named, and masks of one class alone', async () => {
    await folder.put('masks/extra.png', grey(8, [0, 0, 0, 0]));
    const { info } = await openMasks(grey(8, [0, 0, 0, 0]));
    expect(info.warnings.map(({ code }) => code)).toEqual(['data/skipped', 'data/one-class']);
    expect(info.warnings[0]).toMatchObject({ summary: { en: '1 of 6 were skipped.' } });
    expect(info.warnings[0]!.why!.en).toContain('extra.png: it is a mask without a picture');
  });

  it('take the numbers that classes.txt names', async () => {
    const names = Array.from({ length: 21 }, (_, index) => `class ${index}`);
    const { info, train } = await openMasks(grey(8, [0, 15, 255, 0]), `${names.join('\r\n')}\r\n`);
    expect(info.classes).toEqual(names);
    expect([...train.targets.subarray(0, 4)]).toEqual([0, 15, 255, 0]);
  });

  it('refuse colours of 16 bits by name', async () => {
    const raw = Buffer.alloc(1 + 6 * 4);
    raw.writeUInt16BE(1000, 1);
    await expect(openMasks(rawPng({ width: 4, height: 1, depth: 16, colorType: 2, raw }))).rejects.toThrow(
      'data/nothing-usable',
    );
    expect(await folder.refusal('masks')).toContain('16-bit colours');
  });
});

import { describe, expect, it } from 'vitest';
import { openData } from '../../../electron/data/open';
import { colorPng, held, useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();
const grey = (width: number, height: number, shade: number) => colorPng(width, height, () => [shade, shade, shade]);

describe('pictures:DIR', () => {
  it('has each picture as its own target, those in sub-folders too, and names what is none', async () => {
    for (let index = 0; index < 5; index++)
      await folder.put(`${index % 2 === 0 ? 'sub/' : ''}${index}.png`, grey(6, 4, 10 * index));
    await folder.put('notes.txt', 'no picture');
    const { info, train, validation, skips } = await folder.open('pictures');
    expect(info).toMatchObject({
      task: 'image-to-image',
      inputShape: [4, 6, 3],
      targetShape: [4, 6, 3],
      trainCount: 4,
      validationCount: 1,
    });
    for (const part of [train, validation]) expect([...part.targets]).toEqual([...part.inputs]);
    expect(skips?.map(({ name }) => name)).toEqual(['notes.txt']);
  });

  it('has the parts that its folders are, and the size and channels that a network wants', async () => {
    for (const [part, count] of [
      ['train', 3],
      ['val', 2],
      ['test', 1],
    ] as const)
      for (let index = 0; index < count; index++) await folder.put(`${part}/${index}.png`, grey(6, 4, 40));
    const { info, train } = await folder.open('pictures', '', { shape: [8, 8, 1], targetChannels: 3 });
    expect(info).toMatchObject({
      trainCount: 3,
      validationCount: 2,
      testCount: 1,
      inputShape: [8, 8, 1],
      targetShape: [8, 8, 3],
    });
    expect(train.targets).toHaveLength(3 * 8 * 8 * 3);
  });

  it('is refused where it has no pictures', async () => {
    await folder.put('notes.txt', 'no picture');
    expect(await folder.refusal('pictures')).toContain('notes.txt');
  });
});

describe('mnist-pictures', () => {
  it('has the digits as what they are to become', async () => {
    const opened = await openData('mnist-pictures', { wanted: null, infoOnly: false });
    if (!opened.ok) throw new Error('The digits are built in.');
    const { info, validation } = opened.value;
    expect(info).toMatchObject({
      task: 'image-to-image',
      inputShape: [28, 28, 1],
      targetShape: [28, 28, 1],
      validationCount: 2000,
    });
    const { inputs, targets } = held(validation);
    expect(targets.subarray(0, 5 * 784)).toEqual(inputs.subarray(0, 5 * 784));
  });
});

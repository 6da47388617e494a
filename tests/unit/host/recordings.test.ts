import { mkdir, readdir, readFile, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { encode } from 'jpeg-js';
import { openRecording, readRecorded } from '../../../electron/host/recordedFolder';
import { openMended } from '../../../electron/host/recordingAside';
import { createRecordings, saveRecording } from '../../../electron/host/recordings';
import { classNameFault } from '../../../shared/schema/recording';
import { useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();
const jpeg = (value: number): Uint8Array =>
  encode({ width: 8, height: 8, data: Buffer.alloc(8 * 8 * 4, value) }, 90).data;

function recording(names: readonly string[], pictures: readonly (readonly [label: number, bytes: Uint8Array])[]) {
  return {
    dir: folder.at('seen'),
    classes: names,
    labels: Int32Array.from(pictures, ([label]) => label),
    lengths: Int32Array.from(pictures, ([, bytes]) => bytes.length),
    bytes: Uint8Array.from(Buffer.concat(pictures.map(([, bytes]) => bytes))),
  };
}

describe('a recording', () => {
  it('becomes a folder for each class, which is read as images, and never goes into one that has files', async () => {
    const one = recording(
      ['cup', '笔'],
      [0, 1, 0, 1].map((label, at) => [label, jpeg(60 * at)] as const),
    );
    expect(await saveRecording(one)).toEqual({ ok: true, value: { dir: one.dir } });
    expect(await readdir(folder.at('seen/cup'))).toEqual(['00001.jpg', '00002.jpg']);
    expect(new Uint8Array(await readFile(folder.at('seen/笔/00002.jpg')))).toEqual(new Uint8Array(jpeg(180)));
    const { info } = await folder.open('images', 'seen');
    expect(info).toMatchObject({ trainCount: 2, validationCount: 2 });
    expect(new Set(info.classes)).toEqual(new Set(['cup', '笔']));
    expect(await saveRecording(one)).toMatchObject({ ok: false, diagnostics: [{ code: 'file/folder-not-empty' }] });
  });

  it.each([
    ['a name that leads out of the folder', ['../up', 'b'], 0, 'data/class-name'],
    ['two names that some systems take for one', ['a', 'A'], 0, 'data/class-name'],
    ['a picture of no class', ['a', 'b'], 7, 'data/recording-broken'],
  ])('with %s writes nothing', async (_, names, label, code) => {
    const refused = await saveRecording(recording(names, [[label, jpeg(1)]]));
    expect(refused).toMatchObject({ ok: false, diagnostics: [{ code }] });
    expect(await readdir(folder.at('.'))).toEqual([]);
  });

  it('of what is no JPEG, or is cut off, writes nothing', async () => {
    const whole = recording(['a', 'b'], [[0, jpeg(1)]]);
    const others = [recording(['a', 'b'], [[0, Buffer.from('words')]]), { ...whole, bytes: whole.bytes.slice(0, -5) }];
    for (const one of others) {
      expect(await saveRecording(one)).toMatchObject({ ok: false, diagnostics: [{ code: 'data/recording-broken' }] });
    }
    expect(await readdir(folder.at('.'))).toEqual([]);
  });
});

describe('the name of a class', () => {
  it.each([
    ['', 'empty'],
    [' ', 'empty'],
    ['Cup', 'taken'],
    ['a/b', 'unusable'],
    ['.hidden', 'unusable'],
    ['nul.txt', 'unusable'],
    ['Train', 'unusable'],
    ['end.', 'unusable'],
    ['x'.repeat(101), 'unusable'],
    ['猫 1', null],
    ['猫'.repeat(85), null],
    ['猫'.repeat(86), 'unusable'],
    ['\ud800', 'unusable'],
    ['a\u202egpj', 'unusable'],
    ['cup\u200b', 'unusable'],
    ['\u007f', 'unusable'],
    ['cafe\u0301', null],
  ])('%j is %s beside cup', (name, fault) => expect(classNameFault(name, ['cup'])).toBe(fault));
});

describe('a recording that is there', () => {
  const pictures = [0, 0, 1, 1].map((label, at) => [label, jpeg(60 * at)] as const);
  const more = (names: readonly string[], taken: readonly (readonly [label: number, bytes: Uint8Array])[]) => ({
    ...recording(names, taken),
    deleted: [] as readonly { readonly name: string; readonly files: readonly string[] }[],
  });
  beforeEach(async () => {
    await saveRecording(recording(['cup', 'pen'], pictures));
  });
  const everything = async (): Promise<readonly string[]> =>
    (await readdir(folder.at('.'), { recursive: true })).toSorted();

  it('gets more pictures and a new class behind what it has, loses those that are deleted, and is other data', async () => {
    const before = (await folder.open('images', 'seen')).info.snapshot;
    const added = more(
      ['cup', 'box'],
      [
        [0, jpeg(9)],
        [1, jpeg(8)],
        [1, jpeg(7)],
      ],
    );
    const deleted = [
      { name: 'cup', files: ['00001.jpg'] },
      { name: 'pen', files: ['00001.jpg', '00002.jpg'] },
    ];
    expect(await saveRecording({ ...added, deleted })).toEqual({ ok: true, value: { dir: added.dir } });
    expect(await openRecording(added)).toEqual({
      ok: true,
      value: {
        dir: added.dir,
        side: 8,
        classes: [
          { name: 'box', files: ['00001.jpg', '00002.jpg'] },
          { name: 'cup', files: ['00002.jpg', '00003.jpg'] },
        ],
      },
    });
    expect((await everything()).filter((name) => name.includes('.tmp'))).toEqual([]);
    const read = await readRecorded({ dir: added.dir, name: 'cup', files: ['00003.jpg', '00009.jpg'] });
    expect(read).toEqual({
      ok: true,
      value: { lengths: Int32Array.of(jpeg(9).length, 0), bytes: new Uint8Array(jpeg(9)) },
    });
    expect((await folder.open('images', 'seen')).info.snapshot).not.toBe(before);
  });

  it.each([
    ['a class that leads out of it', { classes: ['../up'] }, 'data/class-name'],
    ['a class that some systems take for another', { classes: ['Cup'] }, 'data/class-name'],
    [
      'a picture that leads out of it',
      { deleted: [{ name: 'cup', files: ['../pen/00001.jpg'] }] },
      'data/recording-foreign',
    ],
    ['a file that no recording wrote', { deleted: [{ name: 'cup', files: ['mine.jpg'] }] }, 'data/recording-foreign'],
    ['its mark', { deleted: [{ name: 'cup', files: ['../.convloom-recording.json'] }] }, 'data/recording-foreign'],
    ['a class behind a link', { classes: ['linked'] }, 'data/recording-foreign'],
    [
      'pictures of a class behind a link',
      { deleted: [{ name: 'linked', files: ['00001.jpg'] }] },
      'data/recording-foreign',
    ],
    ['a link to a picture', { deleted: [{ name: 'pen', files: ['00007.jpg'] }] }, 'data/recording-foreign'],
    ['a link to it', { dir: 'link' }, 'data/recording-foreign'],
    ['a folder that is none', { dir: 'foreign' }, 'data/recording-foreign'],
    ['a folder that another way leads to', { dir: 'seen/../foreign' }, 'data/recording-foreign'],
    ['no folder', { dir: 'none' }, 'file/not-found'],
    ['a picture that is none', { bytes: new Uint8Array(jpeg(1).length) }, 'data/recording-broken'],
  ])('is left as it is by a wish for %s', async (_, wish, code) => {
    await folder.put('foreign/cup/00001.jpg', jpeg(1));
    await folder.put('seen/cup/mine.jpg', jpeg(1));
    await symlink(folder.at('foreign/cup'), folder.at('seen/linked'));
    await symlink(folder.at('foreign/cup/00001.jpg'), folder.at('seen/pen/00007.jpg'));
    await symlink(folder.at('seen'), folder.at('link'));
    const before = await everything();
    const dir = 'dir' in wish ? `${folder.at('.')}/${wish.dir}` : folder.at('seen');
    const request = { ...more(['pen'], [[0, jpeg(1)]]), ...wish, dir };
    expect(await saveRecording(request)).toMatchObject({ ok: false, diagnostics: [{ code }] });
    expect(await everything()).toEqual(before);
  });

  it('keeps what it had when it cannot take the whole of what is added', async () => {
    // The name after the last one is there, as a folder: it is no picture, and nothing takes its place.
    await folder.put('seen/pen/00003.jpg/a', '');
    const before = await everything();
    const refused = await saveRecording({
      ...more(
        ['new', 'pen'],
        [
          [0, jpeg(1)],
          [1, jpeg(2)],
        ],
      ),
      deleted: [{ name: 'cup', files: ['00001.jpg'] }],
    });
    expect(refused.ok).toBe(false);
    expect(await everything()).toEqual(before);
  });

  it('whose change was killed has its pictures again, whose change was done loses what lay aside, and no link is followed', async () => {
    await rm(folder.at('seen'), { recursive: true });
    const whole = recording(
      ['cup', 'pen', 'out'],
      [0, 1, 2].map((label) => [label, jpeg(80 * label)] as const),
    );
    await saveRecording(whole);
    const aside = 'seen/.convloom-0123456789ab.tmp';
    for (const name of ['cup', 'out', '..evil']) await mkdir(folder.at(`${aside}/${name}`), { recursive: true });
    await rename(folder.at('seen/cup/00001.jpg'), folder.at(`${aside}/cup/00001.jpg`));
    await rmdir(folder.at('seen/cup'));
    await folder.put(`${aside}/cup/run.sh`, 'evil');
    await folder.put(`${aside}/out/00002.jpg`, 'evil');
    await rm(folder.at('seen/out'), { recursive: true });
    await mkdir(folder.at('elsewhere'));
    await symlink('../elsewhere', folder.at('seen/out'));
    await folder.put('seen/.convloom-ba9876543210.done/pen/00001.jpg', 'gone');
    expect(await openMended(whole)).toMatchObject({
      ok: true,
      value: {
        classes: [
          { name: 'cup', files: ['00001.jpg'] },
          { name: 'pen', files: ['00001.jpg'] },
        ],
      },
    });
    expect((await readdir(folder.at('seen'))).sort()).toEqual(['.convloom-recording.json', 'cup', 'out', 'pen']);
    expect(await readdir(folder.at('elsewhere'))).toEqual([]);
    expect(await readFile(folder.at('seen/pen/00001.jpg'))).toEqual(Buffer.from(jpeg(80)));
  });

  it('is listed where it is still there, the one that is asked for first', async () => {
    const recordings = createRecordings(
      folder.at('home'),
      () => undefined,
      () => new Date(0),
    );
    const seen = folder.at('seen');
    const other = { ...recording(['a', 'b'], pictures), dir: folder.at('other') };
    await recordings.save(other);
    await recordings.save({ ...other, dir: folder.at('third') });
    await rm(folder.at('third'), { recursive: true });
    expect(await recordings.list(null)).toEqual([other.dir]);
    expect(await recordings.list(seen)).toEqual([seen, other.dir]);
    expect(await recordings.list(folder.at('.'))).toEqual([other.dir]);
  });
});

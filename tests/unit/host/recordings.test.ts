import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encode } from 'jpeg-js';
import { saveRecording } from '../../../electron/host/recordings';
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

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SetupFailure } from '../../../electron/setup/failure';
import { unpackWheel } from '../../../electron/setup/wheel';
import { wheelOf, zipOf } from '../../support/zip';

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const entries = [
  { name: 'tensorflow/libtensorflow_cc.so.2', data: Buffer.alloc(200_000, 'main library ') },
  { name: 'tensorflow/libtensorflow_framework.so.2', data: Buffer.from('framework') },
  { name: 'tensorflow/include/tensorflow/c/c_api.h', data: Buffer.from('// header') },
  { name: 'tensorflow/include/xla/service/hlo.h', data: Buffer.from('// not needed') },
  { name: 'tensorflow/python/keras.py', data: Buffer.from('not needed') },
];

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'convloom-wheel-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function wheel(bytes: Buffer): string {
  const path = join(dir, 'tensorflow.whl');
  writeFileSync(path, bytes);
  return path;
}

async function failureOf(bytes: Buffer): Promise<string> {
  const error: unknown = await unpackWheel(wheel(bytes), join(dir, 'deps'), libraries).catch(
    (reason: unknown) => reason,
  );
  return error instanceof SetupFailure ? error.diagnostic.code : String(error);
}

describe('unpacking a wheel', () => {
  it('takes the libraries and the headers of the C API, and nothing else', async () => {
    const fractions: number[] = [];
    const target = join(dir, 'deps');
    await unpackWheel(wheel(wheelOf(entries)), target, libraries, { onFraction: (value) => fractions.push(value) });
    expect(readFileSync(join(target, 'lib', libraries[0]!))).toEqual(entries[0]!.data);
    expect(readFileSync(join(target, 'include/tensorflow/c/c_api.h'), 'utf8')).toBe('// header');
    expect(existsSync(join(target, 'include/xla'))).toBe(false);
    expect(existsSync(join(target, 'python'))).toBe(false);
    expect(fractions.at(-1)).toBe(1);
  });

  it('does not unpack again what is there, and repairs what is not whole', async () => {
    const target = join(dir, 'deps');
    const path = wheel(wheelOf(entries));
    await unpackWheel(path, target, libraries);
    const [whole, broken] = libraries.map((name) => join(target, 'lib', name)) as [string, string];
    const before = statSync(whole).ino;
    writeFileSync(broken, 'frame');
    await unpackWheel(path, target, libraries);
    expect(statSync(whole).ino).toBe(before);
    expect(readFileSync(broken, 'utf8')).toBe('framework');
  });

  it.each([
    ['cut short', wheelOf(entries).subarray(0, 500)],
    ['not a zip', Buffer.from('<html>Not found</html>')],
    ['empty', Buffer.alloc(0)],
    ['without its list of checksums', zipOf(entries)],
    ['without a library', wheelOf(entries.slice(1))],
    [
      'with a library that is not the listed one',
      zipOf([
        ...entries,
        {
          name: 'tensorflow_cpu-2.21.0.dist-info/RECORD',
          data: Buffer.from(
            entries.map(({ name, data }) => `${name},sha256=${'A'.repeat(43)},${data.length}\n`).join(''),
          ),
        },
      ]),
    ],
  ])('calls a wheel damaged that is %s', async (_, bytes) => {
    expect(await failureOf(bytes)).toBe('setup/damaged-file');
    expect(existsSync(join(dir, 'deps', 'lib', libraries[0]!))).toBe(false);
  });

  it('leaves nothing outside its folder when a name climbs out of it', async () => {
    const bytes = wheelOf([
      ...entries,
      { name: 'tensorflow/include/tensorflow/c/../../../../evil.h', data: Buffer.from('x') },
    ]);
    await failureOf(bytes);
    expect(existsSync(join(dir, 'evil.h'))).toBe(false);
  });
});

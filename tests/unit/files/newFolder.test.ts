import type * as fileSystem from 'node:fs/promises';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeNewFolder } from '../../../electron/files/newFolder';

/** How many more files this disk takes, and what it says then. */
const disk = vi.hoisted(() => ({ room: Infinity, code: 'ENOSPC' }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>();
  return {
    ...real,
    writeFile: (async (path: string, data: string, options: object) => {
      if (disk.room-- > 0) return real.writeFile(path, data, options);
      // A full disk takes the beginning of a file.
      await real.writeFile(path, data.slice(0, 1));
      throw Object.assign(new Error(disk.code), { code: disk.code });
    }) as typeof real.writeFile,
  };
});

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-folder-'));
});
afterEach(async () => {
  disk.room = Infinity;
  await rm(dir, { recursive: true, force: true });
});

const files = new Map([
  ['package.json', '{}'],
  ['src/model.ts', 'export {};'],
  ['weights/a.bin', 'abc'],
]);

describe('a folder that is written as one step', () => {
  it.each([
    ['ENOSPC', 'file/disk-full'],
    ['EROFS', 'file/read-only'],
    ['EACCES', 'file/permission'],
  ])('on a disk that says %s at any file leaves nothing, and may be tried again', async (code, expected) => {
    disk.code = code;
    for (let room = 0; room < files.size; room++) {
      disk.room = room;
      const refused = await writeNewFolder(join(dir, 'project'), files);
      expect(refused.ok ? null : refused.diagnostics[0]!.code).toBe(expected);
      expect(await readdir(dir)).toEqual([]);
    }
    disk.room = Infinity;
    expect((await writeNewFolder(join(dir, 'project'), files)).ok).toBe(true);
    expect(await readFile(join(dir, 'project', 'src', 'model.ts'), 'utf8')).toBe('export {};');
    expect(await readdir(dir)).toEqual(['project']);
  });

  it('leaves an empty folder that was there as it was', async () => {
    await mkdir(join(dir, 'project'));
    disk.room = 1;
    expect((await writeNewFolder(join(dir, 'project'), files)).ok).toBe(false);
    expect(await readdir(join(dir, 'project'))).toEqual([]);
  });
});

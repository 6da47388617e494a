import { chmod, mkdtemp, readFile, readdir, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeFileAtomically } from '../../../electron/files/atomicFile';
import { withFileLock } from '../../../electron/files/lock';
import { openProject, saveProject } from '../../../electron/host/projects';
import type { NetworkDocument } from '../../../shared/schema/document';
import { itUnless, noPosix } from '../../support/skip';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-atomic-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe('writing a file as one step', () => {
  it.each([1, 236, 250, 255])('works for a name of %d bytes', async (length) => {
    const path = join(dir, 'n'.repeat(length));
    for (const text of ['old', 'new']) await writeFileAtomically(path, text);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(dir)).toHaveLength(1);
  });

  it('makes the file that a dangling link names, and keeps the link', async () => {
    const link = join(dir, 'link.json');
    await symlink('middle.json', link);
    await symlink('target.json', join(dir, 'middle.json'));
    await writeFileAtomically(link, 'through');
    expect(await readlink(link)).toBe('middle.json');
    expect(await readFile(join(dir, 'target.json'), 'utf8')).toBe('through');
  });

  it('refuses links in a circle and links into no folder', async () => {
    await symlink(join(dir, 'b'), join(dir, 'a'));
    await symlink(join(dir, 'a'), join(dir, 'b'));
    await expect(writeFileAtomically(join(dir, 'a'), 'x')).rejects.toMatchObject({ code: 'ELOOP' });
    await symlink(join(dir, 'no', 'folder'), join(dir, 'c'));
    await expect(writeFileAtomically(join(dir, 'c'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  itUnless(noPosix, 'does not put a file in the place of a pipe', async () => {
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    await expect(writeFileAtomically(join(dir, 'pipe'), 'x')).rejects.toMatchObject({ code: 'ENOTREGULAR' });
  });

  it('keeps the permissions of the file', async () => {
    const path = join(dir, 'a.json');
    await writeFile(path, 'old');
    await chmod(path, 0o640);
    await writeFileAtomically(path, 'new');
    expect((await import('node:fs')).statSync(path).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o640);
  });

  it('removes what killed writes have left, and nothing younger or of anybody else', async () => {
    const old = new Date(Date.now() - 3_600_000);
    for (const name of ['.convloom-0123456789ab.tmp', '.other-0123456789ab.tmp', '.convloom-notes.tmp']) {
      await writeFile(join(dir, name), 'half');
      await utimes(join(dir, name), old, old);
    }
    await writeFile(join(dir, '.convloom-ba9876543210.tmp'), 'being written');
    await writeFileAtomically(join(dir, 'a.json'), 'x');
    expect((await readdir(dir)).sort()).toEqual(
      ['.convloom-ba9876543210.tmp', '.convloom-notes.tmp', '.other-0123456789ab.tmp', 'a.json'].sort(),
    );
  });
});

const network = (name: string): NetworkDocument => ({
  format: 'convloom.network',
  version: 1,
  name,
  nodes: [],
  edges: [],
});

describe('two writers', () => {
  it('never both save over one revision', async () => {
    const path = join(dir, 'n.convloom');
    await saveProject({ path, document: network('first'), baseRevision: null, overwrite: false });
    for (let round = 0; round < 20; round++) {
      const opened = await openProject(path);
      if (!opened.ok) throw new Error('It was just saved.');
      const { revision } = opened.value;
      const save = (name: string) =>
        saveProject({ path, document: network(name), baseRevision: revision, overwrite: false });
      const results = await Promise.all([save(`a${round}`), save(`b${round}`)]);
      const refused = results.flatMap((result) => (result.ok ? [] : result.diagnostics.map(({ code }) => code)));
      expect(refused).toEqual(['file/changed-on-disk']);
    }
  });

  it('take turns in two processes as in one', async () => {
    vi.resetModules();
    const { withFileLock: other } = await import('../../../electron/files/lock');
    expect(other).not.toBe(withFileLock);
    const path = join(dir, 'count');
    await writeFile(path, '0');
    const add = async () => {
      const count = Number(await readFile(path, 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, 1));
      await writeFile(path, String(count + 1));
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? withFileLock : other)(path, add)));
    expect(await readFile(path, 'utf8')).toBe('20');
  });

  it('let go after an error', async () => {
    const path = join(dir, 'x');
    await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withFileLock(path, () => Promise.resolve(7))).toBe(7);
  });
});

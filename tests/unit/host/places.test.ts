import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost } from '../../../electron/host';
import type { Host } from '../../../electron/host';
import { createPlaces } from '../../../electron/host/places';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { HostApi } from '../../../shared/host/api';
import { emptyDocument } from '../../../shared/schema/document';

let dir: string;
let host: Host;
let page: HostApi;
let picked: string | null;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-places-'));
  picked = null;
  const pick = () => Promise.resolve(picked);
  host = createHost({
    form: 'memory',
    dataDir: join(dir, '.local', 'data'),
    projectsDir: dir,
    dialogs: { pickOpen: pick, pickSave: pick, pickFolder: pick, reveal: () => undefined },
    forkTrainer: () => {
      throw new Error('No trainer here.');
    },
  });
  page = host.visit('a page').api;
});
afterEach(async () => {
  await host.dispose();
  await rm(dir, { recursive: true, force: true });
});

const codes = (result: Result<unknown>): readonly string[] =>
  result.ok ? [] : result.diagnostics.map(({ code }) => code);
const document = emptyDocument('A');
const save = (api: HostApi, path: string, overwrite = true) =>
  api.request('project.save', { path, document, baseRevision: null, overwrite });

describe('what a page may overwrite', () => {
  it.each([
    ['notes', 'notes.txt', 'my notes', ['file/not-ours']],
    ['JSON of another program', 'package.json', '{"name":"x"}', ['file/not-ours']],
    ['a network', 'net.json', '{"format":"convloom.network"}', []],
    ['a network by its name', 'net.convloom', 'damaged', []],
    ['an empty file', 'empty.json', '', []],
  ] as const)('%s', async (_what, name, content, refusals) => {
    const path = join(dir, name);
    await writeFile(path, content);
    expect(codes(await save(page, path))).toEqual(refusals);
    if (refusals.length > 0) expect(await readFile(path, 'utf8')).toBe(content);
  });

  it('is seen through a link', async () => {
    await writeFile(join(dir, 'notes.txt'), 'my notes');
    await symlink(join(dir, 'notes.txt'), join(dir, 'link.json'));
    expect(codes(await save(page, join(dir, 'link.json')))).toEqual(['file/not-ours']);
  });

  it('holds for an export, an import and a model, too', async () => {
    const [path, net] = [join(dir, 'notes.txt'), join(dir, 'net.convloom')];
    await writeFile(path, 'my notes');
    await save(page, net);
    const answers = [
      await page.request('export.write', { document, target: 'svg', model: null, path, overwrite: true }),
      await page.request('import.read', { path: net, save: { path, overwrite: true } }),
      await page.request('model.save', { model: { type: 'path', path: net }, path, overwrite: true }),
    ];
    expect(answers.map(codes)).toEqual([['file/not-ours'], ['file/not-ours'], ['file/not-ours']]);
    expect(await readFile(path, 'utf8')).toBe('my notes');
  });

  it('is the user’s own matter on the command line', async () => {
    await writeFile(join(dir, 'notes.txt'), 'my notes');
    expect(codes(await save(host, join(dir, 'notes.txt')))).toEqual([]);
  });
});

describe('where a page may write', () => {
  it('is no hidden file or folder, nor one that a link leads to', async () => {
    await mkdir(join(dir, '.ssh'));
    await symlink(join(dir, '.ssh'), join(dir, 'keys'));
    for (const path of [join(dir, '.bashrc'), join(dir, '.ssh', 'a.json'), join(dir, 'keys', 'a.json')]) {
      expect(codes(await save(page, path, false))).toEqual(['file/protected-place']);
    }
    expect(await readdir(join(dir, '.ssh'))).toEqual([]);
  });

  it('is nowhere that a link leads to which is not there yet, by however many links', async () => {
    await mkdir(join(dir, '.ssh'));
    await symlink(join(dir, '.ssh', 'new'), join(dir, 'a.convloom'));
    await symlink('a.convloom', join(dir, 'b.convloom'));
    await symlink('c.convloom', join(dir, 'c.convloom'));
    await symlink('.ssh', join(dir, 'keys'));
    for (const path of ['a.convloom', 'b.convloom', 'keys/deep/x.convloom']) {
      expect(codes(await save(page, join(dir, path)))).toEqual(['file/protected-place']);
    }
    expect(codes(await save(page, join(dir, 'c.convloom')))).toHaveLength(1);
    expect(await readdir(join(dir, '.ssh'))).toEqual([]);
  });

  it('is nothing that the app keeps for itself', async () => {
    const own = join(dir, '.local', 'data');
    for (const name of [
      'settings.json',
      'recent.json',
      'recordings.json',
      'drafts/a.json',
      'blocks/a.convloom',
      'logs/a.json',
    ]) {
      expect(codes(await save(page, join(own, name), false))).toEqual(['file/protected-place']);
    }
  });

  it('is a hidden folder that the user chose in a dialog, or whose network is open', async () => {
    await mkdir(join(dir, '.mine'));
    picked = join(dir, '.mine', 'a.convloom');
    await page.request('files.pickSave', { suggestedName: 'a' });
    expect(codes(await save(page, picked))).toEqual([]);
    const opened = join(dir, '.mine', 'b.convloom');
    await save(host, opened);
    await host.visit('another').api.request('project.open', { path: opened });
    expect(codes(await save(page, opened))).toEqual([]);
  });

  it.each<[string, NodeJS.Platform, string, boolean]>([
    ['a program’s folder', 'linux', '/usr/share/a.json', true],
    ['the settings of the system', 'linux', '/etc/a.json', true],
    ['a hidden folder of the home', 'linux', '/home/ada/.config/a.json', true],
    ['a folder of the home', 'linux', '/home/ada/nets/a.json', false],
    ['another disk', 'linux', '/mnt/disk/a.json', false],
    ['the library of the home', 'darwin', '/home/ada/Library/LaunchAgents/a.json', true],
    ['the app’s own data', 'linux', '/home/ada/.local/share/convloom/a.json', false],
  ])('%s', async (_what, platform, path, isRefused) => {
    const places = createPlaces({
      dataDir: '/home/ada/.local/share/convloom',
      projectsDir: '/home/ada/Documents',
      isRecent: () => Promise.resolve(false),
      platform,
      home: '/home/ada',
    });
    expect((await places.whyNot(path, false))?.code ?? null).toBe(isRefused ? 'file/protected-place' : null);
  });
});

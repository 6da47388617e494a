import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost } from '../../../electron/host';
import type { Host } from '../../../electron/host';
import { writeFileAtomically } from '../../../electron/files/atomicFile';
import { fileDiagnostic } from '../../../electron/files/fileErrors';
import { dataMissing } from '../../../electron/files/missing';
import { writeNewFolder } from '../../../electron/files/newFolder';
import { defaultDataDir } from '../../../electron/files/paths';
import type { Diagnostic, Result } from '../../../shared/diagnostics/diagnostic';
import { emptyDocument } from '../../../shared/schema/document';
import type { NetworkDocument } from '../../../shared/schema/document';

let dir: string;
let host: Host;
let reports: Diagnostic[];

function openHost(): Host {
  return createHost({
    form: 'memory',
    dataDir: join(dir, 'data'),
    projectsDir: dir,
    report: (diagnostic) => reports.push(diagnostic),
    forkTrainer: () => {
      throw new Error('No trainer here.');
    },
  });
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-host-'));
  reports = [];
  host = openHost();
});
afterEach(async () => {
  await host.dispose();
  await rm(dir, { recursive: true, force: true });
});

function codes(result: Result<unknown>): readonly string[] {
  return result.ok ? [] : result.diagnostics.map(({ code }) => code);
}

const network: NetworkDocument = {
  ...emptyDocument('A'),
  nodes: [{ id: 'x', kind: 'input', params: { shape: [4, 4, 1] } }],
};

describe('projects', () => {
  const save = (path: string, baseRevision: string | null, overwrite = false, document = network) =>
    host.request('project.save', { path, document, baseRevision, overwrite });

  it('opens what it saved, under the same revision', async () => {
    const path = join(dir, 'a.convloom');
    const saved = await save(path, null);
    const opened = await host.request('project.open', { path });
    expect(opened).toEqual({
      ok: true,
      value: { path, revision: saved.ok && saved.value.revision, document: network },
    });
    expect(await readdir(dir)).not.toContainEqual(expect.stringContaining('.tmp'));
  });

  it('refuses to undo what another app saved meanwhile, and overwrites when told to', async () => {
    const path = join(dir, 'a.convloom');
    const first = await save(path, null);
    const base = first.ok ? first.value.revision : '';
    expect(codes(await save(path, base, false, emptyDocument('by the other app')))).toEqual([]);
    expect(codes(await save(path, base))).toEqual(['file/changed-on-disk']);
    expect(await readFile(path, 'utf8')).toContain('by the other app');
    expect(codes(await save(path, base, true))).toEqual([]);
  });

  it('refuses to replace an existing file under a new name', async () => {
    const path = join(dir, 'a.convloom');
    await writeFile(path, 'mine');
    expect(codes(await save(path, null))).toEqual(['file/exists']);
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('keeps a symbolic link and its target’s permissions', async () => {
    const target = join(dir, 'target.convloom');
    await writeFile(target, 'old');
    await chmod(target, 0o640);
    await symlink(target, join(dir, 'link.convloom'));
    expect(codes(await save(join(dir, 'link.convloom'), null, true))).toEqual([]);
    expect(await readFile(target, 'utf8')).toContain('convloom.network');
  });

  it.each([
    { what: 'a missing file', name: 'none.convloom', content: null, code: 'file/not-found' },
    { what: 'a folder', name: 'data', content: null, code: 'file/is-folder' },
    { what: 'bytes that are not text', name: 'b', content: Buffer.from([0xff, 0xfe, 0x00]), code: 'file/not-text' },
  ])('answers $what with $code', async ({ name, content, code }) => {
    await mkdir(join(dir, 'data'), { recursive: true });
    if (content !== null) await writeFile(join(dir, name), content);
    expect(codes(await host.request('project.open', { path: join(dir, name) }))).toEqual([code]);
  });

  it.each([
    { what: 'no JSON', content: '{ "format": ' },
    { what: 'no network', content: '{"a": 1}' },
    { what: 'a newer version', content: '{"format":"convloom.network","version":99,"name":"","nodes":[],"edges":[]}' },
  ])('refuses a file with $what with a diagnostic', async ({ content }) => {
    await writeFile(join(dir, 'bad.convloom'), content);
    const opened = await host.request('project.open', { path: join(dir, 'bad.convloom') });
    expect(codes(opened)).toHaveLength(1);
  });

  it('refuses a file too large to be a network without reading it', async () => {
    const path = join(dir, 'film.convloom');
    await writeFile(path, Buffer.alloc(33 * 1024 * 1024));
    expect(codes(await host.request('project.open', { path }))).toEqual(['file/too-large']);
  });

  it('says which folder is missing when it cannot save', async () => {
    const result = await save(join(dir, 'no', 'a.convloom'), null);
    expect(codes(result)).toEqual(['file/not-found']);
    expect(result.ok ? '' : result.diagnostics[0]!.at.path).toBe(join(dir, 'no'));
  });

  it('says which link leads nowhere, and where, when it saves, opens, exports and reads data', async () => {
    const [link, folder, nowhere] = [join(dir, 'link.convloom'), join(dir, 'linked'), join(dir, 'no', 'a.convloom')];
    await symlink(nowhere, link);
    await symlink(join(dir, 'no'), folder);
    const said = async (answer: Promise<Result<unknown>>): Promise<string | undefined> => {
      const result = await answer;
      return result.ok ? '' : result.diagnostics[0]?.summary.en;
    };
    const sentence = (path: string, target: string): string => `${path} is a link to ${target}, which does not exist.`;
    for (const path of [link, join(folder, 'b.convloom')]) {
      const expected = path === link ? sentence(link, nowhere) : sentence(folder, join(dir, 'no'));
      expect(await said(save(path, null))).toBe(expected);
      expect(await said(host.request('project.open', { path }))).toBe(expected);
      expect(dataMissing(path).summary.en).toBe(expected);
    }
    expect(await said(writeNewFolder(folder, new Map([['a', 'a']])))).toBe(sentence(folder, join(dir, 'no')));
    expect(await said(writeNewFolder(join(folder, 'b'), new Map([['a', 'a']])))).toBe(
      sentence(folder, join(dir, 'no')),
    );
  });

  it('refuses paths that are not absolute', async () => {
    expect(codes(await host.request('project.open', { path: 'a.convloom' }))).toEqual(['file/invalid-path']);
    expect(codes(await save('a.convloom', null))).toEqual(['file/invalid-path']);
  });

  it.each([
    ['ENOSPC', 'file/disk-full'],
    ['EDQUOT', 'file/disk-full'],
    ['EROFS', 'file/read-only'],
    ['EACCES', 'file/permission'],
    ['EPERM', 'file/permission'],
    ['EISDIR', 'file/is-folder'],
    ['EIO', 'file/failed'],
  ])('tells %s as %s', (code, expected) => {
    const error = Object.assign(new Error(code), { code });
    expect(fileDiagnostic(error, '/x', 'save').code).toBe(expected);
  });

  it('leaves the old file and nothing else when a write fails', async () => {
    const path = join(dir, 'a.convloom');
    await writeFile(path, 'old');
    const tooLong = { length: 3 } as unknown as Uint8Array;
    await expect(writeFileAtomically(path, tooLong)).rejects.toThrow();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect((await readdir(dir)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('lists what was opened and saved, newest first, says which files are gone, and forgets one when told so', async () => {
    await save(join(dir, 'a.convloom'), null);
    await save(join(dir, 'b.convloom'), null);
    await host.request('project.open', { path: join(dir, 'a.convloom') });
    await rm(join(dir, 'b.convloom'));
    const recent = await host.request('project.recent', {});
    expect(recent.ok && recent.value.map(({ path, isMissing }) => [path, isMissing])).toEqual([
      [join(dir, 'a.convloom'), false],
      [join(dir, 'b.convloom'), true],
    ]);
    await host.request('project.forget', { path: join(dir, 'b.convloom') });
    const after = await host.request('project.recent', {});
    expect(after.ok && after.value.map(({ path }) => path)).toEqual([join(dir, 'a.convloom')]);
  });
});

describe('folders', () => {
  it('lists folders first, then network files, and nothing else', async () => {
    for (const name of ['z', 'a']) await mkdir(join(dir, 'p', name), { recursive: true });
    for (const name of ['n.convloom', 'b.json', 'x.png', '.hidden.json']) await writeFile(join(dir, 'p', name), '');
    const listed = await host.request('files.list', { dir: join(dir, 'p') });
    expect(listed.ok && listed.value.entries.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'folder a',
      'folder z',
      'network b.json',
      'network n.convloom',
    ]);
    expect(listed.ok && listed.value.parent).toBe(dir);
  });

  it('starts where projects live, and says what is wrong with a folder', async () => {
    const start = await host.request('files.list', { dir: '' });
    expect(start.ok && start.value.dir).toBe(dir);
    expect(codes(await host.request('files.list', { dir: join(dir, 'none') }))).toEqual(['file/not-found']);
  });

  it('has no native dialogs where none were given', async () => {
    expect(codes(await host.request('files.pickOpen', {}))).toEqual(['host/not-in-this-form']);
  });
});

describe('settings', () => {
  it('keeps what was set, for the next app too', async () => {
    await host.request('settings.set', { theme: 'dark', layout: { left: 0.2 } });
    await host.request('settings.set', { layout: { right: 0.3 } });
    const settings = await openHost().request('settings.get', {});
    expect(settings.ok && settings.value).toEqual({
      language: 'system',
      theme: 'dark',
      engine: 'auto',
      autosave: false,
      layout: { left: 0.2, right: 0.3 },
    });
  });

  it('keeps every one of many changes at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => host.request('settings.set', { layout: { [`p${n}`]: n } })));
    const settings = await host.request('settings.get', {});
    expect(settings.ok && Object.keys(settings.value.layout)).toHaveLength(20);
  });

  it('sets a damaged file aside, says so, and starts from the defaults', async () => {
    await mkdir(join(dir, 'data'), { recursive: true });
    await writeFile(join(dir, 'data', 'settings.json'), '{ "theme": ');
    const settings = await host.request('settings.get', {});
    expect(settings.ok && settings.value.theme).toBe('system');
    expect(reports.map(({ code }) => code)).toEqual(['file/set-aside']);
    const kept = (await readdir(join(dir, 'data'))).filter((name) => name.startsWith('settings'));
    expect(kept).toEqual([expect.stringContaining('settings.json.damaged')]);
  });

  it('takes the default for a single value that does not fit', async () => {
    await mkdir(join(dir, 'data'), { recursive: true });
    await writeFile(join(dir, 'data', 'settings.json'), '{ "theme": "pink", "language": "zh", "more": 1 }');
    const settings = await host.request('settings.get', {});
    expect(settings.ok && settings.value).toMatchObject({ theme: 'system', language: 'zh' });
  });
});

describe('drafts', () => {
  it('keeps the last document of each key until it is discarded', async () => {
    await host.request('draft.save', { key: '../../etc', path: null, document: emptyDocument('1') });
    await host.request('draft.save', { key: '../../etc', path: '/p', document: emptyDocument('2') });
    await host.request('draft.save', { key: 'b', path: null, document: network });
    const listed = await openHost().request('draft.list', {});
    const names = listed.ok ? listed.value.map(({ key, document }) => `${key} ${document.name}`) : [];
    expect([...names].sort()).toEqual(['../../etc 2', 'b A']);
    await host.request('draft.discard', { key: 'b' });
    await host.request('draft.discard', { key: 'b' });
    const left = await host.request('draft.list', {});
    expect(left.ok && left.value).toHaveLength(1);
  });
});

describe('the data folder', () => {
  it.each([
    [{ CONVLOOM_HOME: '/own', XDG_DATA_HOME: '/x' }, 'linux', '/own'],
    [{ XDG_DATA_HOME: '/x' }, 'linux', '/x/convloom'],
    [{ XDG_DATA_HOME: 'relative' }, 'linux', '/home/me/.local/share/convloom'],
    [{}, 'darwin', '/home/me/Library/Application Support/Convloom'],
  ] as const)('with %j on %s is %s', (environment, platform, expected) => {
    expect(defaultDataDir(environment, platform, '/home/me')).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../electron/host/health';
import type { HealthOptions } from '../../../electron/host/health';
import { useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();

async function check(change: Partial<HealthOptions> = {}) {
  const checks = await checkHealth({
    version: '1.2.3',
    dataDir: folder.at('data'),
    cacheDir: folder.at('cache'),
    projectsDir: folder.at('.'),
    memoryBytes: 8_000_000_000,
    temporaryDir: folder.at('temporary'),
    ...change,
  });
  return new Map(checks.map((found) => [found.id, found]));
}

describe('the health of a machine', () => {
  it('names the versions, and what the app takes on the disk', async () => {
    const checks = await check();
    expect(checks.get('versions')?.what.en).toMatch(/^Convloom 1\.2\.3, Node \d+\./);
    expect(checks.get('runs')?.what).toEqual({
      en: 'The runs take 0 B in 0 files',
      zh: '训练记录占用 0 B，共 0 个文件',
    });
    expect(checks.get('data-folder')?.state).not.toBe('fault');
    expect(checks.get('memory')?.state).toBe('fine');
  });

  it('counts what runs take, in folders of any depth', async () => {
    await folder.put('data/runs/a/b/weights', new Uint8Array(1500));
    await folder.put('data/runs/a/run.json', new Uint8Array(500));
    expect((await check()).get('runs')?.what.en).toBe('The runs take 2.0 KB in 2 files');
  });

  it('says of a folder that cannot be written to why, and how to mend it', async () => {
    await folder.put('file', '');
    const found = (await check({ dataDir: folder.at('file/data') })).get('data-folder');
    expect(found?.state).toBe('fault');
    expect(found?.what.en).toContain('is not a folder');
    expect(found?.mend?.en).toContain('CONVLOOM_HOME');
  });

  it('names for each folder what really moves it', async () => {
    await folder.put('file', '');
    for (const [change, id, word] of [
      [{ cacheDir: folder.at('file/cache') }, 'cache-folder', 'XDG_CACHE_HOME'],
      [{ projectsDir: folder.at('file/projects') }, 'projects-folder', 'another folder'],
      [{ temporaryDir: folder.at('file/tmp') }, 'temporary-folder', 'TMPDIR'],
    ] as const) {
      const found = (await check(change)).get(id);
      expect([id, found?.state, found?.mend?.en]).toEqual([id, 'fault', expect.stringContaining(word) as string]);
    }
  });

  it('tells a file in the place of a folder from a folder that may not be written to', async () => {
    await folder.put('file', '');
    for (const dataDir of [folder.at('file'), folder.at('file/data/deep')]) {
      const found = (await check({ dataDir })).get('data-folder');
      expect(found?.what.en).toContain('is not a folder');
      expect(found?.mend?.en).toContain('Move the file');
    }
  });

  it('finds settings, drafts and blocks that cannot be read, and what was put aside', async () => {
    await folder.put('data/settings.json', '{"theme":');
    await folder.put('data/recent.json/a', '');
    await folder.put('data/drafts/a.json', 'no');
    await folder.put('data/drafts/b.json', '{}');
    await folder.put('data/drafts/c.damaged', '');
    await folder.put('data/settings.json.damaged-2026', '');
    const checks = await check();
    const ids = [...checks.keys()].filter((id) => id.startsWith('file'));
    expect(ids).toEqual(['file-settings.json', 'file-recent.json', 'file-a.json', 'files-aside']);
    for (const id of ids) expect([id, checks.get(id)?.state]).toEqual([id, 'warning']);
    expect(checks.get('file-settings.json')?.what.en).toContain('is damaged');
    expect(checks.get('files-aside')?.what.en).toContain('2 (settings.json.damaged-2026, drafts/c.damaged)');
  });

  it('finds a Node.js that is too old', async () => {
    for (const [node, state] of [
      ['20.18.3', 'fault'],
      ['18.20.0', 'fault'],
      ['20.19.0', 'fine'],
      ['24.1.0', 'fine'],
    ] as const) {
      expect([node, (await check({ node })).get('versions')?.state]).toEqual([node, state]);
    }
  });

  it('leaves nothing behind in the folders that it tries', async () => {
    await check();
    expect((await check()).get('caches')?.what.en).toBe('The caches take 0 B in 0 files');
  });

  it('warns of a machine with little memory', async () => {
    expect((await check({ memoryBytes: 1_000_000_000 })).get('memory')?.state).toBe('warning');
  });
});

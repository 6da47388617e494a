import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../../electron/host';
import { createLibrary } from '../../../electron/host/library';
import { createSettingsStore } from '../../../electron/host/settings';
import { limits, storeLimits } from '../../../shared/schema/limits';
import { emptyDocument } from '../../../shared/schema/document';

let dataDir: string;
let host: Host;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'convloom-room-'));
  host = createHost({ form: 'memory', dataDir });
});
afterEach(async () => {
  await host.dispose();
  await rm(dataDir, { recursive: true, force: true });
});

const draftOf = (key: string) => ({ key, path: null, document: emptyDocument(key) });

/** Fills a store's folder with files that nobody has open. */
async function fill(folder: string, ending: string, count: number): Promise<void> {
  await mkdir(join(dataDir, folder), { recursive: true });
  await Promise.all(Array.from({ length: count }, (_, at) => writeFile(join(dataDir, folder, `${at}${ending}`), '{}')));
}

describe('a store of unsaved networks that is full', () => {
  it('takes the first of a window and all that it changes in it, and refuses more with the numbers', async () => {
    const { entries } = storeLimits.drafts;
    await fill('drafts', '.json', entries);
    const window = host.visit('window').api;
    expect((await window.request('draft.save', draftOf('own'))).ok).toBe(true);
    const refused = await window.request('draft.save', draftOf('second'));
    expect(refused).toMatchObject({ ok: false, diagnostics: [{ code: 'file/store-full' }] });
    expect(refused.ok ? '' : refused.diagnostics[0]?.summary.en).toContain(`it has ${entries + 1} unsaved networks`);
    expect((await window.request('draft.save', draftOf('own'))).ok).toBe(true);
    expect((await window.request('draft.save', { ...draftOf('renamed'), replaces: 'own' })).ok).toBe(true);
  });

  it('is never more than twice as full, however many windows come and go', async () => {
    await fill('drafts', '.json', 2 * storeLimits.drafts.entries);
    const refused = await host.visit('late').api.request('draft.save', draftOf('late'));
    expect(refused).toMatchObject({ ok: false, diagnostics: [{ code: 'file/store-full' }] });
  });

  it('is full by its bytes, too', async () => {
    await fill('drafts', '.json', 1);
    await truncate(join(dataDir, 'drafts', '0.json'), 2 * storeLimits.drafts.bytes);
    expect((await host.visit('a').api.request('draft.save', draftOf('a'))).ok).toBe(false);
  });

  it('takes no more where many are asked for at once', async () => {
    await fill('drafts', '.json', storeLimits.drafts.entries - 2);
    const window = host.visit('window').api;
    const saved = await Promise.all(
      Array.from({ length: 20 }, (_, at) => window.request('draft.save', draftOf(`many-${at}`))),
    );
    expect(saved.filter(({ ok }) => ok)).toHaveLength(2);
  });
});

describe('a library of blocks that is full', () => {
  it('keeps a block again, and refuses another', async () => {
    const library = createLibrary(dataDir, () => undefined);
    const definition = { params: {}, nodes: [], edges: [] };
    const block = (name: string) => ({ name, blocks: { [name]: definition } });
    expect((await library.keep(block('old'))).ok).toBe(true);
    await fill('blocks', '.convloom', storeLimits.blocks.entries - 1);
    expect((await library.keep(block('old'))).ok).toBe(true);
    expect(await library.keep(block('new'))).toMatchObject({ ok: false, diagnostics: [{ code: 'file/store-full' }] });
    expect(await readdir(join(dataDir, 'blocks'))).toHaveLength(storeLimits.blocks.entries);
  });
});

describe('the settings of a page', () => {
  it('are as many as there may be, the newest ones', async () => {
    const settings = createSettingsStore(
      dataDir,
      () => undefined,
      () => new Date(0),
    );
    const keys = Array.from({ length: limits.layoutEntries + 5 }, (_, at) => `panel ${at}`);
    const set = await settings.set({ layout: Object.fromEntries(keys.map((key) => [key, 1])) });
    expect(set.ok && Object.keys(set.value.layout)).toEqual(keys.slice(5));
  });
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLibrary } from '../../../electron/host/library';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import { parseNetwork } from '../../../shared/document';

const definition = {
  params: { filters: 4 },
  nodes: [
    { id: 'in', kind: 'port', params: {} },
    { id: 'c', kind: 'conv', params: { filters: { param: 'filters' }, kernelSize: 3 } },
  ],
  edges: [{ from: 'in', to: 'c' }],
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-library-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the library of blocks', () => {
  it('is empty at first, keeps blocks by name, and forgets them', async () => {
    const library = createLibrary(dir, () => undefined);
    expect(await library.list()).toEqual({ ok: true, value: [] });
    const pair = { name: 'pair', blocks: { pair: definition } };
    const other = { name: '../other', blocks: { '../other': { ...definition, params: { filters: 8 } } } };
    expect((await library.keep(pair)).ok).toBe(true);
    expect((await library.keep(other)).ok).toBe(true);
    expect((await library.keep(pair)).ok).toBe(true);
    // Another app on the same folder has them too.
    expect(await createLibrary(dir, () => undefined).list()).toEqual({ ok: true, value: [other, pair] });
    expect(await readdir(join(dir, 'blocks'))).toHaveLength(2);
    expect((await library.forget('pair')).ok).toBe(true);
    expect((await library.forget('pair')).ok).toBe(true);
    expect(await library.list()).toEqual({ ok: true, value: [other] });
  });

  it('keeps each block in a file that opens as a network', async () => {
    const library = createLibrary(dir, () => undefined);
    await library.keep({ name: 'pair', blocks: { pair: definition } });
    const [file = ''] = await readdir(join(dir, 'blocks'));
    const parsed = parseNetwork(await readFile(join(dir, 'blocks', file), 'utf8'));
    expect(parsed.ok && parsed.value.nodes).toEqual([{ id: 'block', kind: 'block', params: { block: 'pair' } }]);
  });

  it('sets a damaged file aside and says so, and gives the others', async () => {
    const told: Diagnostic[] = [];
    const library = createLibrary(dir, (diagnostic) => told.push(diagnostic));
    await library.keep({ name: 'pair', blocks: { pair: definition } });
    await writeFile(join(dir, 'blocks', 'x.convloom'), '{');
    const empty = { format: 'convloom.network', version: 1, name: 'none', nodes: [], edges: [] };
    await writeFile(join(dir, 'blocks', 'y.convloom'), JSON.stringify(empty));
    const found = await library.list();
    expect(found.ok && found.value.map(({ name }) => name)).toEqual(['pair']);
    expect(told.map(({ code }) => code)).toEqual(['file/set-aside', 'file/set-aside']);
    expect((await readdir(join(dir, 'blocks'))).filter((name) => name.endsWith('.damaged'))).toHaveLength(2);
  });
});

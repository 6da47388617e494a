import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost } from '../../../electron/host';
import type { Host } from '../../../electron/host';
import { createStorage } from '../../../electron/host/storage';
import { writeRecord } from '../../../electron/files/runRecord';
import type { RunRecord } from '../../../electron/files/runRecord';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { createScriptedTrainer } from '../../support/scriptedTrainer';
import type { ScriptedTrainer } from '../../support/scriptedTrainer';
import { useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();

const record = (id: string, state: RunRecord['state']): RunRecord => ({
  format: 'convloom.run',
  version: 1,
  id,
  name: 'N',
  startedAt: '2026-01-01T00:00:00.000Z',
  config: defaultTrainingConfig,
  state,
  lastEpoch: null,
  pid: null,
  data: { task: 'classification', classes: ['a', 'b'], inputShape: [2], scaling: null },
});

async function putRun(id: string, state: RunRecord['state'], names: readonly string[]): Promise<void> {
  const dir = folder.at(`data/runs/${id}`);
  await mkdir(dir, { recursive: true });
  await writeRecord(dir, record(id, state));
  for (const name of names) await writeFile(join(dir, name), new Uint8Array(1000));
}

const both = ['weights.safetensors', 'checkpoint.safetensors'];

describe('the room that the app takes', () => {
  const storage = () =>
    createStorage({
      dataDir: folder.at('data'),
      cacheDir: folder.at('cache'),
      projectsDir: folder.at('.'),
      logDir: folder.at('data/logs'),
    });

  it('can be had back from the checkpoints of complete runs with weights, and from no others', async () => {
    await putRun('complete', 'completed', both);
    await putRun('stopped', 'stopped', both);
    await putRun('bare', 'completed', ['checkpoint.safetensors']);
    const list = await storage().list();
    expect(list.ok && list.value.find(({ id }) => id === 'runs')?.freeableBytes).toBe(1000);
    expect(await storage().free('runs')).toEqual({ ok: true, value: { freedBytes: 1000 } });
    expect(await readdir(folder.at('data/runs/complete'))).not.toContain('checkpoint.safetensors');
    expect(await readdir(folder.at('data/runs/complete'))).toContain('weights.safetensors');
    for (const id of ['stopped', 'bare'])
      expect(await readdir(folder.at(`data/runs/${id}`))).toContain('checkpoint.safetensors');
    expect(await storage().free('runs')).toEqual({ ok: true, value: { freedBytes: 0 } });
  });

  it('can be had back from the caches, except for the locks that others may hold and the engine that was set up', async () => {
    await folder.put('cache/pictures/a.rows', new Uint8Array(700));
    await folder.put('cache/verdict.json', new Uint8Array(300));
    await folder.put('cache/locks/one', '');
    await folder.put('cache/tensorflow-2.21.0-cpu/lib', new Uint8Array(5000));
    const list = await storage().list();
    const bytesOf = (id: string) => (list.ok ? list.value.find((use) => use.id === id)?.bytes : undefined);
    expect([bytesOf('caches'), bytesOf('engine')]).toEqual([1000, 5000]);
    expect(await storage().free('caches')).toEqual({ ok: true, value: { freedBytes: 1000 } });
    expect((await readdir(folder.at('cache'))).sort()).toEqual(['locks', 'tensorflow-2.21.0-cpu']);
  });

  it('is never taken from the data themselves', async () => {
    await folder.put('data/settings.json', '{}');
    for (const id of ['data', 'log', 'projects', 'engine'] as const) {
      expect(await storage().free(id)).toEqual({ ok: true, value: { freedBytes: 0 } });
    }
    expect(await readFile(folder.at('data/settings.json'), 'utf8')).toBe('{}');
  });
});

describe('the log of a host', () => {
  let host: Host;
  let trainers: ScriptedTrainer[];
  beforeEach(() => {
    trainers = [];
    host = createHost({
      form: 'memory',
      dataDir: folder.at('data'),
      projectsDir: folder.at('projects'),
      forkTrainer: () => {
        const trainer = createScriptedTrainer(null);
        trainers.push(trainer);
        return trainer.process;
      },
    });
  });
  afterEach(() => host.dispose());

  it('has the faults of the page and the deaths of trainers, is saved without a path of this machine, and tells of each once', async () => {
    await mkdir(folder.at('projects'));
    const stack = `Error: x\n    at f (${folder.at('projects')}/thesis.convloom:1:1)\n    at g (/srv/klinik/a.js:2:2)`;
    await host.request('log.add', { message: 'x is not a function', stack, isCrash: true });
    const asked = host.request('data.info', { spec: 'mnist' });
    await expect.poll(() => trainers.length).toBe(1);
    trainers[0]!.exit({ signal: 'SIGSEGV', errorOutput: 'in the midst of a convolution' });
    expect((await asked).ok).toBe(false);
    const saved = await host.request('log.save', {});
    const log = await readFile(saved.ok ? saved.value.path : '', 'utf8');
    expect(log).toMatch(/^Convloom \S+ \(memory\), Node \d+/);
    for (const said of ['x is not a function', 'SIGSEGV', 'in the midst of a convolution']) expect(log).toContain(said);
    for (const hidden of [folder.at(''), 'klinik', 'thesis.convloom:']) expect(log).not.toContain(hidden);
    const told = await host.request('log.crashes', {});
    expect(told.ok && told.value.map(({ source }) => source).sort()).toEqual(['page', 'trainer']);
    expect(await host.request('log.crashes', {})).toEqual({ ok: true, value: [] });
  });

  it('takes no trainer for dead that the app itself has ended', async () => {
    void host.request('data.info', { spec: 'mnist' });
    await expect.poll(() => trainers.length).toBe(1);
    await host.dispose();
    trainers[0]!.exit({ signal: 'SIGKILL' });
    expect(await host.request('log.crashes', {})).toEqual({ ok: true, value: [] });
  });
});

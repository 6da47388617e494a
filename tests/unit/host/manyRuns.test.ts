import { mkdir, readdir, stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createHost } from '../../../electron/host';
import { readRecord, writeRecord } from '../../../electron/files/runRecord';
import type { RunRecord } from '../../../electron/files/runRecord';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();
const dirOf = (id: string): string => folder.at(`data/runs/${id}`);
const openHost = () => createHost({ form: 'memory', dataDir: folder.at('data') });

/** A run that ended on the day of January with this number. */
async function putRun(day: number, more: Partial<RunRecord> = {}): Promise<string> {
  const id = `run-${day}`;
  await mkdir(dirOf(id), { recursive: true });
  await writeRecord(dirOf(id), {
    format: 'convloom.run',
    version: 1,
    id,
    name: 'N',
    startedAt: `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`,
    config: defaultTrainingConfig,
    state: 'completed',
    lastEpoch: null,
    pid: null,
    data: { task: 'classification', classes: ['a', 'b'], inputShape: [2], scaling: null },
    ...more,
  });
  return id;
}

it('the list of runs sees what another app writes into a record that it has read before, and gives single runs by their ids', async () => {
  for (let day = 1; day <= 3; day++) await putRun(day);
  const [host, other] = [openHost(), openHost()];
  const listed = async (ids?: readonly string[]) => {
    const list = await host.request('run.list', ids === undefined ? {} : { ids });
    return list.ok ? list.value.map(({ id, name }) => [id, name]) : list;
  };
  expect(await listed()).toEqual([
    ['run-3', 'N'],
    ['run-2', 'N'],
    ['run-1', 'N'],
  ]);
  expect((await other.request('run.label', { runId: 'run-2', name: 'M' })).ok).toBe(true);
  expect((await other.request('run.delete', { runId: 'run-3' })).ok).toBe(true);
  expect(await listed()).toEqual([
    ['run-2', 'M'],
    ['run-1', 'N'],
  ]);
  expect(await listed(['run-2', 'run-3', '../runs/run-1', '__proto__'])).toEqual([['run-2', 'M']]);
});

it('the oldest runs are deleted when that is asked for: none that has a tag, is at work, is not among the oldest, or lies elsewhere', async () => {
  for (let day = 1; day <= 6; day++) await putRun(day);
  await putRun(2, { tags: ['thesis'] });
  await putRun(3, { state: 'running', pid: process.pid });
  const size = (await stat(folder.at('data/runs/run-1/run.json'))).size;
  const host = openHost();
  const found = await host.request('run.prune', { keep: 2, isTrial: true });
  expect(found).toMatchObject({ ok: true, value: { runs: 2 } });
  expect(found.ok && found.value.bytes).toBe(2 * size);
  expect(await readdir(folder.at('data/runs'))).toHaveLength(6);
  expect(await host.request('run.prune', { keep: 2, isTrial: false })).toMatchObject({ ok: true, value: { runs: 2 } });
  expect((await readdir(folder.at('data/runs'))).sort()).toEqual(['run-2', 'run-3', 'run-5', 'run-6']);
  expect((await readRecord(dirOf('run-2'))).ok).toBe(true);
});

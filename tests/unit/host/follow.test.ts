import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../../electron/host';
import { followLog } from '../../../electron/host/runs/follower';
import { serializeNetwork } from '../../../shared/document/serialize';
import { emptyDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { RunEvent } from '../../../shared/training/events';
import { unpackEvents } from '../../../shared/training/packedEvents';

const step = (number: number): RunEvent => ({
  type: 'step',
  epoch: 1,
  step: number,
  loss: 1 / number,
  accuracy: 0.5,
  imagesPerSecond: 10,
  secondsLeft: 1,
});
const finished: RunEvent = { type: 'finished', runDir: '/far/run', seconds: 2, reason: 'completed' };

let dir: string;
let run: string;
let host: Host;
let events: RunEvent[];

const log = (...lines: readonly (RunEvent | string)[]): Promise<void> =>
  appendFile(
    join(run, 'metrics.jsonl'),
    lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''),
  );
const steps = () => events.flatMap((event) => (event.type === 'step' ? [event.step] : []));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-follow-'));
  run = join(dir, 'far');
  await mkdir(run);
  await writeFile(join(run, 'network.json'), serializeNetwork(emptyDocument('Net')));
  const record = {
    format: 'convloom.run',
    version: 1,
    id: 'far-1',
    name: 'Net',
    startedAt: '2026-01-01T00:00:00.000Z',
    config: defaultTrainingConfig,
    state: 'running',
    lastEpoch: null,
    // Of another machine: here it is nobody's.
    pid: 2 ** 30,
    data: { task: 'classification', classes: ['a', 'b'], inputShape: [2], scaling: null },
  };
  await writeFile(join(run, 'run.json'), JSON.stringify(record));
  events = [];
  host = createHost({ form: 'memory', dataDir: join(dir, 'data') });
  host.on('run.event', ({ runId, event }) => {
    if (runId === 'far-1') events.push(event);
  });
});
afterEach(async () => {
  await host.dispose();
  await rm(dir, { recursive: true, force: true });
});

describe('a run that is followed in its folder', () => {
  it('tells what comes, line by whole line, to its end, and counts as running until then', async () => {
    await log(step(1));
    expect(await host.request('run.follow', { dir: run })).toMatchObject({ ok: true, value: { runId: 'far-1' } });
    const found = await host.request('run.get', { runId: 'far-1' });
    if (!found.ok) throw new Error('A followed run is known.');
    expect(found.value.summary.state).toBe('running');
    expect(unpackEvents(found.value.events)).toEqual([step(1)]);
    const second = JSON.stringify(step(2));
    await log(second.slice(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(steps()).toEqual([]);
    await log(second.slice(20), '\n', 'no event\n', '{"type":"other"}\n', 'null\n', step(3));
    await expect.poll(steps, { timeout: 5000 }).toEqual([2, 3]);
    await log(finished, step(4));
    await expect.poll(() => events.at(-1), { timeout: 5000 }).toEqual(finished);
    expect(steps()).toEqual([2, 3]);
  });

  it('tells all from the start where that is wanted', async () => {
    await log(step(1), step(2), finished);
    await host.request('run.follow', { dir: run, replay: true });
    await expect.poll(() => events, { timeout: 5000 }).toEqual([step(1), step(2), finished]);
  });

  it('is left alone: to stop ends the following, to delete forgets it', async () => {
    await host.request('run.follow', { dir: run });
    const before = await readFile(join(run, 'run.json'), 'utf8');
    expect((await host.request('run.stop', { runId: 'far-1' })).ok).toBe(true);
    expect(events).toMatchObject([{ type: 'failed', diagnostic: { code: 'run/following-ended' } }]);
    expect((await host.request('run.delete', { runId: 'far-1' })).ok).toBe(true);
    expect(await readFile(join(run, 'run.json'), 'utf8')).toBe(before);
    expect((await host.request('run.get', { runId: 'far-1' })).ok).toBe(false);
  });

  it('ends after a long silence', async () => {
    let nowMs = 0;
    const follower = followLog({ dir: run, from: 0, emit: (event) => events.push(event), now: () => new Date(nowMs) });
    await follower.poll();
    nowMs = 100_000;
    await log(step(1));
    await follower.poll();
    nowMs = 200_000;
    await follower.poll();
    expect(follower.isAlive()).toBe(true);
    nowMs = 230_000;
    await follower.poll();
    expect(events).toMatchObject([step(1), { type: 'failed', diagnostic: { code: 'run/silent' } }]);
    expect(follower.isAlive()).toBe(false);
  });

  it('refuses a folder that is none of a run', async () => {
    const codes = async (path: string) => {
      const answer = await host.request('run.follow', { dir: path });
      return answer.ok ? [] : answer.diagnostics.map(({ code }) => code);
    };
    expect(await codes('relative')).toEqual(['file/invalid-path']);
    expect(await codes(dir)).toEqual(['run/damaged']);
    expect((await codes(join(dir, 'nowhere'))).length).toBe(1);
  });
});

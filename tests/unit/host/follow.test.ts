import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHost, type Host } from '../../../electron/host';
import { parseFarFolder } from '../../../electron/host/runs/farFolder';
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

describe('a folder on another machine', () => {
  it.each([
    ['gpu:runs/a', { host: 'gpu', port: null, dir: 'runs/a' }],
    ['me@gpu.lab:/data/my run', { host: 'me@gpu.lab', port: null, dir: '/data/my run' }],
    ['ssh://me@gpu:2222/data/a', { host: 'me@gpu', port: 2222, dir: '/data/a' }],
    ['ssh://[::1]/data/a', { host: '::1', port: null, dir: '/data/a' }],
  ])('is named by %s', (text, folder) => {
    expect(parseFarFolder(text)).toEqual(folder);
  });

  it.each([
    '/data/a',
    'C:\\runs\\a',
    'C:/runs/a',
    './a:b',
    '-oProxyCommand=x:/a',
    'ssh://-oProxyCommand=x/a',
    'gpu:',
    'ssh://gpu',
    'a b:/c',
  ])('is not named by %s', (text) => {
    expect(parseFarFolder(text)).toBeNull();
  });

  describe('by a stand-in for ssh that runs here', () => {
    beforeEach(async () => {
      const stub = join(dir, 'ssh');
      // As ssh does: what follows the host is run by a shell there.
      await writeFile(
        stub,
        '#!/bin/sh\nfor one in "$@"; do case "$one" in --) shift; break;; *) shift;; esac; done\n' +
          '[ "$1" = gone ] && { echo "ssh: Could not resolve hostname gone" >&2; exit 255; }\nshift\nexec "$@"\n',
        { mode: 0o755 },
      );
      vi.stubEnv('CONVLOOM_SSH', stub);
    });
    afterEach(() => vi.unstubAllEnvs());

    it('is followed as a folder here is, with the weights of each epoch, and nothing is written there', async () => {
      await log(step(1));
      const before = await readdir(run);
      const followed = await host.request('run.follow', { dir: `gpu:${run}`, replay: true });
      if (!followed.ok) throw new Error(JSON.stringify(followed.diagnostics));
      expect(followed.value.dir).not.toBe(run);
      await expect.poll(steps, { timeout: 10_000 }).toEqual([1]);
      await log(step(2));
      await expect.poll(steps, { timeout: 10_000 }).toEqual([1, 2]);
      expect(await readdir(run)).toEqual(before);
      const record = JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as object;
      const last = {
        type: 'epoch',
        epoch: 1,
        loss: 1,
        valLoss: 1,
        accuracy: 0.5,
        valAccuracy: 0.5,
        valMeanIou: null,
        seconds: 1,
      };
      await writeFile(join(run, 'weights.safetensors'), 'weights');
      await log(finished);
      await writeFile(join(run, 'run.json'), JSON.stringify({ ...record, state: 'completed', lastEpoch: last }));
      await expect.poll(() => events.at(-1), { timeout: 10_000 }).toEqual(finished);
      const copied = join(followed.value.dir, 'weights.safetensors');
      await expect.poll(() => readFile(copied, 'utf8').catch(() => ''), { timeout: 10_000 }).toBe('weights');
    }, 40_000);

    it('that cannot be reached, or has no run, is refused with the words of ssh', async () => {
      const answers = [
        await host.request('run.follow', { dir: 'gone:/a' }),
        await host.request('run.follow', { dir: `gpu:${dir}` }),
      ];
      const found = answers.flatMap((answer) => (answer.ok ? [] : answer.diagnostics));
      expect(found.map(({ code }) => code)).toEqual(['run/far-not-read', 'run/far-not-read']);
      expect(found[0]?.why?.en).toContain('Could not resolve hostname gone');
    });

    it('may have any name: it is a word of a shell, and no more', async () => {
      const odd = join(dir, "o'dd $(touch x) `y`; z");
      await rename(run, odd);
      run = odd;
      expect(await host.request('run.follow', { dir: `gpu:${odd}` })).toMatchObject({ ok: true });
    });
  });
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

  it('is left alone where it had ended before it was looked at', async () => {
    await log(step(1), finished);
    const record = JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as object;
    await writeFile(join(run, 'run.json'), JSON.stringify({ ...record, state: 'completed' }));
    for (const replay of [false, true]) {
      expect((await host.request('run.follow', { dir: run, replay })).ok).toBe(true);
      expect((await host.request('run.delete', { runId: 'far-1' })).ok).toBe(true);
      expect(await readdir(dir)).toContain('far');
      expect((await host.request('run.get', { runId: 'far-1' })).ok).toBe(false);
    }
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

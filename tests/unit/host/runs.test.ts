import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHost } from '../../../electron/host';
import type { Host } from '../../../electron/host';
import { readRecord } from '../../../electron/files/runRecord';
import { thinSteps } from '../../../electron/files/metricsLog';
import type { Prepared } from '../../../electron/trainer/protocol';
import { checkpointMissing } from '../../../shared/diagnostics/catalog/model';
import { unknownDataSpec } from '../../../shared/diagnostics/catalog/data';
import { metricsNotSaved, weightsNotSaved } from '../../../shared/diagnostics/catalog/run';
import { failure } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { emptyDocument } from '../../../shared/schema/document';
import { limits } from '../../../shared/schema/limits';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { formatBytes } from '../../../shared/text';
import type { RunEvent } from '../../../shared/training/events';
import { stepEvent } from '../../support/stepEvent';
import { unpackEvents } from '../../../shared/training/packedEvents';
import { createScriptedTrainer } from '../../support/scriptedTrainer';
import type { ScriptedTrainer } from '../../support/scriptedTrainer';

const document = emptyDocument('Net');
const prepared: Prepared = {
  document,
  data: { task: 'classification', classes: ['a', 'b'], inputShape: [2], scaling: null },
  warnings: [],
};
const epoch = (number: number): RunEvent => ({
  type: 'epoch',
  epoch: number,
  loss: 1,
  valLoss: 1,
  accuracy: 0.5,
  valAccuracy: 0.5,
  valMeanIou: null,
  seconds: 1,
});

let dir: string;
let host: Host;
let trainers: ScriptedTrainer[];
let events: RunEvent[];

function openHost(answer: Prepared | null = prepared): Host {
  const opened = createHost({
    form: 'memory',
    dataDir: dir,
    stopTimeoutMs: 100,
    forkTrainer: () => {
      const trainer = createScriptedTrainer(answer);
      trainers.push(trainer);
      return trainer.process;
    },
  });
  opened.on('run.event', ({ event }) => events.push(event));
  return opened;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-runs-'));
  trainers = [];
  events = [];
  host = openHost();
});
afterEach(async () => {
  await host.dispose();
  await rm(dir, { recursive: true, force: true });
});

function codes(result: Result<unknown>): readonly string[] {
  return result.ok ? [] : result.diagnostics.map(({ code }) => code);
}

async function start(
  own?: string,
): Promise<{ readonly runId: string; readonly dir: string; readonly trainer: ScriptedTrainer }> {
  const started = await host.request('run.start', {
    document,
    config: defaultTrainingConfig,
    ...(own === undefined ? {} : { dir: own }),
  });
  if (!started.ok) throw new Error(codes(started).join());
  return { ...started.value, trainer: trainers.at(-1)! };
}

async function stateOf(runId: string, from: Host = host): Promise<string> {
  const run = await from.request('run.get', { runId });
  return run.ok ? run.value.summary.state : codes(run).join();
}

const lastEvent = (): RunEvent | undefined => events.at(-1);

describe('a run', () => {
  it('is checked, written down, begun, followed and completed', async () => {
    const { runId, dir: runDir, trainer } = await start();
    expect(trainer.commands.map(({ type }) => type)).toEqual(['prepare', 'begin']);
    expect((await readdir(runDir)).sort()).toEqual(['network.json', 'run.json']);
    trainer.report({ type: 'event', event: epoch(1) });
    expect(await stateOf(runId)).toBe('running');
    trainer.report({ type: 'event', event: { type: 'finished', runDir, seconds: 1, reason: 'completed' } });
    await expect.poll(() => lastEvent()?.type).toBe('finished');
    const runs = await openHost().request('run.list', {});
    expect(runs.ok && runs.value).toMatchObject([
      { id: runId, name: 'Net', state: 'completed', lastEpoch: { epoch: 1 } },
    ]);
  });

  it('is found in the folder that somebody keeps it in, beside others and by itself', async () => {
    const { runId, dir: runDir, trainer } = await start();
    trainer.report({ type: 'event', event: { type: 'finished', runDir, seconds: 1, reason: 'completed' } });
    await expect.poll(() => lastEvent()?.type).toBe('finished');
    for (const dir of [dirname(runDir), runDir]) {
      const kept = await openHost().request('run.list', { dir });
      expect(kept.ok && kept.value).toMatchObject([{ id: runId, dir: runDir, state: 'completed' }]);
    }
    const nowhere = await openHost().request('run.list', { dir: join(runDir, 'nowhere') });
    expect(codes(nowhere)).toEqual(['file/not-found']);
  });

  it('is told with its network, its time and its tags, and may be named otherwise while it runs and later', async () => {
    const started = await host.request('run.start', {
      document,
      config: defaultTrainingConfig,
      name: 'First',
      tags: ['a'],
    });
    if (!started.ok) throw new Error(codes(started).join());
    const { runId, dir: runDir } = started.value;
    expect(codes(await host.request('run.label', { runId, tags: ['a', 'b'] }))).toEqual([]);
    const other = await openHost().request('run.label', { runId, name: 'Not mine' });
    expect(codes(other)).toEqual(['run/still-running']);
    trainers.at(-1)!.report({ type: 'event', event: { type: 'finished', runDir, seconds: 7, reason: 'completed' } });
    await expect.poll(() => lastEvent()?.type).toBe('finished');
    expect(codes(await openHost().request('run.label', { runId, name: 'Second' }))).toEqual([]);
    const runs = await openHost().request('run.list', {});
    expect(runs.ok && runs.value).toMatchObject([
      { name: 'Second', tags: ['a', 'b'], seconds: 7, network: { name: 'Net', params: 0, macs: 0 } },
    ]);
    expect(codes(await host.request('run.label', { runId: 'none', name: 'x' }))).toEqual(['run/not-found']);
  });

  it.each(['completed', 'stopped'] as const)(
    'whose folder was deleted meanwhile has failed, not %s',
    async (reason) => {
      const { runId, dir: runDir, trainer } = await start();
      await rm(runDir, { recursive: true });
      trainer.report({ type: 'event', event: epoch(1) });
      trainer.report({ type: 'event', event: { type: 'finished', runDir, seconds: 1, reason } });
      await expect.poll(() => lastEvent()?.type).toBe('failed');
      expect(lastEvent()).toMatchObject({ diagnostic: { code: 'run/folder-gone', at: { path: runDir } } });
      expect(events.map(({ type }) => type)).not.toContain('finished');
      expect(await readdir(join(runDir, '..'))).toEqual([]);
      expect(await stateOf(runId)).toBe('run/not-found');
    },
  );

  it('whose folder is deleted is stopped at once, and ends as failed with where its weights are', async () => {
    const { runId, dir: runDir, trainer } = await start();
    await rm(runDir, { recursive: true });
    await expect.poll(() => trainer.commands.at(-1)?.type, { timeout: 5000, interval: 5 }).toBe('stop');
    trainer.report({ type: 'event', event: { type: 'warning', diagnostic: metricsNotSaved(runDir, 'ENOENT') } });
    const elsewhere = weightsNotSaved(runDir, 'ENOENT', { at: '/tmp/elsewhere' });
    trainer.report({ type: 'event', event: { type: 'warning', diagnostic: elsewhere } });
    trainer.report({ type: 'event', event: { type: 'finished', runDir, seconds: 1, reason: 'stopped' } });
    await expect.poll(() => lastEvent()?.type).toBe('failed');
    expect(lastEvent()).toMatchObject({ diagnostic: { code: 'run/folder-gone', why: elsewhere.why } });
    const told = events.flatMap((event) => (event.type === 'warning' ? [event.diagnostic.code] : []));
    expect(told).toEqual(['run/weights-not-saved']);
    expect(await stateOf(runId)).toBe('run/not-found');
  });

  it('is refused with the trainer’s reasons, and leaves nothing behind', async () => {
    const refusing = openHost(null);
    const answer = refusing.request('run.start', { document, config: defaultTrainingConfig });
    await expect.poll(() => trainers.length).toBe(1);
    trainers[0]!.report({ type: 'prepared', result: failure(unknownDataSpec('x', [])) });
    expect(codes(await answer)).toEqual(['data/unknown-spec']);
    expect(trainers[0]!.isKilled).toBe(true);
    expect(await readdir(dir)).toEqual([]);
  });

  it('is stopped after its step, and says so', async () => {
    const { runId, dir: runDir, trainer } = await start();
    await host.request('run.stop', { runId });
    expect(trainer.commands.at(-1)).toEqual({ type: 'stop' });
    trainer.report({ type: 'event', event: { type: 'finished', runDir, seconds: 1, reason: 'stopped' } });
    await expect.poll(() => lastEvent()?.type).toBe('finished');
    expect(await stateOf(runId)).toBe('stopped');
  });

  it('is killed when it does not stop in time', async () => {
    const { runId, trainer } = await start();
    await host.request('run.stop', { runId });
    await expect.poll(() => trainer.isKilled).toBe(true);
    await expect.poll(() => lastEvent()).toMatchObject({ type: 'failed', diagnostic: { code: 'run/killed' } });
    expect(await stateOf(runId)).toBe('killed');
  });

  it.each([
    { exit: { signal: 'SIGKILL' }, state: 'killed', code: 'run/killed' },
    { exit: { signal: 'SIGTERM' }, state: 'killed', code: 'run/killed' },
    { exit: { signal: 'SIGSEGV' }, state: 'failed', code: 'run/crashed' },
    { exit: { code: 3, errorOutput: 'Error: no such thing\n    at x.js' }, state: 'failed', code: 'run/crashed' },
    {
      exit: { signal: 'SIGABRT', errorOutput: 'FATAL ERROR: JavaScript heap out of memory' },
      state: 'failed',
      code: 'run/out-of-memory',
    },
    {
      exit: { signal: 'SIGABRT', errorOutput: "terminate called after 'std::bad_alloc'" },
      state: 'failed',
      code: 'run/out-of-memory',
    },
  ])('whose process ends with $exit is $state, and the app goes on', async ({ exit, state, code }) => {
    const { runId, dir: runDir, trainer } = await start();
    trainer.report({ type: 'event', event: epoch(1) });
    trainer.exit(exit);
    await expect.poll(() => lastEvent()).toMatchObject({ type: 'failed', diagnostic: { code } });
    expect(await stateOf(runId)).toBe(state);
    expect(await readFile(join(runDir, 'metrics.jsonl'), 'utf8')).toContain(code);
    expect((await start()).runId).not.toBe(runId);
  });

  it('tells the last words of a process that crashed', async () => {
    const { trainer } = await start();
    trainer.exit({ code: 3, errorOutput: 'Error: no such thing\n    at x.js' });
    await expect
      .poll(() => lastEvent())
      .toMatchObject({
        diagnostic: { why: { en: expect.stringContaining('exit code 3. Error: no such thing') as string } },
      });
  });

  it('that has said its last is not stopped again: closing waits for nothing', async () => {
    const { dir: runDir, trainer } = await start();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const closed: Promise<void>[] = [];
    // As the command line does: it closes on the very event.
    host.on('run.event', ({ event }) => {
      if (event.type === 'finished') closed.push(host.dispose());
    });
    trainer.report({ type: 'event', event: { type: 'finished', runDir, seconds: 1, reason: 'completed' } });
    await expect.poll(() => closed.length).toBe(1);
    await closed[0];
    expect(trainer.commands.map(({ type }) => type)).toEqual(['prepare', 'begin']);
    // 100 ms is this host's patience with a trainer that was told to stop.
    expect(timers.mock.calls.filter(([, ms]) => ms === 100)).toEqual([]);
    timers.mockRestore();
  });

  it('that was stopped goes on in its folder, under its id, from its checkpoint', async () => {
    const { runId, dir: runDir, trainer } = await start();
    trainer.report({ type: 'event', event: epoch(1) });
    expect(codes(await host.request('run.resume', { runId }))).toEqual(['run/still-running']);
    expect(codes(await openHost().request('run.resume', { runId }))).toEqual(['run/still-running']);
    trainer.report({ type: 'event', event: { type: 'finished', runDir, seconds: 1, reason: 'stopped' } });
    await expect.poll(() => lastEvent()?.type).toBe('finished');
    const resumed = await host.request('run.resume', { runId });
    expect(resumed).toEqual({ ok: true, value: { runId, dir: runDir, warnings: [] } });
    expect(trainers.at(-1)!.commands[0]).toMatchObject({ type: 'prepare', runId, document, resumeDir: runDir });
    const listed = await host.request('run.list', {});
    expect(listed.ok && listed.value).toMatchObject([{ id: runId, state: 'running', lastEpoch: { epoch: 1 } }]);
    trainers.at(-1)!.report({ type: 'event', event: { type: 'finished', runDir, seconds: 1, reason: 'completed' } });
    await expect.poll(() => stateOf(runId)).toBe('completed');
    // The state is known a moment before the process is gone.
    await expect.poll(async () => codes(await host.request('run.resume', { runId }))).toEqual(['model/run-complete']);
  });

  it.each(['metrics.jsonl', 'weights.safetensors', 'run.json'])(
    'whose %s is a link to a file elsewhere does not go on, and the file stays as it was',
    async (name) => {
      const { runId, dir: runDir, trainer } = await start();
      trainer.exit({ signal: 'SIGKILL' });
      await expect.poll(() => lastEvent()?.type).toBe('failed');
      const path = join(runDir, name);
      const elsewhere = join(dir, 'elsewhere');
      await (name === 'run.json' ? rename(path, elsewhere) : writeFile(elsewhere, 'precious'));
      const before = await readFile(elsewhere, 'utf8');
      await rm(path, { force: true });
      await symlink('../../elsewhere', path);
      expect(codes(await host.request('run.resume', { runId }))).toEqual(['run/links-out']);
      expect(await readFile(elsewhere, 'utf8')).toBe(before);
      expect(trainers).toHaveLength(1);
    },
  );

  it('whose checkpoint is refused stays as it was', async () => {
    const { runId, trainer } = await start();
    trainer.exit({ signal: 'SIGKILL' });
    await expect.poll(() => lastEvent()?.type).toBe('failed');
    const refusing = openHost(null);
    const answer = refusing.request('run.resume', { runId });
    await expect.poll(() => trainers.length).toBe(2);
    trainers[1]!.report({ type: 'prepared', result: failure(checkpointMissing('/r')) });
    expect(codes(await answer)).toEqual(['model/no-checkpoint']);
    expect(await stateOf(runId)).toBe('killed');
  });

  it('goes into the folder that the user names, if that is empty', async () => {
    const own = join(dir, 'own');
    const { runId } = await start(own);
    expect(await stateOf(runId)).toBe('running');
    const again = await host.request('run.start', { document, config: defaultTrainingConfig, dir: own });
    expect(codes(again)).toEqual(['file/folder-not-empty']);
    expect(codes(await host.request('run.start', { document, config: defaultTrainingConfig, dir: 'own' }))).toEqual([
      'file/invalid-path',
    ]);
  });

  it('of several that are to be compared says which it is, also to the next start of the app', async () => {
    const variant = {
      group: 'heads-1',
      label: { en: 'GAP', zh: '全局池化' },
      head: 'gap',
      network: '0123456789abcdef',
    };
    const started = await host.request('run.start', { document, config: defaultTrainingConfig, variant });
    expect(started.ok).toBe(true);
    trainers.at(-1)!.exit({ signal: 'SIGKILL' });
    await expect.poll(() => lastEvent()?.type).toBe('failed');
    const listed = await openHost().request('run.list', {});
    expect(listed.ok && listed.value.map((run) => run.variant)).toEqual([variant]);
  });

  it('whose deletion was killed leaves nothing behind once the app has started again', async () => {
    const left = join(dir, 'runs', '20260101-000000-aaaaaa.deleted');
    await mkdir(left, { recursive: true });
    await writeFile(join(left, 'weights.safetensors'), 'much');
    const again = openHost();
    await expect.poll(() => readdir(join(dir, 'runs'))).toEqual([]);
    await again.dispose();
  });

  it('cannot be deleted while it runs, and is gone after', async () => {
    const { runId, trainer, dir: runDir } = await start();
    expect(codes(await host.request('run.delete', { runId }))).toEqual(['run/still-running']);
    trainer.exit({ signal: 'SIGKILL' });
    await expect.poll(() => lastEvent()?.type).toBe('failed');
    expect(codes(await host.request('run.delete', { runId }))).toEqual([]);
    expect(await stateOf(runId)).toBe('run/not-found');
    await expect(readdir(runDir)).rejects.toThrow('ENOENT');
  });

  it.each(['none', '../../etc', '', 'a/b'])(
    'that is not there (%j) is a diagnostic for every request',
    async (runId) => {
      for (const name of ['run.get', 'run.stop', 'run.delete', 'run.resume'] as const) {
        expect(codes(await host.request(name, { runId }))).toEqual(['run/not-found']);
      }
    },
  );
});

describe('two apps on one data folder', () => {
  it('never share a run, and see each other’s', async () => {
    const other = openHost();
    const both = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        (n % 2 === 0 ? host : other).request('run.start', { document, config: defaultTrainingConfig }),
      ),
    );
    expect(new Set(both.map((run) => run.ok && run.value.runId)).size).toBe(8);
    const listed = await other.request('run.list', {});
    expect(listed.ok && listed.value.map(({ state }) => state)).toEqual(Array(8).fill('running'));
    const ofHost = both[0]!.ok ? both[0]!.value.runId : '';
    expect(codes(await other.request('run.stop', { runId: ofHost }))).toEqual(['run/not-active']);
    expect(codes(await other.request('run.delete', { runId: ofHost }))).toEqual(['run/still-running']);
    await other.dispose();
  });
});

describe('after the app itself was killed', () => {
  async function leaveRun(log: readonly RunEvent[], pid: number | null, ageSeconds = 0): Promise<string> {
    const runDir = join(dir, 'runs', 'left');
    await mkdir(runDir, { recursive: true });
    const record = {
      format: 'convloom.run',
      version: 1,
      id: 'left',
      name: 'Net',
      startedAt: '2026-01-01T00:00:00.000Z',
      config: defaultTrainingConfig,
      state: 'running',
      lastEpoch: null,
      pid,
      data: prepared.data,
    };
    await writeFile(join(runDir, 'run.json'), JSON.stringify(record));
    await writeFile(join(runDir, 'network.json'), JSON.stringify(document));
    await writeFile(join(runDir, 'metrics.jsonl'), log.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const then = new Date(Date.now() - ageSeconds * 1000);
    await utimes(join(runDir, 'run.json'), then, then);
    return runDir;
  }
  const finished: RunEvent = { type: 'finished', runDir: '/r', seconds: 1, reason: 'stopped' };

  it.each([
    { what: 'without a process is killed', log: [epoch(1)], pid: 2 ** 22 + 1, age: 0, state: 'killed' },
    { what: 'that wrote its end down has it', log: [epoch(1), finished], pid: 2 ** 22 + 1, age: 0, state: 'stopped' },
    { what: 'whose process id was given away is killed', log: [], pid: process.pid, age: 3600, state: 'killed' },
    { what: 'of an app that is alive is running', log: [], pid: process.pid, age: 0, state: 'running' },
  ])('a run $what', async ({ log, pid, age, state }) => {
    await leaveRun(log, pid, age);
    expect(await stateOf('left')).toBe(state);
    const listed = await host.request('run.list', {});
    expect(listed.ok && listed.value[0]).toMatchObject({
      state,
      lastEpoch: state === 'killed' && log.length > 0 ? epoch(1) : listed.ok ? listed.value[0]!.lastEpoch : null,
    });
  });

  it('a log that ends in the middle of a line is read up to there', async () => {
    const runDir = await leaveRun([epoch(1), epoch(2)], null);
    await appendFile(join(runDir, 'metrics.jsonl'), '{"type":"step","epo');
    const run = await host.request('run.get', { runId: 'left' });
    expect(run.ok && unpackEvents(run.value.events)).toEqual([epoch(1), epoch(2)]);
  });

  it('a run is resumed by one of several apps that try at once', async () => {
    await leaveRun([epoch(1)], 2 ** 22 + 1);
    const hosts = [host, openHost(), openHost(), openHost()];
    const answers = await Promise.all(hosts.map((app) => app.request('run.resume', { runId: 'left' })));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.flatMap(codes)).toEqual(Array(3).fill('run/still-running'));
    expect(trainers.map(({ commands }) => commands.filter(({ type }) => type === 'begin')).flat()).toHaveLength(1);
    for (const other of hosts.slice(1)) await other.dispose();
  });

  it('a record beyond what is read is refused with its size, and not read', async () => {
    const runDir = join(dir, 'runs', 'long');
    await mkdir(runDir, { recursive: true });
    await writeFile(join(runDir, 'run.json'), '{}');
    await truncate(join(runDir, 'run.json'), limits.recordBytes + 1);
    const read = await readRecord(runDir);
    expect(read).toMatchObject({ ok: false, diagnostics: [{ code: 'run/damaged', at: { path: runDir } }] });
    expect(read.ok ? '' : read.diagnostics[0]?.why?.en).toContain(formatBytes(limits.recordBytes));
  });

  it('a damaged record is left out of the list and said when asked for', async () => {
    const runDir = await leaveRun([], null);
    await writeFile(join(runDir, 'run.json'), '{');
    const listed = await host.request('run.list', {});
    expect(listed.ok && listed.value).toEqual([]);
    expect(await stateOf('left')).toBe('run/damaged');
  });
});

describe('the steps of a run', () => {
  it.each([1, 1999, 2000, 2001, 5000, 12345])(
    'of %d are thinned evenly to at most 2,000, the last one kept',
    (count) => {
      const all = [...Array.from({ length: count }, (_, index) => stepEvent(index + 1)), epoch(1)];
      const thinned = thinSteps(all, 2000);
      const steps = thinned.filter((event) => event.type === 'step');
      expect(steps).toHaveLength(Math.min(count, 2000));
      expect(steps.at(-1)?.step).toBe(count);
      expect(thinned.at(-1)).toEqual(epoch(1));
    },
  );
});

import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost } from '../../../electron/host';
import type { Host } from '../../../electron/host';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../../shared/host/api';
import { emptyDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { raceVary } from '../../../shared/training/race';
import type { Sweep } from '../../../shared/training/sweep';
import { chainNetwork } from '../../support/networks';
import { createScriptedTrainer } from '../../support/scriptedTrainer';
import type { ScriptedTrainer } from '../../support/scriptedTrainer';

const document = chainNetwork([8, 8, 1], ['conv', { filters: 4, kernelSize: 3 }], ['fc', { units: 2 }]);
const data = { task: 'classification', classes: ['a', 'b'], inputShape: [8, 8, 1], scaling: null } as const;

let dir: string;
let trainers: ScriptedTrainer[];
let host: Host;

function openHost(): Host {
  return createHost({
    form: 'memory',
    dataDir: dir,
    stopTimeoutMs: 100,
    forkTrainer: () => {
      const trainer = createScriptedTrainer({ document, data, warnings: [] });
      trainers.push(trainer);
      return trainer.process;
    },
  });
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-sweeps-'));
  trainers = [];
  host = openHost();
});
afterEach(async () => {
  await host.dispose();
  await rm(dir, { recursive: true, force: true });
});

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics.map(({ code }) => code).join());
  return result.value;
}

function codes(result: Result<unknown>): readonly string[] {
  return result.ok ? [] : result.diagnostics.map(({ code }) => code);
}

async function start(request: Partial<HostRequests['sweep.start'][0]> = {}): Promise<Sweep> {
  const started = await host.request('sweep.start', {
    document,
    config: { ...defaultTrainingConfig, epochs: 2 },
    vary: ['n1.kernelSize=3,99,5'],
    trials: 'grid',
    earlyStop: 'none',
    name: 'kernels',
    ...request,
  });
  return valueOf(started).sweep;
}

async function now(from: Host = host): Promise<Sweep> {
  const [sweep] = valueOf(await from.request('sweep.list', {}));
  if (sweep === undefined) throw new Error('no sweep');
  return sweep;
}

const states = async (from: Host = host) => (await now(from)).trials.map(({ state }) => state).join(' ');

/** The trainer of the next trial, when its run has begun. */
async function trainerOf(number: number): Promise<ScriptedTrainer> {
  await expect.poll(() => trainers[number - 1]?.commands.at(-1)?.type).toBe('begin');
  // The trial is told of its run by the answer that the first step follows.
  await expect
    .poll(async () => (await now()).trials.find(({ state }) => state === 'running')?.runId ?? null)
    .not.toBe(null);
  return trainers[number - 1]!;
}

function tellEpoch(trainer: ScriptedTrainer, epoch: number, valAccuracy: number): void {
  const scores = { loss: 1, valLoss: 1, accuracy: 0.5, valAccuracy, valMeanIou: null, seconds: 1 };
  trainer.report({ type: 'event', event: { type: 'epoch', epoch, ...scores } });
}

function tellEnd(trainer: ScriptedTrainer, reason: 'completed' | 'stopped'): void {
  trainer.report({ type: 'event', event: { type: 'finished', runDir: '', seconds: 3, reason } });
}

describe('a sweep', () => {
  it('skips what does not fit, trains the others in turn as tagged runs, and is complete', async () => {
    const sweep = await start();
    expect(sweep.trials.map(({ state }) => state)).toEqual(['waiting', 'skipped', 'waiting']);
    expect(sweep.trials[1]?.why?.en).toContain('99');
    const first = await trainerOf(1);
    tellEpoch(first, 1, 0.6);
    tellEpoch(first, 2, 0.75);
    tellEnd(first, 'completed');
    const second = await trainerOf(2);
    expect((await now()).trials[0]).toMatchObject({
      state: 'completed',
      errors: [0.4, 0.25],
      metric: 'accuracy',
      seconds: 3,
    });
    tellEpoch(second, 1, 0.9);
    tellEnd(second, 'completed');
    await expect.poll(async () => (await now()).state).toBe('completed');
    const runs = valueOf(await host.request('run.list', {}));
    expect(runs.map(({ tags, variant }) => [tags, variant?.label.en])).toEqual([
      [['kernels'], 'n1.kernelSize 5'],
      [['kernels'], 'n1.kernelSize 3'],
    ]);
    expect(codes(await host.request('sweep.resume', { sweepId: sweep.id }))).toEqual(['sweep/complete']);
    expect(codes(await host.request('sweep.forget', { sweepId: sweep.id }))).toEqual([]);
    expect(valueOf(await host.request('sweep.list', {}))).toEqual([]);
    expect(valueOf(await host.request('run.list', {}))).toHaveLength(2);
  });

  it('goes on after a run that failed, and after a stop and a restart where it was', async () => {
    const { id } = await start({ vary: ['learningRate=0.1,0.2,0.3'] });
    (await trainerOf(1)).exit({ signal: 'SIGSEGV' });
    const second = await trainerOf(2);
    expect(codes(await host.request('sweep.resume', { sweepId: id }))).toEqual(['sweep/still-running']);
    tellEpoch(second, 1, 0.6);
    const stopped = host.request('sweep.stop', { sweepId: id });
    await expect.poll(() => second.commands.at(-1)?.type).toBe('stop');
    tellEnd(second, 'stopped');
    expect(codes(await stopped)).toEqual([]);
    expect(await states()).toBe('failed waiting waiting');
    await host.dispose();
    host = openHost();
    expect((await now()).state).toBe('stopped');
    expect(codes(await host.request('sweep.resume', { sweepId: id }))).toEqual([]);
    const again = await trainerOf(3);
    expect(again.commands[0]).toMatchObject({ type: 'prepare', config: { learningRate: 0.2 } });
    expect(again.commands[0]).toHaveProperty('resumeDir', (await now()).trials[1]?.runDir);
    tellEpoch(again, 2, 0.75);
    tellEnd(again, 'completed');
    const last = await trainerOf(4);
    tellEpoch(last, 1, 0.5);
    tellEnd(last, 'completed');
    await expect.poll(() => states()).toBe('failed completed completed');
    expect((await now()).trials[1]?.errors).toEqual([0.4, 0.25]);
  });

  it('ends a trial early that is worse than half of the others, and keeps all in a folder of the user', async () => {
    const own = join(dir, 'own');
    await start({ vary: ['learningRate=0.1,0.2'], earlyStop: 'halving', dir: own });
    const first = await trainerOf(1);
    // Such as a run leaves that was killed before its first checkpoint.
    await mkdir(join(own, 'trial-002'));
    tellEpoch(first, 1, 0.9);
    tellEnd(first, 'completed');
    const second = await trainerOf(2);
    tellEpoch(second, 1, 0.5);
    await expect.poll(() => second.commands.at(-1)?.type).toBe('stop');
    tellEnd(second, 'stopped');
    await expect.poll(() => states()).toBe('completed early');
    expect((await now()).trials[1]?.runDir).toBe(join(own, 'trial-002-2'));
    const written = async (): Promise<unknown> => JSON.parse(await readFile(join(own, 'sweep.json'), 'utf8'));
    await expect.poll(written).toMatchObject({ state: 'completed' });
    expect(codes(await host.request('sweep.resume', { dir: own }))).toEqual(['sweep/complete']);
  });

  it('that was moved goes on in its new folder, never in the one that its file names, and through no link', async () => {
    const [own, moved] = [join(dir, 'own'), join(dir, 'moved')];
    const { id } = await start({ vary: ['learningRate=0.1,0.2'], dir: own });
    const first = await trainerOf(1);
    const stopped = host.request('sweep.stop', { sweepId: id });
    await expect.poll(() => first.commands.at(-1)?.type).toBe('stop');
    tellEnd(first, 'stopped');
    await stopped;
    await cp(own, moved, { recursive: true });
    await rename(join(moved, 'sweep.json'), join(dir, 'kept.json'));
    await symlink('../kept.json', join(moved, 'sweep.json'));
    expect(codes(await host.request('sweep.resume', { dir: moved }))).toEqual(['run/links-out']);
    await rename(join(dir, 'kept.json'), join(moved, 'sweep.json'));
    await rm(own, { recursive: true });
    expect(codes(await host.request('sweep.resume', { dir: moved }))).toEqual([]);
    await expect.poll(() => trainers[1]?.commands[0]).toMatchObject({ resumeDir: join(moved, 'trial-001') });
  });

  it('takes a trial up again whose run had to be killed as the sweep was stopped', async () => {
    const { id } = await start({ vary: ['learningRate=0.1,0.2'] });
    await trainerOf(1);
    expect(codes(await host.request('sweep.stop', { sweepId: id }))).toEqual([]);
    expect(await states()).toBe('waiting waiting');
  });

  it.each([
    [{ vary: ['n1.filter=3'] }, 'sweep/unknown-target'],
    [{ vary: [] }, 'sweep/nothing-varied'],
    [{ vary: ['n1.kernelSize=98,99'] }, 'sweep/no-trial-fits'],
    [{ vary: raceVary, document: emptyDocument('') }, 'sweep/no-trial-fits'],
  ])('with %o is refused with %s', async (request, code) => {
    await expect(start(request)).rejects.toThrow(code);
    expect(valueOf(await host.request('sweep.list', {}))).toEqual([]);
  });
});

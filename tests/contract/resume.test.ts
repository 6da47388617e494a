import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost, nodeTrainer } from '../../electron/host';
import type { ForkTrainer, Host } from '../../electron/host';
import type { RunEvent } from '../../shared/training/events';
import { isWhole } from '../support/isWhole';
import {
  loggedNumbers,
  randomSteps,
  resumedConfig,
  resumedNetwork,
  trainBroken,
  trainUnbroken,
  weightsOf,
  writePictures,
} from '../support/resumedRuns';

let dir: string;
let pictures: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-resume-'));
  pictures = join(dir, 'pictures');
  await writePictures(pictures);
  // The trainer's process takes its setting from its environment.
  process.env['CONVLOOM_CHECKPOINT_SECONDS'] = '0';
});
afterAll(async () => {
  delete process.env['CONVLOOM_CHECKPOINT_SECONDS'];
  await rm(dir, { recursive: true, force: true });
});

const builtTrainer = nodeTrainer(join(import.meta.dirname, '..', '..', 'out', 'main', 'trainer.js'));

/** A host with trainers of its own process each, and the hand that kills the last of them. */
function openHost(dataDir: string): { readonly host: Host; readonly events: RunEvent[]; kill(): void } {
  let pid: number | null = null;
  const forkTrainer: ForkTrainer = () => {
    const trainer = builtTrainer();
    pid = trainer.pid;
    return trainer;
  };
  const host = createHost({ form: 'memory', dataDir, forkTrainer });
  const events: RunEvent[] = [];
  host.on('run.event', ({ event }) => events.push(event));
  return {
    host,
    events,
    kill: () => {
      if (pid !== null) process.kill(pid, 'SIGKILL');
    },
  };
}

const patience = { timeout: 30_000, interval: 2 };

/** Each is a new process. */
const kills = isWhole ? 5 : 2;
const epochs = isWhole ? 30 : 12;

describe(`a run that SIGKILL ended at ${kills} random steps, resumed each time, is the run that nothing broke`, () => {
  it('on ONNX Runtime, in processes of its own: the same weights, bit by bit, and the same log', async () => {
    const config = resumedConfig('onnxruntime', pictures, epochs);
    const opened = openHost(join(dir, 'home'));
    const { host, events } = opened;
    const ended = async (): Promise<RunEvent | undefined> => {
      await expect.poll(() => events.some(({ type }) => type === 'finished' || type === 'failed'), patience).toBe(true);
      return events.at(-1);
    };
    const whole = await host.request('run.start', { document: resumedNetwork, config, dir: join(dir, 'whole') });
    expect(whole.ok).toBe(true);
    expect(await ended()).toMatchObject({ type: 'finished', reason: 'completed' });
    events.length = 0;

    const broken = await host.request('run.start', { document: resumedNetwork, config, dir: join(dir, 'broken') });
    const runId = broken.ok ? broken.value.runId : '';
    // Up to 20 steps are told a second: each kill comes some steps after the one that it waits for.
    for (const step of randomSteps(4 * epochs, Date.now(), kills)) {
      await expect.poll(() => events.some((event) => event.type === 'step' && event.step >= step), patience).toBe(true);
      await expect.poll(() => existsSync(join(dir, 'broken', 'checkpoint.safetensors')), patience).toBe(true);
      opened.kill();
      expect(await ended()).toMatchObject({ type: 'failed', diagnostic: { code: 'run/killed' } });
      events.length = 0;
      const resumed = await host.request('run.resume', { runId });
      expect(resumed).toEqual({ ok: true, value: { runId, dir: join(dir, 'broken'), warnings: [] } });
    }
    expect(await ended()).toMatchObject({ type: 'finished', reason: 'completed' });
    expect(events[0]).toMatchObject({ type: 'started', resumed: {} });

    expect(await weightsOf(join(dir, 'broken'))).toEqual(await weightsOf(join(dir, 'whole')));
    expect(await readFile(join(dir, 'broken', 'weights.safetensors'))).toEqual(
      await readFile(join(dir, 'whole', 'weights.safetensors')),
    );
    expect(await loggedNumbers(join(dir, 'broken'))).toEqual(await loggedNumbers(join(dir, 'whole')));
    expect((await readdir(join(dir, 'broken'))).sort()).toEqual([
      'best.safetensors',
      'checkpoint.safetensors',
      'metrics.jsonl',
      'network.json',
      'run.json',
      'weights.safetensors',
    ]);
    const again = await host.request('run.resume', { runId });
    expect(again.ok ? [] : again.diagnostics.map(({ code }) => code)).toEqual(['model/run-complete']);
    await host.dispose();
  });

  it('on tfjs: the same weights, bit by bit, and the same log', async () => {
    const config = resumedConfig('tfjs', pictures, 4);
    await trainUnbroken(config, join(dir, 'tfjs-whole'));
    await trainBroken(config, join(dir, 'tfjs-broken'), randomSteps(40, Date.now(), kills));
    expect(await weightsOf(join(dir, 'tfjs-broken'))).toEqual(await weightsOf(join(dir, 'tfjs-whole')));
    expect(await loggedNumbers(join(dir, 'tfjs-broken'))).toEqual(await loggedNumbers(join(dir, 'tfjs-whole')));
  });
});

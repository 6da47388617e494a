import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost, nodeTrainer } from '../../electron/host';
import { readCheckpoint } from '../../electron/files/checkpoint';
import { readOutcome } from '../../electron/files/metricsLog';
import { readModel } from '../../electron/files/models';
import { isProcessAlive } from '../../electron/files/processes';
import { readRecord } from '../../electron/files/runRecord';
import { serializeNetwork } from '../../shared/document/serialize';
import { createRandom } from '../../shared/ops/random';
import { bundle } from '../support/electron-double/launch';
import { openOffice } from '../support/faults/office';
import { tellSoak } from '../support/faults/points';
import { trainedNetwork, writeTable } from '../support/faults/training';

const root = join(import.meta.dirname, '..', '..');
const out = join(root, 'out');
/** How often each process is killed; more in a soak. */
const kills = Number(process.env['CONVLOOM_KILLS'] ?? 4);
/** A run takes longer to begin than a page. */
const runKills = Math.ceil(kills / 2);
const seed = Number(process.env['CONVLOOM_FAULT_SEED'] ?? 14);

let dir: string;
let built: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-kills-'));
  await mkdir(join(root, '.cache'), { recursive: true });
  // Inside the repository, where its packages are found.
  built = await mkdtemp(join(root, '.cache', 'kills-'));
  await bundle(join(root, 'tests', 'support', 'faults', 'appProcess.ts'), join(built, 'app.mjs'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  await rm(built, { recursive: true, force: true });
});

describe('whoever edits forty times a second', () => {
  it(
    'loses less than a second of it when the page is killed, whatever became of host and socket before',
    { timeout: 60_000 + kills * 10_000 },
    async () => {
      const random = createRandom(seed);
      const office = await openOffice({ program: join(built, 'app.mjs'), dir, out });
      const losses: number[] = [];
      try {
        for (let kill = 0; kill < kills; kill++) {
          await office.openPage();
          if (kill % 3 === 1) await office.killHost();
          if (kill % 3 === 2) office.dropSockets();
          await office.pageIsAtWork();
          await delay(1200 * random.uniform());
          losses.push(await office.killPage());
        }
      } finally {
        await office.close();
      }
      const worst = Math.max(...losses);
      tellSoak(`lost: at most ${(worst / 1000).toFixed(2)} s of edits in ${kills} kills`);
      expect(losses).toHaveLength(kills);
      expect(worst).toBeLessThan(1000);
      // Edits are lost indeed: the last ones before a kill are on no disk.
      expect(worst).toBeGreaterThan(0);
      expect((await readdir(join(dir, 'home', 'drafts'))).filter((name) => name.endsWith('.damaged'))).toEqual([]);
    },
  );
});

describe('a run whose processes are killed', () => {
  it(
    'is readable and goes on, whichever of them it was and whenever',
    { timeout: 60_000 + runKills * 20_000 },
    async () => {
      const random = createRandom(seed + 1);
      const table = await writeTable(join(dir, 'data'));
      const network = join(dir, 'network.json');
      await writeFile(network, serializeNetwork(trainedNetwork));
      for (let kill = 0; kill < runKills; kill++) {
        const runDir = join(dir, `run-${kill}`);
        const words = ['train', network, '--data', `csv:${table}`, '--epochs', '100000', '--engine', 'tfjs', '--json'];
        const app = spawn(process.execPath, [join(root, 'bin', 'convloom.mjs'), ...words, '--run', runDir], {
          env: { ...process.env, CONVLOOM_HOME: join(dir, 'runs-home'), CONVLOOM_CHECKPOINT_SECONDS: '0' },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const gone = once(app, 'exit');
        let told = '';
        app.stdout.on('data', (chunk: Buffer) => (told += String(chunk)));
        await expect.poll(() => told.includes('"event":"epoch"'), { timeout: 30_000, interval: 5 }).toBe(true);
        await delay(400 * random.uniform());
        const record = await readRecord(runDir);
        if (!record.ok || record.value.pid === null) throw new Error('The run has no process.');
        const { pid: trainer } = record.value;
        const isAppKilled = kill % 2 === 0;
        if (isAppKilled) app.kill('SIGKILL');
        else process.kill(trainer, 'SIGKILL');
        await gone;
        // One that has lost its app keeps its weights and ends by itself.
        await expect.poll(() => isProcessAlive(trainer), { timeout: 15_000, interval: 5 }).toBe(false);

        expect([kill, (await readModel(runDir)).ok, (await readCheckpoint(runDir)).ok]).toEqual([kill, true, true]);
        const host = createHost({
          form: 'memory',
          dataDir: join(dir, 'home'),
          forkTrainer: nodeTrainer(join(out, 'main', 'trainer.js')),
        });
        const { end, lastEpoch } = await readOutcome(runDir);
        expect([end?.type, lastEpoch === null]).toEqual([isAppKilled ? 'finished' : 'failed', false]);
        const resumed = await host.request('run.resume', { runId: record.value.id, dir: runDir });
        expect(resumed).toMatchObject({ ok: true });
        await host.dispose();
      }
    },
  );
});

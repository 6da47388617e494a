import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runInThreads } from '../../../electron/data/workerPool';
import type { Text } from '../../../shared/text';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-pool-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** Runs jobs with a thread's script that does what each job says. */
async function run(jobs: readonly string[], timeoutMs = 30_000) {
  const script = join(dir, 'worker.mjs');
  await writeFile(
    script,
    `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', async (job) => {
      if (job === 'hang') for (;;);
      if (job === 'exit') process.exit(0);
      if (job === 'throw') throw new Error('a fault');
      if (job === 'memory') for (const all = []; ; ) all.push(new Array(1e6).fill(all.length));
      if (job === 'broken') return parentPort.postMessage({ broken: 'the disk is full' });
      if (job === 'slow') await new Promise((done) => setTimeout(done, 300));
      parentPort.postMessage({ result: job });
    });
    parentPort.postMessage('ready');`,
  );
  const done: number[] = [];
  const results = await runInThreads<string | Text>(jobs, {
    script,
    setup: null,
    threads: 2,
    timeoutMs,
    lost: (reason) => reason,
    onDone: (count) => done.push(count),
  });
  return { results, done };
}

describe('threads', () => {
  it('give results in the order of the jobs, whoever was done first', async () => {
    const jobs = ['slow', 'a', 'b', 'slow', 'c', 'd'];
    const { results, done } = await run(jobs);
    expect(results).toEqual(jobs);
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each(['exit', 'throw', 'memory'])('lose the job alone that ends its thread: %s', async (fault) => {
    const { results } = await run(['a', fault, 'b', 'c']);
    expect(results[1]).toMatchObject({ en: expect.stringContaining('the reader crashed on it') as string });
    expect([results[0], results[2], results[3]]).toEqual(['a', 'b', 'c']);
  });

  it('lose the job alone that hangs', async () => {
    const { results } = await run(['a', 'hang', 'b'], 3000);
    expect(results[1]).toMatchObject({ en: 'reading it took too long' });
    expect([results[0], results[2]]).toEqual(['a', 'b']);
  });

  it('reject when no job would fare better, or the script does not load', async () => {
    await expect(run(['a', 'broken', 'b'])).rejects.toThrow('the disk is full');
    const script = join(dir, 'nothing.mjs');
    await expect(
      runInThreads(['a'], { script, setup: null, threads: 1, timeoutMs: 1000, lost: (reason) => reason }),
    ).rejects.toThrow('nothing.mjs');
  });
});

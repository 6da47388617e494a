/**
 * The faults of the disk, by the thousand, for scripts/soak.mjs: in processes of some hundred points each, as many at once as there are
 * cores. What a dead process leaves behind (timers, promises that never settle) stays in the process that tried the point, so that
 * thousands in one of them take ever longer.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './setup.mjs';

const pointsEach = 500;
/** Before figures: tests/support/faults/points.ts. */
const mark = '#figures ';

/** Runs one process, passes its words on but for its figures, and gives those. */
async function runShard(points, seed) {
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      'tests/unit/files/faults.test.ts',
      '--reporter=dot',
      '--disable-console-intercept',
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        CONVLOOM_SOAK: '1',
        CONVLOOM_FAULT_POINTS: String(points),
        CONVLOOM_FAULT_SEED: String(seed),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise((resolve) => child.once('close', resolve));
  const figures = [];
  const words = [];
  const listen = async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      // The reporter's dots stand before them on the same line.
      const at = line.indexOf(mark);
      if (at === -1) words.push(line);
      else figures.push(JSON.parse(line.slice(at + mark.length)));
    }
  };
  await Promise.all([listen(child.stdout), listen(child.stderr)]);
  return { ok: (await ended) === 0, figures, words };
}

/** Tries so many points, says how far it is, and the sums at the end; true where nothing was torn, lost or strange. */
export async function tryFaults(points, seed, say) {
  const count = Math.ceil(points / pointsEach);
  const shards = Array.from({ length: count }, (_, index) => ({
    points: Math.floor((points * (index + 1)) / count) - Math.floor((points * index) / count),
    // A process uses its seed and the one after it.
    seed: seed + 2 * index,
  }));
  const sums = {};
  let [isAllWell, begun] = [true, 0];
  const work = async () => {
    for (let shard = shards[begun++]; shard !== undefined; shard = shards[begun++]) {
      const { ok, figures, words } = await runShard(shard.points, shard.seed);
      isAllWell &&= ok;
      for (const { of, figures: found } of figures)
        for (const [name, value] of Object.entries(found)) (sums[of] ??= {})[name] = (sums[of][name] ?? 0) + value;
      if (!ok) say(words.join('\n'));
      say(
        `${ok ? 'passed' : 'FAILED'}  seed ${shard.seed}: ${figures.map(({ of, figures: { points } }) => `${of} ${points}`).join(', ')}`,
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  for (const [of, found] of Object.entries(sums))
    say(
      `${of}: ${Object.entries(found)
        .map(([name, value]) => `${value} ${name}`)
        .join(', ')}`,
    );
  return isAllWell;
}

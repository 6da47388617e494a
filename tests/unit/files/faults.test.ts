import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editUnderFault } from '../../support/faults/editing';
import { trainUnderFault, writeTable } from '../../support/faults/training';
import { editingPoints, randomFaults, tellFigures, trainingPoints } from '../../support/faults/points';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-faults-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const seed = Number(process.env['CONVLOOM_FAULT_SEED'] ?? 14);

/** What a failing disk is called; anything else would be a fault of the app's own. */
const diskCodes = ['file/disk-full', 'file/read-only'];

/** A soak takes its time, on a machine that does other things besides. */
const timeout = 60_000 + 10_000 * (editingPoints + trainingPoints);

describe('two writers on a disk that fails at a random point', () => {
  it('work without one word on a disk that does not', async () => {
    const outcome = await editUnderFault(join(dir, 'plain'), null);
    expect(outcome).toMatchObject({ torn: [], lostEdits: 0, strays: [], codes: [], codesAfterwards: [] });
    expect(outcome.changes).toBeGreaterThan(100);
  });

  it('tear no file, lose no edit that was said to be kept, and say what failed by its name', { timeout }, async () => {
    const { changes } = await editUnderFault(join(dir, 'count'), null);
    const figures = { points: 0, 'torn files': 0, 'lost edits': 0, 'stray files': 0, 'strange answers': 0 };
    // Every point is tried, whatever the one before it came to.
    const wrong: unknown[] = [];
    for (const [index, fault] of randomFaults(editingPoints, changes, seed).entries()) {
      const {
        codes,
        changes: _,
        ...found
      } = await inFolderOfItsOwn(`point-${index}`, (own) => editUnderFault(own, fault));
      const strange = [...codes.filter((code) => !diskCodes.includes(code)), ...found.codesAfterwards];
      figures.points += 1;
      figures['torn files'] += found.torn.length;
      figures['lost edits'] += found.lostEdits;
      figures['stray files'] += found.strays.length;
      figures['strange answers'] += strange.length;
      if (found.torn.length + found.lostEdits + found.strays.length + strange.length > 0)
        wrong.push({ fault, ...found, strange });
    }
    tellFigures('editing', figures);
    expect(wrong).toEqual([]);
  });
});

/** What a point leaves is gone before the next one: thousands of them fill a disk in memory. */
async function inFolderOfItsOwn<T>(name: string, work: (own: string) => Promise<T>): Promise<T> {
  const own = join(dir, name, name);
  try {
    return await work(own);
  } finally {
    await rm(join(dir, name), { recursive: true, force: true });
  }
}

/** Gone on with to its end; or complete already, or without a checkpoint, or never begun. */
const ends: readonly (string | null)[] = ['finished', 'model/run-complete', 'model/no-checkpoint', 'run/damaged', null];

describe('a run on a disk that fails at a random point', () => {
  it(
    'is readable, has the weights of every epoch that was told, and can be gone on with where it wrote a checkpoint',
    { timeout },
    async () => {
      const table = await writeTable(join(dir, 'data'));
      const whole = await trainUnderFault(join(dir, 'whole'), table, null);
      expect(whole).toMatchObject({ unreadable: [], lostEpochs: 0, stepsBehind: 0, resumed: 'model/run-complete' });
      const figures = { points: 0, 'unreadable runs': 0, 'lost epochs': 0, 'steps behind': 0, 'strange ends': 0 };
      const wrong: unknown[] = [];
      // Also one that dies over its last words.
      const last = { kind: 'killed', at: whole.changes - 2, part: 0.5 } as const;
      for (const [index, fault] of [last, ...randomFaults(trainingPoints, whole.changes, seed + 1)].entries()) {
        const found = await inFolderOfItsOwn(`run-${index}`, (own) => trainUnderFault(own, table, fault));
        const isStrange = !ends.includes(found.resumed);
        figures.points += 1;
        figures['unreadable runs'] += Math.min(1, found.unreadable.length);
        figures['lost epochs'] += found.lostEpochs;
        figures['steps behind'] += found.stepsBehind;
        figures['strange ends'] += Number(isStrange);
        if (found.unreadable.length + found.lostEpochs + found.stepsBehind > 0 || isStrange)
          wrong.push({ fault, ...found });
      }
      tellFigures('training', figures);
      expect(wrong).toEqual([]);
    },
  );
});

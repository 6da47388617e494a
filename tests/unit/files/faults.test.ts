import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editUnderFault } from '../../support/faults/editing';
import { trainUnderFault, writeTable } from '../../support/faults/training';
import { editingPoints, randomFaults, tellSoak, trainingPoints } from '../../support/faults/points';

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
    for (const [index, fault] of randomFaults(editingPoints, changes, seed).entries()) {
      const { codes, changes: _, ...found } = await editUnderFault(join(dir, `point-${index}`), fault);
      const strange = codes.filter((code) => !diskCodes.includes(code));
      expect([fault, { ...found, strange }]).toEqual([
        fault,
        { torn: [], lostEdits: 0, strays: [], codesAfterwards: [], strange: [] },
      ]);
    }
    tellSoak(`editing: ${editingPoints} random points, 0 torn files, 0 edits lost that were said to be kept`);
  });
});

/** Gone on with to its end; or complete already, or without a checkpoint, or never begun. */
const ends = ['finished', 'model/run-complete', 'model/no-checkpoint', 'run/damaged', null];

describe('a run on a disk that fails at a random point', () => {
  it(
    'is readable, has the weights of every epoch that was told, and can be gone on with where it wrote a checkpoint',
    { timeout },
    async () => {
      const table = await writeTable(join(dir, 'data'));
      const whole = await trainUnderFault(join(dir, 'whole'), table, null);
      expect(whole).toMatchObject({ unreadable: [], lostEpochs: 0, stepsBehind: 0, resumed: 'model/run-complete' });
      // Also one that dies over its last words.
      const last = { kind: 'killed', at: whole.changes - 2, part: 0.5 } as const;
      for (const [index, fault] of [last, ...randomFaults(trainingPoints, whole.changes, seed + 1)].entries()) {
        const { resumed, changes: _, ...found } = await trainUnderFault(join(dir, `run-${index}`), table, fault);
        expect([fault, found, resumed]).toEqual([
          fault,
          { unreadable: [], lostEpochs: 0, stepsBehind: 0 },
          expect.toBeOneOf(ends),
        ]);
      }
      tellSoak(`training: ${trainingPoints} random points, every run readable, 0 epochs lost that were told`);
    },
  );
});

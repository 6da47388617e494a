import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileExists, folderNotEmpty, invalidPath } from '../../../shared/diagnostics/catalog/file';
import { runLinksOut } from '../../../shared/diagnostics/catalog/run';
import {
  noTrialFits,
  sweepIsComplete,
  sweepNotFound,
  sweepStillRunning,
} from '../../../shared/diagnostics/catalog/sweep';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../../shared/host/api';
import { text } from '../../../shared/text';
import { isRace } from '../../../shared/training/race';
import { isTrialDone, newTrial, type Sweep } from '../../../shared/training/sweep';
import { parseVary, planTrials, varyTargets } from '../../../shared/transforms/vary';
import { fileDiagnostic } from '../../files/fileErrors';
import { isProcessAlive } from '../../files/processes';
import { readSweepRecord, sweepFile, writeSweepRecord } from '../../files/sweepRecord';
import type { SweepRecord } from '../../files/sweepRecord';
import { findStrayLink } from '../../files/strayLinks';
import type { RunHearing, TrialRuns } from './trials';
import { createTrials, skipMisfits } from './trials';

type Answer = HostRequests['sweep.start'][1];

/** Sweeps of the data folder, and those that this app makes elsewhere. */
export type Sweeps = {
  start(request: HostRequests['sweep.start'][0]): Promise<Result<Answer>>;
  /** Goes on with the trials that are not done. `dir`: where the sweep is, if not in the app's data folder. */
  resume(request: HostRequests['sweep.resume'][0]): Promise<Result<Answer>>;
  stop(sweepId: string): Promise<Result<Record<string, never>>>;
  list(): Promise<Result<readonly Sweep[]>>;
  /** Takes a sweep off the list; its runs stay. */
  forget(sweepId: string): Promise<Result<Record<string, never>>>;
  dispose(): Promise<void>;
};

export type SweepsOptions = {
  readonly sweepsDir: string;
  readonly runs: TrialRuns;
  readonly hearRuns: (listener: RunHearing) => () => void;
  readonly now: () => Date;
  readonly emit: (sweep: Sweep) => void;
};

const idPattern = /^[\w-]{1,100}$/;

/** Sorts by time and is unique: `sweep-20261123-060530-1f3a`; a race is told by it, as its runs are tagged with it. */
function newSweepId(now: Date, vary: readonly string[]): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${isRace({ vary }) ? 'race' : 'sweep'}-${stamp}-${randomBytes(2).toString('hex')}`;
}

/** A sweep at work. */
type Working = { readonly stop: () => void; readonly ended: Promise<void>; readonly sweep: () => Sweep };

function sweepOf(record: SweepRecord, dir: string, isOurs: boolean): Sweep {
  const { id, name, startedAt, data, vary, earlyStop, trials } = record;
  // The process that worked on it went away before it could write this down.
  const isGone = record.state === 'running' && !isOurs && (record.pid === null || !isProcessAlive(record.pid));
  return { id, dir, name, startedAt, data, vary, earlyStop, trials, state: isGone ? 'stopped' : record.state };
}

/** Keeps the sweeps of one data folder. */
export function createSweeps({ sweepsDir, runs, hearRuns, now, emit }: SweepsOptions): Sweeps {
  const working = new Map<string, Working>();
  const elsewhere = new Map<string, string>();
  const trials = createTrials(runs, hearRuns);

  const dirOf = (id: string): string | null => elsewhere.get(id) ?? (idPattern.test(id) ? join(sweepsDir, id) : null);

  const begin = (first: SweepRecord, dir: string): Working => {
    let record = first;
    let isStopping = false;
    // Written one after the other; a disk that fails costs the going on, not the sweep.
    let writing: Promise<void> = Promise.resolve();
    const write = (one: SweepRecord): Promise<void> => {
      writing = writing.then(() => writeSweepRecord(dir, one)).catch(() => undefined);
      return writing;
    };
    const change = (fields: Partial<SweepRecord>): void => {
      record = { ...record, ...fields };
      void write(record);
      emit(sweepOf(record, dir, true));
    };
    const work = async (): Promise<void> => {
      for (let index = 0; index < record.trials.length && !isStopping; index++) {
        const trial = record.trials[index];
        if (trial === undefined || isTrialDone(trial)) continue;
        await trials.take({
          record: () => record,
          dir: record.isOwnDir ? join(dir, `trial-${String(index + 1).padStart(3, '0')}`) : null,
          index,
          isStopping: () => isStopping,
          change: (fields) =>
            change({ trials: record.trials.map((one, at) => (at === index ? { ...one, ...fields } : one)) }),
        });
      }
      const last = { ...record, state: record.trials.every(isTrialDone) ? 'completed' : 'stopped', pid: null } as const;
      await write(last);
      // Who hears of the end may forget the sweep, or go on with it, at once.
      record = last;
      working.delete(record.id);
      emit(sweepOf(record, dir, true));
    };
    const ended = work().catch((error: unknown) => {
      working.delete(record.id);
      throw error;
    });
    const stop = (): void => {
      isStopping = true;
      trials.stop(record.id);
    };
    const one: Working = { stop, ended, sweep: () => sweepOf(record, dir, true) };
    working.set(record.id, one);
    return one;
  };

  return {
    start: async ({ document, config, vary, trials: wanted, earlyStop, name, dir: ownDir }) => {
      if (ownDir !== undefined && !isAbsolute(ownDir)) return failure(invalidPath(ownDir));
      const targets = varyTargets(document, config);
      const varies = vary.map((one) => parseVary(one, targets));
      const wrong = varies.flatMap((one) => (one.ok ? [] : one.diagnostics));
      if (wrong.length > 0) return { ok: false, diagnostics: wrong };
      const planned = planTrials(
        varies.flatMap((one) => (one.ok ? [one.value] : [])),
        wanted,
        config.seed,
      );
      if (!planned.ok) return planned;
      const checked = skipMisfits({ document, config }, planned.value.map(newTrial));
      if (checked.every(isTrialDone)) {
        return failure(noTrialFits(checked.length, checked[0]?.why ?? text('', '')));
      }
      const startedAt = now();
      const id = newSweepId(startedAt, vary);
      const dir = ownDir ?? join(sweepsDir, id);
      const record: SweepRecord = {
        format: 'convloom.sweep',
        version: 1,
        id,
        name: name ?? id,
        startedAt: startedAt.toISOString(),
        state: 'running',
        data: config.data,
        vary,
        earlyStop,
        document,
        config,
        isOwnDir: ownDir !== undefined,
        pid: process.pid,
        trials: checked,
      };
      try {
        await mkdir(dir, { recursive: true });
        const found = await readdir(dir);
        if (found.includes(sweepFile)) return failure(fileExists(join(dir, sweepFile)));
        if (found.length > 0) return failure(folderNotEmpty(dir));
        await writeSweepRecord(dir, record);
      } catch (error) {
        return failure(fileDiagnostic(error, dir, 'save'));
      }
      if (ownDir !== undefined) elsewhere.set(id, ownDir);
      return success({ sweep: begin(record, dir).sweep() });
    },
    resume: async ({ sweepId, dir: ownDir }) => {
      if (ownDir !== undefined && !isAbsolute(ownDir)) return failure(invalidPath(ownDir));
      const dir = ownDir ?? (sweepId === undefined ? null : dirOf(sweepId));
      if (dir === null || !existsSync(join(dir, sweepFile))) return failure(sweepNotFound(sweepId ?? ownDir ?? ''));
      const found = await readSweepRecord(dir);
      if (!found.ok) return found;
      const { value } = found;
      if (working.has(value.id) || sweepOf(value, dir, false).state === 'running') {
        return failure(sweepStillRunning(value.id));
      }
      if (value.trials.every(isTrialDone)) return failure(sweepIsComplete(value.id));
      const link = await findStrayLink(dir);
      if (link !== null) return failure(runLinksOut(dir, link));
      if (ownDir !== undefined) elsewhere.set(value.id, ownDir);
      return success({ sweep: begin({ ...value, state: 'running', pid: process.pid }, dir).sweep() });
    },
    stop: async (sweepId) => {
      const one = working.get(sweepId);
      if (one === undefined) return failure(sweepNotFound(sweepId));
      one.stop();
      await one.ended;
      return success({});
    },
    list: async () => {
      const names = (await readdir(sweepsDir).catch(() => [])).filter((one) => idPattern.test(one));
      const dirs = [...names.map((one) => join(sweepsDir, one)), ...elsewhere.values()];
      const found = await Promise.all(
        dirs.map(async (dir): Promise<readonly Sweep[]> => {
          const record = await readSweepRecord(dir);
          if (!record.ok) return [];
          return [working.get(record.value.id)?.sweep() ?? sweepOf(record.value, dir, false)];
        }),
      );
      return success(found.flat().sort((a, b) => b.startedAt.localeCompare(a.startedAt)));
    },
    forget: async (sweepId) => {
      if (working.has(sweepId)) return failure(sweepStillRunning(sweepId));
      const own = elsewhere.get(sweepId);
      if (own !== undefined) {
        // The folder is the user's: it is only forgotten.
        elsewhere.delete(sweepId);
        return success({});
      }
      const dir = dirOf(sweepId);
      if (dir === null || !existsSync(dir)) return failure(sweepNotFound(sweepId));
      try {
        await rm(dir, { recursive: true, force: true });
        return success({});
      } catch (error) {
        return failure(fileDiagnostic(error, dir, 'delete'));
      }
    },
    dispose: async () => {
      const all = [...working.values()];
      for (const one of all) one.stop();
      await Promise.all(all.map(({ ended }) => ended));
      trials.dispose();
    },
  };
}

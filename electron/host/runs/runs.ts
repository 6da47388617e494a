import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { invalidPath } from '../../../shared/diagnostics/catalog/file';
import {
  followingEnded,
  runNotActive,
  runNotFound,
  runNotOurs,
  runStillRunning,
} from '../../../shared/diagnostics/catalog/run';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../../shared/diagnostics/diagnostic';
import { parseNetwork } from '../../../shared/document/parse';
import { limits } from '../../../shared/schema/limits';
import { packEvents } from '../../../shared/training/packedEvents';
import type { RunEvent } from '../../../shared/training/events';
import type { HostEvents, HostRequests, RunSummary } from '../../../shared/host/api';
import { errorCode, fileDiagnostic } from '../../files/fileErrors';
import type { ForkTrainer } from '../trainerProcess';
import { startRun } from './activeRun';
import type { ActiveRun, RunLabel, RunRequest } from './activeRun';
import { mirrorFarFolder, parseFarFolder, type FarMirror } from './farFolder';
import { followLog, logLength, type Follower } from './follower';
import { createNetworkFacts } from './networkFacts';
import { removeLeft, removeWhole } from './removal';
import { readResumed } from './resumed';
import { openStart } from './startFrom';
import { withFileLock } from '../../files/lock';
import { readEvents, readOutcome } from '../../files/metricsLog';
import { readRegularText } from '../../files/regularFile';
import { createRecordCache } from '../../files/recordCache';
import { isStillRunning, readRecord, runFiles, runIdPattern, runIdsIn, writeRecord } from '../../files/runRecord';
import type { RunRecord } from '../../files/runRecord';
import { someAtOnce } from '../../files/someAtOnce';

export type RunsOptions = {
  readonly runsDir: string;
  /** Where copies of runs on other machines lie. */
  readonly followedDir: string;
  readonly forkTrainer: ForkTrainer;
  readonly stopTimeoutMs: number;
  readonly now: () => Date;
  readonly emit: (event: HostEvents['run.event']) => void;
  readonly tellReading: (reading: HostEvents['run.reading']) => void;
  readonly tellValidating: (validating: HostEvents['run.validating']) => void;
};

/** Runs of the data folder, and those that this app trains elsewhere. */
export type Runs = {
  start(request: HostRequests['run.start'][0]): Promise<Result<HostRequests['run.start'][1]>>;
  /** Goes on with a run from its checkpoint, in its own folder. */
  resume(request: HostRequests['run.resume'][0]): Promise<Result<HostRequests['run.start'][1]>>;
  /** Tells the events of a run that somebody else trains in a folder, from now on or, with `replay`, from its start. */
  follow(request: HostRequests['run.follow'][0]): Promise<Result<HostRequests['run.follow'][1]>>;
  stop(runId: string): Promise<Result<Record<string, never>>>;
  /**
   * Newest first. `dir`: those in the folders of this one, or of this folder itself, instead of the app's own. `ids`: of the app's own
   * those alone, as far as they are there.
   */
  list(wanted: HostRequests['run.list'][0]): Promise<Result<readonly RunSummary[]>>;
  get(runId: string): Promise<Result<HostRequests['run.get'][1]>>;
  /** Calls a run otherwise, or gives it other tags. */
  label(request: HostRequests['run.label'][0]): Promise<Result<HostRequests['run.label'][1]>>;
  remove(runId: string): Promise<Result<Record<string, never>>>;
  /** The folder of a run; null for an id that is none. */
  dirOf(runId: string): string | null;
  /** Stops everything and waits for it. */
  dispose(): Promise<void>;
};

/** Preparation that takes longer goes on behind the id that is given out; most takes under a second. */
const patienceMs = 20_000;

/** Sorts by time and is unique across apps that share the folder: `20261123-060530-1f3a9c`. */
function newRunId(now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}

async function summarize(
  dir: string,
  record: RunRecord,
  network: RunSummary['network'],
  { now, isOurs }: { readonly now: Date; readonly isOurs: boolean },
): Promise<RunSummary> {
  const { id, name, startedAt, config, tags = [] } = record;
  let { state, lastEpoch, seconds = null } = record;
  if (state === 'running' && !isOurs && !(await isStillRunning(dir, record, now))) {
    // The owner went away before it could write this down; the log tells.
    const outcome = await readOutcome(dir).catch(() => null);
    const end = outcome?.end ?? null;
    state = end === null ? 'killed' : end.type === 'finished' ? end.reason : 'failed';
    lastEpoch = outcome?.lastEpoch ?? lastEpoch;
    if (end?.type === 'finished') ({ seconds } = end);
  }
  const { variant, startedFrom } = record;
  const { snapshot } = record.data;
  return {
    id,
    dir,
    name,
    startedAt,
    config,
    state,
    lastEpoch,
    network,
    tags,
    seconds,
    ...(variant === undefined ? {} : { variant }),
    ...(startedFrom === undefined ? {} : { startedFrom }),
    ...(snapshot === undefined ? {} : { snapshot }),
  };
}

/** Keeps the runs of one data folder. */
export function createRuns(options: RunsOptions): Runs {
  const active = new Map<string, ActiveRun>();
  /** Runs that were put in a folder of the user's choice, for as long as the app lives. */
  const elsewhere = new Map<string, string>();

  const followers = new Map<string, Follower>();
  /** Runs that others made in folders of their own: looked at, never deleted. */
  const foreign = new Set<string>();
  /** Copies of folders on other machines, by what was asked for. */
  const mirrors = new Map<string, FarMirror>();
  void removeLeft(options.runsDir);
  const networkOf = createNetworkFacts();
  const recordOf = createRecordCache();

  const dirOf = (runId: string): string | null =>
    elsewhere.get(runId) ?? (runIdPattern.test(runId) ? join(options.runsDir, runId) : null);

  const summaryOf = async (dir: string, record: RunRecord, isOurs: boolean): Promise<RunSummary> =>
    await summarize(dir, record, await networkOf(dir, record), { now: options.now(), isOurs });

  const read = async (runId: string): Promise<Result<{ readonly dir: string; readonly summary: RunSummary }>> => {
    const dir = dirOf(runId);
    if (dir === null) return failure(runNotFound(runId));
    const ours = active.get(runId)?.record() ?? null;
    if (ours !== null) return success({ dir, summary: await summaryOf(dir, ours, true) });
    const record = await recordOf(dir);
    if (!record.ok) return (await isFolder(dir)) ? record : failure(runNotFound(runId));
    const isOurs = followers.get(runId)?.isAlive() === true;
    return success({ dir, summary: await summaryOf(dir, record.value, isOurs) });
  };

  /** Of a run that somebody keeps in a folder; null where there is none. */
  const summaryIn = async (dir: string): Promise<RunSummary | null> => {
    const record = await recordOf(dir);
    return record.ok ? await summaryOf(dir, record.value, active.has(record.value.id)) : null;
  };

  const begin = async (request: RunRequest): Promise<Result<HostRequests['run.start'][1]>> => {
    const { id } = request;
    const run = startRun(request, {
      ...options,
      emit: (event) => {
        // The last word comes when the process is gone and all is written: whoever hears it may go on with the run at once.
        if (event.type === 'finished' || event.type === 'failed') active.delete(id);
        options.emit({ runId: id, event });
      },
      tellReading: (done, total) => options.tellReading({ runId: id, done, total }),
      tellValidating: (validating) => options.tellValidating({ runId: id, ...validating }),
    });
    active.set(id, run);
    void run.ended.then(() => active.delete(id));
    return await firstOf(run, (diagnostics) => {
      for (const diagnostic of diagnostics) options.emit({ runId: id, event: { type: 'failed', diagnostic } });
    });
  };

  const labelRun = async (runId: string, label: RunLabel): Promise<Result<HostRequests['run.label'][1]>> => {
    const found = await read(runId);
    if (!found.ok) return found;
    const { dir, summary } = found.value;
    if (foreign.has(runId)) return failure(runNotOurs(dir));
    try {
      const isWritten = active.get(runId)?.label(label) === true || (await writeLabel(dir, label));
      // Its owner, another app, would write its own words over these.
      return isWritten ? success({ summary: { ...summary, ...label } }) : failure(runStillRunning(runId));
    } catch (error) {
      return failure(fileDiagnostic(error, dir, 'save'));
    }
  };
  const writeLabel = async (dir: string, label: RunLabel): Promise<boolean> =>
    await withFileLock(join(dir, runFiles.record), async () => {
      const record = await readRecord(dir);
      if (
        !record.ok ||
        (record.value.state === 'running' && (await isStillRunning(dir, record.value, options.now())))
      ) {
        return false;
      }
      await writeRecord(dir, { ...record.value, ...label });
      return true;
    });

  return {
    dirOf,
    start: async ({ document, config, dir: ownDir, variant, from, name, tags }) => {
      if (ownDir !== undefined && !isAbsolute(ownDir)) return failure(invalidPath(ownDir));
      const start = from === undefined ? null : await openStart(from, document, dirOf);
      if (start?.ok === false) return start;
      const startedAt = options.now();
      const id = newRunId(startedAt);
      const dir = ownDir ?? join(options.runsDir, id);
      if (ownDir !== undefined) elsewhere.set(id, ownDir);
      const begun = begin({
        id,
        dir,
        isOwnDir: ownDir !== undefined,
        document,
        config,
        startedAt: startedAt.toISOString(),
        resumes: null,
        ...(variant === undefined ? {} : { variant }),
        ...(start === null ? {} : { from: start.value.source }),
        ...(name === undefined ? {} : { name }),
        ...(tags === undefined ? {} : { tags }),
      });
      void active.get(id)?.prepared.then(start?.value.release);
      return await begun;
    },
    resume: async ({ runId, dir: ownDir }) => {
      if (ownDir !== undefined && !isAbsolute(ownDir)) return failure(invalidPath(ownDir));
      const dir = ownDir ?? dirOf(runId);
      if (dir === null || !(await isFolder(dir))) return failure(runNotFound(runId));
      if (active.has(runId)) return failure(runStillRunning(runId));
      const found = await readResumed(dir, options.now());
      if (!found.ok) return found;
      const { record, document } = found.value;
      if (record.id !== runId) return failure(runNotFound(runId));
      if (active.has(runId)) return failure(runStillRunning(runId));
      if (ownDir !== undefined) elsewhere.set(runId, ownDir);
      const { config, startedAt } = record;
      return await begin({ id: runId, dir, isOwnDir: false, document, config, startedAt, resumes: record });
    },
    follow: async ({ dir: wanted, replay = false }) => {
      const far = parseFarFolder(wanted);
      if (far === null && !isAbsolute(wanted)) return failure(invalidPath(wanted));
      if (far !== null) {
        // Its copy begins anew: who followed the old one is done.
        mirrors.get(wanted)?.stop();
        mirrors.delete(wanted);
      }
      const mirrored = far === null ? null : await mirrorFarFolder(far, options.followedDir);
      if (mirrored?.ok === false) return mirrored;
      if (mirrored !== null) mirrors.set(wanted, mirrored.value);
      const dir = mirrored?.value.dir ?? wanted;
      const record = await readRecord(dir);
      if (!record.ok) return record;
      const { id } = record.value;
      if (!runIdPattern.test(id)) return failure(runNotFound(id));
      if (active.has(id)) return failure(runStillRunning(id));
      followers.get(id)?.stop();
      followers.delete(id);
      elsewhere.set(id, dir);
      if (resolve(dir) !== resolve(options.runsDir, id)) foreign.add(id);
      // One that has ended has nothing more to say.
      if (replay || record.value.state === 'running') {
        const emit = (event: RunEvent): void => {
          if (event.type === 'failed') mirrored?.value.stop();
          options.emit({ runId: id, event });
        };
        const from = replay ? 0 : await logLength(dir);
        const follower = followLog({ dir, from, isOver: record.value.state !== 'running', emit, now: options.now });
        const stop = (): void => {
          follower.stop();
          mirrored?.value.stop();
        };
        followers.set(id, { ...follower, stop });
      }
      return success({ runId: id, dir, warnings: [] });
    },
    stop: async (runId) => {
      const follower = followers.get(runId);
      if (follower?.isAlive() === true) {
        follower.stop();
        options.emit({ runId, event: { type: 'failed', diagnostic: followingEnded() } });
        return success({});
      }
      const run = active.get(runId);
      if (run === undefined) return failure((await read(runId)).ok ? runNotActive(runId) : runNotFound(runId));
      run.stop();
      return success({});
    },
    list: async ({ dir, ids }) => {
      const newestFirst = (list: readonly RunSummary[]): readonly RunSummary[] =>
        [...list].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
      if (dir !== undefined && !isAbsolute(dir)) return failure(invalidPath(dir));
      try {
        if (dir !== undefined) {
          const entries = await readdir(dir, { withFileTypes: true });
          const dirs = [dir, ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(dir, name))];
          const found = await someAtOnce(dirs, summaryIn);
          return success(newestFirst(found.flatMap((summary) => (summary === null ? [] : [summary]))));
        }
        const names = ids ?? [...(await runIdsIn(options.runsDir)), ...elsewhere.keys()];
        const found = await someAtOnce([...new Set(names)], read);
        return success(newestFirst(found.flatMap((run) => (run.ok ? [run.value.summary] : []))));
      } catch (error) {
        if (errorCode(error) === 'ENOENT' && dir === undefined) return success([]);
        return failure(fileDiagnostic(error, dir ?? options.runsDir, 'list'));
      }
    },
    get: async (runId) => {
      const found = await read(runId);
      if (!found.ok) return found;
      const { dir, summary } = found.value;
      // What is told here is not to be told again.
      await followers.get(runId)?.poll();
      try {
        const document = parseNetwork(await readRegularText(join(dir, runFiles.network), limits.documentBytes));
        if (!document.ok) return document;
        const events = packEvents(await readEvents(dir, limits.shownSteps));
        return success({ summary, document: document.value, events });
      } catch (error) {
        return failure(fileDiagnostic(error, dir, 'open'));
      }
    },
    label: async ({ runId, ...label }) => await labelRun(runId, label),
    remove: async (runId) => {
      if (foreign.delete(runId)) {
        // The folder is another's: it is only forgotten.
        followers.get(runId)?.stop();
        followers.delete(runId);
        elsewhere.delete(runId);
        return success({});
      }
      const found = await read(runId);
      const dir = dirOf(runId);
      if (dir === null || (!found.ok && found.diagnostics[0]?.code === 'run/not-found'))
        return failure(runNotFound(runId));
      if (active.has(runId) || (found.ok && found.value.summary.state === 'running')) {
        return failure(runStillRunning(runId));
      }
      followers.get(runId)?.stop();
      followers.delete(runId);
      try {
        await removeWhole(dir);
        elsewhere.delete(runId);
        return success({});
      } catch (error) {
        return failure(fileDiagnostic(error, dir, 'delete'));
      }
    },
    dispose: async () => {
      for (const follower of [...followers.values(), ...mirrors.values()]) follower.stop();
      const runs = [...active.values()];
      for (const run of runs) run.stop();
      await Promise.all(runs.map((run) => run.ended));
    },
  };
}

async function isFolder(dir: string): Promise<boolean> {
  return stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Waits for a run's preparation, but not for ever: then the id is given out, and a late refusal becomes an event. */
async function firstOf(
  run: ActiveRun,
  refuseLate: (diagnostics: readonly Diagnostic[]) => void,
): Promise<Result<HostRequests['run.start'][1]>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  const prepared = await Promise.race([run.prepared, late]);
  clearTimeout(timer);
  if (prepared === null) {
    void run.prepared.then((result) => {
      if (!result.ok) refuseLate(result.diagnostics);
    });
    return success({ runId: run.id, dir: run.dir, warnings: [] });
  }
  return prepared.ok
    ? success({ runId: run.id, dir: run.dir, warnings: prepared.value })
    : failure(...prepared.diagnostics);
}

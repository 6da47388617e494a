import { mkdir, readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { folderNotEmpty } from '../../../shared/diagnostics/catalog/file';
import { runFolderGone, runKilled, runStillRunning, runStoppedEarly } from '../../../shared/diagnostics/catalog/run';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../../shared/diagnostics/diagnostic';
import { serializeNetwork } from '../../../shared/document/serialize';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { TrainingConfig } from '../../../shared/schema/training';
import type { RunVariant } from '../../../shared/host/api';
import type { Text } from '../../../shared/text';
import type { RunEvent, Validating } from '../../../shared/training/events';
import type { Prepared, StartSource } from '../../trainer/protocol';
import { writeFileAtomically } from '../../files/atomicFile';
import { errorCode, fileDiagnostic } from '../../files/fileErrors';
import type { ForkTrainer } from '../trainerProcess';
import { withFileLock } from '../../files/lock';
import { describeExit } from './exitReason';
import { appendEvent } from '../../files/metricsLog';
import { networkFacts } from './networkFacts';
import { heartbeatMs, isStillRunning, readRecord, runFiles, writeRecord } from '../../files/runRecord';
import type { RunRecord } from '../../files/runRecord';

export type RunRequest = {
  readonly id: string;
  readonly dir: string;
  /** True for a folder that the user named: it may exist already, but must be empty. */
  readonly isOwnDir: boolean;
  readonly document: NetworkDocument;
  readonly config: TrainingConfig;
  readonly startedAt: string;
  /** The record of the run that goes on in its folder; null for a new run. */
  readonly resumes: RunRecord | null;
  readonly variant?: RunVariant;
  readonly from?: StartSource;
  readonly name?: string;
  readonly tags?: readonly string[];
};

export type RunOptions = {
  readonly forkTrainer: ForkTrainer;
  /** How long a trainer may take to finish its step and save after a stop. */
  readonly stopTimeoutMs: number;
  readonly emit: (event: RunEvent) => void;
  /** Hears how many of how many pictures have been read, before the run is prepared. */
  readonly tellReading: (done: number, total: number) => void;
  /** Hears how far the validation at an epoch's end is. */
  readonly tellValidating: (validating: Validating) => void;
};

/** What a run is called, and what it is found by. */
export type RunLabel = { readonly name?: string; readonly tags?: readonly string[] };

/** A run with its process. */
export type ActiveRun = {
  readonly id: string;
  readonly dir: string;
  /** Settles when data, network and engine have been found to fit and the first step is about to be taken. */
  readonly prepared: Promise<Result<readonly Diagnostic[]>>;
  /** Settles when the process is gone and the record is written. */
  readonly ended: Promise<void>;
  record(): RunRecord | null;
  /** Writes down another name or other tags; false before there is a record. */
  label(change: RunLabel): boolean;
  stop(): void;
  kill(): void;
};

/**
 * Takes over the folder of a run that goes on. Another app may have done so while this one was opening the data, or be about to: behind
 * the lock, looking and writing are one step.
 */
async function enterRunFolder(dir: string, resumes: RunRecord, pid: number | null): Promise<Result<RunRecord>> {
  return await withFileLock(join(dir, runFiles.record), async () => {
    const now = await readRecord(dir);
    if (!now.ok) return now;
    if (now.value.state === 'running' && (await isStillRunning(dir, now.value, new Date()))) {
      return failure(runStillRunning(resumes.id));
    }
    const record: RunRecord = { ...now.value, state: 'running', pid };
    await writeRecord(dir, record);
    return success(record);
  });
}

async function createRunFolder(request: RunRequest, prepared: Prepared, pid: number | null): Promise<RunRecord> {
  await mkdir(request.dir, { recursive: true });
  const record: RunRecord = {
    format: 'convloom.run',
    version: 1,
    id: request.id,
    name: request.name ?? prepared.document.name,
    startedAt: request.startedAt,
    config: request.config,
    state: 'running',
    lastEpoch: null,
    pid,
    data: prepared.data,
    ...(request.variant === undefined ? {} : { variant: request.variant }),
    ...(request.from === undefined ? {} : { startedFrom: request.from.name }),
    network: networkFacts(prepared.document),
    ...(request.tags === undefined ? {} : { tags: request.tags }),
  };
  await writeFileAtomically(join(request.dir, runFiles.network), serializeNetwork(prepared.document));
  await writeRecord(request.dir, record);
  return record;
}

async function isEmptyOrMissing(dir: string): Promise<boolean> {
  return readdir(dir).then(
    (names) => names.length === 0,
    () => true,
  );
}

type Epoch = Extract<RunEvent, { type: 'epoch' }>;

/** The layers of an epoch are for its curves, not for tables: the record stays small. */
function withoutLayers({ layers: _layers, ...epoch }: Epoch): Epoch {
  return epoch;
}

/** How often it is looked whether a run's folder is still there. */
const watchMs = 1000;

/** Whether a file has been taken away while the run went on; one that cannot be looked at is still there. */
async function isGone(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error: unknown) => ['ENOENT', 'ENOTDIR'].includes(errorCode(error)),
  );
}

/** Starts a trainer for one run and follows it to its end. */
export function startRun(request: RunRequest, options: RunOptions): ActiveRun {
  const { id, dir, document, config } = request;
  const trainer = options.forkTrainer();
  let record: RunRecord | null = null;
  let terminal: RunEvent | null = null;
  let isStopping = false;
  let wasKilledByUs = false;
  let hasExited = false;
  let isFolderGone = false;
  /** Where the weights are that could not be saved in the run's folder. */
  let keptWhere: Text | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  // Records are written one after the other; a failing disk is the trainer's to report, it writes there too.
  let writing: Promise<void> = Promise.resolve();
  let settlePrepared: (result: Result<readonly Diagnostic[]>) => void;
  const prepared = new Promise<Result<readonly Diagnostic[]>>((resolve) => (settlePrepared = resolve));

  const kill = (): void => {
    wasKilledByUs = true;
    trainer.kill();
  };
  const change = (fields: Partial<RunRecord>): void => {
    if (record === null) return;
    record = { ...record, ...fields };
    const snapshot = record;
    writing = writing.then(() => writeRecord(dir, snapshot)).catch(() => undefined);
  };
  const heartbeat = setInterval(() => {
    const now = new Date();
    if (record !== null) void utimes(join(dir, runFiles.record), now, now).catch(() => undefined);
  }, heartbeatMs);
  heartbeat.unref();
  const stop = (): void => {
    // A trainer that has said its last, or has gone, cannot be stopped any more; `ended` is near.
    if (isStopping || hasExited || terminal !== null) return;
    isStopping = true;
    // Before the first step there is nothing to keep, so nothing to wait for.
    if (record === null) {
      trainer.kill();
      return;
    }
    trainer.send({ type: 'stop' });
    killTimer = setTimeout(kill, options.stopTimeoutMs);
  };
  // A run without its folder ends at once: the trainer still has the weights, and puts them elsewhere as it stops.
  const lookForFolder = async (): Promise<boolean> => {
    if (record !== null && !isFolderGone && (await isGone(join(dir, runFiles.record))) && !hasExited) {
      isFolderGone = true;
      stop();
    }
    return isFolderGone;
  };
  const watch = setInterval(() => void lookForFolder(), watchMs);
  watch.unref();

  const begin = async (result: Result<Prepared>): Promise<void> => {
    if (!result.ok) {
      settlePrepared(failure(...result.diagnostics));
      trainer.kill();
      return;
    }
    try {
      if (request.isOwnDir && !(await isEmptyOrMissing(dir))) {
        settlePrepared(failure(folderNotEmpty(dir)));
        trainer.kill();
        return;
      }
      if (request.resumes === null) record = await createRunFolder(request, result.value, trainer.pid);
      else {
        const entered = await enterRunFolder(dir, request.resumes, trainer.pid);
        if (!entered.ok) {
          settlePrepared(failure(...entered.diagnostics));
          trainer.kill();
          return;
        }
        record = entered.value;
      }
    } catch (error) {
      settlePrepared(failure(fileDiagnostic(error, dir, 'save')));
      trainer.kill();
      return;
    }
    settlePrepared(success(result.value.warnings));
    trainer.send({ type: 'begin', dir });
  };
  const follow = (event: RunEvent): void => {
    if (event.type === 'epoch') change({ lastEpoch: withoutLayers(event) });
    if (event.type === 'finished' || event.type === 'failed') {
      // Told to the listeners when the process is gone: whoever hears it may start the next run or read the files.
      terminal = event;
      trainer.kill();
      return;
    }
    if (event.type === 'warning' && event.diagnostic.code === 'run/weights-not-saved') keptWhere = event.diagnostic.why;
    if (event.type === 'warning' && event.diagnostic.code === 'run/metrics-not-saved') {
      // Without a folder it is not true that the run goes on and the log is tried again.
      void lookForFolder().then((gone) => {
        if (!gone) options.emit(event);
      });
      return;
    }
    options.emit(event);
  };
  trainer.onReport((report) => {
    if (report.type === 'prepared') void begin(report.result);
    if (report.type === 'reading') options.tellReading(report.done, report.total);
    if (report.type === 'validating') options.tellValidating(report.validating);
    if (report.type === 'event') follow(report.event);
  });

  const ended = new Promise<void>((resolve) => {
    trainer.onExit((exit) => {
      hasExited = true;
      clearInterval(heartbeat);
      clearInterval(watch);
      clearTimeout(killTimer);
      void finish().then(resolve);

      async function finish(): Promise<void> {
        const described = wasKilledByUs
          ? { state: 'killed' as const, diagnostic: runKilled('It did not stop in time.') }
          : describeExit(exit, config.batchSize);
        settlePrepared(failure(isStopping ? runStoppedEarly() : described.diagnostic));
        if (record === null) return;
        await writing;
        if (await isGone(join(dir, runFiles.record))) {
          // Nothing is written there any more: half a folder would come back that no run can be read from.
          const diagnostic = terminal?.type === 'failed' ? terminal.diagnostic : runFolderGone(dir, keptWhere);
          record = { ...record, state: 'failed' };
          options.emit({ type: 'failed', diagnostic });
          return;
        }
        if (terminal === null) {
          terminal = { type: 'failed', diagnostic: described.diagnostic };
          change({ state: described.state });
          await appendEvent(dir, terminal);
        } else {
          change(
            terminal.type === 'finished' ? { state: terminal.reason, seconds: terminal.seconds } : { state: 'failed' },
          );
        }
        await writing;
        options.emit(terminal);
      }
    });
  });

  const resumeDir = request.resumes === null ? null : dir;
  trainer.send({ type: 'prepare', runId: id, document, config, resumeDir, from: request.from ?? null });
  return {
    id,
    dir,
    prepared,
    ended,
    record: () => record,
    label: (fields) => {
      change(fields);
      return record !== null;
    },
    stop,
    kill,
  };
}

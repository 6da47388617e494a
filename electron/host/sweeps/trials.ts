import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { structureDigest } from '../../../shared/document/digest';
import type { Diagnostic, Result } from '../../../shared/diagnostics/diagnostic';
import type { HostEvents, HostRequests } from '../../../shared/host/api';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { TrainingConfig } from '../../../shared/schema/training';
import { text, type Text } from '../../../shared/text';
import { checkSettings } from '../../../shared/training/checkSettings';
import type { RunEvent } from '../../../shared/training/events';
import { bestScore, errorOf } from '../../../shared/training/runTable';
import { shouldStopEarly, type SweepTrial } from '../../../shared/training/sweep';
import { applyAssignment, trialLabel, tryAssignment } from '../../../shared/transforms/vary';
import type { SweepRecord } from '../../files/sweepRecord';

type Started = Result<HostRequests['run.start'][1]>;
export type RunHearing = (heard: HostEvents['run.event']) => void;

/** What trials need of the runs. */
export type TrialRuns = {
  start(request: HostRequests['run.start'][0]): Promise<Started>;
  resume(request: HostRequests['run.resume'][0]): Promise<Started>;
  stop(runId: string): Promise<Result<unknown>>;
  get(runId: string): Promise<Result<Pick<HostRequests['run.get'][1], 'summary'>>>;
};

/** One trial that is to be taken, or taken up again. */
export type TrialTask = {
  readonly record: () => SweepRecord;
  /** Where its run is to be; null among all runs. */
  readonly dir: string | null;
  readonly index: number;
  readonly isStopping: () => boolean;
  readonly change: (fields: Partial<SweepTrial>) => void;
};

type Varied = { readonly document: NetworkDocument; readonly config: TrainingConfig };

function whyOf({ summary, why }: Diagnostic): Text {
  return why === undefined ? summary : text(`${summary.en} ${why.en}`, `${summary.zh}${why.zh}`);
}

/** Tells of each trial what it costs, and which of them cannot be trained, with the first reason. */
export function skipMisfits(base: Varied, trials: readonly SweepTrial[]): readonly SweepTrial[] {
  return trials.map((trial): SweepTrial => {
    const tried = tryAssignment(base, trial.assignment);
    const fault = tried.ok ? checkSettings(tried.value.config)[0] : tried.diagnostics[0];
    if (!tried.ok || fault !== undefined)
      return { ...trial, state: 'skipped', why: fault === undefined ? null : whyOf(fault) };
    const { params, macs } = tried.value;
    return { ...trial, params, macs };
  });
}

/** A folder that is not there yet: what a killed run left in the first one, without a checkpoint to go on from, stays as it is. */
function freeFolder(dir: string): string {
  for (let turn = 1; ; turn++) {
    const one = turn === 1 ? dir : `${dir}-${turn}`;
    if (!existsSync(one)) return one;
  }
}

type Epoch = Extract<RunEvent, { type: 'epoch' }>;

function scoreOf(event: Epoch): Pick<SweepTrial, 'metric'> & { readonly error: number } {
  const score = bestScore({ lastEpoch: event });
  return score === null ? { metric: 'loss', error: event.valLoss } : { metric: score.metric, error: errorOf(score) };
}

/** Takes the trials of sweeps, each as a run. */
export function createTrials(runs: TrialRuns, hearRuns: (listener: RunHearing) => () => void) {
  /** The run that is at work for a sweep, and what it says. */
  const followed = new Map<string, RunHearing>();
  /** By the sweep: the run at work. */
  const current = new Map<string, string>();
  /** What runs said that nobody knew yet: a trainer can be faster than the answer that names its run. */
  let unknown: HostEvents['run.event'][] = [];
  let starting = 0;
  const leave = hearRuns((heard) => {
    const listener = followed.get(heard.runId);
    if (listener !== undefined) listener(heard);
    else if (starting > 0) unknown.push(heard);
  });

  const requestOf = ({ record, index, dir }: TrialTask, { document, config }: Varied): HostRequests['run.start'][0] => {
    const { id, name, trials } = record();
    const label = trialLabel(trials[index]?.assignment ?? {});
    return {
      document,
      config,
      name: document.name,
      tags: [name],
      variant: { group: id, label, head: '', network: structureDigest(document) },
      ...(dir === null ? {} : { dir }),
    };
  };

  /** Starts the run of a trial, or goes on with the one that it has. */
  const begin = async (task: TrialTask, varied: Varied): Promise<Started> => {
    const { runId, runDir } = task.record().trials[task.index] ?? {};
    // Beside where the trial would begin, whatever folder the file names: a sweep may have been moved, or come from somebody else.
    const dir = task.dir === null || runDir == null ? {} : { dir: join(dirname(task.dir), basename(runDir)) };
    const resumed = runId == null ? null : await runs.resume({ runId, ...dir });
    if (resumed?.ok === true) return resumed;
    return await runs.start(requestOf({ ...task, dir: task.dir === null ? null : freeFolder(task.dir) }, varied));
  };

  /** A trial whose run came to its end while nobody could write that down. */
  const foundComplete = async ({ record, index, change }: TrialTask): Promise<boolean> => {
    const { runId } = record().trials[index] ?? {};
    const found = runId == null ? null : await runs.get(runId);
    if (found?.ok !== true || found.value.summary.state !== 'completed') return false;
    const { lastEpoch, seconds } = found.value.summary;
    const score = bestScore(found.value.summary);
    if (lastEpoch === null || score === null) return false;
    const { errors } = record().trials[index] ?? { errors: [] };
    change({
      state: 'completed',
      seconds,
      metric: score.metric,
      errors: [...errors.slice(0, lastEpoch.epoch - 1), errorOf(score)],
    });
    return true;
  };

  const follow = (task: TrialTask, runId: string, epochs: number): Promise<void> =>
    new Promise((resolve) => {
      const { record, index, change, isStopping } = task;
      let isWorst = false;
      const end = (fields: Partial<SweepTrial>): void => {
        followed.delete(runId);
        current.delete(record().id);
        change(fields);
        resolve();
      };
      const hear: RunHearing = ({ event }) => {
        if (event.type === 'epoch') {
          const { metric, error } = scoreOf(event);
          const before = record().trials[index]?.errors ?? [];
          const earlier = before.slice(0, event.epoch - 1);
          const errors = [...earlier, Math.min(error, earlier.at(-1) ?? Infinity)];
          change({ metric, errors });
          const others = record().trials.flatMap((one, at) => (at === index ? [] : [one.errors]));
          if (!isWorst && shouldStopEarly(record().earlyStop, errors, others, epochs)) {
            isWorst = true;
            void runs.stop(runId);
          }
        }
        // A run that had to be killed as the sweep was stopped is taken up again like one that stopped by itself.
        if (event.type === 'failed')
          end(isStopping() ? { state: 'waiting' } : { state: 'failed', why: whyOf(event.diagnostic) });
        if (event.type !== 'finished') return;
        const { seconds, reason } = event;
        if (reason === 'completed') end({ state: 'completed', seconds });
        else end({ state: isWorst ? 'early' : isStopping() ? 'waiting' : 'early', seconds });
      };
      followed.set(runId, hear);
      current.set(record().id, runId);
      for (const heard of unknown.filter((one) => one.runId === runId)) hear(heard);
      if (isStopping()) void runs.stop(runId);
    });

  return {
    /** Takes a trial to its end: it is done, or the sweep was stopped. */
    take: async (task: TrialTask): Promise<void> => {
      const { record, index, change } = task;
      const { document, config, trials } = record();
      const trial = trials[index];
      if (trial === undefined || (await foundComplete(task))) return;
      const varied = applyAssignment({ document, config }, trial.assignment);
      if (!varied.ok) {
        change({ state: 'skipped' });
        return;
      }
      change({ state: 'running' });
      starting += 1;
      const started = await begin(task, varied.value);
      starting -= 1;
      if (!started.ok) {
        const [first] = started.diagnostics;
        change({ state: 'skipped', why: first === undefined ? null : whyOf(first) });
      } else {
        const { runId, dir: runDir } = started.value;
        change({ runId, runDir });
        await follow(task, runId, varied.value.config.epochs);
      }
      if (starting === 0) unknown = [];
    },
    /** Ends the run at work for a sweep; its weights are kept, and it goes on with the sweep. */
    stop: (sweepId: string): void => {
      const runId = current.get(sweepId);
      if (runId !== undefined) void runs.stop(runId);
    },
    dispose: leave,
  };
}

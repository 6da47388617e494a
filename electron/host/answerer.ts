import { hostFailed, requestCancelled } from '../../shared/diagnostics/catalog/host';
import { runCrashed } from '../../shared/diagnostics/catalog/run';
import { failure } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { CancelSignal } from '../../shared/host/api';
import { errorText } from '../../shared/text';
import type { QuestionName, TrainerQuestions } from '../trainer/protocol';
import { exitReason } from './runs/exitReason';
import type { ForkTrainer, TrainerProcess } from './trainerProcess';

/** Hears how many parts of how many a long answer has. */
type OnProgress = (done: number, total: number) => void;

/** A trainer process kept for questions, so that a second prediction does not load the engine again. */
export type Answerer = {
  /** A question whose signal says so is given up: its answer is `host/cancelled` at once, and the work on it ends. */
  ask<N extends QuestionName>(
    name: N,
    question: TrainerQuestions[N][0],
    signal?: CancelSignal,
    onProgress?: OnProgress,
  ): Promise<Result<TrainerQuestions[N][1]>>;
  /** What the process keeps of data is out of date: the next question gets a new one, and this one ends with its last answer. */
  renew(): void;
  dispose(): void;
};

type Waiting = { settle: (result: Result<unknown>) => void; isCancelled: boolean; onProgress: OnProgress | undefined };
type Open = { readonly process: TrainerProcess; readonly waiting: Map<number, Waiting> };

/** How long work that nobody waits for any more may take to notice; then its process is ended. */
const cancelPatienceMs = 2000;

/** Starts the process at the first question and ends it after `idleMs` without one. A crash costs the open questions only. */
export function createAnswerer(forkTrainer: ForkTrainer, idleMs = 60_000): Answerer {
  let open: Open | null = null;
  const outdated = new Set<Open>();
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;

  const end = (of: Open): void => {
    if (open === of) open = null;
    outdated.delete(of);
    of.process.kill();
  };
  const start = (): Open => {
    const process = forkTrainer();
    const opened: Open = { process, waiting: new Map() };
    process.onReport((report) => {
      if (report.type === 'progress') {
        const one = opened.waiting.get(report.id);
        if (one?.isCancelled === false) one.onProgress?.(report.done, report.total);
      }
      if (report.type !== 'answer') return;
      opened.waiting.get(report.id)?.settle(report.result);
      opened.waiting.delete(report.id);
      if (opened.waiting.size > 0) return;
      if (outdated.has(opened)) end(opened);
      else restartIdleTimer(opened);
    });
    process.onExit((exit) => {
      if (open === opened) open = null;
      outdated.delete(opened);
      for (const { settle } of opened.waiting.values()) settle(failure(runCrashed(exitReason(exit))));
      opened.waiting.clear();
    });
    return opened;
  };
  const restartIdleTimer = (of: Open): void => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      if (of.waiting.size === 0) end(of);
    }, idleMs);
    idle.unref();
  };
  const cancel = (of: Open, id: number, name: QuestionName): void => {
    const one = of.waiting.get(id);
    if (one === undefined || one.isCancelled) return;
    one.isCancelled = true;
    one.settle(failure(requestCancelled(name)));
    of.process.send({ type: 'cancel', id });
    // A native call or a decoder that is deep in its work hears nothing; the process is what can be ended.
    setTimeout(() => {
      if (of.waiting.has(id) && [...of.waiting.values()].every(({ isCancelled }) => isCancelled)) end(of);
    }, cancelPatienceMs).unref();
  };

  return {
    ask: (name, question, signal, onProgress) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve(failure(requestCancelled(name)));
          return;
        }
        clearTimeout(idle);
        let of: Open;
        try {
          of = open ??= start();
        } catch (error) {
          resolve(failure(hostFailed(name, errorText(error))));
          return;
        }
        const id = ++lastId;
        const onAbort = (): void => cancel(of, id, name);
        const settle = (result: Result<unknown>): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve(result as Result<TrainerQuestions[typeof name][1]>);
        };
        of.waiting.set(id, { settle, isCancelled: false, onProgress });
        signal?.addEventListener('abort', onAbort);
        of.process.send({ type: 'ask', id, name, question });
      }),
    renew: () => {
      if (open === null) return;
      clearTimeout(idle);
      if (open.waiting.size === 0) {
        end(open);
        return;
      }
      outdated.add(open);
      open = null;
    },
    dispose: () => {
      clearTimeout(idle);
      for (const one of [...outdated, ...(open === null ? [] : [open])]) end(one);
    },
  };
}

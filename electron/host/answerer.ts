import { hostFailed } from '../../shared/diagnostics/catalog/host';
import { runCrashed } from '../../shared/diagnostics/catalog/run';
import { failure } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { errorText } from '../../shared/text';
import type { QuestionName, TrainerQuestions } from '../trainer/protocol';
import { exitReason } from './runs/exitReason';
import type { ForkTrainer, TrainerProcess } from './trainerProcess';

/** A trainer process kept for questions, so that a second prediction does not load the engine again. */
export type Answerer = {
  ask<N extends QuestionName>(name: N, question: TrainerQuestions[N][0]): Promise<Result<TrainerQuestions[N][1]>>;
  dispose(): void;
};

type Open = { readonly process: TrainerProcess; readonly waiting: Map<number, (result: Result<unknown>) => void> };

/** Starts the process at the first question and ends it after `idleMs` without one. A crash costs the open questions only. */
export function createAnswerer(forkTrainer: ForkTrainer, idleMs = 60_000): Answerer {
  let open: Open | null = null;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;

  const start = (): Open => {
    const process = forkTrainer();
    const opened: Open = { process, waiting: new Map() };
    process.onReport((report) => {
      if (report.type !== 'answer') return;
      opened.waiting.get(report.id)?.(report.result);
      opened.waiting.delete(report.id);
      if (opened.waiting.size === 0) restartIdleTimer(opened);
    });
    process.onExit((exit) => {
      if (open === opened) open = null;
      for (const settle of opened.waiting.values()) settle(failure(runCrashed(exitReason(exit))));
      opened.waiting.clear();
    });
    return opened;
  };
  const restartIdleTimer = (of: Open): void => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      if (of.waiting.size > 0) return;
      if (open === of) open = null;
      of.process.kill();
    }, idleMs);
    idle.unref();
  };

  return {
    ask: (name, question) =>
      new Promise((resolve) => {
        clearTimeout(idle);
        try {
          open ??= start();
        } catch (error) {
          resolve(failure(hostFailed(name, errorText(error))));
          return;
        }
        const id = ++lastId;
        open.waiting.set(id, (result) => resolve(result as Result<TrainerQuestions[typeof name][1]>));
        open.process.send({ type: 'ask', id, name, question });
      }),
    dispose: () => {
      clearTimeout(idle);
      open?.process.kill();
      open = null;
    },
  };
}

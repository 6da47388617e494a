import type { ForkTrainer, TrainerExit } from '../../../electron/host';
import { removeTemporaries } from '../../../electron/files/atomicFile';
import { cutLog } from '../../../electron/files/metricsLog';
import { prepareRun } from '../../../electron/trainer/prepare';
import type { PreparedRun } from '../../../electron/trainer/prepare';
import type { TrainerReport } from '../../../electron/trainer/protocol';
import { createRunLog } from '../../../electron/trainer/runLog';
import { trainRun } from '../../../electron/trainer/train';
import { engineFailed } from '../../../shared/diagnostics/catalog/run';
import { success } from '../../../shared/diagnostics/diagnostic';
import { errorText } from '../../../shared/text';
import type { TrainingConfig } from '../../../shared/schema/training';

/**
 * The trainer in this process, as `electron/trainer/index.ts` puts it together in one of its own. It writes a checkpoint whenever the
 * disk is ready for one. Once `isDead`, it says nothing any more.
 */
export function trainerHere(isDead: () => boolean): ForkTrainer {
  return () => {
    const reports: ((report: TrainerReport) => void)[] = [];
    const exits: ((exit: TrainerExit) => void)[] = [];
    const send = (report: TrainerReport): void => {
      if (!isDead()) for (const listener of reports) listener(report);
    };
    const clock = (): number => performance.now();
    let run: PreparedRun | null = null;
    let shouldStop = false;
    let of: { readonly runId: string; readonly config: TrainingConfig } | null = null;
    const begin = async (dir: string): Promise<void> => {
      if (run === null || of === null) return;
      const log = createRunLog(dir, (event) => send({ type: 'event', event }), clock);
      try {
        if (run.from !== null) {
          await removeTemporaries(dir);
          await cutLog(dir, run.from);
        }
        await trainRun(run, {
          ...of,
          dir,
          log,
          clock,
          shouldStop: () => shouldStop || isDead(),
          checkpointIntervalMs: 0,
        });
      } catch (error) {
        await log.writeFirst({ type: 'failed', diagnostic: engineFailed(run.choice.engine.id, errorText(error)) });
      }
    };
    return {
      pid: process.pid,
      send: (command) => {
        if (command.type === 'stop') shouldStop = true;
        if (command.type === 'begin') void begin(command.dir);
        if (command.type !== 'prepare') return;
        const { runId, config, document, resumeDir } = command;
        of = { runId, config };
        void prepareRun(document, config, { resumeDir }).then((result) => {
          if (!result.ok) {
            send({ type: 'prepared', result });
            return;
          }
          run = result.value;
          const { info, scaling } = run.dataset;
          const { task, classes, inputShape } = info;
          const data = { task, classes, inputShape, scaling };
          send({ type: 'prepared', result: success({ document: run.document, data, warnings: run.warnings }) });
        });
      },
      onReport: (listener) => void reports.push(listener),
      onExit: (listener) => void exits.push(listener),
      kill: () => {
        if (isDead()) return;
        void run?.session.dispose();
        for (const listener of exits.splice(0)) listener({ code: 0, signal: null, errorOutput: '' });
      },
    };
  };
}

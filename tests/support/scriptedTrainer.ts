import type { TrainerExit, TrainerProcess } from '../../electron/host';
import type { Prepared, TrainerCommand, TrainerReport } from '../../electron/trainer/protocol';
import { success } from '../../shared/diagnostics/diagnostic';

/** A trainer whose every word is the test's. */
export type ScriptedTrainer = {
  readonly commands: TrainerCommand[];
  report(report: TrainerReport): void;
  exit(exit: Partial<TrainerExit>): void;
  readonly isKilled: boolean;
  readonly process: TrainerProcess;
};

/** Accepts a run at once, unless `prepared` is null: then the test answers. Killed, it ends with SIGKILL. */
export function createScriptedTrainer(prepared: Prepared | null): ScriptedTrainer {
  const reportListeners: ((report: TrainerReport) => void)[] = [];
  const exitListeners: ((exit: TrainerExit) => void)[] = [];
  const commands: TrainerCommand[] = [];
  let isKilled = false;
  const trainer: ScriptedTrainer = {
    commands,
    report: (report) => {
      for (const listener of reportListeners) listener(report);
    },
    exit: (exit) => {
      for (const listener of exitListeners.splice(0)) listener({ code: null, signal: null, errorOutput: '', ...exit });
    },
    get isKilled() {
      return isKilled;
    },
    process: {
      pid: process.pid,
      send: (command) => {
        commands.push(command);
        if (command.type === 'prepare' && prepared !== null) {
          setImmediate(() => trainer.report({ type: 'prepared', result: success(prepared) }));
        }
      },
      onReport: (listener) => void reportListeners.push(listener),
      onExit: (listener) => void exitListeners.push(listener),
      kill: () => {
        isKilled = true;
        setImmediate(() => trainer.exit({ signal: 'SIGKILL' }));
      },
    },
  };
  return trainer;
}

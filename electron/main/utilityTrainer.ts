import { utilityProcess } from 'electron';
import { createTail } from '../host/trainerProcess';
import type { ForkTrainer, TrainerExit } from '../host/trainerProcess';
import type { TrainerReport } from '../trainer/protocol';

/** Runs trainers as Electron utility processes: they work in a packaged app, where running as plain Node is switched off. */
export function utilityTrainer(entry: string): ForkTrainer {
  return () => {
    const child = utilityProcess.fork(entry, [], {
      stdio: ['ignore', 'ignore', 'pipe'],
      serviceName: 'Convloom trainer',
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    });
    const tail = createTail();
    child.stderr?.on('data', (chunk) => tail.add(chunk));
    child.on('error', (type, location) => tail.add(`${type}: ${location}\n`));
    const exitListeners: ((exit: TrainerExit) => void)[] = [];
    let wasKilled = false;
    // A utility process tells a code only; one that a signal ended has none of its own choosing.
    child.on('exit', (code) => {
      const exit = { code, signal: wasKilled ? 'SIGTERM' : null, errorOutput: tail.text() };
      for (const listener of exitListeners) listener(exit);
    });
    return {
      pid: child.pid ?? null,
      send: (command) => child.postMessage(command),
      onReport: (listener) => void child.on('message', (message: TrainerReport) => listener(message)),
      onExit: (listener) => void exitListeners.push(listener),
      kill: () => {
        wasKilled = true;
        child.kill();
      },
    };
  };
}

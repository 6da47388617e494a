import { fork } from 'node:child_process';
import type { TrainerCommand, TrainerReport } from '../trainer/protocol';

/** How a trainer's process ended, with the last of what it wrote to its error output. */
export type TrainerExit = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly errorOutput: string;
};

/** A process that runs the trainer. It is the app's own child and build, so its reports are trusted in form. */
export type TrainerProcess = {
  readonly pid: number | null;
  send(command: TrainerCommand): void;
  onReport(listener: (report: TrainerReport) => void): void;
  onExit(listener: (exit: TrainerExit) => void): void;
  /** Ends it at once. */
  kill(): void;
};

/** Starts a trainer: `child_process` under Node, `utilityProcess` under Electron. */
export type ForkTrainer = () => TrainerProcess;

const errorOutputLimit = 8192;

/** Keeps the end of a stream of text. */
export function createTail(limit = errorOutputLimit): { add(chunk: unknown): void; text(): string } {
  let tail = '';
  return {
    add: (chunk) => {
      tail = (tail + String(chunk)).slice(-limit);
    },
    text: () => tail,
  };
}

/** Runs trainers as plain Node processes from a built entry file. */
export function nodeTrainer(entry: string): ForkTrainer {
  return () => {
    const child = fork(entry, [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Structured clones, as between Electron's processes: typed arrays arrive as such.
      serialization: 'advanced',
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    });
    const tail = createTail();
    child.stderr?.on('data', (chunk) => tail.add(chunk));
    const exitListeners: ((exit: TrainerExit) => void)[] = [];
    let hasEnded = false;
    const end = (exit: TrainerExit): void => {
      if (hasEnded) return;
      hasEnded = true;
      for (const listener of exitListeners) listener(exit);
    };
    // 'close' comes after the error output has been read to its end, 'exit' may not.
    child.on('close', (code, signal) => end({ code, signal, errorOutput: tail.text() }));
    child.on('error', (error) => {
      if (child.pid === undefined) end({ code: null, signal: null, errorOutput: error.message });
    });
    return {
      pid: child.pid ?? null,
      send: (command) => {
        // A process that is just ending closes its pipe first; its exit is what tells the story.
        if (child.connected) child.send(command, () => undefined);
      },
      onReport: (listener) => void child.on('message', (message) => listener(message as TrainerReport)),
      onExit: (listener) => void exitListeners.push(listener),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

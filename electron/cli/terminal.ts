import { printable, printableLine } from './printable';

/** Where a command writes: data on `out`, everything else on `err`. A test gives its own. */
export type Terminal = {
  /** One line of data. */
  out(line: string): void;
  /** One line for the reader, never part of the data. */
  err(line: string): void;
  /** Replaces the last such line where a person is watching; nothing elsewhere. */
  progress(line: string): void;
  /** Whether a person is watching the error stream. */
  readonly interactive: boolean;
  /**
   * Calls back once when the user asks for the end: by Ctrl-C, a termination signal, or closing the terminal. A second Ctrl-C or
   * termination signal ends the process.
   */
  onInterrupt(listener: () => void): () => void;
};

/**
 * The terminal of this process. Every text goes through {@link printable}: names and files are other people's words. What is for the reader is
 * one line; data may be a text of many, and who prints names by the line keeps them on it.
 */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  let isClosed = false;
  // The reader of a pipe may go at any time (`| head`): that ends the command, and is no error of it.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isClosed) process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  // Words for a reader who is gone are lost, and nothing else.
  stderr.on('error', () => undefined);
  let hasProgress = false;
  const clear = (): void => {
    if (hasProgress) stderr.write('\r\u001B[2K');
    hasProgress = false;
  };
  return {
    out: (line) => {
      clear();
      stdout.write(`${printable(line)}\n`);
    },
    err: (line) => {
      clear();
      stderr.write(`${printableLine(line)}\n`);
    },
    progress: (line) => {
      if (!stderr.isTTY) return;
      clear();
      stderr.write(printableLine(line).slice(0, Math.max(1, stderr.columns - 1)));
      hasProgress = true;
    },
    interactive: stderr.isTTY,
    onInterrupt: (listener) => {
      let isAsked = false;
      const ask = (): void => {
        if (!isAsked) listener();
        isAsked = true;
      };
      const interrupt = (): void => {
        if (isAsked) process.exit(130);
        ask();
      };
      // The shell and the system may both say that a terminal is closed: that is no second request. Node unsets what `nohup` sets, so that a
      // process that is to outlive its terminal needs a session of its own (`setsid`).
      const hangUp = (): void => {
        if (!isClosed) process.on('exit', dieOfHangUp);
        isClosed = true;
        ask();
      };
      process.on('SIGINT', interrupt);
      process.on('SIGTERM', interrupt);
      process.on('SIGHUP', hangUp);
      return () => {
        process.off('SIGINT', interrupt);
        process.off('SIGTERM', interrupt);
        process.off('SIGHUP', hangUp);
      };
    },
  };
}

/**
 * Ends as a closed terminal ends what does not listen. Node would abort at its exit, as it cannot set the terminal back that it found.
 */
function dieOfHangUp(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

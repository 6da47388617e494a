import type { Terminal } from '../../electron/cli/terminal';
import { runCommandLine } from '../../electron/cli';

export type CommandOutcome = {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The JSON value on the data stream. */
  readonly json: () => unknown;
};

/** Runs one command line in this process and collects what it says. */
export async function convloom(...args: string[]): Promise<CommandOutcome> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    progress: () => undefined,
    interactive: false,
    onInterrupt: () => () => undefined,
  };
  const code = await runCommandLine(args, terminal);
  const text = out.join('\n');
  return { code, out: text, err: err.join('\n'), json: () => JSON.parse(text) as unknown };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const repoRoot = join(import.meta.dirname, '..', '..', '..');

export type Server = {
  /** The address with its token. */
  readonly url: string;
  readonly origin: string;
  readonly pid: number;
  /** Ends it as Ctrl-C does. */
  close(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
};

/** `convloom serve` on a free port, as a user starts it. */
export async function startServer(env: Record<string, string>): Promise<Server> {
  const command = join(repoRoot, 'bin', 'convloom.mjs');
  const child = spawn(process.execPath, [command, 'serve', '--no-open', '--json', '--port', '0'], {
    cwd: repoRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited.then(() => null)]);
  if (first === null) throw new Error(`The server ended at its start. ${errors}`);
  const { url } = JSON.parse(String(first[0])) as { readonly url: string };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await exited;
    clearTimeout(timer);
  };
  return {
    url,
    origin: new URL(url).origin,
    pid: child.pid ?? -1,
    close: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
  };
}

import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from '../files/paths';

/** How a program ended. `code` null: by a signal, or it was stopped. */
export type Outcome = { readonly code: number | null; readonly out: string; readonly err: string };

/** Finds a program as a shell would. */
export function findProgram(names: readonly string[], environment: Environment): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // Not here: the next folder may have it.
      }
    }
  }
  return undefined;
}

/** Runs a program to its end and keeps what it says. Rejects only if it cannot be started. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly environment: Environment;
    readonly cwd?: string;
    readonly signal?: AbortSignal | undefined;
    readonly onLine?: (line: string) => void;
  },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...options.environment },
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
      for (const line of chunk.split(/[\r\n]+/)) if (line.trim() !== '') options.onLine?.(line.trim());
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** Throws the error that the file system would have thrown, if a program's words say that its disk was full. */
export function throwIfDiskFull({ err, out }: Outcome): void {
  const words = /ENOSPC|EDQUOT|no space left|Errno 28|disk quota exceeded/i.exec(`${out}\n${err}`)?.[0];
  if (words !== undefined) throw Object.assign(new Error(words), { code: 'ENOSPC' });
}

/** The last words of a program that failed, on one line. */
export function lastWords({ err, out, code }: Outcome): string {
  const lines = `${out}\n${err}`
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => /error|fail|cannot|no matching|not found|denied/i.test(line));
  const chosen = (telling.length > 0 ? telling : lines).slice(-2).join(' ');
  return chosen === '' ? `it ended with code ${code ?? 'none'}` : chosen.slice(0, 400);
}

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createTail } from '../host/trainerProcess';
import type { Launch } from './accuracy';
import { explainEnd } from './process';
import type { SeedRun } from './report';

/** A run that began to train, on what, and how far it came; or why it did not begin. */
export type SeedOutcome =
  | { readonly started: true; readonly device: string; readonly version: string; readonly run: SeedRun }
  | { readonly started: false; readonly why: string };

type Line = { readonly [name: string]: unknown };

/** A run that was told to end and does not is ended. */
const patienceMs = 20_000;

/** The fault of a run that the user has ended. */
export const interruptedFault = 'interrupted';

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A line of `convloom train --json`, or of the peers' script; null where a framework prints something else. */
function readLine(line: string): Line | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}

/** Why a run could not go on, out of what it says: a failed event, the answer to a misuse, or a peer's excuse. */
function reasonIn({ diagnostic, diagnostics, why }: Line): string {
  const first: unknown = Array.isArray(diagnostics) ? diagnostics[0] : diagnostic;
  if (typeof first === 'object' && first !== null && 'message' in first) return textOf(first.message);
  return textOf(why);
}

/**
 * Starts one run and follows it until an epoch's validation reaches `lastLevel`, or it ends. Seconds are counted here, from before the
 * process is started to the line that tells an epoch: whoever waits for the number waits so long.
 */
export function runSeed(
  { command, args, input, environment }: Launch,
  seed: number,
  lastLevel: number,
  signal: AbortSignal | undefined,
): Promise<SeedOutcome> {
  const begin = performance.now();
  const child = spawn(command, [...args], { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
  const errorOutput = createTail();
  const epochs: SeedRun['epochs'] = [];
  let started: { readonly device: string; readonly version: string } | null = null;
  let reason = '';
  let isDone = false;
  let killer: NodeJS.Timeout | undefined;
  const end = (): void => {
    isDone = true;
    // Ours saves its weights, which no time counts any more.
    child.kill('SIGTERM');
    killer ??= setTimeout(() => void child.kill('SIGKILL'), patienceMs);
  };
  signal?.addEventListener('abort', end, { once: true });
  const hear = (line: Line): void => {
    const kind = line['event'] ?? line['type'];
    const { epoch, valAccuracy } = line;
    if (kind === 'started')
      started = { device: textOf(line['device']), version: textOf(line['version'] ?? line['engine']) };
    else if (kind === 'epoch' && typeof epoch === 'number' && typeof valAccuracy === 'number') {
      if (isDone) return;
      epochs.push({ epoch, valAccuracy, seconds: (performance.now() - begin) / 1000 });
      if (valAccuracy >= lastLevel) end();
    } else if (kind === 'failed' || kind === 'cannot' || line['ok'] === false) reason = reasonIn(line);
    else if (kind === 'finished') isDone = true;
  };
  child.stderr.on('data', (chunk) => errorOutput.add(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  createInterface(child.stdout).on('line', (text) => {
    const line = readLine(text);
    if (line !== null) hear(line);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      reason = error.message;
      if (child.pid === undefined) resolve({ started: false, why: reason });
    });
    child.on('close', (code, endSignal) => {
      clearTimeout(killer);
      signal?.removeEventListener('abort', end);
      const isWhole = code === 0 && reason === '';
      const why = reason === '' ? explainEnd(code, endSignal, errorOutput.text()) : reason;
      const fault = signal?.aborted === true ? interruptedFault : isDone || isWhole ? null : why;
      if (started === null) resolve({ started: false, why: fault ?? why });
      else resolve({ started: true, ...started, run: { seed, epochs, fault } });
    });
  });
}

import { appendFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { metricsNotSaved } from '../../shared/diagnostics/catalog/run';
import { errorText } from '../../shared/text';
import type { RunEvent } from '../../shared/training/events';
import { errorCode } from '../files/fileErrors';
import { runFiles } from '../files/runRecord';

/** Where a run's events go: every one to disk, and to the app at a pace that a screen can follow. */
export type RunLog = {
  add(event: RunEvent): void;
  /** Tells the app only: what the log has already. */
  tell(event: RunEvent): void;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  /** Writes what is waiting, and forces all that was written to the disk. Gives the reason when that failed. */
  settle(): Promise<string | null>;
  /**
   * Adds an event, and tells the app only when all is written: what it hears of an epoch holds whatever comes after, and on hearing the
   * run's last event it may end this process.
   */
  writeFirst(event: RunEvent): Promise<void>;
};

/** 20 messages a second at most. */
const paceMs = 50;
const flushMs = 250;

/** The length of a file in bytes; 0 where there is none yet. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** `send` reaches the app. `clock` is in milliseconds. */
export function createRunLog(dir: string, send: (event: RunEvent) => void, clock: () => number): RunLog {
  let waiting: string[] = [];
  let isComplaining = false;
  let lastSentMs = -Infinity;
  let lastFlushMs = clock();
  let held: RunEvent | null = null;
  let writing: Promise<unknown> = Promise.resolve();
  const path = join(dir, runFiles.metrics);
  /** How long the log was before a write that failed in its midst; null where the last one went well. */
  let tornAt: number | null = null;

  const deliver = (event: RunEvent): void => {
    // What a run takes of the machine is told once a second, and always.
    if (event.type === 'step' && event.usage === undefined && clock() - lastSentMs < paceMs) {
      held = event;
      return;
    }
    // The last step before an epoch's end is shown, too.
    if (event.type !== 'step' && held !== null) send(held);
    held = null;
    lastSentMs = clock();
    send(event);
  };
  const write = async (isForced: boolean): Promise<string | null> => {
    if (waiting.length === 0 && !isForced) return null;
    const lines = waiting;
    waiting = [];
    let before = tornAt;
    try {
      // What a failed write has left of its lines goes: all of them are written again, and half a line would spoil the next.
      const size = await sizeOf(path);
      before ??= size;
      if (size > before) await truncate(path, before);
      await appendFile(path, lines.map((line) => `${line}\n`).join(''), { flush: isForced });
      tornAt = null;
      isComplaining = false;
      return null;
    } catch (error) {
      tornAt = before;
      waiting = [...lines, ...waiting];
      const reason = errorText(error);
      // Once per trouble, not once per try; and not through `add`, which would grow what cannot be written.
      if (!isComplaining) send({ type: 'warning', diagnostic: metricsNotSaved(dir, reason) });
      isComplaining = true;
      return reason;
    }
  };
  const writeNext = (isForced: boolean): Promise<string | null> => {
    lastFlushMs = clock();
    const next = writing.then(() => write(isForced));
    writing = next;
    return next;
  };
  const flush = async (): Promise<void> => {
    await writeNext(false);
  };
  return {
    add: (event) => {
      waiting.push(JSON.stringify(event));
      deliver(event);
      if (clock() - lastFlushMs >= flushMs) void flush();
    },
    tell: deliver,
    flush,
    settle: () => writeNext(true),
    writeFirst: async (event) => {
      waiting.push(JSON.stringify(event));
      await flush();
      deliver(event);
    },
  };
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runEndUnsaid, runSilent } from '../../../shared/diagnostics/catalog/run';
import type { RunEvent } from '../../../shared/training/events';
import { parseEvent } from '../../../shared/training/eventSchema';
import { openRegularFile } from '../../files/regularFile';
import { runFiles } from '../../files/runRecord';

/** Reads on in the log of a run that somebody else trains. */
export type Follower = {
  /** Reads what has come since. */
  poll(): Promise<void>;
  /** Whether the run has shown signs of life lately, and has not ended. */
  isAlive(): boolean;
  stop(): void;
};

export type FollowOptions = {
  readonly dir: string;
  /** Where in the log to begin: 0 for all that it holds. */
  readonly from: number;
  /** The run has ended: what its log does not say by now it never will. */
  readonly isOver?: boolean;
  readonly emit: (event: RunEvent) => void;
  readonly now: () => Date;
};

const pollMs = 500;
/** A trainer touches its record more often than that, and a folder from afar tells it late. */
const silenceMs = 120_000;
/** What is read at once; the rest comes with the next look. */
const chunkBytes = 4_000_000;
const lineFeed = 10;

/** How long a log is; 0 for one that is not there yet. */
export async function logLength(dir: string): Promise<number> {
  return stat(join(dir, runFiles.metrics)).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The whole lines from a place in a log on, and the place behind them. */
async function readLines(path: string, from: number, size: number): Promise<{ lines: string[]; end: number }> {
  const { handle: file } = await openRegularFile(path);
  try {
    const length = Math.min(size - from, chunkBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
    const last = buffer.subarray(0, bytesRead).lastIndexOf(lineFeed);
    // No event is that long: it is passed over.
    if (last < 0) return { lines: [], end: bytesRead < chunkBytes ? from : from + bytesRead };
    return { lines: buffer.toString('utf8', 0, last).split('\n'), end: from + last + 1 };
  } finally {
    await file.close();
  }
}

/** Tells the events of a run's log as they come, until its end, a long silence, or `stop`. Nothing in the folder is touched. */
export function followLog({ dir, from, isOver = false, emit, now }: FollowOptions): Follower {
  let position = from;
  let sign = '';
  let signMs = now().getTime();
  let hasEnded = false;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  const end = (): void => {
    hasEnded = true;
    clearTimeout(timer);
  };
  const tell = (event: RunEvent): void => {
    if (event.type === 'finished' || event.type === 'failed') end();
    emit(event);
  };
  const look = async (): Promise<void> => {
    const size = await logLength(dir);
    const touched = await stat(join(dir, runFiles.record)).catch(() => null);
    const seen = `${size} ${touched?.mtimeMs ?? ''}`;
    if (seen !== sign) [sign, signMs] = [seen, now().getTime()];
    // A run that went on from its checkpoint has cut its log back.
    if (size < position) position = size;
    const before = position;
    if (size > position) {
      const read = await readLines(join(dir, runFiles.metrics), position, size);
      position = read.end;
      for (const line of read.lines) {
        const event = parseEvent(line);
        if (event !== null && !hasEnded) tell(event);
      }
    }
    const isSilent = isOver ? position === before : now().getTime() - signMs > silenceMs;
    if (!hasEnded && isSilent) tell({ type: 'failed', diagnostic: isOver ? runEndUnsaid(dir) : runSilent(dir) });
  };
  const poll = (): Promise<void> => {
    // A folder that is away for a moment comes back, or the silence ends it.
    work = work.then(() => (hasEnded ? undefined : look())).catch(() => undefined);
    return work;
  };
  const next = (): void => {
    if (hasEnded) return;
    // Whoever follows waits for it: the command line has nothing else that keeps it.
    timer = setTimeout(() => void poll().then(next), pollMs);
  };
  void poll().then(next);
  return { poll, isAlive: () => !hasEnded, stop: end };
}

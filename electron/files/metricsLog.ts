import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../../shared/training/events';
import { errorCode } from './fileErrors';
import { runFiles } from './runRecord';

/** The events of a run's log, oldest first. A line cut off by a crash is left out. */
export async function readEvents(dir: string): Promise<readonly RunEvent[]> {
  let text: string;
  try {
    text = await readFile(join(dir, runFiles.metrics), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line): RunEvent[] => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as RunEvent];
    } catch {
      return [];
    }
  });
}

/** Adds what the trainer could not say any more. Only called when its process is gone. */
export async function appendEvent(dir: string, event: RunEvent): Promise<void> {
  // The line before may have been cut off by the crash.
  await appendFile(join(dir, runFiles.metrics), `\n${JSON.stringify(event)}\n`).catch(() => undefined);
}

/** Leaves out steps evenly until at most `limit` are left; the last step and all other events stay. */
export function thinSteps(events: readonly RunEvent[], limit: number): readonly RunEvent[] {
  const stepCount = events.reduce((count, { type }) => count + (type === 'step' ? 1 : 0), 0);
  if (stepCount <= limit) return events;
  let seen = 0;
  return events.filter(({ type }) => {
    if (type !== 'step') return true;
    // Step i (1-based) stays when the count of kept ones, floor(i * limit / n), grows with it; so the last one does.
    const before = Math.floor((seen * limit) / stepCount);
    seen += 1;
    return Math.floor((seen * limit) / stepCount) > before;
  });
}

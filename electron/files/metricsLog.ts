import { appendFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../../shared/training/events';
import { parseEvent } from '../../shared/training/eventSchema';
import { errorCode } from './fileErrors';
import { openRegularFile } from './regularFile';
import { runFiles } from './runRecord';

/** A line of a log, and the place behind it, in bytes. `isWhole`: it ends with a line feed. */
type Line = { readonly text: string; readonly end: number; readonly isWhole: boolean };

/** Far longer than any event; what is longer is not one, and is not kept in memory. */
const lineLimit = 1_000_000;
const lineFeed = 10;

/** The lines of a file of any length, one after the other; none for a file that is not there. */
async function* readLines(path: string): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let end = 0;
  const take = (isWhole: boolean): Line => {
    const text = length > lineLimit ? '' : Buffer.concat(parts).toString('utf8');
    end += length + (isWhole ? 1 : 0);
    parts = [];
    length = 0;
    return { text, end, isWhole };
  };
  const add = (part: Buffer): void => {
    if (length <= lineLimit) parts.push(part);
    length += part.length;
  };
  try {
    const { handle } = await openRegularFile(path);
    for await (const chunk of handle.createReadStream({ highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let to = chunk.indexOf(lineFeed); to !== -1; to = chunk.indexOf(lineFeed, from)) {
        add(chunk.subarray(from, to));
        yield take(true);
        from = to + 1;
      }
      add(chunk.subarray(from));
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (length > 0) yield take(false);
}

/** As the trainer writes them; a line that begins otherwise is parsed to be known. */
const stepStart = '{"type":"step"';

/**
 * The events of a run's log, oldest first, with at most `maxSteps` steps, evenly left out; the last step and all other events stay.
 * The log may be of any length: no more than twice that is held. A line cut off by a crash is left out.
 */
export async function readEvents(dir: string, maxSteps: number): Promise<readonly RunEvent[]> {
  let events: RunEvent[] = [];
  let stride = 1;
  let seen = 0;
  let kept = 0;
  let lastStep: string | null = null;
  const keep = (event: RunEvent): void => {
    events.push(event);
    kept += event.type === 'step' ? 1 : 0;
    if (kept <= 2 * maxSteps) return;
    stride *= 2;
    events = everyOther(events);
    kept = events.reduce((count, { type }) => count + (type === 'step' ? 1 : 0), 0);
  };
  for await (const { text } of readLines(join(dir, runFiles.metrics))) {
    if (text.startsWith(stepStart)) {
      seen += 1;
      if (text.endsWith('}')) lastStep = text;
      if (seen % stride !== 0) continue;
    }
    const event = parseEvent(text);
    if (event !== null) keep(event);
  }
  const last = lastStep === null ? null : parseEvent(lastStep);
  if (last?.type === 'step') addLast(events, last);
  return thinSteps(events, maxSteps);
}

function everyOther(events: readonly RunEvent[]): RunEvent[] {
  let steps = 0;
  return events.filter(({ type }) => {
    if (type !== 'step') return true;
    steps += 1;
    return steps % 2 === 0;
  });
}

/** Puts a run's last step in, if it was left out: before the end of its epoch and what follows that. */
function addLast(events: RunEvent[], step: Extract<RunEvent, { type: 'step' }>): void {
  let place = events.length;
  for (; place > 0; place--) {
    const before = events[place - 1];
    if (before?.type === 'step' && before.step === step.step) return;
    if (before?.type === 'step' || before?.type === 'started') break;
    if (before?.type === 'epoch' && before.epoch < step.epoch) break;
  }
  events.splice(place, 0, step);
}

/** How a run ended, and its last epoch, as its log tells. */
export async function readOutcome(dir: string): Promise<{
  readonly end: Extract<RunEvent, { type: 'finished' | 'failed' }> | null;
  readonly lastEpoch: Extract<RunEvent, { type: 'epoch' }> | null;
}> {
  let end: Extract<RunEvent, { type: 'finished' | 'failed' }> | null = null;
  let lastEpoch: Extract<RunEvent, { type: 'epoch' }> | null = null;
  for await (const { text } of readLines(join(dir, runFiles.metrics))) {
    if (text.startsWith(stepStart)) continue;
    const event = parseEvent(text);
    if (event?.type === 'epoch') lastEpoch = event;
    if (event?.type === 'finished' || event?.type === 'failed') end = event;
  }
  return { end, lastEpoch };
}

/**
 * Cuts a log back to where a checkpoint stands: steps and epochs beyond it, an end, and a torn last line go, so that the run goes on
 * as if it had never been broken.
 */
export async function cutLog(dir: string, to: { readonly step: number; readonly epoch: number }): Promise<void> {
  const path = join(dir, runFiles.metrics);
  let kept = 0;
  for await (const { text, end, isWhole } of readLines(path)) {
    const event = parseEvent(text);
    const isBeyond =
      (event?.type === 'step' && event.step > to.step) ||
      (event?.type === 'epoch' && event.epoch >= to.epoch) ||
      event?.type === 'finished' ||
      event?.type === 'failed';
    if (isBeyond || !isWhole) break;
    // An empty or a torn line before the cut goes with what follows it.
    if (event !== null) kept = end;
  }
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (kept < size) await truncate(path, kept);
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

import { appendFile, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendEvent, cutLog, readEvents, readOutcome } from '../../../electron/files/metricsLog';
import { runKilled } from '../../../shared/diagnostics/catalog/run';
import type { RunEvent } from '../../../shared/training/events';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-log-'));
  path = join(dir, 'metrics.jsonl');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const step = (number: number, epoch = 1): RunEvent => ({
  type: 'step',
  epoch,
  step: number,
  loss: 1,
  accuracy: null,
  imagesPerSecond: 1,
  secondsLeft: 1,
});
const epochEnd = (epoch: number): RunEvent => ({
  type: 'epoch',
  epoch,
  loss: 1,
  valLoss: 1,
  accuracy: null,
  valAccuracy: null,
  valMeanIou: null,
  seconds: 1,
});
const failed: RunEvent = { type: 'failed', diagnostic: runKilled('') };
const lines = (events: readonly RunEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const steps = (from: number, to: number, epoch = 1): readonly RunEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => step(from + index, epoch));

describe('the log of a run', () => {
  it('that is not there is empty', async () => {
    expect(await readEvents(dir, 10)).toEqual([]);
    expect(await readOutcome(dir)).toEqual({ end: null, lastEpoch: null });
    await cutLog(dir, { step: 1, epoch: 1 });
  });

  it.each([1, 19, 20, 21, 40, 41, 100, 1000, 1001, 4097])(
    'of %d steps is read with at most 20, evenly, the last one and all else kept in order',
    async (count) => {
      await writeFile(path, lines([...steps(1, count), epochEnd(1), failed]));
      const read = await readEvents(dir, 20);
      const numbers = read.flatMap((event) => (event.type === 'step' ? [event.step] : []));
      expect(numbers.length).toBeLessThanOrEqual(20);
      expect(numbers.length).toBeGreaterThanOrEqual(Math.min(count, 10));
      expect(numbers.at(-1)).toBe(count);
      const gaps = numbers.slice(1, -1).map((number, index) => number - numbers[index]!);
      expect(Math.max(1, ...gaps)).toBeLessThanOrEqual(2.5 * Math.max(1, Math.min(...gaps, Infinity)));
      expect(read.slice(-2)).toEqual([epochEnd(1), failed]);
    },
  );

  it('of a size that no text of JavaScript can have is read', async () => {
    // Sparse: 600 MB that take no room. One "line" of it is far too long to be an event.
    await writeFile(path, lines([step(1), epochEnd(1)]));
    const file = await open(path, 'r+');
    await file.truncate(600_000_000);
    await file.close();
    await appendFile(path, `\n${lines([step(2, 2), epochEnd(2)])}`);
    expect(await readEvents(dir, 10)).toEqual([step(1), epochEnd(1), step(2, 2), epochEnd(2)]);
  });

  it('is cut back to a checkpoint: later steps, epochs and ends go, whole lines before them stay byte for byte', async () => {
    const kept = lines([...steps(1, 3), epochEnd(1), ...steps(4, 5, 2)]);
    for (const rest of [
      '',
      lines([step(6, 2), epochEnd(2)]),
      lines([failed]),
      lines([epochEnd(2), step(7, 3)]),
      '{"type":"step","epo',
      `\n${lines([failed])}`,
      '\u0000\u0000',
    ]) {
      await writeFile(path, kept + rest);
      await cutLog(dir, { step: 5, epoch: 2 });
      expect(await readFile(path, 'utf8'), JSON.stringify(rest)).toBe(kept);
    }
  });

  it('keeps what was written after a line that a full disk tore', async () => {
    const text = `${lines([step(1)])}{"type":"st\n${lines([step(2)])}`;
    await writeFile(path, text);
    expect(await readEvents(dir, 10)).toEqual([step(1), step(2)]);
    await cutLog(dir, { step: 2, epoch: 1 });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('tells how the run ended and its last epoch, whatever tore before', async () => {
    await writeFile(path, `${lines([step(1), epochEnd(1), epochEnd(2)])}{"type":"st`);
    await appendEvent(dir, failed);
    expect(await readOutcome(dir)).toEqual({ end: failed, lastEpoch: epochEnd(2) });
  });
});

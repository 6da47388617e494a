import type { Spread } from './report';

/** The middle of some numbers; the mean of the two middle ones where they are even in number. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * The value that a share of some numbers does not exceed, by nearest rank: the smallest one with at least `share` of all at or below
 * it. `percentile([1, 2, 3, 4], 0.95)` is 4. NaN of nothing.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** Between these lie the middle half of some numbers. */
export function quartilesOf(values: readonly number[]): [low: number, high: number] {
  return [percentile(values, 0.25), percentile(values, 0.75)];
}

/** The middle of some numbers and how far they spread; null of nothing. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const [low, high] = quartilesOf(values);
  return { median: median(values), low, high, most: largest(values), samples: values.length };
}

/** The largest of some numbers; NaN of nothing. */
export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), values[0] ?? NaN);
}

/** The smallest of some numbers; NaN of nothing. */
export function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), values[0] ?? NaN);
}

/** How smoothly something moved. Times in milliseconds between one frame and the next. */
export type FrameStatistics = {
  readonly frames: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestMs: number;
  /** The share of frames that came later than a screen of 60 Hz shows them. */
  readonly lateShare: number;
};

/** What a screen of 60 Hz leaves for a frame. */
export const frameBudgetMs = 1000 / 60;

/** Browsers round their clocks, and a frame on time reads as 16.6 to 17 ms; a late one misses a whole turn of the screen. */
const clockToleranceMs = 0.8;

/** Describes the times between frames. */
export function frameStatistics(intervalsMs: readonly number[]): FrameStatistics {
  const late = intervalsMs.filter((interval) => interval > frameBudgetMs + clockToleranceMs).length;
  return {
    frames: intervalsMs.length,
    medianMs: median(intervalsMs),
    p95Ms: percentile(intervalsMs, 0.95),
    longestMs: largest(intervalsMs),
    lateShare: intervalsMs.length === 0 ? NaN : late / intervalsMs.length,
  };
}

import { text, type Text } from '../text';
import type { RunEvent } from './events';

type Epoch = Extract<RunEvent, { type: 'epoch' }>;

/** Stands before what tells a series of seeds from others, in the group of its runs. */
const groupPrefix = 'seeds-';

/** Names a series that starts at a time, in milliseconds. */
export function seedGroup(startedAt: number): string {
  return `${groupPrefix}${startedAt.toString(36)}`;
}

/** Whether runs that are set beside each other differ by their seeds. */
export function isSeedGroup(group: string): boolean {
  return group.startsWith(groupPrefix);
}

/** The seed of a run of a series, counted from 0, and what the run is called: seeds follow each other, and are whole numbers of 32 bits. */
export function seedOf(first: number, index: number): { readonly seed: number; readonly label: Text } {
  const seed = (first + index) % 2 ** 32;
  return { seed, label: text(`seed ${seed}`, `种子 ${seed}`) };
}

/** The scores that runs of several seeds are compared by. */
export const seedScores = ['valLoss', 'valAccuracy', 'valMacroF1', 'valMeanIou', 'valPsnr'] as const;
export type SeedScore = (typeof seedScores)[number];

/** One run of a series, and how it ended; null where it has no epoch. */
export type SeededRun = { readonly seed: number; readonly runDir: string } & {
  readonly [S in SeedScore]: number | null;
};

/** Over all runs that have the score; the deviation is that of a sample (n - 1), and null for a single run. */
export type SeedSummary = {
  readonly mean: { readonly [S in SeedScore]: number | null };
  readonly deviation: { readonly [S in SeedScore]: number | null };
};

export function seededRun(seed: number, runDir: string, epoch: Epoch | null): SeededRun {
  const { valLoss = null, valAccuracy = null, valLabels, valMeanIou = null, valPsnr = null } = epoch ?? {};
  return { seed, runDir, valLoss, valAccuracy, valMacroF1: valLabels?.macroF1 ?? null, valMeanIou, valPsnr };
}

/** Mean of numbers, and their deviation as a sample: of 0.96, 0.97 and 0.98 these are 0.97 and 0.01. */
export function meanAndDeviation(values: readonly number[]): {
  readonly mean: number | null;
  readonly deviation: number | null;
} {
  if (values.length === 0) return { mean: null, deviation: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** What several seeds came to. */
export function summarizeSeeds(runs: readonly { readonly [S in SeedScore]: number | null }[]): SeedSummary {
  const of = (score: SeedScore) => meanAndDeviation(runs.flatMap((run) => (run[score] === null ? [] : [run[score]])));
  const found = seedScores.map((score) => [score, of(score)] as const);
  const only = (which: 'mean' | 'deviation') =>
    Object.fromEntries(found.map(([score, summary]) => [score, summary[which]])) as SeedSummary['mean'];
  return { mean: only('mean'), deviation: only('deviation') };
}

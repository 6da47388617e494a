import type { Task } from '../schema/data';
import type { TrainingConfig } from '../schema/training';
import { isStyled } from './lossParts';
import type { StyleSettings } from './lossParts';

/** The validation scores that can say which epoch is better. */
export const watchedMetrics = ['loss', 'accuracy', 'macroF1', 'meanIou', 'psnr'] as const;

/** One of {@link watchedMetrics}. */
export type WatchedMetric = (typeof watchedMetrics)[number];

/** What a run remembers of its best epoch. */
export type Watched = {
  /** The best score so far; null before the first epoch. */
  readonly best: number | null;
  /** The epoch that had it; 0 before the first. */
  readonly bestEpoch: number;
  /** Epochs since then. */
  readonly waited: number;
};

/** Where a run begins. */
export const nothingWatched: Watched = { best: null, bestEpoch: 0, waited: 0 };

/** What an epoch tells of it: `patienceLeft` epochs may yet bring nothing; null where there is no early stopping. */
export type WatchReport = {
  readonly metric: WatchedMetric;
  readonly best: number;
  readonly bestEpoch: number;
  readonly patienceLeft: number | null;
};

/** The scores that a task has. */
const scoresOf: { readonly [K in Task]: readonly WatchedMetric[] } = {
  classification: ['accuracy', 'loss'],
  'multi-label': ['macroF1', 'loss'],
  segmentation: ['meanIou', 'accuracy', 'loss'],
  regression: ['loss'],
  'image-to-image': ['psnr', 'loss'],
};

/** The score that a run's settings watch; null where its task has none of that name. */
export function watchedMetric(config: Pick<TrainingConfig, 'watch'> & StyleSettings, task: Task): WatchedMetric | null {
  const { watch } = config;
  const scores = isStyled(config) ? (['loss'] as const) : scoresOf[task];
  if (watch === 'auto') return scores[0] ?? 'loss';
  return scores.some((score) => score === watch) ? watch : null;
}

/** What was found after one more epoch. A score that is only as good is no better. */
export function followWatched(watched: Watched, metric: WatchedMetric, score: number, epoch: number): Watched {
  const { best, bestEpoch, waited } = watched;
  const isBetter = best === null || (metric === 'loss' ? score < best : score > best);
  return isBetter ? { best: score, bestEpoch: epoch, waited: 0 } : { best, bestEpoch, waited: waited + 1 };
}

/** Whether the patience of a run is at its end. */
export function hasWaitedEnough({ waited }: Watched, { patience }: Pick<TrainingConfig, 'patience'>): boolean {
  return patience > 0 && waited >= patience;
}

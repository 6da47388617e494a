import type { IdleEpoch } from '../../shared/diagnostics/catalog/learning';
import type { TrainingConfig } from '../../shared/schema/training';
import type { BaselineScores } from '../../shared/training/events';
import type { Samples } from '../data/dataset';
import { yesCounts } from '../data/labels';
import { labelChanceLoss } from './chance';
import type { Scores } from './evaluate';
import type { PreparedRun } from './prepare';

/**
 * For multi-label: the loss is no better than that of answering with how often each class comes, and the F1 no better than that of giving
 * every class. Where only the loss is high, the network is too sure of what it knows.
 */
export function idleLabels(
  { dataset, program }: PreparedRun,
  config: TrainingConfig,
  epoch: number,
  { loss, labels }: Scores,
  baseline: BaselineScores,
): IdleEpoch | null {
  if (program.loss === 'perceptual') return null;
  const [own, asked] = [yesShares(dataset.train, dataset), yesShares(dataset.validation, dataset)];
  const chance = labelChanceLoss(program.loss, own, asked, config);
  if (loss < 0.98 * chance || (labels?.macroF1 ?? 0) > (baseline.labels?.macroF1 ?? 0)) return null;
  return { epoch, measure: 'loss', score: loss, baseline: chance };
}

/** The share of samples that have each class, a little away from none and all, so that no answer is out of the question. */
export function yesShares(samples: Samples, { info }: Pick<PreparedRun['dataset'], 'info'>): readonly number[] {
  return yesCounts(samples, info.classes.length).map((count) => (count + 0.5) / (samples.count + 1));
}

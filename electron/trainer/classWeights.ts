import type { LossOptions } from '../../shared/compile/losses';
import type { TrainingConfig } from '../../shared/schema/training';
import type { Dataset } from '../data/dataset';
import type { BatchForm } from './batches';
import { countLabels } from './evaluate';

/** What each class counts, such that all count the same together: labels / (classes x labels of the class); 0 for one without any. */
export function balancedWeights(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count === 0 ? 0 : total / (counts.length * count)));
}

/** The weights that a run's settings ask for; none where all classes count the same. */
export function classWeightsFor(
  { classWeights }: TrainingConfig,
  { info, train }: Dataset,
  form: BatchForm,
): LossOptions {
  if (classWeights === 'equal' || info.task === 'regression') return {};
  return { weightsOfClasses: balancedWeights(countLabels(train, form, info.classes.length)) };
}

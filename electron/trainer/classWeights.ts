import type { LossOptions } from '../../shared/compile/losses';
import { badWeights, unknownClass } from '../../shared/diagnostics/catalog/training';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { hasNamedClasses, isOfClasses } from '../../shared/schema/data';
import { parseNamedWeights } from '../../shared/schema/namedWeights';
import { trainingFields } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import type { Dataset } from '../data/dataset';
import { yesCounts } from '../data/labels';
import type { BatchForm } from './batches';
import { countLabels } from './evaluate';

/** What each class counts, such that all count the same together: labels / (classes x labels of the class); 0 for one without any. */
export function balancedWeights(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count === 0 ? 0 : total / (counts.length * count)));
}

/** What the yes of each class counts, such that it counts as much as its no in all: samples without the class / samples with it. */
export function balancedYes(counts: readonly number[], total: number): readonly number[] {
  // A class that all samples have, or none, has nothing to be weighed against.
  return counts.map((count) => (count === 0 || count === total ? 1 : (total - count) / count));
}

/** What is wrong with weights that are given class by class; null where nothing is. */
export function checkClassWeights(
  { classWeights, ownClassWeights = '' }: TrainingConfig,
  { info }: Dataset,
): Diagnostic | null {
  if (classWeights !== 'own' || !hasNamedClasses(info.task)) return null;
  const weights = parseNamedWeights(ownClassWeights);
  const { label } = trainingFields.ownClassWeights;
  if (weights === null) return badWeights({ path: 'train.ownClassWeights', label }, ownClassWeights);
  const unknown = [...weights.keys()].find((name) => !info.classes.includes(name));
  return unknown === undefined ? null : unknownClass(unknown, info.classes);
}

/** The weights that a run's settings ask for; none where all classes count the same. */
export function classWeightsFor(
  { classWeights, ownClassWeights = '' }: TrainingConfig,
  { info, train }: Dataset,
  form: BatchForm,
): LossOptions {
  if (classWeights === 'equal' || !hasNamedClasses(info.task)) return {};
  if (classWeights === 'own') {
    const given = parseNamedWeights(ownClassWeights);
    return { weightsOfClasses: info.classes.map((name) => given?.get(name) ?? 1) };
  }
  if (!isOfClasses(info.task))
    return { weightsOfClasses: balancedYes(yesCounts(train, info.classes.length), train.count) };
  return { weightsOfClasses: balancedWeights(countLabels(train, form, info.classes.length)) };
}

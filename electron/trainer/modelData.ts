import {
  classesMissing,
  classesUnknown,
  taskDiffers,
  trainedOnOther,
} from '../../shared/diagnostics/catalog/evaluation';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { isOfClasses, isOfTable } from '../../shared/schema/data';
import type { TrainingConfig } from '../../shared/schema/training';
import type { Dataset, Samples } from '../data/dataset';
import type { StoredBytes } from '../data/rowFile';
import type { TrainedData } from '../files/trainedData';

/** What is kept of a run's data with its weights. */
export function trainedDataOf({ info, scaling }: Dataset, { fit }: Pick<TrainingConfig, 'fit'>): TrainedData {
  const { task, classes, inputShape, snapshot } = info;
  return {
    task,
    classes,
    inputShape,
    scaling,
    ...(fit === 'stretch' || isOfTable(scaling) ? {} : { fit }),
    ...(snapshot === undefined ? {} : { snapshot }),
  };
}

/** A label that is no class (a pixel to be ignored) stays what it is. */
function renumber(samples: Samples, classOf: readonly number[]): Samples {
  const { targets } = samples;
  const translate = (labels: ArrayLike<number>): Int32Array =>
    Int32Array.from(labels, (label) => classOf[label] ?? label);
  // Labels in memory at once; those on disk when they are asked for.
  if (ArrayBuffer.isView(targets)) return { ...samples, targets: translate(targets) };
  const { length } = targets;
  const translated: StoredBytes = { length, subarray: (from, to) => translate(targets.subarray(from, to)) };
  return { ...samples, targets: translated };
}

/**
 * Brings a data set to a model's own terms: its classes are the model's, found by name whatever their order. What the model does
 * not know is refused by name; what the data do not have is said.
 */
export function alignToModel(
  dataset: Dataset,
  data: TrainedData,
): Result<{ readonly dataset: Dataset; readonly warnings: readonly Diagnostic[] }> {
  const { info } = dataset;
  if (isOfTable(data.scaling) !== isOfTable(dataset.scaling)) {
    return failure(
      isOfTable(dataset.scaling) ? trainedOnOther('pictures', 'table') : trainedOnOther('table', 'pictures'),
    );
  }
  if (info.task !== data.task) return failure(taskDiffers(data.task, info.task));
  if (!isOfClasses(data.task)) return success({ dataset, warnings: [] });
  const classOf = info.classes.map((name) => data.classes.indexOf(name));
  const unknown = info.classes.filter((_, index) => classOf[index] === -1);
  if (unknown.length > 0) return failure(classesUnknown(unknown, data.classes));
  const missing = data.classes.filter((name) => !info.classes.includes(name));
  const isSame = classOf.every((to, from) => to === from);
  const aligned = (samples: Samples): Samples => (isSame ? samples : renumber(samples, classOf));
  return success({
    dataset: {
      ...dataset,
      info: { ...info, classes: data.classes },
      train: aligned(dataset.train),
      validation: aligned(dataset.validation),
      ...(dataset.test === undefined ? {} : { test: aligned(dataset.test) }),
    },
    warnings: missing.length === 0 ? [] : [classesMissing(missing)],
  });
}

import {
  classesMissing,
  classesUnknown,
  taskDiffers,
  trainedOnOther,
} from '../../shared/diagnostics/catalog/evaluation';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { hasNamedClasses, isOfTable } from '../../shared/schema/data';
import type { TrainingConfig } from '../../shared/schema/training';
import { withSamples } from '../data/dataset';
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

/** The yes or no of each class at its place among the model's; no for those that the data do not have. */
function placeLabels({ count, inputs, targets }: Samples, classOf: readonly number[], classCount: number): Samples {
  const placed = new Uint8Array(count * classCount);
  const size = classOf.length;
  for (let row = 0; row < count; row++) {
    targets.subarray(row * size, (row + 1) * size).forEach((isTrue, from) => {
      placed[row * classCount + (classOf[from] ?? 0)] = isTrue;
    });
  }
  return { count, inputs, targets: placed };
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
  if (!hasNamedClasses(data.task)) return success({ dataset, warnings: [] });
  const classOf = info.classes.map((name) => data.classes.indexOf(name));
  const unknown = info.classes.filter((_, index) => classOf[index] === -1);
  if (unknown.length > 0) return failure(classesUnknown(unknown, data.classes));
  const missing = data.classes.filter((name) => !info.classes.includes(name));
  const isSame = classOf.every((to, from) => to === from);
  const isLabels = data.task === 'multi-label';
  const reorder = (samples: Samples): Samples =>
    isLabels ? placeLabels(samples, classOf, data.classes.length) : renumber(samples, classOf);
  const isKept = isSame && (!isLabels || missing.length === 0);
  const aligned = (samples: Samples): Samples => (isKept ? samples : reorder(samples));
  return success({
    dataset: {
      ...withSamples(dataset, aligned),
      ...(isLabels ? { targetShape: [data.classes.length] } : {}),
      info: { ...info, classes: data.classes },
    },
    warnings: missing.length === 0 ? [] : [classesMissing(missing)],
  });
}

import { success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { Task } from '../../shared/schema/data';
import { withSamples } from './dataset';
import type { Dataset, HeldSamples, OpenOptions, Samples, SkipLog } from './dataset';
import { chooseInput, classGaps, readPictureParts } from './pictureParts';
import type { FoundPicture } from './pictureParts';

/** How many samples have each class, for multi-label. */
export function yesCounts(
  { targets, count }: Pick<Samples, 'targets' | 'count'>,
  classCount: number,
): readonly number[] {
  const counts = new Array<number>(classCount).fill(0);
  // Row by row, since those of a large set may be read from disk.
  for (let row = 0; row < count; row++) {
    targets.subarray(row * classCount, (row + 1) * classCount).forEach((isTrue, index) => {
      counts[index] = (counts[index] ?? 0) + isTrue;
    });
  }
  return counts;
}

/**
 * By what samples with any number of classes are parted: each by the rarest of its classes, counted over all, and those without one by
 * themselves. So every class that two samples have can be validated, which no parting by whole sets of classes gives: most sets come once.
 */
export function rarestOf(sets: readonly (readonly number[])[], classCount: number): readonly number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (const set of sets) for (const index of set) counts[index] = (counts[index] ?? 0) + 1;
  return sets.map((set) =>
    set.reduce(
      (rarest, index) => ((counts[index] ?? 0) < (counts[rarest] ?? Infinity) ? index : rarest),
      set[0] ?? classCount,
    ),
  );
}

/** The classes of one sample by their places, of such as are written as 1 and 0: `[samples, classes]`. */
export function setAt(targets: Samples['targets'], row: number, classCount: number): readonly number[] {
  const own = targets.subarray(row * classCount, (row + 1) * classCount);
  return [...own.keys()].filter((index) => own[index] === 1);
}

/** The same of each sample. */
export function setsOf(targets: HeldSamples['targets'], classCount: number): readonly (readonly number[])[] {
  return Array.from({ length: targets.length / classCount }, (_, row) => setAt(targets, row, classCount));
}

/** By what such samples are parted: {@link rarestOf}. */
export function strataOf(targets: HeldSamples['targets'], classCount: number): readonly number[] {
  return rarestOf(setsOf(targets, classCount), classCount);
}

/** 1 at each class of a sample, else 0: `[samples, classes]`. */
export function labelRows(sets: readonly (readonly number[])[], classCount: number): Uint8Array {
  const rows = new Uint8Array(sets.length * classCount);
  sets.forEach((set, at) => {
    for (const index of set) rows[at * classCount + index] = 1;
  });
  return rows;
}

/** Pictures with any number of classes, however they were found. */
export type LabelledPictures = {
  readonly spec: string;
  /** A job's label is the place of its set. */
  readonly pictures: readonly FoundPicture[];
  /** Of all that was looked at, what was skipped included. */
  readonly total: number;
  readonly classes: readonly string[];
  /** Classes by their places, each once. */
  readonly sets: readonly (readonly number[])[];
  readonly notes?: readonly Diagnostic[];
  /** What the same pictures can be learned as instead. */
  readonly otherTask?: Task;
};

/** Says which classes no picture has, and which the validation lacks where the data say themselves what validates. */
function checkClasses({ pictures, classes, sets }: LabelledPictures): readonly Diagnostic[] {
  const labelsOf = (some: readonly FoundPicture[]): readonly number[] =>
    some.flatMap(({ job }) => sets[job.label] ?? []);
  const held = pictures.filter(({ part }) => part === 'validation');
  if (held.length === 0) return classGaps(classes, labelsOf(pictures), null);
  return classGaps(classes, labelsOf(pictures.filter(({ part }) => part === 'train')), labelsOf(held));
}

/** The data set that pictures with any number of classes make. */
export async function loadLabelledPictures(
  labelled: LabelledPictures,
  dir: string,
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<Dataset>> {
  const { spec, pictures, total, classes, sets, notes = [], otherTask } = labelled;
  const input = chooseInput(pictures, dir, options, skipped);
  if (!input.ok) return input;
  const { shape, fit, notes: adapted } = input.value;
  const drawing = {
    dir,
    shape,
    classOf: null,
    fit,
    hasClasses: true,
    classes: sets.map((set) => set.map((index) => classes[index] ?? '').join('\0')),
    strata: rarestOf(sets, classes.length),
  };
  const read = await readPictureParts(pictures, drawing, options, skipped);
  if (!read.ok) return read;
  const labelsOf = (samples: Samples): Samples => {
    const places = Array.from(samples.targets.subarray(0, samples.targets.length));
    return {
      ...samples,
      targets: labelRows(
        places.map((place) => sets[place] ?? []),
        classes.length,
      ),
    };
  };
  return success({
    info: {
      spec,
      task: 'multi-label',
      inputShape: shape,
      classes,
      ...read.value.info,
      ...(otherTask === undefined ? {} : { otherTask }),
      warnings: [...skipped.warnings(total), ...notes, ...checkClasses(labelled), ...adapted],
    },
    targetShape: [classes.length],
    ...withSamples(read.value.held, labelsOf),
  });
}

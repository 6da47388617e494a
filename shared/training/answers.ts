import { isOfClasses, type ClassTask, type DataPart } from '../schema/data';

/** A part of a data set that was scored, in the order in which its samples follow each other. */
export type AnsweredPart = { readonly part: DataPart; readonly count: number };

/** What a model said of every sample that it was scored on. Samples stand in the order of `parts`. */
export type Answers = {
  readonly parts: readonly AnsweredPart[];
  readonly classes: readonly string[];
} & (
  | {
      readonly task: 'classification';
      /** Class numbers, one a sample. */
      readonly truth: Int32Array;
      readonly given: Int32Array;
      /** The probability of the given class, and that of the true one. */
      readonly confidence: Float32Array;
      readonly trueConfidence: Float32Array;
    }
  | {
      readonly task: 'multi-label';
      /** 1 for each class that a sample has, else 0: `[samples, classes]`. */
      readonly truth: Uint8Array;
      /** The probability of each class: `[samples, classes]`. */
      readonly given: Float32Array;
    }
  | {
      readonly task: 'segmentation';
      /** Pixels by their true class, then by the given one: `[classes, classes]`, row-major. Pixels of no class are left out. */
      readonly pixels: Float64Array;
      /** The mean IoU of each sample by itself; NaN where all its pixels are of no class. */
      readonly sampleIou: Float32Array;
    }
  | {
      readonly task: 'regression';
      /** Values a sample. */
      readonly size: number;
      /** In the units of the data: `[samples, size]`. */
      readonly truth: Float32Array;
      readonly given: Float32Array;
    }
  | {
      readonly task: 'image-to-image';
      /** The mean squared error of each sample's picture, values in 0..1. */
      readonly squaredError: Float32Array;
      /** Set where answers are to have a style of their own: being far from the pixels is no mistake then. */
      readonly isStyled?: true;
    }
);

/** {@link Answers} of one task. */
export type AnswersOf<T extends Answers['task']> = Answers & { readonly task: T };

/** For multi-label: a class is given where its probability is at least this, unless another threshold is asked for. */
export const labelThreshold = 0.5;

/** Whether what was said is one class for each sample or pixel. */
export function hasClasses(answers: Answers): answers is AnswersOf<ClassTask> {
  return isOfClasses(answers.task);
}

/** Whether answers are pictures that are to have a style of their own. */
export function areStyled(answers: Answers): boolean {
  return answers.task === 'image-to-image' && answers.isStyled === true;
}

/** The part of the data and the place in it of a sample. */
export function placeOf(
  parts: Answers['parts'],
  sample: number,
): { readonly part: AnsweredPart['part']; readonly index: number } {
  let index = sample;
  for (const { part, count } of parts) {
    if (index < count) return { part, index };
    index -= count;
  }
  throw new RangeError(`Sample ${sample} is beyond the ${sample - index} that were scored.`);
}

import { formatDecibels } from '../text';
import type { Answers, AnswersOf } from './answers';
import { calibrationOf, classScores, confusionOf, meanScores, pictureScores, valueScores } from './confusion';
import type { BaselineScores } from './events';
import { psnrOf } from './psnr';

/** Scores over all samples. Fractions; null where the task has no such number. */
export type SetScores = {
  readonly loss: number;
  readonly accuracy: number | null;
  readonly meanIou: number | null;
  readonly baseline: BaselineScores;
};

/**
 * What a score is called. `withoutFirst`: the mean IoU of all classes but the first, which is most often the ground; `inputPsnr`: the PSNR of
 * the input itself, brought to the size of the target.
 */
export type ScoreName =
  | 'loss'
  | 'accuracy'
  | 'meanIou'
  | 'withoutFirst'
  | 'baseline'
  | 'f1'
  | 'calibrationError'
  | 'meanAbsolute'
  | 'rootMeanSquare'
  | 'r2'
  | 'psnr'
  | 'inputPsnr';

/** A fraction as people read it; a dash for what nobody can know. */
export function percentText(fraction: number | null, digits = 2): string {
  return fraction === null ? '–' : `${(100 * fraction).toFixed(digits)} %`;
}

/** The scores that a task has, as they are shown. */
export function scoreTexts(
  { loss, accuracy, meanIou, baseline }: SetScores,
  answers: Answers,
): { readonly [N in ScoreName]?: string } {
  const common = { loss: loss.toFixed(4), ...(accuracy === null ? {} : { accuracy: percentText(accuracy) }) };
  if (answers.task === 'regression') {
    const { meanAbsolute, rootMeanSquare, r2 } = valueScores(answers);
    return {
      ...common,
      meanAbsolute: meanAbsolute.toPrecision(4),
      rootMeanSquare: rootMeanSquare.toPrecision(4),
      r2: r2 === null ? '–' : r2.toFixed(4),
    };
  }
  if (answers.task === 'image-to-image') {
    const { psnr, rootMeanSquare } = pictureScores(answers);
    return {
      ...common,
      psnr: formatDecibels(psnr),
      ...(baseline.psnr === undefined ? {} : { inputPsnr: formatDecibels(baseline.psnr) }),
      rootMeanSquare: rootMeanSquare.toPrecision(4),
    };
  }
  const scores = classScores(confusionOf(answers), answers.classes);
  const f1 = percentText(meanScores(scores).f1);
  return answers.task === 'segmentation'
    ? {
        ...common,
        meanIou: percentText(meanIou),
        withoutFirst: percentText(meanScores(scores.slice(1)).iou),
        baseline: percentText(baseline.meanIou),
        f1,
      }
    : {
        ...common,
        baseline: percentText(baseline.accuracy),
        f1,
        calibrationError: percentText(calibrationOf(answers).error),
      };
}

/** The true or given values of a sample. */
export function valuesText({ size }: AnswersOf<'regression'>, values: Float32Array, sample: number): string {
  return Array.from(values.subarray(sample * size, (sample + 1) * size), (value) => value.toPrecision(4)).join(', ');
}

/** The PSNR of one sample's picture. */
export function samplePsnrText({ squaredError }: AnswersOf<'image-to-image'>, sample: number): string {
  return formatDecibels(psnrOf(squaredError[sample] ?? 0));
}

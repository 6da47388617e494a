import { formatDecibels } from '../text';
import type { Answers, AnswersOf } from './answers';
import { calibrationOf, classScores, confusionOf, meanScores, pictureScores, valueScores } from './confusion';
import type { BaselineScores } from './events';
import { lossPartNames } from './lossParts';
import type { LossParts } from './lossParts';
import { psnrOf } from './psnr';

/** Scores over all samples. Fractions; null where the task has no such number. */
export type SetScores = {
  readonly loss: number;
  readonly accuracy: number | null;
  readonly meanIou: number | null;
  readonly baseline: BaselineScores;
  readonly lossParts?: LossParts;
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
  | 'inputPsnr'
  | 'content'
  | 'style'
  | 'variation';

/** A fraction as people read it; a dash for what nobody can know. */
export function percentText(fraction: number | null, digits = 2): string {
  return fraction === null ? '–' : `${(100 * fraction).toFixed(digits)} %`;
}

/** The scores that a task has, as they are shown. */
export function scoreTexts(
  { loss, accuracy, meanIou, baseline, lossParts = {} }: SetScores,
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
    const parts = lossPartNames.flatMap((part): [ScoreName, string][] =>
      lossParts[part] === undefined ? [] : [[part, lossParts[part].toFixed(4)]],
    );
    return {
      ...common,
      ...Object.fromEntries<string>(parts),
      // Pictures in another style are not scored by their pixels.
      ...(answers.isStyled === true
        ? {}
        : { psnr: formatDecibels(psnr), rootMeanSquare: rootMeanSquare.toPrecision(4) }),
      ...(baseline.psnr === undefined ? {} : { inputPsnr: formatDecibels(baseline.psnr) }),
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

/** The PSNR of one sample's picture; its number where pixels are no score. */
export function samplePsnrText({ squaredError, isStyled }: AnswersOf<'image-to-image'>, sample: number): string {
  if (isStyled === true) return String(sample + 1);
  return formatDecibels(psnrOf(squaredError[sample] ?? 0));
}

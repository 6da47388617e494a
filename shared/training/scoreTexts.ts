import { formatDecibels } from '../text';
import { labelThreshold } from './answers';
import type { Answers, AnswersOf } from './answers';
import { calibrationOf, classScores, confusionOf, meanScores, pictureScores, valueScores } from './confusion';
import type { BaselineScores } from './events';
import { labelScores, labelsOfSample } from './labelScores';
import type { LabelScores } from './labelScores';
import { lossPartNames } from './lossParts';
import type { LossParts } from './lossParts';
import { psnrOf } from './psnr';

/** Scores over all samples. Fractions; null where the task has no such number. */
export type SetScores = {
  readonly loss: number;
  readonly accuracy: number | null;
  readonly meanIou: number | null;
  readonly labels?: LabelScores;
  readonly baseline: BaselineScores;
  readonly lossParts?: LossParts;
};

/**
 * What a score is called. `withoutFirst`: the mean IoU of all classes but the first, which is most often the ground; `everyClass`: the macro F1 of
 * giving every class to every sample; `inputPsnr`: the PSNR of
 * the input itself, brought to the size of the target.
 */
export type ScoreName =
  | 'loss'
  | 'accuracy'
  | 'meanIou'
  | 'withoutFirst'
  | 'baseline'
  | 'f1'
  | 'macroF1'
  | 'microF1'
  | 'meanAveragePrecision'
  | 'exactMatch'
  | 'everyClass'
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
  { loss, accuracy, meanIou, labels, baseline, lossParts = {} }: SetScores,
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
  if (answers.task === 'multi-label') {
    const { macroF1, microF1, meanAveragePrecision, exactMatch } = labels ?? labelScores(answers);
    return {
      ...common,
      macroF1: percentText(macroF1),
      microF1: percentText(microF1),
      meanAveragePrecision: percentText(meanAveragePrecision),
      exactMatch: percentText(exactMatch),
      ...(baseline.labels === undefined ? {} : { everyClass: percentText(baseline.labels.macroF1) }),
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

/** The classes of one sample, true or given, as they are listed; `none` where there are none. Those that are given with how sure that was. */
export function sampleLabelsText(
  answers: AnswersOf<'multi-label'>,
  of: 'truth' | 'given',
  sample: number,
  none: string,
  threshold = labelThreshold,
): string {
  const { classes, given } = answers;
  const names = labelsOfSample(answers, sample, threshold)[of].map((index) => {
    const name = classes[index] ?? '';
    return of === 'truth' ? name : `${name} ${percentText(given[sample * classes.length + index] ?? 0, 0)}`;
  });
  return names.length === 0 ? none : names.join(', ');
}

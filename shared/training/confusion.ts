import type { ClassTask } from '../schema/data';
import { areStyled, labelThreshold } from './answers';
import type { Answers, AnswersOf } from './answers';
import { psnrOf } from './psnr';

/** How often each true class (rows) was given as each class (columns): samples, or pixels. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Counts the answers of a classifier, or takes the pixels that were counted. */
export function confusionOf(answers: AnswersOf<ClassTask>): ConfusionMatrix {
  const size = answers.classes.length;
  const rows = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const add = (truth: number, given: number, count: number): void => {
    const row = rows[truth];
    if (row !== undefined && given < size) row[given] = (row[given] ?? 0) + count;
  };
  if (answers.task === 'classification') {
    answers.truth.forEach((truth, at) => add(truth, answers.given[at] ?? size, 1));
  } else {
    answers.pixels.forEach((count, at) => add(Math.floor(at / size), at % size, count));
  }
  return rows;
}

/** What is taken for something else, the most often first. */
export function commonestConfusions(
  matrix: ConfusionMatrix,
  most: number,
): readonly { readonly truth: number; readonly given: number; readonly count: number }[] {
  const cells = matrix.flatMap((row, truth) =>
    row.flatMap((count, given) => (count === 0 || truth === given ? [] : [{ truth, given, count }])),
  );
  return cells.sort((a, b) => b.count - a.count).slice(0, most);
}

/** How strongly each cell of a row is coloured, 0 to 1: its part of the row; few of many are still mistakes to be seen. */
export function cellShades(row: readonly number[], truth: number): readonly number[] {
  const total = row.reduce((sum, count) => sum + count, 0);
  return row.map((count, given) => {
    const share = total === 0 ? 0 : count / total;
    return given === truth ? share : Math.sqrt(share);
  });
}

/** How well one class is told apart. Fractions; null where there is nothing to divide by. */
export type ClassScore = {
  readonly name: string;
  /** How many are of this class, and how many were said to be. */
  readonly count: number;
  readonly given: number;
  /** Of what was said to be this class, the part that is: TP / (TP + FP). */
  readonly precision: number | null;
  /** Of what is this class, the part that was found: TP / (TP + FN). */
  readonly recall: number | null;
  /** Their harmonic mean: 2 TP / (2 TP + FP + FN). */
  readonly f1: number | null;
  /** TP / (TP + FP + FN), the Jaccard index. */
  readonly iou: number | null;
};

/**
 * Precision, recall, F1 and IoU of each class. A matrix [[90, 10], [0, 0]] gives the first class precision 1, recall 0.9, F1 0.947 and IoU
 * 0.9; the second is absent, so that its recall is null, and its precision and IoU 0, since it was said ten times.
 */
export function classScores(matrix: ConfusionMatrix, classes: readonly string[]): readonly ClassScore[] {
  const given = matrix.map((_, column) => matrix.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  return classes.map((name, index) => {
    const hits = matrix[index]?.[index] ?? 0;
    const count = matrix[index]?.reduce((sum, value) => sum + value, 0) ?? 0;
    const said = given[index] ?? 0;
    return {
      name,
      count,
      given: said,
      precision: ratio(hits, said),
      recall: ratio(hits, count),
      f1: ratio(2 * hits, said + count),
      iou: ratio(hits, said + count - hits),
    };
  });
}

/** A share; null where there is nothing to divide by. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Means over the classes that there are samples of; the others say nothing of the model. */
export type MeanScores = {
  readonly [score in 'precision' | 'recall' | 'f1' | 'iou']: number | null;
} & {
  /** The classes without a sample, which are left out. */
  readonly absent: readonly string[];
};

/** See {@link MeanScores}. A class that is there and was never given has no precision; that counts as 0, as scikit-learn counts it. */
export function meanScores(scores: readonly ClassScore[]): MeanScores {
  const present = scores.filter(({ count }) => count > 0);
  const mean = (of: (score: ClassScore) => number | null): number | null =>
    present.length === 0 ? null : present.reduce((sum, score) => sum + (of(score) ?? 0), 0) / present.length;
  return {
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    f1: mean(({ f1 }) => f1),
    iou: mean(({ iou }) => iou),
    absent: scores.filter(({ count }) => count === 0).map(({ name }) => name),
  };
}

/** The share of hits among answers of about one confidence. */
export type CalibrationBin = {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means over the answers of the bin; 0 where there are none. */
  readonly confidence: number;
  readonly accuracy: number;
};

/** How far a classifier's probabilities can be taken at their word. */
export type Calibration = {
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error: mean over all answers of |accuracy - confidence| of their bin. */
  readonly error: number;
};

/** Ten bins of equal width, as Guo et al. have them (arXiv 1706.04599, section 2). */
export function calibrationOf({ truth, given, confidence }: AnswersOf<'classification'>, binCount = 10): Calibration {
  const sums = Array.from({ length: binCount }, () => ({ count: 0, confidence: 0, hits: 0 }));
  given.forEach((answer, at) => {
    const sure = confidence[at] ?? 0;
    const bin = sums[Math.min(binCount - 1, Math.floor(sure * binCount))];
    if (bin === undefined) return;
    bin.count += 1;
    bin.confidence += sure;
    bin.hits += answer === truth[at] ? 1 : 0;
  });
  const bins = sums.map((sum, index): CalibrationBin => ({
    from: index / binCount,
    to: (index + 1) / binCount,
    count: sum.count,
    confidence: sum.count === 0 ? 0 : sum.confidence / sum.count,
    accuracy: sum.count === 0 ? 0 : sum.hits / sum.count,
  }));
  const off = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.accuracy - bin.confidence), 0);
  return { bins, error: off / Math.max(1, given.length) };
}

/** What becomes of a classifier that keeps silent where it is not sure enough. */
export type Thresholded = {
  /** The part of all samples that it answers. */
  readonly answered: number;
  /** The part of these that it gets right; null where it answers none. */
  readonly accuracy: number | null;
};

/** See {@link Thresholded}; `threshold`: the least probability of a class that is given. */
export function atThreshold({ truth, given, confidence }: AnswersOf<'classification'>, threshold: number): Thresholded {
  let answered = 0;
  let hits = 0;
  given.forEach((answer, at) => {
    if ((confidence[at] ?? 0) < threshold) return;
    answered += 1;
    hits += answer === truth[at] ? 1 : 0;
  });
  return { answered: answered / Math.max(1, given.length), accuracy: ratio(hits, answered) };
}

/** Samples of one cell of the matrix, those of which the model was surest first. */
export function samplesOfCell(
  { truth, given, confidence }: AnswersOf<'classification'>,
  cell: { readonly truth: number; readonly given: number },
): readonly number[] {
  const found = [...truth.keys()].filter((at) => truth[at] === cell.truth && given[at] === cell.given);
  return found.sort((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0));
}

/**
 * The samples that a model is most wrong about: those whose true class it holds least likely, whose masks overlap least, whose values or
 * pixels are furthest off. Of pictures in a style of their own none is wrong: the first ones.
 */
export function worstSamples(answers: Answers, count: number): readonly number[] {
  const total = answers.parts.reduce((sum, part) => sum + part.count, 0);
  if (areStyled(answers)) return Array.from({ length: Math.min(count, total) }, (_, at) => at);
  const badness = badnessOf(answers);
  const wrong = [...badness.keys()].filter((at) => (badness[at] ?? 0) > 0);
  return wrong.sort((a, b) => (badness[b] ?? 0) - (badness[a] ?? 0)).slice(0, count);
}

/** How wrong each answer is; 0 for one that is right. */
function badnessOf(answers: Answers): Float64Array {
  switch (answers.task) {
    case 'classification':
      return Float64Array.from(answers.truth, (truth, at) =>
        truth === answers.given[at] ? 0 : 1 - (answers.trueConfidence[at] ?? 0) + Number.EPSILON,
      );
    case 'multi-label':
      return labelBadness(answers);
    case 'segmentation':
      return Float64Array.from(answers.sampleIou, (iou) => (Number.isNaN(iou) ? 0 : 1 - iou));
    case 'regression': {
      const { size, truth, given } = answers;
      return Float64Array.from({ length: truth.length / size }, (_, at) => {
        let sum = 0;
        for (let k = at * size; k < (at + 1) * size; k++) sum += Math.abs((given[k] ?? 0) - (truth[k] ?? 0));
        return sum / size;
      });
    }
    case 'image-to-image':
      return Float64Array.from(answers.squaredError);
  }
}

/** By how much the probabilities of a sample are off where a class is wrong; so few wrong classes of which it was sure weigh, too. */
function labelBadness({ classes, truth, given }: AnswersOf<'multi-label'>): Float64Array {
  const size = classes.length;
  return Float64Array.from({ length: truth.length / Math.max(1, size) }, (_, sample) => {
    let sum = 0;
    for (let at = sample * size; at < (sample + 1) * size; at++) {
      const off = Math.abs((truth[at] ?? 0) - (given[at] ?? 0));
      const isWrong = (given[at] ?? 0) >= labelThreshold !== (truth[at] === 1);
      sum += isWrong ? off : 0;
    }
    return sum;
  });
}

/** How far values are off. */
export type ValueScores = {
  readonly meanAbsolute: number;
  /** Root of the mean squared error. */
  readonly rootMeanSquare: number;
  /** 1 - squared errors / squared distances from the mean; null where all true values are the same. */
  readonly r2: number | null;
};

/** See {@link ValueScores}, over all values: truths 1, 2, 3 and answers 1, 2, 4 give 0.333, 0.577 and R2 0.5. */
export function valueScores({ truth, given }: AnswersOf<'regression'>): ValueScores {
  const count = Math.max(1, truth.length);
  const mean = truth.reduce((sum, value) => sum + value, 0) / count;
  let absolute = 0;
  let squared = 0;
  let spread = 0;
  truth.forEach((value, at) => {
    const off = (given[at] ?? 0) - value;
    absolute += Math.abs(off);
    squared += off * off;
    spread += (value - mean) ** 2;
  });
  return {
    meanAbsolute: absolute / count,
    rootMeanSquare: Math.sqrt(squared / count),
    r2: spread === 0 ? null : 1 - squared / spread,
  };
}

/** How far pictures are from what they are to be. */
export type PictureScores = {
  /** Over all pixels of all pictures, in decibels; see {@link psnrOf}. */
  readonly psnr: number;
  /** Root of the mean squared error, of values in 0..1. */
  readonly rootMeanSquare: number;
};

/** See {@link PictureScores}: pictures with errors of 0.01 and 0.03 give 16.99 dB and 0.1414. */
export function pictureScores({ squaredError }: AnswersOf<'image-to-image'>): PictureScores {
  const mean = squaredError.reduce((sum, error) => sum + error, 0) / Math.max(1, squaredError.length);
  return { psnr: psnrOf(mean), rootMeanSquare: Math.sqrt(mean) };
}

import { labelThreshold } from './answers';
import { meanScores, ratio } from './confusion';
import type { ClassScore } from './confusion';

/** Scores of answers that may have any number of classes. Fractions; null where no sample has a class. */
export type LabelScores = {
  /** The mean F1 of the classes that some sample has: each class counts the same. */
  readonly macroF1: number | null;
  /** The F1 of all yes-or-no answers together: each answer counts the same. */
  readonly microF1: number | null;
  /** mAP: the mean over the classes that some sample has of {@link averagePrecision}. Without a threshold. */
  readonly meanAveragePrecision: number | null;
  /** The share of samples of which every class is right. */
  readonly exactMatch: number;
};

/** What is said of one input that may have any number of classes. */
type Ranked<C extends { readonly probability: number }> = {
  /** The likeliest first. */
  readonly classes: readonly C[];
  /** Absent where a class is the only one. */
  readonly threshold?: number;
};

/** Of an answer with any number of classes, those that are given; none where a class is the only one. */
export function givenClasses<C extends { readonly probability: number }>({
  classes,
  threshold,
}: Ranked<C>): readonly C[] {
  return threshold === undefined ? [] : classes.filter(({ probability }) => probability >= threshold);
}

/** The likeliest classes, so many at most; of those that may come together all that are given. */
export function likeliestClasses<C extends { readonly probability: number }>(
  answer: Ranked<C>,
  most: number,
): readonly C[] {
  return answer.classes.slice(0, Math.max(most, givenClasses(answer).length));
}

/** How well one class is found. */
export type LabelClassScore = ClassScore & {
  /** See {@link averagePrecision}; null where no sample has the class. */
  readonly averagePrecision: number | null;
};

/** What is true (1 or 0) and what was given (probabilities), both `[samples, classes]`. */
export type LabelAnswers = {
  readonly classes: readonly string[];
  readonly truth: ArrayLike<number>;
  readonly given: ArrayLike<number>;
};

/**
 * The mean of the precisions at each sample that has the class, from the surest answer down: the sum over thresholds of (R_n - R_(n-1)) P_n,
 * with answers of one probability taken together, as scikit-learn's `average_precision_score` has it. Truths 0, 0, 1, 1 with probabilities
 * 0.1, 0.4, 0.35, 0.8 give 0.5 x 1 + 0.5 x 2/3 = 0.8333. Null where nothing is true.
 */
export function averagePrecision(truth: ArrayLike<number>, given: ArrayLike<number>): number | null {
  const order = Array.from({ length: truth.length }, (_, at) => at).sort((a, b) => (given[b] ?? 0) - (given[a] ?? 0));
  const wanted = order.reduce((sum, at) => sum + (truth[at] ?? 0), 0);
  if (wanted === 0) return null;
  let hits = 0;
  let sum = 0;
  for (let from = 0; from < order.length;) {
    const probability = given[order[from] ?? 0];
    let to = from;
    let found = 0;
    while (to < order.length && given[order[to] ?? 0] === probability) found += truth[order[to++] ?? 0] ?? 0;
    hits += found;
    sum += found * (hits / to);
    from = to;
  }
  return sum / wanted;
}

function columnOf(values: ArrayLike<number>, index: number, classCount: number): Float32Array {
  return Float32Array.from({ length: values.length / classCount }, (_, row) => values[row * classCount + index] ?? 0);
}

/** Each class by itself, as if it were the only question: precision, recall, F1, IoU and average precision. */
export function labelClassScores(
  { classes, truth, given }: LabelAnswers,
  threshold = labelThreshold,
): readonly LabelClassScore[] {
  return classes.map((name, index) => {
    const own = columnOf(truth, index, classes.length);
    const scores = columnOf(given, index, classes.length);
    let [hits, count, said] = [0, 0, 0];
    own.forEach((isTrue, at) => {
      const isGiven = (scores[at] ?? 0) >= threshold;
      count += isTrue;
      said += isGiven ? 1 : 0;
      hits += isGiven ? isTrue : 0;
    });
    return {
      name,
      count,
      given: said,
      precision: ratio(hits, said),
      recall: ratio(hits, count),
      f1: ratio(2 * hits, said + count),
      iou: ratio(hits, said + count - hits),
      averagePrecision: averagePrecision(own, scores),
    };
  });
}

/** The mean average precision of classes; null where no sample has any. */
export function meanAveragePrecision(scores: readonly LabelClassScore[]): number | null {
  const known = scores.flatMap(({ averagePrecision: own }) => (own === null ? [] : [own]));
  return known.length === 0 ? null : known.reduce((sum, own) => sum + own, 0) / known.length;
}

/** The share of samples whose classes are all right at a threshold. */
export function exactMatch({ classes, truth, given }: LabelAnswers, threshold = labelThreshold): number {
  const count = truth.length / Math.max(1, classes.length);
  let right = 0;
  for (let row = 0; row < count; row++) right += missesOf({ classes, truth, given }, row, threshold) === 0 ? 1 : 0;
  return right / Math.max(1, count);
}

/** How many classes of a sample are wrong at a threshold: given and not there, or there and not given. */
export function missesOf({ classes, truth, given }: LabelAnswers, sample: number, threshold = labelThreshold): number {
  let misses = 0;
  for (let at = sample * classes.length; at < (sample + 1) * classes.length; at++) {
    if ((given[at] ?? 0) >= threshold !== (truth[at] === 1)) misses += 1;
  }
  return misses;
}

/**
 * All of {@link LabelScores}. These are scikit-learn's `f1_score` with average='macro' over the labels that are there (zero_division=0),
 * `f1_score` with average='micro' over all labels, the mean of `average_precision_score` over those that are there, and `accuracy_score`.
 */
export function labelScores(answers: LabelAnswers, threshold = labelThreshold): LabelScores {
  return summarizeLabels(labelClassScores(answers, threshold), exactMatch(answers, threshold));
}

/** {@link LabelScores} of what is known class by class. */
export function summarizeLabels(scores: readonly LabelClassScore[], exact: number): LabelScores {
  const sum = (of: (score: LabelClassScore) => number): number => scores.reduce((all, score) => all + of(score), 0);
  const both = sum(({ count, given }) => count + given);
  const hits = sum(({ recall, count }) => (recall ?? 0) * count);
  return {
    macroF1: meanScores(scores).f1,
    microF1: ratio(2 * hits, both),
    meanAveragePrecision: meanAveragePrecision(scores),
    exactMatch: exact,
  };
}

/** The classes of a sample that are true, and those that are given at a threshold, the surest first. */
export function labelsOfSample(
  { classes, truth, given }: LabelAnswers,
  sample: number,
  threshold = labelThreshold,
): { readonly truth: readonly number[]; readonly given: readonly number[] } {
  const at = sample * classes.length;
  const places = classes.map((_, index) => index);
  return {
    truth: places.filter((index) => truth[at + index] === 1),
    given: places
      .filter((index) => (given[at + index] ?? 0) >= threshold)
      .sort((a, b) => (given[at + b] ?? 0) - (given[at + a] ?? 0)),
  };
}

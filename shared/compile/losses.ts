import { isOfClasses, type Task } from '../schema/data';
import type { LossName, TrainingConfig } from '../schema/training';
import type { FunctionBuilder, Value } from '../ops/builder';
import { perceptualTerms, summedTerms } from './perceptual';
import type { PerceptualLoss } from './perceptual';

/** What is learned. */
export type TrainingTask = {
  readonly kind: Task;
  /** Unused where there are no classes. */
  readonly classCount: number;
  /** Whether labels may be {@link ignoredLabel}; at most 255 classes then. Only labels of pixels may. */
  readonly hasIgnored?: boolean;
  /** Whether the network tells two classes of pixels by one channel; see oneScore.ts. */
  readonly hasOneScore?: boolean;
};

/** The label of a pixel that belongs to no class, as in the masks of Pascal VOC: it counts neither in the loss nor in the scores. */
export const ignoredLabel = 255;

/** A loss by its name; formulas at {@link lossTerms}. */
export type Loss = Exclude<LossName, 'auto'>;

/** What shapes a loss; what is absent is off. Validation is without weights, so that runs can be compared. */
export type LossOptions = Partial<Pick<TrainingConfig, 'labelSmoothing' | 'focalGamma'>> & {
  /** What a sample or pixel of each class counts. */
  readonly weightsOfClasses?: readonly number[];
  /** By what pictures are compared under the perceptual loss. */
  readonly perceptual?: PerceptualLoss;
};

/** What a head is taken to give: scores for a softmax, scores of classes that do not exclude each other, or values. */
const meanings: { readonly [K in Loss]: 'softmax' | 'sigmoid' | 'values' } = {
  crossEntropy: 'softmax',
  focal: 'softmax',
  dice: 'softmax',
  binaryCrossEntropy: 'sigmoid',
  meanSquaredError: 'values',
  meanAbsoluteError: 'values',
  perceptual: 'values',
};

/** Whether a loss is of numbers as well as of classes. */
export function isLossOfValues(loss: Loss): boolean {
  return meanings[loss] === 'values';
}

/** Whether a loss makes probabilities of scores by a softmax of its own. */
export function isLossOfScores(loss: Loss): boolean {
  return meanings[loss] === 'softmax';
}

/** Whether a loss is one number for each sample, whatever pixels it has: it has no weights of classes. */
export function isLossOfSamples(loss: Loss): loss is 'dice' {
  return loss === 'dice';
}

/** What a trained network answers with: probabilities where its loss is of such, else the values themselves. */
export function scoresFor(ops: FunctionBuilder, loss: Loss, answer: Value): Value {
  switch (meanings[loss]) {
    case 'softmax':
      return ops.softmax(logitsOf(ops, answer));
    case 'sigmoid':
      return ops.unary('sigmoid', logitsOf(ops, answer, 'sigmoid'));
    case 'values':
      return answer;
  }
}

/** The loss that 'auto' stands for; the binary cross-entropy of one score is the cross-entropy of the two classes that it tells apart. */
export function lossFor(task: TrainingTask, name: LossName): Loss {
  if (task.hasOneScore === true && name === 'binaryCrossEntropy') return 'crossEntropy';
  if (name !== 'auto') return name;
  if (task.kind === 'multi-label') return 'binaryCrossEntropy';
  return isOfClasses(task.kind) ? 'crossEntropy' : 'meanSquaredError';
}

/** The values before a softmax (or sigmoid) that ends a network, else the values themselves: the cross-entropies bring their own. */
export function logitsOf(ops: FunctionBuilder, output: Value, ending: 'softmax' | 'sigmoid' = 'softmax'): Value {
  const node = ops.nodeOf(output);
  const [source] = node.inputs;
  if (node.op === 'reshape' && source !== undefined) {
    const inner = logitsOf(ops, ops.valueAt(source), ending);
    // Only a softmax over the same last axis survives being reshaped.
    const sameClasses = inner.shape.at(-1) === output.shape.at(-1);
    return inner.id !== source && sameClasses ? ops.reshape(inner, output.shape) : output;
  }
  return node.op === ending && source !== undefined ? ops.valueAt(source) : output;
}

/** 1 where a label is one of the classes, 0 where it is {@link ignoredLabel}; null where every label is a class. */
export function countedLabels(ops: FunctionBuilder, task: TrainingTask, y: Value): Value | null {
  if (task.hasIgnored !== true) return null;
  return ops.sub(1, ops.binary('equal', ops.cast(y, 'float32'), ignoredLabel));
}

/** The labels with class 0 for those that do not count: engines differ in what they make of a class that is not there. */
export function plainLabels(ops: FunctionBuilder, counted: Value | null, y: Value): Value {
  return counted === null ? y : ops.cast(ops.mul(ops.cast(y, 'float32'), counted), 'int32');
}

/** Losses of samples or pixels, and what each counts in their mean; null: all the same. Those that do not count are 0. */
export type LossTerms = { readonly losses: Value; readonly counted: Value | null };

/**
 * Loss of each sample or pixel, shape [batch] or [batch, h, w]; of a picture that is learned, of each of its pixels over the channels:
 * - crossEntropy: -sum over classes of t log softmax(logits), where t is the label's class, less `labelSmoothing` spread over all.
 * - focal: (1 - p)^focalGamma times the cross-entropy, with p the probability of the label (Lin et al., arXiv 1708.02002).
 * - dice: of each sample 1 - the mean over the classes that its mask has of (2 sum p t + 1) / (sum p + sum t + 1), the sums over pixels;
 *   of one score that of the thing alone, whether the mask has it or not.
 * - binaryCrossEntropy: the mean over classes of each one's own yes or no, by a sigmoid; for multi-label with `labelSmoothing` of each
 *   yes or no spread over both, as in Keras.
 * - meanSquaredError, meanAbsoluteError: the mean over the last axis, with one-hot targets where y are classes, as in Keras.
 * - perceptual: of each sample the sum of {@link perceptualTerms}.
 *
 * Weights of classes make the mean a weighted one, as in PyTorch: the sum of weight times loss by the sum of weights. For multi-label they
 * are what the yes of each class counts, its no counting 1, as PyTorch's `pos_weight`: the mean is a plain one.
 */
export function lossTerms(
  ops: FunctionBuilder,
  { loss, task, ...options }: LossOptions & { readonly loss: Loss; readonly task: TrainingTask },
  output: Value,
  y: Value,
): LossTerms {
  if (loss === 'perceptual') {
    const { perceptual } = options;
    if (perceptual === undefined) throw new Error('Compile: the perceptual loss was checked to have its network.');
    return { losses: summedTerms(ops, perceptualTerms(ops, perceptual, output, y)), counted: null };
  }
  const ignored = countedLabels(ops, task, y);
  const labels = plainLabels(ops, ignored, y);
  if (isLossOfSamples(loss)) return { losses: diceLoss(ops, task, output, labels, ignored), counted: null };
  const each = elementLoss(ops, loss, { task, options, output, labels, y });
  const weights = weightsOf(ops, task, options, labels);
  const counted = ignored === null || weights === null ? (ignored ?? weights) : ops.mul(ignored, weights);
  // Smoothed labels have their weights within.
  const factor = loss === 'crossEntropy' && isSmoothed(options) ? ignored : counted;
  return { losses: factor === null ? each : ops.mul(each, factor), counted };
}

type Compared = {
  readonly task: TrainingTask;
  readonly options: LossOptions;
  readonly output: Value;
  readonly labels: Value;
  readonly y: Value;
};

function elementLoss(
  ops: FunctionBuilder,
  loss: Exclude<Loss, 'dice' | 'perceptual'>,
  { task, options, output, labels, y }: Compared,
): Value {
  const smoothing = task.kind === 'multi-label' && loss === 'binaryCrossEntropy' ? (options.labelSmoothing ?? 0) : 0;
  const wanted = (): Value => (isOfClasses(task.kind) ? ops.oneHot(labels, task.classCount) : y);
  const target = (): Value => (smoothing === 0 ? wanted() : ops.add(ops.mul(1 - smoothing, wanted()), smoothing / 2));
  switch (loss) {
    case 'crossEntropy':
      return isSmoothed(options)
        ? smoothedCrossEntropy(ops, options, logitsOf(ops, output), target())
        : ops.softmaxCrossEntropy(logitsOf(ops, output), labels);
    case 'focal':
      return focalLoss(ops, options, ops.softmaxCrossEntropy(logitsOf(ops, output), labels));
    case 'binaryCrossEntropy':
      return binaryCrossEntropy(ops, logitsOf(ops, output, 'sigmoid'), target(), weightOfYes(ops, task, options));
    case 'meanSquaredError':
    case 'meanAbsoluteError': {
      const each = ops.unary(loss === 'meanSquaredError' ? 'square' : 'abs', ops.sub(output, target()));
      const weights = weightOfYes(ops, task, options);
      return ops.reduce('reduceMean', weights === null ? each : ops.mul(each, byYes(ops, weights, target())), [-1]);
    }
  }
}

/** What the yes of each class counts, [classes]; null where it counts as its no does. */
function weightOfYes(ops: FunctionBuilder, task: TrainingTask, { weightsOfClasses }: LossOptions): Value | null {
  if (weightsOfClasses === undefined || task.kind !== 'multi-label') return null;
  return ops.constant(weightsOfClasses, [task.classCount]);
}

/** 1 where a target is 0, the weight where it is 1. */
function byYes(ops: FunctionBuilder, weights: Value, target: Value): Value {
  return ops.add(1, ops.mul(ops.sub(weights, 1), target));
}

function isSmoothed({ labelSmoothing = 0 }: LossOptions): boolean {
  return labelSmoothing !== 0;
}

/** What each sample or pixel counts by its class; null where all count the same. */
function weightsOf(
  ops: FunctionBuilder,
  task: TrainingTask,
  { weightsOfClasses }: LossOptions,
  labels: Value,
): Value | null {
  if (weightsOfClasses === undefined || !isOfClasses(task.kind)) return null;
  const weights = ops.constant(weightsOfClasses, [task.classCount]);
  return ops.reduce('reduceSum', ops.mul(ops.oneHot(labels, task.classCount), weights), [-1]);
}

/** With the weight of each class at its own share of the target, as PyTorch has it. */
function smoothedCrossEntropy(
  ops: FunctionBuilder,
  { labelSmoothing = 0, weightsOfClasses }: LossOptions,
  logits: Value,
  hot: Value,
): Value {
  const classCount = Number(hot.shape.at(-1));
  const target = ops.add(ops.mul(1 - labelSmoothing, hot), labelSmoothing / classCount);
  const weighted =
    weightsOfClasses === undefined ? target : ops.mul(target, ops.constant(weightsOfClasses, [classCount]));
  return ops.unary('neg', ops.reduce('reduceSum', ops.mul(weighted, ops.logSoftmax(logits)), [-1]));
}

/** The least that a logarithm is taken of, where a power is made of one. */
const smallest = 1e-7;

function focalLoss(ops: FunctionBuilder, { focalGamma = 2 }: LossOptions, crossEntropy: Value): Value {
  const miss = ops.sub(1, ops.unary('exp', ops.unary('neg', crossEntropy)));
  const power = (): Value =>
    ops.unary('exp', ops.mul(focalGamma, ops.unary('log', ops.binary('maximum', miss, smallest))));
  return ops.mul(focalGamma === 2 ? ops.unary('square', miss) : power(), crossEntropy);
}

/**
 * max(z, 0) - z t + log(1 + exp(-|z|)): the same as with a sigmoid, and never infinite. The larger of z and 0 is (z + |z|) / 2, because
 * with a relu the slope at scores of exactly 0, where a head of zeros starts, would be -t and not 1/2 - t.
 */
function binaryCrossEntropy(ops: FunctionBuilder, logits: Value, target: Value, weights: Value | null): Value {
  const size = ops.unary('abs', logits);
  const rest = ops.unary('log', ops.add(1, ops.unary('exp', ops.unary('neg', size))));
  if (weights !== null) {
    // (1 - t) z + (1 + (w - 1) t) log(1 + exp(-z)), in the same way never infinite.
    const ofYes = ops.add(ops.mul(0.5, ops.sub(size, logits)), rest);
    const no = ops.mul(ops.sub(1, target), logits);
    return ops.reduce('reduceMean', ops.add(no, ops.mul(byYes(ops, weights, target), ofYes)), [-1]);
  }
  const larger = ops.mul(0.5, ops.add(logits, size));
  const each = ops.add(ops.sub(larger, ops.mul(logits, target)), rest);
  return ops.reduce('reduceMean', each, [-1]);
}

function diceLoss(
  ops: FunctionBuilder,
  task: TrainingTask,
  output: Value,
  labels: Value,
  ignored: Value | null,
): Value {
  const only = (values: Value): Value =>
    ignored === null ? values : ops.mul(values, ops.reshape(ignored, [...ignored.shape, 1]));
  const given = only(ops.softmax(logitsOf(ops, output)));
  const target = only(ops.oneHot(labels, task.classCount));
  const overPixels = (values: Value): Value => ops.reduce('reduceSum', values, [...values.shape.keys()].slice(1, -1));
  const area = overPixels(target);
  const both = ops.add(ops.mul(2, overPixels(ops.mul(given, target))), 1);
  const lost = ops.sub(1, ops.div(both, ops.add(ops.add(overPixels(given), area), 1)));
  // A class that is not there would be met by giving it nothing: of many classes, an answer of the ground alone would cost next to nothing.
  const isThere = task.hasOneScore === true ? ops.constant([0, 1], [2]) : ops.binary('minimum', area, 1);
  return meanOfCounted(ops, ops.mul(lost, isThere), isThere, [-1]);
}

/** Below any sum of weights that count, and above the zero that nothing may be divided by. */
const leastCount = 1e-6;

/** Sum over some axes by the number that counts there; 0 where none does. */
function meanOfCounted(ops: FunctionBuilder, losses: Value, counted: Value, axes: readonly number[]): Value {
  const sum = ops.reduce('reduceSum', losses, axes);
  return ops.div(sum, ops.binary('maximum', ops.reduce('reduceSum', counted, axes), leastCount));
}

/** The mean over batch and pixels, or over those pixels that count: the number that training makes smaller. */
export function meanLoss(ops: FunctionBuilder, { losses, counted }: LossTerms): Value {
  const axes = [...losses.shape.keys()];
  return counted === null ? ops.reduce('reduceMean', losses, axes) : meanOfCounted(ops, losses, counted, axes);
}

/** The sum over the batch of each sample's mean, so that batches of any size add up to a data set's loss. */
export function summedLoss(ops: FunctionBuilder, { losses, counted }: LossTerms): Value {
  const axes = [...losses.shape.keys()].slice(1);
  if (axes.length === 0) return ops.reduce('reduceSum', losses, [0]);
  const perSample =
    counted === null ? ops.reduce('reduceMean', losses, axes) : meanOfCounted(ops, losses, counted, axes);
  return ops.reduce('reduceSum', perSample, [0]);
}

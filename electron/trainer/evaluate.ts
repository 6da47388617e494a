import { elementCount } from '../../shared/ops/tensor';
import { isOfClasses } from '../../shared/schema/data';
import type { BaselineScores } from '../../shared/training/events';
import { labelScores } from '../../shared/training/labelScores';
import type { LabelScores } from '../../shared/training/labelScores';
import { lossPartNames } from '../../shared/training/lossParts';
import type { LossParts } from '../../shared/training/lossParts';
import { psnrOf } from '../../shared/training/psnr';
import type { Samples } from '../data/dataset';
import { convertChannels, resizeImage } from '../data/resize';
import { answerCount, makeBatch } from './batches';
import type { BatchForm } from './batches';
import type { EngineSession, TensorMap } from '../engines/engine';

/** Scores over a whole split. Fractions; null where the task has no such number. */
export type Scores = {
  /** Mean over samples. */
  readonly loss: number;
  readonly accuracy: number | null;
  readonly meanIou: number | null;
  /** For multi-label; absent for other tasks. */
  readonly labels?: LabelScores;
  /** In decibels; absent where no pictures are learned. */
  readonly psnr?: number;
  /** Of a perceptual loss. */
  readonly parts?: LossParts;
};

/** The one value of an output; NaN when the engine did not give it. */
export function scalarOf(outputs: TensorMap, name: string): number {
  return outputs[name]?.data[0] ?? NaN;
}

/**
 * Mean over classes of intersection / union, leaving out classes that neither the labels nor the answers contain. Intersections
 * 90 and 5 over unions 100 and 20 give (0.9 + 0.25) / 2 = 0.575. Source: Long, Shelhamer and Darrell, arXiv 1411.4038, section 5.
 */
export function meanIou(intersection: readonly number[], union: readonly number[]): number {
  const ratios = union.flatMap((size, index) => (size > 0 ? [(intersection[index] ?? 0) / size] : []));
  return ratios.length === 0 ? 0 : ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}

/** How often each class is a label, in batches as they are scored, so that labels outside a cropped output do not count. */
export function countLabels(samples: Samples, form: BatchForm, classCount: number): readonly number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (let index = 0; index < samples.count; index++) addLabels(counts, samples, index, form);
  // Pixels of no class have a label beyond the last one.
  return counts.slice(0, classCount);
}

/** As {@link countLabels}, of each sample for itself: the pixels of each class in its mask. */
export function countAreas(samples: Samples, form: BatchForm, classCount: number): readonly (readonly number[])[] {
  return Array.from({ length: samples.count }, (_, index) => {
    const counts = new Array<number>(classCount).fill(0);
    addLabels(counts, samples, index, form);
    return counts.slice(0, classCount);
  });
}

function addLabels(counts: number[], samples: Samples, index: number, form: BatchForm): void {
  for (const label of makeBatch(samples, [index], { ...form, inputShape: [0] }).y.data)
    counts[label] = (counts[label] ?? 0) + 1;
}

/** What an answer scores that has learned nothing; see {@link BaselineScores}. */
export function baselineScores(
  train: Samples,
  validation: Samples,
  form: BatchForm,
  classCount: number,
): BaselineScores {
  return baselineOver([train], [validation], form, classCount);
}

/** As {@link baselineScores}, over several sets: of the commonest class of `seen`, answered for all of `scored`. */
export function baselineOver(
  seen: readonly Samples[],
  scored: readonly Samples[],
  form: BatchForm,
  classCount: number,
): BaselineScores {
  if (form.task === 'image-to-image') {
    const psnr = form.isStyled === true ? null : inputPsnr(scored, form);
    return { accuracy: 0, meanIou: null, ...(psnr === null ? {} : { psnr }) };
  }
  if (form.task === 'multi-label') {
    const truth = scored.flatMap((samples) => Array.from(samples.targets.subarray(0, samples.targets.length)));
    const given = new Float32Array(truth.length).fill(1);
    return { accuracy: 0, meanIou: null, labels: labelScores({ classes: classNumbers(classCount), truth, given }) };
  }
  if (!isOfClasses(form.task)) return { accuracy: 0, meanIou: null };
  const count = (sets: readonly Samples[]): readonly number[] =>
    sets
      .map((samples) => countLabels(samples, form, classCount))
      .reduce((sum, counts) => sum.map((value, index) => value + (counts[index] ?? 0)));
  const trained = count(seen);
  const commonest = trained.indexOf(Math.max(...trained));
  const counts = count(scored);
  const total = counts.reduce((sum, value) => sum + value, 0);
  const hits = counts[commonest] ?? 0;
  if (form.task === 'classification') return { accuracy: total === 0 ? 0 : hits / total, meanIou: null };
  const intersection = counts.map((_, index) => (index === commonest ? hits : 0));
  const union = counts.map((value, index) => (index === commonest ? total : value));
  return { accuracy: total === 0 ? 0 : hits / total, meanIou: meanIou(intersection, union) };
}

/** Classes without names: what is scored by numbers alone needs none. */
function classNumbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

/** So many pictures of each set tell well enough how far inputs are from targets; all of a large set would be read for it. */
const comparedPictures = 2000;

/** The PSNR of the inputs themselves, brought to the size of the targets by plain resizing: linear when larger, by means when smaller. Null where they are the targets. */
function inputPsnr(scored: readonly Samples[], { inputShape, targetShape }: BatchForm): number | null {
  const [fromHeight = 1, fromWidth = 1, fromChannels = 1] = inputShape;
  const [height = 1, width = 1, channels = 1] = targetShape;
  const [fromSize, size] = [elementCount(inputShape), elementCount(targetShape)];
  let sum = 0;
  let count = 0;
  for (const samples of scored) {
    const taken = Math.min(comparedPictures, samples.count);
    for (let place = 0; place < taken; place++) {
      const index = Math.floor((place * samples.count) / taken);
      const data = Uint8Array.from(samples.inputs.subarray(index * fromSize, (index + 1) * fromSize));
      const given = { height: fromHeight, width: fromWidth, channels: fromChannels, data };
      const resized = resizeImage(convertChannels(given, channels), height, width).data;
      const target = samples.targets.subarray(index * size, (index + 1) * size);
      for (let at = 0; at < size; at++) sum += (((resized[at] ?? 0) - (target[at] ?? 0)) / 255) ** 2;
      count += size;
    }
  }
  return sum === 0 ? null : psnrOf(sum / Math.max(1, count));
}

/** The mean squared error of answering the mean of the values of `seen` for all of `scored`, in the units of the samples. */
export function baselineLoss(seen: Samples, scored: Samples): number {
  const size = seen.targets.length / Math.max(1, seen.count);
  // Row by row, since the values of a large set are read from disk.
  const row = ({ targets }: Samples, at: number) => targets.subarray(at * size, (at + 1) * size);
  const means = new Float64Array(size);
  for (let at = 0; at < seen.count; at++)
    row(seen, at).forEach((value, place) => (means[place] = (means[place] ?? 0) + value / seen.count));
  let sum = 0;
  for (let at = 0; at < scored.count; at++)
    row(scored, at).forEach((value, place) => (sum += (value - (means[place] ?? 0)) ** 2));
  return sum / Math.max(1, scored.targets.length);
}

/**
 * Runs 'evaluate' over all samples in order, the last batch as short as it is. `shouldEnd` gives up in between: null. `tell` hears after
 * each batch how many are done.
 */
export async function evaluateSamples(
  session: EngineSession,
  samples: Samples,
  form: BatchForm,
  batchSize: number,
  shouldEnd: () => boolean,
  tell?: (done: number) => void,
): Promise<Scores | null> {
  return await evaluateSets(session, [samples], form, batchSize, shouldEnd, tell);
}

/** As {@link evaluateSamples}, over several sets as if they were one. */
export async function evaluateSets(
  session: EngineSession,
  sets: readonly Samples[],
  form: BatchForm,
  batchSize: number,
  shouldEnd: () => boolean,
  tell?: (done: number) => void,
): Promise<Scores | null> {
  let lossSum = 0;
  let correct = 0;
  let squaredSum = 0;
  let answers = 0;
  let count = 0;
  const intersection: number[] = [];
  const union: number[] = [];
  const labels = form.task === 'multi-label' ? { truth: [] as number[], given: [] as number[] } : null;
  const parts: { -readonly [part in keyof LossParts]: LossParts[part] } = {};
  for (const samples of sets) {
    for (let from = 0; from < samples.count; from += batchSize) {
      if (shouldEnd()) return null;
      const indices = Array.from({ length: Math.min(batchSize, samples.count - from) }, (_, offset) => from + offset);
      const batch = makeBatch(samples, indices, form);
      const outputs = await session.run('evaluate', batch);
      count += indices.length;
      lossSum += scalarOf(outputs, 'lossSum');
      answers += answerCount(batch, form);
      correct += isOfClasses(form.task) ? scalarOf(outputs, 'correct') : 0;
      squaredSum += form.task === 'image-to-image' ? scalarOf(outputs, 'squaredSum') : 0;
      for (const value of labels === null ? [] : batch.y.data) labels?.truth.push(value);
      for (const value of labels === null ? [] : (outputs['scores']?.data ?? [])) labels?.given.push(value);
      for (const part of lossPartNames) {
        if (outputs[part] !== undefined) parts[part] = (parts[part] ?? 0) + scalarOf(outputs, part);
      }
      outputs['intersection']?.data.forEach(
        (value, index) => (intersection[index] = (intersection[index] ?? 0) + value),
      );
      outputs['union']?.data.forEach((value, index) => (union[index] = (union[index] ?? 0) + value));
      tell?.(count);
      await letMessagesIn();
    }
  }
  return {
    loss: lossSum / count,
    accuracy: isOfClasses(form.task) ? correct / Math.max(1, answers) : null,
    meanIou: form.task === 'segmentation' ? meanIou(intersection, union) : null,
    ...(labels === null
      ? {}
      : { labels: labelScores({ classes: classNumbers(elementCount(form.targetShape)), ...labels }) }),
    ...(form.task === 'image-to-image' && form.isStyled !== true ? { psnr: psnrOf(squaredSum / count) } : {}),
    ...(Object.keys(parts).length === 0 ? {} : { parts: meanParts(parts, count) }),
  };
}

function meanParts(sums: LossParts, count: number): LossParts {
  return Object.fromEntries(
    lossPartNames.flatMap((part) => (sums[part] === undefined ? [] : [[part, sums[part] / count]])),
  );
}

/** Engines may compute without ever going back to the event loop; this is where a stop can arrive. */
export function letMessagesIn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

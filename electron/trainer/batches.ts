import { ignoredLabel, isLossOfSamples } from '../../shared/compile/losses';
import type { Loss } from '../../shared/compile/losses';
import { elementCount, scalarTensor } from '../../shared/ops/tensor';
import { isOfClasses } from '../../shared/schema/data';
import type { Task } from '../../shared/schema/data';
import { changeOfTarget, warpLabels, warpPicture } from '../data/augment';
import type { PictureChange } from '../data/augment';
import type { Samples } from '../data/dataset';
import { mixSamples } from '../data/mixing';
import type { BatchMix } from '../data/mixing';
import type { HostTensor } from '../engines/engine';

/** How samples become the tensors that a compiled program takes. */
export type BatchForm = {
  readonly task: Task;
  readonly inputShape: readonly number[];
  /** Shape of one target as it is stored: `[]`, `[classes]`, `[height, width]`, `[k]` or `[height, width, channels]`. */
  readonly targetShape: readonly number[];
  /** Shape of one target as the network gives it; smaller per-pixel ones are cut from the middle. */
  readonly outputShape: readonly number[];
  /** Whether labels may be {@link ignoredLabel}. */
  readonly hasIgnored?: boolean;
  /** Whether answers are to have a style of their own, so that likeness to the pixels of their targets is no score. */
  readonly isStyled?: boolean;
};

export type Batch = { readonly x: HostTensor; readonly y: HostTensor };

/** A batch whose samples are mixed: of classes with the labels of those that were mixed in, and the share of the first. */
export type MixedBatch = Batch & { readonly other?: HostTensor; readonly share?: HostTensor };

/** Pixels go to 0..1 and nothing more: the same for training, prediction and exported code. */
export const pixelScale = 1 / 255;

function inputTensor(
  samples: Samples,
  indices: ArrayLike<number>,
  shape: readonly number[],
  changes: readonly PictureChange[] | null,
): HostTensor {
  const size = elementCount(shape);
  const data = new Float32Array(indices.length * size);
  const scale = samples.inputs instanceof Float32Array ? 1 : pixelScale;
  for (let row = 0; row < indices.length; row++) {
    const from = (indices[row] ?? 0) * size;
    const to = row * size;
    const values = samples.inputs.subarray(from, from + size);
    const change = changes?.[row];
    if (change === undefined) for (let at = 0; at < size; at++) data[to + at] = (values[at] ?? 0) * scale;
    else warpPicture(values, shape, scale, change, data.subarray(to, to + size));
  }
  return { dtype: 'float32', shape: [indices.length, ...shape], data };
}

/** Class numbers of whole images, or of the middle of label images. */
function labelTensor(
  samples: Samples,
  indices: ArrayLike<number>,
  form: BatchForm,
  changes: readonly PictureChange[] | null,
): HostTensor {
  const [fromHeight = 1, fromWidth = 1] = form.targetShape;
  const [height = 1, width = 1] = form.task === 'segmentation' ? form.outputShape : [];
  const top = Math.floor((fromHeight - height) / 2);
  const left = Math.floor((fromWidth - width) / 2);
  const data = new Int32Array(indices.length * height * width);
  for (let row = 0; row < indices.length; row++) {
    const base = (indices[row] ?? 0) * fromHeight * fromWidth;
    const stored = samples.targets.subarray(base, base + fromHeight * fromWidth);
    const change = form.task === 'segmentation' ? changes?.[row] : undefined;
    const labels = change === undefined ? stored : warpLabels(stored, fromHeight, fromWidth, change);
    for (let y = 0; y < height; y++) {
      const from = (y + top) * fromWidth + left;
      const to = (row * height + y) * width;
      for (let x = 0; x < width; x++) data[to + x] = labels[from + x] ?? 0;
    }
  }
  return { dtype: 'int32', shape: [indices.length, ...(form.task === 'segmentation' ? [height, width] : [])], data };
}

/** Values to be learned: numbers, and a yes or no for each class, as they stand, and pictures in 0..1 whatever becomes of those of the input. */
function valueTensor(
  samples: Samples,
  indices: ArrayLike<number>,
  form: BatchForm,
  changes: readonly PictureChange[] | null,
): HostTensor {
  const size = elementCount(form.targetShape);
  const data = new Float32Array(indices.length * size);
  const scale = form.task === 'image-to-image' ? pixelScale : 1;
  for (let row = 0; row < indices.length; row++) {
    const from = (indices[row] ?? 0) * size;
    const values = samples.targets.subarray(from, from + size);
    const into = data.subarray(row * size, (row + 1) * size);
    const change = form.task === 'image-to-image' ? changes?.[row] : undefined;
    if (change === undefined) for (let at = 0; at < size; at++) into[at] = (values[at] ?? 0) * scale;
    else warpPicture(values, form.targetShape, scale, changeOfTarget(change, form.inputShape, form.targetShape), into);
  }
  const shape = form.task === 'multi-label' ? form.targetShape : form.outputShape;
  return { dtype: 'float32', shape: [indices.length, ...shape], data };
}

/** What the samples at `indices` are to be answered with; see {@link makeBatch}. */
export function makeTargets(
  samples: Samples,
  indices: ArrayLike<number>,
  form: BatchForm,
  changes: readonly PictureChange[] | null,
): HostTensor {
  return (isOfClasses(form.task) ? labelTensor : valueTensor)(samples, indices, form, changes);
}

/** The samples at `indices` as one batch, each changed by its own of `changes` where there are some. */
export function makeBatch(
  samples: Samples,
  indices: ArrayLike<number>,
  form: BatchForm,
  changes: readonly PictureChange[] | null = null,
): Batch {
  return {
    x: inputTensor(samples, indices, form.inputShape, changes),
    y: makeTargets(samples, indices, form, changes),
  };
}

function mixTensor(tensor: HostTensor, mix: BatchMix): HostTensor {
  const [, ...shape] = tensor.shape;
  return { dtype: 'float32', shape: tensor.shape, data: mixSamples(Float32Array.from(tensor.data), mix, shape) };
}

/** A batch mixed with itself. Values and pictures that are learned are mixed as their samples are, labels stand side by side. */
export function mixBatch({ x, y }: Batch, { task }: Pick<BatchForm, 'task'>, mix: BatchMix): MixedBatch {
  const mixed = mixTensor(x, mix);
  // How much of a picture is the other's counts for each of its classes; there is no rectangle in a list of them.
  if (task === 'multi-label') return { x: mixed, y: mixTensor(y, { ...mix, box: null }) };
  if (!isOfClasses(task)) return { x: mixed, y: mixTensor(y, mix) };
  const labels = Int32Array.from(mix.others, (other) => y.data[other] ?? 0);
  return { x: mixed, y, other: { dtype: 'int32', shape: y.shape, data: labels }, share: scalarTensor(mix.share) };
}

/** What `correct` is to be divided by: per-image labels count once, per-pixel labels once per pixel that has a class. */
export function answerCount({ y }: Pick<Batch, 'y'>, form: Pick<BatchForm, 'hasIgnored'>): number {
  if (form.hasIgnored !== true) return y.data.length;
  let count = 0;
  for (const label of y.data) if (label !== ignoredLabel) count += 1;
  return count;
}

/**
 * What the mean loss of a batch is taken over, in samples, pixels or their weights: by it the means of several batches make the mean of
 * all of them.
 */
export function lossCount(
  { y }: Pick<Batch, 'y'>,
  form: Pick<BatchForm, 'task' | 'hasIgnored'>,
  loss: Loss,
  weightsOfClasses: readonly number[] | undefined,
): number {
  const isWeighted = form.hasIgnored === true || weightsOfClasses !== undefined;
  if (!isOfClasses(form.task) || isLossOfSamples(loss) || !isWeighted) return y.shape[0] ?? 0;
  let count = 0;
  for (const label of y.data)
    count += label === ignoredLabel && form.hasIgnored === true ? 0 : (weightsOfClasses?.[label] ?? 1);
  // A batch of which nothing counts has no gradient, and divides nothing.
  return Math.max(count, 1e-6);
}

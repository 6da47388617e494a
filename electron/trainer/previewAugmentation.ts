import { checkMixing } from '../../shared/compile/mixingChecks';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { AugmentationPreview, PictureMix } from '../../shared/host/dataLook';
import { seedFor } from '../../shared/ops/random';
import { elementCount } from '../../shared/ops/tensor';
import { mixingsOf, strengthsOf } from '../../shared/schema/augmentation';
import type { Strengths } from '../../shared/schema/augmentation';
import type { TrainingConfig } from '../../shared/schema/training';
import { drawChanges, warpLabels, warpPicture } from '../data/augment';
import type { PictureChange } from '../data/augment';
import type { Dataset } from '../data/dataset';
import { refOf, shownPicture, shownShape } from '../data/look';
import { drawMix, mixSample } from '../data/mixing';
import { shuffledOrder } from '../data/split';
import { pixelScale } from './batches';
import type { TrainerQuestions } from './protocol';

type Place = TrainerQuestions['preview'][0]['samples'][number];

/** The samples that are shown, with others of the training part to a batch of which they are mixed. */
function batchOf(
  { train }: Dataset,
  known: readonly Place[],
  { batchSize, seed }: Pick<TrainingConfig, 'batchSize' | 'seed'>,
): readonly Place[] {
  const shown = new Set(known.flatMap(({ part, index }) => (part === 'train' ? [index] : [])));
  const others = Array.from(shuffledOrder(train.count, seedFor(seed, 'preview')), (index) => index)
    .filter((index) => !shown.has(index))
    .slice(0, Math.max(0, batchSize - known.length));
  return [...known, ...others.map((index) => ({ part: 'train', index }) as const)];
}

/** A picture as a step sees it by itself, of 0 to 1. */
function changedPicture(
  dataset: Dataset,
  place: Place,
  { step, seed, strengths }: { readonly step: number; readonly seed: number; readonly strengths: Strengths | null },
): { readonly values: Float32Array; readonly change: PictureChange | null } {
  const shape = shownShape(dataset);
  const { picture } = shownPicture(dataset, place);
  const [change = null] = strengths === null ? [] : drawChanges(strengths, seed, step, [place.index], shape);
  const values = new Float32Array(elementCount(shape));
  if (change !== null) warpPicture(picture.data, shape, pixelScale, change, values);
  else for (let at = 0; at < values.length; at++) values[at] = (picture.data[at] ?? 0) * pixelScale;
  return { values, change };
}

/**
 * What training pictures go through, on the pictures themselves: each as it is, and then as several steps would see it, by itself or
 * mixed with one of a batch. Fails where they cannot be mixed, as the run would.
 */
export function previewAugmentation(
  dataset: Dataset,
  { config, samples, steps }: TrainerQuestions['preview'][0],
): Result<AugmentationPreview> {
  const shape = shownShape(dataset);
  const [height, width] = shape;
  const size = elementCount(shape);
  const strengths = strengthsOf(config);
  const isMixing = mixingsOf(config).length > 0;
  const refused = checkMixing({ task: dataset.info.task, inputShape: shape }, config);
  if (refused.length > 0) return failure(...refused);
  const known = samples.filter(({ part, index }) => index < (dataset[part]?.count ?? 0));
  const batch = isMixing ? batchOf(dataset, known, config) : known;
  const perSample = 1 + (strengths === null && !isMixing ? 0 : steps);
  const pixels = new Uint8Array(known.length * perSample * size);
  const masks = dataset.info.task === 'segmentation' ? new Uint8Array(known.length * perSample * height * width) : null;
  const mixes: (PictureMix | null)[] = [];
  known.forEach((place, row) => {
    const { picture, mask } = shownPicture(dataset, place);
    for (let step = 0; step < perSample; step++) {
      const at = row * perSample + step;
      const seen = step === 0 ? null : changedPicture(dataset, place, { ...config, step, strengths });
      const mix = step === 0 ? null : drawMix(config, config.seed, step, { from: 0, count: batch.length }, shape);
      const other = mix === null ? undefined : batch[mix.others[row] ?? row];
      if (seen === null) pixels.set(picture.data, at * size);
      else {
        const shown = seen.values;
        if (mix !== null && other !== undefined) {
          const { values } = changedPicture(dataset, other, { ...config, step, strengths });
          mixSample(Float32Array.from(shown), values, mix, shape, shown);
        }
        shown.forEach((value, to) => {
          pixels[at * size + to] = Math.round(Math.min(1, Math.max(0, value)) * 255);
        });
      }
      mixes.push(
        mix === null || other === undefined
          ? null
          : {
              share: mix.share,
              own: refOf(dataset, place.part, place.index),
              other: refOf(dataset, other.part, other.index),
            },
      );
      if (mask === null || masks === null) continue;
      const change = seen?.change ?? null;
      masks.set(change === null ? mask : warpLabels(mask, height, width, change), at * height * width);
    }
  });
  return success({ shape, perSample, pixels, masks, mixes: isMixing ? mixes : null });
}

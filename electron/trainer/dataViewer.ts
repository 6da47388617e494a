import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { AugmentationPreview, DataGallery, DataLook } from '../../shared/host/dataLook';
import { elementCount } from '../../shared/ops/tensor';
import { strengthsOf } from '../../shared/schema/augmentation';
import { readingOf } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import { drawChanges, warpLabels, warpPicture } from '../data/augment';
import type { Dataset, OnProgress } from '../data/dataset';
import { galleryOf, lookAtData, shownPicture, shownShape } from '../data/look';
import type { LookedData, LookOptions } from '../data/look';
import { pixelScale } from './batches';
import type { TrainerQuestions } from './protocol';

/** Answers questions about some data and their pictures. */
export type DataViewer = {
  readonly look: (
    question: TrainerQuestions['look'][0],
    signal: AbortSignal,
    onProgress: OnProgress,
  ) => Promise<Result<DataLook>>;
  readonly gallery: (question: TrainerQuestions['gallery'][0], signal: AbortSignal) => Promise<Result<DataGallery>>;
  readonly preview: (
    question: TrainerQuestions['preview'][0],
    signal: AbortSignal,
  ) => Promise<Result<AugmentationPreview>>;
};

/** What of a configuration decides which pictures there are; how they come to the input does not. */
function keyOf(config: TrainingConfig): string {
  return JSON.stringify([config.data, { ...readingOf(config), fit: 'stretch' }]);
}

/** Looks at data. Those that were looked at last are kept: the next question is most often about them. */
export function createDataViewer(): DataViewer {
  let last: { readonly key: string; readonly dataset: Dataset } | null = null;
  const lookAt = async (config: TrainingConfig, options: LookOptions): Promise<Result<LookedData>> => {
    const looked = await lookAtData(config.data, { reading: readingOf(config), ...options });
    if (looked.ok) last = { key: keyOf(config), dataset: looked.value.dataset };
    return looked;
  };
  const open = async (config: TrainingConfig, signal: AbortSignal): Promise<Result<Dataset>> => {
    if (last?.key === keyOf(config)) return success(last.dataset);
    const looked = await lookAt(config, { signal });
    return looked.ok ? success(looked.value.dataset) : looked;
  };
  return {
    look: async ({ config, input }, signal, onProgress) => {
      const wanted = input === null ? null : { shape: input };
      const looked = await lookAt(config, { wanted, signal, onProgress });
      return looked.ok ? success(looked.value.report) : looked;
    },
    gallery: async ({ config, ...wish }, signal) => {
      const dataset = await open(config, signal);
      return dataset.ok ? success(galleryOf(dataset.value, wish)) : dataset;
    },
    preview: async (question, signal) => {
      const dataset = await open(question.config, signal);
      return dataset.ok ? success(previewOf(dataset.value, question)) : dataset;
    },
  };
}

/** What training pictures go through, on the pictures themselves: each as it is, and then as several steps would see it. */
function previewOf(dataset: Dataset, { config, samples, steps }: TrainerQuestions['preview'][0]): AugmentationPreview {
  const shape = shownShape(dataset);
  const [height, width] = shape;
  const size = elementCount(shape);
  const strengths = strengthsOf(config);
  const known = samples.filter(({ part, index }) => index < (dataset[part]?.count ?? 0));
  const perSample = 1 + (strengths === null ? 0 : steps);
  const pixels = new Uint8Array(known.length * perSample * size);
  const masks = dataset.info.task === 'segmentation' ? new Uint8Array(known.length * perSample * height * width) : null;
  const changed = new Float32Array(size);
  known.forEach((place, row) => {
    const { picture, mask } = shownPicture(dataset, place);
    for (let step = 0; step < perSample; step++) {
      const at = row * perSample + step;
      const [change] =
        strengths === null || step === 0 ? [] : drawChanges(strengths, config.seed, step, [place.index], shape);
      if (change === undefined) pixels.set(picture.data, at * size);
      else {
        warpPicture(picture.data, shape, pixelScale, change, changed);
        for (let value = 0; value < size; value++) {
          pixels[at * size + value] = Math.round(Math.min(1, Math.max(0, changed[value] ?? 0)) * 255);
        }
      }
      if (mask === null || masks === null) continue;
      masks.set(change === undefined ? mask : warpLabels(mask, height, width, change), at * height * width);
    }
  });
  return { shape, perSample, pixels, masks };
}

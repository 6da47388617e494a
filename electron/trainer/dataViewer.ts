import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { AugmentationPreview, DataGallery, DataLook } from '../../shared/host/dataLook';
import { readingOf } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import type { Dataset, OnProgress } from '../data/dataset';
import { galleryOf, lookAtData } from '../data/look';
import type { LookedData, LookOptions } from '../data/look';
import { previewAugmentation } from './previewAugmentation';
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
      return dataset.ok ? previewAugmentation(dataset.value, question) : dataset;
    },
  };
}

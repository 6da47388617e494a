import { planPerceptual } from '../../shared/compile/lossNetwork';
import type { PlannedPerceptual } from '../../shared/compile/lossNetwork';
import { lossNetworkMissing, stylePictureUnread } from '../../shared/diagnostics/catalog/perceptual';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { FloatTensor } from '../../shared/ops/tensor';
import { builtInStyles, isBuiltInStyle } from '../../shared/schema/stylePictures';
import type { TrainingConfig } from '../../shared/schema/training';
import { decodeFile } from '../data/decode';
import { isReason } from '../data/imageFile';
import { convertChannels, fitImage } from '../data/resize';
import type { Pixels } from '../data/resize';
import { drawStyle } from '../data/stylePictures';
import { readModel } from '../files/models';
import { findRun } from '../files/paths';
import { pixelScale } from './batches';

/** Whether pictures are compared through a network. */
export function isPerceptual({ loss }: Pick<TrainingConfig, 'loss'>): boolean {
  return loss === 'perceptual';
}

/** Reads the loss network of a run, for answers of `[height, width, channels]`; without an engine. */
export async function readLossNetwork(
  config: TrainingConfig,
  answer: readonly number[],
): Promise<Result<PlannedPerceptual>> {
  if (config.lossNetwork === undefined) return failure(lossNetworkMissing());
  const model = await readModel(findRun(config.lossNetwork));
  return model.ok ? planPerceptual({ path: config.lossNetwork, ...model.value }, answer, config) : model;
}

/**
 * The style picture of a run at the size of its answers, as `[1, height, width, channels]` with values from 0 to 1: cut to their
 * proportions, so that what it is made of keeps its form. Null where there is none.
 */
export async function readStylePicture(
  { stylePicture, loss }: Pick<TrainingConfig, 'stylePicture' | 'loss'>,
  [height = 1, width = 1, channels = 1]: readonly number[],
): Promise<Result<FloatTensor | null>> {
  if (stylePicture === undefined || !isPerceptual({ loss })) return success(null);
  const read = isBuiltInStyle(stylePicture)
    ? success(drawStyle(stylePicture, height, width))
    : await readFile(stylePicture);
  if (!read.ok) return read;
  const fitted = fitImage(convertChannels(read.value, channels), { height, width }, 'crop');
  const data = Float32Array.from(fitted.data, (value) => value * pixelScale);
  return success({ dtype: 'float32', shape: [1, height, width, channels], data });
}

async function readFile(path: string): Promise<Result<Pixels>> {
  const decoded = await decodeFile(path);
  return isReason(decoded) ? failure(stylePictureUnread(path, builtInStyles, decoded)) : success(decoded);
}

import { dataDamaged } from '../../shared/diagnostics/catalog/data';
import { inputSizeMismatch, predictsTables } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { ModelInput, Prediction } from '../../shared/host/api';
import { isOfTable } from '../../shared/schema/data';
import { limits } from '../../shared/schema/limits';
import { elementCount, indexOfLargest } from '../../shared/ops/tensor';
import type { FloatTensor } from '../../shared/ops/tensor';
import { formatCount, formatShape } from '../../shared/text';
import { labelThreshold } from '../../shared/training/answers';
import { decodeImage } from '../data/decode';
import { isReason } from '../data/imageFile';
import { convertChannels, fitImage } from '../data/resize';
import type { PictureFit } from '../data/resize';
import { inTargetUnits } from '../data/standardise';
import type { EngineSession } from '../engines/engine';
import { errorCode, fileDiagnostic } from '../files/fileErrors';
import { dataMissing } from '../files/missing';
import { readRegularFile } from '../files/regularFile';
import type { TrainedData } from '../files/trainedData';
import { pixelScale } from './batches';

/** A model that is loaded to predict. */
export type Predictor = {
  readonly session: EngineSession;
  readonly data: TrainedData;
  /** Shape of the trained output for one sample. */
  readonly outputShape: readonly number[];
  /** The style that its answers are to have, where it was trained for one. */
  readonly style?: FloatTensor;
};

/** A sample as it came. It closes the sizes that a network leaves open, and is then brought to the network's input. */
export type GivenSample = {
  /** `[height, width, channels]`; null for pixels that come without. */
  readonly shape: readonly number[] | null;
  /** The sample as a network of this input takes it: `[1, ...inputShape]`, pixels in 0..1. */
  readonly fit: (inputShape: readonly number[], fit?: PictureFit) => Result<FloatTensor>;
};

/** Reads a picture; {@link GivenSample.fit} brings it to a network exactly as training images are. */
async function readPicture(path: string): Promise<Result<GivenSample>> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(path, limits.imageBytes);
  } catch (error) {
    return failure(errorCode(error) === 'ENOENT' ? dataMissing(path) : fileDiagnostic(error, path, 'open'));
  }
  const image = await decodeImage(bytes);
  if (isReason(image)) return failure(dataDamaged(path, image));
  const own = [image.height, image.width, image.channels];
  return success({
    shape: own,
    fit: (inputShape, fit = 'stretch') => {
      const [height, width, channels] = inputShape;
      if (height === undefined || width === undefined || channels === undefined) {
        return failure(inputSizeMismatch(formatShape(inputShape), formatShape(own)));
      }
      return success(sampleTensor(fitImage(convertChannels(image, channels), { height, width }, fit).data, inputShape));
    },
  });
}

function sampleTensor(pixels: ArrayLike<number>, inputShape: readonly number[]): FloatTensor {
  const data = Float32Array.from(pixels, (value) => value * pixelScale);
  return { dtype: 'float32', shape: [1, ...inputShape], data };
}

/** What a request gives for a network to look at. */
export async function readSample(input: ModelInput): Promise<Result<GivenSample>> {
  if ('image' in input) return await readPicture(input.image);
  const { pixels, shape = null } = input;
  return success({
    shape,
    fit: (inputShape) => {
      const expected = elementCount(inputShape);
      if (pixels.length === expected) return success(sampleTensor(pixels, inputShape));
      const wanted = `${formatShape(inputShape)} = ${formatCount(expected)}`;
      return failure(inputSizeMismatch(wanted, formatCount(pixels.length)));
    },
  });
}

/** Shares of the pixels that each class has, and the class of each pixel. */
function readMask(scores: ArrayLike<number>, height: number, width: number, names: readonly string[]): Prediction {
  const counts = new Array<number>(names.length).fill(0);
  const classIndex = Int32Array.from({ length: height * width }, (_, pixel) => {
    const best = indexOfLargest(scores, pixel * names.length, names.length);
    counts[best] = (counts[best] ?? 0) + 1;
    return best;
  });
  return {
    classes: ranked(
      names,
      counts.map((count) => count / classIndex.length),
    ),
    mask: { width, height, classIndex },
  };
}

function ranked(names: readonly string[], probabilities: ArrayLike<number>): Prediction['classes'] {
  return names
    .map((name, index) => ({ name, probability: probabilities[index] ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
}

/** What a model says of one picture, or makes of it. */
export async function predict(
  { session, data, outputShape, style }: Predictor,
  sample: GivenSample,
): Promise<Result<Prediction>> {
  if (isOfTable(data.scaling)) return failure(predictsTables());
  const x = sample.fit(data.inputShape, data.fit);
  if (!x.ok) return x;
  const outputs = await session.run('predict', { x: x.value });
  const scores = outputs['scores']?.data ?? [];
  if (data.task === 'image-to-image') {
    const picture: FloatTensor = { dtype: 'float32', shape: [1, ...outputShape], data: Float32Array.from(scores) };
    return success({ classes: [], picture, ...(style === undefined ? {} : { style }) });
  }
  if (data.task === 'regression') {
    const values = data.scaling === null ? Float32Array.from(scores) : inTargetUnits(scores, data.scaling);
    return success({ classes: [], values });
  }
  if (data.task === 'multi-label') return success({ classes: ranked(data.classes, scores), threshold: labelThreshold });
  if (data.task === 'classification') return success({ classes: ranked(data.classes, scores) });
  const [height = 1, width = 1] = outputShape;
  return success(readMask(scores, height, width, data.classes));
}

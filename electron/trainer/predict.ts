import { dataDamaged, dataNotFound } from '../../shared/diagnostics/catalog/data';
import { inputSizeMismatch, predictsTables } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { ModelInput, Prediction } from '../../shared/host/api';
import { elementCount } from '../../shared/ops/tensor';
import type { FloatTensor } from '../../shared/ops/tensor';
import { formatCount, formatShape } from '../../shared/text';
import { decodeImage } from '../data/decode';
import { isReason } from '../data/imageFile';
import { convertChannels, resizeImage } from '../data/resize';
import type { EngineSession } from '../engines/engine';
import { errorCode, fileDiagnostic } from '../files/fileErrors';
import { readRegularFile } from '../files/regularFile';
import type { TrainedData } from '../files/trainedData';
import { pixelScale } from './batches';

/** A model that is loaded to predict. */
export type Predictor = {
  readonly session: EngineSession;
  readonly data: TrainedData;
  /** Shape of the trained output for one sample. */
  readonly outputShape: readonly number[];
};

/** Reads an image and brings it to the network's input, exactly as training images are. */
async function readPixels(path: string, inputShape: readonly number[]): Promise<Result<ArrayLike<number>>> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(path);
  } catch (error) {
    return failure(errorCode(error) === 'ENOENT' ? dataNotFound(path) : fileDiagnostic(error, path, 'open'));
  }
  const image = await decodeImage(bytes);
  if (isReason(image)) return failure(dataDamaged(path, image));
  const [height, width, channels] = inputShape;
  if (height === undefined || width === undefined || channels === undefined) {
    return failure(inputSizeMismatch(formatShape(inputShape), formatShape([image.height, image.width])));
  }
  return success(resizeImage(convertChannels(image, channels), height, width).data);
}

/** Shares of the pixels that each class has, and the class of each pixel. */
function readMask(scores: ArrayLike<number>, height: number, width: number, names: readonly string[]): Prediction {
  const counts = new Array<number>(names.length).fill(0);
  const classIndex = Int32Array.from({ length: height * width }, (_, pixel) => {
    let best = 0;
    for (let index = 1; index < names.length; index++) {
      const at = pixel * names.length;
      if ((scores[at + index] ?? 0) > (scores[at + best] ?? 0)) best = index;
    }
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

/** One sample as a network takes it: the pixels of a picture or as given, in 0..1. */
export async function readInput(input: ModelInput, inputShape: readonly number[]): Promise<Result<FloatTensor>> {
  const pixels = 'pixels' in input ? success(input.pixels) : await readPixels(input.image, inputShape);
  if (!pixels.ok) return pixels;
  const { length } = pixels.value;
  const expected = elementCount(inputShape);
  if (length !== expected) {
    return failure(inputSizeMismatch(`${formatShape(inputShape)} = ${formatCount(expected)}`, formatCount(length)));
  }
  const data = Float32Array.from(pixels.value, (value) => value * pixelScale);
  return success({ dtype: 'float32', shape: [1, ...inputShape], data });
}

/** What a model says of one picture. */
export async function predict(
  { session, data, outputShape }: Predictor,
  input: ModelInput,
): Promise<Result<Prediction>> {
  if (data.scaling !== null || data.task === 'regression') return failure(predictsTables());
  const x = await readInput(input, data.inputShape);
  if (!x.ok) return x;
  const outputs = await session.run('predict', { x: x.value });
  const scores = outputs['scores']?.data ?? [];
  if (data.task === 'classification') return success({ classes: ranked(data.classes, scores) });
  const [height = 1, width = 1] = outputShape;
  return success(readMask(scores, height, width, data.classes));
}

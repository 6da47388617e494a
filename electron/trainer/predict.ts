import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDamaged, dataNotFound } from '../../shared/diagnostics/catalog/data';
import { inputSizeMismatch, predictsTables } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { Prediction } from '../../shared/host/api';
import { elementCount } from '../../shared/ops/tensor';
import { formatCount, formatShape } from '../../shared/text';
import { runFiles } from '../files/runRecord';
import { pixelScale } from './batches';
import { decodeImage } from '../data/imageFile';
import { convertChannels, resizeImage } from '../data/resize';
import { loadTrained } from './trained';
import type { TrainedNetwork } from './trained';

/** Reads an image and brings it to the network's input, exactly as training images are. */
async function readPixels(path: string, inputShape: readonly number[]): Promise<Result<ArrayLike<number>>> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return failure(dataNotFound(path));
  const image = decodeImage(bytes);
  if (typeof image === 'string') return failure(dataDamaged(path, image));
  const [height, width, channels] = inputShape;
  if (height === undefined || width === undefined || channels === undefined) {
    return failure(inputSizeMismatch(formatShape(inputShape), formatShape([image.height, image.width])));
  }
  return success(resizeImage(convertChannels(image, channels), height, width).data);
}

/** Shares of the pixels that each class has, and the class of each pixel. */
function readMask(scores: ArrayLike<number>, height: number, width: number, names: readonly string[]): Prediction {
  const counts = new Array<number>(names.length).fill(0);
  const classIndex = Array.from({ length: height * width }, (_, pixel) => {
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

async function predict(network: TrainedNetwork, pixels: ArrayLike<number>): Promise<Result<Prediction>> {
  const { inputShape, classes, task } = network.record.data;
  const expected = elementCount(inputShape);
  if (pixels.length !== expected) {
    return failure(
      inputSizeMismatch(`${formatShape(inputShape)} = ${formatCount(expected)}`, formatCount(pixels.length)),
    );
  }
  const x = Float32Array.from(pixels, (value) => value * pixelScale);
  const outputs = await network.session.run('predict', { x: { dtype: 'float32', shape: [1, ...inputShape], data: x } });
  const scores = outputs['scores']?.data ?? [];
  if (task === 'classification') return success({ classes: ranked(classes, scores) });
  const [height = 1, width = 1] = network.outputShape;
  return success(readMask(scores, height, width, classes));
}

export type Predictor = {
  predict(
    question: { readonly dir: string } & ({ readonly pixels: readonly number[] } | { readonly image: string }),
  ): Promise<Result<Prediction>>;
};

/** Predicts with one run after the other; the last one stays loaded until its weights change. */
export function createPredictor(): Predictor {
  let loaded: { readonly key: string; readonly network: TrainedNetwork } | null = null;

  const load = async (dir: string): Promise<Result<TrainedNetwork>> => {
    const saved = await Promise.all(
      [runFiles.safetensors, runFiles.weights].map((name) => stat(join(dir, name)).catch(() => null)),
    );
    const key = [dir, ...saved.map((file) => file?.mtimeMs ?? '')].join(' ');
    if (loaded?.key === key) return success(loaded.network);
    await loaded?.network.session.dispose();
    loaded = null;
    const network = await loadTrained(dir, ['predict'], 'auto');
    if (network.ok) loaded = { key, network: network.value };
    return network;
  };
  return {
    predict: async (question) => {
      const network = await load(question.dir);
      if (!network.ok) return network;
      const { data } = network.value.record;
      if (data.scaling !== null || data.task === 'regression') return failure(predictsTables());
      if ('pixels' in question) return await predict(network.value, question.pixels);
      const pixels = await readPixels(question.image, data.inputShape);
      return pixels.ok ? await predict(network.value, pixels.value) : pixels;
    },
  };
}

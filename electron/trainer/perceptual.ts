import { compileInference } from '../../shared/compile/compile';
import type { LossOptions } from '../../shared/compile/losses';
import { planPerceptual } from '../../shared/compile/lossNetwork';
import type { PlannedPerceptual } from '../../shared/compile/lossNetwork';
import type { StyleTarget } from '../../shared/compile/perceptual';
import { lossNetworkMissing, stylePictureUnread } from '../../shared/diagnostics/catalog/perceptual';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { FloatTensor, FloatTensors } from '../../shared/ops/tensor';
import { limits } from '../../shared/schema/limits';
import { builtInStyles, isBuiltInStyle } from '../../shared/schema/stylePictures';
import type { TrainingConfig } from '../../shared/schema/training';
import { decodeImage } from '../data/decode';
import { isReason, reasonOf } from '../data/imageFile';
import { convertChannels, fitImage } from '../data/resize';
import type { Pixels } from '../data/resize';
import { drawStyle } from '../data/stylePictures';
import { chooseEngine } from '../engines';
import { readModel } from '../files/models';
import { findRun } from '../files/paths';
import { readRegularFile } from '../files/regularFile';
import { pixelScale } from './batches';

/** What a perceptual loss adds to the options of a program; nothing under another loss. */
export type Comparison = Pick<LossOptions, 'perceptual'>;

/** Whether pictures are compared through a network. */
export function isPerceptual({ loss }: Pick<TrainingConfig, 'loss'>): boolean {
  return loss === 'perceptual';
}

/**
 * Reads the loss network of a run and looks at its style picture, for answers of `[height, width, channels]`. What cannot be compared is
 * refused with its reason.
 */
export async function readComparison(config: TrainingConfig, answer: readonly number[]): Promise<Result<Comparison>> {
  if (!isPerceptual(config)) return success({});
  if (config.lossNetwork === undefined) return failure(lossNetworkMissing());
  const model = await readModel(findRun(config.lossNetwork));
  if (!model.ok) return model;
  const planned = planPerceptual({ path: config.lossNetwork, ...model.value }, answer, config);
  if (!planned.ok) return planned;
  const { style: wanted, ...plan } = planned.value;
  const picture = wanted.size === 0 ? success(null) : await readStylePicture(config, answer);
  if (!picture.ok) return picture;
  if (picture.value === null) return success({ perceptual: { ...plan, style: [] } });
  const style = await styleTargets(planned.value, config, picture.value);
  return style.ok ? success({ perceptual: { ...plan, style: style.value } }) : style;
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
    : await decodeFile(stylePicture);
  if (!read.ok) return read;
  const fitted = fitImage(convertChannels(read.value, channels), { height, width }, 'crop');
  const data = Float32Array.from(fitted.data, (value) => value * pixelScale);
  return success({ dtype: 'float32', shape: [1, height, width, channels], data });
}

async function decodeFile(path: string): Promise<Result<Pixels>> {
  const decoded = await readRegularFile(path, limits.imageBytes).then(decodeImage).catch(reasonOf);
  return isReason(decoded) ? failure(stylePictureUnread(path, builtInStyles, decoded)) : success(decoded);
}

/** What the loss network gives for the style picture, as Gram matrices. */
async function styleTargets(
  planned: PlannedPerceptual,
  { engine }: Pick<TrainingConfig, 'engine'>,
  picture: FloatTensor,
): Promise<Result<readonly StyleTarget[]>> {
  const { network, inputNode, style, weights } = planned;
  const nodes = [...style.keys()];
  const compiled = compileInference(network.document, network.analysis, { nodes });
  if (!compiled.ok) return compiled;
  const choice = await chooseEngine(engine);
  if (!choice.ok) return choice;
  const session = await choice.value.engine.compile(compiled.value.program);
  if (!session.ok) return session;
  try {
    const needed: FloatTensors = Object.fromEntries(
      compiled.value.weights.flatMap(({ name }) => (weights[name] === undefined ? [] : [[name, weights[name]]])),
    );
    await session.value.write(needed);
    const channels = network.analysis.nodes.get(inputNode)?.outputShape?.at(-1) ?? 1;
    const outputs = await session.value.run('predict', { x: inChannels(picture, channels) });
    return success(
      [...style].map(([nodeId, weight]) => {
        const { shape = [], data = [] } = outputs[nodeId] ?? {};
        return { nodeId, weight, gram: gramOf(data, shape.slice(1)) };
      }),
    );
  } finally {
    await session.value.dispose();
  }
}

function inChannels(picture: FloatTensor, wanted: number): FloatTensor {
  const [, height = 1, width = 1, channels = 1] = picture.shape;
  if (channels === wanted) return picture;
  const data = Uint8Array.from(picture.data, (value) => Math.round(value / pixelScale));
  const converted = convertChannels({ height, width, channels, data }, wanted);
  return {
    dtype: 'float32',
    shape: [1, height, width, wanted],
    data: Float32Array.from(converted.data, (value) => value * pixelScale),
  };
}

/** F^T F / (h w c) of values [h, w, c], as [c, c]: F^T F of two places (1, 2) and (3, 0) is 10, 2, 2, 4, and each is divided by 4. */
export function gramOf(values: ArrayLike<number>, shape: readonly number[]): Float32Array {
  const channels = shape.at(-1) ?? 1;
  const gram = new Float64Array(channels * channels);
  for (let from = 0; from < values.length; from += channels) {
    for (let row = 0; row < channels; row++) {
      const value = values[from + row] ?? 0;
      for (let column = row; column < channels; column++)
        gram[row * channels + column] = (gram[row * channels + column] ?? 0) + value * (values[from + column] ?? 0);
    }
  }
  const scale = 1 / Math.max(1, values.length);
  return Float32Array.from(gram, (_, at) => {
    const [row, column] = [Math.floor(at / channels), at % channels];
    return scale * (gram[Math.min(row, column) * channels + Math.max(row, column)] ?? 0);
  });
}

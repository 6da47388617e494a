import { compileInference } from '../../shared/compile/compile';
import type { LossOptions } from '../../shared/compile/losses';
import type { PlannedPerceptual } from '../../shared/compile/lossNetwork';
import type { StyleTarget } from '../../shared/compile/perceptual';
import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { FloatTensor, FloatTensors } from '../../shared/ops/tensor';
import type { TrainingConfig } from '../../shared/schema/training';
import { convertChannels } from '../data/resize';
import { chooseEngine } from '../engines';
import { pixelScale } from './batches';
import { isPerceptual, readLossNetwork, readStylePicture } from './lossNetwork';

/** What a perceptual loss adds to the options of a program; nothing under another loss. */
export type Comparison = Pick<LossOptions, 'perceptual'>;

/**
 * Reads the loss network of a run and looks at its style picture, for answers of `[height, width, channels]`. What cannot be compared is
 * refused with its reason.
 */
export async function readComparison(config: TrainingConfig, answer: readonly number[]): Promise<Result<Comparison>> {
  if (!isPerceptual(config)) return success({});
  const planned = await readLossNetwork(config, answer);
  if (!planned.ok) return planned;
  const { style: wanted, ...plan } = planned.value;
  const picture = wanted.size === 0 ? success(null) : await readStylePicture(config, answer);
  if (!picture.ok) return picture;
  if (picture.value === null) return success({ perceptual: { ...plan, style: [] } });
  const style = await styleTargets(planned.value, config, picture.value);
  return style.ok ? success({ perceptual: { ...plan, style: style.value } }) : style;
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

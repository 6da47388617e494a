import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { ConvertedModel } from '../../../shared/imports/keras/convert';
import { elementCount } from '../../../shared/ops/tensor';
import type { FloatTensor, FloatTensors, HostTensor, TensorMap } from '../../../shared/ops/tensor';
import { text } from '../../../shared/text';
import type { Model } from '../../files/models';
import type { Forward } from '../forward';
import { measureProof, randomSampleInputs, skipped, type ProofOutcome } from '../proof';

/** Runs a file by its own engine: inputs and outputs by the file's names, laid out as the file has them. */
export type RunFile = (
  inputs: FloatTensors,
) => Promise<Result<{ readonly outputs: TensorMap; readonly runtime: string }>>;

/** `[batch, h, w, c]` with the channels second, or back. */
function turned<T extends HostTensor>(tensor: T, to: 'first' | 'last'): T {
  const [batch = 1, a = 1, b = 1, c = 1] = tensor.shape;
  const [height, width, channels] = to === 'first' ? [a, b, c] : [b, c, a];
  const data = tensor.data.slice();
  for (let n = 0; n < batch; n++) {
    for (let place = 0; place < height * width; place++) {
      for (let channel = 0; channel < channels; channel++) {
        const last = (n * height * width + place) * channels + channel;
        const first = (n * channels + channel) * height * width + place;
        data[to === 'first' ? first : last] = tensor.data[to === 'first' ? last : first] ?? 0;
      }
    }
  }
  const shape = to === 'first' ? [batch, channels, height, width] : [batch, height, width, channels];
  return { ...tensor, shape, data };
}

/** Compares a file, run by its own engine on random input, with what was made of it. */
export async function proveFile(
  { inputs, outputs, channelsFirst }: Pick<ConvertedModel, 'inputs' | 'outputs' | 'channelsFirst'>,
  model: Model,
  forward: Forward,
  run: RunFile,
): Promise<ProofOutcome> {
  const given = randomSampleInputs(model.document, analyzeNetwork(model.document));
  if (given === null) return skipped(text('its input has no fixed size', '其输入没有固定大小'));
  const feeds = [...inputs].flatMap(([node, name]): [string, FloatTensor][] => {
    const tensor = given[node];
    if (tensor === undefined) return [];
    return [[name, channelsFirst.has(node) && tensor.shape.length === 4 ? turned(tensor, 'first') : tensor]];
  });
  const theirs = await run(Object.fromEntries(feeds));
  if (!theirs.ok) return skipped(theirs.diagnostics[0]?.summary ?? text('it could not be run', '无法运行'));
  const ours = await forward(model, given, [...outputs.keys()]);
  if (!ours.ok) return skipped(ours.diagnostics[0]?.summary ?? text('the network could not be run', '网络无法运行'));
  const named = [...outputs].flatMap(([node, name]): [string, HostTensor][] => {
    const tensor = theirs.value.outputs[name];
    if (tensor === undefined) return [];
    const isFirst = channelsFirst.has(node) && tensor.shape.length === 4;
    return [[node, isFirst ? turned(tensor, 'last') : tensor]];
  });
  return { proof: measureProof(ours.value, Object.fromEntries(named), theirs.value.runtime), skipped: null };
}

/** Float32 tensors of a file of raw values; anything missing makes the proof fail rather than pass. */
export function tensorOf(shape: readonly number[], bytes: Buffer): Result<FloatTensor> {
  if (bytes.byteLength !== 4 * elementCount(shape)) return failure();
  const data = new Float32Array(elementCount(shape));
  Buffer.from(data.buffer).set(bytes);
  return success({ dtype: 'float32', shape, data });
}

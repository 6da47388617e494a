import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import { onnxNames, printOnnx, toChannelsFirst, toChannelsLast } from '../../../shared/exports/onnx';
import type { FloatTensors, TensorMap } from '../../../shared/ops/tensor';
import { text } from '../../../shared/text';
import { encodeModel } from '../../engines/onnxruntime/proto';
import { measureProof, skipped, type ProofOutcome, type Sample } from '../proof';
import { checkWeightsFit } from './protocolBuffer';
import type { Order, Target } from './targets';

const noReason = text('ONNX Runtime did not run the file', 'ONNX Runtime 未能运行该文件');

/** One file, which ONNX Runtime runs before it is written. */
export const onnx: Target = {
  print: ({ document, analysis, model, weights }) => {
    const tooLarge = checkWeightsFit(analysis, 'ONNX');
    if (tooLarge !== null) return failure(tooLarge);
    const printed = printOnnx(document, analysis, weights, model?.facts.data ?? null);
    return printed.ok ? success(encodeModel(printed.value)) : printed;
  },
  prove: async (printed, sample, order) => {
    if (!(printed instanceof Uint8Array)) throw new Error('An ONNX model is one file.');
    const scratch = await mkdtemp(join(tmpdir(), 'convloom-onnx-'));
    try {
      const path = join(scratch, 'model.onnx');
      await writeFile(path, printed);
      return await proveFile(path, sample, order);
    } finally {
      await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
    }
  },
};

async function proveFile(path: string, sample: Sample, { analysis, ask, signal }: Order): Promise<ProofOutcome> {
  const names = onnxNames(analysis);
  const inputs: FloatTensors = Object.fromEntries(
    Object.entries(sample.inputs).map(([id, tensor]) => [names.values.get(id) ?? id, toChannelsFirst(tensor)]),
  );
  const answer = await ask('onnxFile', { path, inputs }, signal);
  if (!answer.ok) return skipped(answer.diagnostics[0]?.summary ?? noReason);
  const { outputs, runtime } = answer.value;
  const theirs: TensorMap = Object.fromEntries(
    [...names.outputs].flatMap(([id, name]) => {
      const tensor = outputs[name];
      return tensor?.dtype === 'float32' ? [[id, toChannelsLast(tensor)]] : [];
    }),
  );
  return { proof: measureProof(sample.outputs, theirs, runtime), skipped: null };
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runModelFile } from '../../electron/engines/onnxruntime/modelFile';
import { encodeModel } from '../../electron/engines/onnxruntime/proto';
import { measureProof } from '../../electron/host/proof';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { onnxNames, printOnnx, toChannelsFirst, toChannelsLast, type OnnxModel } from '../../shared/exports/onnx';
import type { Proof } from '../../shared/host/api';
import type { FloatTensors } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import type { ReferenceAnswer } from './referenceAnswer';

/** The printed model of a network that can be printed. */
export function onnxModel(document: NetworkDocument, weights: FloatTensors): OnnxModel {
  const printed = printOnnx(document, analyzeNetwork(document), () => weights);
  if (!printed.ok) throw new Error(printed.diagnostics.map(({ code }) => code).join());
  return printed.value;
}

/** Runs a printed model by ONNX Runtime and compares it with the answer that is right, shapes included. */
export async function compareOnnx(document: NetworkDocument, model: OnnxModel, right: ReferenceAnswer): Promise<Proof> {
  const names = onnxNames(analyzeNetwork(document));
  const dir = await mkdtemp(join(tmpdir(), 'convloom-test-'));
  try {
    const path = join(dir, 'model.onnx');
    await writeFile(path, encodeModel(model));
    const inputs = Object.entries(right.inputs).map(([id, tensor]) => [names.values.get(id)!, toChannelsFirst(tensor)]);
    const { outputs, runtime } = await runModelFile(path, Object.fromEntries(inputs) as FloatTensors);
    const found = [...names.outputs].map(([id, name]) => [id, toChannelsLast(outputs[name] as FloatTensors[string])]);
    const theirs = Object.fromEntries(found) as FloatTensors;
    for (const [id, { shape }] of Object.entries(right.outputs)) {
      if (theirs[id]!.shape.join() !== shape.join()) throw new Error(`${id} is [${theirs[id]!.shape.join()}]`);
    }
    return measureProof(right.outputs, theirs, runtime);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

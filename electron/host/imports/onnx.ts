import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { importDamaged, importUnsupported } from '../../../shared/diagnostics/catalog/imports';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import type { ByteRange, RangedBytes } from '../../../shared/imports/arranged';
import { importOnnx, type OnnxImport } from '../../../shared/imports/onnx';
import type { GraphPort } from '../../../shared/imports/onnx/ports';
import { fileOrder } from '../../../shared/imports/onnx/fileOrder';
import { ImportProblem } from '../../../shared/imports/problem';
import type { FloatTensors, TensorMap } from '../../../shared/ops/tensor';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { errorText, text } from '../../../shared/text';
import type { Model } from '../../files/models';
import { findPart } from '../../files/partFile';
import { rangesOf } from '../../files/ranges';
import { FileRefusal } from '../../files/regularFile';
import type { Answerer } from '../answerer';
import type { Forward } from '../forward';
import { measureProof, randomSampleInputs, skipped, type ProofOutcome } from '../proof';
import { decodeModel, onnxForm, type ExternalBytes } from './onnxMessages';
import { readSkeleton } from './protoSkeleton';
import type { Imported, ImportSource } from './readers';

/** No protobuf message is larger. */
const mostBytes = 2 ** 31;

/** An ONNX model, with its weights and those in files beside it. */
export async function readOnnx({ path }: ImportSource): Promise<Result<Imported>> {
  const { size } = await stat(path);
  if (size >= mostBytes)
    return failure(importUnsupported(path, text('an ONNX file above 2 GB', '超过 2 GB 的 ONNX 文件'), null));
  let model;
  try {
    const { bytes, left } = readSkeleton(path, onnxForm);
    const leftWhole = (raw: Uint8Array): ByteRange | null => {
      const values = left(raw);
      return values === null ? null : values.range(0, values.sizeBytes);
    };
    model = decodeModel(bytes, { external: partsBeside(path), left: leftWhole });
  } catch (error) {
    // The file system's words are for the user as they are.
    if (error instanceof FileRefusal || (error instanceof Error && 'syscall' in error)) throw error;
    if (error instanceof ImportProblem) return failure(error.diagnosticOf(path));
    const what = errorText(error);
    return failure(importDamaged(path, text(`it does not read as ONNX (${what})`, `无法按 ONNX 读取（${what}）`)));
  }
  const name = basename(path).replace(/\.onnx$/i, '');
  const imported = importOnnx(model, path, name);
  if (!imported.ok) return imported;
  const { document, weights, report } = imported.value;
  const facts = { data: null, source: `import of ${basename(path)}` };
  return success({
    format: 'onnx',
    document,
    model: weights === null ? null : { document, weights, facts },
    report,
    prove: (own, forward, ask) => proveOnnx(path, imported.value, own, forward, ask),
  });
}

/** Runs of bytes of files beside a model. */
function partsBeside(path: string): (at: ExternalBytes, tensor: string) => ByteRange {
  const opened = new Map<string, RangedBytes>();
  return ({ location, offset, length }, tensor) => {
    let ranged = opened.get(location);
    if (ranged === undefined) {
      ranged = rangesOf(findPart(path, location).path);
      opened.set(location, ranged);
    }
    const taken = length ?? ranged.sizeBytes - offset;
    if (!(offset >= 0 && taken >= 0 && offset + taken <= ranged.sizeBytes))
      throw new Error(`${tensor} lies behind the end of ${location}`);
    return ranged.range(offset, taken);
  };
}

/** Feeds the file and the network the same random input, and compares each output of the file. */
async function proveOnnx(
  path: string,
  { inputs, outputs, batch }: OnnxImport,
  model: Model,
  forward: Forward,
  ask: Answerer['ask'],
): Promise<ProofOutcome> {
  if ([...inputs, ...outputs].some(({ type }) => type !== 'float32')) {
    return skipped(text('it does not take and give float32', '其输入输出不是 float32'));
  }
  const sample = sampleOf(model, inputs);
  if (sample === null) return skipped(text('the size of its input is open', '其输入大小未定'));
  const feeds = Object.fromEntries(
    inputs.map(({ name, view }) => {
      const values = sample[view.node];
      const { shape, data } = fileOrder(view, values?.data ?? new Float32Array());
      return [name, { dtype: 'float32' as const, shape: [batch, ...shape.slice(1)], data: repeated(data, batch) }];
    }),
  );
  const [theirs, ours] = await Promise.all([
    ask('onnxFile', { path, inputs: feeds }),
    forward(model, sample, [...new Set(outputs.map(({ view }) => view.node))]),
  ]);
  if (!theirs.ok) return skipped(theirs.diagnostics[0]?.summary ?? text('it could not be run', '无法运行'));
  if (!ours.ok) return skipped(ours.diagnostics[0]?.summary ?? text('the network could not be run', '网络无法运行'));
  const own: { [name: string]: TensorMap[string] } = {};
  const other: { [name: string]: TensorMap[string] } = {};
  for (const { name, view } of outputs) {
    const values = ours.value[view.node];
    const given = theirs.value.outputs[name];
    if (values?.dtype !== 'float32') continue;
    const { shape, data } = fileOrder(view, values.data);
    own[name] = { dtype: 'float32', shape, data };
    if (given?.dtype === 'float32') other[name] = { ...given, data: given.data.subarray(0, data.length) };
  }
  return { proof: measureProof(own, other, theirs.value.runtime), skipped: null };
}

/** Random input; a size that the network leaves open is that with which the file was read. */
function sampleOf({ document }: Model, inputs: readonly GraphPort[]): FloatTensors | null {
  const sized = new Map(
    inputs.map(({ view }) => [view.node, view.base.map((axis) => axis.reduce((n, { size }) => n * size, 1))]),
  );
  const closed = {
    ...document,
    nodes: document.nodes.map((node) => {
      const shape = sized.get(node.id);
      return shape === undefined ? node : { ...node, params: { ...node.params, shape } };
    }),
  };
  return randomSampleInputs(closed, analyzeNetwork(closed));
}

function repeated(data: Float32Array, times: number): Float32Array {
  const all = new Float32Array(data.length * times);
  for (let at = 0; at < times; at++) all.set(data, at * data.length);
  return all;
}

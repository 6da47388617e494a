import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../../shared/analysis/types';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { ancestorsOf } from '../../../shared/compile/lowering';
import { networkWeights, restingWeights, weightDifferences } from '../../../shared/compile/networkWeights';
import { targetTakesNoWeights, weightsDoNotFit } from '../../../shared/diagnostics/catalog/exports';
import { fileExists, invalidPath } from '../../../shared/diagnostics/catalog/file';
import { requestCancelled } from '../../../shared/diagnostics/catalog/host';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { CancelSignal, HostRequests, PreviewedFile } from '../../../shared/host/api';
import type { NetworkDocument } from '../../../shared/schema/document';
import { findExportTarget } from '../../../shared/schema/exports';
import type { ExportTargetId } from '../../../shared/schema/exports';
import { figureOptionsSchema } from '../../../shared/schema/figures';
import { limits } from '../../../shared/schema/limits';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { text } from '../../../shared/text';
import { writeFileAtomically } from '../../files/atomicFile';
import { fileDiagnostic } from '../../files/fileErrors';
import { readModel, type Model } from '../../files/models';
import { writeNewFolder } from '../../files/newFolder';
import { readRecord } from '../../files/runRecord';
import type { Answerer } from '../answerer';
import { createForward } from '../forward';
import { proofText, randomSampleInputs, skipped, type ProofOutcome, type Sample } from '../proof';
import { targets, type Order, type Printed } from './targets';

/** A model, its weights checked against the network that is exported with them. */
async function fittingModel(
  modelPath: string,
  document: NetworkDocument,
  analysis: NetworkAnalysis,
): Promise<Result<Model>> {
  const model = await readModel(modelPath);
  if (!model.ok) return model;
  const record = await readRecord(modelPath);
  const { output, seed } = record.ok
    ? record.value.config
    : { ...defaultTrainingConfig, ...model.value.document.train };
  const isNamed = output !== undefined && analysis.outputs.includes(output);
  const trained = isNamed ? new Set(ancestorsOf(document, analysis, [output])) : undefined;
  const differences = weightDifferences(analysis, model.value.weights, trained);
  if (differences.length > 0) return failure(weightsDoNotFit(modelPath, document.name, differences));
  const { weights } = model.value;
  // Runs of earlier versions did not keep what they did not train.
  const resting = isNamed ? restingWeights(document, analysis, Object.keys(weights), seed) : {};
  return success({ ...model.value, weights: { ...weights, ...resting } });
}

/** The seed of weights that no model was named for; the same network always gives the same file. */
const initialSeed = 0;

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function createOrder(
  { document, figure = {} }: Pick<HostRequests['export.write'][0], 'document' | 'figure'>,
  analysis: NetworkAnalysis,
  model: Model | null,
  answerer: Pick<Answerer, 'ask'>,
  signal: CancelSignal | undefined,
): Order {
  const weights = once(() => model?.weights ?? initialWeights(networkWeights(document, analysis), initialSeed));
  const sample = once(async (): Promise<Sample | null> => {
    const inputs = randomSampleInputs(document, analysis);
    if (inputs === null) return null;
    const outputs = await createForward(answerer, signal)({ document, weights: weights() }, inputs, analysis.outputs);
    return outputs.ok ? { inputs, outputs: outputs.value } : null;
  });
  return {
    document,
    analysis,
    model,
    weights,
    sample,
    figure: figureOptionsSchema.parse(figure),
    ask: answerer.ask,
    signal,
  };
}

async function proveWritten(id: ExportTargetId, printed: Printed, order: Order): Promise<ProofOutcome | null> {
  const { prove } = targets[id];
  if (prove === undefined) return null;
  const sample = await order.sample();
  if (sample === null) {
    return skipped(text('the network could not be run here', '此网络无法在这里运行'));
  }
  return await prove(printed, sample, order);
}

/** What a folder's README says of its proof. */
function stamp(printed: Printed, outcome: ProofOutcome | null): Printed {
  if (outcome === null || typeof printed === 'string' || printed instanceof Uint8Array) return printed;
  const readme = printed.get('README.md');
  if (typeof readme !== 'string') return printed;
  const sentence = outcome.proof === null ? `Not proved: ${outcome.skipped.en}.` : proofText(outcome.proof).en;
  return new Map([...printed, ['README.md', `${readme.trimEnd()}\n\n## Proof\n\n${sentence}\n`]]);
}

/** An order that can be carried out: the target takes weights if there are any, and they fit the network. */
async function takeOrder(
  request: HostRequests['export.preview'][0] | Omit<HostRequests['export.preview'][0], 'model'>,
  modelPath: string | null,
  answerer: Pick<Answerer, 'ask'>,
  signal: CancelSignal | undefined,
): Promise<Result<{ readonly id: ExportTargetId; readonly order: Order }>> {
  const { document, target: id } = request;
  const target = findExportTarget(id);
  if (modelPath !== null && target?.takesWeights === false) return failure(targetTakesNoWeights(target.label));
  const analysis = analyzeNetwork(document);
  const model = modelPath === null ? success(null) : await fittingModel(modelPath, document, analysis);
  if (!model.ok) return model;
  return success({ id, order: createOrder(request, analysis, model.value, answerer, signal) });
}

/** Says what an export would write. Nothing is run for it: a file that holds the answer to a sample is not among them. */
export async function previewExport(
  request: Omit<HostRequests['export.preview'][0], 'model'>,
  modelPath: string | null,
  answerer: Pick<Answerer, 'ask'>,
  signal: CancelSignal | undefined,
): Promise<Result<HostRequests['export.preview'][1]>> {
  const taken = await takeOrder(request, modelPath, answerer, signal);
  if (!taken.ok) return taken;
  const { id, order } = taken.value;
  const printed = await targets[id].print({ ...order, sample: () => Promise.resolve(null) });
  if (!printed.ok) return printed;
  if (signal?.aborted === true) return failure(requestCancelled('export.preview'));
  const isOne = typeof printed.value === 'string' || printed.value instanceof Uint8Array;
  const files = isOne ? [['', printed.value] as const] : [...printed.value];
  return success({ files: files.map(([name, content]) => previewed(name, content)) });
}

function previewed(name: string, content: Uint8Array | string): PreviewedFile {
  if (typeof content !== 'string') return { name, sizeBytes: content.length, text: null };
  return { name, sizeBytes: Buffer.byteLength(content), text: content.slice(0, limits.previewLength) };
}

/** Writes a network in another form: whole, or not at all. */
export async function writeExport(
  request: Omit<HostRequests['export.write'][0], 'model'>,
  modelPath: string | null,
  answerer: Pick<Answerer, 'ask'>,
  signal: CancelSignal | undefined,
): Promise<Result<HostRequests['export.write'][1]>> {
  const { path, overwrite } = request;
  if (!isAbsolute(path)) return failure(invalidPath(path));
  const taken = await takeOrder(request, modelPath, answerer, signal);
  if (!taken.ok) return taken;
  const { id, order } = taken.value;
  const printed = await targets[id].print(order);
  if (!printed.ok) return printed;
  const outcome = await proveWritten(id, printed.value, order);
  if (signal?.aborted === true) return failure(requestCancelled('export.write'));
  const written = await write(stamp(printed.value, outcome), path, overwrite);
  if (!written.ok) return written;
  return success({ files: written.value, proof: outcome?.proof ?? null, notProved: outcome?.skipped ?? null });
}

async function write(printed: Printed, path: string, overwrite: boolean): Promise<Result<readonly string[]>> {
  if (typeof printed !== 'string' && !(printed instanceof Uint8Array)) {
    const written = await writeNewFolder(path, printed);
    return written.ok ? success([...printed.keys()].map((name) => join(path, name))) : written;
  }
  try {
    if (!overwrite && existsSync(path)) return failure(fileExists(path));
    await writeFileAtomically(path, printed);
    return success([path]);
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'save'));
  }
}

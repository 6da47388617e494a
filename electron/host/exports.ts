import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { ancestorsOf } from '../../shared/compile/lowering';
import { weightDifferences } from '../../shared/compile/networkWeights';
import { targetNotBuilt, targetTakesNoWeights, weightsDoNotFit } from '../../shared/diagnostics/catalog/exports';
import { fileExists, invalidPath } from '../../shared/diagnostics/catalog/file';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { printSvg } from '../../shared/exports/figures/svg';
import { printTypescript } from '../../shared/exports/typescript';
import type { CancelSignal, HostRequests } from '../../shared/host/api';
import { exportTargets } from '../../shared/schema/exports';
import type { BuiltTargetId, ExportTargetId } from '../../shared/schema/exports';
import type { NetworkDocument } from '../../shared/schema/document';
import type { FloatTensors } from '../../shared/ops/tensor';
import { writeFileAtomically } from '../files/atomicFile';
import { fileDiagnostic } from '../files/fileErrors';
import { readModel } from '../files/models';
import { readRecord } from '../files/runRecord';
import { writeNewFolder } from '../files/newFolder';
import { encodeWeightPair } from '../files/weights';

type Printed = ReadonlyMap<string, Uint8Array | string> | string;

/** What a target is made of: the text of its one file, or files by name. `weights` null: without any. */
type Printer = (document: NetworkDocument, analysis: NetworkAnalysis, weights: FloatTensors | null) => Result<Printed>;

/** How each target is written; one that is declared as built and has no printer is a compile error. */
const printers: { readonly [Id in BuiltTargetId]: Printer } = {
  typescript: (document, analysis, weights) => {
    const printed = printTypescript(document, analysis);
    if (!printed.ok) return printed;
    const sources = printed.value.map(({ path, text }): [string, string] => [path, text]);
    const pair = weights === null ? [] : encodeWeightPair(weights);
    return success(new Map<string, Uint8Array | string>([...sources, ...pair]));
  },
  svg: (document, analysis) => success(printSvg(document, analysis)),
};

function isBuilt(id: ExportTargetId): id is BuiltTargetId {
  return Object.hasOwn(printers, id);
}

/** The weights of a model, checked against the network that is exported with them. */
async function fittingWeights(
  modelPath: string,
  document: NetworkDocument,
  analysis: NetworkAnalysis,
): Promise<Result<FloatTensors>> {
  const model = await readModel(modelPath);
  if (!model.ok) return model;
  const record = await readRecord(modelPath);
  const output = record.ok ? record.value.config.output : model.value.document.train?.output;
  const isNamed = output !== undefined && analysis.outputs.includes(output);
  const trained = isNamed ? new Set(ancestorsOf(document, analysis, [output])) : undefined;
  const differences = weightDifferences(analysis, model.value.weights, trained);
  if (differences.length > 0) return failure(weightsDoNotFit(modelPath, document.name, differences));
  return success(model.value.weights);
}

/** Writes a network in another form: whole, or not at all. */
export async function writeExport(
  { document, target: id, path, overwrite }: Omit<HostRequests['export.write'][0], 'model'>,
  modelPath: string | null,
  signal: CancelSignal | undefined,
): Promise<Result<HostRequests['export.write'][1]>> {
  const target = exportTargets.find((known) => known.id === id);
  if (target === undefined || !isBuilt(id)) return failure(targetNotBuilt(id));
  if (!isAbsolute(path)) return failure(invalidPath(path));
  if (modelPath !== null && !target.takesWeights) return failure(targetTakesNoWeights(target.label));
  const analysis = analyzeNetwork(document);
  const weights = modelPath === null ? null : await fittingWeights(modelPath, document, analysis);
  if (weights?.ok === false) return weights;
  const printed = printers[id](document, analysis, weights?.value ?? null);
  if (!printed.ok) return printed;
  if (signal?.aborted === true) return failure(requestCancelled('export.write'));
  if (typeof printed.value !== 'string') {
    const written = await writeNewFolder(path, printed.value);
    return written.ok ? success({ files: [...printed.value.keys()].map((name) => join(path, name)) }) : written;
  }
  try {
    if (!overwrite && existsSync(path)) return failure(fileExists(path));
    await writeFileAtomically(path, printed.value);
    return success({ files: [path] });
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'save'));
  }
}

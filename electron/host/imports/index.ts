import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { fileExists, invalidPath } from '../../../shared/diagnostics/catalog/file';
import { requestCancelled } from '../../../shared/diagnostics/catalog/host';
import { importUnsupported } from '../../../shared/diagnostics/catalog/imports';
import { modelNeedsWeights } from '../../../shared/diagnostics/catalog/model';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { serializeNetwork } from '../../../shared/document/serialize';
import type { CancelSignal, HostRequests, ImportResult } from '../../../shared/host/api';
import { recognizeFolder } from '../../../shared/imports/folders';
import { recognizeFile } from '../../../shared/imports/formats';
import type { ImportFormat } from '../../../shared/imports/formats';
import { ImportProblem } from '../../../shared/imports/problem';
import { foldRepeats } from '../../../shared/imports/repeats';
import type { NetworkDocument } from '../../../shared/schema/document';
import { elementCount } from '../../../shared/ops/tensor';
import { formatBytes, text, type Text } from '../../../shared/text';
import { writeFileAtomically } from '../../files/atomicFile';
import { fileDiagnostic } from '../../files/fileErrors';
import { readFileStart } from '../../files/fileStart';
import { modelExtension, writeModel, type Model } from '../../files/models';
import { openRegularFile } from '../../files/regularFile';
import type { Answerer } from '../answerer';
import { createForward, type WrittenModel } from '../forward';
import { skipped, type ProofOutcome } from '../proof';
import type { KeptImports } from './kept';
import { stage, type Staged } from './staged';
import { readers, type Imported, type ImportSource } from './readers';

/** Files that Convloom itself writes. */
const ownFormats: ReadonlySet<ImportFormat> = new Set(['document', 'model']);

/** Reads a file or folder of any kind that is known, and writes and runs nothing. */
export async function readAny(source: ImportSource): Promise<Result<Imported>> {
  const { path } = source;
  if (!isAbsolute(path)) return failure(invalidPath(path));
  if (source.weights !== undefined && !isAbsolute(source.weights)) return failure(invalidPath(source.weights));
  try {
    const info = await stat(path);
    // What is a pipe is said before anything waits for its end.
    if (source.weights !== undefined) await (await openRegularFile(source.weights)).handle.close();
    const known = info.isDirectory()
      ? recognizeFolder(await readdir(path))
      : recognizeFile(await readFileStart(path, info.size));
    if (known.format === null) return failure(importUnsupported(path, known.what, known.mend));
    const isTfjsFolder = info.isDirectory() && known.format === 'tfjs';
    return await readers[known.format](isTfjsFolder ? { ...source, path: join(path, 'model.json') } : source);
  } catch (error) {
    if (error instanceof ImportProblem) return failure(error.diagnosticOf(path));
    return failure(fileDiagnostic(error, path, 'open'));
  }
}

/** Writes what was imported: a network file where the name or the lack of weights asks for one, else a model. */
async function save(
  { document, model }: Imported,
  { path, overwrite }: { readonly path: string; readonly overwrite: boolean },
  signal: CancelSignal | undefined,
): Promise<Result<{ readonly path: string; readonly withWeights: boolean }>> {
  if (!isAbsolute(path)) return failure(invalidPath(path));
  const isDocumentFile = /\.(json|convloom)$/i.test(path) || model === null;
  const isModelFile = path.endsWith(modelExtension);
  if (isModelFile && model === null) return failure(modelNeedsWeights(path));
  const isFile = isDocumentFile || isModelFile;
  if (isFile && !overwrite && existsSync(path)) return failure(fileExists(path));
  if (!isDocumentFile) {
    const written = await writeModel(path, model, { signal });
    return written.ok ? success({ path, withWeights: true }) : written;
  }
  try {
    await writeFileAtomically(path, serializeNetwork(document));
    return success({ path, withWeights: false });
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'save'));
  }
}

/** What another program's file was read as, with equal parts as blocks. What is of our own stays as its author has it. */
function folded(imported: Imported, onto: NetworkDocument | undefined): Imported & { readonly folds: readonly Text[] } {
  const { format, document, model, report } = imported;
  if (ownFormats.has(format) || document === onto) return { ...imported, folds: [] };
  const { folds, ...done } = foldRepeats({ document, report, weights: model?.weights ?? null });
  const { weights } = done;
  return {
    ...imported,
    folds,
    document: done.document,
    report: done.report,
    model: model === null || weights === null ? model : { ...model, document: done.document, weights },
  };
}

export type ImportSurroundings = {
  readonly answerer: Pick<Answerer, 'ask'>;
  readonly kept: KeptImports;
  readonly signal: CancelSignal | undefined;
};

/** Proves a model, where that is not more than the machine can bear. */
async function proofOf(
  { prove }: Imported,
  model: Model,
  answerer: Pick<Answerer, 'ask'>,
  signal: CancelSignal | undefined,
  written: WrittenModel | undefined,
): Promise<ProofOutcome | null> {
  if (prove === undefined) return null;
  if (valuesOf(model) > mostProved()) {
    const [size, limit] = [formatBytes(4 * valuesOf(model)), formatBytes(4 * mostProved())];
    return skipped(
      text(
        `its weights are ${size}; up to ${limit} are compared on this machine`,
        `其权值为 ${size}；此机器上最多比较 ${limit}`,
      ),
    );
  }
  return await prove(model, createForward(answerer, signal, written), answerer.ask);
}

/** Reads a network from a file or folder of any kind that is known, and writes it where it is wanted. */
export async function importNetwork(
  request: HostRequests['import.read'][0],
  surroundings: ImportSurroundings,
): Promise<Result<ImportResult>> {
  const { signal } = surroundings;
  const ready = await readStaged(request, signal);
  if (!ready.ok) return isCancelled(signal) ? failure(requestCancelled('import.read')) : ready;
  const { imported, staged } = ready.value;
  try {
    const kept = await proveAndKeep(imported, request, { ...surroundings, written: staged ?? undefined });
    return !kept.ok && isCancelled(signal) ? failure(requestCancelled('import.read')) : kept;
  } finally {
    await staged?.dispose();
  }
}

type Ready = { readonly imported: Imported; readonly staged: Staged | null };

/** Reads a file; the weights of a large one lie on the disk from then on. A function of its own, so that nothing holds them any longer. */
async function readStaged(
  { path, onto, weights }: HostRequests['import.read'][0],
  signal: CancelSignal | undefined,
): Promise<Result<Ready>> {
  const read = await readAny({ path, onto, signal, ...(weights === undefined ? {} : { weights }) });
  if (!read.ok) return read;
  const imported = read.value;
  if (imported.model === null || !isStaged(imported, imported.model)) return success({ imported, staged: null });
  const staged = await stage(imported.model, signal);
  if (!staged.ok) return staged;
  return success({ imported: { ...imported, model: staged.value.model }, staged: staged.value });
}

function isCancelled(signal: CancelSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** From here on a model's weights are written once, and read again for its proof and where it is kept. */
const largeValues = 2 ** 22;
/** A proof has both sides in memory several times over: more weights than this, or an eighth of the memory, are not proved. */
const mostProvedValues = 2 ** 28;
const memoryShare = 8 * 4;

function valuesOf({ weights }: Model): number {
  return Object.values(weights).reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

function isStaged({ prove }: Imported, model: Model): boolean {
  const values = valuesOf(model);
  return prove !== undefined && values > largeValues && values <= mostProved();
}

function mostProved(): number {
  return Math.floor(Math.min(mostProvedValues, totalmem() / memoryShare));
}

async function proveAndKeep(
  imported: Imported,
  request: HostRequests['import.read'][0],
  { answerer, kept, signal, written }: ImportSurroundings & { readonly written: WrittenModel | undefined },
): Promise<Result<ImportResult>> {
  const { format, model } = imported;
  const outcome = model === null ? null : await proofOf(imported, model, answerer, signal, written);
  if (signal?.aborted === true) return failure(requestCancelled('import.read'));
  const final = request.foldRepeats === true ? folded(imported, request.onto) : { ...imported, folds: [] };
  const saved = request.save === undefined ? null : await save(final, request.save, signal);
  if (saved?.ok === false) return saved;
  const { report, folds } = final;
  const said = { format, report, folds, proof: outcome?.proof ?? null, notProved: outcome?.skipped ?? null };
  const keeping =
    request.keep === true ? await kept.keep({ ...said, name: basename(request.path) }, final.model, signal) : null;
  if (keeping?.ok === false) return keeping;
  return success({
    ...said,
    document: final.document,
    hasWeights: model !== null,
    saved: saved?.value ?? null,
    kept: keeping?.value ?? null,
  });
}

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { fileExists, invalidPath } from '../../../shared/diagnostics/catalog/file';
import { requestCancelled } from '../../../shared/diagnostics/catalog/host';
import { importUnsupported } from '../../../shared/diagnostics/catalog/imports';
import { modelNeedsWeights } from '../../../shared/diagnostics/catalog/model';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { serializeNetwork } from '../../../shared/document/serialize';
import type { CancelSignal, HostRequests, ImportResult } from '../../../shared/host/api';
import { recognizeFile, recognizedBytes } from '../../../shared/imports/formats';
import type { FileStart, ImportFormat } from '../../../shared/imports/formats';
import { foldRepeats } from '../../../shared/imports/repeats';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { Text } from '../../../shared/text';
import { writeFileAtomically } from '../../files/atomicFile';
import { fileDiagnostic } from '../../files/fileErrors';
import { modelExtension, modelFiles, writeModel } from '../../files/models';
import { openRegularFile } from '../../files/regularFile';
import type { Answerer } from '../answerer';
import { createForward } from '../forward';
import type { KeptImports } from './kept';
import { readers, type Imported, type ImportSource } from './readers';

/** Files that Convloom itself writes. */
const ownFormats: ReadonlySet<ImportFormat> = new Set(['document', 'model']);

async function readEnds(path: string, sizeBytes: number): Promise<FileStart> {
  const { handle } = await openRegularFile(path);
  try {
    const length = Math.min(sizeBytes, recognizedBytes);
    const part = async (position: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    return { name: basename(path), sizeBytes, head: await part(0), tail: await part(sizeBytes - length) };
  } finally {
    await handle.close();
  }
}

/** Reads a file or folder of any kind that is known, and writes and runs nothing. */
export async function readAny(source: ImportSource): Promise<Result<Imported>> {
  const { path } = source;
  if (!isAbsolute(path)) return failure(invalidPath(path));
  if (source.weights !== undefined && !isAbsolute(source.weights)) return failure(invalidPath(source.weights));
  try {
    const info = await stat(path);
    // What is a pipe is said before anything waits for its end.
    if (source.weights !== undefined) await (await openRegularFile(source.weights)).handle.close();
    if (info.isDirectory()) {
      // Exports for TensorFlow.js are folders; models of our own have a network beside that file.
      const inside = join(path, 'model.json');
      const isTfjs = existsSync(inside) && !existsSync(join(path, modelFiles.network));
      return isTfjs ? await readers.tfjs({ ...source, path: inside }) : await readers.model(source);
    }
    const known = recognizeFile(await readEnds(path, info.size));
    return known.format === null
      ? failure(importUnsupported(path, known.what, known.mend))
      : await readers[known.format](source);
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'open'));
  }
}

/** Writes what was imported: a network file where the name or the lack of weights asks for one, else a model. */
async function save(
  { document, model }: Imported,
  { path, overwrite }: { readonly path: string; readonly overwrite: boolean },
): Promise<Result<{ readonly path: string; readonly withWeights: boolean }>> {
  if (!isAbsolute(path)) return failure(invalidPath(path));
  const isDocumentFile = /\.(json|convloom)$/i.test(path) || model === null;
  const isModelFile = path.endsWith(modelExtension);
  if (isModelFile && model === null) return failure(modelNeedsWeights(path));
  const isFile = isDocumentFile || isModelFile;
  if (isFile && !overwrite && existsSync(path)) return failure(fileExists(path));
  if (!isDocumentFile) {
    const written = await writeModel(path, model);
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

/** Reads a network from a file or folder of any kind that is known, and writes it where it is wanted. */
export async function importNetwork(
  request: HostRequests['import.read'][0],
  {
    answerer,
    kept,
    signal,
  }: {
    readonly answerer: Pick<Answerer, 'ask'>;
    readonly kept: KeptImports;
    readonly signal: CancelSignal | undefined;
  },
): Promise<Result<ImportResult>> {
  const imported = await readAny({
    path: request.path,
    onto: request.onto,
    signal,
    ...(request.weights === undefined ? {} : { weights: request.weights }),
  });
  if (!imported.ok) return imported;
  const { format, model, prove } = imported.value;
  const outcome =
    model === null ? null : ((await prove?.(model, createForward(answerer, signal), answerer.ask)) ?? null);
  if (signal?.aborted === true) return failure(requestCancelled('import.read'));
  const final = request.foldRepeats === true ? folded(imported.value, request.onto) : { ...imported.value, folds: [] };
  const saved = request.save === undefined ? null : await save(final, request.save);
  if (saved?.ok === false) return saved;
  const { report, folds } = final;
  const said = { format, report, folds, proof: outcome?.proof ?? null, notProved: outcome?.skipped ?? null };
  const keeping =
    request.keep === true ? await kept.keep({ ...said, name: basename(request.path) }, final.model) : null;
  if (keeping?.ok === false) return keeping;
  return success({
    ...said,
    document: final.document,
    hasWeights: model !== null,
    saved: saved?.value ?? null,
    kept: keeping?.value ?? null,
  });
}

import { existsSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { fileExists, invalidPath } from '../../shared/diagnostics/catalog/file';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { importNeedsNetwork, importUnsupported } from '../../shared/diagnostics/catalog/imports';
import { modelDamaged, modelNeedsWeights } from '../../shared/diagnostics/catalog/model';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { serializeNetwork } from '../../shared/document/serialize';
import type { CancelSignal, HostRequests, ImportResult } from '../../shared/host/api';
import { recognizeFile, recognizedBytes } from '../../shared/imports/formats';
import type { FileStart, ImportFormat } from '../../shared/imports/formats';
import type { ImportLine } from '../../shared/imports/report';
import { putWeightsOnto } from '../../shared/imports/safetensors/putOnto';
import type { NetworkDocument } from '../../shared/schema/document';
import { errorWords } from '../../shared/text';
import { writeFileAtomically } from '../files/atomicFile';
import { fileDiagnostic } from '../files/fileErrors';
import { modelExtension, writeModel } from '../files/models';
import type { Model } from '../files/models';
import { decodeSafetensors } from '../files/safetensors';
import { readWithSettings } from './models';
import { openProject } from './projects';

/** What was read: a network, and its weights if the file has any. */
type Imported = {
  readonly format: ImportFormat;
  readonly document: NetworkDocument;
  readonly model: Model | null;
  readonly report: readonly ImportLine[];
};

async function readEnds(path: string, sizeBytes: number): Promise<FileStart> {
  const handle = await open(path, 'r');
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

function nodesOf(document: NetworkDocument): readonly ImportLine[] {
  return document.nodes.map(({ id }) => ({ source: id, nodeId: id, status: 'same', why: null }));
}

async function importDocument(path: string): Promise<Result<Imported>> {
  const opened = await openProject(path);
  if (!opened.ok) return opened;
  const { document } = opened.value;
  return success({ format: 'document', document, model: null, report: nodesOf(document) });
}

async function importModel(path: string): Promise<Result<Imported>> {
  const model = await readWithSettings(path);
  if (!model.ok) return model;
  const { document } = model.value;
  return success({ format: 'model', document, model: model.value, report: nodesOf(document) });
}

async function importWeights(path: string, onto: NetworkDocument | undefined): Promise<Result<Imported>> {
  if (onto === undefined) return failure(importNeedsNetwork(path));
  const bytes = await readFile(path);
  let tensors;
  try {
    tensors = decodeSafetensors(bytes).tensors;
  } catch (error) {
    return failure(modelDamaged(path, errorWords(error)));
  }
  const put = putWeightsOnto(onto, tensors, path);
  if (!put.ok) return put;
  const { weights, report } = put.value;
  const facts = { data: null, source: `import of ${basename(path)}` };
  return success({ format: 'safetensors', document: onto, model: { document: onto, weights, facts }, report });
}

async function read({ path, onto }: HostRequests['import.read'][0]): Promise<Result<Imported>> {
  if (!isAbsolute(path)) return failure(invalidPath(path));
  try {
    const info = await stat(path);
    if (info.isDirectory()) return await importModel(path);
    const known = recognizeFile(await readEnds(path, info.size));
    switch (known.format) {
      case null:
        return failure(importUnsupported(path, known.what, known.mend));
      case 'document':
        return await importDocument(path);
      case 'model':
        return await importModel(path);
      case 'safetensors':
        return await importWeights(path, onto);
    }
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

/** Reads a network from a file or folder of any kind that is known, and writes it where it is wanted. */
export async function importNetwork(
  request: HostRequests['import.read'][0],
  signal: CancelSignal | undefined,
): Promise<Result<ImportResult>> {
  const imported = await read(request);
  if (!imported.ok) return imported;
  if (signal?.aborted === true) return failure(requestCancelled('import.read'));
  const { format, document, model, report } = imported.value;
  const saved = request.save === undefined ? null : await save(imported.value, request.save);
  if (saved?.ok === false) return saved;
  return success({
    format,
    document,
    hasWeights: model !== null,
    saved: saved?.value ?? null,
    report,
    proof: null,
  });
}

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { notAModel } from '../../../shared/diagnostics/catalog/model';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { ModelRef } from '../../../shared/host/api';
import type { FloatTensors } from '../../../shared/ops/tensor';
import type { NetworkDocument } from '../../../shared/schema/document';
import { errorCode, fileDiagnostic } from '../../files/fileErrors';
import { folderOf, modelExtension, modelFiles, writeModel } from '../../files/models';
import { readRegularFile } from '../../files/regularFile';
import { parseWeights } from '../../files/weights';
import type { StartSource } from '../../trainer/protocol';
import { readAny } from '../imports';
import { modelPath, type FindRun } from '../models';

/** What a run starts from as a trainer reads it; `release` takes away what was only made for it. */
export type OpenedStart = { readonly source: StartSource; readonly release: () => void };

async function isOwnModel(path: string): Promise<boolean> {
  if (path.endsWith(modelExtension)) return true;
  return stat(join(folderOf(path), modelFiles.network)).then(
    () => true,
    () => false,
  );
}

/** The weights of a file that is no model of the app's: bare ones by their own names, others as an import gives them. */
async function foreignWeights(path: string, document: NetworkDocument): Promise<Result<FloatTensors>> {
  if (path.endsWith('.safetensors')) {
    try {
      return success(parseWeights(await readRegularFile(path)));
    } catch (error) {
      // Of another program, perhaps with other types of numbers: the import knows more of them.
      if (errorCode(error) !== '') return failure(fileDiagnostic(error, path, 'open'));
    }
  }
  const imported = await readAny({ path, onto: document, signal: undefined });
  if (!imported.ok) return imported;
  const { model } = imported.value;
  return model === null ? failure(notAModel(path, 'network')) : success(model.weights);
}

/** Finds what a run is to start from. Files of other programs are read here, as the trainer knows models alone. */
export async function openStart(
  from: ModelRef,
  document: NetworkDocument,
  findRun: FindRun,
): Promise<Result<OpenedStart>> {
  const path = modelPath(from, findRun);
  if (!path.ok) return path;
  const name = from.type === 'run' ? `run ${from.runId}` : path.value;
  if (await isOwnModel(path.value)) return success({ source: { path: path.value, name }, release: () => undefined });
  const weights = await foreignWeights(path.value, document);
  if (!weights.ok) return weights;
  const folder = await mkdtemp(join(tmpdir(), 'convloom-start-'));
  const release = (): void => void rm(folder, { recursive: true, force: true }).catch(() => undefined);
  const facts = { data: null, source: basename(path.value) };
  const written = await writeModel(join(folder, 'model'), { document, weights: weights.value, facts });
  if (!written.ok) {
    release();
    return written;
  }
  return success({ source: { path: written.value.path, name }, release });
}

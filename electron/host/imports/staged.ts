import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import type { CancelSignal } from '../../../shared/host/api';
import { readWhenAsked } from '../../../shared/imports/arranged';
import { readElements } from '../../../shared/imports/onnx/tensors';
import { elementCount, type FloatTensor } from '../../../shared/ops/tensor';
import { fileDiagnostic } from '../../files/fileErrors';
import { modelFiles, writeModel, type Model } from '../../files/models';
import { listSafetensors } from '../../files/safetensors';

/** A model whose weights have been brought into our own order once, into a scratch folder. */
export type Staged = { readonly model: Model; readonly path: string; dispose(): Promise<void> };

/** Writes a model where nobody looks: what proves it and what keeps it then read the same bytes, and no more in memory than they need. */
export async function stage(model: Model, signal: CancelSignal | undefined): Promise<Result<Staged>> {
  let scratch: string | null = null;
  const dispose = async (): Promise<void> => {
    if (scratch !== null) await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  };
  try {
    scratch = await mkdtemp(join(tmpdir(), 'convloom-import-'));
    const path = join(scratch, 'model');
    const written = await writeModel(path, model, { isScratch: true, signal });
    if (!written.ok) {
      await dispose();
      return written;
    }
    const listed = listSafetensors(join(path, modelFiles.weights));
    const weights = listed.map(({ name, shape, bytes }): [string, FloatTensor] => [
      name,
      readWhenAsked(shape, () => readElements(bytes.read(), 'float32', elementCount(shape)) as Float32Array),
    ]);
    return success({ model: { ...model, weights: Object.fromEntries(weights) }, path, dispose });
  } catch (error) {
    await dispose();
    return failure(fileDiagnostic(error, scratch ?? tmpdir(), 'save'));
  }
}

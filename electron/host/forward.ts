import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { CancelSignal } from '../../shared/host/api';
import type { FloatTensors, TensorMap } from '../../shared/ops/tensor';
import { fileDiagnostic } from '../files/fileErrors';
import { writeModel, type Model } from '../files/models';
import type { Answerer } from './answerer';

/** What a network gives for tensors: both by node id, each `[batch, ...shape]`. */
export type Forward = (
  model: Pick<Model, 'document' | 'weights'>,
  inputs: FloatTensors,
  nodes: readonly string[],
) => Promise<Result<TensorMap>>;

/** A model that stands in a folder already. */
export type WrittenModel = { readonly model: Pick<Model, 'document' | 'weights'>; readonly path: string };

/** Runs models that stand in no file but `written`, on the best engine that is here: the side of a proof that is ours. */
export function createForward(answerer: Pick<Answerer, 'ask'>, signal?: CancelSignal, written?: WrittenModel): Forward {
  return async ({ document, weights }, inputs, nodes) => {
    if (written !== undefined && weights === written.model.weights && document === written.model.document) {
      const answer = await answerer.ask('forward', { path: written.path, nodes, inputs }, signal);
      return answer.ok ? success(answer.value.tensors) : answer;
    }
    let scratch: string | null = null;
    try {
      scratch = await mkdtemp(join(tmpdir(), 'convloom-forward-'));
      const path = join(scratch, 'model');
      const facts = { data: null, source: 'a proof' };
      const made = await writeModel(path, { document, weights, facts }, { isScratch: true, signal });
      if (!made.ok) return failure(...made.diagnostics);
      const answer = await answerer.ask('forward', { path, nodes, inputs }, signal);
      return answer.ok ? success(answer.value.tensors) : answer;
    } catch (error) {
      return failure(fileDiagnostic(error, scratch ?? tmpdir(), 'save'));
    } finally {
      if (scratch !== null) await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
    }
  };
}

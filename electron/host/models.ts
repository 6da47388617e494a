import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileExists, invalidPath } from '../../shared/diagnostics/catalog/file';
import { runNotFound } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { CheckpointInfo, HostRequests, ModelInfo, ModelRef } from '../../shared/host/api';
import { readCheckpoint } from '../files/checkpoint';
import { folderOf, modelExtension, readModel, writeModel } from '../files/models';
import type { Model } from '../files/models';
import { readRecord } from '../files/runRecord';

/** The folder of a run by its id; null for an id that is none. */
export type FindRun = (runId: string) => string | null;

/** Where a model is. */
export function modelPath(model: ModelRef, findRun: FindRun): Result<string> {
  if (model.type === 'run') {
    const dir = findRun(model.runId);
    return dir === null ? failure(runNotFound(model.runId)) : success(dir);
  }
  return isAbsolute(model.path) ? success(model.path) : failure(invalidPath(model.path));
}

/** What a model is, without its numbers. */
export async function describeModel(path: string): Promise<Result<ModelInfo>> {
  const model = await readModel(path);
  if (!model.ok) return model;
  const { document, weights, facts } = model.value;
  return success({
    document,
    source: facts.source,
    data: facts.data,
    weights: Object.entries(weights).map(([name, { shape }]) => ({ name, shape })),
  });
}

/** How far a run's checkpoint is. */
export async function describeCheckpoint(dir: string): Promise<Result<CheckpointInfo>> {
  const read = await readCheckpoint(dir);
  if (!read.ok) return read;
  const { state, variables, savedAt } = read.value;
  return success({
    step: state.step,
    epoch: state.epoch,
    savedAt: savedAt.toISOString(),
    tensors: Object.entries(variables).map(([name, { shape }]) => ({ name, shape })),
  });
}

/** Reads a model that is to stand alone: what a run was trained with and on goes into the network's own settings. */
export async function readWithSettings(path: string): Promise<Result<Model>> {
  const model = await readModel(path);
  if (!model.ok) return model;
  const record = await readRecord(folderOf(path));
  if (!record.ok) return model;
  const document = { ...model.value.document, train: record.value.config };
  return success({ ...model.value, document });
}

/** Copies a model, whatever it is in, into a folder or a file of its own. */
export async function saveModel(
  from: string,
  { path, overwrite }: Omit<HostRequests['model.save'][0], 'model'>,
): Promise<Result<{ readonly path: string }>> {
  if (!isAbsolute(path)) return failure(invalidPath(path));
  const model = await readWithSettings(from);
  if (!model.ok) return model;
  // A folder is never overwritten.
  if (!overwrite && path.endsWith(modelExtension) && existsSync(path)) return failure(fileExists(path));
  return await writeModel(path, model.value);
}

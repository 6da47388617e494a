import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { importNeedsNetwork } from '../../../shared/diagnostics/catalog/imports';
import { modelDamaged } from '../../../shared/diagnostics/catalog/model';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { ImportLine } from '../../../shared/imports/report';
import { putWeightsOnto } from '../../../shared/imports/safetensors/putOnto';
import type { NetworkDocument } from '../../../shared/schema/document';
import { errorWords } from '../../../shared/text';
import { decodeSafetensors } from '../../files/safetensors';
import { readWithSettings } from '../models';
import { openProject } from '../projects';
import type { Imported, ImportSource } from './readers';

function nodesOf(document: NetworkDocument): readonly ImportLine[] {
  return document.nodes.map(({ id }) => ({ source: id, nodeId: id, status: 'same', why: null }));
}

/** A network file of our own. */
export async function readDocument({ path }: ImportSource): Promise<Result<Imported>> {
  const opened = await openProject(path);
  if (!opened.ok) return opened;
  const { document } = opened.value;
  return success({ format: 'document', document, model: null, report: nodesOf(document) });
}

/** A model or a run of our own. */
export async function readOwnModel({ path }: ImportSource): Promise<Result<Imported>> {
  const model = await readWithSettings(path);
  if (!model.ok) return model;
  const { document } = model.value;
  return success({ format: 'model', document, model: model.value, report: nodesOf(document) });
}

/** Bare weights, put on a network that is there already. */
export async function readSafetensors({ path, onto }: ImportSource): Promise<Result<Imported>> {
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

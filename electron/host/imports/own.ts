import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { importNeedsNetwork } from '../../../shared/diagnostics/catalog/imports';
import { modelDamaged } from '../../../shared/diagnostics/catalog/model';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { ImportLine } from '../../../shared/imports/report';
import { readElements } from '../../../shared/imports/onnx/tensors';
import { putWeightsOnto } from '../../../shared/imports/safetensors/putOnto';
import { isStateDict, type StateTensor } from '../../../shared/imports/stateDict/modules';
import { putStateOnto } from '../../../shared/imports/stateDict/putStateOnto';
import { elementCount } from '../../../shared/ops/tensor';
import type { NetworkDocument } from '../../../shared/schema/document';
import { errorWords } from '../../../shared/text';
import { decodeSafetensors, listSafetensors, type ForeignTensor } from '../../files/safetensors';
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

/** Values of another program's tensor; null where they are no real numbers. */
function readerOf({ type, shape, bytes }: ForeignTensor): StateTensor['read'] {
  const types = { F32: 'float32', F64: 'float64', F16: 'float16', BF16: 'bfloat16' } as const;
  const name = type in types ? types[type as keyof typeof types] : null;
  if (name === null) return null;
  return () => {
    const data = readElements(bytes, name, elementCount(shape));
    return { dtype: 'float32', shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
  };
}

/** Bare weights, put on a network that is there already: by the network's own names, or a state_dict of PyTorch. */
export async function readSafetensors({ path, onto }: ImportSource): Promise<Result<Imported>> {
  if (onto === undefined) return failure(importNeedsNetwork(path));
  const bytes = await readFile(path);
  let put;
  try {
    const listed = listSafetensors(bytes);
    put = isStateDict(listed.map(({ name }) => name))
      ? putStateOnto(
          onto,
          listed.map((tensor) => ({ name: tensor.name, shape: tensor.shape, read: readerOf(tensor) })),
          path,
        )
      : putWeightsOnto(onto, decodeSafetensors(bytes).tensors, path);
  } catch (error) {
    return failure(modelDamaged(path, errorWords(error)));
  }
  if (!put.ok) return put;
  const { weights, report } = put.value;
  const facts = { data: null, source: `import of ${basename(path)}` };
  return success({ format: 'safetensors', document: onto, model: { document: onto, weights, facts }, report });
}

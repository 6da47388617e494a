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
import { SafetensorsFault, listSafetensors, type ForeignTensor } from '../../files/safetensors';
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

const readableTypes = { F32: 'float32', F64: 'float64', F16: 'float16', BF16: 'bfloat16' } as const;

/** Values of another program's tensor; null where they are no real numbers. */
function readerOf({ type, shape, bytes }: ForeignTensor): StateTensor['read'] {
  const name = type in readableTypes ? readableTypes[type as keyof typeof readableTypes] : null;
  if (name === null) return null;
  return () => {
    const data = readElements(bytes.read(), name, elementCount(shape));
    return data instanceof Float32Array ? data : Float32Array.from(data);
  };
}

/** Bare weights, put on a network that is there already: by the network's own names, or a state_dict of PyTorch. */
export function readSafetensors({ path, onto }: ImportSource): Promise<Result<Imported>> {
  if (onto === undefined) return Promise.resolve(failure(importNeedsNetwork(path)));
  let put;
  try {
    const tensors = listSafetensors(path).map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape,
      type: tensor.type === 'F32' ? 'float32' : tensor.type,
      read: readerOf(tensor),
    }));
    put = isStateDict(tensors.map(({ name }) => name))
      ? putStateOnto(onto, tensors, path)
      : putWeightsOnto(onto, tensors, path);
  } catch (error) {
    if (!(error instanceof SafetensorsFault)) throw error;
    return Promise.resolve(failure(modelDamaged(path, errorWords(error))));
  }
  if (!put.ok) return Promise.resolve(put);
  const { weights, report } = put.value;
  const facts = { data: null, source: `import of ${basename(path)}` };
  return Promise.resolve(
    success({ format: 'safetensors', document: onto, model: { document: onto, weights, facts }, report }),
  );
}

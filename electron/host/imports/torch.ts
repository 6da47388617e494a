import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { importDamaged, importNeedsNetwork } from '../../../shared/diagnostics/catalog/imports';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { StateTensor } from '../../../shared/imports/stateDict/modules';
import { putStateOnto } from '../../../shared/imports/stateDict/putStateOnto';
import { isLegacyTorch, readLegacyTorch, readTorchZip } from '../../../shared/imports/torch/tensors';
import { errorText, formatBytes, text } from '../../../shared/text';
import { readFileStart } from '../../files/regularFile';
import { listStoredZip } from '../../files/zip';
import type { Imported, ImportSource } from './readers';

/** What tells the older form. */
const headBytes = 64;
/** A pickle of names and sizes is small, whatever the model. */
const mostPickleBytes = 2 ** 28;
const isPart = (name: string): boolean => /(^|\/)(data\.pkl|byteorder|data\/[^/]+)$/.test(name);

/** The tensors of a `.pt` file, in either of its forms. */
async function readTensors(path: string): Promise<Result<readonly StateTensor[]>> {
  const { bytes: head } = await readFileStart(path, headBytes);
  if (isLegacyTorch(head)) return success(readLegacyTorch(await readFile(path)));
  const entries = await listStoredZip(path, isPart);
  if (!entries.ok) return entries;
  const main = [...entries.value.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  const pickle = main === undefined ? undefined : entries.value.get(main);
  if (main === undefined || pickle === undefined) throw new Error('data.pkl is missing');
  if (pickle.sizeBytes > mostPickleBytes) throw new Error(`data.pkl has ${formatBytes(pickle.sizeBytes)}`);
  const folder = main.slice(0, -'data.pkl'.length);
  const inside = [...entries.value].flatMap(([name, content]) =>
    name.startsWith(folder) ? [[name.slice(folder.length), content] as const] : [],
  );
  return success(readTorchZip(pickle.range(0, pickle.sizeBytes).read(), new Map(inside)));
}

/** Weights that `torch.save` wrote: a state_dict, a checkpoint with one, or a model. Its Python is read as data, and none of it runs. */
export async function readTorch({ path, onto }: ImportSource): Promise<Result<Imported>> {
  if (onto === undefined) return failure(importNeedsNetwork(path));
  let tensors;
  try {
    tensors = await readTensors(path);
  } catch (error) {
    const what = errorText(error);
    return failure(
      importDamaged(path, text(`it does not read as PyTorch’s (${what})`, `无法按 PyTorch 文件读取（${what}）`)),
    );
  }
  if (!tensors.ok) return tensors;
  const put = putStateOnto(onto, tensors.value, path);
  if (!put.ok) return put;
  const { weights, report } = put.value;
  const facts = { data: null, source: `import of ${basename(path)}` };
  return success({ format: 'torch', document: onto, model: { document: onto, weights, facts }, report });
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { importNeedsNetwork } from '../../../shared/diagnostics/catalog/imports';
import { importDamaged } from '../../../shared/diagnostics/catalog/imports';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { ImportFormat } from '../../../shared/imports/formats';
import type { ConvertedModel } from '../../../shared/imports/keras/convert';
import {
  isPlainKeras,
  readHdfModel,
  readHdfWeights,
  readKerasArchive,
  readKerasModel,
} from '../../../shared/imports/keras/model';
import { ImportProblem } from '../../../shared/imports/problem';
import { putWeightsOnto } from '../../../shared/imports/safetensors/putOnto';
import { errorText, text } from '../../../shared/text';
import { readStoredZip } from '../../files/zip';
import { skipped } from '../proof';
import { proveFile } from './fileProof';
import { withHdf5 } from './hdf5';
import { runByKeras } from './kerasProof';
import type { Imported, ImportSource } from './readers';

/** What a `.keras` file holds. */
const archive = { config: 'config.json', weights: 'model.weights.h5' } as const;

/** Opens HDF5 bytes; what the library cannot open is a damaged file. */
async function reading<T>(
  path: string,
  bytes: Uint8Array,
  work: Parameters<typeof withHdf5<Result<T>>>[1],
): Promise<Result<T>> {
  try {
    return await withHdf5(bytes, work);
  } catch (error) {
    if (error instanceof ImportProblem) return failure(error.diagnosticOf(path));
    const why = errorText(error).split('\n').at(-1)?.trim().slice(0, 200) ?? '';
    return failure(importDamaged(path, text(`its HDF5 cannot be read (${why}).`, `无法读取其 HDF5（${why}）。`)));
  }
}

/** What was read, as the host wants it; with weights it is proved by Keras where there is one. */
function imported(
  format: ImportFormat,
  { path, signal }: ImportSource,
  converted: ConvertedModel,
  config: string,
): Imported {
  const { document, weights, report, inputs, outputs, channelsFirst } = converted;
  const plain = { format, document, report } as const;
  if (weights === null) return { ...plain, model: null };
  // Not all that was converted: its weights would stay in memory until it is proved.
  const named = { inputs, outputs, channelsFirst };
  return {
    ...plain,
    model: { document, weights, facts: { data: null, source: `import of ${basename(path)}` } },
    prove: async (model, forward) => {
      if (!isPlainKeras(config)) {
        return skipped(text('the file names code that Keras would run', '文件中含有 Keras 会执行的代码'));
      }
      return await proveFile(named, model, forward, runByKeras(path, [...outputs.values()], signal));
    },
  };
}

/** The JSON that `model.to_json()` gives: a network without weights. */
export async function readKerasJson(source: ImportSource): Promise<Result<Imported>> {
  const words = await readFile(source.path, 'utf8');
  const converted = readKerasModel(source.path, words, () => null);
  return converted.ok ? success(imported('kerasJson', source, converted.value, words)) : converted;
}

/** A `.keras` file. */
export async function readKerasZip(source: ImportSource): Promise<Result<Imported>> {
  const { path } = source;
  const entries = await readStoredZip(path, Object.values(archive));
  if (!entries.ok) return entries;
  const [config, weights] = [entries.value.get(archive.config), entries.value.get(archive.weights)];
  if (config === undefined || weights === undefined) {
    const missing = config === undefined ? archive.config : archive.weights;
    return failure(importDamaged(path, text(`it has no ${missing}.`, `其中没有 ${missing}。`)));
  }
  const words = config.toString('utf8');
  const converted = await reading(path, weights, (file) => readKerasArchive(path, words, file));
  return converted.ok ? success(imported('keras', source, converted.value, words)) : converted;
}

/** A `.h5` file: a whole model, or weights alone, which are put on a network. */
export async function readKerasHdf(source: ImportSource): Promise<Result<Imported>> {
  const { path, onto } = source;
  const bytes = await readFile(path);
  return await reading(path, bytes, (file): Result<Imported> => {
    const converted = readHdfModel(path, file);
    if (converted !== null) {
      const config = file.words('', 'model_config')?.[0] ?? '';
      return converted.ok ? success(imported('kerasHdf5', source, converted.value, config)) : converted;
    }
    if (onto === undefined) return failure(importNeedsNetwork(path));
    const tensors = readHdfWeights(path, file);
    if (!tensors.ok) return tensors;
    const listed = Object.entries(tensors.value).map(([name, { shape, data }]) => ({
      name,
      shape,
      type: 'float32',
      read: () => data,
    }));
    const put = putWeightsOnto(onto, listed, path);
    if (!put.ok) return put;
    const facts = { data: null, source: `import of ${basename(path)}` };
    const model = { document: onto, weights: put.value.weights, facts };
    return success({ format: 'kerasHdf5', document: onto, model, report: put.value.report });
  });
}

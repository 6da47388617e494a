import { basename, dirname } from 'node:path';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { ImportProblem } from '../../../shared/imports/problem';
import { storedWeights } from '../../../shared/imports/tfjs/manifest';
import { readTfjsModel } from '../../../shared/imports/tfjs/model';
import { readTfjsModelFile, type TfjsModelFile } from '../../files/tfjsModel';
import { proveFile } from './fileProof';
import type { Imported, ImportSource } from './readers';

/** A model.json of TensorFlow.js with the files of weights beside it. */
export async function readTfjs({ path, signal }: ImportSource): Promise<Result<Imported>> {
  let file: TfjsModelFile;
  try {
    file = await readTfjsModelFile(path);
  } catch (error) {
    if (error instanceof ImportProblem) return failure(error.diagnosticOf(path));
    throw error;
  }
  const weights = file.groups.flatMap((group) => storedWeights(group, group.files));
  const converted = readTfjsModel(path, file.model, weights);
  if (!converted.ok) return converted;
  const { document, weights: own, report, inputs, outputs, channelsFirst } = converted.value;
  const plain = { format: 'tfjs', document, report } as const;
  if (own === null) return success({ ...plain, model: null });
  const source = `import of ${basename(dirname(path))}/${basename(path)}`;
  // Not all that was converted: its weights would stay in memory until it is proved.
  const named = { inputs, outputs, channelsFirst };
  return success({
    ...plain,
    model: { document, weights: own, facts: { data: null, source } },
    prove: (model, forward, ask) =>
      proveFile(named, model, forward, (given) =>
        ask('tfjsModel', { path, inputs: given, outputs: [...outputs.values()] }, signal),
      ),
  });
}

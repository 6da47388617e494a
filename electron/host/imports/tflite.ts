import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { importUnsupported } from '../../../shared/diagnostics/catalog/imports';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import { readTflite } from '../../../shared/imports/tflite';
import { text } from '../../../shared/text';
import { rangesOf } from '../../files/ranges';
import { proveFile } from './fileProof';
import { runByTflite } from './kerasProof';
import type { Imported, ImportSource } from './readers';

/** No FlatBuffer is larger. */
const mostBytes = 2 ** 31;

/** A TensorFlow Lite model; proved by its interpreter in a Python that has TensorFlow. */
export async function readTfliteFile({ path, signal }: ImportSource): Promise<Result<Imported>> {
  if ((await stat(path)).size >= mostBytes) {
    return failure(
      importUnsupported(path, text('a TensorFlow Lite model above 2 GB', '超过 2 GB 的 TensorFlow Lite 模型'), null),
    );
  }
  const imported = readTflite(path, rangesOf(path), basename(path).replace(/\.[^.]*$/, ''));
  if (!imported.ok) return imported;
  const { document, weights, report, inputs, outputs } = imported.value;
  const facts = { data: null, source: `import of ${basename(path)}` };
  return success({
    format: 'tflite',
    document,
    model: weights === null ? null : { document, weights, facts },
    report,
    prove: (model, forward) =>
      proveFile(
        { inputs, outputs, channelsFirst: new Set() },
        model,
        forward,
        runByTflite(path, [...outputs.values()], signal),
      ),
  });
}

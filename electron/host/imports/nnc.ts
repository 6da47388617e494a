import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { importUnsupported } from '../../../shared/diagnostics/catalog/imports';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import { readNnc } from '../../../shared/imports/nnc';
import { text } from '../../../shared/text';
import { skipped } from '../proof';
import type { Imported, ImportSource } from './readers';

/** With weights written out in digits a text may be long; longer ones are kept in other forms. */
const mostBytes = 256 * 2 ** 20;

/** A network of Neural Network Console or nnabla in its text form. */
export async function readNncText({ path }: ImportSource): Promise<Result<Imported>> {
  if ((await stat(path)).size > mostBytes) {
    return failure(importUnsupported(path, text('a text of more than 256 MB', '超过 256 MB 的文本'), null));
  }
  const name = basename(path).replace(/\.[^.]*$/, '');
  const imported = readNnc(path, await readFile(path, 'utf8'), name);
  if (!imported.ok) return imported;
  const { document, weights, report } = imported.value;
  const facts = { data: null, source: `import of ${basename(path)}` };
  return success({
    format: 'nnc',
    document,
    model: weights === null ? null : { document, weights, facts },
    report,
    prove: () => Promise.resolve(skipped(text('nnabla is not here', '这里没有 nnabla'))),
  });
}

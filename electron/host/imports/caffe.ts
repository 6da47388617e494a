import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { importDamaged, importUnsupported } from '../../../shared/diagnostics/catalog/imports';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import { readCaffe, type CaffeWeights } from '../../../shared/imports/caffe';
import { errorText, text } from '../../../shared/text';
import { findPart } from '../../files/partFile';
import { FileRefusal } from '../../files/regularFile';
import { skipped } from '../proof';
import { caffeForm, decodeCaffeModel } from './caffeMessages';
import { readSkeleton } from './protoSkeleton';
import type { Imported, ImportSource } from './readers';

/** The text of a network is never longer, and no protobuf message is larger. */
const most = { network: 64 * 2 ** 20, model: 2 ** 31 } as const;

/** A Caffe network, with the model that is named, or that lies beside it under the same name or alone. */
export async function readCaffeText({ path, weights: named }: ImportSource): Promise<Result<Imported>> {
  if ((await stat(path)).size > most.network) {
    return failure(importUnsupported(path, text('a text of more than 64 MB', '超过 64 MB 的文本'), null));
  }
  const words = await readFile(path, 'utf8');
  const modelPath = named ?? (await modelBeside(path));
  const weights = modelPath === null ? success(null) : await readWeights(modelPath);
  if (!weights.ok) return weights;
  const imported = readCaffe(path, words, weights.value, basename(path).replace(/\.[^.]*$/, ''));
  if (!imported.ok) return imported;
  const { document, weights: own, report } = imported.value;
  const source = `import of ${basename(path)}${modelPath === null ? '' : ` with ${basename(modelPath)}`}`;
  return success({
    format: 'caffe',
    document,
    model: own === null ? null : { document, weights: own, facts: { data: null, source } },
    report,
    prove: () => Promise.resolve(skipped(text('Caffe is not here', '这里没有 Caffe'))),
  });
}

/** A model without its network: the network beside it is read. */
export async function readCaffeModel(source: ImportSource): Promise<Result<Imported>> {
  const found = await beside(source.path, '.prototxt');
  if (found !== null) return await readCaffeText({ ...source, path: found, weights: source.path });
  return failure(
    importUnsupported(
      source.path,
      text('the weights of a Caffe network', 'Caffe 网络的权值'),
      text(
        'Put its network, often called deploy.prototxt, into the same folder and import that: convloom import deploy.prototxt --weights FILE -o OUT.',
        '请把它的网络（通常叫 deploy.prototxt）放到同一文件夹并导入：convloom import deploy.prototxt --weights FILE -o OUT。',
      ),
    ),
  );
}

async function modelBeside(path: string): Promise<string | null> {
  return await beside(path, '.caffemodel');
}

/** A file of this ending beside another: of the same name, else the only one. Ends the import where it is a link to elsewhere. */
async function beside(path: string, ending: string): Promise<string | null> {
  const same = `${path.slice(0, path.length - extname(path).length)}${ending}`;
  const names = (await readdir(dirname(path))).filter((name) => name.endsWith(ending));
  const [only] = names.length === 1 ? names : [];
  const found = existsSync(same) ? basename(same) : only;
  return found === undefined ? null : findPart(path, found).path;
}

async function readWeights(path: string): Promise<Result<CaffeWeights>> {
  if ((await stat(path)).size >= most.model) {
    return failure(importUnsupported(path, text('a Caffe model above 2 GB', '超过 2 GB 的 Caffe 模型'), null));
  }
  try {
    const { bytes, left } = readSkeleton(path, caffeForm);
    return success(decodeCaffeModel(bytes, left));
  } catch (error) {
    // The file system's words are for the user as they are.
    if (error instanceof FileRefusal || (error instanceof Error && 'syscall' in error)) throw error;
    const what = errorText(error);
    return failure(
      importDamaged(path, text(`it does not read as a Caffe model (${what})`, `无法按 Caffe 模型读取（${what}）`)),
    );
  }
}

import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { importPartMissing, importPartOutside } from '../../shared/diagnostics/catalog/imports';
import { ImportProblem } from '../../shared/imports/problem';
import { errorCode } from './fileErrors';

/** A file that a model of another program names as a part of itself, links followed. */
export type PartFile = { readonly path: string; readonly sizeBytes: number };

/** Names are shown, and come from strangers. */
const mostShown = 200;

/**
 * Finds a file by the name that another file gives it. It must lie in that one's folder, whatever links are on the way: else a file from a
 * stranger would choose which of the user's is read. The folder is where the other file is named, and where it really lies, as stores of
 * downloads link to both of them.
 */
export function findBeside(file: string, name: string): PartFile | 'outside' | 'missing' {
  // Not even back into the folder: behind a link, .. leads elsewhere for other readers of the file.
  if (isAbsolute(name) || name.split(/[/\\]/).includes('..')) return 'outside';
  try {
    const path = realpathSync(join(dirname(file), name));
    const folders = [realpathSync(dirname(file)), dirname(realpathSync(file))];
    // The folder itself, by an empty name, is within, and no file.
    if (!folders.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep))) {
      return 'outside';
    }
    const info = statSync(path);
    if (info.isFile()) return { path, sizeBytes: info.size };
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'ERR_INVALID_ARG_VALUE'].includes(errorCode(error))) throw error;
  }
  return 'missing';
}

/** Finds a part of a model by the name that the model, or its own name, gives it, or ends the import where there is no such file. */
export function findPart(model: string, name: string): PartFile {
  const found = findBeside(model, name);
  if (typeof found === 'object') return found;
  const shown = name.slice(0, mostShown);
  const problem = found === 'outside' ? importPartOutside : importPartMissing;
  throw new ImportProblem((path) => problem(path, shown));
}

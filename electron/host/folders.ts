import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { invalidPath } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { FileEntry, HostRequests } from '../../shared/host/api';
import { importedEndings } from '../../shared/imports/folders';
import { fileDiagnostic } from '../files/fileErrors';

const networkFile = /\.(convloom|json)$/i;
/** By their endings alone: what a file really is, is said when it is read. */
const importable = (name: string): boolean => importedEndings.test(name) || explained.test(name);
/** What cannot be imported, and says so with the way on. */
const explained = /\.(pb|sdcproj|nnp)$/i;

async function entryKind(path: string, name: string): Promise<FileEntry['kind'] | null> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) return 'folder';
    if (!info.isFile()) return null;
    return networkFile.test(name) ? 'network' : importable(name) ? 'other' : null;
  } catch {
    // A dangling link, or a file that went away between listing and looking.
    return null;
  }
}

/**
 * Folders and network files of a folder, folders first, hidden ones left out; with `any` what else may be imported. An empty `dir` is
 * where projects live.
 */
export async function listFolder(
  { dir, any = false }: HostRequests['files.list'][0],
  projectsDir: string,
): Promise<Result<HostRequests['files.list'][1]>> {
  const path = dir === '' ? projectsDir : dir;
  if (!isAbsolute(path)) return failure(invalidPath(path));
  const folder = resolve(path);
  try {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
    const kinds = await Promise.all(names.map((name) => entryKind(join(folder, name), name)));
    const entries = names.flatMap((name, index): FileEntry[] => {
      const kind = kinds[index] ?? null;
      return kind === null || (kind === 'other' && !any) ? [] : [{ name, path: join(folder, name), kind }];
    });
    entries.sort((a, b) =>
      (a.kind === 'folder') === (b.kind === 'folder') ? a.name.localeCompare(b.name) : a.kind === 'folder' ? -1 : 1,
    );
    const parent = dirname(folder);
    return success({ dir: folder, parent: parent === folder ? null : parent, entries });
  } catch (error) {
    return failure(fileDiagnostic(error, folder, 'list'));
  }
}

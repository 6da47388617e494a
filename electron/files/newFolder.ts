import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { folderNotEmpty } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { errorCode, fileDiagnostic } from './fileErrors';

/**
 * Writes files into a new or empty folder as one step: the folder is made under another name beside it, and renamed when it is
 * whole. Names may have subfolders, with `/` between. Whatever fails, nothing of it stays.
 */
export async function writeNewFolder(
  dir: string,
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<Result<{ readonly dir: string }>> {
  const temporary = join(dirname(dir), `.${basename(dir).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const present = await readdir(dir).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    });
    if (present !== null && present.length > 0) return failure(folderNotEmpty(dir));
    for (const [name, content] of files) {
      const path = join(temporary, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { flush: true });
    }
    if (present !== null) await rmdir(dir);
    await rename(temporary, dir);
    return success({ dir });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    return failure(fileDiagnostic(error, dir, 'save'));
  }
}

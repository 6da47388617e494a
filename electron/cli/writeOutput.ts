import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileExists } from '../../shared/diagnostics/catalog/file';
import { failure, success, type Result } from '../../shared/diagnostics/diagnostic';
import { writeFileAtomically } from '../files/atomicFile';
import { fileDiagnostic } from '../files/fileErrors';

/** Writes a file that a command was asked for, whole or not at all; gives its path. */
export async function writeOutput(name: string, content: string | Uint8Array, force: boolean): Promise<Result<string>> {
  const path = resolve(name);
  try {
    const isThere = (await stat(path).catch(() => null)) !== null;
    if (isThere && !force) return failure(fileExists(path));
    await writeFileAtomically(path, content);
    return success(path);
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'save'));
  }
}

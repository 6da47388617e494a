import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileExists, fileIsFolder } from '../../shared/diagnostics/catalog/file';
import { failure, success, type Diagnostic, type Result } from '../../shared/diagnostics/diagnostic';
import { writeFileAtomically } from '../files/atomicFile';
import { fileDiagnostic } from '../files/fileErrors';

/** Why nothing may be written to a name: asked before long work whose result would be lost. Null where it may. */
export async function checkOutput(name: string, force: boolean): Promise<Diagnostic | null> {
  const path = resolve(name);
  const target = await stat(path).catch(() => null);
  if (target?.isDirectory() === true) return fileIsFolder(path);
  return target === null || force ? null : fileExists(path);
}

/** Writes a file that a command was asked for, whole or not at all; gives its path. */
export async function writeOutput(name: string, content: string | Uint8Array, force: boolean): Promise<Result<string>> {
  const path = resolve(name);
  try {
    const refusal = await checkOutput(name, force);
    if (refusal !== null) return failure(refusal);
    await writeFileAtomically(path, content);
    return success(path);
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'save'));
  }
}

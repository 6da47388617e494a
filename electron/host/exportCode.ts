import { mkdir, readdir } from 'node:fs/promises';
import { copyFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { printTypescript } from '../../shared/exports/typescript';
import { folderNotEmpty, invalidPath } from '../../shared/diagnostics/catalog/file';
import { runHasNoWeights } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { writeFileAtomically } from '../files/atomicFile';
import { errorCode, fileDiagnostic } from '../files/fileErrors';
import { runFiles } from '../files/runRecord';

/** Writes the TypeScript project of a network, and a run's weights beside it, into a new or empty folder. */
export async function exportTypescript(
  document: NetworkDocument,
  run: { readonly id: string; readonly dir: string } | null,
  dir: string,
): Promise<Result<{ readonly files: readonly string[] }>> {
  if (!isAbsolute(dir)) return failure(invalidPath(dir));
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) return printed;
  try {
    const present = await readdir(dir).catch(() => []);
    if (present.length > 0) return failure(folderNotEmpty(dir));
    const files: string[] = [];
    for (const file of printed.value) {
      const path = join(dir, file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomically(path, file.text);
      files.push(path);
    }
    if (run !== null) {
      for (const name of [runFiles.weightIndex, runFiles.weights]) {
        await copyFile(join(run.dir, name), join(dir, name));
        files.push(join(dir, name));
      }
    }
    return success({ files: files.map((path) => relative(dir, path)) });
  } catch (error) {
    if (run !== null && errorCode(error) === 'ENOENT') return failure(runHasNoWeights(run.id));
    return failure(fileDiagnostic(error, dir, 'save'));
  }
}

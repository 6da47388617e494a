import { mkdir, readdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { printTypescript } from '../../shared/exports/typescript';
import { folderNotEmpty, invalidPath } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { writeFileAtomically } from '../files/atomicFile';
import { fileDiagnostic } from '../files/fileErrors';
import { runFiles } from '../files/runRecord';
import { loadWeights, saveWeightPair } from '../files/weights';

/** Writes the TypeScript project of a network, and a run's weights beside it, into a new or empty folder. */
export async function exportTypescript(
  document: NetworkDocument,
  run: { readonly id: string; readonly dir: string } | null,
  dir: string,
): Promise<Result<{ readonly files: readonly string[] }>> {
  if (!isAbsolute(dir)) return failure(invalidPath(dir));
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) return printed;
  // Read before anything is written: a run without weights leaves no half of a project behind.
  const weights = run === null ? null : await loadWeights(run.dir, run.id);
  if (weights?.ok === false) return weights;
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
    if (weights !== null) {
      await saveWeightPair(dir, weights.value);
      files.push(join(dir, runFiles.weightIndex), join(dir, runFiles.weights));
    }
    return success({ files: files.map((path) => relative(dir, path)) });
  } catch (error) {
    return failure(fileDiagnostic(error, dir, 'save'));
  }
}

import { importLayerUnknown } from '../diagnostics/catalog/importedLayers';
import { importDamaged } from '../diagnostics/catalog/imports';
import { failure } from '../diagnostics/diagnostic';
import type { Diagnostic, Result } from '../diagnostics/diagnostic';
import type { Text } from '../text';

/** Ends the reading of a file from wherever it is; never leaves the folder of its format: {@link orProblem} makes a result of it. */
export class ImportProblem extends Error {
  constructor(readonly diagnosticOf: (path: string) => Diagnostic) {
    super('An import has ended.');
  }
}

/** The file is not as its format says. */
export function damaged(why: Text): never {
  throw new ImportProblem((path) => importDamaged(path, why));
}

/** A part of the file has no layer here. */
export function unknownLayer(source: string, operation: string, why: Text): never {
  throw new ImportProblem((path) => importLayerUnknown(path, source, operation, why));
}

/** What the work gives, or the diagnostic of the problem that ended it. */
export function orProblem<T>(path: string, work: () => Result<T>): Result<T> {
  try {
    return work();
  } catch (error) {
    if (error instanceof ImportProblem) return failure(error.diagnosticOf(path));
    throw error;
  }
}

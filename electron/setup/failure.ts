import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { setupDiskFull, setupFailed, setupStopped } from '../../shared/diagnostics/catalog/setup';
import { errorText } from '../../shared/text';

/** Carries a diagnostic up through the steps of the set-up; only `setupTensorflow` catches it. */
export class SetupFailure extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.summary.en);
    this.diagnostic = diagnostic;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What any error of a step means to the user. */
export function diagnosticOf(error: unknown, dir: string): Diagnostic {
  if (error instanceof SetupFailure) return error.diagnostic;
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return setupDiskFull(dir, null, null);
  if (code === 'ABORT_ERR' || (error instanceof Error && error.name === 'AbortError')) return setupStopped();
  return setupFailed(dir, errorText(error));
}

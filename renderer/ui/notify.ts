import { toast } from 'sonner';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import { useUi } from '../store/ui';

/** Says something in passing, at the bottom of the window. */
export function notify(message: string, kind: 'info' | 'success' | 'error' = 'info'): void {
  if (kind === 'error') toast.error(message, { duration: 8000 });
  else if (kind === 'success') toast.success(message);
  else toast(message);
}

/** Says why something could not be done. */
export function notifyDiagnostics(diagnostics: readonly Diagnostic[]): void {
  const { language } = useUi.getState();
  for (const diagnostic of diagnostics) {
    notify(diagnosticMessage(diagnostic, language), diagnostic.severity === 'error' ? 'error' : 'info');
  }
}

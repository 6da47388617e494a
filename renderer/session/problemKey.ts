import type { Diagnostic } from '../../shared/diagnostics/diagnostic';

/** Names a diagnostic over re-analyses: the same mistake at the same place keeps its card open while numbers change. */
export function problemKey(diagnostic: Diagnostic): string {
  const { nodeId, port, param, path } = diagnostic.at;
  return [diagnostic.code, nodeId ?? '', port ?? '', param ?? '', path ?? ''].join('|');
}

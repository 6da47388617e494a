import type { Diagnostic } from '../../shared/diagnostics/diagnostic';

/** The first of what the network has against being trained that the shown run does not say of it already. */
export function firstUntold(problems: readonly Diagnostic[], told: readonly Diagnostic[]): Diagnostic | undefined {
  return problems.find(({ code, at }) => !told.some((other) => other.code === code && other.at.nodeId === at.nodeId));
}

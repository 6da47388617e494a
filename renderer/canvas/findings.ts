import { drawnAs, findNode } from '../../shared/analysis/blocks';
import type { NetworkAnalysis, NodeAnalysis } from '../../shared/analysis/types';
import type { Diagnostic, Severity } from '../../shared/diagnostics/diagnostic';
import { bySeverity } from '../../shared/schema/severities';

/** What is wrong at each node, sorted once per analysis: a thousand nodes ask for theirs at each edit. */
export type NodeFindings = {
  readonly worst: Severity;
  /** Errors first. */
  readonly diagnostics: readonly Diagnostic[];
};

const cache = new WeakMap<NetworkAnalysis, ReadonlyMap<string, NodeFindings>>();

/** The findings of an analysis by node. */
export function findingsByNode(analysis: NetworkAnalysis): ReadonlyMap<string, NodeFindings> {
  const known = cache.get(analysis);
  if (known) return known;
  const lists = new Map<string, Diagnostic[]>();
  for (const diagnostic of analysis.diagnostics) {
    if (diagnostic.at.nodeId === undefined) continue;
    const nodeId = drawnAs(analysis, diagnostic.at.nodeId);
    const list = lists.get(nodeId);
    if (list) list.push(diagnostic);
    else lists.set(nodeId, [diagnostic]);
  }
  const found = new Map<string, NodeFindings>();
  for (const [id, list] of lists) {
    list.sort(bySeverity);
    found.set(id, { worst: list[0]?.severity ?? 'info', diagnostics: list });
  }
  cache.set(analysis, found);
  return found;
}

/** A node that only lacks a wire is not wrong yet: it is being built. */
export function isWaiting(analysis: NodeAnalysis | undefined): boolean {
  if (analysis?.state !== 'failed' || !analysis.definition || !analysis.params) return false;
  const { inputs } = analysis.definition;
  if (inputs.arity === 'none') return false;
  return analysis.inputShapes.length === 0 || analysis.inputShapes.includes(null);
}

/** What a node's look says of its state, where no words do. */
export type Tone = 'ok' | 'warned' | 'error' | 'blocked' | 'waiting';

/** The tone of a node as its card shows it: what is wrong with it comes before what is wrong elsewhere. */
export function toneOf(analysis: NetworkAnalysis, id: string, hasTrainingFinding: boolean): Tone {
  const own = findNode(analysis, id);
  if (isWaiting(own)) return 'waiting';
  const worst = findingsByNode(analysis).get(id)?.worst;
  if (worst === 'error') return 'error';
  if (own?.state === 'blocked') return 'blocked';
  return worst === 'warning' || hasTrainingFinding ? 'warned' : 'ok';
}

/** True when a wire is where an error shows: it ends in the failing port, or in a failing node whose error names no port. */
export function isWireAtFault(analysis: NetworkAnalysis, to: string, port: number): boolean {
  const findings = findingsByNode(analysis).get(to);
  if (findings?.worst !== 'error' || findNode(analysis, to)?.state !== 'failed') return false;
  return findings.diagnostics.some(
    ({ severity, at }) =>
      severity === 'error' && (at.port === undefined ? at.param === undefined || port === 0 : at.port === port),
  );
}

import { drawnAs } from '../../shared/analysis/blocks';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useProject } from '../session';

/** Where a problem is, as the canvas has it. */
export type ProblemPlace = {
  /** The node that is drawn. */
  readonly nodeId: string;
  /** Of a problem inside a block: its node's path from the block's node on, `2/conv`. */
  readonly inside?: string;
};

/** The node that a problem is drawn at, and where inside it; null for one of the whole network. */
export function placeOfProblem(analysis: NetworkAnalysis, { at }: Diagnostic): ProblemPlace | null {
  if (at.nodeId === undefined) return null;
  const nodeId = drawnAs(analysis, at.nodeId);
  return nodeId === at.nodeId ? { nodeId } : { nodeId, inside: at.nodeId.slice(nodeId.length + 1) };
}

/** As {@link placeOfProblem}, in this component's network. */
export function useProblemPlace(diagnostic: Diagnostic | null): ProblemPlace | null {
  const analysis = useProject((state) => state.analysis);
  return diagnostic === null ? null : placeOfProblem(analysis, diagnostic);
}

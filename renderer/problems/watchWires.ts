import type { Session } from '../session';
import { problemKey } from '../session';

/**
 * A wire that brings two shapes together which do not fit explains itself at once. Only wires do: while a number is being typed
 * the sizes in between would open and close cards, and a layer without a wire is not wrong yet. Gives back what ends it.
 */
export function watchWires({ project, view }: Session): () => void {
  return project.store.subscribe((state, previous) => {
    if (state.document.edges === previous.document.edges) return;
    // Undo and redo lead back to what the user has seen.
    if (state.history.future.length > 0 || state.history.past.length <= previous.history.past.length) return;
    const known = new Set(previous.analysis.diagnostics.map(problemKey));
    const fresh = state.analysis.diagnostics.find((diagnostic) => {
      const node = diagnostic.at.nodeId === undefined ? undefined : state.analysis.nodes.get(diagnostic.at.nodeId);
      const isWired = node !== undefined && node.inputShapes.length > 0 && !node.inputShapes.includes(null);
      return diagnostic.severity === 'error' && isWired && !known.has(problemKey(diagnostic));
    });
    if (fresh) view.showProblemCard(problemKey(fresh));
  });
}

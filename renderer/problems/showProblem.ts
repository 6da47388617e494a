import { drawnAs } from '../../shared/analysis/blocks';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { goToNode } from '../canvas/view';
import type { Session } from '../session';
import { problemKey } from '../session';

/** Leads to the node that a problem is about, and opens its card there. One of the whole network has no such place. */
export function showProblem(session: Session, diagnostic: Diagnostic): void {
  if (diagnostic.at.nodeId === undefined) return;
  const nodeId = drawnAs(session.project.getState().analysis, diagnostic.at.nodeId);
  session.project.select([nodeId]);
  goToNode(session, nodeId);
  session.view.openProblemCard(problemKey(diagnostic));
}

import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { goToNode } from '../canvas/view';
import type { Session } from '../session';
import { problemKey } from '../session';
import { placeOfProblem } from './problemPlace';

/** Leads to the node that a problem is about, and opens its card there. One of the whole network has no such place. */
export function showProblem(session: Session, diagnostic: Diagnostic): void {
  const place = placeOfProblem(session.project.getState().analysis, diagnostic);
  if (place === null) return;
  const { nodeId } = place;
  session.project.select([nodeId]);
  goToNode(session, nodeId);
  session.view.openProblemCard(problemKey(diagnostic));
}

import { wayInto, type BlockStep } from '../../shared/analysis/inside';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { findingsByNode } from '../canvas/findings';
import { showLevel } from '../canvas/blocks';
import { goToNode } from '../canvas/view';
import type { Session } from '../session';
import { chooseFrame, focusOf, framedIn, levelOf, problemKey, rootOf } from '../session';

/** The session of a block that is open in its place on the canvas; undefined for all that is elsewhere. */
function openInPlace(session: Session, path: readonly BlockStep[]): Session | undefined {
  const step = path.at(-1);
  const { path: here } = levelOf(session);
  if (step === undefined || JSON.stringify(path.slice(0, -1)) !== JSON.stringify(here)) return undefined;
  return framedIn(session).get(step.nodeId)?.session;
}

/**
 * Leads to the node that a problem is about, into the copy of the block that it is in, and opens its card there. In a block that is open in
 * its place it leads there, and the inspector has the rest. One of the whole network has no such place.
 */
export function showProblem(session: Session, diagnostic: Diagnostic): void {
  const { nodeId: flatId } = diagnostic.at;
  if (flatId === undefined) return;
  chooseFrame(session, null);
  const { path, nodeId } = wayInto(rootOf(session).project.getState().document, flatId);
  const open = openInPlace(session, path);
  if (open !== undefined) {
    chooseFrame(session, open);
    open.project.select([nodeId]);
    goToNode(open, nodeId);
    return;
  }
  if (JSON.stringify(path) !== JSON.stringify(levelOf(session).path)) showLevel(session, path);
  const focus = focusOf(session);
  focus.project.select([nodeId]);
  goToNode(focus, nodeId);
  // Inside of a block the same problem has the block's own words for where it is.
  const there = findingsByNode(focus.project.getState().analysis).get(nodeId)?.diagnostics ?? [];
  const same = there.find(({ code, at }) => code === diagnostic.code && at.param === diagnostic.at.param);
  focus.view.openProblemCard(problemKey(path.length === 0 ? diagnostic : (same ?? there[0] ?? diagnostic)));
}

import { wayInto } from '../../shared/analysis/inside';
import { showLevel } from './blocks';
import { goToNode, revealNode } from './view';
import type { ProjectState, Session } from '../session';
import { focusOf, levelOf, rootOf } from '../session';

/** Whether a node, by its id in the flat network, is still in the network. */
export function isThere({ analysis, document }: ProjectState, flatId: string): boolean {
  return analysis.nodes.has(flatId) || document.nodes.some(({ id }) => id === flatId);
}

/**
 * Selects a node by its id in the flat network and brings it into view, inside of its block where it is in one. It gets the focus unless
 * `keepsFocus`, for one who goes on where the node was asked for.
 */
export function showNode(session: Session, flatId: string, keepsFocus = false): void {
  const { path, nodeId } = wayInto(rootOf(session).project.getState().document, flatId);
  if (JSON.stringify(path) !== JSON.stringify(levelOf(session).path)) showLevel(session, path, keepsFocus);
  const focus = focusOf(session);
  focus.project.select([nodeId]);
  if (keepsFocus) requestAnimationFrame(() => revealNode(focus, nodeId));
  else goToNode(focus, nodeId);
}

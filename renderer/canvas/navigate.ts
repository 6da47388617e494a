import type { Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { flowOf } from './flow';

export type Direction = 'left' | 'right' | 'up' | 'down';

function place(session: Session, id: string): Position {
  return flowOf(session).shownPlace(id) ?? { x: 0, y: 0 };
}

/** The nearest of some nodes to a point, by height first: the branch that runs level is the one meant. */
function nearest(session: Session, ids: readonly string[], from: Position): string | null {
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const id of ids) {
    const { x, y } = place(session, id);
    const distance = Math.abs(y - from.y) * 2 + Math.abs(x - from.x);
    if (distance < bestDistance) {
      best = id;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Where an arrow key leads from a node: right and left along the wires, up and down to the branch or the line there. Null where
 * nothing lies that way.
 */
export function neighbour(session: Session, id: string, direction: Direction): string | null {
  const { document } = session.project.getState();
  const here = place(session, id);
  if (direction === 'right') {
    const consumers = document.edges.filter((edge) => edge.from === id).map((edge) => edge.to);
    return nearest(session, consumers, here);
  }
  if (direction === 'left') {
    const sources = document.edges.filter((edge) => edge.to === id).map((edge) => edge.from);
    return nearest(session, sources, here);
  }
  const sign = direction === 'down' ? 1 : -1;
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const { id: other } of document.nodes) {
    const { x, y } = place(session, other);
    const rise = (y - here.y) * sign;
    if (other === id || rise < 8) continue;
    const distance = rise + Math.abs(x - here.x) * 2;
    if (distance < bestDistance) {
      best = other;
      bestDistance = distance;
    }
  }
  return best;
}

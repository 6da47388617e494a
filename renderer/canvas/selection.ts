import type { NodeChange } from 'reactflow';
import type { Session } from '../session';
import type { LayerFlowNode } from './flow';

/** Takes React Flow's selection over into the project. */
export function applySelection(session: Session, changes: readonly NodeChange<LayerFlowNode>[]): void {
  const selects = changes.filter((change) => change.type === 'select');
  if (selects.length === 0) return;
  const next = new Set(session.project.getState().selection);
  for (const { id, selected } of selects) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  session.project.select(next);
}

import type { NodeChange } from 'reactflow';
import { select, useProject } from '../store/project';
import type { LayerFlowNode } from './flow';

/** Takes React Flow's selection over into the project. */
export function applySelection(changes: readonly NodeChange<LayerFlowNode>[]): void {
  const selects = changes.filter((change) => change.type === 'select');
  if (selects.length === 0) return;
  const next = new Set(useProject.getState().selection);
  for (const { id, selected } of selects) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  select(next);
}

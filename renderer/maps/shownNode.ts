import { useStore } from 'zustand';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { useChosen, useProject } from '../session';
import { levelOf, rootOf } from '../session';

/** What the flat network calls a node that is seen inside of blocks. */
function flatId({ blocks }: NetworkAnalysis, path: readonly { nodeId: string; copy: number }[], id: string): string {
  let way = '';
  for (const { nodeId, copy } of path) {
    way = way === '' ? nodeId : `${way}/${nodeId}`;
    if ((blocks.get(way)?.repeat ?? 1) > 1) way = `${way}/${copy}`;
  }
  return way === '' ? id : `${way}/${id}`;
}

/** The nodes of the flat network that the selection stands for: one, or those inside of a selected block; empty for no single selection. */
export function useShownNodes(): readonly string[] {
  const chosen = useChosen();
  const selection = useStore(chosen.project.store, (state) => state.selection);
  const analysis = useProject((state) => state.analysis);
  const [only, ...more] = selection;
  if (only === undefined || more.length > 0) return [];
  const path = chosen === rootOf(chosen) ? [] : levelOf(chosen).path;
  const id = flatId(analysis, path, only);
  if (analysis.nodes.has(id)) return [id];
  return analysis.order.filter((one) => one.startsWith(`${id}/`));
}

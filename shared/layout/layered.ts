import dagre, { type EdgeLabel, type GraphLabel, type NodeLabel } from '@dagrejs/dagre';
import type { Position } from '../schema/document';
import { layoutCell } from './geometry';
import type { LayoutGraph } from './layoutGraph';

/** A wire between two nodes by id. */
type Wire = { readonly from: string; readonly to: string };

/** Columns and lanes with few crossings, by dagre. */
export function placeLayered(
  graph: LayoutGraph,
  ids: readonly string[],
  entry: string,
  wires: readonly Wire[],
): Map<string, Position> {
  const { nodeWidth, nodeHeight, pitchX, pitchY } = layoutCell;
  const layers = new dagre.graphlib.Graph<GraphLabel, NodeLabel, EdgeLabel>();
  layers.setGraph({
    rankdir: 'LR',
    ranksep: pitchX - nodeWidth,
    nodesep: pitchY - nodeHeight,
    edgesep: pitchY - nodeHeight,
  });
  layers.setDefaultEdgeLabel(() => ({}));
  // The library keeps its nodes in plain objects, which ids like `constructor` and `__proto__` would reach into: it gets numbers.
  const names = new Map([entry, ...ids].map((id, index) => [id, `n${index}`]));
  const nameOf = (id: string): string => names.get(id) ?? '';
  for (const [id, name] of names) {
    layers.setNode(name, { width: nodeWidth, height: nodeHeight + 2 * graph.overhang(id) });
  }
  // A heavy wire is kept short, so that a branch begins right behind the entry and its slack lies before the merge.
  const merge = ids.at(-1);
  for (const { from, to } of wires) layers.setEdge(nameOf(from), nameOf(to), { weight: to === merge ? 1 : 4 });
  dagre.layout(layers);
  return new Map(
    ids.map((id) => {
      const { x, y } = layers.node(nameOf(id));
      return [id, { x: x ?? 0, y: y ?? 0 }];
    }),
  );
}

/** Columns by longest path, lanes by first come: linear in the number of nodes. */
export function placeByRank(
  graph: LayoutGraph,
  ids: readonly string[],
  entry: string,
  wires: readonly Wire[],
): Map<string, Position> {
  const rank = new Map<string, number>([[entry, -1]]);
  const sources = new Map<string, string[]>();
  for (const { from, to } of wires) {
    const known = sources.get(to);
    if (known === undefined) sources.set(to, [from]);
    else known.push(from);
  }
  const bottoms = new Map<number, number>();
  return new Map(
    ids.map((id) => {
      const column = Math.max(-1, ...(sources.get(id) ?? []).map((from) => rank.get(from) ?? -1)) + 1;
      rank.set(id, column);
      const y = (bottoms.get(column) ?? 0) + graph.overhang(id);
      bottoms.set(column, y + graph.overhang(id) + layoutCell.pitchY);
      return [id, { x: column * layoutCell.pitchX, y }];
    }),
  );
}

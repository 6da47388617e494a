import { builtInLayers } from '../layers';
import { framesOf, layoutCell, nodeHeight } from './geometry';
import type { AnyLayerDefinition } from '../layers/define';
import type { LayerRegistry } from '../layers/registry';
import type { NetworkDocument, NetworkNode } from '../schema/document';

/** A document's wires as the layouts need them: no cycle, no dangling or double wire, nodes in topological order. */
export type LayoutGraph = {
  readonly order: readonly string[];
  node(id: string): NetworkNode | undefined;
  /** What is known about a node's kind; undefined for a kind that there is none of. */
  definition(id: string): AnyLayerDefinition | undefined;
  successors(id: string): readonly string[];
  predecessors(id: string): readonly string[];
  /** How far a node with many ports reaches above and below the cell that others fill. */
  overhang(id: string): number;
};

/** Reads the graph of a document; wires that would close a cycle are left out. */
export function graphOf(document: NetworkDocument, layers: LayerRegistry = builtInLayers): LayoutGraph {
  const nodes = new Map<string, NetworkNode>();
  for (const node of document.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node);
  const targets = new Map<string, Set<string>>();
  // In the order of the ports, so that branches stand in the order in which they are read.
  const edges = [...document.edges].sort((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0));
  for (const { from, to } of edges) {
    if (!nodes.has(from) || !nodes.has(to) || from === to) continue;
    const known = targets.get(from);
    if (known === undefined) targets.set(from, new Set([to]));
    else known.add(to);
  }
  const { order, closing } = sortByDepthFirst([...nodes.keys()], targets);
  const successors = new Map<string, string[]>();
  const predecessors = new Map<string, string[]>();
  for (const [from, tos] of targets) {
    for (const to of tos) {
      if (closing.get(from)?.has(to) === true) continue;
      append(successors, from, to);
      append(predecessors, to, from);
    }
  }
  const frames = framesOf(document, layers);
  return {
    order,
    node: (id) => nodes.get(id),
    definition: (id) => layers.find(nodes.get(id)?.kind ?? ''),
    successors: (id) => successors.get(id) ?? [],
    predecessors: (id) => predecessors.get(id) ?? [],
    overhang: (id) => (nodeHeight(frames.get(id)?.inputs ?? 0) - layoutCell.nodeHeight) / 2,
  };
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Topological order by depth-first search without recursion (a chain may be thousands long), and the wires that close cycles. */
function sortByDepthFirst(
  ids: readonly string[],
  targets: ReadonlyMap<string, ReadonlySet<string>>,
): { readonly order: readonly string[]; readonly closing: ReadonlyMap<string, ReadonlySet<string>> } {
  const state = new Map<string, 'open' | 'done'>();
  const closing = new Map<string, Set<string>>();
  const finished: string[] = [];
  const hasSource = new Set<string>();
  for (const tos of targets.values()) for (const to of tos) hasSource.add(to);
  // Sources first: a search that starts in the middle of a chain would put its head behind other parts.
  const starts = [...ids.filter((id) => !hasSource.has(id)), ...ids.filter((id) => hasSource.has(id))];
  for (const start of [...starts].reverse()) {
    if (state.has(start)) continue;
    state.set(start, 'open');
    const stack = [{ id: start, rest: [...(targets.get(start) ?? [])] }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        state.set(top.id, 'done');
        finished.push(top.id);
        stack.pop();
      } else if (state.get(next) === 'open') {
        const ends = closing.get(top.id);
        if (ends === undefined) closing.set(top.id, new Set([next]));
        else ends.add(next);
      } else if (!state.has(next)) {
        state.set(next, 'open');
        stack.push({ id: next, rest: [...(targets.get(next) ?? [])] });
      }
    }
  }
  return { order: finished.reverse(), closing };
}

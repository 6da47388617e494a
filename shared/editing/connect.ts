import { cycle, noSuchPort, portTaken, selfLoop, unknownNode, wrongRank } from '../diagnostics/catalog/graph';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import { builtInLayers } from '../layers';
import type { Shape } from '../layers/define';
import type { LayerRegistry } from '../layers/registry';
import { formatShape, text } from '../text';
import type { NetworkDocument, NetworkEdge, NetworkNode } from '../schema/document';
import { blockNamed, findBlock, isBlockNode, isPort } from '../document/blocks';
import { reaches } from '../document/order';

/** The port that a wire goes into. */
export function edgePort(edge: NetworkEdge): number {
  return edge.toPort ?? 0;
}

/** True when two wires join the same ends. */
export function isSameEdge(a: NetworkEdge, b: NetworkEdge): boolean {
  return a.from === b.from && a.to === b.to && edgePort(a) === edgePort(b);
}

/** How many input ports a node has; Infinity for variadic kinds, and for unknown ones, which are not ours to limit. */
export function portCount(
  document: Pick<NetworkDocument, 'blocks'>,
  node: NetworkNode,
  layers: LayerRegistry = builtInLayers,
): number {
  if (isPort(node)) return 0;
  if (isBlockNode(node)) return findBlock(document, blockNamed(node))?.nodes.filter(isPort).length ?? Infinity;
  const definition = layers.find(node.kind);
  if (definition === undefined) return Infinity;
  const { inputs } = definition;
  if (inputs.arity === 'fixed') return inputs.ports.length;
  return inputs.arity === 'none' ? 0 : Infinity;
}

/** The lowest input port of a node that no wire uses, or null when all are taken. */
export function freePort(document: NetworkDocument, nodeId: string, layers?: LayerRegistry): number | null {
  const node = document.nodes.find(({ id }) => id === nodeId);
  if (node === undefined) return null;
  const used = new Set(document.edges.filter((edge) => edge.to === nodeId).map(edgePort));
  const count = portCount(document, node, layers);
  for (let port = 0; port < count; port++) if (!used.has(port)) return port;
  return null;
}

/**
 * Whether a wire may be added, with the reason if not. `shapeOf` gives a node's output shape where the caller has an analysis at
 * hand; with it, a vector is kept out of layers that slide over height and width.
 */
export function canConnect(
  document: NetworkDocument,
  edge: NetworkEdge,
  shapeOf?: (nodeId: string) => Shape | null,
  layers: LayerRegistry = builtInLayers,
): Result<true> {
  const source = document.nodes.find(({ id }) => id === edge.from);
  const target = document.nodes.find(({ id }) => id === edge.to);
  if (source === undefined) return failure(unknownNode(edge.from));
  if (target === undefined) return failure(unknownNode(edge.to));
  if (edge.from === edge.to) return failure(selfLoop(edge.from));
  const port = edgePort(edge);
  const definition = layers.find(target.kind);
  const count = portCount(document, target, layers);
  if (count !== Infinity || definition !== undefined) {
    const label = definition?.label ?? text(`“${edge.to}”`, `“${edge.to}”`);
    if (port >= count || !Number.isInteger(port) || port < 0) return failure(noSuchPort(edge.to, port, label, count));
  }
  const taken = document.edges.filter((other) => other.to === edge.to && edgePort(other) === port);
  if (taken.length > 0) {
    return failure(portTaken(edge.to, port, [...taken.map(({ from }) => from), edge.from]));
  }
  if (reaches(document, edge.to, edge.from)) {
    return failure(cycle(pathBetween(document, edge.to, edge.from)));
  }
  const shape = shapeOf?.(edge.from) ?? null;
  if (definition?.inputs.arity === 'fixed' && definition.inputs.ports[port]?.spatial === true && shape?.length === 1) {
    return failure(wrongRank(edge.to, port, definition.label, formatShape(shape)));
  }
  return success(true);
}

/** A shortest way along the wires, both ends included. */
function pathBetween(document: NetworkDocument, from: string, to: string): string[] {
  const cameFrom = new Map<string, string | null>([[from, null]]);
  const queue = [from];
  for (let head = 0; head < queue.length && !cameFrom.has(to); head++) {
    const id = queue[head];
    if (id === undefined) break;
    for (const edge of document.edges) {
      if (edge.from !== id || cameFrom.has(edge.to)) continue;
      cameFrom.set(edge.to, id);
      queue.push(edge.to);
    }
  }
  const path: string[] = [];
  for (let id: string | null | undefined = to; id !== null && id !== undefined; id = cameFrom.get(id)) path.unshift(id);
  return path;
}

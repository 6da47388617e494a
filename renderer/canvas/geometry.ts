import type { NetworkDocument, NetworkNode } from '../../shared/schema/document';
import { isBlockNode } from '../../shared/document/blocks';
import { portCount } from '../../shared/editing/connect';
import { layoutCell } from '../../shared/layout/layoutNetwork';
import { findLayer } from '../../shared/layers';

/** Width of every node, in canvas pixels. */
export const nodeWidth = layoutCell.nodeWidth;

/** Side of a port's target, which lies half over the node's edge. */
export const handleSize = 16;

/** How far from a node's edge a wire begins: at the ring that is drawn in the port's target. */
export const wireGap = 4.5;

/** The height grows only for nodes with more ports than fit: it never depends on a number that changes while typing. */
export function nodeHeight(inputCount: number): number {
  return Math.max(layoutCell.nodeHeight, (inputCount + 1) * 16);
}

/** Centre of an input port, from the node's top. */
export function portY(index: number, inputCount: number): number {
  return (nodeHeight(inputCount) * (index + 1)) / (inputCount + 1);
}

/** Centre of the output port, from the node's top. */
export function outputY(inputCount: number): number {
  return nodeHeight(inputCount) / 2;
}

/**
 * How many input ports a node shows. A variadic node shows one more than are wired, and at least two; a block those that it has; a
 * kind that is not known shows what is wired.
 */
export function shownInputs(document: Pick<NetworkDocument, 'blocks'>, node: NetworkNode, wiredPorts: number): number {
  const count = portCount(document, node);
  if (Number.isFinite(count)) return isBlockNode(node) ? Math.max(count, wiredPorts) : count;
  return findLayer(node.kind) ? Math.max(2, wiredPorts + 1) : Math.max(1, wiredPorts);
}

/** For each node the number of ports up to the last wired one. */
export function wiredPorts(document: NetworkDocument): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { to, toPort = 0 } of document.edges) counts.set(to, Math.max(counts.get(to) ?? 0, toPort + 1));
  return counts;
}

import { isBlockNode } from '../document/blocks';
import { portCount } from '../editing/connect';
import { builtInLayers } from '../layers';
import type { LayerRegistry } from '../layers/registry';
import type { NetworkDocument, NetworkNode, Position } from '../schema/document';

/** A node's room on the canvas in pixels; the gaps leave place for ports, wires and their shapes. */
export const layoutCell = { nodeWidth: 152, nodeHeight: 84, pitchX: 208, pitchY: 132 } as const;

/** A side of a node. */
export type Side = 'left' | 'right' | 'top' | 'bottom';

/** Where on a node's edge wires end, from the node's top left corner. */
export type Port = Position & { readonly side: Side };

/** What of a node decides how large it is drawn and where its ports are. */
export type NodeFrame = {
  /** Input ports that are shown, free ones too. */
  readonly inputs: number;
  /** It takes any number of inputs, so that its last port is a free one that waits for the next. */
  readonly isOpen: boolean;
};

/** The height grows only for nodes with more ports than fit: it never depends on a number that changes while typing. */
export function nodeHeight(inputCount: number): number {
  return Math.max(layoutCell.nodeHeight, (inputCount + 1) * 16);
}

/** Centre of the output port, from the node's top. */
export function outputY(inputCount: number): number {
  return nodeHeight(inputCount) / 2;
}

/** How far above a node's lower edge the free port of an open node is. */
const freePortUp = 14;

/** Where the input ports are that stand on the left, by port, from the node's top. A single wired one is level with the output. */
export function leftPorts(ports: readonly number[], { inputs, isOpen }: NodeFrame): ReadonlyMap<number, number> {
  const height = nodeHeight(inputs);
  const free = isOpen && inputs > 1 ? inputs - 1 : -1;
  const wired = ports.filter((port) => port !== free);
  // Three and more take what the free one leaves.
  const room = free >= 0 && wired.length > 2 ? height - freePortUp - 4 : height;
  const places = new Map(wired.map((port, at) => [port, (room * (at + 1)) / (wired.length + 1)]));
  if (ports.includes(free)) places.set(free, height - freePortUp);
  return places;
}

/** For each node the number of ports up to the last wired one. */
export function wiredPorts(document: Pick<NetworkDocument, 'edges'>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { to, toPort = 0 } of document.edges) counts.set(to, Math.max(counts.get(to) ?? 0, toPort + 1));
  return counts;
}

/** Any number of ports can be written into a file; more than these cannot be drawn, and nor are the wires to them. */
const portLimit = 256;

/**
 * How many input ports a node shows. A variadic node shows one more than are wired, and at least two; a block those that it has; a
 * kind that is not known shows what is wired.
 */
export function shownInputs(
  document: Pick<NetworkDocument, 'blocks'>,
  node: NetworkNode,
  wired: number,
  layers: LayerRegistry = builtInLayers,
): number {
  const count = portCount(document, node, layers);
  if (Number.isFinite(count)) return isBlockNode(node) ? Math.max(count, wired) : count;
  return Math.min(portLimit, layers.find(node.kind) ? Math.max(2, wired + 1) : Math.max(1, wired));
}

/** The frames of a document's nodes. */
export function framesOf(
  document: NetworkDocument,
  layers: LayerRegistry = builtInLayers,
): ReadonlyMap<string, NodeFrame> {
  const wired = wiredPorts(document);
  return new Map(
    document.nodes.map((node) => {
      const count = wired.get(node.id) ?? 0;
      const isOpen = layers.find(node.kind)?.inputs.arity === 'variadic' && count > 0;
      return [node.id, { inputs: shownInputs(document, node, count, layers), isOpen }];
    }),
  );
}

/** How far from a node's edge a wire begins: at the ring that is drawn around the port. */
export const wireGap = 4.5;

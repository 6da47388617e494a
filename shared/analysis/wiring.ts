import {
  cycle,
  danglingEdge,
  duplicateId,
  missingInput,
  noSuchPort,
  portTaken,
  unusedInput,
} from '../diagnostics/catalog/graph';
import type { Diagnostic } from '../diagnostics/diagnostic';
import type { NetworkDocument, NetworkEdge, NetworkNode } from '../schema/document';
import { expand, pathOfNode } from '../document/expand';
import { topologicalOrder } from '../document/order';
import type { AnyLayerDefinition } from '../layers/define';
import { builtInLayers } from '../layers';
import type { LayerRegistry } from '../layers/registry';
import { isInput, isMerge } from '../layers/traits';
import { text, type Text } from '../text';

/** The wires of one node. */
export type NodeWiring = {
  readonly node: NetworkNode;
  /** Place in the flat network's `nodes`. */
  readonly index: number;
  /** Place in the wiring's `order`. */
  readonly place: number;
  /** Place in the file: `nodes[3]`, or `blocks.pair.nodes[1]`. */
  readonly path: string;
  readonly definition: AnyLayerDefinition | null;
  /** The source of each input in port order; null where an optional port is unwired. */
  readonly sources: readonly (string | null)[];
  /**
   * 'broken': its own wires are wrong. 'waiting': it is behind a cycle and can never be reached. 'opaque': it stands for a block
   * that could not be expanded, and the finding is there.
   */
  readonly state: 'ok' | 'broken' | 'waiting' | 'opaque';
  readonly findings: readonly Diagnostic[];
};

/** Everything about a network that follows from its ids and wires alone. */
export type Wiring = {
  readonly nodes: ReadonlyMap<string, NodeWiring>;
  readonly order: readonly string[];
  /** The nodes that read each node, one for each wire. */
  readonly consumers: ReadonlyMap<string, readonly string[]>;
  /** What merges read. */
  readonly merged: ReadonlySet<string>;
  /** Nodes that take no wire, and nodes that nothing reads, in order. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Nodes with findings of their own, in order. */
  readonly troubled: readonly string[];
  /** About the document as a whole, or about wires and nodes that cannot be shown as such. */
  readonly findings: readonly Diagnostic[];
  /** Where its kinds were looked up. */
  readonly layers: LayerRegistry;
};

const inputName = text('input', '输入');

/** Reads the wires of a document, its blocks expanded; anything may be wrong with them. */
export function readWiring(source: NetworkDocument, layers: LayerRegistry = builtInLayers): Wiring {
  const expansion = expand(source);
  const { document, opaque, starved } = expansion;
  const findings: Diagnostic[] = [...expansion.findings];
  const byId = new Map<string, number>();
  for (const [index, node] of document.nodes.entries()) {
    if (!byId.has(node.id)) byId.set(node.id, index);
    else findings.push(duplicateId(node.id, `nodes[${placeIn(expansion.source.nodes, node, index)}].id`));
  }
  const incoming = new Array<NetworkEdge[] | undefined>(document.nodes.length);
  const dangling = new Set<string>();
  for (const [index, edge] of document.edges.entries()) {
    const target = byId.get(edge.to);
    const missing = !byId.has(edge.from) ? edge.from : target === undefined ? edge.to : null;
    if (missing !== null) {
      const path = `edges[${placeIn(expansion.source.edges, edge, index)}].${missing === edge.from ? 'from' : 'to'}`;
      findings.push(danglingEdge(edge, missing, path, []));
      dangling.add(edge.to);
      continue;
    }
    if (target !== undefined) (incoming[target] ??= []).push(edge);
  }
  const { order, acyclicCount, consumers, cycles } = topologicalOrder(document);
  const onCycle = new Set(cycles.flat());
  const waiting = new Set(order.slice(acyclicCount));
  const nodes = new Map<string, NodeWiring>();
  const merged = new Set<string>();
  const inputs: string[] = [];
  const outputs: string[] = [];
  const troubled: string[] = [];
  for (const [place, id] of order.entries()) {
    const index = byId.get(id) ?? -1;
    const node = document.nodes[index];
    if (node === undefined) continue;
    const definition = layers.find(node.kind) ?? null;
    const wires = withoutOwn(incoming[index] ?? noEdges, id);
    const ports = readPorts(node, definition, wires, dangling.has(id) || starved.has(id));
    const isBroken = ports.isBroken || onCycle.has(id);
    const isRead = (consumers.get(id) ?? []).length > 0;
    const isUnused = isInput(definition) && !isRead && order.length > 1;
    if (isInput(definition)) inputs.push(id);
    if (!isRead) outputs.push(id);
    if (isUnused || ports.findings.length > 0) troubled.push(id);
    if (isMerge(definition)) for (const source of ports.sources) if (source !== null) merged.add(source);
    nodes.set(id, {
      node,
      index,
      place,
      path: pathOfNode(expansion, id, index),
      definition,
      sources: ports.sources,
      state: opaque.has(id) ? 'opaque' : isBroken ? 'broken' : waiting.has(id) ? 'waiting' : 'ok',
      findings: isUnused ? [...ports.findings, unusedInput(id)] : ports.findings,
    });
  }
  for (const found of cycles) findings.push(cycle(found));
  return { nodes, order, consumers, merged, inputs, outputs, troubled, findings, layers };
}

const noEdges: readonly NetworkEdge[] = [];

/** A wire from a node to itself is the circle's finding, and not one more wire in the port. */
function withoutOwn(wires: readonly NetworkEdge[], id: string): readonly NetworkEdge[] {
  return wires.length < 2 ? wires : wires.filter(({ from }) => from !== id);
}

/** Where something of the flat network is in the file's own list, which also has what is bypassed. */
function placeIn<T>(list: readonly T[], item: T, flatIndex: number): number {
  if (list[flatIndex] === item) return flatIndex;
  const index = list.indexOf(item);
  return index < 0 ? flatIndex : index;
}

type Ports = {
  readonly sources: readonly (string | null)[];
  readonly isBroken: boolean;
  readonly findings: readonly Diagnostic[];
};

function readPorts(
  node: NetworkNode,
  definition: AnyLayerDefinition | null,
  edges: readonly NetworkEdge[],
  hasDanglingInput: boolean,
): Ports {
  // Wires of an unknown kind are not wrong; the kind is.
  if (definition === null) return { sources: edges.map(({ from }) => from), isBroken: false, findings: [] };
  if (isPlain(definition, edges)) return { sources: [edges[0].from], isBroken: false, findings: noFindings };
  const findings: Diagnostic[] = [];
  const byPort = new Map<number, string[]>();
  for (const { from, toPort = 0 } of edges) {
    const sources = byPort.get(toPort);
    if (sources === undefined) byPort.set(toPort, [from]);
    else sources.push(from);
  }
  const { inputs } = definition;
  const count = inputs.arity === 'fixed' ? inputs.ports.length : inputs.arity === 'none' ? 0 : Infinity;
  for (const [port, sources] of byPort) {
    if (port >= count) findings.push(noSuchPort(node.id, port, definition.label, count));
    else if (sources.length > 1) findings.push(portTaken(node.id, port, sources));
  }
  const missing = missingPort(definition, byPort);
  // A wire that comes from nowhere is the cause, and has its own finding.
  if (missing !== null && !hasDanglingInput && findings.length === 0) {
    findings.push(missingInput(node.id, missing.port, missing.name, []));
  }
  return {
    sources: orderedSources(definition, byPort),
    isBroken: findings.length > 0 || missing !== null,
    findings,
  };
}

const noFindings: readonly Diagnostic[] = [];

/** One wire in the first port, and no other that must have one: most nodes of most networks. */
function isPlain({ inputs }: AnyLayerDefinition, edges: readonly NetworkEdge[]): edges is readonly [NetworkEdge] {
  if (edges.length !== 1 || (edges[0]?.toPort ?? 0) !== 0) return false;
  if (inputs.arity !== 'fixed') return inputs.arity === 'variadic';
  return inputs.ports.length > 0 && inputs.ports.every(isFirstOrOptional);
}

function isFirstOrOptional({ optional }: { readonly optional?: boolean }, port: number): boolean {
  return port === 0 || optional === true;
}

function missingPort(
  { inputs }: AnyLayerDefinition,
  byPort: ReadonlyMap<number, readonly string[]>,
): { readonly port: number; readonly name: Text } | null {
  if (inputs.arity !== 'fixed') {
    return inputs.arity === 'variadic' && byPort.size === 0 ? { port: 0, name: inputName } : null;
  }
  for (const [port, { name, optional }] of inputs.ports.entries()) {
    if (optional !== true && !byPort.has(port)) return { port, name };
  }
  return null;
}

function orderedSources(
  { inputs }: AnyLayerDefinition,
  byPort: ReadonlyMap<number, readonly string[]>,
): readonly (string | null)[] {
  if (inputs.arity === 'fixed') {
    const sources = inputs.ports.map((_, port) => byPort.get(port)?.[0] ?? null);
    while (sources.at(-1) === null) sources.pop();
    return sources;
  }
  return [...byPort].sort(([a], [b]) => a - b).map(([, sources]) => sources[0] ?? null);
}

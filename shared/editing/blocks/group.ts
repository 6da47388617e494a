import {
  groupHasNoOutput,
  groupHasOutputs,
  groupHoldsInput,
  groupIsReentered,
  groupOfNothing,
  groupUsesWeights,
  wrongBlockName,
} from '../../diagnostics/catalog/blockEditing';
import { unknownNode } from '../../diagnostics/catalog/graph';
import type { Diagnostic } from '../../diagnostics/diagnostic';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { bindingOf, isPort, readBinding } from '../../document/blocks';
import { freshNodeId } from '../../document/ids';
import { builtInLayers } from '../../layers';
import type { LayerRegistry } from '../../layers/registry';
import { isInput } from '../../layers/traits';
import type { Json, NetworkDocument, NetworkEdge, NetworkNode, Position } from '../../schema/document';
import { withoutSlashes } from '../secondVersion';
import { isBlockNameFree } from './definitions';
import { partShared } from './sharing';

/** A document in which a part has become a block, and the node that uses it. */
export type Grouped = { readonly document: NetworkDocument; readonly nodeId: string };

export type GroupOptions = {
  /** What the block is called. */
  readonly name: string;
  /** Params of the block that the nodes stand in, with their defaults: what is bound to them stays so through the new block. */
  readonly params?: { readonly [name: string]: Json };
  readonly layers?: LayerRegistry;
};

/**
 * Makes nodes a block, and puts one node that uses it in their place. What feeds them from outside comes in through a port for each
 * source, in the order of the wires; what they give is the one node of them that is read outside. The flat network stays the same
 * but for ids.
 */
export function groupNodes(given: NetworkDocument, ids: Iterable<string>, options: GroupOptions): Result<Grouped> {
  const document = withoutSlashes(given);
  const chosen = new Set([...ids].map((id) => document.renamed.get(id) ?? id));
  return group(document.document, chosen, options);
}

function group(document: NetworkDocument, chosen: ReadonlySet<string>, options: GroupOptions): Result<Grouped> {
  const nodes = document.nodes.filter(({ id }) => chosen.has(id));
  const refusal = whyNot(document, nodes, chosen, options);
  if (refusal !== null) return failure(refusal);
  const [output = ''] = outputsOf(document, nodes, chosen);
  const entering = document.edges.filter(({ from, to }) => chosen.has(to) && !chosen.has(from));
  const sources = [...new Set(entering.map(({ from }) => from))];
  const ports = portIds(sources.length, chosen);
  const portOf = new Map(sources.map((source, at) => [source, ports[at] ?? '']));
  const nodeId = freshNodeId(document, 'block');
  const bound = boundNames(nodes);
  const parted = partShared(document.nodes, chosen, nodeId);
  if ('refused' in parted) return failure(groupUsesWeights(parted.refused));
  const definition = {
    params: Object.fromEntries(bound.map((name) => [name, options.params?.[name] ?? null])),
    nodes: [...ports.map((id): NetworkNode => ({ id, kind: 'port', params: {} })), ...parted.inside],
    edges: document.edges
      .filter(({ to }) => chosen.has(to))
      .map((edge): NetworkEdge => ({ ...edge, from: portOf.get(edge.from) ?? edge.from })),
  };
  const place = cornerOf(nodes);
  const node: NetworkNode = {
    id: nodeId,
    kind: 'block',
    params: { block: options.name, ...Object.fromEntries(bound.map((name) => [name, { param: name }])) },
    ...(place === null ? {} : { position: place }),
  };
  const edges = [
    ...sources.map((from, port): NetworkEdge => ({ from, to: nodeId, ...(port > 0 && { toPort: port }) })),
    ...document.edges
      .filter(({ to }) => !chosen.has(to))
      .map((edge) => (edge.from === output ? { ...edge, from: nodeId } : edge)),
  ];
  // In the place of its first node, so that a file reads in the order of the network.
  const at = document.nodes.findIndex(({ id }) => chosen.has(id));
  return success({
    nodeId,
    document: {
      ...document,
      version: 2,
      blocks: { ...document.blocks, [options.name]: definition },
      nodes: parted.outside.toSpliced(at, 0, node),
      edges,
    },
  });
}

/** Why nodes cannot become a block; null where they can. */
function whyNot(
  document: NetworkDocument,
  nodes: readonly NetworkNode[],
  chosen: ReadonlySet<string>,
  { name, layers = builtInLayers }: GroupOptions,
): Diagnostic | null {
  const missing = [...chosen].find((id) => !nodes.some((node) => node.id === id));
  if (missing !== undefined) return unknownNode(missing);
  if (nodes.length === 0) return groupOfNothing();
  if (!isBlockNameFree(document, name)) return wrongBlockName(name, name !== '' && name !== '__proto__');
  const inputs = nodes.filter((node) => isPort(node) || isInput(layers.find(node.kind)));
  if (inputs.length > 0) return groupHoldsInput(inputs.map(({ id }) => id));
  const outputs = outputsOf(document, nodes, chosen);
  const [only] = outputs;
  const isConsumed = document.edges.some(({ from, to }) => from === only && chosen.has(to));
  if (only === undefined || (outputs.length === 1 && isConsumed)) return groupHasNoOutput(nodes.map(({ id }) => id));
  const path = wayBack(document, chosen);
  if (path !== null) return groupIsReentered(path);
  return outputs.length > 1 ? groupHasOutputs(outputs) : null;
}

/** The nodes of a selection that are read outside of it, or that nobody reads. */
function outputsOf(
  { edges }: NetworkDocument,
  nodes: readonly NetworkNode[],
  chosen: ReadonlySet<string>,
): readonly string[] {
  const consumed = new Set(edges.map(({ from }) => from));
  const leaving = new Set(edges.filter(({ from, to }) => chosen.has(from) && !chosen.has(to)).map(({ from }) => from));
  return nodes.filter(({ id }) => leaving.has(id) || !consumed.has(id)).map(({ id }) => id);
}

/** A shortest way that leaves a selection and comes back, both ends included; null where there is none. */
function wayBack({ edges }: NetworkDocument, chosen: ReadonlySet<string>): readonly string[] | null {
  const cameFrom = new Map<string, string>();
  const queue: string[] = [];
  const reach = (from: string, to: string): void => {
    if (cameFrom.has(to)) return;
    cameFrom.set(to, from);
    queue.push(to);
  };
  const readers = new Map<string, string[]>();
  for (const { from, to } of edges) readers.set(from, [...(readers.get(from) ?? []), to]);
  for (const { from, to } of edges) if (chosen.has(from) && !chosen.has(to)) reach(from, to);
  for (let head = 0; head < queue.length; head++) {
    const id = queue[head] ?? '';
    for (const to of readers.get(id) ?? []) {
      if (!chosen.has(to)) {
        reach(id, to);
        continue;
      }
      const path = [to];
      for (let at: string | undefined = id; at !== undefined; at = chosen.has(at) ? undefined : cameFrom.get(at)) {
        path.unshift(at);
      }
      return path;
    }
  }
  return null;
}

function portIds(count: number, taken: ReadonlySet<string>): readonly string[] {
  const ids: string[] = [];
  for (let number = 1; ids.length < count; number++) {
    const id = count === 1 && number === 1 ? 'in' : `in${number}`;
    if (!taken.has(id)) ids.push(id);
  }
  return ids;
}

/** Params of the block around them that nodes are bound to. */
function boundNames(nodes: readonly NetworkNode[]): readonly string[] {
  const bindings = nodes.flatMap(({ params }) => Object.values(params)).map(bindingOf);
  return [...new Set(bindings.flatMap((raw) => (raw === undefined ? [] : (readBinding(raw)?.param ?? []))))];
}

/** The top left corner of what nodes cover; null where one of them has no place. */
function cornerOf(nodes: readonly NetworkNode[]): Position | null {
  const places = nodes.flatMap(({ position }) => position ?? []);
  if (places.length < nodes.length) return null;
  return { x: Math.min(...places.map(({ x }) => x)), y: Math.min(...places.map(({ y }) => y)) };
}

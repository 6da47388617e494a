import {
  weightsOfCircle,
  weightsOfNothing,
  weightsOfOtherKind,
  weightsOfOtherShape,
} from '../diagnostics/catalog/sharing';
import type { Diagnostic, Fix } from '../diagnostics/diagnostic';
import { isBlockNode } from '../document/blocks';
import { pathOfNode } from '../document/expand';
import type { Expansion } from '../document/expansion';
import type { ParamFields, ParamValues, WeightSpec } from '../layers/define';
import { nearestWord } from '../nearest';
import type { Json, NetworkDocument, NetworkNode } from '../schema/document';
import { formatShape, text, type Text } from '../text';
import { drawnAs } from './blocks';
import type { NetworkAnalysis, NodeAnalysis } from './types';

/** The weights that a node computes with: its own, or those of another. */
export function usedWeights(node: NodeAnalysis): readonly WeightSpec[] {
  return node.shared?.weights ?? node.weights;
}

/** The node whose weights a node computes with: itself, or another. */
export function ownerOf(node: NodeAnalysis): string {
  return node.shared?.owner ?? node.id;
}

/** The nodes that compute with a node's weights besides itself. */
export function sharersOf(nodes: ReadonlyMap<string, NodeAnalysis>, owner: string): readonly string[] {
  return [...nodes.values()].flatMap((node) => (node.shared?.owner === owner ? [node.id] : []));
}

/** Whose weights a node computes with, of every node that has them in common with another. */
export function sharingOwners({ nodes }: Pick<NetworkAnalysis, 'nodes'>): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { id, shared } of nodes.values())
    if (shared !== undefined) owners.set(id, shared.owner).set(shared.owner, shared.owner);
  return owners;
}

type Nodes = ReadonlyMap<string, NodeAnalysis>;

/** A node as it became: kept while what it was made of stays the same, so that views can tell by `===`. */
type Made = { readonly own: NodeAnalysis; readonly owner: NodeAnalysis; readonly result: NodeAnalysis };

/** What came of the shared weights of a network. */
export type Sharing = {
  /** All nodes; those that use the weights of others have none of their own. */
  readonly nodes: Nodes;
  readonly findings: readonly Diagnostic[];
  readonly made: ReadonlyMap<string, Made>;
};

const nothingMade: Sharing['made'] = new Map();

/**
 * Gives the nodes that use the weights of others those of their owner, the last of a chain. Where they cannot have them they keep their
 * own, with a finding that says why. Nodes are looked at when all are measured, since an owner may stand behind those that use its weights.
 */
export function shareWeights(expansion: Expansion, nodes: Nodes, before: Sharing['made'] = nothingMade): Sharing {
  const { document } = expansion;
  if (!document.nodes.some(({ weightsOf }) => weightsOf !== undefined)) {
    return { nodes, findings: [], made: nothingMade };
  }
  const byId = new Map(document.nodes.map((node) => [node.id, node]));
  const changed = new Map(nodes);
  const made = new Map<string, Made>();
  const findings: Diagnostic[] = [];
  for (const [index, node] of document.nodes.entries()) {
    const own = nodes.get(node.id);
    if (node.weightsOf === undefined || own === undefined || expansion.opaque.has(node.id)) continue;
    const path = `${pathOfNode(expansion, node.id, index)}.weightsOf`;
    const owner = findOwner(node, expansion, byId, nodes);
    if ('finding' in owner) {
      findings.push(owner.finding(path));
      continue;
    }
    const finding = misfit(own, owner.node, expansion, byId, path);
    if (finding !== null) {
      findings.push(finding);
      continue;
    }
    if (own.state === 'ok' && own.paramCount === 0) continue;
    const known = before.get(node.id);
    const result = known?.own === own && known.owner === owner.node ? known.result : shared(own, owner.node);
    made.set(node.id, { own, owner: owner.node, result });
    changed.set(node.id, result);
  }
  return { nodes: changed, findings, made };
}

function shared(own: NodeAnalysis, owner: NodeAnalysis): NodeAnalysis {
  return {
    ...own,
    weights: [],
    shared: { owner: owner.id, weights: owner.weights },
    paramCount: 0,
    trainableParams: 0,
  };
}

/** The owner of the weights that a node asks for, or why there is none. */
function findOwner(
  node: NetworkNode,
  expansion: Expansion,
  byId: ReadonlyMap<string, NetworkNode>,
  nodes: Nodes,
): { readonly node: NodeAnalysis } | { readonly finding: (path: string) => Diagnostic } {
  const seen = [node.id];
  let at = node;
  while (at.weightsOf !== undefined) {
    const named = at.weightsOf;
    const next = byId.get(named);
    if (seen.includes(named)) {
      const circle = seen.slice(seen.indexOf(named));
      return { finding: (path) => weightsOfCircle({ nodeId: node.id, path }, circle, [unshare(node.id, expansion)]) };
    }
    if (next === undefined) {
      const nearest = nearestWord(named, candidatesFor(node, byId));
      const fixes = [...(nearest === null ? [] : [useInstead(node.id, nearest)]), unshare(node.id, expansion)];
      return { finding: (path) => weightsOfNothing({ nodeId: node.id, path }, named, fixes) };
    }
    seen.push(named);
    at = next;
  }
  const owner = nodes.get(at.id);
  if (owner === undefined) throw new Error(`Analysis: node "${at.id}" is in the network and was not looked at.`);
  return { node: owner };
}

/** The most ids that a wrong one is compared with. */
const mostCompared = 1_000;

function candidatesFor({ id, kind }: NetworkNode, byId: ReadonlyMap<string, NetworkNode>): readonly string[] {
  const alike = [...byId.values()].filter((one) => one.kind === kind && one.id !== id && one.weightsOf === undefined);
  return alike.slice(0, mostCompared).map((one) => one.id);
}

/** Why a node cannot compute with the weights of another; null where it can, and where that is not known since one of them is wrong. */
function misfit(
  own: NodeAnalysis,
  owner: NodeAnalysis,
  expansion: Expansion,
  byId: ReadonlyMap<string, NetworkNode>,
  path: string,
): Diagnostic | null {
  const at = { nodeId: own.id, path };
  if (own.kind !== owner.kind) {
    return weightsOfOtherKind(at, owner.id, [labelOf(own), labelOf(owner)], [unshare(own.id, expansion)]);
  }
  if (own.state !== 'ok' || owner.state !== 'ok' || own.paramCount === null || owner.paramCount === null) return null;
  if (isSameWeights(own.weights, owner.weights)) return null;
  const fixes = [...equalParams(own, owner, byId), unshare(own.id, expansion)];
  return weightsOfOtherShape(at, owner.id, [weightsText(own.weights), weightsText(owner.weights)], fixes);
}

function labelOf({ definition, kind }: NodeAnalysis): Text {
  return definition?.label ?? text(kind, kind);
}

/** Whether two layers have the same weights: names, shapes, and which of them learn. */
function isSameWeights(a: readonly WeightSpec[], b: readonly WeightSpec[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ name, shape, trainable }, at) => {
    const other = b[at];
    if (other?.name !== name || other.trainable !== trainable || other.shape.length !== shape.length) return false;
    return shape.every((size, axis) => size === other.shape[axis]);
  });
}

function weightsText(weights: readonly WeightSpec[]): Text {
  if (weights.length === 0) return text('none', '无');
  const listed = (frozen: string, comma: string): string =>
    weights
      .map(({ name, shape, trainable }) => `${name} ${formatShape(shape)}${trainable || isRunning(name) ? '' : frozen}`)
      .join(comma);
  return text(listed(' (frozen)', ', '), listed('（冻结）', '，'));
}

/** Statistics never learn, so that it need not be said. */
function isRunning(name: string): boolean {
  return name.startsWith('moving');
}

/** Sets the params that the weights' shapes hang on as the owner has them, where that makes them equal. */
function equalParams(own: NodeAnalysis, owner: NodeAnalysis, byId: ReadonlyMap<string, NetworkNode>): readonly Fix[] {
  const { definition, params, outputShape } = own;
  if (definition === null || params === null || owner.params === null || outputShape === null) return [];
  const inputs = own.inputShapes.filter((shape) => shape !== null);
  const weightsWith = (changed: ParamValues<ParamFields>): readonly WeightSpec[] =>
    definition.weights({ nodeId: own.id, params: changed, inputs, output: outputShape });
  const names = Object.keys(definition.params).filter((name) => {
    const isOther = JSON.stringify(params[name]) !== JSON.stringify(owner.params?.[name]);
    if (!isOther) return false;
    return !isSameWeights(weightsWith({ ...params, ...pick(owner.params, [name]) }), own.weights);
  });
  if (names.length === 0) return [];
  if (!isSameWeights(weightsWith({ ...params, ...pick(owner.params, names) }), owner.weights)) return [];
  const given = byId.get(owner.id)?.params ?? {};
  const set = Object.fromEntries(names.flatMap((name): [string, Json][] => entryOf(given, name)));
  const unset = names.filter((name) => !Object.hasOwn(given, name));
  const list = names.join(', ');
  return [
    {
      title: text(`Set ${list} as in “${owner.id}”`, `将 ${names.join('、')} 设为与“${owner.id}”相同`),
      edits: [{ type: 'setParams', id: own.id, params: set, ...(unset.length > 0 && { unset }) }],
    },
  ];
}

function pick(params: ParamValues<ParamFields> | null, names: readonly string[]): ParamValues<ParamFields> {
  return Object.fromEntries(
    names.flatMap((name) => (params === null ? [] : [[name, params[name]]])),
  ) as ParamValues<ParamFields>;
}

function entryOf(params: NetworkNode['params'], name: string): [string, Json][] {
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  return value === undefined ? [] : [[name, value]];
}

/** For a node whose block as a whole uses the weights of another, it is the block that gets its own. */
function unshare(flatId: string, { source, origins, document }: Expansion): Fix {
  const outer = origins.get(flatId)?.inside[0];
  const block = source === document ? undefined : source.nodes.find((node) => node.id === outer);
  const id = block?.weightsOf === undefined ? flatId : block.id;
  return {
    title: text(`Give “${id}” weights of its own`, `让“${id}”使用自己的权值`),
    edits: [{ type: 'setWeightsOf', id, weightsOf: null }],
  };
}

function useInstead(id: string, owner: string): Fix {
  return {
    title: text(`Use the weights of “${owner}”`, `使用“${owner}”的权值`),
    edits: [{ type: 'setWeightsOf', id, weightsOf: owner }],
  };
}

/**
 * The nodes of a document whose weights one of them could use: layers with the same weights, or uses of the same block with the same
 * params. Not those that use its own.
 */
export function weightGivers(
  document: Pick<NetworkDocument, 'nodes'>,
  { nodes }: Pick<NetworkAnalysis, 'nodes'>,
  id: string,
): readonly string[] {
  const byId = new Map(document.nodes.map((node) => [node.id, node]));
  const own = byId.get(id);
  const analysis = nodes.get(id);
  const others = document.nodes.filter(
    (other) => other.id !== id && other.kind === own?.kind && !leadsTo(other, id, byId),
  );
  if (own === undefined) return [];
  if (isBlockNode(own)) {
    return others.flatMap((other) => (JSON.stringify(other.params) === JSON.stringify(own.params) ? [other.id] : []));
  }
  const weights = analysis === undefined ? [] : usedWeights(analysis);
  if (weights.length === 0) return [];
  return others.flatMap((other) => {
    const theirs = nodes.get(other.id);
    return theirs !== undefined && isSameWeights(weights, usedWeights(theirs)) ? [other.id] : [];
  });
}

/** Whether a node uses the weights of another, itself or over others. */
function leadsTo(node: NetworkNode, id: string, byId: ReadonlyMap<string, NetworkNode>): boolean {
  const seen = new Set<string>();
  for (let at: NetworkNode | undefined = node; at?.weightsOf !== undefined && !seen.has(at.id);) {
    if (at.weightsOf === id) return true;
    seen.add(at.id);
    at = byId.get(at.weightsOf);
  }
  return false;
}

const groups = new WeakMap<NetworkAnalysis['nodes'], ReadonlyMap<string, readonly string[]>>();

/** The nodes that are drawn and compute with one set of weights: of a node, itself and the others; none where it shares none. */
export function sharingGroup(analysis: NetworkAnalysis, id: string): readonly string[] {
  // Every card asks, so that it is looked for once.
  const known = groups.get(analysis.nodes) ?? groupsOf(analysis);
  groups.set(analysis.nodes, known);
  return known.get(id) ?? [];
}

function groupsOf(analysis: NetworkAnalysis): ReadonlyMap<string, readonly string[]> {
  const drawnBy = new Map<string, Set<string>>();
  for (const [flat, owner] of sharingOwners(analysis)) {
    const drawn = drawnBy.get(owner) ?? new Set();
    drawnBy.set(owner, drawn.add(drawnAs(analysis, flat)));
  }
  const found = new Map<string, Set<string>>();
  for (const drawn of drawnBy.values()) {
    if (drawn.size < 2) continue;
    for (const id of drawn) found.set(id, new Set([...(found.get(id) ?? []), ...drawn]));
  }
  return new Map([...found].map(([id, group]) => [id, [...group]]));
}

import { sharingOwners } from '../../analysis/sharedWeights';
import type { NetworkAnalysis } from '../../analysis/types';
import { sharedNotPrinted } from '../../diagnostics/catalog/printing';
import type { Diagnostic } from '../../diagnostics/diagnostic';
import type { NetworkDocument } from '../../schema/document';
import type { PrintedCall } from './calls';
import type { CodeLanguage } from './language';
import { callName, readNetwork, type PrintedNode } from './scopes';

/** A layer that is made once and applied at several places: that of the node whose weights they use. */
export type SharedLayer = {
  /** The node of the scope that owns the weights. */
  readonly node: string;
  /** What the layer is called in the scope. */
  readonly name: string;
  /** Nothing before has applied it, so that it is made here. */
  readonly isFirst: boolean;
};

function holdsWeights({ weights = [], places = [] }: PrintedCall): boolean {
  return weights.length > 0 || places.length > 0;
}

/** The layers that calls of a node have in common with other nodes, by the call's place. */
export function sharedLayers(
  calls: readonly PrintedCall[],
  owner: { readonly id: string; readonly name: string; readonly calls: readonly PrintedCall[] },
  made: Set<string>,
): ReadonlyMap<number, SharedLayer> {
  const theirs = owner.calls.flatMap((call, at) => (holdsWeights(call) ? [callName(owner.name, owner.calls, at)] : []));
  const found = new Map<number, SharedLayer>();
  for (const [at, call] of calls.entries()) {
    const name = holdsWeights(call) ? theirs[found.size] : undefined;
    if (name === undefined) continue;
    found.set(at, { node: owner.id, name, isFirst: !made.has(name) });
    made.add(name);
  }
  return found;
}

/**
 * One finding for every node that uses the weights of another in a way that one layer of the language cannot be applied in: as with
 * other strides.
 */
export function checkShared(
  source: NetworkDocument,
  analysis: NetworkAnalysis,
  language: CodeLanguage,
  target: string,
): readonly Diagnostic[] {
  const owners = sharingOwners(analysis);
  if (owners.size === 0) return [];
  const { nodes } = readNetwork(source, analysis, language);
  return [...owners].flatMap(([id, owner]) => {
    const names = differing(nodes.get(id), nodes.get(owner));
    return names.length === 0 ? [] : [sharedNotPrinted(id, owner, target, names)];
  });
}

/** The fields in which the layers that hold two nodes' weights differ. */
function differing(one: PrintedNode | undefined, other: PrintedNode | undefined): readonly string[] {
  const [own, theirs] = [one, other].map((node) => (node?.calls ?? []).filter(holdsWeights));
  const names = new Set<string>();
  for (const [at, call] of (own ?? []).entries()) {
    const peer = theirs?.[at];
    if (peer?.callee !== call.callee) names.add(`${call.callee} / ${peer?.callee ?? '–'}`);
    const given = new Map(peer?.fields.map(({ name, value }) => [name, value]));
    for (const { name, value } of call.fields) if (given.get(name) !== value) names.add(name);
    if (JSON.stringify(peer?.setup ?? []) !== JSON.stringify(call.setup ?? [])) names.add('setup');
  }
  return [...names];
}

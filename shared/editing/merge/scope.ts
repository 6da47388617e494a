import { freeId } from '../../document/ids';
import type { BlockDefinition, Frame, NetworkEdge, NetworkNode } from '../../schema/document';
import { limits } from '../../schema/limits';
import { edgePort } from '../connect';
import { conflicting, type Findings } from './conflict';
import { isSameLayer, mergedNode } from './nodes';
import { withOwnIds } from './ownIds';
import { agreed, mergedOrder, type Sides } from './threeWay';

/** The nodes, wires and frames of a network itself or of a block. */
export type MergedScope = Omit<BlockDefinition, 'params'>;

/** Things by their keys, in their order; of several with one key each has its own. */
function keyed<T>(items: readonly T[], keyOf: (item: T) => readonly (string | number)[]): ReadonlyMap<string, T> {
  const counts = new Map<string, number>();
  return new Map(
    items.map((item) => {
      const parts = keyOf(item);
      const key = JSON.stringify(parts);
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      return [count === 0 ? key : JSON.stringify([...parts, count]), item];
    }),
  );
}

type All<T> = { readonly base: T; readonly ours: T; readonly theirs: T };

function each<T, R>({ base, ours, theirs }: Sides<T>, give: (side: T | undefined) => R): All<R> {
  return { base: give(base), ours: give(ours), theirs: give(theirs) };
}

/** Everything that either side has, each with what `merge` makes of it; undefined drops it. In one order. */
function mergedList<T>(sides: Sides<ReadonlyMap<string, T>>, merge: (sides: Sides<T>) => T | undefined): readonly T[] {
  const keys = mergedOrder(each(sides, (side) => [...(side?.keys() ?? [])]));
  return keys.flatMap((key) => merge(each(sides, (side) => side?.get(key))) ?? []);
}

/** Merges the nodes, wires and frames of a network or of a block. What both changed stays ours. */
export function mergedScope(given: Sides<MergedScope>, block: string | null, findings: Findings): MergedScope {
  const settled = agreed(given);
  if (settled !== null) return settled.value ?? { nodes: [], edges: [] };
  const sides = { ...given, theirs: withOwnIds(given, block, findings) };
  const contested = new Set<string>();
  const nodes = mergedList(
    each(sides, (side) => keyed(side?.nodes ?? [], ({ id }) => [id])),
    (node) => keptNode(node, sides, contested, block, findings),
  );
  const edges = mergedEdges(sides, nodes, contested, block, findings);
  const frames = mergedFrames(sides);
  return { nodes, edges, ...(frames.length > 0 && { frames }) };
}

/** A node of one side or both; one that a side deleted and the other changed, or wired anew, stays as ours has it. */
function keptNode(
  node: Sides<NetworkNode>,
  sides: Sides<MergedScope>,
  contested: Set<string>,
  block: string | null,
  findings: Findings,
): NetworkNode | undefined {
  const { base, ours, theirs } = node;
  if (base === undefined || (ours !== undefined && theirs !== undefined)) return mergedNode(node, block, findings);
  const [left, scope] = ours === undefined ? [theirs, sides.theirs] : [ours, sides.ours];
  if (left === undefined) return undefined;
  if (isSameLayer(left, base) && !isWiredAnew(left.id, scope, sides.base)) return undefined;
  contested.add(left.id);
  const values = each(node, (side) => side?.kind ?? null);
  findings.conflicts.push({ what: 'node', block, id: left.id, field: null, ...values });
  return ours;
}

function isWiredAnew(id: string, now: MergedScope | undefined, before: MergedScope | undefined): boolean {
  const wires = (scope: MergedScope | undefined): readonly string[] =>
    (scope?.edges ?? []).filter(({ from, to }) => from === id || to === id).map((edge) => JSON.stringify(endsOf(edge)));
  const known = new Set(wires(before));
  return wires(now).some((wire) => !known.has(wire));
}

function endsOf(edge: NetworkEdge): readonly (string | number)[] {
  return [edge.from, edge.to, edgePort(edge)];
}

function mergedEdges(
  sides: Sides<MergedScope>,
  nodes: readonly NetworkNode[],
  contested: ReadonlySet<string>,
  block: string | null,
  findings: Findings,
): readonly NetworkEdge[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const gone = new Set(
    [sides.base, sides.ours, sides.theirs]
      .flatMap((side) => side?.nodes.map(({ id }) => id) ?? [])
      .filter((id) => !ids.has(id)),
  );
  const merged = mergedList(
    each(sides, (side) => keyed(side?.edges ?? [], endsOf)),
    (edge) => {
      const { base, ours, theirs } = edge;
      const any = ours ?? theirs;
      if (any === undefined || gone.has(any.from) || gone.has(any.to)) return undefined;
      if (contested.has(any.from) || contested.has(any.to)) return ours;
      if (ours !== undefined && theirs !== undefined) return (agreed(edge) ?? { value: ours }).value;
      // One side has it alone: the other took it away, or it is new. What it is drawn through decides nothing.
      return base === undefined ? any : undefined;
    },
  );
  return withoutTwice(merged, sides, { contested, block, findings });
}

/** Of two wires that the sides lead into one input, ours. An input that had several on a side already keeps them. */
function withoutTwice(
  edges: readonly NetworkEdge[],
  sides: Sides<MergedScope>,
  {
    contested,
    block,
    findings,
  }: { readonly contested: ReadonlySet<string>; readonly block: string | null; readonly findings: Findings },
): readonly NetworkEdge[] {
  const merged = byInput(edges);
  const { base, ours, theirs } = each(sides, (side) => byInput(side?.edges ?? []));
  const dropped = new Set<NetworkEdge>();
  for (const [input, wires] of merged) {
    const [own, other] = [ours.get(input) ?? [], theirs.get(input) ?? []];
    const [wire] = wires;
    if (wire === undefined || wires.length < 2 || own.length > 1 || other.length > 1) continue;
    const kept = new Set(own.map(({ from }) => from));
    for (const one of wires) if (!kept.has(one.from)) dropped.add(one);
    // That its source is contested has been told.
    if (wires.some(({ from }) => contested.has(from))) continue;
    const sources = { base: base.get(input), ours: own, theirs: other };
    const values = conflicting(each(sources, (list) => list?.[0]?.from));
    findings.conflicts.push({ what: 'wire', block, id: wire.to, field: `input ${edgePort(wire)}`, ...values });
  }
  return dropped.size === 0 ? edges : edges.filter((edge) => !dropped.has(edge));
}

function byInput(edges: readonly NetworkEdge[]): ReadonlyMap<string, readonly NetworkEdge[]> {
  const inputs = new Map<string, NetworkEdge[]>();
  for (const edge of edges) {
    const input = JSON.stringify([edge.to, edgePort(edge)]);
    const list = inputs.get(input);
    if (list === undefined) inputs.set(input, [edge]);
    else list.push(edge);
  }
  return inputs;
}

/** Frames are decoration: ours where both changed one, and both where each side has a new one of the same id. */
function mergedFrames(sides: Sides<MergedScope>): readonly Frame[] {
  const lists = each(sides, (side) => side?.frames ?? []);
  const taken = new Set([...lists.base, ...lists.ours, ...lists.theirs].map(({ id }) => id));
  const isNew = ({ id }: Frame): boolean => !lists.base.some((frame) => frame.id === id);
  const theirs = lists.theirs.map((frame) => {
    const own = lists.ours.find(({ id }) => id === frame.id);
    if (own === undefined || !isNew(frame) || agreed({ base: undefined, ours: own, theirs: frame }) !== null)
      return frame;
    const id = freeId(frame.id, taken);
    return { ...frame, id };
  });
  const merged = mergedList(
    each({ ...lists, theirs }, (frames) => keyed(frames ?? [], ({ id }) => [id])),
    (frame) => (agreed(frame) ?? { value: frame.ours ?? frame.theirs }).value,
  );
  return merged.slice(0, limits.frames);
}

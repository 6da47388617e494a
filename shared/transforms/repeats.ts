import type { NetworkAnalysis } from '../analysis/types';
import { groupNodes } from '../editing/blocks/group';
import { withoutSlashes } from '../editing/secondVersion';
import { freshBlockName } from '../editing/blocks/definitions';
import { topologicalOrder } from '../document/order';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import type { Json, NetworkDocument, NetworkNode } from '../schema/document';
import { text } from '../text';
import type { OfferedTransform } from './offered';
import { planTransform, type TransformPlan, type WeightTable } from './plan';

/** Equal chains, one behind the other: the ids of each copy's nodes, in the same order. */
export type Repeat = { readonly copies: readonly (readonly string[])[] };

/** No more are offered: the longest come first. */
const mostOffers = 3;

/** Beyond this many nodes, looking for repeats would be felt. */
const mostNodes = 1_500;

/** Fewer nodes than this saved are no gain: the block has nodes of its own. */
const leastSaved = 3;

/**
 * Parts of a network that come several times in a row: same kinds, same params, same wires, each reading only the one before it. They
 * do not overlap; those that save most nodes come first.
 */
export function findRepeats(document: NetworkDocument): readonly Repeat[] {
  const { order, acyclicCount } = topologicalOrder(document);
  if (acyclicCount < order.length || order.length > mostNodes) return [];
  const found = runsOf(readChain(document, order)).sort(
    (a, b) => savedBy(b) - savedBy(a) || a.length - b.length || a.start - b.start,
  );
  const taken = new Set<number>();
  const chosen: Run[] = [];
  for (const run of found) {
    const places = Array.from({ length: run.count * run.length }, (_, at) => run.start + at);
    if (places.some((place) => taken.has(place))) continue;
    for (const place of places) taken.add(place);
    chosen.push(run);
  }
  return chosen.slice(0, mostOffers).map(({ start, length, count }) => ({
    copies: Array.from({ length: count }, (_, copy) => order.slice(start + copy * length, start + (copy + 1) * length)),
  }));
}

/** So many copies of so many nodes, from a place in the order on. */
type Run = { readonly start: number; readonly length: number; readonly count: number };

function savedBy({ length, count }: Run): number {
  return (count - 1) * length;
}

/** What the order says of each place: what stands there, how far back it reads, how far on it is read. */
type Chain = {
  /** Equal where kind, params and the distances to what is read are. */
  readonly codes: readonly string[];
  readonly readsFrom: readonly number[];
  readonly readUpTo: readonly number[];
};

function readChain(document: NetworkDocument, order: readonly string[]): Chain {
  const place = new Map(order.map((id, at) => [id, at]));
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const reads = new Map<string, { readonly port: number; readonly from: number }[]>();
  const readUpTo = order.map(() => Infinity);
  const readsFrom = order.map((_, at) => at);
  for (const { from, to, toPort = 0 } of document.edges) {
    const [source, target] = [place.get(from), place.get(to)];
    if (source === undefined || target === undefined) continue;
    const list = reads.get(to) ?? [];
    reads.set(to, [...list, { port: toPort, from: target - source }]);
    readsFrom[target] = Math.min(readsFrom[target] ?? target, source);
    readUpTo[source] = Math.max(readUpTo[source] === Infinity ? 0 : (readUpTo[source] ?? 0), target);
  }
  const owners = new Set(document.nodes.flatMap(({ weightsOf }) => weightsOf ?? []));
  const codes = order.map((id) => {
    // Copies of a block have weights of their own each.
    if (owners.has(id) || nodes.get(id)?.weightsOf !== undefined) return `shared ${id}`;
    const { kind = '', params = {} } = nodes.get(id) ?? {};
    const wires = (reads.get(id) ?? []).sort((a, b) => a.port - b.port).map((wire) => [wire.port, wire.from]);
    // A node that reads nothing begins something, and is in no chain.
    return wires.length === 0 ? `start ${id}` : JSON.stringify([kind, sorted(params), wires]);
  });
  return { codes, readsFrom, readUpTo };
}

function sorted(params: NetworkNode['params']): readonly (readonly [string, Json])[] {
  return Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** All runs of equal parts that can be a repeated block. */
function runsOf(chain: Chain): Run[] {
  const runs: Run[] = [];
  const { codes } = chain;
  for (let length = 1; length <= codes.length / 2; length++) {
    for (let start = 1; start + 2 * length <= codes.length; start++) {
      let count = 1;
      while (isCopy(chain, start, start + count * length, length)) count += 1;
      if (count < 2 || !isPart(chain, start, length)) continue;
      if ((count - 1) * length >= leastSaved) runs.push({ start, length, count });
      start += (count - 1) * length;
    }
  }
  return runs;
}

function isCopy(chain: Chain, first: number, start: number, length: number): boolean {
  if (start + length > chain.codes.length || !isPart(chain, start, length)) return false;
  for (let at = 0; at < length; at++) if (chain.codes[first + at] !== chain.codes[start + at]) return false;
  return true;
}

/** True for nodes in a row that read only each other and the one before them, and of which only the last is read from outside. */
function isPart({ readsFrom, readUpTo }: Chain, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) {
    if ((readsFrom[at] ?? 0) < start - 1) return false;
    if (at < start + length - 1 && (readUpTo[at] ?? Infinity) >= start + length) return false;
  }
  return true;
}

/** What folding gives; `names`: what the nodes whose ids change are called in the flat network then. */
export type FoldPlan = TransformPlan & { readonly names: ReadonlyMap<string, string> };

/** Makes equal chains one block that repeats. The network computes the same, with the same weights. */
export function foldRepeat(given: NetworkDocument, analysis: NetworkAnalysis, repeat: Repeat): Result<FoldPlan> {
  const { document, renamed: free } = withoutSlashes(given);
  const copies = repeat.copies.map((ids) => ids.map((id) => free.get(id) ?? id));
  const [first = [], ...others] = copies;
  const name = freshBlockName(document, 'block');
  const made = groupNodes(document, first, { name });
  if (!made.ok) return failure(...made.diagnostics);
  const { nodeId, document: grouped } = made.value;
  const gone = new Set(others.flat());
  const last = others.at(-1)?.at(-1);
  const folded: NetworkDocument = {
    ...grouped,
    nodes: grouped.nodes
      .filter(({ id }) => !gone.has(id))
      .map((node) => (node.id === nodeId ? { ...node, params: { ...node.params, repeat: copies.length } } : node)),
    edges: grouped.edges
      .filter(({ to }) => !gone.has(to))
      // What the first copy gave the second is inside now.
      .flatMap((edge) => (gone.has(edge.from) ? (edge.from === last ? [{ ...edge, from: nodeId }] : []) : [edge])),
  };
  const names = new Map([
    ...free,
    ...repeat.copies.flatMap((ids, copy) =>
      ids.map((id, at) => [id, `${nodeId}/${copy + 1}/${first[at] ?? ''}`] as const),
    ),
  ]);
  const title = text(
    `Fold ${copies.length} equal parts of ${first.length} ${first.length === 1 ? 'layer' : 'layers'} into a block, from “${first[0] ?? ''}” on`,
    `将从“${first[0] ?? ''}”起 ${copies.length} 个相同的部分（各 ${first.length} 层）合为一个块`,
  );
  const edits = [{ type: 'replaceDocument', document: folded } as const];
  const plan = planTransform(given, analysis, edits, title, {
    equivalent: true,
    carry: (weights) => renamed(weights, names),
  });
  return plan.ok ? success({ ...plan.value, names }) : plan;
}

function renamed(weights: WeightTable, names: ReadonlyMap<string, string>): WeightTable {
  return Object.fromEntries(
    Object.entries(weights).map(([key, tensor]) => {
      const at = key.lastIndexOf('/');
      const next = names.get(key.slice(0, at));
      return [next === undefined ? key : next + key.slice(at), tensor];
    }),
  );
}

/** The repeats of a network, each as a rewriting that can be applied. */
export function repeatTransforms(document: NetworkDocument, analysis: NetworkAnalysis): readonly OfferedTransform[] {
  return findRepeats(document).flatMap((repeat, at) => {
    const plan = foldRepeat(document, analysis, repeat);
    return plan.ok ? [{ id: `repeat.${at + 1}`, plan: plan.value }] : [];
  });
}

import { freeId } from '../../document/ids';
import { edgePort } from '../connect';
import { deepEqual } from '../equal';
import { renamedNode } from '../../document/sharedWeights';
import type { Findings } from './conflict';
import { isSameLayer } from './nodes';
import type { MergedScope } from './scope';
import type { Sides } from './threeWay';

/**
 * Theirs, with other ids for new nodes whose id ours gave to a new node as well: two people who each add a layer both get `conv3`. What
 * is the same layer, wired alike, stays one.
 */
export function withOwnIds(
  { base, ours, theirs }: Sides<MergedScope>,
  block: string | null,
  findings: Findings,
): MergedScope | undefined {
  // Without a base, the same id is all that tells that two nodes are one.
  if (base === undefined || ours === undefined || theirs === undefined) return theirs;
  const old = new Set(base.nodes.map(({ id }) => id));
  const own = new Map(ours.nodes.map((node) => [node.id, node]));
  const shared = theirs.nodes.filter(({ id }) => own.has(id) && !old.has(id));
  const others = new Set(
    shared
      .filter(
        (node) => !isSameLayer(node, own.get(node.id)) || !deepEqual(feedsOf(ours, node.id), feedsOf(theirs, node.id)),
      )
      .map(({ id }) => id),
  );
  // What another node feeds is another node, too.
  for (let count = -1; count !== others.size;) {
    count = others.size;
    for (const { id } of shared) if (theirs.edges.some(({ from, to }) => to === id && others.has(from))) others.add(id);
  }
  if (others.size === 0) return theirs;
  const taken = new Set([base, ours, theirs].flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  const ids = new Map([...others].map((id) => [id, freeId(id, taken)]));
  for (const [from, to] of ids) findings.renamed.push({ block, from, to });
  const nameOf = (id: string): string => ids.get(id) ?? id;
  return {
    ...theirs,
    nodes: theirs.nodes.map((node) => renamedNode(node, nameOf)),
    edges: theirs.edges.map((edge) =>
      ids.has(edge.from) || ids.has(edge.to) ? { ...edge, from: nameOf(edge.from), to: nameOf(edge.to) } : edge,
    ),
  };
}

function feedsOf({ edges }: MergedScope, id: string): readonly string[] {
  return edges
    .filter(({ to }) => to === id)
    .map((edge) => JSON.stringify([edge.from, edgePort(edge)]))
    .sort();
}

import type { NetworkDocument } from '../../shared/schema/document';

/** Everything that some nodes read ('upstream') or feed ('downstream'), near or far, and they themselves. */
export function reachOf(
  { edges }: Pick<NetworkDocument, 'edges'>,
  ids: Iterable<string>,
  way: 'upstream' | 'downstream',
): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [here, there] = way === 'upstream' ? [to, from] : [from, to];
    const list = next.get(here);
    if (list === undefined) next.set(here, [there]);
    else list.push(there);
  }
  const reached = new Set(ids);
  // A set is walked in the order of insertion, what is added on the way included.
  for (const id of reached) for (const one of next.get(id) ?? []) reached.add(one);
  return reached;
}

/** Every node of a kind that one of these is of. */
export function alikeOf({ nodes }: Pick<NetworkDocument, 'nodes'>, ids: ReadonlySet<string>): readonly string[] {
  const kinds = new Set(nodes.flatMap(({ id, kind }) => (ids.has(id) ? [kind] : [])));
  return nodes.flatMap(({ id, kind }) => (kinds.has(kind) ? [id] : []));
}

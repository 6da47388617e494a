import type { BlockDefinition, NetworkDocument, NetworkEdge, NetworkNode } from '../schema/document';

/** The nodes and wires of a network itself or of a block. */
type Scope = {
  readonly nodes: readonly Pick<NetworkNode, 'id' | 'bypass'>[];
  readonly edges: readonly NetworkEdge[];
};

/**
 * The bypassed nodes of a scope, each with the node whose value flows on in its place. One that no wire or several wires lead into
 * has no value to hand on, nor has one on or behind a circle of bypassed nodes: it stays in the network. Linear.
 */
export function passedOver({ nodes, edges }: Scope): ReadonlyMap<string, string> {
  const passed = new Map<string, string>();
  const asked = new Set(nodes.filter(({ bypass }) => bypass === true).map(({ id }) => id));
  if (asked.size === 0) return passed;
  const feeds = onlyWires(asked, { nodes, edges });
  const stuck = new Set<string>();
  for (const id of feeds.keys()) {
    const trail = new Set<string>();
    let at = id;
    for (let next = feeds.get(at); next !== undefined && !trail.has(at); next = feeds.get(at)) {
      if (passed.has(at) || stuck.has(at)) break;
      trail.add(at);
      at = next;
    }
    const isStuck = trail.has(at) || stuck.has(at);
    const giver = passed.get(at) ?? at;
    for (const one of trail) {
      if (isStuck) stuck.add(one);
      else passed.set(one, giver);
    }
  }
  return passed;
}

/** Where the one wire into each of these nodes comes from; nothing for those with none or several. */
function onlyWires(ids: ReadonlySet<string>, { nodes, edges }: Scope): ReadonlyMap<string, string> {
  const known = new Set(nodes.map(({ id }) => id));
  const feeds = new Map<string, string>();
  const many = new Set<string>();
  for (const { from, to } of edges) {
    if (!ids.has(to) || !known.has(from)) continue;
    if (feeds.has(to)) many.add(to);
    else feeds.set(to, from);
  }
  for (const id of many) feeds.delete(id);
  return feeds;
}

function bridged<S extends Pick<NetworkDocument, 'nodes' | 'edges'>>(scope: S): S {
  const passed = passedOver(scope);
  if (passed.size === 0) return scope;
  return {
    ...scope,
    nodes: scope.nodes.filter(({ id }) => !passed.has(id)),
    edges: scope.edges.flatMap((edge) => {
      if (passed.has(edge.to)) return [];
      const from = passed.get(edge.from);
      return [from === undefined ? edge : { ...edge, from }];
    }),
  };
}

/** A document as if its bypassed nodes were not there, blocks included; the document itself where nothing is bypassed. */
export function withoutBypassed(document: NetworkDocument): NetworkDocument {
  const own = bridged(document);
  if (own.blocks === undefined) return own;
  const blocks = Object.entries(own.blocks).map(([name, block]): [string, BlockDefinition] => [name, bridged(block)]);
  const isChanged = blocks.some(([name, block]) => block !== own.blocks?.[name]);
  return isChanged ? { ...own, blocks: Object.fromEntries(blocks) } : own;
}

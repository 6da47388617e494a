import type { Json, NetworkDocument, NetworkEdge, NetworkNode } from '../../shared/schema/document';

type Layer = readonly [kind: string, params?: { readonly [name: string]: Json }];

/** A chain of layers behind one input; node ids are `n1`, `n2`, ... */
export function chainNetwork(shape: readonly (number | null)[], ...layers: readonly Layer[]): NetworkDocument {
  const nodes: NetworkNode[] = [{ id: 'image', kind: 'input', params: { shape } }];
  const edges: NetworkEdge[] = [];
  for (const [at, [kind, params = {}]] of layers.entries()) {
    nodes.push({ id: `n${at + 1}`, kind, params });
    edges.push({ from: at === 0 ? 'image' : `n${at}`, to: `n${at + 1}` });
  }
  return { format: 'convloom.network', version: 1, name: 'Chain', nodes, edges };
}

/** A network from nodes `id: [kind, params, ...sources]`; the sources take ports 0, 1, ... */
export function wiredNetwork(nodes: {
  readonly [id: string]: readonly [kind: string, params: { readonly [name: string]: Json }, ...sources: string[]];
}): NetworkDocument {
  const entries = Object.entries(nodes);
  return {
    format: 'convloom.network',
    version: 1,
    name: 'Wired',
    nodes: entries.map(([id, [kind, params]]) => ({ id, kind, params })),
    edges: entries.flatMap(([id, [, , ...sources]]) =>
      sources.map((from, port) => (port === 0 ? { from, to: id } : { from, to: id, toPort: port })),
    ),
  };
}

import type { NetworkDocument, NetworkEdge, NetworkNode } from '../../shared/document';

/** A node of a chain: its id, its kind, and its params. */
export type ChainLink = readonly [id: string, kind: string, params: NetworkNode['params']];

/** A network of layers one after the other, behind an Input `image` of the given shape. */
export function chainDocument(name: string, input: readonly number[], links: readonly ChainLink[]): NetworkDocument {
  const nodes: NetworkNode[] = [{ id: 'image', kind: 'input', params: { shape: [...input] } }];
  const edges: NetworkEdge[] = [];
  for (const [id, kind, params] of links) {
    edges.push({ from: nodes.at(-1)?.id ?? '', to: id });
    nodes.push({ id, kind, params });
  }
  return { format: 'convloom.network', version: 1, name, nodes, edges };
}

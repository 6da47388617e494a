import { renamedNode } from '../document/sharedWeights';
import type { NetworkDocument } from '../schema/document';

/** The document as one of version 2, which is what frames and led wires need. */
export function inSecondVersion(document: NetworkDocument): NetworkDocument {
  return document.version === 2 ? document : { ...withoutSlashes(document).document, version: 2 };
}

/** Ids of version 2 are parts of paths: those with a slash, which version 1 allows, get another one. */
export function withoutSlashes(document: NetworkDocument): {
  readonly document: NetworkDocument;
  readonly renamed: ReadonlyMap<string, string>;
} {
  const renamed = new Map<string, string>();
  const taken = new Set(document.nodes.map(({ id }) => id));
  for (const { id } of document.nodes) {
    if (!id.includes('/') || renamed.has(id)) continue;
    let next = id.replaceAll('/', '_');
    while (taken.has(next)) next += '_';
    taken.add(next);
    renamed.set(id, next);
  }
  if (renamed.size === 0) return { document, renamed };
  const nameOf = (id: string): string => renamed.get(id) ?? id;
  const nodes = document.nodes.map((node) => renamedNode(node, nameOf));
  const edges = document.edges.map((edge) => ({ ...edge, from: nameOf(edge.from), to: nameOf(edge.to) }));
  return { document: { ...document, nodes, edges }, renamed };
}

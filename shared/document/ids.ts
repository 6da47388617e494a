import type { NetworkDocument } from '../schema/document';

/**
 * An id that no node has yet: the kind and the smallest free number, as in `conv3`. `taken` names ids that are promised to
 * nodes not yet in the document.
 */
export function freshNodeId(document: NetworkDocument, kind: string, taken?: ReadonlySet<string>): string {
  const used = new Set(document.nodes.map((node) => node.id));
  for (let number = 1; ; number++) {
    const id = `${kind}${number}`;
    if (!used.has(id) && taken?.has(id) !== true) return id;
  }
}

/** The id itself where it is free, else with the smallest number that makes it so; it is then taken. */
export function freeId(id: string, taken: Set<string>): string {
  let free = id;
  for (let number = 2; taken.has(free); number++) free = `${id}_${number}`;
  taken.add(free);
  return free;
}

import type { NetworkDocument, NetworkEdge } from '../schema/document';

/** A document without blocks, frames and led wires, which are all that version 2 adds, is one of version 1, and is written as such. */
export function inOldestVersion(document: NetworkDocument): NetworkDocument {
  if (document.version === 1 || usesBlocks(document) || isArranged(document)) return document;
  const { blocks: _none, frames: _nor, ...rest } = document;
  return { ...rest, edges: document.edges.map(withoutPlaces), version: 1 };
}

/** True with a frame, or a wire that is led through places. */
function isArranged({ frames = [], edges }: NetworkDocument): boolean {
  return frames.length > 0 || edges.some(({ via = [] }) => via.length > 0);
}

/** The wire as it runs by itself. */
export function withoutPlaces(edge: NetworkEdge): NetworkEdge {
  if (edge.via === undefined) return edge;
  const { via: _dropped, ...rest } = edge;
  return rest;
}

/** True for a document with blocks, or with nodes that mean something only beside them. */
export function usesBlocks({ blocks = {}, nodes }: NetworkDocument): boolean {
  return Object.keys(blocks).length > 0 || nodes.some(({ kind }) => versionOfKind(kind) !== null);
}

/** The version that gives nodes of a kind their meaning: 2 for what uses a block and for a block's inputs; null for layers. */
export function versionOfKind(kind: string): number | null {
  return kind === 'block' || kind === 'port' ? 2 : null;
}

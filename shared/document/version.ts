import type { NetworkDocument } from '../schema/document';

/** Blocks are all that version 2 adds: without any, a document is one of version 1, and is written as such. */
export function inOldestVersion(document: NetworkDocument): NetworkDocument {
  if (document.version === 1 || usesBlocks(document)) return document;
  const { blocks: _none, ...rest } = document;
  return { ...rest, version: 1 };
}

function usesBlocks({ blocks = {}, nodes }: NetworkDocument): boolean {
  return Object.keys(blocks).length > 0 || nodes.some(({ kind }) => versionOfKind(kind) !== null);
}

/** The version that gives nodes of a kind their meaning: 2 for what uses a block and for a block's inputs; null for layers. */
export function versionOfKind(kind: string): number | null {
  return kind === 'block' || kind === 'port' ? 2 : null;
}

import type { NetworkDocument } from '../schema/document';
import { expandBlocks } from './expander';
import type { Expansion } from './expansion';
import { childPath } from './issues';

const none: ReadonlySet<string> = new Set();
const expansions = new WeakMap<NetworkDocument, Expansion>();

/**
 * The network that a document's blocks stand for, with path ids: `s/c`, or `s/1/c`, `s/2/c` where the block node `s` repeats. A
 * repeated block is chained: each copy's first port reads the copy before it, and its other ports what the block node reads. Total:
 * what cannot be expanded stays as one opaque node, with a finding. The same document gives the same expansion, by identity.
 */
export function expand(document: NetworkDocument): Expansion {
  const known = expansions.get(document);
  if (known !== undefined) return known;
  const expansion =
    document.version === 1
      ? { source: document, document, origins: new Map(), instances: [], opaque: none, starved: none, findings: [] }
      : expandBlocks(document);
  expansions.set(document, expansion);
  return expansion;
}

/** The flat network of a document; the document itself where it has no blocks. */
export function flatNetwork(document: NetworkDocument): NetworkDocument {
  return expand(document).document;
}

/** The place of a flat node in the file that it was read from, as in `blocks.pair.nodes[1]`. */
export function pathOfNode({ origins }: Expansion, flatId: string, index: number): string {
  const origin = origins.get(flatId);
  if (origin === undefined) return `nodes[${index}]`;
  return `${origin.block === null ? '' : `${childPath('blocks', origin.block)}.`}nodes[${origin.index}]`;
}

import type { NetworkDocument } from '../schema/document';
import { passedOver, withoutBypassed } from './bypass';
import { expandBlocks } from './expander';
import type { BypassedNode, Expansion, Origin } from './expansion';
import { childPath } from './issues';
import { usesBlocks } from './version';

const none: ReadonlySet<string> = new Set();
const expansions = new WeakMap<NetworkDocument, Expansion>();

/**
 * The network that a document's blocks stand for, with path ids: `s/c`, or `s/1/c`, `s/2/c` where the block node `s` repeats. A
 * repeated block is chained: each copy's first port reads the copy before it, and its other ports what the block node reads. Total:
 * what cannot be expanded stays as one opaque node, with a finding. Bypassed nodes are left out, what they read flowing on. The same document gives the same expansion, by identity.
 */
export function expand(document: NetworkDocument): Expansion {
  const known = expansions.get(document);
  if (known !== undefined) return known;
  const expansion = document.version === 1 || !usesBlocks(document) ? withoutBlocks(document) : expandBlocks(document);
  expansions.set(document, expansion);
  return expansion;
}

/** A document without blocks: all that may be left out of it is what is bypassed. */
function withoutBlocks(source: NetworkDocument): Expansion {
  const document = withoutBypassed(source);
  const rest = { source, document, instances: [], opaque: none, starved: none, findings: [] };
  if (document === source) return { ...rest, origins: new Map(), bypassed: new Map() };
  const passed = passedOver(source);
  const origins = new Map<string, Origin>();
  const bypassed = new Map<string, BypassedNode>();
  for (const [index, node] of source.nodes.entries()) {
    if (origins.has(node.id)) continue;
    origins.set(node.id, { block: null, index, inside: [] });
    const from = passed.get(node.id);
    if (from !== undefined) bypassed.set(node.id, { node, source: from });
  }
  return { ...rest, origins, bypassed };
}

/** The flat network of a document; the document itself where it has neither blocks nor bypassed nodes. */
export function flatNetwork(document: NetworkDocument): NetworkDocument {
  return expand(document).document;
}

/** The place of a flat node in the file that it was read from, as in `blocks.pair.nodes[1]`. */
export function pathOfNode({ origins }: Expansion, flatId: string, index: number): string {
  const origin = origins.get(flatId);
  if (origin === undefined) return `nodes[${index}]`;
  return `${origin.block === null ? '' : `${childPath('blocks', origin.block)}.`}nodes[${origin.index}]`;
}

import { success, type Result } from '../../diagnostics/diagnostic';
import { freshNodeId } from '../../document';
import { builtInLayers } from '../../layers';
import type { LayerRegistry } from '../../layers/registry';
import { emptyDocument, type NetworkDocument, type NetworkNode } from '../../schema/document';
import type { Edit } from '../../schema/edits';
import { applyEdits } from '../applyEdits';
import type { SketchedLayer } from './layer';
import { parseSketch } from './parse';

/** The edits that put a chain of layers behind a node, whose consumers the last of them takes over; a chain of its own behind none. */
export function chainEdits(
  document: NetworkDocument,
  chain: readonly SketchedLayer[],
  after: string | null,
): { readonly edits: readonly Edit[]; readonly ids: readonly string[] } {
  const taken = new Set<string>();
  const ids: string[] = [];
  const edits = chain.map(({ definition: { kind }, params, label }): Edit => {
    const before = ids.at(-1) ?? after;
    const id = freshNodeId(document, kind, taken);
    taken.add(id);
    ids.push(id);
    const node: NetworkNode = { id, kind, params, ...(label === undefined ? {} : { label }) };
    return before === null ? { type: 'addNode', node } : { type: 'insertAfter', after: before, node };
  });
  return { edits, ids };
}

/** A sketch as a network of its own. */
export function networkFromSketch(
  name: string,
  source: string,
  registry: LayerRegistry = builtInLayers,
): Result<NetworkDocument> {
  const chain = parseSketch(source, registry);
  if (!chain.ok) return chain;
  const document = emptyDocument(name);
  const { edits } = chainEdits(document, chain.value, null);
  return edits.length === 0 ? success(document) : applyEdits(document, edits, registry);
}

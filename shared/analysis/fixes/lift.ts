import type { Diagnostic } from '../../diagnostics/diagnostic';
import { bindingOf } from '../../document/blocks';
import type { Expansion, Origin } from '../../document/expansion';
import { expand } from '../../document/expand';
import { unshared } from '../../document/sharedWeights';
import type { BlockDefinition, NetworkDocument, NetworkEdge, NetworkNode } from '../../schema/document';
import type { Edit } from '../../schema/edits';
import { edgePort } from '../../editing/connect';
import { formatCount, text } from '../../text';
import type { Candidate } from './context';

/**
 * A mend of the flat network as one of the document that it was expanded from; null where there is none. A node of a block is
 * changed in the block, hence in every copy, and the title says so; a param that is bound to the block's is not overwritten.
 */
export function liftCandidate<C extends Candidate>(
  source: NetworkDocument,
  expansion: Expansion,
  candidate: C,
): C | null {
  if (source === expansion.document) return candidate;
  const lift = new Lift(source, expansion);
  const edits: Edit[] = [];
  for (const edit of candidate.edits) {
    const lifted = lift.edit(edit);
    if (lifted === null) return null;
    edits.push(...lifted);
  }
  if (lift.block === null) return { ...candidate, edits };
  // Edits of a block replace the document, so what else there is to do must come before and be in it.
  if (edits.length > 0) return null;
  const copies = formatCount(lift.copies);
  const { en, zh } = candidate.title;
  return {
    ...candidate,
    title:
      lift.copies < 2
        ? text(`${en} (in the block “${lift.block}”)`, `${zh}（在块“${lift.block}”中）`)
        : text(
            `${en} (all ${copies} copies of the block “${lift.block}” change)`,
            `${zh}（块“${lift.block}”的 ${copies} 份副本都会改变）`,
          ),
    edits: [{ type: 'replaceDocument', document: lift.document }],
  };
}

/** Diagnostics about the flat network whose fixes edit the document that it was expanded from; what cannot be lifted is left out. */
export function liftFixes(source: NetworkDocument, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const expansion = expand(source);
  if (source === expansion.document) return diagnostics;
  return diagnostics.map((diagnostic) => ({
    ...diagnostic,
    fixes: diagnostic.fixes.flatMap((fix) => liftCandidate(source, expansion, fix) ?? []),
  }));
}

class Lift {
  /** The document with its blocks changed. */
  document: NetworkDocument;
  /** The block that was changed, and how many copies of its node there are. */
  block: string | null = null;
  copies = 0;
  readonly #expansion: Expansion;
  readonly #source: NetworkDocument;

  constructor(source: NetworkDocument, expansion: Expansion) {
    this.document = source;
    this.#source = source;
    this.#expansion = expansion;
  }

  /** The same edit in terms of the source; empty where it went into a block; null where it cannot be made there. */
  edit(edit: Edit): readonly Edit[] | null {
    switch (edit.type) {
      case 'setParams':
        return this.#change(edit, edit.id, (node) => {
          const touched = [...Object.keys(edit.params), ...(edit.unset ?? [])];
          if (touched.some((name) => bindingOf(node.params[name]) !== undefined)) return null;
          const kept = Object.entries(node.params).filter(([name]) => edit.unset?.includes(name) !== true);
          return { ...node, params: Object.fromEntries([...kept, ...Object.entries(edit.params)]) };
        });
      case 'setKind':
        return this.#change(edit, edit.id, (node) => {
          const isBound = Object.values(node.params).some((value) => bindingOf(value) !== undefined);
          return isBound ? null : { ...node, kind: edit.kind, params: edit.params };
        });
      case 'setBypass':
        return this.#change(edit, edit.id, (node) => ({ ...node, bypass: edit.bypass }));
      case 'setWeightsOf':
        return this.#change(edit, edit.id, (node) => this.#share(node, edit));
      case 'removeNodes':
        return edit.ids.every((id) => this.#isOwn(id)) ? [edit] : null;
      case 'setLabel':
      case 'setNote':
        return this.#isOwn(edit.id) ? [edit] : null;
      case 'connect':
      case 'disconnect': {
        const edge = this.#edge(edit.edge);
        return edge === null ? null : [{ ...edit, edge }];
      }
      case 'insertOnEdge': {
        const edge = this.#edge(edit.edge);
        return edge === null ? null : [{ ...edit, edge }];
      }
      case 'insertAfter': {
        const after = this.#giver(edit.after);
        return after === null ? null : [{ ...edit, after }];
      }
      default:
        return [edit];
    }
  }

  /** A node of a block uses weights of the block alone, by the ids that they have there. */
  #share(node: NetworkNode, { id, weightsOf }: Extract<Edit, { type: 'setWeightsOf' }>): NetworkNode | null {
    if (weightsOf === null) return unshared(node);
    const prefix = id.slice(0, id.length - node.id.length);
    return weightsOf.startsWith(prefix) ? { ...node, weightsOf: weightsOf.slice(prefix.length) } : null;
  }

  #originOf(id: string): Origin | undefined {
    return this.#expansion.origins.get(id) ?? this.#expansion.instances.find((instance) => instance.id === id)?.origin;
  }

  /** True for what the network itself holds, and for what it does not know. */
  #isOwn(id: string): boolean {
    return (this.#originOf(id)?.block ?? null) === null;
  }

  /** The node of the network itself whose value a flat node is: itself, or the block node that it is the output of. */
  #giver(id: string): string | null {
    if (this.#isOwn(id)) return id;
    const outer = this.#expansion.instances.find(({ origin, output }) => origin.block === null && output === id);
    return outer?.id ?? null;
  }

  #edge(edge: NetworkEdge): NetworkEdge | null {
    const from = this.#giver(edge.from);
    if (from === null || !this.#isOwn(edge.to)) return null;
    return this.#throughBypassed({ ...edge, from });
  }

  /** A wire of the flat network that runs over bypassed nodes is drawn as the last of several. */
  #throughBypassed(edge: NetworkEdge): NetworkEdge {
    const drawn = this.#source.edges.find((one) => one.to === edge.to && edgePort(one) === edgePort(edge));
    return drawn !== undefined && this.#expansion.bypassed.has(drawn.from) ? { ...edge, from: drawn.from } : edge;
  }

  #change(edit: Edit, id: string, change: (node: NetworkNode) => NetworkNode | null): readonly Edit[] | null {
    const origin = this.#originOf(id);
    if (origin?.block == null) return [edit];
    if (this.block !== null && this.block !== origin.block) return null;
    const blocks = new Map<string, BlockDefinition>(Object.entries(this.document.blocks ?? {}));
    const definition = blocks.get(origin.block);
    const node = definition?.nodes[origin.index];
    const changed = node === undefined ? null : change(node);
    if (definition === undefined || changed === null) return null;
    blocks.set(origin.block, { ...definition, nodes: definition.nodes.with(origin.index, changed) });
    this.document = { ...this.document, blocks: Object.fromEntries(blocks) };
    this.block = origin.block;
    this.copies = this.#countCopies(origin);
    return [];
  }

  #countCopies({ block, index }: Origin): number {
    let count = 0;
    for (const origin of this.#expansion.origins.values())
      if (origin.block === block && origin.index === index) count += 1;
    return count;
  }
}

import type { Json } from '../../schema/document';
import type { Sides } from './threeWay';

/** Something that both sides changed, each its own way. The merged document has it as ours has it. */
export type MergeConflict = {
  readonly what: 'network' | 'training' | 'block' | 'node' | 'wire';
  /** The block that it is in; null for the network itself. */
  readonly block: string | null;
  /** The id of the node, at a wire of the node that it leads into; the name of the block; empty for the network. */
  readonly id: string;
  /** The param or the field; of a wire the input, as in `input 1`; null where one side deleted what the other changed. */
  readonly field: string | null;
  /** Null where it is not there. */
  readonly base: Json;
  readonly ours: Json;
  readonly theirs: Json;
};

/** A node of theirs that has another id in the merged document, as ours has a new node of the same id. */
export type MergeRename = { readonly block: string | null; readonly from: string; readonly to: string };

/** What a merge finds on its way. */
export type Findings = { readonly conflicts: MergeConflict[]; readonly renamed: MergeRename[] };

/** The values of a conflict, as JSON has them. */
export function conflicting({ base, ours, theirs }: Sides<Json>): Pick<MergeConflict, 'base' | 'ours' | 'theirs'> {
  return { base: base ?? null, ours: ours ?? null, theirs: theirs ?? null };
}

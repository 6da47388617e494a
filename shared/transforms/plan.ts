import { analyzeNetwork } from '../analysis/analyze';
import { sharersOf } from '../analysis/sharedWeights';
import type { NetworkAnalysis } from '../analysis/types';
import { transformShares } from '../diagnostics/catalog/transforms';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import { applyEdits } from '../editing/applyEdits';
import type { NetworkDocument } from '../schema/document';
import type { Edit } from '../schema/edits';
import { elementCount } from '../ops/tensor';
import type { Text } from '../text';

/** Values of one weight tensor, row-major. Names are `nodeId/kernel`, as in a trained run. */
export type WeightTensor = { readonly shape: readonly number[]; readonly data: Float32Array };
export type WeightTable = { readonly [name: string]: WeightTensor };

/**
 * A network rewritten: what to do, what comes out, and what becomes of trained weights. `before` and `after` are whole analyses, so
 * every difference (parameters, MACs, memory) is exact and none is estimated.
 */
export type TransformPlan = {
  readonly title: Text;
  /** Applied together they are one undoable step. */
  readonly edits: readonly Edit[];
  readonly before: NetworkAnalysis;
  readonly after: NetworkAnalysis;
  /** The document after the edits. */
  readonly document: NetworkDocument;
  /**
   * The weights of the new network as far as the old ones decide them; what is missing starts afresh. Where `equivalent` is true it
   * is all of them and both networks compute the same function.
   */
  readonly carry: (weights: WeightTable) => WeightTable;
  readonly equivalent: boolean;
};

/** Keeps every weight whose name and element count still exist; only the shape may change (both are row-major). */
export function carrySameNames(after: NetworkAnalysis): (weights: WeightTable) => WeightTable {
  return (weights) => {
    const carried: Record<string, WeightTensor> = {};
    for (const node of after.nodes.values()) {
      for (const spec of node.weights) {
        const name = `${node.id}/${spec.name}`;
        const old = weights[name];
        const count = elementCount(spec.shape);
        if (old?.data.length === count) carried[name] = { shape: spec.shape, data: old.data };
      }
    }
    return carried;
  };
}

/** Applies the edits and analyses the outcome. */
export function planTransform(
  document: NetworkDocument,
  before: NetworkAnalysis,
  edits: readonly Edit[],
  title: Text,
  options: { readonly equivalent: boolean; readonly carry?: (weights: WeightTable) => WeightTable },
): Result<TransformPlan> {
  const tied = options.equivalent ? tiedNode(before, edits) : null;
  if (tied !== null) return failure(transformShares(tied.id, tied.others));
  const applied = applyEdits(document, edits, before.layers);
  if (!applied.ok) return applied;
  const after = analyzeNetwork(applied.value, before);
  return success({
    title,
    edits,
    before,
    after,
    document: applied.value,
    carry: options.carry ?? carrySameNames(after),
    equivalent: options.equivalent,
  });
}

/** A node that is to be rebuilt and shares its weights with others, which would not compute the same then. */
function tiedNode(
  { nodes }: NetworkAnalysis,
  edits: readonly Edit[],
): { readonly id: string; readonly others: readonly string[] } | null {
  for (const edit of edits) {
    const ids =
      edit.type === 'removeNodes' ? edit.ids : edit.type === 'setKind' || edit.type === 'setParams' ? [edit.id] : [];
    for (const id of ids) {
      const owner = nodes.get(id)?.shared?.owner;
      const others = owner === undefined ? sharersOf(nodes, id) : [owner];
      if (others.length > 0) return { id, others };
    }
  }
  return null;
}

/** Two plans, one after the other, as one. */
export function chainPlans(first: TransformPlan, second: TransformPlan, title: Text): TransformPlan {
  return {
    title,
    edits: [...first.edits, ...second.edits],
    before: first.before,
    after: second.after,
    document: second.document,
    carry: (weights) => second.carry(first.carry(weights)),
    equivalent: first.equivalent && second.equivalent,
  };
}

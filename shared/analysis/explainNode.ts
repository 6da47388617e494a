import type { Explanation } from '../layers/define';
import { isInput, isMerge } from '../layers/traits';
import { text } from '../text';
import { explainField, explainUnion } from './receptiveField';
import type { FormulaBasis, NodeAnalysis } from './types';

/**
 * The formulas of a node with its live numbers. They are written here and kept nowhere: an analysis goes over every node of a network
 * with each edit, and formulas are read of the one that is looked at.
 */
export function explainNode(node: NodeAnalysis): readonly Explanation[] {
  const { definition, basis, shared } = node;
  if (definition === null || basis === null) return [];
  const own = [...definition.explain(basis.context), ...explainSeen(node, basis)];
  if (shared === undefined) return own;
  return own.map((one) => (one.about === 'params' ? explainShared(one, shared.owner) : one));
}

/** How its receptive field came out of those of its inputs. */
function explainSeen({ definition, receptiveField }: NodeAnalysis, { context, fields }: FormulaBasis): Explanation[] {
  if (definition === null || receptiveField === null || isInput(definition)) return [];
  const known = fields.filter((field) => field !== null);
  if (isMerge(definition)) return explainUnion(known, receptiveField);
  const [before = null] = fields;
  return before === null ? [] : explainField(before, receptiveField, definition.receptiveField(context));
}

/** How many parameters a node has that uses the weights of another: those of `own` are the owner's, and are counted there. */
function explainShared(own: Explanation, owner: string): Explanation {
  return {
    ...own,
    title: text(`Parameters, shared with “${owner}”`, `参数，与“${owner}”共享`),
    formula: `${own.formula} → ${owner}`,
    result: '0',
  };
}

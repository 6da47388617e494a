import type { Explanation } from '../layers/define';
import { text } from '../text';

/** How many parameters a node has that uses the weights of another: those of `own` are the owner's, and are counted there. */
export function explainShared(own: Explanation, owner: string): Explanation {
  return {
    ...own,
    title: text(`Parameters, shared with “${owner}”`, `参数，与“${owner}”共享`),
    formula: `${own.formula} → ${owner}`,
    result: '0',
  };
}

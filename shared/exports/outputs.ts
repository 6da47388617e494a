import { flatNetwork } from '../document/expand';
import { functionParam, isInput } from '../layers/traits';
import type { NetworkAnalysis } from '../analysis/types';
import type { NetworkDocument } from '../schema/document';
import { sourcesByPort } from './code/scopes';

/** Whether an output gives probabilities, by the softmax that ends it, or scores. */
export function outputMeaning(
  document: NetworkDocument,
  { nodes }: NetworkAnalysis,
  output: string,
): 'probabilities' | 'scores' {
  const sources = sourcesByPort(flatNetwork(document));
  const endsInSoftmax = (id: string): boolean => {
    const node = nodes.get(id);
    const [source = ''] = sources.get(id) ?? [];
    if (node === undefined || isInput(node.definition)) return false;
    const param = functionParam(node.definition);
    if (param !== null && node.params?.[param] === 'softmax') return true;
    const keepsClasses =
      node.definition?.traits.role === 'flattening' &&
      node.outputShape?.at(-1) === nodes.get(source)?.outputShape?.at(-1);
    return (keepsClasses || (param === 'function' && node.params?.[param] === 'linear')) && endsInSoftmax(source);
  };
  return endsInSoftmax(output) ? 'probabilities' : 'scores';
}

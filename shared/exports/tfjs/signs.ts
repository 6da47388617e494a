import type { NodeAnalysis } from '../../analysis/types';
import { activationOf, type ActivationName } from '../../layers/activations';
import { functionParam } from '../../layers/traits';

/** Functions that give nothing below zero. */
const nonNegative: ReadonlySet<ActivationName> = new Set([
  'relu',
  'relu6',
  'softplus',
  'sigmoid',
  'hardsigmoid',
  'softmax',
]);

/** Whether values that are not below zero stay so: what moves, picks, averages, adds or multiplies them. */
function keepsSign({ definition, kind, params }: NodeAnalysis): boolean {
  const role = definition?.traits.role;
  if (role === 'pooling' || role === 'globalPooling' || role === 'flattening') return true;
  const keeping: readonly string[] = [
    'add',
    'multiply',
    'concat',
    'crop',
    'slice',
    'shuffle',
    'reshape',
    'permute',
    'dropout',
  ];
  if (kind === 'upsample') return params?.['mode'] !== 'bicubic';
  if (kind === 'merge') return params?.['mode'] !== 'subtract';
  return keeping.includes(kind) || (kind === 'pad' && params?.['mode'] !== 'constant');
}

/** The nodes whose values are never below zero, found along the order in which they are computed. */
export function nonNegativeNodes(
  order: readonly NodeAnalysis[],
  sources: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of order) {
    const param = functionParam(node.definition);
    const name = param === null ? null : activationOf(node.params?.[param]);
    const read = sources.get(node.id) ?? [];
    const isKept = read.length > 0 && read.every((id) => found.has(id));
    if ((name !== null && nonNegative.has(name)) || (isKept && keepsSign(node))) found.add(node.id);
  }
  return found;
}

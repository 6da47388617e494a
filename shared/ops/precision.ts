import type { OpFunction, OpNode, Program, ReducedType } from './graph';
import { rewriteFunction } from './rewrite';
import type { Rewriting, RewriteRule } from './rewrite';
import { defineRule } from './rules';

/**
 * Mixed precision as a rewrite: the products of a function, where nearly all of its time goes, are computed in a smaller type. All else
 * stays float32: weights and what the optimizer keeps, sums, normalizations, losses.
 */
export function inPrecision(definition: OpFunction, type: ReducedType | 'float32'): OpFunction {
  return type === 'float32' ? definition : rewriteFunction(definition, [reduceProducts(type)]).definition;
}

function reduceProducts(type: ReducedType): RewriteRule {
  return defineRule(
    `${type}-products`,
    ['matMul', 'conv2d', 'conv2dInputGrad', 'conv2dFilterGrad'],
    (node, { ops, inputs }: Rewriting) =>
      node.precision === undefined ? ops.copy({ ...node, precision: type }, inputs) : null,
  );
}

/** What a node's products are computed in. */
export function precisionOf(node: OpNode): ReducedType | 'float32' {
  return 'precision' in node ? (node.precision ?? 'float32') : 'float32';
}

/** The first product of a program that is not in float32, in words, for engines that have no other kernels; null where there is none. */
export function reducedProduct({ functions }: Program): string | null {
  for (const { nodes } of Object.values(functions)) {
    for (const node of nodes) if (precisionOf(node) !== 'float32') return `${node.op} in ${precisionOf(node)}`;
  }
  return null;
}

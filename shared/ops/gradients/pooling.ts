import { imageSize, inputAt } from './rule';
import type { GradientRule } from './rule';

/** Gradients of pooling. `maxPoolGrad` has none: training needs no second derivatives. */
export const poolingGradients: { readonly [Op in 'maxPool' | 'avgPool' | 'avgPoolGrad']: GradientRule<Op> } = {
  maxPool: ({ ops, node, inputs, output, dy }) => [ops.maxPoolGrad(inputAt(inputs, 0), output, dy, node)],
  avgPool: ({ ops, node, inputs, dy }) => [ops.avgPoolGrad(dy, imageSize(inputAt(inputs, 0)), node)],
  avgPoolGrad: ({ ops, node, dy }) => [ops.avgPool(dy, node)],
};

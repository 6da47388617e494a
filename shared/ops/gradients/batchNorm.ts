import { inputAt, sumToShape } from './rule';
import type { GradientRule } from './rule';

/** Gradients of batch normalisation. */
export const batchNormGradients: { readonly [Op in 'batchNorm']: GradientRule<Op> } = {
  batchNorm: ({ ops, node, inputs, dy, needs }) => {
    const [x, gamma, beta] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)];
    return [
      needs(0) ? ops.batchNormInputGrad(x, gamma, dy, node.epsilon) : null,
      needs(1) ? ops.batchNormGammaGrad(x, gamma, dy, node.epsilon) : null,
      needs(2) ? sumToShape(ops, dy, beta.shape) : null,
    ];
  },
};

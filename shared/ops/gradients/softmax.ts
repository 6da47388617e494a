import { inputAt } from './rule';
import type { GradientRule } from './rule';

/** Gradients of the softmax family, over the last axis. */
export const softmaxGradients: { readonly [Op in 'softmax' | 'logSoftmax' | 'softmaxCrossEntropy']: GradientRule<Op> } =
  {
    // y_i (dy_i - sum_j dy_j y_j)
    softmax: ({ ops, output, dy }) => {
      const weighted = ops.reduce('reduceSum', ops.mul(dy, output), [-1], true);
      return [ops.mul(output, ops.sub(dy, weighted))];
    },
    // dy_i - softmax_i sum_j dy_j
    logSoftmax: ({ ops, output, dy }) => {
      const total = ops.reduce('reduceSum', dy, [-1], true);
      return [ops.sub(dy, ops.mul(ops.unary('exp', output), total))];
    },
    softmaxCrossEntropy: ({ ops, inputs, dy }) => [
      ops.softmaxCrossEntropyGrad(inputAt(inputs, 0), inputAt(inputs, 1), dy),
      null,
    ],
  };

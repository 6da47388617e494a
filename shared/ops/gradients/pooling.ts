import { imageSize, inputAt } from './rule';
import type { GradientRule } from './rule';

/** Gradients of pooling. That of `maxPoolGrad`, which an unpooling is, goes to what it spreads: where the maxima lie has no slope. */
export const poolingGradients: {
  readonly [Op in 'maxPool' | 'maxPoolGrad' | 'avgPool' | 'avgPoolGrad']: GradientRule<Op>;
} = {
  maxPool: ({ ops, node, inputs, output, dy }) => [ops.maxPoolGrad(inputAt(inputs, 0), output, dy, node)],
  maxPoolGrad: ({ ops, node, inputs, dy }) => {
    const { size, strides } = node;
    if (strides[0] < size[0] || strides[1] < size[1]) throw new Error('Autodiff: maxPoolGrad of windows that overlap.');
    const spread = inputAt(inputs, 2);
    const ones = ops.broadcastTo(ops.constant([1], [1, 1, 1, 1]), spread.shape);
    const places = ops.maxPoolGrad(inputAt(inputs, 0), inputAt(inputs, 1), ones, node);
    // Each window holds one place: the mean over it, times its area, is the gradient there.
    return [null, null, ops.mul(ops.avgPool(ops.mul(dy, places), node), size[0] * size[1])];
  },
  avgPool: ({ ops, node, inputs, dy }) => [ops.avgPoolGrad(dy, imageSize(inputAt(inputs, 0)), node)],
  avgPoolGrad: ({ ops, node, dy }) => [ops.avgPool(dy, node)],
};

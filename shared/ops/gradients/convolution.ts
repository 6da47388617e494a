import { imageSize, inputAt } from './rule';
import type { GradientRule } from './rule';
import type { Value } from '../builder';

function filterSize(filter: Value): readonly [number, number] {
  const [height, width] = filter.shape;
  if (typeof height !== 'number' || typeof width !== 'number') throw new Error('Autodiff: a filter of unknown size.');
  return [height, width];
}

/**
 * The three convolutions are one trilinear form of (x, filter, dy), so each one's gradients are the two others with the same
 * attributes. Source: Dumoulin and Visin, arXiv 1603.07285, section 4.
 */
export const convolutionGradients: {
  readonly [Op in 'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad']: GradientRule<Op>;
} = {
  conv2d: ({ ops, node, inputs, dy, needs }) => {
    const x = inputAt(inputs, 0);
    const filter = inputAt(inputs, 1);
    return [
      needs(0) ? ops.conv2dInputGrad(dy, filter, imageSize(x), node) : null,
      needs(1) ? ops.conv2dFilterGrad(x, dy, filterSize(filter), node) : null,
    ];
  },
  conv2dInputGrad: ({ ops, node, inputs, dy, needs }) => {
    const small = inputAt(inputs, 0);
    const filter = inputAt(inputs, 1);
    return [
      needs(0) ? ops.conv2d(dy, filter, node) : null,
      needs(1) ? ops.conv2dFilterGrad(dy, small, filterSize(filter), node) : null,
    ];
  },
  conv2dFilterGrad: ({ ops, node, inputs, dy, needs }) => {
    const x = inputAt(inputs, 0);
    return [
      needs(0) ? ops.conv2dInputGrad(inputAt(inputs, 1), dy, imageSize(x), node) : null,
      needs(1) ? ops.conv2d(x, dy, node) : null,
    ];
  },
};

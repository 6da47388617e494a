import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { PoolAttributes } from '../../../../../shared/ops/graph';
import { padImage, spreadByStrides, takeByStrides } from './image';
import { imageAt } from './kernel';
import type { Kernel } from './kernel';

/** Padding for a maximum: below every float that a network computes, and finite, so that no kernel makes a NaN of it. */
const lowest = -3.4028234663852886e38;

function maxPool(x: Tensor4D, { size, strides, pads }: PoolAttributes): Tensor4D {
  return tf.maxPool(padImage(x, pads, lowest), [...size], [...strides], 'valid');
}

function avgPool(x: Tensor4D, { size, strides, pads }: PoolAttributes): Tensor4D {
  return tf.avgPool(padImage(x, pads), [...size], [...strides], 'valid');
}

/** The values that tap (row, column) of every window sees: shaped as the pool's output. */
function seenByTap(
  x: Tensor4D,
  { shape }: Tensor4D,
  row: number,
  column: number,
  strides: PoolAttributes['strides'],
): Tensor4D {
  const [batch, height, width, channels] = shape;
  const reach = [(height - 1) * strides[0] + 1, (width - 1) * strides[1] + 1] as const;
  const seen = tf.slice(x, [0, row, column, 0], [batch, ...reach, channels]);
  return strides[0] === 1 && strides[1] === 1 ? seen : takeByStrides(seen, strides);
}

/**
 * All of a window's gradient goes to its first maximum. Written out tap by tap, because backends differ in which of several equal
 * maxima their own kernel picks, and engines must agree.
 */
function maxPoolGradient(x: Tensor4D, y: Tensor4D, dy: Tensor4D, { size, strides, pads }: PoolAttributes): Tensor4D {
  const padded = padImage(x, pads, lowest);
  const [, paddedHeight, paddedWidth] = padded.shape;
  // What is left of each window's gradient: nothing, once a tap has taken it.
  let left = dy;
  let gradient: Tensor4D | undefined;
  for (let row = 0; row < size[0]; row++) {
    for (let column = 0; column < size[1]; column++) {
      const isMax = tf.equal(seenByTap(padded, y, row, column, strides), y);
      const taken = tf.mul<Tensor4D>(left, tf.cast(isMax, 'float32'));
      left = tf.sub<Tensor4D>(left, taken);
      const spread = spreadByStrides(taken, strides);
      const bottom = paddedHeight - row - spread.shape[1];
      const right = paddedWidth - column - spread.shape[2];
      const placed = padImage(spread, [row - pads[0], bottom - pads[1], column - pads[2], right - pads[3]]);
      gradient = gradient === undefined ? placed : tf.add<Tensor4D>(gradient, placed);
    }
  }
  if (gradient === undefined) throw new Error('tfjs engine: a pool without a window.');
  return gradient;
}

/** Every value under a window gets an equal share of its gradient: dy spread by the strides, summed by windows of ones. */
function avgPoolGradient(
  dy: Tensor4D,
  inputSize: readonly [number, number],
  { size, strides, pads }: PoolAttributes,
): Tensor4D {
  const spread = spreadByStrides(dy, strides);
  const top = size[0] - 1 - pads[0];
  const left = size[1] - 1 - pads[2];
  const bottom = inputSize[0] + size[0] - 1 - top - spread.shape[1];
  const right = inputSize[1] + size[1] - 1 - left - spread.shape[2];
  return tf.avgPool(padImage(spread, [top, bottom, left, right]), [...size], 1, 'valid');
}

export const poolingKernels: {
  readonly [Op in 'maxPool' | 'maxPoolGrad' | 'avgPool' | 'avgPoolGrad']: Kernel<Op>;
} = {
  maxPool: (node, inputs) => maxPool(imageAt(inputs, 0), node),
  maxPoolGrad: (node, inputs) => maxPoolGradient(imageAt(inputs, 0), imageAt(inputs, 1), imageAt(inputs, 2), node),
  avgPool: (node, inputs) => avgPool(imageAt(inputs, 0), node),
  avgPoolGrad: (node, inputs) => avgPoolGradient(imageAt(inputs, 0), node.inputSize, node),
};

import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { PoolAttributes } from '../../../../shared/ops/graph';
import { joinPhases, padImage, splitPhases, spreadByStrides } from './image';
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

/**
 * All of a window's gradient goes to its first maximum. Written out tap by tap, because wasm's MaxPoolGrad is wrong for windows
 * without a positive value and picks another one of equals. Taps at the same place within a stride are one part of the image; a tap
 * that reaches over its stride sees that part shifted.
 */
function maxPoolGradient(x: Tensor4D, y: Tensor4D, dy: Tensor4D, { size, strides, pads }: PoolAttributes): Tensor4D {
  const [, height, width] = x.shape;
  const [batch, outHeight, outWidth, channels] = y.shape;
  const tall = outHeight + Math.floor((size[0] - 1) / strides[0]);
  const wide = outWidth + Math.floor((size[1] - 1) / strides[1]);
  const bottom = tall * strides[0] - pads[0] - height;
  const right = wide * strides[1] - pads[2] - width;
  const parts = splitPhases(padImage(x, [pads[0], bottom, pads[2], right], lowest), strides);
  const gradients: (Tensor4D | undefined)[] = parts.map(() => undefined);
  // What is left of each window's gradient: nothing, once a tap has taken it.
  let left = dy;
  for (let row = 0; row < size[0]; row++) {
    for (let column = 0; column < size[1]; column++) {
      const place = (row % strides[0]) + (column % strides[1]) * strides[0];
      const [down, along] = [Math.floor(row / strides[0]), Math.floor(column / strides[1])];
      const part = parts[place];
      if (part === undefined) throw new Error('tfjs engine: a tap outside its stride.');
      const seen = tf.slice(part, [0, down, along, 0], [batch, outHeight, outWidth, channels]);
      const taken = tf.mul<Tensor4D>(left, tf.cast(tf.equal(seen, y), 'float32'));
      left = tf.sub<Tensor4D>(left, taken);
      const placed = padImage(taken, [down, tall - outHeight - down, along, wide - outWidth - along]);
      const others = gradients[place];
      gradients[place] = others === undefined ? placed : tf.add<Tensor4D>(others, placed);
    }
  }
  // A part that no window reaches has no gradient.
  const whole = gradients.map((gradient) => gradient ?? tf.zeros<tf.Rank.R4>([batch, tall, wide, channels]));
  return padImage(joinPhases(whole, strides), [-pads[0], -bottom, -pads[2], -right]);
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

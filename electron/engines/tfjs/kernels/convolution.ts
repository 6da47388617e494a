import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { ConvAttributes } from '../../../../shared/ops/graph';
import { padImage, spreadByStrides, takeByStrides } from './image';
import { imageAt } from './kernel';
import type { Kernel } from './kernel';

type Pair = readonly [number, number];

/** A valid convolution of one group. tfjs refuses strides with dilations, so those are computed densely and thinned out. */
function validConv(x: Tensor4D, filter: Tensor4D, strides: Pair, dilations: Pair): Tensor4D {
  if (isOne(strides) || isOne(dilations)) return tf.conv2d(x, filter, [...strides], 'valid', 'NHWC', [...dilations]);
  return takeByStrides(tf.conv2d(x, filter, 1, 'valid', 'NHWC', [...dilations]), strides);
}

function validDepthwiseConv(x: Tensor4D, filter: Tensor4D, strides: Pair, dilations: Pair): Tensor4D {
  // The wasm kernel takes one stride for both axes.
  const direct = strides[0] === strides[1] && (isOne(strides) || isOne(dilations));
  if (direct) return tf.depthwiseConv2d(x, filter, [...strides], 'valid', 'NHWC', [...dilations]);
  return takeByStrides(tf.depthwiseConv2d(x, filter, 1, 'valid', 'NHWC', [...dilations]), strides);
}

function isOne([vertical, horizontal]: Pair): boolean {
  return vertical === 1 && horizontal === 1;
}

/** One channel per group: tfjs has that as an op of its own, with filters [kh, kw, channels, filters per channel]. */
function isDepthwise(channels: number, groups: number): boolean {
  return groups > 1 && channels === groups;
}

function depthwiseFilter(filter: Tensor4D, groups: number): Tensor4D {
  const [height, width, , filters] = filter.shape;
  return filter.reshape([height, width, groups, filters / groups]);
}

/** Splits the last axis into equal groups. */
function splitGroups(x: Tensor4D, groups: number): Tensor4D[] {
  return groups === 1 ? [x] : tf.split(x, groups, 3);
}

function joinGroups(parts: readonly Tensor4D[]): Tensor4D {
  const [first] = parts;
  if (first === undefined) throw new Error('tfjs engine: a convolution without groups.');
  return parts.length === 1 ? first : tf.concat([...parts], 3);
}

function zipGroups(
  a: Tensor4D,
  b: Tensor4D,
  groups: number,
  compute: (a: Tensor4D, b: Tensor4D) => Tensor4D,
): Tensor4D {
  const partsOfB = splitGroups(b, groups);
  return joinGroups(
    splitGroups(a, groups).flatMap((part, index) => {
      const other = partsOfB[index];
      return other === undefined ? [] : [compute(part, other)];
    }),
  );
}

function conv2d(x: Tensor4D, filter: Tensor4D, { strides, pads, dilations, groups }: ConvAttributes): Tensor4D {
  const padded = padImage(x, pads);
  if (isDepthwise(x.shape[3], groups)) {
    return validDepthwiseConv(padded, depthwiseFilter(filter, groups), strides, dilations);
  }
  return zipGroups(padded, filter, groups, (image, part) => validConv(image, part, strides, dilations));
}

/**
 * Gradient to the input, as a convolution with the filter turned by 180 degrees and its channels swapped, over dy spread by the
 * strides: dx[i] = sum over k of dy[i + pad - k d] w[k]. On wasm this is several times faster than Conv2DBackpropInput, and it
 * has no gaps (that kernel knows no dilation).
 */
function inputGradient(dy: Tensor4D, filter: Tensor4D, inputSize: Pair, attributes: ConvAttributes): Tensor4D {
  const { strides, pads, dilations, groups } = attributes;
  const spread = spreadByStrides(dy, strides);
  const [filterHeight, filterWidth, channelsPerGroup, filters] = filter.shape;
  const reachDown = dilations[0] * (filterHeight - 1);
  const reachRight = dilations[1] * (filterWidth - 1);
  const top = reachDown - pads[0];
  const left = reachRight - pads[2];
  const bottom = inputSize[0] + reachDown - top - spread.shape[1];
  const right = inputSize[1] + reachRight - left - spread.shape[2];
  const padded = padImage(spread, [top, bottom, left, right]);
  const turned = tf.reverse(filter, [0, 1]);
  if (isDepthwise(channelsPerGroup * groups, groups)) {
    // Each filter goes over its own part of dy; the parts of one channel are then added.
    const perFilter = turned.reshape<Tensor4D>([filterHeight, filterWidth, filters, 1]);
    const products = validDepthwiseConv(padded, perFilter, [1, 1], dilations);
    const multiplier = filters / groups;
    return multiplier === 1 ? products : tf.sum(products.reshape([-1, ...inputSize, groups, multiplier]), 4);
  }
  return zipGroups(padded, turned, groups, (gradient, part) =>
    validConv(gradient, tf.transpose(part, [0, 1, 3, 2]), [1, 1], dilations),
  );
}

/**
 * Gradient to the filter, which wasm has no kernel for: the input is convolved by dy, with channels as the batch and the batch as
 * channels, and with strides and dilations in each other's place.
 */
function filterGradient(x: Tensor4D, dy: Tensor4D, filterSize: Pair, attributes: ConvAttributes): Tensor4D {
  const { strides, pads, dilations, groups } = attributes;
  const padded = padImage(x, pads);
  if (isDepthwise(x.shape[3], groups)) return depthwiseFilterGradient(padded, dy, filterSize, attributes);
  const both = !isOne(strides) && !isOne(dilations);
  const spread = both ? spreadWithin(dy, strides, padded) : dy;
  return zipGroups(padded, spread, groups, (image, gradient) => {
    const channelsAsBatch = tf.transpose(image, [3, 1, 2, 0]);
    const gradientAsFilter = tf.transpose(gradient, [1, 2, 0, 3]);
    const result = validConv(channelsAsBatch, gradientAsFilter, dilations, both ? [1, 1] : strides);
    // Rows that the stride never reached would be further taps.
    const taps = tf.slice(result, [0, 0, 0, 0], [result.shape[0], ...filterSize, result.shape[3]]);
    return tf.transpose(taps, [1, 2, 0, 3]);
  });
}

/** dy spread by the strides, without the zeros behind its last row and column. */
function spreadWithin(dy: Tensor4D, strides: Pair, { shape }: Tensor4D): Tensor4D {
  const spread = spreadByStrides(dy, strides);
  const [batch, height, width, channels] = spread.shape;
  const size = [height - strides[0] + 1, width - strides[1] + 1] as const;
  if (size[0] > shape[1] || size[1] > shape[2]) throw new Error('tfjs engine: dy is larger than its input.');
  return tf.slice(spread, [0, 0, 0, 0], [batch, ...size, channels]);
}

/** dw[ky, kx, c, m] = sum over n, y, x of x[n, y s + ky d, x s + kx d, c] * dy[n, y, x, c, m], one tap after the other. */
function depthwiseFilterGradient(
  padded: Tensor4D,
  dy: Tensor4D,
  filterSize: Pair,
  { strides, dilations, groups }: ConvAttributes,
): Tensor4D {
  const [batch, height, width, filters] = dy.shape;
  const multiplier = filters / groups;
  const gradient = dy.reshape([batch, height, width, groups, multiplier]);
  const taps: Tensor[] = [];
  for (let ky = 0; ky < filterSize[0]; ky++) {
    for (let kx = 0; kx < filterSize[1]; kx++) {
      const seen = tf.slice(
        padded,
        [0, ky * dilations[0], kx * dilations[1], 0],
        [batch, (height - 1) * strides[0] + 1, (width - 1) * strides[1] + 1, groups],
      );
      const taken = isOne(strides) ? seen : takeByStrides(seen, strides);
      taps.push(tf.sum(tf.mul(taken.reshape([batch, height, width, groups, 1]), gradient), [0, 1, 2]));
    }
  }
  return tf.stack(taps).reshape([...filterSize, 1, filters]);
}

export const convolutionKernels: {
  readonly [Op in 'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad']: Kernel<Op>;
} = {
  conv2d: (node, inputs) => conv2d(imageAt(inputs, 0), imageAt(inputs, 1), node),
  conv2dInputGrad: (node, inputs) => inputGradient(imageAt(inputs, 0), imageAt(inputs, 1), node.inputSize, node),
  conv2dFilterGrad: (node, inputs) => filterGradient(imageAt(inputs, 0), imageAt(inputs, 1), node.filterSize, node),
};

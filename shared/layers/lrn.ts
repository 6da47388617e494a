import { success } from '../diagnostics/diagnostic';
import type { OpBuilder, Value } from '../ops/builder';
import { text } from '../text';
import { mapAt } from './checks';
import { defineLayer } from './define';
import { number } from './explain';
import { maxFilters } from './fields';
import { inputAt, mapSize } from './values';

const label = text('LRN', '局部响应归一化');

export const lrn = defineLayer({
  kind: 'lrn',
  label,
  family: 'norm',
  doc: text(
    'Divides each value by how active its neighbouring channels are at the same place. Local response normalization let strong features stand out in AlexNet and GoogLeNet; batch norm has since taken its place. Alpha counts each square once; PyTorch and Caffe divide theirs by the number of channels summed, so their alpha 1e-4 over 5 channels is 2e-5 here.',
    '用同一位置上相邻通道的活跃程度去除每个数值。局部响应归一化曾在 AlexNet 和 GoogLeNet 中用来突出强特征，如今已被批归一化取代。这里的 alpha 直接乘平方和；PyTorch 和 Caffe 会先除以求和的通道数，因此它们在 5 个通道上的 alpha 1e-4 相当于这里的 2e-5。',
  ),
  references: [
    {
      title: 'Krizhevsky, Sutskever & Hinton, ImageNet classification',
      url: 'https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks',
    },
  ],
  params: {
    radius: {
      type: 'integer',
      min: 0,
      max: maxFilters,
      default: 5,
      label: text('Radius', '半径'),
      doc: text(
        'How many channels on either side take part: 2·radius + 1 in all.',
        '两侧各有多少个通道参与，共 2·半径 + 1 个。',
      ),
    },
    alpha: {
      type: 'number',
      min: 0,
      max: 1e6,
      default: 1,
      label: text('Alpha', 'Alpha'),
      doc: text('How much the sum of squares counts.', '平方和的系数。'),
    },
    beta: {
      type: 'number',
      min: 0,
      max: 100,
      default: 0.5,
      label: text('Beta', 'Beta'),
      doc: text('The power that the divisor is raised to.', '除数的指数。'),
    },
    bias: {
      type: 'number',
      min: 1e-6,
      max: 1e6,
      default: 1,
      label: text('Bias', '偏置'),
      doc: text('Added to the divisor so that it is never zero.', '加在除数上，使其不为零。'),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () =>
      [5, 8, 14, 8, 5].map((height, index) => ({
        shape: 'rect',
        x: 2.6 + index * 4,
        y: 20 - height,
        width: 2.8,
        height,
        radius: 1,
        opacity: index === 2 ? 1 : 0.36,
      })),
  },
  synonyms: ['localresponsenorm', 'localresponsenormalization', '局部响应归一化'],
  sketch: ['radius', 'alpha', 'beta', 'bias'],
  caption: ({ radius }) => text(`radius ${radius}`, `半径 ${radius}`),
  inferShape: (context) => {
    const map = mapAt(context, label);
    return map.ok ? success([...map.value]) : map;
  },
  explain: ({ params, inputs: [map = []] }) => {
    const summed = Math.min(2 * params.radius + 1, map[2] ?? Infinity);
    return [
      {
        about: 'values',
        title: text('Of each value, for x 1 everywhere', '每个数值，例如 x 处处为 1'),
        formula: 'y = x / (k + α·Σx²)^β',
        numbers: `1 / (${params.bias} + ${params.alpha}·${summed})^${params.beta}`,
        result: number((params.bias + params.alpha * summed) ** -params.beta),
      },
    ];
  },
  weights: () => [],
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: ({ params }, ops, inputs) => {
    const x = inputAt(inputs, 0);
    const sums = channelWindows(ops, ops.unary('square', x), params.radius);
    const divisor = ops.add(ops.mul(sums, params.alpha), params.bias);
    return ops.mul(x, ops.unary('exp', ops.mul(ops.unary('log', divisor), -params.beta)));
  },
});

/**
 * Up to here sums over neighbouring channels are a product with a matrix that has ones near its diagonal, which every engine multiplies
 * by fast: of 96 channels in a quarter to two thirds of the time that windows take. The matrix grows with the square of the channels, and
 * of 10,000 TensorFlow needed 94 s to take it in.
 */
const widestBand = 512;

/** The sum over each channel and its neighbours. */
function channelWindows(ops: OpBuilder, x: Value, radius: number): Value {
  const [height, width, channels] = mapSize(x);
  if (channels <= widestBand) return ops.matMul(x, ops.constant(bandOf(channels, radius), [channels, channels]));
  if (radius >= channels - 1) return ops.reduce('reduceSum', x, [3], true);
  // The mean over a window along the channels, laid as the width of an image.
  const size = 2 * radius + 1;
  const lines = ops.reshape(x, ['batch', height * width, channels, 1]);
  const means = ops.avgPool(lines, { size: [1, size], strides: [1, 1], pads: [0, 0, radius, radius] });
  return ops.reshape(ops.mul(means, size), x.shape);
}

function bandOf(channels: number, radius: number): Float32Array {
  const band = new Float32Array(channels * channels);
  for (let row = 0; row < channels; row++) {
    const last = Math.min(channels - 1, row + radius);
    for (let column = Math.max(0, row - radius); column <= last; column++) band[row * channels + column] = 1;
  }
  return band;
}

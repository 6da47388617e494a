import { success } from '../diagnostics/diagnostic';
import { channelStatistics } from '../ops/channelStatistics';
import type { OpBuilder, Value } from '../ops/builder';
import { warmUpInput } from '../ops/warmUp';
import { text } from '../text';
import { defineLayer, type WeightSpec } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { trainable } from './fields';
import { inputAt, weightOf } from './values';

export const batchnorm = defineLayer({
  kind: 'batchnorm',
  label: text('BatchNorm', '批归一化'),
  family: 'norm',
  doc: text(
    'Brings each channel to mean 0 and spread 1 over the batch, then scales and shifts it by two learned numbers. That keeps values in the range where gradients are large, so deep networks train faster and bear larger learning rates. Two numbers per channel are learned; two more, the running mean and variance, are only tracked, and used when the network predicts. A bias in the convolution before it is cancelled and can be switched off.',
    '在一批样本上把每个通道归一化为均值 0、方差 1，再用两个可学习的数缩放和平移。数值因此保持在梯度较大的范围，深层网络训练更快，也能承受更大的学习率。每个通道有两个可学习的数，另有滑动均值和滑动方差两个数只做统计，预测时使用。它前面卷积的偏置会被抵消，可以关掉。',
  ),
  references: [{ title: 'Ioffe & Szegedy, Batch normalization', url: 'https://arxiv.org/abs/1502.03167' }],
  hotkey: 'b',
  params: {
    momentum: {
      type: 'number',
      min: 0,
      max: 1,
      default: 0.99,
      label: text('Momentum', '动量'),
      doc: text(
        'How much of the running mean and variance is kept at each step; less in the first steps, at most (1 + step) / (10 + step), so that short trainings can be judged, too.',
        '每一步保留多少滑动均值和滑动方差；开头几步保留得较少，至多 (1 + 步数) / (10 + 步数)，因此短训练的结果也可靠。',
      ),
    },
    epsilon: {
      type: 'number',
      min: 1e-12,
      max: 1,
      default: 1e-3,
      label: text('Epsilon', 'Epsilon'),
      doc: text('Added to the variance so that nothing is divided by zero.', '加在方差上，避免除以零。'),
    },
    scale: {
      type: 'boolean',
      default: true,
      label: text('Scale', '缩放'),
      doc: text('Multiplies each channel by a learned number (gamma).', '每个通道乘以一个可学习的数（gamma）。'),
    },
    center: {
      type: 'boolean',
      default: true,
      label: text('Center', '平移'),
      doc: text('Adds a learned number to each channel (beta).', '每个通道加上一个可学习的数（beta）。'),
    },
    trainable: {
      ...trainable,
      doc: text(
        'Whether training changes the weights; off keeps all four as they are, and normalises by the running mean and variance also in training.',
        '训练是否改变其权值；关闭则四者都保持不变，训练时也用滑动均值和滑动方差归一化。',
      ),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: true,
    normalizesBatch: true,
    keepsLinear: () => true,
    glyph: () => [
      { shape: 'path', d: 'M2.5 19c5 0 5.2-13.5 9.5-13.5S16.5 19 21.5 19', stroke: 1.8 },
      { shape: 'path', d: 'M12 5.5V20', stroke: 1.2, dashes: '2 2.4', opacity: 0.7 },
    ],
  },
  synonyms: ['bn', 'batchnormalization', 'batchnorm2d', '批标准化', '批量归一化', 'BN层'],
  sketch: ['momentum'],
  caption: () => text('', ''),
  inferShape: ({ inputs: [shape = []] }) => success(shape),
  explain: ({ params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    const learned = (params.scale ? 1 : 0) + (params.center ? 1 : 0);
    return [
      {
        about: 'values',
        title: text('Of each value, for x 3, μ 1, σ² 4', '每个数值，例如 x 3、μ 1、σ² 4'),
        formula: 'y = γ·(x − μ) / √(σ² + ε) + β',
        numbers: `1·(3 − 1) / √(4 + ${params.epsilon}) + 0`,
        result: number(2 / Math.sqrt(4 + params.epsilon)),
      },
      explainLine(
        'params',
        paramsTitle,
        `${learned}c + 2c`,
        `${learned}·${number(channels)} + 2·${number(channels)}`,
        channels === null ? null : (learned + 2) * channels,
      ),
    ];
  },
  weights: ({ params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    if (channels === null) return [];
    const spec = (name: string, type: 'zeros' | 'ones', isLearned: boolean): WeightSpec => ({
      name,
      shape: [channels],
      initializer: { type },
      trainable: isLearned && params.trainable,
    });
    return [
      ...(params.scale ? [spec('gamma', 'ones', true)] : []),
      ...(params.center ? [spec('beta', 'zeros', true)] : []),
      spec('movingMean', 'zeros', false),
      spec('movingVariance', 'ones', false),
    ];
  },
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: ({ params }, ops, inputs, weights, mode) => {
    const x = inputAt(inputs, 0);
    const channels = knownChannels(x);
    const gamma = params.scale ? weightOf(weights, 'gamma') : filled(ops, channels, 1);
    const beta = params.center ? weightOf(weights, 'beta') : filled(ops, channels, 0);
    const [movingMean, movingVariance] = [weightOf(weights, 'movingMean'), weightOf(weights, 'movingVariance')];
    if (mode === 'train' && params.trainable) {
      const normal = ops.batchNorm(x, gamma, beta, params.epsilon);
      // A momentum of 1 follows nothing, early steps included.
      if (params.momentum === 1) return normal;
      const { mean, variance } = channelStatistics(ops, x);
      const momentum = ops.binary('minimum', ops.input(warmUpInput, []), params.momentum);
      track(ops, movingMean, mean, momentum);
      track(ops, movingVariance, variance, momentum);
      return normal;
    }
    // One product and one sum a value: mean and spread are numbers that go into the scale and the offset.
    const scale = ops.div(gamma, ops.unary('sqrt', ops.add(movingVariance, params.epsilon)));
    return ops.add(ops.mul(x, scale), ops.sub(beta, ops.mul(movingMean, scale)));
  },
});

function knownChannels({ shape }: Value): number {
  const channels = shape.at(-1);
  if (typeof channels !== 'number') throw new Error('batchnorm: the channels are not known.');
  return channels;
}

function filled(ops: OpBuilder, length: number, value: number): Value {
  return ops.constant(new Float32Array(length).fill(value), [length]);
}

/** moving = momentum · moving + (1 - momentum) · batch */
function track(ops: OpBuilder, moving: Value, batch: Value, momentum: Value): void {
  ops.follow(moving, (before) => ops.add(ops.mul(before, momentum), ops.mul(batch, ops.sub(1, momentum))));
}

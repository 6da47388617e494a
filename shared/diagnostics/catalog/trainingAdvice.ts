import { text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';

/** The input has the sizes of the data in the order of other tools. */
export function channelsFirst(
  nodeId: string,
  shape: string,
  height: number,
  channels: number,
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'train/channels-first',
    severity: 'error',
    at: { nodeId, param: 'shape' },
    summary: text(
      `“${nodeId}” is ${shape}, that is height ${height} and ${channels} channels: this looks like channels first.`,
      `“${nodeId}”是 ${shape}，即高 ${height}、通道 ${channels}：看起来像是通道在前。`,
    ),
    why: text(
      'Shapes here are height, width, channels; PyTorch and Caffe write the channels first.',
      '这里的形状顺序是高、宽、通道；PyTorch 和 Caffe 把通道写在最前。',
    ),
    fixes,
  };
}

/** The answer covers only the middle of the picture, so the labels must be cut to it. */
export function labelsLarger(
  nodeId: string,
  picture: string,
  answer: string,
  validConvs: number,
  lost: readonly [number, number],
  fixes: readonly Fix[],
): Diagnostic {
  const sides = [lost[0] / 2, lost[1] / 2];
  const perSide = sides[0] === sides[1] ? `${sides[0]}` : sides.join('×');
  return {
    code: 'train/labels-larger',
    severity: 'warning',
    at: { nodeId },
    summary: text(
      `${picture} goes in and ${answer} comes out: the labels are cropped to the middle.`,
      `输入 ${picture}，输出 ${answer}：标签会被裁剪到中间部分。`,
    ),
    why: text(
      `${validConvs} convs without padding, over all scales, eat ${perSide} pixels a side. Crop the labels to ${answer}, mirror-pad the input, or use same padding.`,
      `${validConvs} 个不填充的卷积在各尺度上一共使每边损失 ${perSide} 个像素。可以把标签裁到 ${answer}，对输入做镜像填充，或改用 same 填充。`,
    ),
    fixes,
    lesson: 'u-net',
  };
}

/** Softmax in the network and again in the loss. */
export function softmaxTwice(nodeId: string, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'train/softmax-twice',
    severity: 'warning',
    at: { nodeId },
    summary: text(
      `“${nodeId}” is a softmax, and the cross-entropy loss has one of its own.`,
      `“${nodeId}”是 softmax，而交叉熵损失自带 softmax。`,
    ),
    why: text(
      'Applied twice, the scores are squeezed together and learning slows down; so training takes the values before it. Predictions are probabilities either way.',
      '做两次会把得分压得很接近，学习变慢；因此训练时取它之前的数值。无论如何，预测给出的都是概率。',
    ),
    fixes,
  };
}

/** Softmax at the end of a network that gives one channel. */
export function softmaxOfOne(nodeId: string, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'train/softmax-of-one',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” is a softmax over one channel, which is 1 whatever comes in.`,
      `“${nodeId}”是单通道上的 softmax，无论输入什么都等于 1。`,
    ),
    why: text(
      'A softmax shares 1 out among the channels. One channel tells two classes apart by a sigmoid, which the loss brings along.',
      'softmax 把 1 分给各个通道。单通道要用 sigmoid 区分两个类别，损失自带 sigmoid。',
    ),
    fixes,
  };
}

/** Softmax at the end of a network that learns multi-label. */
export function softmaxOfLabels(nodeId: string, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'train/softmax-of-labels',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” is a softmax, and samples of this data may have several classes.`,
      `“${nodeId}”是 softmax，而这些数据的样本可有多个类别。`,
    ),
    why: text(
      'A softmax makes all classes add up to 1: two of them can never both be likely, nor can none be. Multi-label asks of each class by itself, by a sigmoid, which the loss brings along.',
      'softmax 使所有类别之和为 1：两个类别不可能同时很可能，也不可能全都不可能。多标签分类用 sigmoid 对每个类别单独判断，损失自带 sigmoid。',
    ),
    fixes,
  };
}

/** Softmax at the end of a network that gives pictures. */
export function softmaxOfPicture(nodeId: string, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'train/softmax-of-picture',
    severity: 'warning',
    at: { nodeId },
    summary: text(
      `“${nodeId}” is a softmax, and the network is to give pictures.`,
      `“${nodeId}”是 softmax，而网络应给出图像。`,
    ),
    why: text(
      'A softmax makes the channels of each pixel add up to 1: one channel is 1 everywhere. Values of pixels come from a linear end, or from a sigmoid, which keeps them between 0 and 1.',
      'softmax 使每个像素的各通道之和为 1：只有一个通道时处处为 1。像素值应由线性输出给出，或由 sigmoid 给出，使其保持在 0 与 1 之间。',
    ),
    fixes,
  };
}

/** A network without a single weight. */
export function trainingNeedsWeights(): Diagnostic {
  return {
    code: 'train/no-weights',
    severity: 'error',
    at: {},
    summary: text('Nothing in this network can be trained.', '这个网络没有可训练的参数。'),
    why: text(
      'Conv, up-conv, FC and BatchNorm have weights; the other layers only compute.',
      '卷积、上卷积、全连接和批归一化有权值，其他层只做计算。',
    ),
    fixes: [],
  };
}

import { formatBytes, formatCount, text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** More would be given at once than a window can hold. */
export function inspectionTooLarge(bytes: number, limit: number): Diagnostic {
  return {
    code: 'inspect/too-large',
    severity: 'error',
    at: {},
    summary: text(
      `These values are ${formatBytes(bytes)}; at most ${formatBytes(limit)} are shown at once.`,
      `这些值共 ${formatBytes(bytes)}；一次最多显示 ${formatBytes(limit)}。`,
    ),
    why: text('Ask for fewer nodes, or for fewer samples.', '请减少节点或样本的数量。'),
    fixes: [],
  };
}

/** The loss was asked for of samples whose labels nobody said. */
export function inspectionNeedsLabels(): Diagnostic {
  return {
    code: 'inspect/needs-labels',
    severity: 'error',
    at: {},
    summary: text('A loss needs the right answer, and this sample has none.', '损失需要正确答案，而这个样本没有。'),
    why: text('Say its class, or take a sample of the data set.', '请指定它的类别，或使用数据集中的样本。'),
    fixes: [],
  };
}

/** A class that the network does not tell apart. */
export function noSuchClass(index: number, count: number): Diagnostic {
  return {
    code: 'inspect/no-such-class',
    severity: 'error',
    at: {},
    summary: text(
      `There is no class ${formatCount(index)}: the network tells ${formatCount(count)} apart, from 0.`,
      `没有类别 ${formatCount(index)}：网络区分 ${formatCount(count)} 个类别，从 0 开始编号。`,
    ),
    fixes: [],
  };
}

/** A sample that the data do not have. */
export function noSuchSample(index: number, count: number): Diagnostic {
  return {
    code: 'inspect/no-such-sample',
    severity: 'error',
    at: {},
    summary: text(
      `There is no sample ${formatCount(index)}: this part of the data has ${formatCount(count)}.`,
      `没有样本 ${formatCount(index)}：这部分数据共有 ${formatCount(count)} 个。`,
    ),
    fixes: [],
  };
}

/** A value or a weight whose slope was asked for, and that is not there. */
export function noSuchValue(name: string, at: number): Diagnostic {
  return {
    code: 'inspect/no-such-value',
    severity: 'error',
    at: {},
    summary: text(`"${name}" has no value ${formatCount(at)}.`, `“${name}”没有第 ${formatCount(at)} 个值。`),
    fixes: [],
  };
}

/** Weights that were trained for other shapes than the network has now. */
export function weightsOfAnother(name: string): Diagnostic {
  return {
    code: 'inspect/weights-do-not-fit',
    severity: 'error',
    at: {},
    summary: text(
      `The trained weights do not fit the network as it is now: ${name} is missing or has another shape.`,
      `训练好的权值与当前的网络不符：${name} 缺失或形状不同。`,
    ),
    why: text('The network was changed after its training.', '网络在训练之后被修改过。'),
    fixes: [],
  };
}

/** Features were asked for of a node that the network does not have; null: it has none that could be meant. */
export function noFeatures(nodeId: string | null): Diagnostic {
  return {
    code: 'inspect/no-features',
    severity: 'error',
    at: {},
    summary:
      nodeId === null
        ? text('No node stands before the answer of this network.', '这个网络的输出之前没有节点。')
        : text(`There is no node "${nodeId}" in the network.`, `网络中没有节点“${nodeId}”。`),
    why: text(
      'Features are what a node computes on the way from the input to the answer.',
      '特征是节点在从输入到输出的途中算出的值。',
    ),
    fixes: [],
  };
}

/** Too few samples to lay them out by their neighbours. */
export function tooFewToEmbed(count: number, least: number): Diagnostic {
  return {
    code: 'inspect/too-few-samples',
    severity: 'error',
    at: {},
    summary: text(
      `These are ${formatCount(count)} samples; neighbours can be laid out from ${formatCount(least)} on.`,
      `只有 ${formatCount(count)} 个样本；至少要有 ${formatCount(least)} 个才能按近邻排布。`,
    ),
    why: text('PCA takes any number.', 'PCA 对样本数没有要求。'),
    fixes: [],
  };
}

/** A node that has no numbers for some sample. */
export function featuresNotFinite(nodeId: string): Diagnostic {
  return {
    code: 'inspect/features-not-finite',
    severity: 'error',
    at: {},
    summary: text(
      `"${nodeId}" gives values that are no finite numbers, so no sample is nearer than another.`,
      `“${nodeId}”给出的值不是有限的数，无法比较样本的远近。`,
    ),
    why: text('The weights may have diverged in training.', '权值可能在训练中发散了。'),
    fixes: [],
  };
}

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
    why: text('Ask for fewer nodes, or for fewer pictures.', '请减少节点或图像的数量。'),
    fixes: [],
  };
}

/** The loss was asked for of samples whose labels nobody said. */
export function inspectionNeedsLabels(): Diagnostic {
  return {
    code: 'inspect/needs-labels',
    severity: 'error',
    at: {},
    summary: text('A loss needs the right answer, and this picture has none.', '损失需要正确答案，而这张图像没有。'),
    why: text('Say its class, or take a picture of the data set.', '请指定它的类别，或使用数据集中的图像。'),
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

import { formatCount, text, type Text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';

/** More values than any engine can hold in one tensor. */
export function tensorTooLarge(nodeId: string, what: 'output' | 'weights', count: number, limit: number): Diagnostic {
  const shown = count > Number.MAX_SAFE_INTEGER ? '9,007,199,254,740,991+' : formatCount(count);
  return {
    code: 'analysis/tensor-too-large',
    severity: 'error',
    at: { nodeId },
    summary:
      what === 'output'
        ? text(
            `The output of “${nodeId}” would have ${shown} values for one picture.`,
            `“${nodeId}”的输出对每张图片将有 ${shown} 个数值。`,
          )
        : text(`The weights of “${nodeId}” would be ${shown} numbers.`, `“${nodeId}”的权值将有 ${shown} 个数。`),
    why: text(
      `No engine can hold more than ${formatCount(limit)} values in one tensor (8 GiB).`,
      `任何引擎的单个张量都装不下超过 ${formatCount(limit)} 个数值（8 GiB）。`,
    ),
    fixes: [],
  };
}

/** A cost beyond what numbers can count exactly. */
export function costTooLarge(nodeId: string): Diagnostic {
  return {
    code: 'analysis/cost-too-large',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” would need more multiply-adds than can be counted exactly.`,
      `“${nodeId}”所需的乘加次数超出了可精确计数的范围。`,
    ),
    why: text(
      `More than ${formatCount(Number.MAX_SAFE_INTEGER)} for one picture; no machine computes that in a year.`,
      `每张图片超过 ${formatCount(Number.MAX_SAFE_INTEGER)} 次，任何机器一年也算不完。`,
    ),
    fixes: [],
  };
}

/** A fully connected layer behind a map whose size is open. */
export function fcNeedsSize(nodeId: string, shape: string): Diagnostic {
  return {
    code: 'layers/fc-needs-size',
    severity: 'warning',
    at: { nodeId },
    summary: text(
      `“${nodeId}” gets ${shape}, so its weights cannot be counted: FC needs a fixed size.`,
      `“${nodeId}”得到 ${shape}，无法计算权值个数：全连接层需要固定大小。`,
    ),
    why: text(
      'Each value has a weight of its own, so the input size decides how many there are. A GAP head takes any size.',
      '每个数值都有自己的权值，因此输入大小决定了权值个数。全局池化头则适用于任意大小。',
    ),
    fixes: [],
    lesson: 'gap',
  };
}

/** A layer with weights behind a map whose channels are open. */
export function channelsUnknown(nodeId: string): Diagnostic {
  return {
    code: 'layers/channels-unknown',
    severity: 'warning',
    at: { nodeId },
    summary: text(
      `The channels that “${nodeId}” gets are not known, so its weights cannot be counted.`,
      `“${nodeId}”的输入通道数未知，无法计算权值个数。`,
    ),
    why: text(
      'Height and width may stay open, but every window spans all channels: give the input its channels.',
      '高和宽可以留空，但每个窗口都覆盖全部通道：请给出输入的通道数。',
    ),
    fixes: [],
  };
}

/** An input whose sizes look like those of other tools' order. */
export function looksChannelsFirst(
  nodeId: string,
  shape: Text,
  height: number,
  channels: number,
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'layers/channels-first',
    severity: 'warning',
    at: { nodeId, param: 'shape' },
    summary: text(
      `“${nodeId}” is ${shape.en}, that is height ${height} and ${formatCount(channels)} channels: this looks like channels first.`,
      `“${nodeId}”是 ${shape.zh}，即高 ${height}、通道 ${formatCount(channels)}：看起来像是通道在前。`,
    ),
    why: text(
      'Shapes here are height, width, channels; PyTorch and Caffe write the channels first.',
      '这里的形状顺序是高、宽、通道；PyTorch 和 Caffe 把通道写在最前。',
    ),
    fixes,
  };
}

/** Rounding down leaves the last rows or columns out. */
export function borderLost(
  nodeId: string,
  axis: 'height' | 'width' | 'both',
  lost: number,
  numbers: string,
): Diagnostic {
  const en = axis === 'both' ? 'rows and columns' : axis === 'height' ? 'rows' : 'columns';
  const zh = axis === 'both' ? '行和列' : axis === 'height' ? '行' : '列';
  return {
    code: 'layers/border-lost',
    severity: 'warning',
    at: { nodeId },
    summary: text(
      `“${nodeId}” never sees the last ${lost === 1 ? '' : `${lost} `}${lost === 1 ? (axis === 'both' ? 'row and column' : en.slice(0, -1)) : en} of its input.`,
      `“${nodeId}”始终看不到输入的最后 ${lost} ${zh}。`,
    ),
    why: text(`${numbers} is not whole, and is rounded down.`, `${numbers} 不是整数，被向下取整。`),
    fixes: [],
    lesson: 'convolution',
  };
}

/** An up-conv whose windows do not cover all pixels alike; `hasGaps`: some get nothing, because a window is shorter than its stride. */
export function checkerboard(nodeId: string, kernel: string, stride: string, hasGaps: boolean): Diagnostic {
  return {
    code: 'layers/checkerboard',
    severity: 'warning',
    at: { nodeId, param: 'kernelSize' },
    summary: hasGaps
      ? text(
          `“${nodeId}” is likely to draw a grid: its kernel ${kernel} is smaller than its stride ${stride}.`,
          `“${nodeId}”容易产生网格：卷积核 ${kernel} 小于步长 ${stride}。`,
        )
      : text(
          `“${nodeId}” is likely to draw a checkerboard: its kernel ${kernel} does not divide by its stride ${stride}.`,
          `“${nodeId}”容易产生棋盘格：卷积核 ${kernel} 不能被步长 ${stride} 整除。`,
        ),
    why: hasGaps
      ? text(
          'Windows stamped a stride apart then leave gaps: the pixels in them get nothing but the bias.',
          '每隔一个步长印下的窗口之间会留下空隙，空隙中的像素只得到偏置。',
        )
      : text(
          'Windows stamped a stride apart then overlap unevenly, so some pixels get more contributions than their neighbours.',
          '每隔一个步长印下的窗口重叠不均，有些像素得到的贡献比相邻像素多。',
        ),
    fixes: [],
    lesson: 'up-conv',
  };
}

/** Two layers that are one linear map, because nothing non-linear lies between them. */
export function linearPair(firstId: string, secondId: string): Diagnostic {
  return {
    code: 'design/linear-pair',
    severity: 'warning',
    at: { nodeId: secondId },
    summary: text(
      `“${firstId}” and “${secondId}” are one linear map: nothing non-linear is between them.`,
      `“${firstId}”和“${secondId}”合起来只是一个线性映射：两者之间没有非线性函数。`,
    ),
    why: text(
      'A weighted sum of weighted sums is one weighted sum, so a single layer could compute the same.',
      '加权和的加权和仍是加权和，用一层就能算出同样的结果。',
    ),
    related: [firstId, secondId],
    fixes: [],
    lesson: 'activation',
  };
}

/** Sigmoid or tanh inside a deep stack. */
export function saturating(nodeIds: readonly string[], names: string): Diagnostic {
  const [first = ''] = nodeIds;
  return {
    code: 'design/saturating',
    severity: 'warning',
    at: { nodeId: first },
    summary: text(
      `${names} in ${nodeIds.length} hidden layers makes this network hard to train.`,
      `${nodeIds.length} 个隐藏层使用 ${names}，网络会难以训练。`,
    ),
    why: text(
      'The slope of a sigmoid is at most 1/4, and both flatten out at their ends: on the way back the gradient shrinks at every layer (vanishing gradient). ReLU passes it on unchanged where x > 0, and has taken their place.',
      'Sigmoid 的斜率最大只有 1/4，两者的两端都趋于平坦：反向传播时梯度逐层变小（梯度消失）。ReLU 在 x > 0 处原样传递梯度，已取代它们。',
    ),
    related: nodeIds,
    fixes: [],
    lesson: 'activation',
  };
}

/** What is wrong in the same way in many more places than are told one by one. */
export function moreAlike({ code, severity }: Diagnostic, count: number): Diagnostic {
  const shown = formatCount(count);
  return {
    code: 'analysis/more-alike',
    severity,
    at: {},
    summary: text(`And ${shown} more like it (${code}).`, `另有 ${shown} 处同样的问题（${code}）。`),
    fixes: [],
  };
}

import { formatCount, text, type Text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';

/** Height or width, in words. */
export type AxisName = 'height' | 'width';

const axisText: { readonly [K in AxisName]: Text } = {
  height: text('height', '高'),
  width: text('width', '宽'),
};

/** The window is larger than what is left of its input. `formula` has the live numbers. */
export function windowTooLarge(
  nodeId: string,
  axis: AxisName,
  window: { readonly length: number; readonly span: number; readonly formula: string },
): Diagnostic {
  const { length, span, formula } = window;
  return {
    code: 'layers/window-too-large',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `The window of “${nodeId}” takes ${formatCount(span)} pixels of ${axisText[axis].en}, but only ${formatCount(length)} are there.`,
      `“${nodeId}”的窗口在${axisText[axis].zh}方向需要 ${formatCount(span)} 个像素，但只有 ${formatCount(length)} 个。`,
    ),
    why: text(`${formula}: no window fits.`, `${formula}：放不下任何窗口。`),
    fixes: [],
    lesson: 'convolution',
  };
}

/** A crop or an up-conv's padding leaves nothing. */
export function nothingLeft(nodeId: string, axis: AxisName, formula: string): Diagnostic {
  return {
    code: 'layers/nothing-left',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” cuts off all of the ${axisText[axis].en}.`,
      `“${nodeId}”把${axisText[axis].zh}全部裁掉了。`,
    ),
    why: text(`${formula}: at least 1 must be left.`, `${formula}：至少要剩下 1。`),
    fixes: [],
  };
}

/** Crop's reference is larger than what is to be cropped, or the offset runs over the edge. */
export function cropTooLarge(
  nodeId: string,
  axis: AxisName,
  sizes: { readonly input: number; readonly reference: number; readonly offset: number },
): Diagnostic {
  const { input, reference, offset } = sizes;
  return {
    code: 'layers/crop-too-large',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” cannot cut ${axisText[axis].en} ${formatCount(reference)} out of ${formatCount(input)}.`,
      `“${nodeId}”无法从${axisText[axis].zh} ${formatCount(input)} 中裁出 ${formatCount(reference)}。`,
    ),
    why: text(
      `offset + wanted = ${offset} + ${reference} = ${offset + reference}, and there are ${input}. Crop takes the larger map at its first input and the smaller one at its second.`,
      `偏移 + 目标 = ${offset} + ${reference} = ${offset + reference}，而输入只有 ${input}。裁剪的第一个输入口接较大的图，第二个接较小的图。`,
    ),
    fixes: [],
  };
}

/** Channels or filters do not divide into the groups. */
export function groupsMismatch(
  nodeId: string,
  groups: number,
  counted: { readonly what: 'channels' | 'filters'; readonly count: number },
  fixes: readonly Fix[],
): Diagnostic {
  const { what, count } = counted;
  const zh = what === 'channels' ? '输入通道' : '卷积核';
  return {
    code: 'layers/groups-mismatch',
    severity: 'error',
    at: { nodeId, param: 'groups' },
    summary: text(
      `“${nodeId}” splits ${what === 'channels' ? 'its input channels' : 'its filters'} into ${groups} groups, but ${count} does not divide by ${groups}.`,
      `“${nodeId}”把${zh}分成 ${groups} 组，但 ${count} 不能被 ${groups} 整除。`,
    ),
    why: text(
      `${count} / ${groups} = ${formatCount(count / groups)}. Each group takes an equal share of the input channels and of the filters.`,
      `${count} / ${groups} = ${formatCount(count / groups)}。每组都要分到相同数目的输入通道和卷积核。`,
    ),
    fixes,
  };
}

/** Add, or another layer that works value by value, with inputs whose shapes do not meet. */
export function addMismatch(nodeId: string, port: number, layer: Text, first: string, other: string): Diagnostic {
  return {
    code: 'layers/add-mismatch',
    severity: 'error',
    at: { nodeId, port },
    summary: text(
      `“${nodeId}” (${layer.en}) gets ${first} and ${other}, whose values do not meet.`,
      `“${nodeId}”（${layer.zh}）得到 ${first} 和 ${other}，数值无法一一对应。`,
    ),
    why: text(
      `${layer.en} works value by value, so height, width and channels must be equal. Concat stacks channels and needs only height and width equal.`,
      `${layer.zh}逐个数值计算，因此高、宽、通道都要相同。拼接按通道进行，只要求高和宽相同。`,
    ),
    fixes: [],
    lesson: 'skips',
  };
}

/** A difference of anything but two. */
export function subtractNeedsTwo(nodeId: string, count: number): Diagnostic {
  return {
    code: 'layers/subtract-needs-two',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” subtracts, and has ${count} ${count === 1 ? 'input' : 'inputs'} where it needs two.`,
      `“${nodeId}”做减法，需要两个输入，现在有 ${count} 个。`,
    ),
    why: text('A difference is of two: y = x₀ − x₁.', '差由两项得出：y = x₀ − x₁。'),
    fixes: [],
  };
}

/** A slice that begins behind its end, or ends behind what there is. */
export function sliceOutside(
  nodeId: string,
  axis: Text,
  run: { readonly from: number; readonly to: number; readonly length: number | null },
): Diagnostic {
  const { from, to, length } = run;
  const there = length === null ? '?' : formatCount(length);
  return {
    code: 'layers/slice-outside',
    severity: 'error',
    at: { nodeId, param: from >= to ? 'from' : 'to' },
    summary: text(
      `“${nodeId}” takes ${from} to ${to} of ${axis.en.toLowerCase()}, and there are ${there}.`,
      `“${nodeId}”要取${axis.zh}的 ${from} 到 ${to}，但只有 ${there}。`,
    ),
    why: text(
      `to − from = ${to} − ${from} = ${to - from}: at least 1 must be left, and to is at most ${there}.`,
      `终点 − 起点 = ${to} − ${from} = ${to - from}：至少要剩下 1，且终点不超过 ${there}。`,
    ),
    fixes: [],
  };
}

/** Channels that do not divide into the groups that they are shuffled or normalised in. */
export function shuffleMismatch(nodeId: string, groups: number, channels: number): Diagnostic {
  const divisors = Array.from({ length: Math.min(groups, channels) }, (_, at) => Math.min(groups, channels) - at);
  const nearest = divisors.find((divisor) => channels % divisor === 0) ?? 1;
  return groupsMismatch(nodeId, groups, { what: 'channels', count: channels }, [
    {
      title: text(`Set groups to ${nearest}`, `将 groups 设为 ${nearest}`),
      edits: [{ type: 'setParams', id: nodeId, params: { groups: nearest } }],
    },
  ]);
}

/** Channels that do not divide among the heads of an attention. */
export function headsMismatch(nodeId: string, heads: number, channels: number): Diagnostic {
  const most = Math.min(heads, channels);
  const nearest = Array.from({ length: most }, (_, at) => most - at).find((count) => channels % count === 0) ?? 1;
  return {
    code: 'layers/heads-mismatch',
    severity: 'error',
    at: { nodeId, param: 'heads' },
    summary: text(
      `“${nodeId}” shares ${formatCount(channels)} channels out among ${heads} heads, which does not come out even.`,
      `“${nodeId}”要把 ${formatCount(channels)} 个通道平分给 ${heads} 个头，但不能整除。`,
    ),
    why: text(
      `${channels} / ${heads} = ${formatCount(channels / heads)}. Each head takes an equal share of the channels, unless a head size says how many it has.`,
      `${channels} / ${heads} = ${formatCount(channels / heads)}。若不另给每头大小，各头平分通道。`,
    ),
    fixes: [
      {
        title: text(`Set heads to ${nearest}`, `将 heads 设为 ${nearest}`),
        edits: [{ type: 'setParams', id: nodeId, params: { heads: nearest } }],
      },
    ],
  };
}

/** A list with one number for each channel, of another length. */
export function perChannelMismatch(nodeId: string, param: string, count: number, channels: number): Diagnostic {
  return {
    code: 'layers/per-channel-mismatch',
    severity: 'error',
    at: { nodeId, param },
    summary: text(
      `“${nodeId}” has ${formatCount(count)} numbers as ${param}, and ${formatCount(channels)} channels.`,
      `“${nodeId}”的 ${param} 有 ${formatCount(count)} 个数，而通道有 ${formatCount(channels)} 个。`,
    ),
    why: text('It takes one number for all channels, or one for each.', '可以给所有通道一个数，或每个通道各一个数。'),
    fixes: [],
  };
}

/** A reshape to another number of values. */
export function reshapeMismatch(nodeId: string, counts: { readonly from: string; readonly to: string }): Diagnostic {
  return {
    code: 'layers/reshape-mismatch',
    severity: 'error',
    at: { nodeId, param: 'shape' },
    summary: text(
      `“${nodeId}” cannot lay ${counts.from} out as ${counts.to}.`,
      `“${nodeId}”无法把 ${counts.from} 排成 ${counts.to}。`,
    ),
    why: text(
      'A reshape keeps every value, so their number must stay the same.',
      '改变形状时所有数值都保留，因此数值个数必须不变。',
    ),
    fixes: [],
  };
}

/** Concat with inputs of different height or width. */
export function concatMismatch(nodeId: string, port: number, first: string, other: string): Diagnostic {
  return {
    code: 'layers/concat-mismatch',
    severity: 'error',
    at: { nodeId, port },
    summary: text(
      `“${nodeId}” stacks ${first} and ${other}, whose heights and widths differ.`,
      `“${nodeId}”要拼接 ${first} 和 ${other}，但它们的高宽不同。`,
    ),
    why: text(
      'Concat stacks the channels of one position on those of the other, so the positions must match.',
      '拼接把同一位置的通道放在一起，因此位置必须一一对应。',
    ),
    fixes: [],
    lesson: 'skips',
  };
}

/** Add or Concat with vectors and maps mixed. */
export function mergeRankMismatch(nodeId: string, port: number, first: string, other: string): Diagnostic {
  return {
    code: 'layers/merge-rank-mismatch',
    severity: 'error',
    at: { nodeId, port },
    summary: text(
      `“${nodeId}” gets the map and vector ${first} and ${other}; they cannot be merged.`,
      `“${nodeId}”得到 ${first} 和 ${other}，一个是特征图，一个是向量，无法合并。`,
    ),
    why: text(
      'A vector (behind FC, GAP or Flatten) has no positions to match those of a map.',
      '向量（全连接、全局池化或展平之后）没有位置，无法与特征图对应。',
    ),
    fixes: [],
  };
}

/** Add or Concat with one input only. */
export function mergeNeedsTwo(nodeId: string, layer: Text, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'layers/merge-needs-two',
    severity: 'warning',
    at: { nodeId },
    summary: text(
      `“${nodeId}” has one input only, so ${layer.en} does nothing.`,
      `“${nodeId}”只有一个输入，${layer.zh} 不起作用。`,
    ),
    fixes,
  };
}

/** outputPadding that no forward conv could have come from. */
export function outputPaddingTooLarge(
  nodeId: string,
  axis: AxisName,
  sizes: { readonly outputPadding: number; readonly stride: number; readonly dilation: number },
  fixes: readonly Fix[],
): Diagnostic {
  const { outputPadding, stride, dilation } = sizes;
  return {
    code: 'layers/output-padding-too-large',
    severity: 'error',
    at: { nodeId, param: 'outputPadding' },
    summary: text(
      `outputPadding ${outputPadding} of “${nodeId}” must be less than ${Math.max(stride, dilation)} (${axisText[axis].en}).`,
      `“${nodeId}”的 outputPadding ${outputPadding} 必须小于 ${Math.max(stride, dilation)}（${axisText[axis].zh}）。`,
    ),
    why: text(
      `Stride ${stride} maps ${stride} neighbouring sizes to the same one on the way down; outputPadding picks which of them comes back, so it is less than max(stride, dilation) = max(${stride}, ${dilation}).`,
      `步长 ${stride} 在下采样时会把 ${stride} 个相邻的大小变成同一个；outputPadding 用来选择还原成哪一个，因此要小于 max(步长, 空洞率) = max(${stride}, ${dilation})。`,
    ),
    fixes,
    lesson: 'up-conv',
  };
}

/** Pooling padded so far that a window could see nothing but padding. */
export function paddingTooLarge(
  nodeId: string,
  axis: AxisName,
  padding: number,
  size: number,
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'layers/padding-too-large',
    severity: 'error',
    at: { nodeId, param: 'padding' },
    summary: text(
      `Padding ${padding} of “${nodeId}” must be less than its window of ${size} (${axisText[axis].en}).`,
      `“${nodeId}”的填充 ${padding} 必须小于窗口大小 ${size}（${axisText[axis].zh}）。`,
    ),
    why: text(
      'Otherwise a window lies wholly in the padding, where there is nothing to take the largest or the mean of.',
      '否则会有窗口完全落在填充区，没有可取最大值或平均值的像素。',
    ),
    fixes,
  };
}

/** Reflect padding wider than the map that it mirrors. */
export function reflectTooLarge(nodeId: string, axis: AxisName, padding: number, length: number): Diagnostic {
  return {
    code: 'layers/reflect-too-large',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” mirrors ${padding} pixels, but the ${axisText[axis].en} is ${length}.`,
      `“${nodeId}”要镜像 ${padding} 个像素，但${axisText[axis].zh}只有 ${length}。`,
    ),
    why: text(
      `Mirroring leaves out the edge pixel itself, so at most ${length} − 1 = ${length - 1} can be mirrored.`,
      `镜像不包含边缘像素本身，因此最多只能镜像 ${length} − 1 = ${length - 1} 个。`,
    ),
    fixes: [],
  };
}

/** A clip whose lower bound lies above the upper one. */
export function boundsCrossed(nodeId: string, min: number, max: number): Diagnostic {
  return {
    code: 'layers/bounds-crossed',
    severity: 'error',
    at: { nodeId, param: 'min' },
    summary: text(
      `“${nodeId}” keeps values above ${min} and below ${max}, and there are none.`,
      `“${nodeId}”要求数值不小于 ${min} 且不大于 ${max}，这样的数不存在。`,
    ),
    why: text(`min is at most max: ${min} > ${max}.`, `下界不能大于上界：${min} > ${max}。`),
    fixes: [
      {
        title: text('Swap the bounds', '交换上下界'),
        edits: [{ type: 'setParams', id: nodeId, params: { min: max, max: min } }],
        paramsDelta: 0,
      },
    ],
  };
}

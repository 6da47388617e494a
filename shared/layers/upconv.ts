import { nothingLeft, outputPaddingTooLarge } from '../diagnostics/catalog/layers';
import { paramConflict } from '../diagnostics/catalog/params';
import { failure, success, type Fix, type Result } from '../diagnostics/diagnostic';
import type { OpBuilder, Value } from '../ops/builder';
import { text } from '../text';
import { upconvCut, upconvLength, windowSpan, type WindowAxis } from './arithmetic';
import { axisNames, checkGroups, mapAt } from './checks';
import { defineLayer, type Size2 } from './define';
import { explainKernelMacs, explainKernelParams, explainUpconv } from './explain';
import {
  activation,
  dilationRate,
  filters,
  groups,
  initializer,
  kernelSize,
  maxWindow,
  padding,
  strides,
  trainable,
  useBias,
} from './fields';
import { captionWith, kernelAxes, kernelWeights, lowerBiasAndActivation, type WindowParams } from './kernel';
import { inputAt, mapSize, weightOf } from './values';
import { sizeText } from './window';

const label = text('Up-conv', '上卷积');

export const upconv = defineLayer({
  kind: 'upconv',
  label,
  family: 'upconv',
  doc: text(
    'Makes a map larger with learned weights: every value stamps a whole window onto the output. It is also called transposed convolution, because it is the backward pass of a convolution, with the same connections read the other way. Segmentation networks use it to bring the picture back after pooling: FCN sums the result with an earlier map, U-Net stacks the two. A kernel that the stride does not divide covers some pixels more often than others and leaves a checkerboard.',
    '用可学习的权值把特征图放大：每个数值都把一整个窗口“印”到输出上。它又叫转置卷积，因为它就是卷积的反向传播，连接相同而方向相反。分割网络用它在池化之后恢复图像：FCN 把结果与较浅的特征图相加，U-Net 则把两者拼接。若卷积核大小不能被步长整除，有些像素被覆盖的次数更多，会留下棋盘格痕迹。',
  ),
  references: [
    { title: 'Long, Shelhamer & Darrell, Fully convolutional networks', url: 'https://arxiv.org/abs/1411.4038' },
    { title: 'Ronneberger, Fischer & Brox, U-Net', url: 'https://arxiv.org/abs/1505.04597' },
    {
      title: 'Odena, Dumoulin & Olah, Deconvolution and checkerboard artifacts',
      url: 'https://distill.pub/2016/deconv-checkerboard/',
    },
  ],
  hotkey: 'u',
  params: {
    filters: { ...filters, initial: 16 },
    kernelSize: {
      ...kernelSize,
      initial: 2,
      doc: text('Height and width of the window that each value stamps.', '每个数值所印窗口的高和宽。'),
    },
    strides: {
      ...strides,
      default: 2,
      doc: text(
        'How far apart the stamps are, which is how many times larger the map becomes.',
        '相邻两次“印”的间距，也就是放大的倍数。',
      ),
    },
    padding: {
      ...padding,
      doc: text(
        'How much is cut off the result: same makes it exactly the stride times larger.',
        '从结果四周裁掉多少：same 使输出恰为输入乘以步长。',
      ),
    },
    outputPadding: {
      type: 'size',
      min: 0,
      max: maxWindow,
      default: 0,
      visible: ({ padding: given }) => given !== 'same',
      label: text('Output padding', '输出填充'),
      doc: text(
        'Extra rows and columns at the bottom and right: stride 2 maps 23 and 24 both to 12, and this picks which comes back.',
        '在下方和右侧多出的行列：步长 2 会把 23 和 24 都变成 12，由它决定还原成哪一个。',
      ),
    },
    dilationRate,
    groups,
    useBias,
    activation,
    initializer,
    trainable,
  },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    role: 'transposedConvolution',
    isPointwise: false,
    enlarges: true,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'rect', x: 3, y: 14, width: 7, height: 7, radius: 1.4 },
      { shape: 'rect', x: 10.5, y: 3, width: 10.5, height: 10.5, radius: 1.6, stroke: 1.7 },
      { shape: 'path', d: 'M10 14L10.6 13.4M3 14L10.5 3.8M10 21L20.4 13.5', stroke: 1, opacity: 0.45 },
    ],
  },
  synonyms: [
    'deconv',
    'conv2dtranspose',
    'convtranspose',
    'convtranspose2d',
    'transposedconv',
    'transposedconvolution',
    'deconvolution',
    '反卷积',
    '转置卷积',
  ],
  sketch: ['filters', 'kernelSize'],
  caption: (params) => {
    const times = params.strides[0] === params.strides[1] ? `${params.strides[0]}` : sizeText(params.strides);
    return captionWith([`${params.filters} × ${sizeText(params.kernelSize)}`, `×${times}`], params.activation);
  },
  inferShape: (context) => {
    const map = mapAt(context, label);
    if (!map.ok) return map;
    const divided = checkGroups(context.nodeId, context.params.groups, map.value[2], context.params.filters);
    if (!divided.ok) return divided;
    const allowed = checkOutputPadding(context.nodeId, context.params);
    if (!allowed.ok) return allowed;
    const axes = kernelAxes(map.value, context.params);
    const lengths: (number | null)[] = [];
    for (const index of [0, 1] as const) {
      const length = upconvLength(axes[index], context.params.outputPadding[index]);
      if (length !== null && length < 1) {
        const [shown] = explainUpconv([axes[index], axes[index]], context.params.outputPadding);
        const formula = shown ? `${shown.formula} = ${shown.numbers} = ${shown.result}` : '';
        return failure(nothingLeft(context.nodeId, axisNames[index], formula));
      }
      lengths.push(length);
    }
    return success([...lengths, context.params.filters]);
  },
  explain: ({ params, inputs: [map = []] }) => {
    const channels = map[2] ?? null;
    return [
      ...explainUpconv(kernelAxes(map, params), params.outputPadding),
      explainKernelParams(params.kernelSize, channels, params.filters, params),
      explainKernelMacs(params.kernelSize, [channels, params.filters], [map[0] ?? null, map[1] ?? null], {
        groups: params.groups,
        gridFormula: 'x·x',
      }),
    ];
  },
  weights: ({ params, inputs: [map = []] }) => {
    const channels = map[2] ?? null;
    if (channels === null) return [];
    const [height, width] = params.kernelSize;
    return kernelWeights([height, width, params.filters / params.groups, channels], params.filters, params);
  },
  // Every value of the input stamps one window, so the count is over the input's positions, not the output's.
  macs: ({ params, inputs: [map = []] }) => {
    const [height = null, width = null, channels = null] = map;
    if (height === null || width === null || channels === null) return null;
    return params.kernelSize[0] * params.kernelSize[1] * (channels / params.groups) * params.filters * height * width;
  },
  receptiveField: ({ params, inputs: [map = []] }) => {
    const [height, width] = kernelAxes(map, params).map((axis, index) =>
      upconvStep(axis, params.outputPadding[index === 0 ? 0 : 1]),
    );
    if (height === undefined || width === undefined) return 'pass';
    return {
      size: [height.size, width.size],
      stride: [height.stride, width.stride],
      start: [height.start, width.start],
    };
  },
  lower: ({ params }, ops, inputs, weights) => {
    const x = inputAt(inputs, 0);
    const spread = lowerUpconv(ops, x, weightOf(weights, 'kernel'), params);
    return lowerBiasAndActivation(ops, spread, weights, params);
  },
});

type UpconvParams = WindowParams & { readonly outputPadding: Size2; readonly groups: number };

/**
 * What an up-conv does to the receptive field along one axis. An output value is reached from every input value whose stamp
 * covers it: at most ceil(span / s) of them, lying 1/s of an output pixel's step apart. Its centre is at (o + p - (span - 1)/2) / s.
 */
function upconvStep(axis: WindowAxis, outputPadding: number): { size: number; stride: number; start: number } {
  const span = windowSpan(axis.size, axis.dilation);
  const [before] = upconvCut(axis, outputPadding);
  return {
    size: Math.ceil(span / axis.stride),
    stride: 1 / axis.stride,
    start: (before - (span - 1) / 2) / axis.stride,
  };
}

/** The gradient of a conv is an up-conv; ends that no conv could have are cut or padded apart from it. */
function lowerUpconv(ops: OpBuilder, x: Value, kernel: Value, params: UpconvParams): Value {
  const [height, width] = mapSize(x);
  const axes = kernelAxes([height, width], params);
  const cuts = [upconvCut(axes[0], params.outputPadding[0]), upconvCut(axes[1], params.outputPadding[1])] as const;
  const lengths = axes.map((axis, index) => {
    const [before, after] = cuts[index === 0 ? 0 : 1];
    const full = ((axis.length ?? 0) - 1) * axis.stride + windowSpan(axis.size, axis.dilation);
    return full - before - Math.max(after, 0);
  });
  const spread = ops.conv2dInputGrad(x, kernel, [lengths[0] ?? 0, lengths[1] ?? 0], {
    strides: params.strides,
    pads: [cuts[0][0], Math.max(cuts[0][1], 0), cuts[1][0], Math.max(cuts[1][1], 0)],
    dilations: params.dilationRate,
    groups: params.groups,
  });
  const extra = [Math.max(-cuts[0][1], 0), Math.max(-cuts[1][1], 0)] as const;
  if (extra[0] === 0 && extra[1] === 0) return spread;
  return ops.pad(spread, [
    [0, 0],
    [0, extra[0]],
    [0, extra[1]],
    [0, 0],
  ]);
}

function checkOutputPadding(nodeId: string, params: UpconvParams): Result<true> {
  const zero: Fix = {
    title: text('Set outputPadding to 0', '将 outputPadding 设为 0'),
    edits: [{ type: 'setParams', id: nodeId, params: {}, unset: ['outputPadding'] }],
    paramsDelta: 0,
  };
  if (params.padding === 'same' && params.outputPadding.some((extra) => extra > 0)) {
    return failure(
      paramConflict(
        nodeId,
        'outputPadding',
        text(
          `“${nodeId}” has outputPadding with 'same' padding, which already fixes the size at x·s.`,
          `“${nodeId}”在 'same' 填充下还设了 outputPadding，而 'same' 已把大小定为 x·s。`,
        ),
        [zero],
      ),
    );
  }
  for (const index of [0, 1] as const) {
    const [outputPadding, stride, dilation] = [
      params.outputPadding[index],
      params.strides[index],
      params.dilationRate[index],
    ];
    const limit = Math.max(stride, dilation);
    if (outputPadding < limit) continue;
    const most: Fix = {
      title: text(`Set outputPadding to ${limit - 1}`, `将 outputPadding 设为 ${limit - 1}`),
      edits: [{ type: 'setParams', id: nodeId, params: { outputPadding: limit - 1 } }],
      paramsDelta: 0,
    };
    return failure(
      outputPaddingTooLarge(
        nodeId,
        axisNames[index],
        { outputPadding, stride, dilation },
        limit > 1 ? [most, zero] : [zero],
      ),
    );
  }
  return success(true);
}

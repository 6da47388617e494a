import { paddingTooLarge } from '../diagnostics/catalog/layers';
import { paramConflict } from '../diagnostics/catalog/params';
import { failure, success, type Diagnostic, type Result } from '../diagnostics/diagnostic';
import { text } from '../text';
import { adaptiveStep, explainAdaptive, lowerAdaptivePool } from './adaptive';
import { axisPaddings, paddingAfter, resolvePadding, windowAxes, windowSpan } from './arithmetic';
import { axisNames, mapAt, windowedSize } from './checks';
import { defineLayer, type Padding, type Size2 } from './define';
import { explainLine, explainWindow, samePaddingNote } from './explain';
import { dilationRate, maxLength, maxWindow, padding } from './fields';
import { glyphGrid } from './glyph';
import { coveredCounts, lowerPooling } from './pooling';
import { inputAt, mapSize } from './values';
import { sizeText, windowStep } from './window';

const label = text('Pool', '池化');

const titles = {
  max: text('Max pool', '最大池化'),
  avg: text('Average pool', '平均池化'),
  l2: text('L2 pool', 'L2 池化'),
  sum: text('Sum pool', '求和池化'),
} as const;

const formulas = {
  max: 'y = max(x₁ … xₙ)',
  avg: 'y = (x₁ + … + xₙ) / n',
  l2: 'y = √(x₁² + … + xₙ²)',
  sum: 'y = x₁ + … + xₙ',
} as const;

/** In the glyph's 4×4 map, the row of the largest value of each column. */
const maxima = [1, 3, 2, 0] as const;

export const pool = defineLayer({
  kind: 'pool',
  label,
  family: 'pool',
  doc: text(
    'Makes a map smaller by keeping one value per window. It has nothing to learn: a 2×2 window that moves 2 at a time turns 24×24 into 12×12, by the largest value (max), the mean (avg), the root of the sum of squares (L2) or the sum. Fewer values mean fewer parameters behind it. What lay left of what stays so, which is why positions can be brought back later. Told an output size instead of a window, it cuts any map into so many windows, so that what follows always gets the same size. On the way back, max pooling gives the whole gradient to the value that was the largest.',
    '每个窗口只留一个值，使特征图变小。它没有需要学习的参数：2×2 窗口每次移动 2 步，把 24×24 变成 12×12，可取最大值（max）、平均值（avg）、平方和再开方（L2）或求和。数值变少，后面各层的参数也随之减少。左右上下的相对位置保持不变，因此之后还能恢复位置。如果给定的不是窗口而是输出大小，它就把任意大小的特征图切成那么多个窗口，后面的层总能得到同样的大小。反向传播时，最大池化把梯度全部传给取到最大值的那个位置。',
  ),
  references: [
    { title: 'Dumoulin & Visin, A guide to convolution arithmetic', url: 'https://arxiv.org/abs/1603.07285' },
  ],
  hotkey: 'p',
  params: {
    mode: {
      type: 'choice',
      values: ['max', 'avg', 'l2', 'sum'],
      labels: titles,
      default: 'max',
      initial: 'max',
      label: text('Mode', '方式'),
      doc: text('What is kept of each window.', '每个窗口保留什么。'),
    },
    poolSize: {
      type: 'size',
      min: 1,
      max: maxWindow,
      default: 2,
      initial: 2,
      visible: slides,
      label: text('Pool size', '窗口大小'),
      doc: text('Height and width of the window.', '窗口的高和宽。'),
    },
    strides: {
      type: 'size',
      min: 1,
      max: maxWindow,
      optional: true,
      visible: slides,
      label: text('Strides', '步长'),
      doc: text(
        'How many pixels the window moves at a time; as many as it is wide if left out.',
        '窗口每次移动几个像素；不填则等于窗口大小。',
      ),
    },
    padding: {
      ...padding,
      visible: slides,
      doc: text(
        'Room around the input: it never wins a maximum and does not count in a mean.',
        '输入四周的填充：求最大值时不会被选中，求平均值时不计入。',
      ),
    },
    dilationRate: { ...dilationRate, visible: slides },
    countIncludePad: {
      type: 'boolean',
      default: false,
      visible: (params) => params['mode'] === 'avg' && slides(params),
      label: text('Count padding', '填充计入'),
      doc: text(
        'Counts padding as zeros in a mean, as PyTorch does unless told otherwise.',
        '求平均值时把填充当作零计入，PyTorch 默认如此。',
      ),
    },
    rounding: {
      type: 'choice',
      values: ['floor', 'ceil'],
      labels: { floor: text('Down', '向下取整'), ceil: text('Up', '向上取整') },
      default: 'floor',
      visible: (params) => params['padding'] !== 'same' && slides(params),
      label: text('Rounding', '取整'),
      doc: text(
        'Whether a last window that hangs over the edge counts: floor leaves it out, ceil takes it in.',
        '最后一个超出边缘的窗口是否计入：向下取整时舍去，向上取整时计入。',
      ),
    },
    outputSize: {
      type: 'size',
      min: 1,
      max: maxLength,
      optional: true,
      label: text('Output size', '输出大小'),
      doc: text(
        'In place of a window: how many windows the map is cut into, whatever its size.',
        '代替窗口：无论特征图多大，都切成这么多个窗口。',
      ),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    role: 'pooling',
    isPointwise: false,
    keepsLinear: ({ mode }) => mode === 'avg' || mode === 'sum',
    maximaOf: ({ params, inputs: [map = []], output }) => {
      if (params.outputSize !== null) return null;
      const axes = poolAxes(map, params);
      const pads = (index: 0 | 1): readonly [number, number] => {
        const [before, after] = resolvePadding(axes[index]) ?? [0, 0];
        const [length, count] = [map[index], output[index]];
        return [before, length == null || count == null ? after : paddingAfter(axes[index], count)];
      };
      const isPlain = params.mode === 'max' && params.dilationRate.every((step) => step === 1);
      const windows = { size: params.poolSize, strides: params.strides ?? params.poolSize };
      return isPlain ? { ...windows, pads: [...pads(0), ...pads(1)] } : null;
    },
    glyph: () => glyphGrid(4, 4.1, 1, (column, row) => (maxima[column] === row ? 1 : 0.26)),
  },
  synonyms: [
    'pooling',
    'downsample',
    '池化层',
    '下采样',
    { names: ['maxpool', 'maxpooling', 'maxpooling2d', 'maxpool2d', '最大池化'], params: { mode: 'max' } },
    {
      names: ['avgpool', 'averagepool', 'averagepooling', 'averagepooling2d', 'avgpool2d', 'meanpool', '平均池化'],
      params: { mode: 'avg' },
    },
    {
      names: ['adaptiveavgpool', 'adaptiveavgpool2d', 'adaptiveaveragepooling2d', '自适应平均池化'],
      params: { mode: 'avg', outputSize: 7 },
    },
    {
      names: ['adaptivemaxpool', 'adaptivemaxpool2d', 'adaptivemaxpooling2d', '自适应最大池化'],
      params: { mode: 'max', outputSize: 7 },
    },
    { names: ['l2pool', 'l2pooling', 'L2池化'], params: { mode: 'l2' } },
    { names: ['sumpool', 'sumpooling', '求和池化'], params: { mode: 'sum' } },
  ],
  sketch: ['poolSize'],
  caption: ({ poolSize, strides, outputSize }) => {
    if (outputSize !== null) return text(`to ${sizeText(outputSize)}`, `输出 ${sizeText(outputSize)}`);
    const [step] = strides ?? poolSize;
    return text(`${sizeText(poolSize)}, step ${step}`, `${sizeText(poolSize)}，步长 ${step}`);
  },
  title: ({ mode }) => titles[mode],
  inferShape: (context) => {
    const map = mapAt(context, label);
    if (!map.ok) return map;
    const { outputSize } = context.params;
    if (outputSize !== null) {
      const conflict = outputConflict(context.nodeId, context.params);
      return conflict === null ? success([...outputSize, map.value[2]]) : failure(conflict);
    }
    const axes = poolAxes(map.value, context.params);
    const padded = checkPadding(context.nodeId, context.params, axes);
    if (!padded.ok) return padded;
    const size = windowedSize(context.nodeId, axes, context.params.rounding);
    if (!size.ok) return size;
    const seeing = checkCovered(context.nodeId, axes, size.value);
    return seeing.ok ? success([...size.value, map.value[2]]) : seeing;
  },
  explain: ({ params, inputs: [map = []] }) => {
    if (params.outputSize !== null) return explainAdaptive(map, params.outputSize);
    const axes = poolAxes(map, params);
    const note = samePaddingNote(axes);
    return [
      ...explainWindow(axes, params.rounding),
      ...(note ? [note] : []),
      explainLine(
        'values',
        text('Values in each window', '每个窗口的数值个数'),
        `${formulas[params.mode]}, n = ${params.poolSize[0] === params.poolSize[1] ? 'a·a' : 'a₁·a₂'}`,
        `${params.poolSize[0]}·${params.poolSize[1]}`,
        params.poolSize[0] * params.poolSize[1],
      ),
    ];
  },
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ params, inputs: [map = []] }) =>
    params.outputSize === null ? windowStep(poolAxes(map, params)) : adaptiveStep(map, params.outputSize),
  lower: ({ params, output }, ops, inputs) => {
    const x = inputAt(inputs, 0);
    if (params.outputSize !== null) {
      return lowerAdaptivePool(ops, x, params.mode === 'max' ? 'max' : 'avg', params.outputSize);
    }
    const [height, width] = mapSize(x);
    const axes = poolAxes([height, width], params);
    return lowerPooling(ops, x, { axes, counts: [output[0] ?? 0, output[1] ?? 0], ...params });
  },
});

/** Whether it slides a window, rather than cutting the map into as many as it is told to. */
function slides(params: { readonly [name: string]: unknown }): boolean {
  return params['outputSize'] == null;
}

/** What says how a window slides, where the output size already says where all of them lie. */
function outputConflict(
  nodeId: string,
  params: PoolParams & { readonly mode: string; readonly rounding: string; readonly countIncludePad: boolean },
): Diagnostic | null {
  if (params.mode !== 'max' && params.mode !== 'avg') return outputModeConflict(nodeId);
  const isSet = {
    poolSize: params.poolSize.some((size) => size !== 2),
    strides: params.strides !== null,
    padding: params.padding !== 'valid',
    dilationRate: params.dilationRate.some((step) => step !== 1),
    rounding: params.rounding !== 'floor',
    countIncludePad: params.countIncludePad,
  };
  const given = Object.entries(isSet).flatMap(([name, is]) => (is ? [name] : []));
  if (given.length === 0) return null;
  const names = given.join(', ');
  return paramConflict(
    nodeId,
    'outputSize',
    text(
      `“${nodeId}” has an output size, from which its windows follow, and also ${names}.`,
      `“${nodeId}”给定了输出大小，窗口由此决定，却又给了 ${names}。`,
    ),
    [
      {
        title: text('Keep the output size', '保留输出大小'),
        edits: [{ type: 'setParams', id: nodeId, params: {}, unset: given }],
        paramsDelta: 0,
      },
      {
        title: text('Keep the window', '保留窗口'),
        edits: [{ type: 'setParams', id: nodeId, params: {}, unset: ['outputSize'] }],
      },
    ],
  );
}

function outputModeConflict(nodeId: string): Diagnostic {
  return paramConflict(
    nodeId,
    'mode',
    text(
      `“${nodeId}” has an output size: it takes the largest or the mean of each window.`,
      `“${nodeId}”给定了输出大小：每个窗口只能取最大值或平均值。`,
    ),
    (['avg', 'max'] as const).map((mode) => ({
      title: titles[mode],
      edits: [{ type: 'setParams', id: nodeId, params: { mode } }],
      paramsDelta: 0,
    })),
  );
}

type PoolParams = {
  readonly poolSize: Size2;
  readonly strides: Size2 | null;
  readonly padding: Padding;
  readonly dilationRate: Size2;
};

function poolAxes(map: readonly (number | null)[], params: PoolParams): ReturnType<typeof windowAxes> {
  return windowAxes(map, params.poolSize, params.strides ?? params.poolSize, params.dilationRate, params.padding);
}

type Axes = ReturnType<typeof windowAxes>;

function checkPadding(nodeId: string, params: PoolParams, axes: Axes): Result<true> {
  for (const [index, pads] of axisPaddings(params.padding).entries()) {
    const { size, dilation } = axes[index === 0 ? 0 : 1];
    const largest = pads === 'same' ? 0 : Math.max(...pads);
    const span = windowSpan(size, dilation);
    if (largest >= span) return tooMuchPadding(nodeId, index, largest, span);
  }
  return success(true);
}

/** With gaps in it, a window may see padding on both sides and step over a small map. */
function checkCovered(nodeId: string, axes: Axes, counts: readonly (number | null)[]): Result<true> {
  for (const [index, axis] of axes.entries()) {
    const count = counts[index];
    if (axis.length === null || count == null || axis.dilation === 1) continue;
    if (coveredCounts(axis, count, [0, axis.length]).some((covered) => covered === 0)) {
      const pads = axis.padding === 'same' ? [0] : axis.padding;
      return tooMuchPadding(nodeId, index, Math.max(...pads), windowSpan(axis.size, axis.dilation));
    }
  }
  return success(true);
}

function tooMuchPadding(nodeId: string, index: number, padding: number, span: number): Result<true> {
  return failure(
    paddingTooLarge(nodeId, axisNames[index === 0 ? 0 : 1], padding, span, [
      {
        title: text('Take the padding away', '去掉填充'),
        edits: [{ type: 'setParams', id: nodeId, params: {}, unset: ['padding'] }],
        paramsDelta: 0,
      },
    ]),
  );
}

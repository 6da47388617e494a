import type { FloatTensor } from '../../../ops/tensor';
import { text } from '../../../text';
import { arrangedTensor, turnedPlaces } from '../../arranged';
import { asMap, floats, notCarried, weightOf, withLast, type Carry, type Context } from '../context';
import { floatOf, intOf, numbersOf, textOf, type OnnxNode } from '../model';
import type { FoundNode } from '../patterns';
import { readingOf, valueCount, type Constant } from '../tensors';
import { axisOf, batchFactor, isSameAxis, sizeOf, withoutBatch, type Axis, type View } from '../views';
import { areScores, attentionOrOpaque } from './attention';
import { meet } from './merging';
import { adaptiveMean } from './pools';
import { addUp } from './reductions';
import { groupsOf, pairOf, sidesOf, sizeParam, windowCounts, windowOf, windowParams, type Pair } from './windows';

/*
 * Layers with a learned kernel: conv, up-conv and FC.
 */

/** The one constant per channel that is added right behind an operator: its bias. */
function biasBehind(
  node: OnnxNode,
  channels: number,
  axisFromEnd: number,
  context: Context,
): { readonly bias: Constant; readonly add: FoundNode } | null {
  const consumers = context.consumersOf(node.outputs[0] ?? '');
  const [add] = consumers;
  if (consumers.length !== 1 || add == null || add.op !== 'Add' || add.domain !== '') return null;
  const bias = add.inputs.map((input) => context.constantOf(input)).find((one) => one !== undefined);
  if (bias === undefined || valueCount(bias) !== channels) return null;
  const isPerChannel = bias.shape.every((size, axis) => size === 1 || bias.shape.length - 1 - axis === axisFromEnd);
  return isPerChannel && bias.shape.length > axisFromEnd ? { bias, add } : null;
}

/** The bias that an operator has, or that is added behind it. */
function settleBias(
  node: OnnxNode,
  own: Constant | undefined,
  channels: number,
  axisFromEnd: number,
  context: Context,
) {
  if (own !== undefined) return { bias: own, add: null };
  return biasBehind(node, channels, axisFromEnd, context) ?? { bias: null, add: null };
}

function biasWeight(bias: Constant | null, channels: number) {
  if (bias === null) return {};
  const data = bias.data.length === channels ? floats(bias) : new Float32Array(channels).fill(bias.data[0] ?? 0);
  return { bias: weightOf([channels], data) };
}

function finish(node: FoundNode, add: FoundNode | null, view: View, context: Context): readonly View[] {
  if (add !== null) {
    context.absorb(add, view);
    context.say(add, view.node, 'changed', text('It is the bias of the layer.', '它是该层的偏置。'));
  }
  return [view];
}

/** A kernel as `[height, width, a, b]`, from one with those axes behind the first two. */
function kernelOf(kernel: Constant, order: readonly [number, number]): FloatTensor {
  const spatial = kernel.shape.length - 2;
  const full = spatial === 1 ? [...kernel.shape, 1] : kernel.shape;
  const places = turnedPlaces(full, [2, 3, ...order]);
  return arrangedTensor(places.sizes, places, readingOf(kernel));
}

function mapSizes(map: View): Pair {
  return [sizeOf(map.base[0] ?? []), sizeOf(map.base[1] ?? [])];
}

/** `[batch, channels, height, width]` of a new map; a file with one axis of space has no width. */
function mapView(node: string, sizes: Pair, channels: number, axes: number): View {
  const [height, width, depth] = [axisOf(sizes[0]), axisOf(sizes[1]), axisOf(channels)];
  const all: Axis[] = [[batchFactor], depth, height, width];
  return { kind: 'view', node, base: [height, width, depth], axes: all.slice(0, axes) };
}

export const conv: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const kernel = context.constantOf(node.inputs[1]);
  if (kernel === undefined) return notCarried('its kernel is computed from the input', '它的卷积核由输入计算得出');
  const map = asMap(node, view, context);
  const spatial = kernel.shape.length - 2;
  const size = pairOf(kernel.shape.slice(2), 1);
  const window = windowOf(node, mapSizes(map), size, spatial, context.pendingPads.get(node.inputs[0] ?? ''));
  const filters = kernel.shape[0] ?? 1;
  const { bias, add } = settleBias(node, context.constantOf(node.inputs[2]), filters, spatial, context);
  const groups = groupsOf(node);
  const id = context.add(node, {
    kind: 'conv',
    params: {
      filters,
      kernelSize: sizeParam(size),
      ...windowParams(window),
      ...(groups === 1 ? {} : { groups }),
      ...(bias === null ? { useBias: false } : {}),
    },
    from: [map.node],
    weights: { kernel: kernelOf(kernel, [1, 0]), ...biasWeight(bias, filters) },
    weight: kernel.origin,
  });
  return finish(node, add, mapView(id, windowCounts(mapSizes(map), window), filters, view.axes.length), context);
};

export const convTranspose: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const kernel = context.constantOf(node.inputs[1]);
  if (kernel === undefined) return notCarried('its kernel is computed from the input', '它的卷积核由输入计算得出');
  const map = asMap(node, view, context);
  const spatial = kernel.shape.length - 2;
  const size = pairOf(kernel.shape.slice(2), 1);
  const strides = pairOf(numbersOf(node, 'strides'), 1);
  const dilation = pairOf(numbersOf(node, 'dilations'), 1);
  const extra = pairOf(numbersOf(node, 'output_padding'), 0);
  const groups = groupsOf(node);
  const filters = (kernel.shape[1] ?? 1) * groups;
  const auto = textOf(node, 'auto_pad', 'NOTSET');
  const wanted = numbersOf(node, 'output_shape');
  const full = ([0, 1] as const).map(
    (axis) => (mapSizes(map)[axis] - 1) * strides[axis] + (size[axis] - 1) * dilation[axis] + 1 + extra[axis],
  );
  let sides = sidesOf(numbersOf(node, 'pads'), spatial);
  const asked = wanted === null ? null : wanted.slice(-spatial);
  if (asked !== null || auto.startsWith('SAME')) {
    const cut = ([0, 1] as const).map((axis) => {
      const length = asked?.[axis] ?? (asked === null ? mapSizes(map)[axis] * strides[axis] : 1);
      const total = (full[axis] ?? 0) - length;
      const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
      return auto === 'SAME_UPPER' ? ([less, more] as const) : ([more, less] as const);
    });
    const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = cut;
    if ([top, bottom, left, right].some((side) => side < 0))
      return notCarried('it pads what it gives', '它对输出进行填充');
    sides = [top, bottom, left, right];
  }
  const counts: Pair = [(full[0] ?? 0) - sides[0] - sides[1], (full[1] ?? 0) - sides[2] - sides[3]];
  const { bias, add } = settleBias(node, context.constantOf(node.inputs[2]), filters, spatial, context);
  const params = windowParams({ size, strides: [1, 1], dilation, sides, isSame: false });
  const id = context.add(node, {
    kind: 'upconv',
    params: {
      filters,
      kernelSize: sizeParam(size),
      strides: sizeParam(strides),
      ...params,
      ...(extra.every((more) => more === 0) ? {} : { outputPadding: sizeParam(extra) }),
      ...(groups === 1 ? {} : { groups }),
      ...(bias === null ? { useBias: false } : {}),
    },
    from: [map.node],
    weights: { kernel: kernelOf(kernel, [1, 0]), ...biasWeight(bias, filters) },
    weight: kernel.origin,
  });
  return finish(node, add, mapView(id, counts, filters, view.axes.length), context);
};

/** A known matrix as a kernel of `[inputs, units]`: where its rows and its columns lie. */
type Matrix = {
  readonly values: Constant;
  readonly inputs: number;
  readonly units: number;
  readonly isTurned: boolean;
};

function matrixOf(values: Constant, isTurned: boolean): Matrix {
  const [rows = 1, columns = 1] = values.shape;
  const [inputs, units] = isTurned ? [columns, rows] : [rows, columns];
  return { values, inputs, units, isTurned };
}

/** The matrix with its rows, one for each value of `listed`, in the order of `flat`: the order in which a layer flattens its node. */
function rowsFor(matrix: Matrix, shape: readonly number[], flat: Axis, listed: Axis): FloatTensor {
  const { values, inputs, units, isTurned } = matrix;
  const [rowStep, columnStep] = isTurned ? [1, inputs] : [units, 1];
  // How far apart neighbours along each factor lie in the file's list.
  const steps = flat.map((factor) => sizeOf(listed.slice(listed.indexOf(factor) + 1)) * rowStep);
  const places = { sizes: [...flat.map(({ size }) => size), units], strides: [...steps, columnStep] };
  return arrangedTensor(shape, places, readingOf(values));
}

/** A matrix product with a known matrix `[inputs, units]` over the last axis: FC, or a conv of 1×1 where there are other axes. */
function linear(
  node: FoundNode,
  view: View,
  matrix: Matrix,
  given: Constant | undefined,
  context: Context,
): readonly View[] {
  const { values, inputs, units } = matrix;
  const last = view.axes.at(-1) ?? [];
  if (last.includes(batchFactor)) return notCarried('the batch is mixed with other axes', '批与其他轴混在一起');
  if (sizeOf(last) !== inputs) return notCarried('its sizes do not fit', '其尺寸不匹配');
  const { bias, add } = settleBias(node, given, units, 0, context);
  const weights = biasWeight(bias, units);
  const useBias = bias === null ? { useBias: false } : {};
  const out = axisOf(units);
  const axes = [...view.axes.slice(0, -1), out];
  const listed = withoutBatch(last);
  if (view.axes.slice(0, -1).every((axis) => withoutBatch(axis).length === 0)) {
    const id = context.add(node, {
      kind: 'fc',
      params: { units, ...useBias },
      from: [view.node],
      weights: { kernel: rowsFor(matrix, [inputs, units], view.base.flat(), listed), ...weights },
      weight: values.origin ?? bias?.origin ?? null,
    });
    return finish(node, add, { kind: 'view', node: id, base: [out], axes }, context);
  }
  const map = withLast(node, view, last, context);
  const [height = [], width = []] = map.base;
  const id = context.add(node, {
    kind: 'conv',
    params: { filters: units, kernelSize: 1, ...useBias },
    from: [map.node],
    weights: { kernel: rowsFor(matrix, [1, 1, inputs, units], listed, listed), ...weights },
    weight: values.origin ?? bias?.origin ?? null,
  });
  if (!isSameAxis(map.base.at(-1) ?? [], listed))
    return notCarried('its channels are mixed with positions', '其通道与位置混在一起');
  return finish(node, add, { kind: 'view', node: id, base: [height, width, out], axes }, context);
}

export const gemm: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const given = context.constantOf(node.inputs[1]);
  if (given === undefined || given.shape.length !== 2)
    return notCarried('it multiplies two computed matrices', '它把两个计算得出的矩阵相乘');
  if (intOf(node, 'transA', 0) === 1) return notCarried('it turns its input over', '它转置其输入');
  const alpha = floatOf(node, 'alpha', 1);
  const scaled = alpha === 1 ? given : { ...given, data: floats(given).map((value) => value * alpha) };
  const bias = context.constantOf(node.inputs[2]);
  const beta = floatOf(node, 'beta', 1);
  if (bias !== undefined && bias.shape.length === 2 && bias.shape[0] !== 1)
    return notCarried('its bias differs by sample', '其偏置随样本而变');
  const own = bias === undefined || beta === 1 ? bias : { ...bias, data: floats(bias).map((value) => value * beta) };
  return linear(node, view, matrixOf(scaled, intOf(node, 'transB', 0) === 1), own, context);
};

export const matMul: Carry = (node, context) => {
  const scores = context.scores.get(node);
  if (scores !== undefined) return [attentionOrOpaque(node, context, scores)];
  const matrix = context.constantOf(node.inputs[1]);
  const pooled = matrix === undefined ? adaptiveMean(node, context) : null;
  if (pooled !== null) return pooled;
  if (matrix === undefined && node.inputs.every((input) => context.findView(input) !== undefined))
    return areScores(node, context) ? [null] : weighedSum(node, context);
  if (matrix?.shape.length !== 2) return notCarried('it multiplies two computed tensors', '它把两个计算得出的张量相乘');
  return linear(node, context.viewOf(node.inputs[0]), matrixOf(matrix, false), undefined, context);
};

/** A product of two computed matrices where one is a single column: rows are weighed by it, place by place, and added up. */
function weighedSum(node: FoundNode, context: Context): readonly View[] {
  const [a, b] = [context.viewOf(node.inputs[0]), context.viewOf(node.inputs[1])];
  const rank = a.axes.length;
  const isColumn = rank > 2 && b.axes.length === rank && sizeOf(b.axes.at(-1) ?? []) === 1;
  if (!isColumn) return notCarried('it multiplies two computed tensors', '它把两个计算得出的张量相乘');
  // The column as a row meets each row of the other.
  const order = [...b.axes.keys()].slice(0, -2);
  const across: View = { ...b, axes: [...order, rank - 1, rank - 2].map((axis) => b.axes[axis] ?? []) };
  const weighed = meet(node, context, 'Mul', a, across);
  const axes = weighed.axes.with(rank - 1, []);
  return [addUp(node, context, weighed, withoutBatch(weighed.axes.at(-1) ?? []), axes)];
}

import { adaptiveWindows, averageShares, plainWindow } from '../../layers/adaptive';
import {
  axisPaddings,
  paddingAfter,
  resolvePadding,
  upconvCut,
  windowAxes,
  windowSpan,
  type WindowAxis,
} from '../../layers/arithmetic';
import type { Padding, Shape, Size2 } from '../../layers/define';
import { kernelAxes, standardizedValues } from '../../layers/kernel';
import { coverage, lowest } from '../../layers/pooling';
import { printActivation } from './activations';
import type { Attributes, LayerGraph } from './graph';
import { isKnown, known, only, OpenSizeFault, type Layer, type ParamsOf } from './layer';
import { axisOrders, permuted } from './layout';

type Axes = readonly [height: WindowAxis, width: WindowAxis];
type Sides = readonly [before: number, after: number];

/** Room around a map along height and width, or what ONNX calls TensorFlow's rule, where the length is known only when it runs. */
type Room = readonly [height: Sides, width: Sides] | 'same';

function pads([height, width]: readonly [Sides, Sides]): readonly number[] {
  return [height[0], width[0], height[1], width[1]];
}

function roomAttributes(room: Room): Attributes {
  if (room === 'same') return { auto_pad: 'SAME_UPPER' };
  return room.flat().some((side) => side !== 0) ? { pads: pads(room) } : {};
}

/** Everything around a map, with what a last window that hangs over its edge needs. */
function roomOf(id: string, axes: Axes, output: Shape, rounding: 'floor' | 'ceil'): Room {
  const sides = axes.map((axis, index) => sidesOf(axis, output[index] ?? null, rounding));
  const [height, width] = sides;
  if (sides.some((side) => side === 'open')) throw new OpenSizeFault(id);
  if (height === undefined || width === undefined || typeof height === 'string' || typeof width === 'string') {
    return 'same';
  }
  return [height, width];
}

function sidesOf(axis: WindowAxis, count: number | null, rounding: 'floor' | 'ceil'): Sides | 'same' | 'open' {
  const resolved = resolvePadding(axis);
  // ONNX says nothing about its own rule for windows with gaps that move by steps.
  if (resolved === null) return axis.dilation === 1 ? 'same' : 'open';
  const [before, after] = resolved;
  if (axis.length !== null && count !== null) return [before, paddingAfter(axis, count)];
  if (rounding === 'floor' || axis.padding === 'same') return [before, after];
  // Rounding up is rounding down with room for a step less one; past the edge no window may start.
  const more = after + axis.stride - 1;
  return more < windowSpan(axis.size, axis.dilation) ? [before, more] : 'open';
}

function windowAttributes(axes: Axes): Attributes {
  const [height, width] = axes;
  const isSpaced = axes.some(({ dilation }) => dilation !== 1);
  return {
    kernel_shape: [height.size, width.size],
    strides: [height.stride, width.stride],
    ...(isSpaced ? { dilations: [height.dilation, width.dilation] } : {}),
  };
}

/** The kernel, as it is used, and the bias where there is one. */
function kernelInputs(
  layer: Layer<{ readonly useBias: boolean; readonly weightStandardization?: boolean }>,
  graph: LayerGraph,
): readonly string[] {
  const { shape, data: learned } = layer.weight('kernel');
  const isStandardized = layer.params.weightStandardization === true;
  const data = isStandardized ? standardizedValues(learned, known(shape[3])) : learned;
  const turned = axisOrders.kernel.map((axis) => known(shape[axis]));
  const kernel = graph.floats('kernel', turned, permuted(data, shape, axisOrders.kernel));
  if (!layer.params.useBias) return [kernel];
  const bias = layer.weight('bias');
  return [kernel, graph.floats('bias', bias.shape, bias.data)];
}

export function printConv(layer: Layer<ParamsOf<'conv'>>, graph: LayerGraph): string {
  const { params, id, output } = layer;
  const { value, shape } = only(layer);
  const axes = kernelAxes(shape, params);
  const sums = graph.node('Conv', [value, ...kernelInputs(layer, graph)], {
    ...windowAttributes(axes),
    ...roomAttributes(roomOf(id, axes, output, 'floor')),
    ...(params.groups === 1 ? {} : { group: params.groups }),
  });
  return printActivation(params.activation, sums, graph);
}

export function printUpconv(layer: Layer<ParamsOf<'upconv'>>, graph: LayerGraph): string {
  const { params } = layer;
  const { value, shape } = only(layer);
  const axes = kernelAxes(shape, params);
  // What is cut off hangs on no length; a cut below zero puts zeros there.
  const cut = (axis: WindowAxis, outputPadding: number): { readonly sides: Sides; readonly extra: number } => {
    if (axis.padding !== 'same') return { sides: axis.padding, extra: outputPadding };
    const [before, after] = upconvCut(axis, outputPadding);
    return { sides: [before, Math.max(after, 0)], extra: Math.max(-after, 0) };
  };
  const [height, width] = [cut(axes[0], params.outputPadding[0]), cut(axes[1], params.outputPadding[1])];
  const sums = graph.node('ConvTranspose', [value, ...kernelInputs(layer, graph)], {
    ...windowAttributes(axes),
    ...roomAttributes([height.sides, width.sides]),
    ...(height.extra + width.extra === 0 ? {} : { output_padding: [height.extra, width.extra] }),
    ...(params.groups === 1 ? {} : { group: params.groups }),
  });
  return printActivation(params.activation, sums, graph);
}

/** The windows of a pool. */
function poolAxes(
  shape: Shape,
  {
    poolSize,
    strides,
    dilationRate,
    padding,
  }: {
    readonly poolSize: Size2;
    readonly strides: Size2 | null;
    readonly dilationRate: Size2;
    readonly padding: Padding;
  },
): Axes {
  return windowAxes(shape, poolSize, strides ?? poolSize, dilationRate, padding);
}

export function printPool(layer: Layer<ParamsOf<'pool'>>, graph: LayerGraph): string {
  const { id, params, output } = layer;
  const { value, shape } = only(layer);
  if (params.outputSize !== null) return printAdaptivePool(layer, params.outputSize, graph);
  const axes = poolAxes(shape, params);
  const room = roomOf(id, axes, output, params.rounding);
  const isSpaced = axes.some(({ dilation }) => dilation !== 1);
  graph.keepApart(value);
  if (params.mode === 'max') return printMaxPool(value, axes, room, graph);
  if (isSpaced) return printSpacedPool(layer, axes, room, graph);
  const attributes = { ...windowAttributes(axes), ...roomAttributes(room) };
  switch (params.mode) {
    case 'sum': {
      const means = graph.node('AveragePool', [value], { ...attributes, count_include_pad: 1 });
      return graph.node('Mul', [means, graph.fixed(params.poolSize[0] * params.poolSize[1])]);
    }
    case 'l2':
      return graph.node('LpPool', [value], { ...attributes, p: 2 });
    case 'avg':
      return printAveragePool(layer, axes, room, graph);
  }
}

/** As a plain pool where the windows are all alike; else one axis behind the other, window by window or as a product. */
function printAdaptivePool(layer: Layer<ParamsOf<'pool'>>, count: Size2, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const isMax = layer.params.mode === 'max';
  if (count.every((windows) => windows === 1)) {
    return graph.node(isMax ? 'GlobalMaxPool' : 'GlobalAveragePool', [value]);
  }
  const [height, width] = shape;
  if (height == null || width == null) throw new OpenSizeFault(layer.id);
  graph.keepApart(value);
  const plain = plainWindow(shape, count);
  if (plain !== null) {
    return graph.node(isMax ? 'MaxPool' : 'AveragePool', [value], { kernel_shape: plain, strides: plain });
  }
  if (!isMax) {
    const rows = graph.floats('rows', [count[0], height], turnedShares(height, count[0]));
    const columns = graph.floats('columns', [width, count[1]], averageShares(width, count[1]));
    return graph.node('MatMul', [graph.node('MatMul', [rows, value]), columns]);
  }
  return ([height, width] as const).reduce<string>((x, length, axis) => {
    const maxima = adaptiveWindows(length, count[axis] ?? 1).map(([from, to]) => {
      const ends = [graph.int64s('starts', [from]), graph.int64s('ends', [to]), graph.int64s('axes', [axis + 2])];
      const window = axis === 0 ? [to - from, 1] : [1, to - from];
      return graph.node('MaxPool', [graph.node('Slice', [x, ...ends])], { kernel_shape: window, strides: [1, 1] });
    });
    return graph.node('Concat', maxima, { axis: axis + 2 });
  }, value);
}

/** The shares with the windows as rows. */
function turnedShares(length: number, count: number): Float32Array {
  return permuted(averageShares(length, count), [length, count], [1, 0]);
}

function printMaxPool(value: string, axes: Axes, room: Room, graph: LayerGraph): string {
  const isWide = room !== 'same' && room.some((sides, index) => Math.max(...sides) >= (axes[index]?.size ?? 0));
  if (!isWide) return graph.node('MaxPool', [value], { ...windowAttributes(axes), ...roomAttributes(room) });
  // Readers refuse padding as wide as a window, which one with gaps may have.
  const padded = printPadding(value, room, graph, lowest);
  return graph.node('MaxPool', [padded], windowAttributes(axes));
}

function printPadding(value: string, room: readonly [Sides, Sides], graph: LayerGraph, filler: number): string {
  const [top, left, bottom, right] = pads(room);
  const sides = graph.int64s('pads', [0, 0, top ?? 0, left ?? 0, 0, 0, bottom ?? 0, right ?? 0]);
  return graph.node('Pad', filler === 0 ? [value, sides] : [value, sides, graph.scalar('filler', filler)]);
}

function printAveragePool(layer: Layer<ParamsOf<'pool'>>, axes: Axes, room: Room, graph: LayerGraph): string {
  const { value } = only(layer);
  const plain = windowAttributes(axes);
  if (!layer.params.countIncludePad) return graph.node('AveragePool', [value], { ...plain, ...roomAttributes(room) });
  const asked = axisPaddings(layer.params.padding);
  const over =
    room === 'same'
      ? [0, 0]
      : asked.map((sides, axis) => (sides === 'same' ? 0 : room[axis === 0 ? 0 : 1][1] - sides[1]));
  const [below = 0, beside = 0] = over;
  if (room === 'same' || below + beside === 0) {
    return graph.node('AveragePool', [value], { ...plain, ...roomAttributes(room), count_include_pad: 1 });
  }
  // The padding that is asked for counts, and what hangs over it does not.
  const counted = [
    [room[0][0], room[0][1] - below],
    [room[1][0], room[1][1] - beside],
  ] as const;
  const padded = counted.flat().every((side) => side === 0) ? value : printPadding(value, counted, graph, 0);
  graph.keepApart(padded);
  return graph.node('AveragePool', [padded], { ...plain, pads: [0, 0, below, beside] });
}

/** The operator set in which an LpPool may have gaps. */
const gapsOfLpPoolSince = 18;

/** A mean or a sum over windows with gaps: a convolution of each channel with ones. */
function printSpacedPool(layer: Layer<ParamsOf<'pool'>>, axes: Axes, room: Room, graph: LayerGraph): string {
  const { id, params, output } = layer;
  const { value, shape } = only(layer);
  if (params.mode === 'l2') {
    const attributes = { ...windowAttributes(axes), ...roomAttributes(room), p: 2 };
    return graph.node('LpPool', [value], attributes, gapsOfLpPoolSince);
  }
  const area = params.poolSize[0] * params.poolSize[1];
  const channels = known(shape[2]);
  const ones = new Float32Array(channels * area).fill(params.mode === 'avg' ? 1 / area : 1);
  const kernel = graph.floats('ones', [channels, 1, ...params.poolSize], ones);
  const means = graph.node('Conv', [value, kernel], {
    ...windowAttributes(axes),
    ...roomAttributes(room),
    group: channels,
  });
  if (params.mode !== 'avg') return means;
  const isPadded = room === 'same' || room.flat().some((side) => side !== 0);
  if (!isPadded) return means;
  if (!isKnown(shape)) throw new OpenSizeFault(id);
  const [rows, columns] = [known(output[0]), known(output[1])];
  const shares = coverage({ mode: 'avg', axes, counts: [rows, columns], countIncludePad: params.countIncludePad });
  if (shares.every((share) => share === 1)) return means;
  return graph.node('Mul', [means, graph.floats('share', [1, 1, rows, columns], Float32Array.from(shares))]);
}

export function printGap(layer: Layer<ParamsOf<'gap'>>, graph: LayerGraph): string {
  const { value } = only(layer);
  const { mode, keepDims } = layer.params;
  const one = graph.node(mode === 'avg' ? 'GlobalAveragePool' : 'GlobalMaxPool', [value]);
  return keepDims ? one : graph.node('Flatten', [one]);
}

/** The places are the max pool's second output; without overlap they are all different. */
export function printUnpool(layer: Layer<ParamsOf<'unpool'>>, graph: LayerGraph): string {
  const { id, inputs } = layer;
  const [value = '', pooled = ''] = inputs;
  // The analysis takes nothing but a max pool here.
  const pool = layer.source(1) as Layer<ParamsOf<'pool'>>;
  const { value: map, shape } = only(pool);
  const axes = poolAxes(shape, pool.params);
  const room = roomOf(pool.id, axes, pool.output, pool.params.rounding);
  // How much lies around a map of any size is not known.
  if (room === 'same') throw new OpenSizeFault(id);
  const places = [value, graph.second(pooled)];
  const attributes = { ...windowAttributes(axes), ...roomAttributes(room) };
  // As the operator itself counts, without rows that the pool left out.
  const isWhole = axes.every(({ length, stride, size }, axis) => {
    const [[before, after], count] = [room[axis === 0 ? 0 : 1], pool.output[axis]];
    return length !== null && count != null && length === (count - 1) * stride + size - before - after;
  });
  return graph.node('MaxUnpool', isWhole ? places : [...places, graph.node('Shape', [map])], attributes);
}

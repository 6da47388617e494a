import type { Dim, OpNode, Pads } from '../../../shared/ops/graph';
import { fromPhases, gradientPhases, inputPhases, phasedShape, phasesOf } from './dilation';
import { attribute } from './graphDef';
import type { Geometry } from './geometry';
import type { Attributes } from './graphDef';
import { addTyped, inputOf, staticSize } from './lowering';
import type { Lowering } from './lowering';

type Pair = readonly [number, number];

/** TensorFlow's name for a padding, and the pads themselves where it has none. */
export function paddingAttributes(pads: Pads, size: Pair, window: Pair, strides: Pair): Attributes {
  if (pads.every((pad) => pad === 0)) return { padding: attribute.string('VALID') };
  const [top, bottom, left, right] = pads;
  const isSame = ([before, after]: Pair, axis: 0 | 1): boolean => {
    const total = Math.max((Math.ceil(size[axis] / strides[axis]) - 1) * strides[axis] + window[axis] - size[axis], 0);
    return before === Math.floor(total / 2) && before + after === total;
  };
  if (isSame([top, bottom], 0) && isSame([left, right], 1)) return { padding: attribute.string('SAME') };
  return {
    padding: attribute.string('EXPLICIT'),
    explicit_paddings: attribute.ints([0, 0, top, bottom, left, right, 0, 0]),
  };
}

/** Extent of a dilated kernel: d (k - 1) + 1. Kernel 3, dilation 2: 5. */
function dilatedSize(kernel: Pair, dilations: Pair): Pair {
  return [dilations[0] * (kernel[0] - 1) + 1, dilations[1] * (kernel[1] - 1) + 1];
}

function batchOf(node: OpNode): Dim {
  return node.shape[0] ?? 'batch';
}

function convAttributes({ conv, size, kernel }: Geometry): Attributes {
  return {
    strides: attribute.ints([1, ...conv.strides, 1]),
    dilations: attribute.ints([1, ...conv.dilations, 1]),
    ...paddingAttributes(conv.pads, size, dilatedSize(kernel, conv.dilations), conv.strides),
  };
}

/** Whether a gradient is taken phase by phase: TensorFlow's CPU kernels for the gradients of a convolution know no dilation. */
function isByPhase(lowering: Lowering, { conv }: Geometry): boolean {
  return lowering.device === 'cpu' && conv.dilations.some((dilation) => dilation > 1);
}

/** A convolution within one phase: plain, over what holds its padding already. */
function withinPhase(geometry: Geometry, size: Pair): Geometry {
  return { ...geometry, size, conv: { ...geometry.conv, strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1] } };
}

function plainConv(lowering: Lowering, x: string, filter: string, geometry: Geometry): string {
  return addTyped(lowering, 'Conv2D', lowering.product, [x, filter], convAttributes(geometry));
}

/**
 * Whether the pads of a gradient are written out. oneDNN's kernels for the gradients take 'same' and 'valid' alone; other pads (a 3x3
 * window with stride 2 and one row on each side, as in a ResNet) fall to kernels that take 3 to 6 times as long.
 */
function writesPads(lowering: Lowering, geometry: Geometry): boolean {
  return lowering.device === 'cpu' && hasUnnamedPads(geometry);
}

function plainInputGrad(lowering: Lowering, dy: string, filter: string, geometry: Geometry): string {
  if (isByPhase(lowering, geometry)) return phasedInputGrad(lowering, dy, filter, geometry);
  if (writesPads(lowering, geometry)) {
    return withoutPads(lowering, plainInputGrad(lowering, dy, filter, padded(geometry)), geometry);
  }
  const size = lowering.shapeVector([geometry.batch, ...geometry.size, geometry.inChannels]);
  return addTyped(lowering, 'Conv2DBackpropInput', lowering.product, [size, filter, dy], convAttributes(geometry));
}

function phasedInputGrad(lowering: Lowering, dy: string, filter: string, geometry: Geometry): string {
  const phases = phasesOf(geometry);
  const phased = gradientPhases(lowering, dy, geometry, phases);
  const size = phasedShape(lowering, phased, [...phases.size, geometry.inChannels]);
  const attributes = convAttributes(withinPhase(geometry, phases.size));
  const gradient = addTyped(lowering, 'Conv2DBackpropInput', lowering.product, [size, filter, phased], attributes);
  return fromPhases(lowering, gradient, phases);
}

function plainFilterGrad(lowering: Lowering, x: string, dy: string, geometry: Geometry): string {
  if (isByPhase(lowering, geometry)) {
    const phases = phasesOf(geometry);
    const [images, gradients] = [inputPhases(lowering, x, phases), gradientPhases(lowering, dy, geometry, phases)];
    return plainFilterGrad(lowering, images, gradients, withinPhase(geometry, phases.size));
  }
  if (writesPads(lowering, geometry)) {
    return plainFilterGrad(lowering, pad(lowering, x, geometry.conv.pads), dy, padded(geometry));
  }
  const { kernel, inChannels, outChannels, conv } = geometry;
  const size = lowering.graph.ints([...kernel, inChannels / conv.groups, outChannels]);
  return addTyped(lowering, 'Conv2DBackpropFilter', lowering.product, [x, size, dy], convAttributes(geometry));
}

function split(lowering: Lowering, tensor: string, groups: number): readonly string[] {
  const { graph } = lowering;
  const first = addTyped(lowering, 'Split', lowering.product, [graph.ints([3], []), tensor], {
    num_split: attribute.int(groups),
  });
  return Array.from({ length: groups }, (_, group) => (group === 0 ? first : `${first}:${group}`));
}

function joinChannels(lowering: Lowering, parts: readonly string[]): string {
  return addTyped(lowering, 'ConcatV2', lowering.product, [...parts, lowering.graph.ints([3], [])], {
    N: attribute.int(parts.length),
  });
}

/** Runs a convolution group by group; the CPU kernels for the gradients know no groups. */
function byGroup(
  lowering: Lowering,
  geometry: Geometry,
  operands: readonly [string, string],
  run: (a: string, b: string, part: Geometry) => string,
): string {
  const { groups } = geometry.conv;
  if (groups === 1 || lowering.device === 'gpu') return run(...operands, geometry);
  const part: Geometry = {
    ...geometry,
    inChannels: geometry.inChannels / groups,
    outChannels: geometry.outChannels / groups,
    conv: { ...geometry.conv, groups: 1 },
  };
  const [a, b] = operands.map((operand) => split(lowering, operand, groups));
  if (a === undefined || b === undefined) throw new Error('A grouped convolution has two operands.');
  return joinChannels(
    lowering,
    a.map((tensor, group) => run(tensor, b[group] ?? '', part)),
  );
}

/** One channel per group has kernels of its own, for equal strides and no dilation. */
function isDepthwise({ conv, inChannels }: Geometry): boolean {
  const [sh, sw] = conv.strides;
  return (
    conv.groups > 1 && conv.groups === inChannels && sh === sw && conv.dilations.every((dilation) => dilation === 1)
  );
}

/**
 * Whether pads are neither 'same' nor 'valid'. Those of a depthwise convolution must be written out: TensorFlow 2.21 forgets them
 * when it fuses such a convolution with its bias, and then ends the process.
 */
function hasUnnamedPads({ conv, size, kernel }: Geometry): boolean {
  return 'explicit_paddings' in paddingAttributes(conv.pads, size, kernel, conv.strides);
}

/** The same convolution of an input that has its pads already. */
function padded(geometry: Geometry): Geometry {
  const [top, bottom, left, right] = geometry.conv.pads;
  const [height, width] = geometry.size;
  return {
    ...geometry,
    size: [height + top + bottom, width + left + right],
    conv: { ...geometry.conv, pads: [0, 0, 0, 0] },
  };
}

function pad(lowering: Lowering, x: string, [top, bottom, left, right]: Pads): string {
  return addTyped(lowering, 'Pad', lowering.product, [
    x,
    lowering.graph.ints([0, 0, top, bottom, left, right, 0, 0], [4, 2]),
  ]);
}

/** Cuts the pads off a gradient of the padded input. */
function withoutPads(lowering: Lowering, gradient: string, { conv, size }: Geometry): string {
  const { graph } = lowering;
  const inputs = [gradient, graph.ints([0, conv.pads[0], conv.pads[2], 0]), graph.ints([-1, ...size, -1])];
  return addTyped(lowering, 'Slice', lowering.product, inputs, { Index: attribute.type('int32') });
}

function depthwiseConv(lowering: Lowering, x: string, filter: string, geometry: Geometry): string {
  if (hasUnnamedPads(geometry)) {
    return depthwiseConv(lowering, pad(lowering, x, geometry.conv.pads), filter, padded(geometry));
  }
  const taps = depthwiseFilter(lowering, filter, geometry);
  return addTyped(lowering, 'DepthwiseConv2dNative', lowering.product, [x, taps], convAttributes(geometry));
}

function depthwiseInputGrad(lowering: Lowering, dy: string, filter: string, geometry: Geometry): string {
  if (hasUnnamedPads(geometry)) {
    return withoutPads(lowering, depthwiseInputGrad(lowering, dy, filter, padded(geometry)), geometry);
  }
  const taps = depthwiseFilter(lowering, filter, geometry);
  const size = lowering.shapeVector([geometry.batch, ...geometry.size, geometry.inChannels]);
  const inputs = [size, taps, dy];
  return addTyped(lowering, 'DepthwiseConv2dNativeBackpropInput', lowering.product, inputs, convAttributes(geometry));
}

function depthwiseFilterGrad(lowering: Lowering, x: string, dy: string, geometry: Geometry): string {
  if (hasUnnamedPads(geometry)) {
    return depthwiseFilterGrad(lowering, pad(lowering, x, geometry.conv.pads), dy, padded(geometry));
  }
  const { graph } = lowering;
  const inputs = [x, graph.ints(depthwiseShape(geometry)), dy];
  const attributes = convAttributes(geometry);
  const gradient = addTyped(lowering, 'DepthwiseConv2dNativeBackpropFilter', lowering.product, inputs, attributes);
  const shape = graph.ints([...geometry.kernel, 1, geometry.outChannels]);
  return addTyped(lowering, 'Reshape', lowering.product, [gradient, shape]);
}

/** `[kh, kw, 1, groups * m]` and `[kh, kw, groups, m]` are the same numbers in the same order. */
function depthwiseShape({ kernel, inChannels, outChannels }: Geometry): readonly number[] {
  return [...kernel, inChannels, outChannels / inChannels];
}

function depthwiseFilter(lowering: Lowering, filter: string, geometry: Geometry): string {
  return addTyped(lowering, 'Reshape', lowering.product, [filter, lowering.graph.ints(depthwiseShape(geometry))]);
}

export function lowerConv(lowering: Lowering, node: OpNode & { readonly op: 'conv2d' }): string {
  const x = inputOf(lowering, node, 0);
  const filter = inputOf(lowering, node, 1);
  const geometry: Geometry = {
    conv: node,
    batch: batchOf(x.node),
    size: [staticSize(x.node.shape, 1), staticSize(x.node.shape, 2)],
    kernel: [staticSize(filter.node.shape, 0), staticSize(filter.node.shape, 1)],
    inChannels: staticSize(x.node.shape, 3),
    outChannels: staticSize(node.shape, 3),
  };
  if (isDepthwise(geometry)) return depthwiseConv(lowering, x.tensor, filter.tensor, geometry);
  return byGroup(lowering, geometry, [x.tensor, filter.tensor], (a, b, part) => plainConv(lowering, a, b, part));
}

export function lowerConvInputGrad(lowering: Lowering, node: OpNode & { readonly op: 'conv2dInputGrad' }): string {
  const dy = inputOf(lowering, node, 0);
  const filter = inputOf(lowering, node, 1);
  const geometry: Geometry = {
    conv: node,
    batch: batchOf(node),
    size: node.inputSize,
    kernel: [staticSize(filter.node.shape, 0), staticSize(filter.node.shape, 1)],
    inChannels: staticSize(node.shape, 3),
    outChannels: staticSize(dy.node.shape, 3),
  };
  if (isDepthwise(geometry)) return depthwiseInputGrad(lowering, dy.tensor, filter.tensor, geometry);
  return byGroup(lowering, geometry, [dy.tensor, filter.tensor], (a, b, part) => plainInputGrad(lowering, a, b, part));
}

export function lowerConvFilterGrad(lowering: Lowering, node: OpNode & { readonly op: 'conv2dFilterGrad' }): string {
  const x = inputOf(lowering, node, 0);
  const dy = inputOf(lowering, node, 1);
  const geometry: Geometry = {
    conv: node,
    batch: batchOf(x.node),
    size: [staticSize(x.node.shape, 1), staticSize(x.node.shape, 2)],
    kernel: node.filterSize,
    inChannels: staticSize(x.node.shape, 3),
    outChannels: staticSize(dy.node.shape, 3),
  };
  if (isDepthwise(geometry)) return depthwiseFilterGrad(lowering, x.tensor, dy.tensor, geometry);
  return byGroup(lowering, geometry, [x.tensor, dy.tensor], (a, b, part) => plainFilterGrad(lowering, a, b, part));
}

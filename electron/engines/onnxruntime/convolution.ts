import type { ConvAttributes, OpNode, OpShape } from '../../../shared/ops/graph';
import { convolveBlocks, filterInBlocks, isBetterInBlocks } from './blocks';
import { convolveColumns, inputGradientByColumns, takesColumns, windowOf } from './columns';
import type { FusedLinear } from './fusion';
import { known } from './layout';
import { microsoftDomain } from './onnxGraph';
import type { Attributes } from './onnxGraph';
import type { Values } from './values';

type Node<Op extends OpNode['op']> = Extract<OpNode, { op: Op }>;

/** ONNX gives pads as all beginnings and then all ends. */
function windowAttributes(filter: OpShape, { strides, pads, dilations, groups }: ConvAttributes): Attributes {
  const [top, bottom, left, right] = pads;
  return {
    kernel_shape: [known(filter, 0), known(filter, 1)],
    strides,
    pads: [top, left, bottom, right],
    dilations,
    group: groups,
  };
}

export function emitConv(values: Values, id: number, group: FusedLinear, node: Node<'conv2d'>): void {
  const [x = -1, filter = -1] = node.inputs;
  if (takesColumns(values, node.shape, node.groups)) {
    const window = windowOf(values.shape(filter), node.shape, node);
    values.set(id, 'first', convolveColumns(values, x, filter, group, window));
    return;
  }
  const images = values.name(x, 'first');
  const kept = values.name(filter, 'filter');
  const bias = group.bias === null ? [] : [values.name(group.bias)];
  const attributes = windowAttributes(values.shape(filter), node);
  const sizes = filterSizes(values, filter);
  if (isBetterInBlocks(values.graph.block, sizes, node.groups)) {
    const activation = group.relu ? { activation: 'Relu' } : {};
    const blocked = filterInBlocks(values.graph, kept, sizes, false);
    const inputs = { filter: blocked, bias, filters: sizes[3] };
    values.set(id, 'first', convolveBlocks(values, images, inputs, { ...attributes, ...activation }));
    return;
  }
  const inputs = [images, kept, ...bias];
  values.set(
    id,
    'first',
    group.relu
      ? values.graph.node('FusedConv', inputs, {
          attributes: { ...attributes, activation: 'Relu' },
          domain: microsoftDomain,
        })
      : values.graph.node('Conv', inputs, { attributes }),
  );
}

/**
 * A transposed convolution does (output area) * 4 / 5 less work than a convolution with the turned filter where the gradient is much
 * smaller than the input, but its scattering of columns costs more per element; this is where they meet, measured on 3x3 and 5x5.
 */
const largestGrowth = 1.6;

/** On fewer pixels than this, turning the filter costs more than it saves. */
const fewestPixels = 64;

export function emitConvInputGradient(
  values: Values,
  id: number,
  group: FusedLinear,
  node: Node<'conv2dInputGrad'>,
): void {
  const [dy = -1, filter = -1] = node.inputs;
  const shape = values.shape(dy);
  const growth = (node.inputSize[0] * node.inputSize[1]) / (known(shape, 1) * known(shape, 2));
  const isPoint = known(values.shape(filter), 0) * known(values.shape(filter), 1) === 1;
  const isLarge = isPoint || known(shape, 1) * known(shape, 2) >= fewestPixels;
  const isWorthTurning = isLarge && growth <= largestGrowth;
  const bias = group.bias === null ? [] : [values.name(group.bias)];
  if (takesColumns(values, shape, node.groups)) {
    const window = windowOf(values.shape(filter), shape, node);
    values.set(id, 'first', inputGradientByColumns(values, dy, filter, bias, node.inputSize, window));
    return;
  }
  const turnedPads = padsOfTurnedFilter(values.shape(filter), node);
  const canTurn = node.strides.every((stride) => stride === 1) && turnedPads.every((pad) => pad >= 0);
  const result =
    canTurn && (isWorthTurning || node.groups > 1)
      ? convWithTurnedFilter(values, dy, filter, node, turnedPads, bias)
      : transposedConv(values, dy, filter, node, bias);
  values.set(id, 'first', result);
}

/** Pads under which the turned filter gives back the input's size: d (k - 1) - p on each side. */
function padsOfTurnedFilter(filter: OpShape, { pads, dilations }: ConvAttributes): readonly number[] {
  const reach = [dilations[0] * (known(filter, 0) - 1), dilations[1] * (known(filter, 1) - 1)] as const;
  return [reach[0] - pads[0], reach[0] - pads[1], reach[1] - pads[2], reach[1] - pads[3]];
}

function convWithTurnedFilter(
  values: Values,
  dy: number,
  filter: number,
  node: Node<'conv2dInputGrad'>,
  [top = 0, bottom = 0, left = 0, right = 0]: readonly number[],
  bias: readonly string[],
): string {
  const { graph } = values;
  const sizes = filterSizes(values, filter);
  const [height, width, channels, filters] = sizes;
  const { groups, dilations } = node;
  const images = values.name(dy, 'first');
  const attributes = { kernel_shape: [height, width], pads: [top, left, bottom, right], dilations, group: groups };
  const kept = values.name(filter, 'filter');
  const turned = height * width > 1 ? graph.slice(kept, [2, 3], [-1, -1], [-1e9, -1e9], [-1, -1]) : kept;
  if (isBetterInBlocks(graph.block, [height, width, filters, channels], groups)) {
    const blocked = filterInBlocks(graph, turned, sizes, true);
    return convolveBlocks(values, images, { filter: blocked, bias, filters: channels }, attributes);
  }
  const inGroups = graph.reshape(turned, [groups, filters / groups, channels, height, width]);
  const exchanged =
    groups === 1
      ? graph.transpose(turned, [1, 0, 2, 3])
      : graph.reshape(graph.transpose(inGroups, [0, 2, 1, 3, 4]), [groups * channels, filters / groups, height, width]);
  return graph.node('Conv', [images, exchanged, ...bias], { attributes });
}

/** [height, width, channels, filters] */
function filterSizes(values: Values, filter: number): readonly [number, number, number, number] {
  const shape = values.shape(filter);
  return [known(shape, 0), known(shape, 1), known(shape, 2), known(shape, 3)];
}

function transposedConv(
  values: Values,
  dy: number,
  filter: number,
  node: Node<'conv2dInputGrad'>,
  bias: readonly string[],
): string {
  const { pads, strides, dilations, inputSize } = node;
  const shape = values.shape(dy);
  const filterShape = values.shape(filter);
  const missing = [0, 1].map((axis) => {
    const reach = (dilations[axis] ?? 1) * (known(filterShape, axis) - 1) + 1;
    const padding = (pads[2 * axis] ?? 0) + (pads[2 * axis + 1] ?? 0);
    return (inputSize[axis] ?? 0) - ((known(shape, axis + 1) - 1) * (strides[axis] ?? 1) + reach - padding);
  });
  const attributes = { ...windowAttributes(filterShape, node), output_padding: missing };
  return values.graph.node('ConvTranspose', [values.name(dy, 'first'), values.name(filter, 'filter'), ...bias], {
    attributes,
  });
}

import { borderLost, checkerboard, looksChannelsFirst } from '../../diagnostics/catalog/analysis';
import { mergeNeedsTwo } from '../../diagnostics/catalog/layers';
import type { Diagnostic } from '../../diagnostics/diagnostic';
import { windowAxes, windowSpan, type WindowAxis } from '../../layers/arithmetic';
import type { AnyLayerDefinition, ShapedContext, Size2 } from '../../layers/define';
import { isInput, isMerge, windowParam } from '../../layers/traits';
import { pictureChannels } from '../../schema/data';
import { formatCount, formatShape, text } from '../../text';
import { isPadding, isSize } from '../guards';

type Context = ShapedContext<{ readonly [name: string]: unknown }>;

/** Warnings that follow from one node and its inputs alone. The node itself computes. */
export function checkNode(definition: AnyLayerDefinition, context: Context): Diagnostic[] {
  if (isInput(definition)) return checkChannelOrder(context);
  if (isMerge(definition)) {
    // What an operation that is not known does with one input, nobody can say.
    const isLonely = context.inputs.length < 2 && definition.traits.isOpaque !== true;
    return isLonely ? [mergeNeedsTwo(context.nodeId, definition.label, [])] : [];
  }
  const window = windowParam(definition, context.params);
  if (window === null) return [];
  if (definition.traits.role === 'transposedConvolution') return checkOverlap(context);
  if (context.params['rounding'] === 'ceil') return [];
  return checkBorder(context, sizeParam(context, window), sizeParam(context, 'dilationRate'));
}

/** Pictures have few channels and many rows: `[3, 224, 224]` is the other way round. */
const fewestRows = 16;

function checkChannelOrder({ nodeId, output }: Context): Diagnostic[] {
  const [height, width, channels] = output;
  if (typeof height !== 'number' || typeof width !== 'number' || typeof channels !== 'number') return [];
  if (!pictureChannels.includes(height) || pictureChannels.includes(channels)) return [];
  // A row of one pixel with other channels is a signal; only a square one is sure to be a picture.
  if (width < fewestRows || channels < fewestRows || (height === 1 && width !== channels)) return [];
  const turned = [width, channels, height];
  const shown = formatShape(output);
  return [
    looksChannelsFirst(nodeId, text(shown, shown), height, channels, [
      {
        title: text(`Use ${formatShape(turned)}`, `改为 ${formatShape(turned)}`),
        edits: [{ type: 'setParams', id: nodeId, params: { shape: turned } }],
      },
    ]),
  ];
}

/** A size param that the schema has read; a size that may be left out falls back to the window. */
function sizeParam(context: Context, name: string): Size2 {
  const value = context.params[name];
  return isSize(value) ? value : [1, 1];
}

/**
 * Pixels at the far edge that no window reaches because (x + p - a) / s is rounded down. Padding that is left out loses nothing,
 * and a stride beyond the window leaves pixels out everywhere on purpose (ResNet's 1×1 stride 2).
 */
function checkBorder(context: Context, size: Size2, dilation: Size2): Diagnostic[] {
  const given = context.params['strides'];
  const strides = isSize(given) ? given : size;
  const padding = context.params['padding'];
  if (!isPadding(padding) || padding === 'same') return [];
  const [height, width] = windowAxes(context.inputs[0] ?? [], size, strides, dilation, padding);
  const lost = [lostPixels(height), lostPixels(width)] as const;
  const most = Math.max(...lost);
  if (most === 0) return [];
  const axis = lost[0] > 0 && lost[1] > 0 ? 'both' : lost[0] > 0 ? 'height' : 'width';
  return [borderLost(context.nodeId, axis, most, quotient(lost[0] > 0 ? height : width))];
}

function lostPixels(axis: WindowAxis): number {
  const span = windowSpan(axis.size, axis.dilation);
  if (axis.length === null || axis.padding === 'same' || axis.stride > span) return 0;
  const [before, after] = axis.padding;
  return Math.max(((axis.length + before + after - span) % axis.stride) - after, 0);
}

/** `(224 − 11) / 4 = 53.25` */
function quotient(axis: WindowAxis): string {
  const [before, after] = axis.padding === 'same' ? [0, 0] : axis.padding;
  const span = windowSpan(axis.size, axis.dilation);
  const pads = before + after === 0 ? '' : ` + ${before} + ${after}`;
  const value = ((axis.length ?? 0) + before + after - span) / axis.stride;
  return `(${axis.length ?? '?'}${pads} − ${span}) / ${axis.stride} = ${formatCount(value)}`;
}

function checkOverlap(context: Context): Diagnostic[] {
  const kernel = sizeParam(context, 'kernelSize');
  const strides = sizeParam(context, 'strides');
  const dilation = sizeParam(context, 'dilationRate');
  // With dilation the stamps interleave; only the plain case is sure to be uneven.
  const plain = ([0, 1] as const).filter((axis) => dilation[axis] === 1 && strides[axis] > 1);
  if (plain.every((axis) => kernel[axis] % strides[axis] === 0)) return [];
  const hasGaps = plain.some((axis) => kernel[axis] < strides[axis]);
  const shown = (size: Size2): string => (size[0] === size[1] ? `${size[0]}` : `${size[0]}×${size[1]}`);
  return [checkerboard(context.nodeId, shown(kernel), shown(strides), hasGaps)];
}

import type { OpNode } from '../../../shared/ops/graph';
import { known } from './layout';
import type { Values } from './values';

type Node = Extract<OpNode, { op: 'maxPoolGrad' }>;

/** The smallest float32: what padding counts as under a maximum. */
const lowest = -3.4028234663852886e38;

/**
 * The gradient of a max pool from ops that every execution provider has: WebGPU's MaxPool gives no places, and it has no MaxUnpool.
 * Each window's maximum is found by its tap, that is, by its number inside the window, row by row, the first of equals; then the
 * gradient goes to that tap's plane and zero to the others, and the planes are laid over each other, each shifted by its tap.
 */
export function emitMaxPoolGradientByTaps(values: Values, id: number, node: Node): void {
  const [x = -1, y = -1, dy = -1] = node.inputs;
  const { graph } = values;
  const shape = values.shape(x);
  const [height, width, channels] = [known(shape, 1), known(shape, 2), known(shape, 3)];
  const [outHeight, outWidth] = [known(values.shape(y), 1), known(values.shape(y), 2)];
  const [top, bottom, left, right] = node.pads;
  const [kernelHeight, kernelWidth] = node.size;
  const taps = kernelHeight * kernelWidth;

  const images = graph.pad(values.name(x, 'first'), [0, 0, top, left], [0, 0, bottom, right], lowest);
  const maxima = values.name(y, 'first');
  const isMaximum = (tap: number): string => {
    const start = [Math.floor(tap / kernelWidth), tap % kernelWidth] as const;
    const end = [start[0] + (outHeight - 1) * node.strides[0] + 1, start[1] + (outWidth - 1) * node.strides[1] + 1];
    return graph.node('GreaterOrEqual', [graph.slice(images, [2, 3], start, end, node.strides), maxima]);
  };
  // From the last tap to the first, so that the first of equals stays.
  let tapOfMaximum = graph.node('Mul', [maxima, graph.scalar(0)]);
  tapOfMaximum = graph.node('Add', [tapOfMaximum, graph.scalar(taps - 1)]);
  for (let tap = taps - 2; tap >= 0; tap--) {
    tapOfMaximum = graph.node('Where', [isMaximum(tap), graph.scalar(tap), tapOfMaximum]);
  }
  const overTaps = (name: string): string => graph.reshape(name, [-1, channels, 1, outHeight, outWidth]);
  const numbers = graph.floats(
    Float32Array.from({ length: taps }, (_, tap) => tap),
    [1, 1, taps, 1, 1],
  );
  const isTap = graph.node('Equal', [overTaps(tapOfMaximum), numbers]);
  const planes = graph.node('Where', [isTap, overTaps(values.name(dy, 'first')), graph.scalar(0)]);
  const flat = graph.reshape(planes, [-1, channels * taps, outHeight, outWidth]);
  const padded = [height + top + bottom, width + left + right] as const;
  const spread = isTiling(node, [outHeight, outWidth], padded)
    ? graph.node('DepthToSpace', [flat], { attributes: { blocksize: kernelHeight, mode: 'CRD' } })
    : shiftedSum(values, flat, channels, node, [outHeight, outWidth], padded);
  values.set(id, 'first', graph.pad(spread, [0, 0, -top, -left], [0, 0, -bottom, -right]));
}

type Size = readonly [number, number];

/** Whether every pixel lies under one square window. */
function isTiling({ size, strides }: Node, [outHeight, outWidth]: Size, [height, width]: Size): boolean {
  const [block] = size;
  return (
    [...size, ...strides].every((length) => length === block) &&
    height === block * outHeight &&
    width === block * outWidth
  );
}

/** A transposed convolution of each channel's planes with a filter that is one at the plane's own tap and zero elsewhere. */
function shiftedSum(
  { graph }: Values,
  planes: string,
  channels: number,
  { size, strides }: Node,
  [outHeight, outWidth]: Size,
  [height, width]: Size,
): string {
  const taps = size[0] * size[1];
  const filter = Float32Array.from({ length: channels * taps * taps }, (_, place) =>
    place % taps === Math.floor(place / taps) % taps ? 1 : 0,
  );
  return graph.node('ConvTranspose', [planes, graph.floats(filter, [channels * taps, 1, ...size])], {
    attributes: {
      kernel_shape: size,
      strides,
      group: channels,
      output_padding: [height - (outHeight - 1) * strides[0] - size[0], width - (outWidth - 1) * strides[1] - size[1]],
    },
  });
}

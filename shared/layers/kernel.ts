import type { OpBuilder, Value } from '../ops/builder';
import { text, type Text } from '../text';
import { activationLabels, activationOf, lowerActivation } from './activations';
import { windowAxes, type WindowAxis } from './arithmetic';
import type { Initializer, Padding, Size2, WeightSpec } from './define';
import type { InitializerName } from './initializers';
import { weightOf } from './values';

/*
 * What layers with a learned kernel (conv, up-conv, FC) have alike: the kernel and its bias, and the activation that may follow.
 */

/** The params that say how a window moves. */
export type WindowParams = {
  readonly kernelSize: Size2;
  readonly strides: Size2;
  readonly dilationRate: Size2;
  readonly padding: Padding;
};

/** The params that say what a kernel's weights are. */
export type KernelParams = {
  readonly useBias: boolean;
  readonly initializer: InitializerName;
  readonly trainable: boolean;
};

/** The window per axis, for a map `[height, width, channels]`. */
export function kernelAxes(
  map: readonly (number | null)[],
  params: WindowParams,
): readonly [height: WindowAxis, width: WindowAxis] {
  return windowAxes(map, params.kernelSize, params.strides, params.dilationRate, params.padding);
}

/**
 * A kernel and, if wanted, the bias of its outputs. Fans are counted on the stored layout, as Keras does (also for a transposed
 * convolution): the last two sizes, each times the window's area. `[5, 5, 1, 20]` has fans 25 and 500.
 */
export function kernelWeights(
  kernel: readonly number[],
  outputs: number,
  { useBias, initializer: type, trainable }: KernelParams,
): readonly WeightSpec[] {
  const [fanOut = 1, fanIn = 1, ...area] = [...kernel].reverse();
  const positions = area.reduce((product, size) => product * size, 1);
  const initializer: Initializer =
    type === 'zeros' ? { type } : { type, fanIn: positions * fanIn, fanOut: positions * fanOut };
  return [
    { name: 'kernel', shape: kernel, initializer, trainable },
    ...(useBias ? [{ name: 'bias', shape: [outputs], initializer: { type: 'zeros' }, trainable } as const] : []),
  ];
}

/** What follows the kernel: the bias, if there is one, and the activation. */
export function lowerBiasAndActivation(
  ops: OpBuilder,
  sums: Value,
  weights: { readonly [name: string]: Value },
  params: { readonly useBias: boolean; readonly activation: string },
): Value {
  const biased = params.useBias ? ops.add(sums, weightOf(weights, 'bias')) : sums;
  return lowerActivation(activationOf(params.activation), ops, biased);
}

/** A caption that ends with the activation, unless it is linear: `20 × 5×5, ReLU`. */
export function captionWith(words: readonly string[], activation: string): Text {
  const kind = activation === 'linear' ? null : activationLabels[activationOf(activation)];
  return text([...words, ...(kind ? [kind.en] : [])].join(', '), [...words, ...(kind ? [kind.zh] : [])].join('，'));
}

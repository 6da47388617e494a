import type { OpBuilder, Value } from '../ops/builder';
import { formatNumber, text, type Text } from '../text';
import { activationLabels, activationOf, lowerActivation } from './activations';
import { windowAxes, type WindowAxis } from './arithmetic';
import type { Explanation, Initializer, Padding, Size2, WeightSpec } from './define';
import { number } from './explain';
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

/** Added to the variance of a filter's weights, as BiT and timm do. */
export const standardizationEpsilon = 1e-6;

/** A kernel `[kh, kw, in / groups, out]` with each filter at mean 0 and variance 1 (Qiao et al., arXiv 1903.10520). */
export function standardized(ops: OpBuilder, kernel: Value): Value {
  const overFilter = [0, 1, 2];
  const centered = ops.sub(kernel, ops.reduce('reduceMean', kernel, overFilter, true));
  const variance = ops.reduce('reduceMean', ops.unary('square', centered), overFilter, true);
  return ops.div(centered, ops.unary('sqrt', ops.add(variance, standardizationEpsilon)));
}

/** {@link standardized} of plain numbers, whose last axis is the filters. */
export function standardizedValues(kernel: Float32Array, filters: number): Float32Array {
  const count = kernel.length / filters;
  const result = new Float32Array(kernel.length);
  for (let filter = 0; filter < filters; filter++) {
    let sum = 0;
    for (let at = filter; at < kernel.length; at += filters) sum += kernel[at] ?? 0;
    const mean = sum / count;
    let squares = 0;
    for (let at = filter; at < kernel.length; at += filters) squares += ((kernel[at] ?? 0) - mean) ** 2;
    const deviation = Math.sqrt(squares / count + standardizationEpsilon);
    for (let at = filter; at < kernel.length; at += filters) result[at] = ((kernel[at] ?? 0) - mean) / deviation;
  }
  return result;
}

/** What is done to the weights of each filter. */
export function explainStandardized(size: Size2, channels: number | null, groups: number): Explanation {
  const inputs = channels === null ? null : channels / groups;
  return {
    about: 'values',
    title: text('Weights as they are used', '使用时的权值'),
    formula: 'ŵ = (w − μ) / √(σ² + ε), over a·a·c',
    numbers: `ε ${formatNumber(standardizationEpsilon)}, ${size[0]}·${size[1]}·${number(inputs)}`,
    result: inputs === null ? '?' : number(size[0] * size[1] * inputs),
  };
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

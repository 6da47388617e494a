import type { OpBuilder, Value } from '../ops/builder';
import { text } from '../text';
import type { WeightSpec } from './define';
import { trainable } from './fields';
import { weightOf } from './values';

/*
 * What normalisations of a sample by itself have alike: they bring values to mean 0 and spread 1, then scale and shift them by learned
 * numbers. Nothing is tracked, so that training and prediction compute the same.
 */

export type AffineParams = {
  readonly epsilon: number;
  readonly scale: boolean;
  readonly center: boolean;
  readonly trainable: boolean;
};

/** The params of a normalisation with this epsilon. */
export function affineFields<const Epsilon extends number>(epsilon: Epsilon) {
  return {
    epsilon: {
      type: 'number',
      min: 1e-12,
      max: 1,
      default: epsilon,
      label: text('Epsilon', 'Epsilon'),
      doc: text('Added to the variance so that nothing is divided by zero.', '加在方差上，避免除以零。'),
    },
    scale: {
      type: 'boolean',
      default: true,
      label: text('Scale', '缩放'),
      doc: text('Multiplies by learned numbers (gamma).', '乘以可学习的数（gamma）。'),
    },
    center: {
      type: 'boolean',
      default: true,
      label: text('Center', '平移'),
      doc: text('Adds learned numbers (beta).', '加上可学习的数（beta）。'),
    },
    trainable,
  } as const;
}

/** How many learned numbers there are for each that is scaled: 0, 1 or 2. */
export function affineCount({ scale, center }: AffineParams): number {
  return (scale ? 1 : 0) + (center ? 1 : 0);
}

/** Gamma and beta of a shape, whichever are wanted. */
export function affineWeights(params: AffineParams, shape: readonly number[]): readonly WeightSpec[] {
  const weight = (name: string, type: 'ones' | 'zeros'): WeightSpec => ({
    name,
    shape,
    initializer: { type },
    trainable: params.trainable,
  });
  return [...(params.scale ? [weight('gamma', 'ones')] : []), ...(params.center ? [weight('beta', 'zeros')] : [])];
}

/** (x - mean) / sqrt(variance + epsilon) over the axes, the variance divided by n. */
export function normalize(ops: OpBuilder, x: Value, axes: readonly number[], epsilon: number): Value {
  const centred = ops.sub(x, ops.reduce('reduceMean', x, axes, true));
  const variance = ops.reduce('reduceMean', ops.unary('square', centred), axes, true);
  return ops.div(centred, ops.unary('sqrt', ops.add(variance, epsilon)));
}

/** gamma · x + beta, with those that there are. */
export function scaleAndShift(
  ops: OpBuilder,
  x: Value,
  weights: { readonly [name: string]: Value },
  { scale, center }: AffineParams,
): Value {
  const scaled = scale ? ops.mul(x, weightOf(weights, 'gamma')) : x;
  return center ? ops.add(scaled, weightOf(weights, 'beta')) : scaled;
}

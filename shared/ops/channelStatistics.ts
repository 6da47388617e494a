import type { OpBuilder, Value } from './builder';
import type { OpShape } from './graph';

/** All axes but that of the channels. */
export function statisticsAxes(shape: OpShape): readonly number[] {
  return shape.slice(0, -1).map((_, axis) => axis);
}

/** Mean and variance of each channel over the batch and all positions; the variance divides by n, as Keras does. */
export function channelStatistics(ops: OpBuilder, x: Value): { readonly mean: Value; readonly variance: Value } {
  const axes = statisticsAxes(x.shape);
  const mean = ops.reduce('reduceMean', x, axes);
  const variance = ops.reduce('reduceMean', ops.unary('square', ops.sub(x, mean)), axes);
  return { mean, variance };
}

import type { FunctionBuilder, Value } from './builder';
import { channelStatistics, statisticsAxes } from './channelStatistics';
import { reducedCount } from './gradients/reduction';
import { inputAt } from './gradients/rule';
import type { OpFunction, OpNode, OpShape } from './graph';
import { rewriteFunction } from './rewrite';
import type { RewriteRule, Rewriting } from './rewrite';
import { defineRule } from './rules';

const batchNormOps = ['batchNorm', 'batchNormInputGrad', 'batchNormGammaGrad'] as const;
/** The three ops of batch normalisation; the first input of each is what is normalised. */
export type BatchNormOp = (typeof batchNormOps)[number];
export type BatchNormNode = Extract<OpNode, { op: BatchNormOp }>;

export function isBatchNorm(node: OpNode): node is BatchNormNode {
  return node.op === 'batchNorm' || node.op === 'batchNormInputGrad' || node.op === 'batchNormGammaGrad';
}

/**
 * One op of batch normalisation in primitives. With d = x - mean, s = sqrt(variance + epsilon) and sums over everything but the
 * channels: y = d gamma / s + beta, dGamma = sum(dy d) / s, and dx = (dy - sum(dy) / n - d sum(dy d) / (n s^2)) gamma / s (Ioffe and
 * Szegedy, arXiv 1502.03167, section 3, put together). That is half of the passes over the image that differentiating y step by step
 * would write.
 */
function expandNode(ops: FunctionBuilder, node: BatchNormNode, inputs: readonly Value[]): Value {
  const [x, gamma, third] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)];
  const { mean, variance } = channelStatistics(ops, x);
  const centred = ops.sub(x, mean);
  const spread = ops.unary('sqrt', ops.add(variance, node.epsilon));
  const scale = ops.div(gamma, spread);
  if (node.op === 'batchNorm') return ops.add(ops.mul(centred, scale), third);
  const axes = statisticsAxes(x.shape);
  const sum = (value: Value): Value => ops.reduce('reduceSum', value, axes);
  const gammaGrad = ops.div(sum(ops.mul(third, centred)), spread);
  if (node.op === 'batchNormGammaGrad') return gammaGrad;
  const count = reducedCount(ops, x.shape, axes);
  const slope = ops.div(ops.div(gammaGrad, count), spread);
  const rest = ops.add(ops.mul(centred, slope), ops.div(sum(third), count));
  return ops.mul(ops.sub(third, rest), scale);
}

/** Writes batch normalisation in primitives, for an engine without kernels of its own; `keep` leaves those that an engine has one for. */
export function batchNormExpansion(keep: (xShape: OpShape) => boolean = () => false): RewriteRule {
  return defineRule('expand-batch-norm', batchNormOps, (node, { ops, inputs }: Rewriting) =>
    keep(inputAt(inputs, 0).shape) ? null : expandNode(ops, node, inputs),
  );
}

/** The same function after {@link batchNormExpansion} alone. */
export function expandBatchNorms(full: OpFunction, keep?: (xShape: OpShape) => boolean): OpFunction {
  return rewriteFunction(full, [batchNormExpansion(keep)]).definition;
}

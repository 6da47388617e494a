import type { FunctionBuilder, Value } from './builder';
import { channelStatistics, statisticsAxes } from './channelStatistics';
import { createOpBuilder } from './createOpBuilder';
import { reducedCount } from './gradients/reduction';
import { inputAt } from './gradients/rule';
import type { OpFunction, OpNode, OpShape } from './graph';
import { mapUpdateValues } from './prune';

/** The three ops of batch normalisation; the first input of each is what is normalised. */
export type BatchNormOp = 'batchNorm' | 'batchNormInputGrad' | 'batchNormGammaGrad';
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

/**
 * The same function with batch normalisation in primitives, for an engine without kernels of its own; `keep` leaves those that an
 * engine has a kernel for.
 */
export function expandBatchNorms(full: OpFunction, keep: (xShape: OpShape) => boolean = () => false): OpFunction {
  const shapeOf = (id: number | undefined): OpShape => full.nodes[id ?? -1]?.shape ?? [];
  const isExpanded = (node: OpNode): node is BatchNormNode => isBatchNorm(node) && !keep(shapeOf(node.inputs[0]));
  if (!full.nodes.some(isExpanded)) return full;
  const ops = createOpBuilder({ from: { ...full, nodes: [], outputs: {}, updates: [] } });
  const values: Value[] = [];
  const valueOf = (id: number): Value => inputAt(values, id);
  for (const node of full.nodes) {
    const inputs = node.inputs.map(valueOf);
    values.push(isExpanded(node) ? expandNode(ops, node, inputs) : ops.copy(node, inputs));
  }
  full.updates.forEach((update) => ops.update(mapUpdateValues(update, (id) => valueOf(id).id)));
  const outputs = Object.entries(full.outputs).map(([name, id]): [string, Value] => [name, valueOf(id)]);
  return ops.finish(Object.fromEntries(outputs));
}

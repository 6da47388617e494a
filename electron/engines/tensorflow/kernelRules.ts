import { equalShapes } from '../../../shared/ops/inference';
import { applyRules, defineRule, ruleTable } from '../../../shared/ops/rules';
import type { Rule } from '../../../shared/ops/rules';
import { lowerBatchStatistic, lowerGradientSum } from './batchNorm';
import { addTyped, inputOf } from './lowering';
import type { Lowering } from './lowering';

/** Gives the tensor of a node that has a kernel for more than the op alone. */
type KernelRule = Rule<Lowering, string>;

const kernelRules: readonly KernelRule[] = [
  // `x + bias` along the last axis, as the one kernel that does it in place and fuses with the convolution before it.
  defineRule('bias-add', ['add'], (node, lowering: Lowering) => {
    const [a, b] = [inputOf(lowering, node, 0), inputOf(lowering, node, 1)];
    const [x, bias] = a.node.shape.length >= b.node.shape.length ? [a, b] : [b, a];
    const rank = x.node.shape.length;
    const fits = (rank === 2 || rank === 4) && bias.node.shape.length === 1 && equalShapes(x.node.shape, node.shape);
    if (!fits || bias.node.shape[0] !== x.node.shape[rank - 1]) return null;
    return addTyped(lowering, 'BiasAdd', 'float32', [x.tensor, bias.tensor]);
  }),
  // `dy * step(x)` is relu's gradient. Taken from relu's output where there is one (positive exactly where its input is), the input
  // need not be kept, and TensorFlow can fuse convolution, bias and relu into one kernel.
  defineRule('relu-grad', ['mul'], (node, lowering: Lowering) => {
    const [a, b] = [inputOf(lowering, node, 0), inputOf(lowering, node, 1)];
    const [dy, mask] = b.node.op === 'step' ? [a, b] : [b, a];
    if (mask.node.op !== 'step' || !equalShapes(dy.node.shape, mask.node.shape)) return null;
    const x = inputOf(lowering, mask.node, 0);
    const relu = lowering.reluOf(x.id);
    const features = relu === undefined ? x.tensor : lowering.tensor(relu);
    return addTyped(lowering, 'ReluGrad', 'float32', [dy.tensor, features]);
  }),
  defineRule('batch-statistic', ['reduceSum', 'reduceMean', 'reduceMax'], (node, lowering: Lowering) => {
    return lowerBatchStatistic(lowering, node) ?? null;
  }),
  // A sum over all axes but the last is what a bias receives, and has a kernel of its own.
  defineRule('bias-add-grad', ['reduceSum'], (node, lowering: Lowering) => {
    const x = inputOf(lowering, node, 0);
    const rank = x.node.shape.length;
    const isBiasGradient = node.axes.length === rank - 1 && node.axes.every((axis, place) => axis === place);
    if (node.keepDims || !isBiasGradient || (rank !== 2 && rank !== 4)) return null;
    return lowerGradientSum(lowering, x.id) ?? addTyped(lowering, 'BiasAddGrad', 'float32', [x.tensor]);
  }),
];

const table = ruleTable(kernelRules);

/** The tensor of a node by such a kernel, where one fits; null where the op's own is taken. */
export function lowerByKernelRule(lowering: Lowering, id: number): string | null {
  return applyRules(table, lowering.node(id), lowering)?.result ?? null;
}

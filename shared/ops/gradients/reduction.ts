import type { FunctionBuilder, Value } from '../builder';
import type { Dim, OpShape } from '../graph';
import { inputAt } from './rule';
import type { GradientContext, GradientRule } from './rule';

type ReductionContext = GradientContext<'reduceSum' | 'reduceMean' | 'reduceMax'>;

/** A reduced value with its lost axes put back as 1, so that it broadcasts against the input. */
function withReducedAxes({ ops, node, inputs }: ReductionContext, reduced: Value): Value {
  const shape = inputAt(inputs, 0).shape.map((size, axis): Dim => (node.axes.includes(axis) ? 1 : size));
  return ops.reshape(reduced, shape);
}

/** How many values are averaged into one: a number, or a value where the batch is among them. */
export function reducedCount(ops: FunctionBuilder, shape: OpShape, axes: readonly number[]): Value | number {
  const known = axes.reduce((product, axis) => {
    const size = shape[axis] ?? 1;
    return size === 'batch' ? product : product * size;
  }, 1);
  if (shape[0] !== 'batch' || !axes.includes(0)) return known;
  return ops.mul(ops.reduce('reduceSum', ops.broadcastTo(ops.constant([1], []), ['batch']), [0]), known);
}

/** Gradients of reductions. Equal maxima share theirs in equal parts, as in TensorFlow. */
export const reductionGradients: { readonly [Op in 'reduceSum' | 'reduceMean' | 'reduceMax']: GradientRule<Op> } = {
  reduceSum: (context) => {
    const { ops, inputs, dy } = context;
    return [ops.broadcastTo(withReducedAxes(context, dy), inputAt(inputs, 0).shape)];
  },
  reduceMean: (context) => {
    const { ops, node, inputs, dy } = context;
    const { shape } = inputAt(inputs, 0);
    const share = ops.div(dy, reducedCount(ops, shape, node.axes));
    return [ops.broadcastTo(withReducedAxes(context, share), shape)];
  },
  reduceMax: (context) => {
    const { ops, node, inputs, output, dy } = context;
    const x = inputAt(inputs, 0);
    const isMax = ops.binary('equal', x, withReducedAxes(context, output));
    const share = ops.div(withReducedAxes(context, dy), ops.reduce('reduceSum', isMax, node.axes, true));
    return [ops.mul(isMax, share)];
  },
};

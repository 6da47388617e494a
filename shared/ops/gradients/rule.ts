import type { FunctionBuilder, Value } from '../builder';
import type { Dim, NodeOf, OpName, OpShape } from '../graph';

/** What a gradient rule is given: one node, its values, and the gradient of the loss to its output. */
export type GradientContext<Op extends OpName> = {
  readonly ops: FunctionBuilder;
  readonly node: NodeOf<Op>;
  readonly inputs: readonly Value[];
  readonly output: Value;
  /** dLoss/dOutput, shaped as the output. */
  readonly dy: Value;
  /** Whether input `index` leads to a variable; a rule need not build the gradient of one that does not. */
  readonly needs: (index: number) => boolean;
};

/** Gradients in input order, each shaped as its input; null where there is none (labels, comparisons) or none is needed. */
export type GradientRule<Op extends OpName> = (context: GradientContext<Op>) => readonly (Value | null)[];

/** An input that the op's definition says is there. */
export function inputAt(inputs: readonly Value[], index: number): Value {
  const value = inputs[index];
  if (value === undefined) throw new Error(`Autodiff: input ${index} is missing.`);
  return value;
}

/**
 * Undoes a broadcast in a gradient: sums over the axes along which a value of `shape` was repeated. [batch, 24, 24, 20] summed to
 * a bias [20] keeps the last axis only.
 */
export function sumToShape(ops: FunctionBuilder, gradient: Value, shape: OpShape): Value {
  const added = gradient.shape.length - shape.length;
  const repeated = gradient.shape.flatMap((size: Dim, axis): number[] =>
    axis < added || (shape[axis - added] === 1 && size !== 1) ? [axis] : [],
  );
  return ops.reshape(ops.reduce('reduceSum', gradient, repeated), shape);
}

/** Height and width of a `[batch, height, width, channels]` value. */
export function imageSize(value: Value): readonly [number, number] {
  const [, height, width] = value.shape;
  if (typeof height !== 'number' || typeof width !== 'number') throw new Error('Autodiff: an image of unknown size.');
  return [height, width];
}

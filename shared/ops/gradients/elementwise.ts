import type { BinaryOp, UnaryOp } from '../graph';
import { inputAt, sumToShape } from './rule';
import type { GradientContext, GradientRule } from './rule';

const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);

/** Gradients of elementwise ops of one input, written with the output y where that saves keeping x. */
export const unaryGradients: { readonly [Op in UnaryOp]: GradientRule<Op> } = {
  neg: ({ ops, dy }) => [ops.unary('neg', dy)],
  exp: ({ ops, dy, output }) => [ops.mul(dy, output)],
  log: ({ ops, dy, inputs }) => [ops.div(dy, inputAt(inputs, 0))],
  // At 0 the slope is infinite; 0 is taken, so that the norm of a zero window (L2 pooling) has the gradient 0 and not NaN.
  sqrt: ({ ops, dy, output }) => [ops.select(ops.unary('step', output), ops.div(ops.mul(dy, 0.5), output), 0)],
  square: ({ ops, dy, inputs }) => [ops.mul(ops.mul(dy, 2), inputAt(inputs, 0))],
  abs: ({ ops, dy, inputs }) => [ops.mul(dy, ops.unary('sign', inputAt(inputs, 0)))],
  sign: () => [null],
  step: () => [null],
  relu: ({ ops, dy, output }) => [ops.mul(dy, ops.unary('step', output))],
  sigmoid: ({ ops, dy, output }) => [ops.mul(dy, ops.mul(output, ops.sub(1, output)))],
  tanh: ({ ops, dy, output }) => [ops.mul(dy, ops.sub(1, ops.unary('square', output)))],
  erf: ({ ops, dy, inputs }) => {
    const bell = ops.unary('exp', ops.unary('neg', ops.unary('square', inputAt(inputs, 0))));
    return [ops.mul(dy, ops.mul(bell, twoOverSqrtPi))];
  },
};

/** maximum and minimum: the chosen operand takes all; of equals the first, as in TensorFlow. */
function selectionGradient(
  { ops, dy, inputs }: Pick<GradientContext<BinaryOp>, 'ops' | 'dy' | 'inputs'>,
  winner: readonly [number, number],
): ReturnType<GradientRule<'maximum'>> {
  const a = inputAt(inputs, 0);
  const b = inputAt(inputs, 1);
  const isA = ops.binary('greaterEqual', inputAt(inputs, winner[0]), inputAt(inputs, winner[1]));
  return [sumToShape(ops, ops.mul(dy, isA), a.shape), sumToShape(ops, ops.mul(dy, ops.sub(1, isA)), b.shape)];
}

/** Gradients of elementwise ops of two inputs; each is summed back to its input's shape. */
export const binaryGradients: { readonly [Op in BinaryOp]: GradientRule<Op> } = {
  add: ({ ops, dy, inputs, needs }) =>
    inputs.map((input, index) => (needs(index) ? sumToShape(ops, dy, input.shape) : null)),
  sub: ({ ops, dy, inputs, needs }) => [
    needs(0) ? sumToShape(ops, dy, inputAt(inputs, 0).shape) : null,
    needs(1) ? ops.unary('neg', sumToShape(ops, dy, inputAt(inputs, 1).shape)) : null,
  ],
  mul: ({ ops, dy, inputs, needs }) =>
    inputs.map((input, index) =>
      needs(index) ? sumToShape(ops, ops.mul(dy, inputAt(inputs, 1 - index)), input.shape) : null,
    ),
  div: ({ ops, dy, inputs, output, needs }) => {
    const divisor = inputAt(inputs, 1);
    const quotient = ops.div(dy, divisor);
    return [
      needs(0) ? sumToShape(ops, quotient, inputAt(inputs, 0).shape) : null,
      needs(1) ? sumToShape(ops, ops.unary('neg', ops.mul(quotient, output)), divisor.shape) : null,
    ];
  },
  maximum: (context) => selectionGradient(context, [0, 1]),
  minimum: (context) => selectionGradient(context, [1, 0]),
  greaterEqual: () => [null, null],
  equal: () => [null, null],
};

/** select and cast: choices and changes of type. */
export const choiceGradients: { readonly [Op in 'select' | 'cast']: GradientRule<Op> } = {
  select: ({ ops, dy, inputs, needs }) => {
    const condition = inputAt(inputs, 0);
    return [
      null,
      needs(1) ? sumToShape(ops, ops.select(condition, dy, 0), inputAt(inputs, 1).shape) : null,
      needs(2) ? sumToShape(ops, ops.select(condition, 0, dy), inputAt(inputs, 2).shape) : null,
    ];
  },
  // From an integer there is no way back; to an integer no gradient arrives.
  cast: () => [null],
};

import { createOpBuilder } from '../../shared/ops/createOpBuilder';
import type { Program } from '../../shared/ops/graph';

/** x [batch, 4, 4, 2] under a convolution with a bias, trained by SGD. */
export function smallProgram(): Program {
  const ops = createOpBuilder();
  const x = ops.input('x', ['batch', 4, 4, 2]);
  const filter = ops.variable('c/kernel', [3, 3, 2, 5]);
  const bias = ops.variable('c/bias', [5]);
  const conv = ops.conv2d(x, filter, { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 });
  const y = ops.unary('relu', ops.add(conv, bias));
  const gradient = ops.reduce('reduceSum', y, [0, 1, 2]);
  const learningRate = ops.input('learningRate', []);
  ops.update({ kind: 'sgd', variable: 'c/bias', gradient: gradient.id, learningRate: learningRate.id });
  return {
    variables: [
      { name: 'c/kernel', shape: [3, 3, 2, 5], dtype: 'float32' },
      { name: 'c/bias', shape: [5], dtype: 'float32' },
    ],
    functions: { step: ops.finish({ y: ops.reshape(y, ['batch', 20]) }) },
  };
}

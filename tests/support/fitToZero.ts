import { createOpBuilder } from '../../shared/ops/createOpBuilder';
import { differentiate } from '../../shared/ops/differentiate';
import type { Program } from '../../shared/ops/graph';

/** A matrix product `[batch, size] x w [size, size]` fitted to zero by gradient descent: a step that costs next to nothing. */
export function fitToZero(size: number): Program {
  const ops = createOpBuilder();
  const w = ops.variable('w', [size, size]);
  const product = ops.matMul(ops.input('x', ['batch', size]), w);
  const loss = ops.reduce('reduceMean', ops.unary('square', product), [0, 1]);
  const [gradient] = differentiate(ops, loss, [w]);
  const learningRate = ops.input('learningRate', []);
  ops.update({ kind: 'sgd', variable: 'w', gradient: gradient!.id, learningRate: learningRate.id });
  return {
    variables: [{ name: 'w', shape: [size, size], dtype: 'float32' }],
    functions: { step: ops.finish({ loss }) },
  };
}

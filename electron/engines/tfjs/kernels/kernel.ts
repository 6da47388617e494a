import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { NodeOf } from '../../../../shared/ops/graph';
import type { OpName } from '../../../../shared/ops/graph';

/** Computes one op with tfjs. `shape` is the result's, with the batch as a number. Called inside `tf.tidy`. */
export type Kernel<Op extends OpName> = (
  node: NodeOf<Op>,
  inputs: readonly Tensor[],
  shape: readonly number[],
) => Tensor;

/** An input that the op's definition says is there. */
export function inputAt(inputs: readonly Tensor[], index: number): Tensor {
  const input = inputs[index];
  if (input === undefined) throw new Error(`tfjs engine: input ${index} is missing.`);
  return input;
}

/** An input that is `[batch, height, width, channels]`, or a filter. */
export function imageAt(inputs: readonly Tensor[], index: number): Tensor4D {
  const input = inputAt(inputs, index);
  if (input.rank !== 4) throw new Error(`tfjs engine: input ${index} has rank ${input.rank}, not 4.`);
  return input as Tensor4D;
}

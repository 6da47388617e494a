import type { TrainingConfig } from '../schema/training';
import type { FunctionBuilder, Value } from '../ops/builder';
import type { VariableSpec } from '../ops/graph';
import { knownSize } from './gradients';

/*
 * A step of several batches: a batch's mean gradient counts as much as what its mean was taken over, so that the whole is the gradient
 * of one large batch. The sums are zero between steps.
 */

/** Whether several batches make a step. */
export function isGathering({ accumulate = 1 }: Partial<Pick<TrainingConfig, 'accumulate'>>): boolean {
  return accumulate > 1;
}

function sumName(weight: string): string {
  return `${weight}/sum`;
}

/** The variable in which a weight's gradients are added up. */
export function sumVariable(weight: string, shape: readonly number[]): VariableSpec {
  return { name: sumName(weight), shape, dtype: 'float32' };
}

type Named = { readonly name: string };

function sumOf(ops: FunctionBuilder, { name }: Named, gradient: Value): Value {
  return ops.variable(sumName(name), gradient.shape.map(knownSize));
}

/** Adds a batch's gradients up, each times what is `counted` in it. */
export function gatherGradients(
  ops: FunctionBuilder,
  weights: readonly Named[],
  gradients: readonly (Value | null)[],
): void {
  const counted = ops.input('counted', []);
  weights.forEach((weight, index) => {
    const gradient = gradients[index] ?? null;
    if (gradient === null) return;
    const sum = sumOf(ops, weight, gradient);
    ops.assign(sum, ops.add(sum, ops.mul(counted, gradient)));
  });
}

/** The mean gradients of all batches of a step, the last one's among them; the sums begin anew. */
export function gatheredGradients(
  ops: FunctionBuilder,
  weights: readonly Named[],
  gradients: readonly (Value | null)[],
): readonly (Value | null)[] {
  const counted = ops.input('counted', []);
  const total = ops.input('total', []);
  return weights.map((weight, index) => {
    const gradient = gradients[index] ?? null;
    if (gradient === null) return null;
    const sum = sumOf(ops, weight, gradient);
    ops.assign(sum, ops.mul(sum, 0));
    return ops.div(ops.add(sum, ops.mul(counted, gradient)), total);
  });
}

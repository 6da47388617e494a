import type { FunctionBuilder, Value } from '../ops/builder';
import { mixingsOf, type Mixing } from '../schema/augmentation';
import type { TrainingTask } from './losses';

/*
 * Mixup and CutMix. Values that are learned are mixed as the samples are, before they are fed. Classes cannot be: a step is fed the labels
 * of both samples, and how much of each there is. A batch is mixed with itself in another order, so that what its mean is taken over,
 * weights of classes included, is the same for either.
 */

/** Whether a step takes, beside the labels `y`, those of the samples that are mixed in as `other`, and the `share` of the first. */
export function hasPairedLabels({ task, ...mixing }: Partial<Mixing> & { readonly task: TrainingTask }): boolean {
  return task.kind === 'classification' && mixingsOf(mixing).length > 0;
}

/**
 * What pairs of labels come to: share f(y) + (1 - share) f(other). Of a loss this is the loss against the mixed target wherever it is
 * linear in the target, as both cross-entropies are, smoothed or weighted; of a count, answers that are right by their share.
 */
export function byShare(
  ops: FunctionBuilder,
  { other, share }: { readonly other: Value; readonly share: Value },
  y: Value,
  of: (labels: Value) => Value,
): Value {
  return ops.add(ops.mul(share, of(y)), ops.mul(ops.sub(1, share), of(other)));
}

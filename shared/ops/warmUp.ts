/** The scalar input of a training step that running statistics take their first steps by. */
export const warmUpInput = 'warmUp';

/**
 * How much of a running statistic is kept at most at `step`, counted from 1: it begins with no batch seen, and a momentum of 0.99 alone
 * would still hold a third of that after 100 steps. (1 + step) / (10 + step): 0.18, 0.92 at step 100, 0.99 from step 890 on; the rule of
 * `tf.train.ExponentialMovingAverage` with `num_updates`.
 */
export function warmUp(step: number): number {
  return (1 + step) / (10 + step);
}

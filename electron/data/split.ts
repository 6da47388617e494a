import { createRandom } from '../../shared/ops/random';
import { text } from '../../shared/text';

/** 0..count-1 in an order that the seed decides (Fisher and Yates). */
export function shuffledOrder(count: number, seed: number): Uint32Array {
  const random = createRandom(seed);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    const swapped = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = swapped;
  }
  return order;
}

/** Splits are part of a data set, not of a run: they never follow the run's seed. */
const splitSeed = 2016;

/**
 * One in five of each class for validation, chosen by a fixed seed, at least one of each class that has two. 10 samples of a
 * class give 2 for validation. Both parts are in ascending order.
 */
export function stratifiedSplit(classOf: ArrayLike<number>): {
  readonly train: readonly number[];
  readonly validation: readonly number[];
} {
  const byClass = new Map<number, number[]>();
  for (const index of shuffledOrder(classOf.length, splitSeed)) {
    const label = classOf[index] ?? 0;
    const members = byClass.get(label);
    if (members === undefined) byClass.set(label, [index]);
    else members.push(index);
  }
  const train: number[] = [];
  const validation: number[] = [];
  for (const members of byClass.values()) {
    const held = members.length < 2 ? 0 : Math.max(1, Math.round(members.length / 5));
    // One by one: a spread puts each of them on the call stack, which ends at some hundred thousand.
    members.forEach((index, at) => (at < held ? validation : train).push(index));
  }
  const ascending = (a: number, b: number): number => a - b;
  return { train: train.sort(ascending), validation: validation.sort(ascending) };
}

/** What a data set says of {@link stratifiedSplit}. */
export const stratifiedSplitText = text(
  'One in five of each class validates, chosen by a fixed seed.',
  '每类五分之一用于验证，由固定种子选定。',
);

/** One in five for validation, chosen by a fixed seed; at least one. */
export function plainSplit(count: number): ReturnType<typeof stratifiedSplit> {
  return stratifiedSplit(new Uint8Array(count));
}

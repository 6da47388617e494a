import type { FloatTensors } from '../ops/tensor';

/** A weight that starts anew, and why: the source has none of its name, or one of another shape. */
export type FreshWeight = {
  readonly name: string;
  readonly shape: readonly number[];
  /** The shape that the source has under this name; null where it has none. */
  readonly found: readonly number[] | null;
};

/** What became of the weights that a run was started from. */
export type StartReport = {
  /** Where they come from, as it was named. */
  readonly source: string;
  readonly carried: readonly string[];
  readonly fresh: readonly FreshWeight[];
  /** Weights of the source that the network has no place for. */
  readonly unused: readonly string[];
  /** Of those that were carried, the ones that the run does not change. */
  readonly frozen: readonly string[];
};

type Expected = { readonly name: string; readonly shape: readonly number[]; readonly trainable: boolean };

/** The weights of a source that a network has by the same name and shape, and a report of all others. */
export function carryWeights(
  source: string,
  expected: readonly Expected[],
  given: FloatTensors,
): { readonly weights: FloatTensors; readonly report: StartReport } {
  const shapeOf = (name: string): readonly number[] | null =>
    Object.hasOwn(given, name) ? (given[name]?.shape ?? null) : null;
  const fits = ({ name, shape }: Expected): boolean => shapeOf(name)?.join() === shape.join();
  const fitting = expected.filter(fits);
  const known = new Set(expected.map(({ name }) => name));
  return {
    weights: Object.fromEntries(
      fitting.flatMap(({ name }) => (given[name] === undefined ? [] : [[name, given[name]]])),
    ),
    report: {
      source,
      carried: fitting.map(({ name }) => name),
      fresh: expected
        .filter((weight) => !fits(weight))
        .map(({ name, shape }) => ({ name, shape, found: shapeOf(name) })),
      unused: Object.keys(given).filter((name) => !known.has(name)),
      frozen: fitting.filter(({ trainable }) => !trainable).map(({ name }) => name),
    },
  };
}

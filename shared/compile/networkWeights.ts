import type { NetworkAnalysis } from '../analysis/types';
import { flatNetwork } from '../document/expand';
import type { FloatTensors } from '../ops/tensor';
import type { NetworkDocument } from '../schema/document';
import { initialWeights } from './initialWeights';
import { weightName } from './lowering';
import type { NamedWeight } from './lowering';
import { consumersOf, settleInitializer } from './startingLaw';

/** All weights of a network as far as they are known, in the order in which they are computed with. */
export function networkWeights(document: NetworkDocument, analysis: NetworkAnalysis): readonly NamedWeight[] {
  const consumers = consumersOf(flatNetwork(document));
  return knownWeights(analysis).map((weight) => ({
    ...weight,
    initializer: settleInitializer(weight.initializer, weight.nodeId, analysis, consumers),
  }));
}

/**
 * The weights of a network that are not among the `trained` ones, as they start: what a training with one of several outputs does not
 * reach. With them a model is whole.
 */
export function restingWeights(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  trained: readonly string[],
  seed: number,
): FloatTensors {
  const names = new Set(trained);
  return initialWeights(
    networkWeights(document, analysis).filter(({ name }) => !names.has(name)),
    seed,
  );
}

function knownWeights({ order, nodes }: NetworkAnalysis) {
  return order.flatMap((nodeId) =>
    (nodes.get(nodeId)?.weights ?? []).map((weight) => ({ ...weight, name: weightName(nodeId, weight.name), nodeId })),
  );
}

/** One weight that a network and a model do not agree on. Null: it is not there. */
export type WeightDifference = {
  readonly name: string;
  readonly expected: readonly number[] | null;
  readonly actual: readonly number[] | null;
};

/**
 * Where weights do not fit a network: missing ones, ones of another shape, and ones that it has no place for. `trained`: the nodes that
 * a training with one of several outputs reached; the others never had weights.
 */
export function weightDifferences(
  analysis: NetworkAnalysis,
  weights: FloatTensors,
  trained?: ReadonlySet<string>,
): readonly WeightDifference[] {
  const expected = knownWeights(analysis);
  const differing = expected.flatMap(({ name, nodeId, shape }): WeightDifference[] => {
    if (trained?.has(nodeId) === false && !Object.hasOwn(weights, name)) return [];
    const actual = Object.hasOwn(weights, name) ? (weights[name]?.shape ?? null) : null;
    const isSame = actual?.length === shape.length && actual.every((size, axis) => size === shape[axis]);
    return isSame ? [] : [{ name, expected: shape, actual }];
  });
  const known = new Set(expected.map(({ name }) => name));
  const superfluous = Object.entries(weights).flatMap(([name, { shape }]): WeightDifference[] =>
    known.has(name) ? [] : [{ name, expected: null, actual: shape }],
  );
  return [...differing, ...superfluous];
}

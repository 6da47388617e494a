import type { FunctionBuilder, Value } from '../ops/builder';
import { plainLabels } from './losses';

/** How many samples or pixels have their largest score at the label; a float scalar, exact up to 2^24. An ignored label is no class, so never hit. */
export function correctCount(ops: FunctionBuilder, scores: Value, labels: Value): Value {
  // As floats, because comparisons are of floats; class numbers are far below 2^24.
  const predicted = ops.cast(ops.argMax(scores), 'float32');
  const hits = ops.binary('equal', predicted, ops.cast(labels, 'float32'));
  return ops.reduce('reduceSum', hits, [...hits.shape.keys()]);
}

/**
 * Pixels per class in which prediction and label agree, and pixels per class that either has: [classes] each. Their quotient summed
 * over a data set is the intersection over union (Jaccard index) of a class. Pixels where `counted` is 0 are in neither.
 */
export function intersectionAndUnion(
  ops: FunctionBuilder,
  scores: Value,
  labels: Value,
  classCount: number,
  counted: Value | null = null,
): { readonly intersection: Value; readonly union: Value } {
  const only = (oneHot: Value): Value =>
    counted === null ? oneHot : ops.mul(oneHot, ops.reshape(counted, [...counted.shape, 1]));
  const predicted = only(ops.oneHot(ops.argMax(scores), classCount));
  const actual = only(ops.oneHot(plainLabels(ops, counted, labels), classCount));
  const pixelAxes = [...actual.shape.keys()].slice(0, -1);
  const intersection = ops.reduce('reduceSum', ops.mul(predicted, actual), pixelAxes);
  const both = ops.reduce('reduceSum', ops.add(predicted, actual), pixelAxes);
  return { intersection, union: ops.sub(both, intersection) };
}

import type { FunctionBuilder, Value } from '../ops/builder';

/** How many samples or pixels have their largest score at the label; a float scalar, exact up to 2^24. */
export function correctCount(ops: FunctionBuilder, scores: Value, labels: Value): Value {
  // As floats, because comparisons are of floats; class numbers are far below 2^24.
  const predicted = ops.cast(ops.argMax(scores), 'float32');
  const hits = ops.binary('equal', predicted, ops.cast(labels, 'float32'));
  return ops.reduce('reduceSum', hits, [...hits.shape.keys()]);
}

/**
 * Pixels per class in which prediction and label agree, and pixels per class that either has: [classes] each. Their quotient summed
 * over a data set is the intersection over union (Jaccard index) of a class.
 */
export function intersectionAndUnion(
  ops: FunctionBuilder,
  scores: Value,
  labels: Value,
  classCount: number,
): { readonly intersection: Value; readonly union: Value } {
  const predicted = ops.oneHot(ops.argMax(scores), classCount);
  const actual = ops.oneHot(labels, classCount);
  const pixelAxes = [...actual.shape.keys()].slice(0, -1);
  const intersection = ops.reduce('reduceSum', ops.mul(predicted, actual), pixelAxes);
  const both = ops.reduce('reduceSum', ops.add(predicted, actual), pixelAxes);
  return { intersection, union: ops.sub(both, intersection) };
}

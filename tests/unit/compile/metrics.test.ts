import { describe, expect, it } from 'vitest';
import type { FunctionBuilder, Value } from '../../../shared/ops/builder';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { logitsOf, lossTerms, meanLoss, summedLoss } from '../../../shared/compile/losses';
import type { TrainingTask } from '../../../shared/compile/losses';
import { correctCount, intersectionAndUnion } from '../../../shared/compile/metrics';
import { interpret } from '../../support/referenceInterpreter';

/** Runs a small function on scores [n, 3] and labels [n]. */
function compute(
  scores: readonly (readonly number[])[],
  labels: readonly number[],
  build: (ops: FunctionBuilder, scores: Value, labels: Value) => { readonly [name: string]: Value },
): { readonly [name: string]: readonly number[] } {
  const ops = createOpBuilder();
  const outputs = build(ops, ops.input('scores', ['batch', 3]), ops.input('labels', ['batch'], 'int32'));
  const result = interpret(ops.finish(outputs), {
    scores: { shape: [scores.length, 3], data: Float64Array.from(scores.flat()) },
    labels: { shape: [labels.length], data: Float64Array.from(labels) },
  });
  return Object.fromEntries(Object.entries(result.outputs).map(([name, { data }]) => [name, [...data]]));
}

const scores = [
  [2, 1, 0],
  [0, 0, 5],
  [1, 3, 3],
  [9, 1, 1],
];
const labels = [0, 1, 1, 2];
const threeClasses: TrainingTask = { kind: 'classification', classCount: 3 };

/** -log(exp(scores[label]) / sum of exp(scores)), by hand. */
const entropies = scores.map((row, index) => {
  const total = row.reduce((sum, score) => sum + Math.exp(score), 0);
  return Math.log(total) - row[labels[index]!]!;
});
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('metrics', () => {
  it('counts the samples whose largest score is at the label, the first of equals', () => {
    expect(compute(scores, labels, (ops, s, y) => ({ count: correctCount(ops, s, y) })).count).toEqual([2]);
  });

  it('counts the pixels that prediction and label share, and those that either has', () => {
    // Predicted 0 2 1 0, labelled 0 1 1 2.
    const { intersection, union } = compute(scores, labels, (ops, s, y) => intersectionAndUnion(ops, s, y, 3));
    expect(intersection).toEqual([1, 1, 0]);
    expect(union).toEqual([2, 2, 2]);
  });
});

describe('losses', () => {
  it('give softmax cross-entropy as its mean and its sum', () => {
    const { mean, total } = compute(scores, labels, (ops, s, y) => {
      const losses = lossTerms(ops, { loss: 'crossEntropy', task: threeClasses }, s, y);
      return { mean: meanLoss(ops, losses), total: summedLoss(ops, losses) };
    });
    expect(mean![0]).toBeCloseTo(sum(entropies) / 4, 10);
    expect(total![0]).toBeCloseTo(sum(entropies), 10);
  });

  it('add up over batches of any size to the loss of the whole set', () => {
    const lossOf = (from: number, to: number) =>
      compute(scores.slice(from, to), labels.slice(from, to), (ops, s, y) => ({
        total: summedLoss(ops, lossTerms(ops, { loss: 'crossEntropy', task: threeClasses }, s, y)),
      })).total![0]!;
    expect(lossOf(0, 3) + lossOf(3, 4)).toBeCloseTo(lossOf(0, 4), 10);
  });

  it('take the values before a final softmax, also through a reshape, and not before an inner one', () => {
    const ops = createOpBuilder();
    const logits = ops.input('logits', ['batch', 1, 1, 3]);
    const probabilities = ops.softmax(logits);
    expect(logitsOf(ops, probabilities)).toEqual(logits);
    expect(logitsOf(ops, ops.reshape(probabilities, ['batch', 3]))).toEqual(ops.reshape(logits, ['batch', 3]));
    const scaled = ops.mul(probabilities, 2);
    expect(logitsOf(ops, scaled)).toEqual(scaled);
    const mixed = ops.reshape(ops.softmax(ops.input('maps', ['batch', 2, 2, 3])), ['batch', 12]);
    expect(logitsOf(ops, mixed)).toEqual(mixed);
  });

  it('compare with one-hot targets in the quadratic loss', () => {
    const { mean } = compute(scores, labels, (ops, s, y) => ({
      mean: meanLoss(ops, lossTerms(ops, { loss: 'meanSquaredError', task: threeClasses }, s, y)),
    }));
    const squares = scores.flatMap((row, index) =>
      row.map((score, place) => (score - (place === labels[index] ? 1 : 0)) ** 2),
    );
    expect(mean![0]).toBeCloseTo(sum(squares) / squares.length, 10);
  });

  it.each([
    ['', 2],
    // Nothing is won by giving nothing to a class that is not there.
    [' and without classes that the mask has not', 3],
  ])('compare areas in the Dice loss, without pixels of no class%s', (_words, classCount) => {
    const ops = createOpBuilder();
    const task: TrainingTask = { kind: 'segmentation', classCount, hasIgnored: true };
    const y = ops.input('labels', ['batch', 1, 3], 'int32');
    const terms = lossTerms(ops, { loss: 'dice', task }, ops.input('scores', ['batch', 1, 3, classCount]), y);
    const absent = Array.from({ length: classCount - 2 }, () => -50);
    const result = interpret(ops.finish({ mean: meanLoss(ops, terms) }), {
      // Probabilities of class 1: 1/2, 3/4, and one that does not count.
      scores: {
        shape: [1, 1, 3, classCount],
        data: Float64Array.from(
          [
            [0, 0],
            [0, Math.log(3)],
            [5, 0],
          ].flatMap((two) => [...two, ...absent]),
        ),
      },
      labels: { shape: [1, 1, 3], data: Float64Array.of(0, 1, 255) },
    });
    const zero = (2 * 0.5 + 1) / (0.5 + 0.25 + 1 + 1);
    const one = (2 * 0.75 + 1) / (0.5 + 0.75 + 1 + 1);
    expect(result.outputs.mean!.data[0]).toBeCloseTo(1 - (zero + one) / 2, 10);
  });

  it('have no Dice loss where no pixel counts', () => {
    const ops = createOpBuilder();
    const task: TrainingTask = { kind: 'segmentation', classCount: 2, hasIgnored: true };
    const y = ops.input('labels', ['batch', 1, 1], 'int32');
    const terms = lossTerms(ops, { loss: 'dice', task }, ops.input('scores', ['batch', 1, 1, 2]), y);
    const result = interpret(ops.finish({ mean: meanLoss(ops, terms) }), {
      scores: { shape: [1, 1, 1, 2], data: Float64Array.of(1, 2) },
      labels: { shape: [1, 1, 1], data: Float64Array.of(255) },
    });
    expect(result.outputs.mean!.data[0]).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import type { Loss } from '../../../shared/compile/losses';
import { chain } from '../../support/chain';
import { interpret } from '../../support/referenceInterpreter';
import type { Tensor64 } from '../../support/tensor64';

/** Scores are x times the kernel, without a bias: the least network that shows a loss and its gradient. */
const document = chain([
  ['x', 'input', { shape: [2] }],
  ['f', 'fc', { units: 3, useBias: false }],
]);
const tensor = (shape: readonly number[], data: readonly number[]): Tensor64 => ({
  shape: [...shape],
  data: Float64Array.from(data),
});
const kernel = [0.3, -0.2, 0.5, -0.7, 0.4, 0.1];
const x = [1, 0.5, -0.3, 2, 0.8, -1.1];
const [y, other, share] = [[0, 2, 1], [2, 1, 0], 0.3] as const;
const weightsOfClasses = [1, 3, 0.5];
const labelSmoothing = 0.2;

function step(loss: Loss, more: object, weights: readonly number[]) {
  const compiled = compileTraining(document, analyzeNetwork(document), {
    ...{ optimizer: 'sgd', learningRate: 1, momentum: 0, seed: 1, mixup: 1, loss, ...more },
    task: { kind: 'classification', classCount: 3 },
  });
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
  const feeds = { x: tensor([3, 2], x), y: tensor([3], y), other: tensor([3], other), share: tensor([], [share]) };
  const { functions } = compiled.value.program;
  const { outputs, variables } = interpret(
    functions.trainStep!,
    { ...feeds, learningRate: tensor([], [1]) },
    { 'f/kernel': tensor([2, 3], weights) },
  );
  // By plain descent at a rate of 1 the weights move by the gradient.
  const gradient = [...variables['f/kernel']!.data].map((value, at) => weights[at]! - value);
  return { loss: outputs.loss!.data[0]!, correct: outputs.correct!.data[0]!, gradient };
}

const rows = [0, 1, 2];
const scoresOf = (row: number, weights: readonly number[]) =>
  rows.map((unit) => x[2 * row]! * weights[unit]! + x[2 * row + 1]! * weights[3 + unit]!);
const logSoftmax = (scores: readonly number[]) => {
  const sum = Math.log(scores.reduce((total, score) => total + Math.exp(score), 0));
  return scores.map((score) => score - sum);
};
/** The target of a mixed sample: of its two labels, as much as there is of them. */
const mixedTarget = (row: number) =>
  rows.map((unit) => share * Number(y[row] === unit) + (1 - share) * Number(other[row] === unit));

/** Each loss by hand, against the mixed target. */
const byHand: Readonly<Record<string, (weights: readonly number[]) => number>> = {
  crossEntropy: (weights) =>
    -rows.reduce((sum, row) => {
      const logs = logSoftmax(scoresOf(row, weights));
      return sum + mixedTarget(row).reduce((part, target, unit) => part + target * logs[unit]!, 0);
    }, 0) / 3,
  'crossEntropy, smoothed and weighted': (weights) => {
    const sum = rows.reduce((total, row) => {
      const logs = logSoftmax(scoresOf(row, weights));
      const target = mixedTarget(row).map((part) => (1 - labelSmoothing) * part + labelSmoothing / 3);
      return total - target.reduce((part, value, unit) => part + value * weightsOfClasses[unit]! * logs[unit]!, 0);
    }, 0);
    // What each sample counts is by its own label, and by those of others when they are mixed in: the same in all.
    return sum / y.reduce((total: number, label) => total + weightsOfClasses[label]!, 0);
  },
  binaryCrossEntropy: (weights) =>
    -rows.reduce((sum, row) => {
      const target = mixedTarget(row);
      return (
        sum +
        scoresOf(row, weights).reduce((part, score, unit) => {
          const chance = 1 / (1 + Math.exp(-score));
          return part + target[unit]! * Math.log(chance) + (1 - target[unit]!) * Math.log(1 - chance);
        }, 0)
      );
    }, 0) / 9,
};
const cases = [
  ['crossEntropy', 'crossEntropy', {}],
  ['crossEntropy, smoothed and weighted', 'crossEntropy', { labelSmoothing, weightsOfClasses }],
  ['binaryCrossEntropy', 'binaryCrossEntropy', {}],
] as const;

describe('the loss of mixed samples', () => {
  it.each(cases)('is that against the mixed target, and its gradient too: %s', (name, loss, more) => {
    const found = step(loss, more, kernel);
    const hand = byHand[name]!;
    expect(found.loss).toBeCloseTo(hand(kernel), 10);
    found.gradient.forEach((slope, at) => {
      const moved = (by: number) => kernel.map((value, place) => (place === at ? value + by : value));
      expect(slope).toBeCloseTo((hand(moved(1e-5)) - hand(moved(-1e-5))) / 2e-5, 7);
    });
  });

  it('counts an answer by the share of its label', () => {
    const right = rows.map((row) => {
      const scores = scoresOf(row, kernel);
      const answer = scores.indexOf(Math.max(...scores));
      return share * Number(answer === y[row]) + (1 - share) * Number(answer === other[row]);
    });
    expect(step('crossEntropy', {}, kernel).correct).toBeCloseTo(
      right.reduce((sum, value) => sum + value, 0),
      10,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import { ignoredLabel } from '../../../shared/compile/losses';
import { chain } from '../../support/chain';
import { interpret } from '../../support/referenceInterpreter';
import type { Tensor64 } from '../../support/tensor64';

const document = chain([
  ['image', 'input', { shape: [2, 2, 1] }],
  ['scores', 'conv', { filters: 2, kernelSize: 1 }],
]);
const config = { optimizer: 'sgd', learningRate: 1, momentum: 0, seed: 1 } as const;

function compiled(loss: 'crossEntropy' | 'meanSquaredError', hasIgnored: boolean) {
  const task = { kind: 'segmentation', classCount: 2, hasIgnored } as const;
  const result = compileTraining(document, analyzeNetwork(document), { ...config, loss, task });
  if (!result.ok) throw new Error(result.diagnostics[0]!.summary.en);
  return result.value.program;
}

const tensor = (shape: readonly number[], data: readonly number[]): Tensor64 => ({
  shape: [...shape],
  data: Float64Array.from(data),
});
const weights = { 'scores/kernel': tensor([1, 1, 1, 2], [1, -1]), 'scores/bias': tensor([2], [0, 0]) };
/** Logits are (x, -x): class 0 where x is positive. */
const x = tensor([2, 2, 2, 1], [1, 2, -3, 4, -1, 1, 2, -2]);
const labels = (data: readonly number[]): Tensor64 => tensor([2, 2, 2], data);
const none = ignoredLabel;

function evaluate(y: Tensor64, hasIgnored: boolean, loss: 'crossEntropy' | 'meanSquaredError' = 'crossEntropy') {
  const { outputs } = interpret(compiled(loss, hasIgnored).functions.evaluate!, { x, y }, weights);
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, [...value.data]]));
}

const entropy = (value: number, label: number) => Math.log(1 + Math.exp((label === 0 ? -2 : 2) * value));

describe('pixels of no class', () => {
  it('count neither in the loss nor in the scores', () => {
    const scores = evaluate(labels([0, 1, none, none, none, 0, none, 1]), true);
    const first = (entropy(1, 0) + entropy(2, 1)) / 2;
    const second = (entropy(1, 0) + entropy(-2, 1)) / 2;
    expect(scores.lossSum![0]).toBeCloseTo(first + second, 10);
    expect(scores.correct).toEqual([3]);
    expect(scores.intersection).toEqual([2, 1]);
    expect(scores.union).toEqual([3, 2]);
  });

  it('change nothing where there are none', () => {
    const y = labels([0, 1, 1, 0, 0, 1, 1, 0]);
    for (const loss of ['crossEntropy', 'meanSquaredError'] as const) {
      const [plain, masked] = [evaluate(y, false, loss), evaluate(y, true, loss)];
      for (const name of Object.keys(plain)) {
        plain[name]!.forEach((value, at) => expect(masked[name]![at]).toBeCloseTo(value, 10));
      }
    }
  });

  it('leave weights as they are when a batch has nothing else', () => {
    const { functions } = compiled('crossEntropy', true);
    const y = labels(new Array<number>(8).fill(none));
    const step = interpret(functions.trainStep!, { x, y, learningRate: tensor([], [1]) }, weights);
    expect([...step.outputs.loss!.data]).toEqual([0]);
    expect([...step.variables['scores/kernel']!.data]).toEqual([1, -1]);
  });

  it('weigh the others as if they were alone: the mean is over those that count', () => {
    const { functions } = compiled('crossEntropy', true);
    const y = labels([0, none, none, none, none, none, none, 1]);
    const { outputs } = interpret(functions.trainStep!, { x, y, learningRate: tensor([], [1]) }, weights);
    expect(outputs.loss!.data[0]).toBeCloseTo((entropy(1, 0) + entropy(-2, 1)) / 2, 10);
  });

  it('add nothing to the graph of a set without them', () => {
    const count = (hasIgnored: boolean) => compiled('crossEntropy', hasIgnored).functions.trainStep!.nodes.length;
    expect(count(false)).toBeLessThan(count(true));
  });
});

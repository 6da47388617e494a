import { describe, expect, it } from 'vitest';
import { expandBatchNorms, isBatchNorm } from '../../../shared/ops/batchNorm';
import type { FunctionBuilder } from '../../../shared/ops/builder';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { differentiate } from '../../../shared/ops/differentiate';
import type { OpFunction } from '../../../shared/ops/graph';
import { drawTensor } from '../../support/opCases/opCase';
import { interpret } from '../../support/referenceInterpreter';

/** A step that trains gamma of one batch norm over an image, and beta of another over vectors made from it. */
function trainStep(): OpFunction {
  const ops = createOpBuilder();
  const [gamma, beta] = [ops.variable('gamma', [3]), ops.variable('beta', [2])];
  const image = ops.batchNorm(ops.unary('tanh', ops.input('x', ['batch', 4, 5, 3])), gamma, filled(ops, 3, 0), 1e-3);
  const vectors = ops.matMul(ops.reduce('reduceMax', image, [1, 2]), ops.variable('w', [3, 2]));
  const y = ops.batchNorm(vectors, filled(ops, 2, 1), beta, 0.1);
  const loss = ops.reduce('reduceMean', ops.unary('square', ops.sub(y, 0.5)), [0, 1]);
  const gradients = differentiate(ops, loss, [gamma, beta]);
  const learningRate = ops.input('learningRate', []).id;
  ['gamma', 'beta'].forEach((variable, index) => {
    ops.update({ kind: 'sgd', variable, gradient: gradients[index]!.id, learningRate });
  });
  return ops.finish({ loss, y });
}

function filled(ops: FunctionBuilder, length: number, value: number) {
  return ops.constant(new Float32Array(length).fill(value), [length]);
}

const variables = {
  gamma: drawTensor([3], 'positive', 1),
  beta: drawTensor([2], 'normal', 2),
  w: drawTensor([3, 2], 'normal', 3),
};

function feeds(batch: number) {
  return { x: drawTensor([batch, 4, 5, 3], 'normal', 4), learningRate: { shape: [], data: Float64Array.of(0.1) } };
}

describe('expandBatchNorms', () => {
  it.each([1, 2, 5])('keeps outputs and updates to the last digits on a batch of %i', (batch) => {
    const whole = trainStep();
    const expanded = expandBatchNorms(whole);
    expect(expanded.nodes.some(isBatchNorm)).toBe(false);
    const expected = interpret(whole, feeds(batch), variables);
    const actual = interpret(expanded, feeds(batch), variables);
    for (const name of ['loss', 'y']) expectEqual(actual.outputs[name]!.data, expected.outputs[name]!.data);
    // Of one vector a batch norm leaves nothing, so that no gradient comes to gamma.
    for (const name of batch === 1 ? (['beta'] as const) : (['gamma', 'beta'] as const)) {
      expect([...expected.variables[name]!.data]).not.toEqual([...variables[name].data]);
    }
    for (const name of ['gamma', 'beta']) {
      expectEqual(actual.variables[name]!.data, expected.variables[name]!.data);
    }
  });

  it('leaves those that an engine keeps, with both gradients', () => {
    const kept = expandBatchNorms(trainStep(), (shape) => shape.length === 4).nodes.filter(isBatchNorm);
    expect(kept.map(({ op, shape }) => [op, shape.length])).toEqual([
      ['batchNorm', 4],
      ['batchNormGammaGrad', 1],
    ]);
  });

  it('gives a function without any back as it is', () => {
    const expanded = expandBatchNorms(trainStep());
    expect(expandBatchNorms(expanded)).toBe(expanded);
  });

  it('computes the statistics once for the forward pass, the gradients and the running averages', () => {
    const ops = createOpBuilder();
    const x = ops.input('x', ['batch', 4, 4, 2]);
    const gamma = ops.variable('gamma', [2]);
    const y = ops.batchNorm(x, gamma, filled(ops, 2, 0), 1e-3);
    const [dx, dGamma] = differentiate(ops, ops.reduce('reduceSum', ops.unary('square', y), [0, 1, 2, 3]), [x, gamma]);
    ops.assign(ops.variable('moving', [2]), ops.reduce('reduceMean', x, [0, 1, 2]));
    const { nodes } = expandBatchNorms(ops.finish({ dx: dx!, dGamma: dGamma! }));
    expect(nodes.filter(({ op }) => op === 'reduceMean')).toHaveLength(2);
    expect(nodes.filter(({ op }) => op === 'sqrt')).toHaveLength(1);
  });
});

describe('batchNorm refuses', () => {
  it.each([
    ['a gamma of another length', [4], [3]],
    ['a beta of another length', [3], [1]],
  ] as const)('%s', (_, gammaShape, betaShape) => {
    const ops = createOpBuilder();
    const x = ops.input('x', ['batch', 3]);
    const build = () => ops.batchNorm(x, ops.variable('gamma', gammaShape), ops.variable('beta', betaShape), 1e-3);
    expect(build).toThrow('batchNorm');
  });

  it('a value with no axis beside the channels', () => {
    const ops = createOpBuilder();
    const [x, gamma] = [ops.variable('x', [3]), ops.variable('gamma', [3])];
    expect(() => ops.batchNorm(x, gamma, gamma, 1e-3)).toThrow('batchNorm');
  });
});

function expectEqual(actual: Float64Array, expected: Float64Array): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, place) => expect(value).toBeCloseTo(expected[place]!, 9));
}

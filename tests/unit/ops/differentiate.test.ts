import { describe, expect, it } from 'vitest';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { differentiate } from '../../../shared/ops/differentiate';
import { erf } from '../../../shared/ops/erf';
import { errorFunction } from '../../support/referenceInterpreter';

describe('differentiate', () => {
  it('gives null where the loss does not depend on a variable, or only through whole numbers', () => {
    const ops = createOpBuilder();
    const used = ops.variable('used', [3]);
    const unused = ops.variable('unused', [3]);
    const counted = ops.variable('counted', [3]);
    const hot = ops.oneHot(ops.argMax(ops.reshape(counted, [1, 3])), 3);
    const loss = ops.reduce('reduceSum', ops.mul(ops.add(used, 1), hot), [0, 1]);
    const [toUsed, toUnused, toCounted] = differentiate(ops, loss, [used, unused, counted]);
    expect(toUsed?.shape).toEqual([3]);
    expect([toUnused, toCounted]).toEqual([null, null]);
  });

  it('visits only what lies between the variables and the loss', () => {
    const ops = createOpBuilder();
    const x = ops.input('x', ['batch', 4]);
    const w = ops.variable('w', [4, 2]);
    const loss = ops.reduce('reduceSum', ops.matMul(ops.unary('tanh', x), w), [0, 1]);
    const [gradient] = differentiate(ops, loss, [w]);
    // tanh once, forward: nothing is built towards x.
    const built = ops.finish({ loss, gradient: gradient! }).nodes.map((node) => node.op);
    expect(built.filter((op) => op === 'matMul')).toHaveLength(2);
    expect(built.filter((op) => op === 'sub' || op === 'square')).toHaveLength(0);
  });

  it('refuses a loss that is no scalar, and places of windows that overlap', () => {
    const ops = createOpBuilder();
    const x = ops.variable('x', [1, 4, 4, 1]);
    expect(() => differentiate(ops, x, [x])).toThrow(/scalar/);
    const pool = { size: [2, 2], strides: [2, 1], pads: [0, 0, 0, 0] } as const;
    const y = ops.maxPool(x, pool);
    const loss = ops.reduce('reduceSum', ops.maxPoolGrad(x, y, ops.unary('exp', y), pool), [0, 1, 2, 3]);
    expect(() => differentiate(ops, loss, [x])).toThrow(/maxPoolGrad of windows that overlap/);
  });
});

describe('erf', () => {
  it.each([0, 0.1, -0.5, 1, -2, 3.5, 5.9])('of %f is its integral', (x) => {
    expect(erf(x)).toBeCloseTo(errorFunction(x), 10);
  });

  it('is one beyond 6, odd, and no number for none', () => {
    expect(erf(7)).toBe(1);
    expect(erf(-7)).toBe(-1);
    expect(erf(NaN)).toBeNaN();
    expect(erf(0.5)).toBeCloseTo(0.5204998778, 10);
  });
});

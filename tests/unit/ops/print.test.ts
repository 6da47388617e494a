import { describe, expect, it } from 'vitest';
import { countOps, printFunction, printProgram } from '../../../shared/ops/print';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { smallProgram } from '../../support/smallProgram';
import { compileCase, trainingCases } from '../../support/trainingCases';

describe('printProgram', () => {
  it('prints a program in one way', () => {
    expect(printProgram(smallProgram())).toMatchInlineSnapshot(`
      "variable %w/c/kernel : f32[3,3,2,5]
      variable %w/c/bias : f32[5]

      function step(%in/x : f32[batch,4,4,2], %in/learningRate : f32[])
        %3 = conv2d %in/x %w/c/kernel {strides 1x1, pads 0 0 0 0} : f32[batch,2,2,5]
        %4 = add %3 %w/c/bias : f32[batch,2,2,5]
        %5 = relu %4 : f32[batch,2,2,5]
        %6 = reduceSum %5 {axes 0 1 2} : f32[5]
        %8 = reshape %5 : f32[batch,20]
        output y = %8
        %w/c/bias <- sgd %6 {learningRate %in/learningRate}"
    `);
  });

  it('prints equal programs alike and different ones apart', () => {
    const [a, b] = [compileCase(trainingCases[5]!), compileCase(trainingCases[5]!)];
    expect(printProgram(a.program)).toBe(printProgram(b.program));
    const other = compileCase({
      ...trainingCases[5]!,
      options: { ...trainingCases[5]!.options, optimizer: 'momentum' },
    });
    expect(printProgram(other.program)).not.toBe(printProgram(a.program));
  });

  it('shows numbers where they are used, short constants whole and long ones by a digest', () => {
    const ops = createOpBuilder();
    const x = ops.input('x', ['batch', 9]);
    const long = (value: number) => ops.constant(new Float32Array(9).fill(value), [9]);
    const y = ops.mul(ops.add(x, 0.5), ops.mul(long(2), ops.reduce('reduceSum', ops.constant([1, 2], [2]), [0])));
    const lines = printFunction('f', ops.finish({ y, z: ops.mul(x, long(3)) })).split('\n');
    expect(lines).toEqual([
      'function f(%in/x : f32[batch,9])',
      '  %2 = add %in/x 0.5 : f32[batch,9]',
      '  %3 = constant {9 numbers, digest 8211a50d} : f32[9]',
      '  %4 = constant {1 2} : f32[2]',
      '  %5 = reduceSum %4 {axes 0} : f32[]',
      '  %6 = mul %3 %5 : f32[9]',
      '  %7 = mul %2 %6 : f32[batch,9]',
      '  %8 = constant {9 numbers, digest 5ef9a50d} : f32[9]',
      '  %9 = mul %in/x %8 : f32[batch,9]',
      '  output y = %7',
      '  output z = %9',
    ]);
  });

  it('counts nodes by op, the commonest first', () => {
    expect(countOps(smallProgram().functions.step!)).toEqual([
      ['input', 2],
      ['variable', 2],
      ['add', 1],
      ['conv2d', 1],
      ['reduceSum', 1],
      ['relu', 1],
      ['reshape', 1],
    ]);
  });
});

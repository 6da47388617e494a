import { describe, expect, it } from 'vitest';
import { opCases } from '../../support/opCases';
import {
  argumentName,
  caseProgram,
  caseValues,
  differentiableArguments,
  drawTensor,
} from '../../support/opCases/opCase';
import { interpret } from '../../support/referenceInterpreter';
import type { Tensors64 } from '../../support/referenceInterpreter';

const step = 1e-5;

describe('gradients agree with finite differences', () => {
  it.each(opCases.filter((opCase) => opCase.differentiable).map((opCase) => [opCase.name, opCase] as const))(
    '%s',
    (_, opCase) => {
      const { forward, gradients } = caseProgram(opCase).functions;
      const values: Tensors64 = Object.fromEntries(
        caseValues(opCase, 2, 7).map((value, index) => [argumentName(index), value]),
      );
      const y = interpret(forward!, values, values).outputs.y!;
      const dy = drawTensor(y.shape, 'normal', 99);
      const lossAt = (arguments_: Tensors64) =>
        interpret(gradients!, { ...arguments_, dy }, arguments_).outputs.loss!.data[0]!;
      const { outputs } = interpret(gradients!, { ...values, dy }, values);
      for (const place of differentiableArguments(opCase)) {
        const name = argumentName(place);
        const value = values[name]!;
        const numeric = value.data.map((x, index) => {
          const moved = (by: number) => ({ ...values, [name]: { ...value, data: value.data.with(index, x + by) } });
          return (lossAt(moved(step)) - lossAt(moved(-step))) / (2 * step);
        });
        // No gradient output at all means that it is zero.
        const exact = outputs[name]?.data ?? new Float64Array(value.data.length);
        numeric.forEach((slope, index) => expect(exact[index]! - slope).toBeCloseTo(0, 5));
      }
    },
  );
});

import { expect } from 'vitest';
import { argumentName, caseProgram, caseValues, differentiableArguments, drawTensor } from './opCases/opCase';
import type { OpCase } from './opCases/opCase';
import { interpret } from './referenceInterpreter';
import type { Tensors64 } from './referenceInterpreter';

const step = 1e-5;

/** Expects each gradient of a case to be the slope of its forward pass, by central differences in double precision. */
export function expectSlopes(opCase: OpCase, batch = 2): void {
  const { forward, gradients } = caseProgram(opCase).functions;
  const values: Tensors64 = Object.fromEntries(
    caseValues(opCase, batch, 7).map((value, index) => [argumentName(index), value]),
  );
  const dy = drawTensor(interpret(forward!, values, values).outputs.y!.shape, 'normal', 99);
  // The loss is taken from the forward pass alone, so that the backward pass is measured against something that it is not in.
  const lossAt = (moved: Tensors64) =>
    interpret(forward!, moved, moved).outputs.y!.data.reduce((sum, value, index) => sum + value * dy.data[index]!, 0);
  const { outputs } = interpret(gradients!, { ...values, dy }, values);
  for (const place of differentiableArguments(opCase)) {
    const name = argumentName(place);
    const value = values[name]!;
    // No gradient output at all means that it is zero.
    const exact = outputs[name]?.data ?? new Float64Array(value.data.length);
    value.data.forEach((x, index) => {
      const moved = (by: number) => ({ ...values, [name]: { ...value, data: value.data.with(index, x + by) } });
      const slope = (lossAt(moved(step)) - lossAt(moved(-step))) / (2 * step);
      expect(exact[index]! - slope).toBeCloseTo(0, 5);
    });
  }
}

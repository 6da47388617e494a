import { describe, expect, it } from 'vitest';
import type { EngineSession, TensorMap } from '../../electron/trainer/engines/engine';
import { createOnnxruntimeEngine } from '../../electron/trainer/engines/onnxruntime';
import type { OpFunction, Program } from '../../shared/ops/graph';
import { opCases } from '../support/opCases';
import { argumentName, caseProgram, caseValues, drawTensor } from '../support/opCases/opCase';
import { interpret } from '../support/referenceInterpreter';
import type { Tensors64 } from '../support/referenceInterpreter';
import { fromHostTensor, toHostTensor } from '../support/tensor64';
import type { Tensor64 } from '../support/tensor64';

async function compile(program: Program): Promise<EngineSession> {
  const compiled = await createOnnxruntimeEngine().compile(program);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled.value;
}

function feedsOf(definition: OpFunction, values: Tensors64): TensorMap {
  return Object.fromEntries(
    definition.inputs.map(({ name, dtype }) => [name, toHostTensor(values[name]!, dtype)] as const),
  );
}

function variablesOf(program: Program, values: Tensors64): TensorMap {
  return Object.fromEntries(
    program.variables.map(({ name, dtype }) => [name, toHostTensor(values[name]!, dtype)] as const),
  );
}

function expectClose(actual: Tensor64, expected: Tensor64): void {
  expect(actual.shape).toEqual(expected.shape);
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  expected.data.forEach((value, place) => {
    const difference = Math.abs(actual.data[place]! - value) / scale;
    if (!(difference < 2e-5)) expect.fail(`element ${place}: ${actual.data[place]!} instead of ${value}`);
  });
}

describe('the onnxruntime engine computes what the reference interpreter does', () => {
  it.each(opCases.map((opCase) => [opCase.name, opCase] as const))('%s', async (_, opCase) => {
    const program = caseProgram(opCase);
    const session = await compile(program);
    // Two batch sizes through one session: nothing may be fixed to the first.
    for (const batch of [2, 3]) {
      const values: Record<string, Tensor64> = Object.fromEntries(
        caseValues(opCase, batch, 7).map((value, index) => [argumentName(index), value] as const),
      );
      const y = interpret(program.functions.forward!, values, values).outputs.y!;
      values.dy = drawTensor(y.shape, 'normal', 99);
      await session.write(variablesOf(program, values));
      for (const [name, definition] of Object.entries(program.functions)) {
        const actual = await session.run(name, feedsOf(definition, values));
        const expected = interpret(definition, values, values).outputs;
        expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted());
        for (const [output, tensor] of Object.entries(expected)) expectClose(fromHostTensor(actual[output]!), tensor);
      }
    }
    await session.dispose();
  });
});

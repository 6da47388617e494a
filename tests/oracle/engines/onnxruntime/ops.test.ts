import { describe, expect, it } from 'vitest';
import type { EngineSession, TensorMap } from '../../../../electron/engines/engine';
import { createOnnxruntimeEngine } from '../../../../electron/engines/onnxruntime';
import type { ConvAttributes, OpFunction, Program } from '../../../../shared/ops/graph';
import { convOutputSize } from '../../../../shared/ops/inference';
import { engineCases } from '../../../support/opCases';
import { argumentName, caseProgram, caseValues, drawTensor, fed, held, opCase } from '../../../support/opCases/opCase';
import type { OpCase } from '../../../support/opCases/opCase';
import { interpret } from '../../../support/referenceInterpreter';
import type { Tensors64 } from '../../../support/referenceInterpreter';
import { fromHostTensor, toHostTensor } from '../../../support/tensor64';
import type { Tensor64 } from '../../../support/tensor64';

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

const plain: ConvAttributes = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 };
const halving = { size: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] } as const;

/** Shapes at which this engine takes another way through the matrix products than on the small shapes of the shared cases. */
const filterGradientRows: readonly (Partial<ConvAttributes> & {
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly channels: readonly [number, number];
})[] = [
  { size: [18, 17], kernel: [3, 3], channels: [8, 9], pads: [1, 1, 1, 1] },
  { size: [18, 17], kernel: [3, 3], channels: [9, 8], pads: [1, 1, 1, 1] },
  { size: [20, 21], kernel: [3, 2], channels: [12, 13], pads: [0, 1, 1, 0] },
  { size: [20, 19], kernel: [2, 3], channels: [13, 12], dilations: [2, 2], pads: [2, 1, 0, 4] },
  { size: [9, 8], kernel: [3, 3], channels: [8, 9], pads: [1, 1, 1, 1] },
  { size: [9, 8], kernel: [3, 3], channels: [10, 8], pads: [2, 0, 1, 1] },
  { size: [5, 5], kernel: [3, 3], channels: [8, 8], pads: [7, 7, 7, 7] },
  { size: [19, 18], kernel: [1, 1], channels: [3, 4] },
  { size: [36, 36], kernel: [2, 2], channels: [2, 3], strides: [2, 2] },
  { size: [24, 24], kernel: [5, 5], channels: [1, 3] },
  { size: [20, 20], kernel: [3, 3], channels: [2, 4], groups: 2, pads: [1, 1, 1, 1] },
];

const filterGradientCases = filterGradientRows.map(({ size, kernel, channels, ...row }): OpCase => {
  const attributes: ConvAttributes = { ...plain, ...row };
  const small = fed([...convOutputSize(size, kernel, attributes), channels[1]]);
  const title = `${size.join('x')}x${channels[0]} kernel ${kernel.join('x')}x${channels[1]} ${JSON.stringify(row)}`;
  return opCase(
    `conv2dFilterGrad ${title}`,
    [fed([...size, channels[0]]), small],
    (ops, x, dy) => ops.conv2dFilterGrad(x, dy, kernel, attributes),
    false,
  );
});

/** Windows that tile the image: their maxima and their places are found by comparing whole images. */
const tilingCases = [2, 3].map((block) => {
  const attributes = { size: [block, block], strides: [block, block], pads: [0, 0, 0, 0] } as const;
  const gradient: Parameters<typeof opCase>[2] = (ops, x) => {
    const y = ops.maxPool(x, attributes);
    return ops.maxPoolGrad(x, y, ops.add(ops.unary('square', y), 1), attributes);
  };
  return opCase(
    `max pool that tiles by ${block}, many ties`,
    [fed([2 * block, 3 * block, 5], 'ties')],
    gradient,
    false,
  );
});

/** Nodes that this engine fuses or rewrites. */
const fusionCases: readonly OpCase[] = [
  opCase('conv, bias and relu', [fed([6, 5, 2]), held([3, 3, 2, 4]), held([4])], (ops, x, w, b) =>
    ops.unary('relu', ops.add(ops.conv2d(x, w, plain), b)),
  ),
  opCase('conv, relu and max pool', [fed([7, 6, 2]), held([2, 2, 2, 3]), held([3])], (ops, x, w, b) =>
    ops.maxPool(ops.unary('relu', ops.add(ops.conv2d(x, w, plain), b)), halving),
  ),
  opCase('relu and max pool, with the relu used elsewhere', [fed([6, 6, 2])], (ops, x) => {
    const y = ops.unary('relu', x);
    return ops.add(ops.reduce('reduceSum', ops.maxPool(y, halving), [1, 2]), ops.reduce('reduceMean', y, [1, 2]));
  }),
  opCase('fully connected, bias and relu', [fed([5]), held([5, 4]), held([4])], (ops, x, w, b) =>
    ops.unary('relu', ops.add(ops.matMul(x, w), b)),
  ),
  opCase('fully connected with a bias that is used twice', [fed([5]), held([5, 4]), held([4])], (ops, x, w, b) => {
    const y = ops.matMul(x, w);
    return ops.mul(ops.add(y, b), y);
  }),
  opCase('up-conv and bias', [fed([3, 4, 2]), held([2, 2, 3, 2]), held([3])], (ops, x, w, b) =>
    ops.add(ops.conv2dInputGrad(x, w, [6, 8], { ...plain, strides: [2, 2] }), b),
  ),
  opCase('a filter that is also decayed', [fed([4, 4, 2]), held([2, 2, 2, 3])], (ops, x, w) =>
    ops.add(
      ops.reduce('reduceSum', ops.conv2d(x, w, plain), [1, 2]),
      ops.reduce('reduceSum', ops.unary('square', w), [0, 1, 2]),
    ),
  ),
  opCase('conv, flatten and fully connected', [fed([4, 3, 2]), held([2, 2, 2, 3]), held([18, 2])], (ops, x, w, f) =>
    ops.matMul(ops.reshape(ops.conv2d(x, w, plain), ['batch', 18]), f),
  ),
];

const allCases = [...engineCases, ...filterGradientCases, ...tilingCases, ...fusionCases];

describe('the onnxruntime engine computes what the reference interpreter does', () => {
  it.each(allCases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const program = caseProgram(one);
    const session = await compile(program);
    // Two batch sizes through one session: nothing may be fixed to the first.
    for (const batch of [2, 3]) {
      const values: Record<string, Tensor64> = Object.fromEntries(
        caseValues(one, batch, 7).map((value, index) => [argumentName(index), value] as const),
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

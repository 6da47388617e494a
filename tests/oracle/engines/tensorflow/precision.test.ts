import { describe, expect, it } from 'vitest';
import { createTensorflowEngine } from '../../../../electron/engines/tensorflow';
import {
  lossesOf,
  startTraining,
  trainedNumbers,
  verificationTraining,
} from '../../../../electron/engines/verification';
import { createOpBuilder } from '../../../../shared/ops/createOpBuilder';
import type { ConvAttributes } from '../../../../shared/ops/graph';
import type { Value } from '../../../../shared/ops/builder';
import { inPrecision } from '../../../../shared/ops/precision';
import { expectClose, feedsFor, withSession } from '../../../support/describeEngine';
import { interpret } from '../../../support/referenceInterpreter';
import { drawTensor } from '../../../support/opCases/opCase';
import { fromHostTensor } from '../../../support/tensor64';

const plain: ConvAttributes = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], groups: 1 };
const batch = 3;

type Row = readonly [title: string, attributes: ConvAttributes, channels: number];

const convolutions: readonly Row[] = [
  ['plain', plain, 4],
  ['with strides and pads of its own', { ...plain, strides: [2, 2] }, 4],
  ['dilated', { ...plain, dilations: [2, 2], pads: [2, 2, 2, 2] }, 4],
  ['grouped', { ...plain, groups: 2 }, 4],
  ['depthwise', { ...plain, groups: 4 }, 4],
];

/** A convolution, both of its gradients, and a matrix product. */
function products(attributes: ConvAttributes, channels: number) {
  const ops = createOpBuilder();
  const x = ops.input('x', ['batch', 7, 7, channels]);
  const filter = ops.input('filter', [3, 3, channels / attributes.groups, 8]);
  const y = ops.conv2d(x, filter, attributes);
  const dy = ops.input('dy', y.shape);
  const outputs: { readonly [name: string]: Value } = {
    y,
    dx: ops.conv2dInputGrad(dy, filter, [7, 7], attributes),
    dFilter: ops.conv2dFilterGrad(x, dy, [3, 3], attributes),
    product: ops.matMul(ops.reshape(x, ['batch', 49 * channels]), ops.reshape(x, ['batch', 49 * channels]), {
      transposeA: true,
    }),
  };
  return {
    definition: inPrecision(ops.finish(outputs), 'bfloat16'),
    dyShape: [batch, ...y.shape.slice(1).map(Number)],
  };
}

describe('TensorFlow in bfloat16', () => {
  it.each(convolutions)('computes products as the reference does in that type: %s', async (_, attributes, channels) => {
    const { definition, dyShape } = products(attributes, channels);
    const values = {
      x: drawTensor([batch, 7, 7, channels], 'normal', 3),
      filter: drawTensor([3, 3, channels / attributes.groups, 8], 'normal', 5),
      dy: drawTensor(dyShape, 'normal', 7),
    };
    const expected = interpret(definition, values).outputs;
    const program = { variables: [], functions: { run: definition } };
    await withSession(createTensorflowEngine(), program, async (session) => {
      const actual = await session.run('run', feedsFor(definition, values));
      for (const [name, value] of Object.entries(expected)) {
        // A sum in another order may be rounded to the next number of 8 bits. Where the processor has no bfloat16, TensorFlow sums up the
        // gradient of a filter in that type as well.
        expectClose(fromHostTensor(actual[name]!), value, name === 'dFilter' ? 4e-2 : 1e-2);
      }
    });
  });

  it('trains to the losses of float32 within its rounding, and to other weights', async () => {
    const numbers = async (precision: 'float32' | 'bfloat16') => {
      const training = verificationTraining('small', precision);
      return await withSession(createTensorflowEngine(), training.program, async (session) => {
        await startTraining(session, training);
        return await trainedNumbers(session, training);
      });
    };
    const [exact, rounded] = [await numbers('float32'), await numbers('bfloat16')];
    expect(rounded).not.toEqual(exact);
    lossesOf(exact).forEach((loss, step) =>
      expect(Math.abs(loss - lossesOf(rounded)[step]!) / loss).toBeLessThan(0.05),
    );
  });
});

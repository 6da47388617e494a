import { describe, expect, it } from 'vitest';
import { createTensorflowEngine } from '../../../../electron/engines/tensorflow';
import type { Value } from '../../../../shared/ops/builder';
import { createOpBuilder } from '../../../../shared/ops/createOpBuilder';
import { differentiate } from '../../../../shared/ops/differentiate';
import type { Program } from '../../../../shared/ops/graph';
import type { ChainRow } from '../../../support/chain';
import { expectClose, expectTraining, feedsFor, variablesFor, withSession } from '../../../support/describeEngine';
import { drawTensor } from '../../../support/opCases/opCase';
import { interpret } from '../../../support/referenceInterpreter';
import { fromHostTensor } from '../../../support/tensor64';
import { describeTensorflow } from '../../../support/tensorflow';

/** 16 x 16 x 32 values a sample: enough for TensorFlow's own kernels. */
const image: ChainRow = ['image', 'input', { shape: [16, 16, 2] }];
const features: ChainRow = ['features', 'conv', { filters: 32, kernelSize: 1, useBias: false }];
const head: readonly ChainRow[] = [
  ['pool', 'gap'],
  ['scores', 'fc', { units: 3 }],
];

const networks: readonly (readonly [string, readonly ChainRow[]])[] = [
  ['after a convolution', [image, features, ['norm', 'batchnorm'], ['relu', 'activation'], ...head]],
  [
    'with momentum 0.5 and epsilon 0.1, without gamma and beta',
    [
      image,
      features,
      ['norm', 'batchnorm', { momentum: 0.5, epsilon: 0.1, scale: false, center: false }],
      ['relu', 'activation'],
      ...head,
    ],
  ],
  [
    'twice over the same values, which a skip connection takes too',
    [
      image,
      features,
      ['left', 'batchnorm'],
      ['bent', 'activation', { function: 'tanh' }],
      ['right', 'batchnorm', { epsilon: 0.01 }, ['features']],
      ['sum', 'add', {}, ['bent', 'right', 'features']],
      ...head,
    ],
  ],
  [
    'over the image itself, to which no gradient goes',
    // Rectified: the mean of what is normalised over one image is nothing but rounding, and so would gamma's gradient be.
    [['image', 'input', { shape: [64, 64, 2] }], ['norm', 'batchnorm'], ['relu', 'activation'], ...head],
  ],
];

describeTensorflow('batch normalisation by the kernels of TensorFlow', () => {
  describe.each(networks)('%s', (_, rows) => {
    it.each([1, 3])('trains as the reference does on batches of %i: losses, weights, running statistics', (batch) =>
      expectTraining(
        createTensorflowEngine(),
        {
          name: 'batch normalisation',
          rows,
          options: {
            optimizer: 'momentum',
            learningRate: 0.01,
            momentum: 0.9,
            loss: 'auto',
            seed: 3,
            task: { kind: 'classification', classCount: 3 },
          },
        },
        { steps: 4, batch },
      ),
    );
  });

  it('gives gradients where the function has no forward pass, and beside values that only look like its statistics', async () => {
    const ops = createOpBuilder();
    const shape = [16, 16, 32];
    const x = ops.input('x', ['batch', ...shape]);
    const other = ops.input('other', ['batch', ...shape]);
    const [gamma, beta] = [ops.variable('gamma', [32]), ops.variable('beta', [32])];
    const y = ops.batchNorm(x, gamma, beta, 1e-3);
    const loss = ops.reduce('reduceSum', ops.mul(y, other), [0, 1, 2, 3]);
    const [dx, dGamma, dBeta] = differentiate(ops, loss, [x, gamma, beta]);
    const mean = (value: Value, axes = [0, 1, 2], keepDims = false): Value =>
      ops.reduce('reduceMean', value, axes, keepDims);
    const spreadAround = (value: Value): Value => mean(ops.unary('square', ops.sub(x, value)));
    const outputs = {
      mean: mean(x),
      variance: spreadAround(mean(x)),
      perImage: mean(x, [1, 2]),
      keptAxes: mean(x, [0, 1, 2], true),
      secondMoment: mean(ops.unary('square', x)),
      aroundBeta: spreadAround(beta),
      aroundOther: spreadAround(mean(other)),
      turned: mean(ops.unary('square', ops.sub(mean(x), other))),
    };
    const all = ops.finish({ y, dx: dx!, dGamma: dGamma!, dBeta: dBeta!, ...outputs });
    const gradients = ops.finish({ dx: dx!, dGamma: dGamma! });
    const program: Program = {
      variables: ['gamma', 'beta'].map((name) => ({ name, shape: [32], dtype: 'float32' })),
      functions: { all, gradients },
    };
    const variables = { gamma: drawTensor([32], 'positive', 1), beta: drawTensor([32], 'normal', 2) };
    const inputs = { x: drawTensor([2, ...shape], 'normal', 3), other: drawTensor([2, ...shape], 'normal', 4) };
    await withSession(createTensorflowEngine(), program, async (session) => {
      await session.write(variablesFor(program, variables));
      for (const [name, fn] of Object.entries(program.functions)) {
        const actual = await session.run(name, feedsFor(fn, inputs));
        const expected = interpret(fn, inputs, variables).outputs;
        expect(Object.keys(actual)).toEqual(Object.keys(expected));
        for (const [output, value] of Object.entries(expected)) expectClose(fromHostTensor(actual[output]!), value);
      }
    });
  });
});

import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/schema/document';
import { expectClose } from '../../support/describeEngine';
import { runLayer } from '../../support/loweredLayer';
import type { LayerRun } from '../../support/loweredLayer';
import type { Tensor64 } from '../../support/tensor64';

type Params = { readonly [name: string]: Json };
/** What tfjs makes of the same inputs and weights. */
type Oracle = (run: LayerRun, x: tf.Tensor4D) => tf.Tensor;

const map = [9, 8, 4];

function toTensor({ data, shape }: Tensor64): tf.Tensor {
  return tf.tensor(Float32Array.from(data), [...shape]);
}

/** A tfjs layer with the run's weights, in the order in which that layer keeps them. */
function layerWith(layer: tf.layers.Layer, names: readonly string[] = []): Oracle {
  return ({ inputs, weights }) => {
    const fed = inputs.map(toTensor);
    layer.build(fed.length === 1 ? [...inputs[0]!.shape] : inputs.map((input) => [...input.shape]));
    layer.setWeights(names.map((name) => toTensor(weights[name]!)));
    return layer.apply(fed.length === 1 ? fed[0]! : fed) as tf.Tensor;
  };
}

function expectSame(
  kind: string,
  params: Params,
  oracle: Oracle,
  shapes: readonly (readonly number[])[] = [map],
): void {
  const run = runLayer(kind, params, shapes);
  const expected = oracle(run, toTensor(run.inputs[0]!) as tf.Tensor4D);
  expectClose(run.output, { shape: expected.shape, data: Float64Array.from(expected.dataSync()) }, 1e-5);
}

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const bothPaddings = ['valid', 'same'] as const;
const convGrid = bothPaddings.flatMap((padding) =>
  [
    { kernelSize: 3, strides: 1, dilationRate: 1 },
    { kernelSize: 3, strides: 2, dilationRate: 1 },
    { kernelSize: 2, strides: 3, dilationRate: 1 },
    { kernelSize: [2, 3], strides: [2, 1], dilationRate: 1 },
    { kernelSize: 1, strides: 2, dilationRate: 1 },
    { kernelSize: 3, strides: 1, dilationRate: 2 },
    { kernelSize: [3, 2], strides: 1, dilationRate: [1, 3] },
  ].flatMap((sizes) => [true, false].map((useBias) => ({ ...sizes, padding, useBias, filters: 5 }))),
);

describe('conv is tf.layers.conv2d', () => {
  it.each(convGrid)('%o', (params) => {
    const names = params.useBias ? ['kernel', 'bias'] : ['kernel'];
    expectSame('conv', params, layerWith(tf.layers.conv2d(params as Parameters<typeof tf.layers.conv2d>[0]), names));
  });

  it.each([
    [[1, 2, 0, 3], 1],
    [[2, 1, 1, 0], 2],
    [[0, 3, 2, 2], 2],
  ])('with padding %o and strides %d, after tf.layers.zeroPadding2d', (padding, strides) => {
    const [top, bottom, left, right] = padding as [number, number, number, number];
    expectSame('conv', { filters: 3, kernelSize: 3, padding, strides, useBias: false }, ({ weights }, x) =>
      tf.conv2d<tf.Tensor4D>(
        tf.pad<tf.Tensor4D>(x, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ]),
        toTensor(weights.kernel!) as tf.Tensor4D,
        strides,
        'valid',
      ),
    );
  });

  it.each([
    [4, 1, 'valid'],
    [8, 1, 'same'],
    [4, 2, 'same'],
    [12, 2, 'valid'],
  ] as const)(
    'with a group per channel, %d filters, strides %d, %s: tf.layers.depthwiseConv2d',
    (filters, strides, padding) => {
      expectSame('conv', { filters, kernelSize: 3, groups: 4, strides, padding }, ({ weights, inputs }) => {
        const layer = tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: filters / 4, strides, padding });
        layer.build([...inputs[0]!.shape]);
        layer.setWeights([toTensor(weights.kernel!).reshape([3, 3, 4, filters / 4]), toTensor(weights.bias!)]);
        return layer.apply(toTensor(inputs[0]!)) as tf.Tensor;
      });
    },
  );

  it('in two groups: two convolutions side by side', () => {
    expectSame('conv', { filters: 6, kernelSize: 3, groups: 2, useBias: false }, ({ weights }, x) => {
      const filters = tf.split<tf.Tensor4D>(toTensor(weights.kernel!), 2, 3);
      return tf.concat(
        tf.split<tf.Tensor4D>(x, 2, 3).map((part, group) => tf.conv2d(part, filters[group]!, 1, 'valid')),
        3,
      );
    });
  });
});

describe('conv with standardized weights', () => {
  it('is tf.conv2d by filters of mean 0 and variance 1, in groups and without bias too', () => {
    const used = ({ weights }: LayerRun): tf.Tensor4D => {
      const kernel = toTensor(weights.kernel!);
      const { mean, variance } = tf.moments(kernel, [0, 1, 2], true);
      return kernel.sub(mean).div(variance.add(1e-6).sqrt());
    };
    const params = { filters: 4, kernelSize: 3, useBias: false, weightStandardization: true };
    expectSame('conv', params, (run, x) => tf.conv2d(x, used(run), 1, 'valid'));
    expectSame('conv', { ...params, groups: 4 }, (run, x) =>
      tf.depthwiseConv2d(x, used(run).reshape<tf.Tensor4D>([3, 3, 4, 1]), 1, 'valid'),
    );
  });
});

describe('upconv is tf.layers.conv2dTranspose', () => {
  const grid = bothPaddings.flatMap((padding) =>
    [
      { kernelSize: 2, strides: 2 },
      { kernelSize: 3, strides: 2 },
      { kernelSize: 4, strides: 2 },
      { kernelSize: [3, 2], strides: [1, 2] },
      { kernelSize: 5, strides: 1 },
    ].map((sizes) => ({ ...sizes, padding, filters: 3 })),
  );
  it.each(grid)('%o', (params) => {
    const layer = tf.layers.conv2dTranspose(params);
    expectSame('upconv', params, layerWith(layer, ['kernel', 'bias']), [[4, 5, 2]]);
  });
  it('with outputPadding 1 where the stride is wider than the kernel, which tfjs adds by itself', () => {
    const params = { filters: 3, kernelSize: 2, strides: 3 };
    const oracle = layerWith(tf.layers.conv2dTranspose(params), ['kernel', 'bias']);
    expectSame('upconv', { ...params, outputPadding: 1 }, oracle, [[4, 5, 2]]);
  });
});

describe('pool is tf.layers.maxPooling2d and averagePooling2d', () => {
  const grid = bothPaddings.flatMap((padding) =>
    [
      { poolSize: 2, strides: 2 },
      { poolSize: 3, strides: 2 },
      { poolSize: 3, strides: 1 },
      { poolSize: [2, 3], strides: [1, 2] },
      { poolSize: 2, strides: 3 },
    ].map((sizes) => ({ ...sizes, padding })),
  );
  it.each(grid)('max %o', (params) => {
    const layer = tf.layers.maxPooling2d(params as Parameters<typeof tf.layers.maxPooling2d>[0]);
    expectSame('pool', { ...params, mode: 'max' }, layerWith(layer));
  });
  it.each(grid)('avg %o', (params) => {
    const layer = tf.layers.averagePooling2d(params as Parameters<typeof tf.layers.averagePooling2d>[0]);
    expectSame('pool', { ...params, mode: 'avg' }, layerWith(layer));
  });
  it('sum is the mean times the size of the window, and l2 the root of the sum of squares', () => {
    expectSame('pool', { mode: 'sum', poolSize: 2 }, (_, x) => tf.avgPool(x, 2, 2, 'valid').mul(4));
    expectSame('pool', { mode: 'l2', poolSize: 2 }, (_, x) => tf.avgPool(x.square(), 2, 2, 'valid').mul(4).sqrt());
  });
});

describe('activation is tf.layers.activation', () => {
  it.each([
    'linear',
    'relu',
    'relu6',
    'elu',
    'selu',
    'softplus',
    'sigmoid',
    'tanh',
    'softmax',
    'swish',
    'mish',
  ] as const)('%s', (name) => {
    expectSame('activation', { function: name }, layerWith(tf.layers.activation({ activation: name })));
    expectSame(
      'fc',
      { units: 6, activation: name },
      layerWith(tf.layers.dense({ units: 6, activation: name }), ['kernel', 'bias']),
      [[7]],
    );
  });
  it('leakyRelu and elu with their alpha', () => {
    expectSame('activation', { function: 'leakyRelu', alpha: 0.2 }, layerWith(tf.layers.leakyReLU({ alpha: 0.2 })));
    expectSame('activation', { function: 'leakyRelu' }, layerWith(tf.layers.leakyReLU()));
    // tfjs has ELU for alpha 1 only.
    expectSame('activation', { function: 'elu', alpha: 0.5 }, (_, x) =>
      tf.where(tf.greater(x, 0), x, tf.mul(tf.sub(tf.exp(x), 1), 0.5)),
    );
  });
  it('prelu is tf.layers.prelu, with one slope for each channel', () => {
    expectSame('activation', { function: 'prelu' }, ({ weights }, x) => tf.prelu(x, toTensor(weights.alpha!)));
  });
  it('the hard ones are straight lines between −3 and 3', () => {
    const share = (x: tf.Tensor) => tf.clipByValue(x.add(3), 0, 6).div(6);
    expectSame('activation', { function: 'hardsigmoid' }, (_, x) => share(x));
    expectSame('activation', { function: 'hardswish' }, (_, x) => x.mul(share(x)));
  });
  it('logSoftmax is tf.logSoftmax', () => {
    expectSame('activation', { function: 'logSoftmax' }, (_, x) => tf.logSoftmax(x, -1));
  });
  it('clip is tf.clipByValue; without a bound it has none', () => {
    expectSame('activation', { function: 'clip', min: -0.3, max: 0.4 }, (_, x) => tf.clipByValue(x, -0.3, 0.4));
    expectSame('activation', { function: 'clip', min: 0.2 }, (_, x) => tf.maximum(x, 0.2));
    expectSame('activation', { function: 'clip', max: 0.2 }, (_, x) => tf.minimum(x, 0.2));
  });
  it.each([
    ['height', 1],
    ['width', 2],
  ] as const)('softmax and its logarithm along the %s add up to 1 there', (axis, place) => {
    const shares = (x: tf.Tensor) => x.exp().div(x.exp().sum(place, true));
    expectSame('activation', { function: 'softmax', axis }, (_, x) => shares(x));
    expectSame('activation', { function: 'logSoftmax', axis }, (_, x) => shares(x).log());
  });
  it('gelu by its definition with erf', () => {
    expectSame('activation', { function: 'gelu' }, (_, x) =>
      tf.mul(x, tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)).mul(0.5),
    );
  });
});

describe('heads', () => {
  it('fc on a map is flatten and dense', () => {
    expectSame('fc', { units: 6 }, ({ inputs, weights }) =>
      tf.add(
        tf.matMul(toTensor(inputs[0]!).reshape([3, -1]), toTensor(weights.kernel!) as tf.Tensor2D),
        toTensor(weights.bias!),
      ),
    );
    expectSame('flatten', {}, layerWith(tf.layers.flatten()));
  });
  it('gap is global pooling', () => {
    expectSame('gap', {}, layerWith(tf.layers.globalAveragePooling2d({})));
    expectSame('gap', { mode: 'max' }, layerWith(tf.layers.globalMaxPooling2d({})));
    expectSame('gap', { keepDims: true }, (_, x) => tf.mean(x, [1, 2], true));
  });
});

describe('merges, borders and sizes', () => {
  it('add and concat', () => {
    expectSame('add', {}, layerWith(tf.layers.add()), [map, map, map]);
    expectSame('concat', {}, layerWith(tf.layers.concatenate()), [map, [9, 8, 2]]);
  });
  it('add and multiply stretch one position, one channel and a list', () => {
    const shapes = [[1, 1, 4], map, [9, 8, 1], [4]];
    const asMaps = ({ inputs }: LayerRun) =>
      inputs.map((input) => (input.shape.length === 2 ? toTensor(input).reshape([3, 1, 1, 4]) : toTensor(input)));
    expectSame('add', {}, (run) => asMaps(run).reduce((sum, x) => sum.add(x)), shapes);
    expectSame('multiply', {}, (run) => asMaps(run).reduce((product, x) => product.mul(x)), shapes);
  });
  it('merge is average, maximum, minimum, or a difference', () => {
    const shapes = [map, map, map];
    expectSame('merge', {}, layerWith(tf.layers.average()), shapes);
    expectSame('merge', { mode: 'maximum' }, layerWith(tf.layers.maximum()), shapes);
    expectSame('merge', { mode: 'minimum' }, layerWith(tf.layers.minimum()), shapes);
    expectSame('merge', { mode: 'subtract' }, ({ inputs }, x) => x.sub(toTensor(inputs[1]!)), [map, map]);
  });
  it('pad is zeroPadding2d, or mirrored', () => {
    const sides = { top: 2, bottom: 1, left: 0, right: 3 };
    const padding: [[number, number], [number, number]] = [
      [2, 1],
      [0, 3],
    ];
    expectSame('pad', { ...sides, mode: 'zero' }, layerWith(tf.layers.zeroPadding2d({ padding })));
    expectSame('pad', { ...sides, mode: 'reflect' }, (_, x) =>
      tf.mirrorPad(x, [[0, 0], ...padding, [0, 0]], 'reflect'),
    );
  });
  it('pad fills in a number, or repeats the edge', () => {
    const sides = { top: 2, bottom: 1, left: 0, right: 3 };
    const padding: [number, number][] = [
      [0, 0],
      [2, 1],
      [0, 3],
      [0, 0],
    ];
    expectSame('pad', { ...sides, mode: 'constant', value: 2.5 }, (_, x) => tf.pad(x, padding, 2.5));
    expectSame('pad', { ...sides, mode: 'edge' }, (_, x) => {
      const rows = [0, 0, ...Array(9).keys(), 8];
      const columns = [...Array(8).keys(), 7, 7, 7];
      return tf.gather(tf.gather(x, tf.tensor1d(rows, 'int32'), 1), tf.tensor1d(columns, 'int32'), 2);
    });
  });
  it('slice, shuffle, reshape and permute move values', () => {
    expectSame('slice', { from: 1, to: 3 }, (_, x) => tf.slice(x, [0, 0, 0, 1], [3, 9, 8, 2]));
    expectSame('slice', { axis: 'height', from: 4, to: null }, (_, x) => tf.slice(x, [0, 4, 0, 0], [3, 5, 8, 4]));
    expectSame('slice', { to: 2 }, (_, x) => tf.slice(x, [0, 0], [3, 2]), [[7]]);
    expectSame('shuffle', { groups: 2 }, (_, x) => tf.gather(x, tf.tensor1d([0, 2, 1, 3], 'int32'), 3));
    expectSame('shuffle', { groups: 3 }, (_, x) => tf.gather(x, tf.tensor1d([0, 2, 4, 1, 3, 5], 'int32'), 1), [[6]]);
    expectSame('reshape', { shape: [4, null, 3] }, (_, x) => tf.reshape(x, [3, 4, 24, 3]));
    expectSame('permute', { order: [3, 1, 2] }, layerWith(tf.layers.permute({ dims: [3, 1, 2] })));
  });
  it('crop is cropping2D, or a centred slice of the size of its reference', () => {
    const cropping: [[number, number], [number, number]] = [
      [2, 1],
      [0, 3],
    ];
    expectSame('crop', { top: 2, bottom: 1, left: 0, right: 3 }, layerWith(tf.layers.cropping2D({ cropping })));
    expectSame('crop', {}, (_, x) => tf.slice(x, [0, 2, 1, 0], [3, 5, 6, 4]), [map, [5, 6, 1]]);
  });
  it.each([2, [3, 2]])('upsample nearest by %o is upSampling2d', (factor) => {
    const size: [number, number] = typeof factor === 'number' ? [factor, factor] : (factor as [number, number]);
    expectSame('upsample', { factor, mode: 'nearest' }, layerWith(tf.layers.upSampling2d({ size })), [[4, 5, 2]]);
  });
  it.each([
    [8, 10],
    [7, 13],
    [3, 4],
  ])('upsample to %dx%d, bilinear and nearest, is resizing by half pixels', (height, width) => {
    const shapes = [[4, 5, 2]];
    const size = [height, width] as const;
    expectSame(
      'upsample',
      { size, mode: 'bilinear' },
      (_, x) => tf.image.resizeBilinear(x, [...size], false, true),
      shapes,
    );
    expectSame(
      'upsample',
      { size, mode: 'nearest' },
      (_, x) => tf.image.resizeNearestNeighbor(x, [...size], false, true),
      shapes,
    );
  });
});

describe('resizing by other coordinates', () => {
  it.each([
    [8, 10],
    [7, 13],
    [3, 4],
  ])('to %dx%d', (height, width) => {
    const shapes = [[4, 5, 2]];
    const size: [number, number] = [height, width];
    const resize = (mode: string, coordinates: string) => ({ size, mode, coordinates });
    const aligned: Oracle = (_, x) => tf.image.resizeBilinear(x, size, true);
    expectSame('upsample', resize('bilinear', 'alignCorners'), aligned, shapes);
    const fromTopLeft: Oracle = (_, x) => tf.image.resizeBilinear(x, size, false);
    expectSame('upsample', resize('bilinear', 'asymmetric'), fromTopLeft, shapes);
    const nearest: Oracle = (_, x) => tf.image.resizeNearestNeighbor(x, size, false);
    expectSame('upsample', resize('nearest', 'asymmetric'), nearest, shapes);
  });
});

describe('normalization', () => {
  it('batchnorm after training is tf.layers.batchNormalization', () => {
    const names = ['gamma', 'beta', 'movingMean', 'movingVariance'];
    expectSame('batchnorm', { epsilon: 0.01 }, layerWith(tf.layers.batchNormalization({ epsilon: 0.01 }), names));
    const bare = tf.layers.batchNormalization({ scale: false, center: false });
    expectSame('batchnorm', { scale: false, center: false }, layerWith(bare, names.slice(2)));
  });
  it('layernorm is tf.layers.layerNormalization, over the channels or over all', () => {
    const names = ['gamma', 'beta'];
    expectSame('layernorm', {}, layerWith(tf.layers.layerNormalization({ epsilon: 1e-6 }), names));
    const all = tf.layers.layerNormalization({ axis: [1, 2, 3], epsilon: 0.01 });
    expectSame('layernorm', { axis: 'all', epsilon: 0.01 }, layerWith(all, names));
  });
  it('groupnorm in one group is layer normalisation over all but for its scale, in as many as channels that of each channel', () => {
    const over = (axes: number[]) => (_: LayerRun, x: tf.Tensor) => {
      const { mean, variance } = tf.moments(x, axes, true);
      return x.sub(mean).div(variance.add(1e-3).sqrt());
    };
    const bare = { scale: false, center: false };
    expectSame('groupnorm', { groups: 1, ...bare }, over([1, 2, 3]));
    expectSame('groupnorm', { groups: 4, ...bare }, over([1, 2]));
    expectSame('groupnorm', { groups: 2 }, ({ weights }, x) =>
      tf
        .concat(
          tf.split(x, 2, 3).map((part) => over([1, 2, 3])({} as LayerRun, part)),
          3,
        )
        .mul(toTensor(weights.gamma!))
        .add(toTensor(weights.beta!)),
    );
  });
  it.each([
    { heads: 2, headSize: 2 },
    { heads: 3, headSize: 5 },
  ])(
    'attention is softmax(q kᵀ / √s) v of $heads heads of $headSize, each computed by itself',
    ({ heads, headSize }) => {
      expectSame('attention', { heads, headSize }, ({ weights }, x) => {
        const [, height, width, channels] = x.shape;
        const tokens = x.reshape([-1, height * width, channels]);
        const dense = (input: tf.Tensor, kernel: string, bias: string) =>
          tf
            .matMul(input.reshape([-1, input.shape.at(-1)!]), toTensor(weights[kernel]!) as tf.Tensor2D)
            .add(toTensor(weights[bias]!))
            .reshape([...input.shape.slice(0, -1), -1]);
        const all = tf.split(dense(tokens, 'kernel', 'bias'), 3 * heads, 2);
        const parts = Array.from({ length: heads }, (_, head) => {
          const [q, k, v] = [0, 1, 2].map((part) => all[part * heads + head]!);
          const shares = tf.softmax(tf.matMul(q!, k!, false, true).div(Math.sqrt(headSize)));
          return tf.matMul(shares, v!);
        });
        return dense(tf.concat(parts, 2), 'outputKernel', 'outputBias').reshape(x.shape);
      });
    },
  );
  it('a class token stands before the positions in their order, and a position adds its own numbers', () => {
    expectSame('classToken', {}, ({ weights }, x) => {
      const token = tf.tile(toTensor(weights.token!).reshape([1, 1, 1, 4]), [x.shape[0], 1, 1, 1]);
      return tf.concat([token, x.reshape([-1, 72, 1, 4])], 1);
    });
    expectSame('position', {}, ({ weights }, x) => x.add(toTensor(weights.position!)));
  });
  it('scale multiplies and adds, by fixed numbers or learned ones', () => {
    expectSame('scale', { scale: [1, 2, 3, 4], shift: -1 }, (_, x) => x.mul([1, 2, 3, 4]).sub(1));
    for (const learned of ['scalar', 'channel']) {
      expectSame('scale', { learned }, ({ weights }, x) =>
        x.mul(toTensor(weights.scale!)).add(toTensor(weights.shift!)),
      );
    }
  });
  it('batchnorm while training takes the statistics of the batch and moves its own towards them', () => {
    const run = runLayer('batchnorm', { momentum: 0.9 }, [map], 'train');
    const x = toTensor(run.inputs[0]!) as tf.Tensor4D;
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const expected = tf.batchNorm(
      x,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      toTensor(run.weights.beta!) as tf.Tensor1D,
      toTensor(run.weights.gamma!) as tf.Tensor1D,
      1e-3,
    );
    expectClose(run.output, { shape: expected.shape, data: Float64Array.from(expected.dataSync()) }, 1e-5);
    const moved = toTensor(run.weights.movingVariance!).mul(0.9).add(variance.mul(0.1));
    expectClose(run.after.movingVariance!, { shape: moved.shape, data: Float64Array.from(moved.dataSync()) }, 1e-5);
  });
  it.each([
    { radius: 5, alpha: 1, beta: 0.5, bias: 1 },
    { radius: 1, alpha: 0.3, beta: 0.75, bias: 2 },
  ])('lrn is tf.localResponseNormalization with %o, of few channels and of many', ({ radius, alpha, beta, bias }) => {
    for (const shape of [map, [2, 3, 600]]) {
      expectSame(
        'lrn',
        { radius, alpha, beta, bias },
        (_, x) => tf.localResponseNormalization(x, radius, bias, alpha, beta),
        [shape],
      );
    }
  });
  it('lrn whose window takes all of many channels', () => {
    expectSame('lrn', { radius: 700 }, (_, x) => x.div(x.square().sum(3, true).add(1).sqrt()), [[1, 2, 600]]);
  });
  it('dropout drops nothing after training, and keeps the mean while training', () => {
    expectSame('dropout', { rate: 0.5 }, (_, x) => x);
    const { output, inputs } = runLayer('dropout', { rate: 0.25 }, [[20, 20, 20]], 'train');
    const kept = output.data.filter((value) => value !== 0).length / output.data.length;
    expect(kept).toBeCloseTo(0.75, 1);
    output.data.forEach((value, index) => {
      if (value !== 0) expect(value).toBeCloseTo(inputs[0]!.data[index]! / 0.75, 10);
    });
  });
  it.each([[[4, 5, 3]], [[7]]])('dropout of paths over %j drops samples as a whole', (shape) => {
    expectSame('dropout', { rate: 0.5, paths: true }, (_, x) => x, [shape]);
    const { output, inputs } = runLayer('dropout', { rate: 0.5, paths: true }, [shape], 'train');
    const [batch = 0] = output.shape;
    const each = output.data.length / batch;
    for (let sample = 0; sample < batch; sample += 1) {
      const [found, given] = [output, inputs[0]!].map(({ data }) =>
        [...data].slice(sample * each, (sample + 1) * each),
      );
      const isDropped = found!.every((value) => value === 0);
      if (!isDropped) found!.forEach((value, at) => expect(value).toBeCloseTo(given![at]! / 0.5, 10));
    }
  });
});

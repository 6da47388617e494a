import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import type { Json } from '../../../shared/schema/document';
import { chain } from '../../support/chain';

type Params = { readonly [name: string]: Json };

/** Shape and number of weights, as analysis and as tfjs see them. */
function expectAgreement(kind: string, params: Params, layer: tf.layers.Layer, shape: readonly number[]): void {
  const node = analyzeNetwork(
    chain([
      ['x', 'input', { shape }],
      ['n', kind, params],
    ]),
  ).nodes.get('n')!;
  const output = layer.apply(tf.input({ shape: [...shape] })) as tf.SymbolicTensor;
  expect(node.outputShape).toEqual(output.shape.slice(1));
  expect(node.paramCount).toBe(layer.countParams());
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const sizes = [5, 8, 13, 28] as const;
const windows = [1, 2, 3, 5, [2, 3]] as const;
const strides = [1, 2, 3] as const;
const paddings = ['valid', 'same'] as const;
const grid = sizes.flatMap((size) =>
  windows.flatMap((window) =>
    strides.flatMap((stride) => paddings.map((padding) => [size, window, stride, padding] as const)),
  ),
);

/** tfjs takes tuples where the table has readonly ones. */
function mutable(window: number | readonly [number, number]): number | [number, number] {
  return typeof window === 'number' ? window : [window[0], window[1]];
}

describe('shapes and counts agree with tfjs', () => {
  it.each(grid)('conv on %i, kernel %o, stride %i, %s', (size, window, stride, padding) => {
    const kernelSize = mutable(window);
    const layer = tf.layers.conv2d({ filters: 7, kernelSize, strides: stride, padding });
    expectAgreement('conv', { filters: 7, kernelSize, strides: stride, padding }, layer, [size, size + 1, 3]);
  });

  it.each(grid)('pool on %i, window %o, stride %i, %s', (size, window, stride, padding) => {
    const poolSize = mutable(window);
    const layer = tf.layers.maxPooling2d({ poolSize, strides: [stride, stride], padding });
    expectAgreement('pool', { poolSize, strides: stride, padding }, layer, [size, size + 1, 3]);
  });

  // tfjs gives x·s + max(k − s, 0) for 'valid', which is another size where the kernel is shorter than the stride.
  const covered = grid.filter(([, window, stride]) => [window].flat().every((length) => length >= stride));
  it.each(covered)('upconv on %i, kernel %o, stride %i, %s', (size, window, stride, padding) => {
    const kernelSize = mutable(window);
    const layer = tf.layers.conv2dTranspose({ filters: 7, kernelSize, strides: stride, padding });
    expectAgreement('upconv', { filters: 7, kernelSize, strides: stride, padding }, layer, [size, size + 1, 3]);
  });

  it.each([
    ['fc', { units: 9 }, () => tf.layers.dense({ units: 9 }), [12]],
    ['fc', { units: 9, useBias: false }, () => tf.layers.dense({ units: 9, useBias: false }), [12]],
    ['flatten', {}, () => tf.layers.flatten(), [4, 5, 6]],
    ['gap', {}, () => tf.layers.globalAveragePooling2d({}), [4, 5, 6]],
    ['batchnorm', {}, () => tf.layers.batchNormalization(), [4, 5, 6]],
    ['batchnorm', { scale: false }, () => tf.layers.batchNormalization({ scale: false }), [4, 5, 6]],
    ['dropout', {}, () => tf.layers.dropout({ rate: 0.5 }), [4, 5, 6]],
    ['upsample', { factor: [3, 2] }, () => tf.layers.upSampling2d({ size: [3, 2] }), [4, 5, 6]],
    [
      'pad',
      { top: 1, left: 2 },
      () =>
        tf.layers.zeroPadding2d({
          padding: [
            [1, 0],
            [2, 0],
          ],
        }),
      [4, 5, 6],
    ],
    [
      'crop',
      { bottom: 1, right: 2 },
      () =>
        tf.layers.cropping2D({
          cropping: [
            [0, 1],
            [0, 2],
          ],
        }),
      [4, 5, 6],
    ],
  ] as const)('%s with %o', (kind, params, makeLayer, shape) => {
    expectAgreement(kind, params, makeLayer(), shape);
  });
});

import type { NetworkDocument } from '../../../shared/schema/document';
import { chainNetwork, wiredNetwork } from '../../support/networks';
import { blockNetworks } from './blockCases';

const map = [9, 10, 4] as const;

/** Networks that between them use every kind, and every param that is printed in its own way. */
export const networks: { readonly [name: string]: NetworkDocument } = {
  'conv-valid': chainNetwork(map, ['conv', { filters: 3, kernelSize: [3, 2], strides: [2, 1] }]),
  'conv-same-strided': chainNetwork(map, ['conv', { filters: 3, kernelSize: 3, strides: 2, padding: 'same' }]),
  'conv-asymmetric': chainNetwork(map, [
    'conv',
    { filters: 3, kernelSize: 3, padding: [1, 2, 0, 3], activation: 'tanh' },
  ]),
  'conv-dilated': chainNetwork(map, ['conv', { filters: 3, kernelSize: 3, dilationRate: [2, 3], padding: 'same' }]),
  'conv-dilated-strided': chainNetwork(map, [
    'conv',
    { filters: 3, kernelSize: 3, dilationRate: 2, strides: [2, 3], padding: 'same', activation: 'relu' },
  ]),
  'conv-grouped': chainNetwork(map, [
    'conv',
    { filters: 6, kernelSize: 3, groups: 2, strides: 2, padding: 1, activation: 'elu' },
  ]),
  'conv-depthwise': chainNetwork(map, [
    'conv',
    { filters: 8, kernelSize: 3, groups: 4, padding: 'same', activation: 'swish' },
  ]),
  'conv-leaky-no-bias': chainNetwork(map, [
    'conv',
    { filters: 3, kernelSize: 1, useBias: false, activation: 'leakyRelu' },
  ]),
  'conv-gelu': chainNetwork(map, ['conv', { filters: 3, kernelSize: 1, activation: 'gelu' }]),
  'pool-max': chainNetwork(map, ['pool', { mode: 'max', poolSize: 2 }]),
  'pool-max-padded': chainNetwork(map, ['pool', { mode: 'max', poolSize: 3, strides: 2, padding: 1 }]),
  'pool-max-ceil': chainNetwork(map, ['pool', { mode: 'max', poolSize: 3, strides: 2, rounding: 'ceil' }]),
  'pool-avg-same': chainNetwork(map, ['pool', { mode: 'avg', poolSize: 3, strides: 2, padding: 'same' }]),
  'pool-avg-ceil-padded': chainNetwork(map, [
    'pool',
    { mode: 'avg', poolSize: [3, 2], strides: 2, padding: 1, rounding: 'ceil' },
  ]),
  'pool-l2': chainNetwork(map, ['pool', { mode: 'l2', poolSize: 2 }]),
  'pool-l2-same': chainNetwork(map, ['pool', { mode: 'l2', poolSize: 3, strides: 2, padding: 'same' }]),
  'pool-sum': chainNetwork(map, ['pool', { mode: 'sum', poolSize: 3, strides: [1, 2], padding: [1, 0] }]),
  'upconv-valid': chainNetwork(map, ['upconv', { filters: 3, kernelSize: 3, strides: 2 }]),
  'upconv-same': chainNetwork(map, [
    'upconv',
    { filters: 3, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' },
  ]),
  'upconv-same-odd': chainNetwork(map, ['upconv', { filters: 3, kernelSize: 3, strides: [2, 3], padding: 'same' }]),
  'upconv-short-kernel': chainNetwork(map, [
    'upconv',
    { filters: 3, kernelSize: 1, strides: 2, activation: 'sigmoid' },
  ]),
  'upconv-padded': chainNetwork(map, ['upconv', { filters: 3, kernelSize: 4, strides: 2, padding: [1, 0, 1, 1] }]),
  'upconv-output-padding': chainNetwork(map, [
    'upconv',
    { filters: 3, kernelSize: 3, strides: 2, padding: 1, outputPadding: 1, activation: 'leakyRelu' },
  ]),
  'upconv-output-padding-beyond': chainNetwork(map, [
    'upconv',
    { filters: 3, kernelSize: 3, strides: 3, outputPadding: [2, 1], activation: 'sigmoid' },
  ]),
  'upconv-dilated': chainNetwork(map, [
    'upconv',
    { filters: 3, kernelSize: [3, 2], strides: 2, dilationRate: [2, 3], padding: 1, useBias: false },
  ]),
  'upconv-dilated-same': chainNetwork(map, [
    'upconv',
    { filters: 3, kernelSize: 3, strides: 2, dilationRate: 2, padding: 'same' },
  ]),
  'fc-on-map': chainNetwork(map, ['fc', { units: 7, activation: 'relu' }], ['fc', { units: 3, activation: 'softmax' }]),
  'fc-leaky': chainNetwork([6], ['fc', { units: 5, activation: 'leakyRelu', useBias: false }]),
  'gap-avg': chainNetwork(map, ['gap'], ['fc', { units: 2 }]),
  'gap-max': chainNetwork(map, ['gap', { mode: 'max' }]),
  flatten: chainNetwork(map, ['flatten'], ['fc', { units: 2 }]),
  'activation-elu-alpha': chainNetwork(map, ['activation', { function: 'elu', alpha: 0.5 }]),
  'activation-leaky-alpha': chainNetwork(map, ['activation', { function: 'leakyRelu', alpha: 0.1 }]),
  'activation-linear': chainNetwork(map, ['activation', { function: 'linear' }], ['gap']),
  'activation-softmax': chainNetwork(map, ['activation', { function: 'softmax' }]),
  'activation-gelu': chainNetwork(map, ['activation', { function: 'gelu' }]),
  'activation-swish': chainNetwork(map, ['activation', { function: 'swish' }], ['activation', { function: 'sigmoid' }]),
  batchnorm: chainNetwork(map, ['batchnorm'], ['gap'], ['batchnorm', { scale: false, epsilon: 0.01 }]),
  'batchnorm-plain': chainNetwork(map, ['batchnorm', { scale: false, center: false, momentum: 0.9 }]),
  'batchnorm-scale-only': chainNetwork(map, ['batchnorm', { center: false }]),
  lrn: chainNetwork(map, ['lrn', { radius: 1, alpha: 0.7, beta: 0.75, bias: 2 }]),
  dropout: chainNetwork(map, ['dropout', { rate: 0.3 }], ['dropout', { rate: 0.4, spatial: true }], ['gap']),
  'upsample-nearest': chainNetwork(map, ['upsample', { factor: [2, 3] }]),
  'upsample-default': chainNetwork(map, ['upsample', {}]),
  'upsample-bilinear': chainNetwork(map, ['upsample', { factor: 2, mode: 'bilinear' }]),
  'upsample-size-bilinear': chainNetwork(map, ['upsample', { size: [13, 5], mode: 'bilinear' }]),
  'upsample-size-nearest': chainNetwork(map, ['upsample', { size: [13, 25] }]),
  'crop-sides': chainNetwork(map, ['crop', { top: 1, bottom: 2, left: 0, right: 3 }]),
  'pad-zero': chainNetwork(map, ['pad', { top: 1, bottom: 2, left: 0, right: 3 }]),
  'pad-reflect': chainNetwork(map, ['pad', { top: 1, bottom: 2, left: 0, right: 3, mode: 'reflect' }]),
  'several-inputs-and-outputs': wiredNetwork({
    left: ['input', { shape: [6, 6, 2] }],
    right: ['input', { shape: [6, 6, 2] }],
    sum: ['add', {}, 'left', 'right'],
    both: ['concat', {}, 'right', 'sum', 'left'],
    c: ['conv', { filters: 2, kernelSize: 3 }, 'both'],
    mean: ['gap', {}, 'sum'],
  }),
  'crop-to-reference': wiredNetwork({
    image: ['input', { shape: [9, 10, 2] }],
    small: ['conv', { filters: 3, kernelSize: [4, 3] }, 'image'],
    centre: ['crop', { offset: 'center' }, 'image', 'small'],
    corner: ['crop', { offset: [3, 1] }, 'image', 'small'],
    joined: ['concat', {}, 'centre', 'corner', 'small'],
  }),
  'merge-of-one': wiredNetwork({
    image: ['input', { shape: [5, 5, 2] }],
    one: ['add', {}, 'image'],
    same: ['concat', {}, 'one'],
    out: ['gap', {}, 'same'],
  }),
  'open-sizes': chainNetwork(
    [null, null, 3],
    ['conv', { filters: 4, kernelSize: 3, padding: 'same', strides: 2 }],
    ['pool', { mode: 'max', poolSize: 3, strides: 2, rounding: 'ceil' }],
    ['upsample', { factor: 2, mode: 'bilinear' }],
    ['upconv', { filters: 2, kernelSize: 3, strides: 2, padding: 1, outputPadding: 1 }],
    ['gap'],
    ['fc', { units: 2 }],
  ),
  ...blockNetworks,
};

import type { NetworkDocument } from '../../../shared/schema/document';
import { chainNetwork, wiredNetwork } from '../../support/networks';

const map = [9, 10, 4] as const;
const open = [null, null, 4] as const;

/** What ONNX says in another way than the app: order of values in lists, values under two names, sizes that stay open. */
export const onnxNetworks: { readonly [name: string]: NetworkDocument } = {
  'list-read-by-kernels': chainNetwork(
    map,
    ['flatten'],
    ['dropout'],
    ['activation', { function: 'leakyRelu' }],
    ['fc', { units: 3 }],
  ),
  'list-read-otherwise': chainNetwork(map, ['flatten'], ['batchnorm'], ['activation', { function: 'softmax' }]),
  'list-read-twice': wiredNetwork({
    image: ['input', { shape: [4, 5, 3] }],
    list: ['flatten', {}, 'image'],
    scores: ['fc', { units: 2 }, 'list'],
    both: ['concat', {}, 'list', 'scores'],
  }),
  'list-that-is-an-output': wiredNetwork({
    image: ['input', { shape: [4, 5, 3] }],
    list: ['flatten', {}, 'image'],
    off: ['dropout', {}, 'list'],
    scores: ['fc', { units: 2 }, 'list'],
  }),
  'outputs-that-compute-nothing': wiredNetwork({
    image: ['input', { shape: [4, 5, 3] }],
    off: ['dropout', {}, 'image'],
    still: ['activation', { function: 'linear' }, 'image'],
    alone: ['input', { shape: [3] }],
  }),
  'concat-of-lists': wiredNetwork({
    image: ['input', { shape: [4, 5, 3] }],
    numbers: ['input', { shape: [6] }],
    means: ['gap', {}, 'image'],
    both: ['concat', {}, 'means', 'numbers'],
    norm: ['layernorm', {}, 'both'],
    scores: ['fc', { units: 2, activation: 'softmax' }, 'norm'],
  }),
  'pool-average-same-dilated': chainNetwork(
    map,
    ['pool', { mode: 'avg', poolSize: 3, strides: 1, dilationRate: 2, padding: 'same' }],
    ['pool', { mode: 'l2', poolSize: 2, strides: 2, dilationRate: 3, padding: 1 }],
  ),
  'pool-padding-wider-than-size': chainNetwork(map, [
    'pool',
    { mode: 'max', poolSize: 2, strides: 1, dilationRate: 3, padding: 3 },
  ]),
  'pool-count-padding-open': chainNetwork(
    open,
    ['pool', { mode: 'avg', poolSize: 3, strides: 2, padding: 1, rounding: 'ceil', countIncludePad: true }],
    ['pool', { mode: 'avg', poolSize: 3, strides: 1, padding: 1 }],
  ),
  'pool-same-open': chainNetwork(
    open,
    ['pool', { mode: 'avg', poolSize: 3, strides: 2, padding: 'same' }],
    ['pool', { mode: 'max', poolSize: 3, strides: 1, padding: 'same' }],
    ['pool', { mode: 'sum', poolSize: 3, strides: 2, padding: 'same' }],
    ['pool', { mode: 'l2', poolSize: 2, strides: 2, padding: 'same' }],
  ),
  'pool-ceil-open': chainNetwork(
    open,
    ['pool', { mode: 'sum', poolSize: 3, strides: 2, rounding: 'ceil' }],
    ['pool', { mode: 'l2', poolSize: 2, strides: 2, rounding: 'ceil' }],
  ),
  'open-everything': chainNetwork(
    open,
    ['conv', { filters: 8, kernelSize: 3, strides: 2, padding: 'same', dilationRate: 1 }],
    ['groupnorm', { groups: 2 }],
    ['shuffle', { groups: 4 }],
    ['layernorm'],
    ['grn'],
    ['rmsnorm', { scale: false }],
    ['pad', { top: 1, bottom: 0, left: 2, right: 0, mode: 'edge' }],
    ['slice', { axis: 'height', from: 1 }],
    ['permute', { order: [2, 1, 3] }],
    ['upsample', { size: [11, 7], mode: 'bilinear' }],
    ['upsample', { factor: [2, 3] }],
  ),
  'open-crop-and-unpool': wiredNetwork({
    image: ['input', { shape: [null, null, 2] }],
    small: ['conv', { filters: 2, kernelSize: [4, 3] }, 'image'],
    centre: ['crop', { offset: 'center' }, 'image', 'small'],
    corner: ['crop', { offset: [3, 1] }, 'image', 'small'],
    p: ['pool', { poolSize: 2, strides: 3, padding: [1, 0, 0, 1], rounding: 'floor' }, 'centre'],
    u: ['unpool', { poolSize: 2, strides: 3 }, 'p', 'p'],
    joined: ['concat', {}, 'u', 'corner', 'small'],
  }),
  'zeros-before-pools': wiredNetwork({
    image: ['input', { shape: [5, 6, 2] }],
    below: ['scale', { shift: -2 }, 'image'],
    around: ['pad', { top: 3, bottom: 1, left: 0, right: 2 }, 'below'],
    most: ['pool', { mode: 'max', poolSize: 2 }, 'around'],
    other: ['pad', { top: 1, bottom: 1, left: 3, right: 2 }, 'below'],
    mean: ['pool', { mode: 'avg', poolSize: 2, strides: 1 }, 'other'],
  }),
  'unpool-that-tiles': wiredNetwork({
    image: ['input', { shape: [8, 6, 3] }],
    p: ['pool', {}, 'image'],
    u: ['unpool', {}, 'p', 'p'],
  }),
  'nearest-between-two-places': chainNetwork(
    [10, 20, 1],
    ['upsample', { size: [25, 22], mode: 'nearest' }],
    ['upsample', { size: [35, 33], mode: 'nearest', coordinates: 'asymmetric' }],
  ),
  'reshape-of-one-position': chainNetwork(
    [1, 1, 6],
    ['reshape', { shape: [2, 3, 1] }],
    ['reshape', { shape: [1, 1, 6] }],
    ['permute', { order: [3, 1, 2] }],
    ['permute', { order: [1, 2, 3] }],
    ['flatten'],
  ),
  'norm-of-whole-map': chainNetwork(
    map,
    ['layernorm', { axis: 'all' }],
    ['groupnorm', { groups: 4 }],
    ['grn'],
    ['gap'],
    ['rmsnorm'],
  ),
  'lrn-wider-than-channels': chainNetwork(map, ['lrn', { radius: 6, alpha: 0.01 }]),
};

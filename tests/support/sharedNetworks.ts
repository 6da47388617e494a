import type { NetworkDocument } from '../../shared/schema/document';
import { chain, type ChainRow } from './chain';

const tower = { filters: 4, kernelSize: 3, padding: 'same' } as const;

/** Two towers over two pictures with one set of weights; then layers that use one set behind each other, the owner last of them. */
const rows: readonly ChainRow[] = [
  ['image', 'input', { shape: [6, 7, 2] }],
  ['left', 'slice', { to: 1 }],
  ['right', 'slice', { from: 1 }, ['image']],
  ['c1', 'conv', { ...tower, useBias: false }, ['left']],
  ['n1', 'batchnorm'],
  ['a1', 'activation', { function: 'prelu' }],
  ['c2', 'conv', { ...tower, useBias: false }, ['right'], 'c1'],
  ['n2', 'batchnorm', {}, ['c2'], 'n1'],
  ['a2', 'activation', { function: 'prelu' }, ['n2'], 'a1'],
  ['apart', 'merge', { mode: 'subtract' }, ['a1', 'a2']],
  ['r3', 'conv', { ...tower, activation: 'tanh' }, ['apart'], 'r1'],
  ['r1', 'conv', { ...tower, activation: 'tanh' }],
  ['r2', 'conv', { ...tower, activation: 'tanh' }, ['r1'], 'r3'],
  ['u1', 'upconv', { filters: 4, kernelSize: 2, strides: 2 }],
  ['p1', 'pool', {}],
  ['u2', 'upconv', { filters: 4, kernelSize: 2, strides: 2 }, ['p1'], 'u1'],
  ['l1', 'layernorm', {}],
  ['l2', 'layernorm', {}, ['l1'], 'l1'],
  ['f1', 'fc', { units: 6, activation: 'relu' }],
  ['f2', 'fc', { units: 6, activation: 'relu' }],
  ['f3', 'fc', { units: 6, activation: 'relu' }, ['f2'], 'f2'],
  ['scores', 'fc', { units: 3 }],
];

/** A network of every kind of layer that shares its weights in all tools. */
export const sharedNetwork: NetworkDocument = { ...chain(rows), name: 'Shared' };

/** A block that uses one kernel twice, in two copies, and a second use of it with the weights of the first. */
export const sharedBlocks: NetworkDocument = {
  format: 'convloom.network',
  version: 2,
  name: 'Shared blocks',
  blocks: {
    pair: {
      params: { filters: 4 },
      nodes: [
        { id: 'in', kind: 'port', params: {} },
        { id: 'c', kind: 'conv', params: { filters: { param: 'filters' }, kernelSize: 3, padding: 'same' } },
        { id: 'r', kind: 'activation', params: { function: 'relu' } },
        {
          id: 'd',
          kind: 'conv',
          params: { filters: { param: 'filters' }, kernelSize: 3, padding: 'same' },
          weightsOf: 'c',
        },
      ],
      edges: [
        { from: 'in', to: 'c' },
        { from: 'c', to: 'r' },
        { from: 'r', to: 'd' },
      ],
    },
  },
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [5, 6, 4] } },
    { id: 's', kind: 'block', params: { block: 'pair', repeat: 2 } },
    { id: 'scores', kind: 'fc', params: { units: 3 } },
  ],
  edges: [
    { from: 'image', to: 's' },
    { from: 's', to: 'scores' },
  ],
};

/** The same with a second tower that uses all weights of the first. */
export const sharedTowers: NetworkDocument = {
  ...sharedBlocks,
  name: 'Shared towers',
  nodes: [
    ...sharedBlocks.nodes,
    { id: 't', kind: 'block', params: { block: 'pair', repeat: 2 }, weightsOf: 's' },
    { id: 'sum', kind: 'add', params: {} },
  ],
  edges: [
    { from: 'image', to: 's' },
    { from: 's', to: 't' },
    { from: 's', to: 'sum' },
    { from: 't', to: 'sum', toPort: 1 },
    { from: 'sum', to: 'scores' },
  ],
};

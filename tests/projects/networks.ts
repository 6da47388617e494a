import type { NetworkDocument } from '../../shared/schema/document';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { templates } from '../../templates/build';
import { networks as cases } from '../golden/typescript/cases';
import { chainNetwork, wiredNetwork } from '../support/networks';
import { shrink } from './shrink';

/** Networks that a course or a paper would not have. */
const odd: { readonly [name: string]: NetworkDocument } = {
  'table-classes': chainNetwork([4], ['fc', { units: 8, activation: 'relu' }], ['fc', { units: 3 }]),
  'table-values': {
    ...chainNetwork([4], ['fc', { units: 8, activation: 'tanh' }], ['fc', { units: 1 }]),
    train: { loss: 'meanSquaredError' },
  },
  'table-open': chainNetwork([4], ['dropout', { rate: 0.2 }], ['fc', { units: 3, activation: 'softmax' }]),
  'chinese-names': wiredNetwork({
    图像: ['input', { shape: [12, 12, 3] }],
    卷积: ['conv', { filters: 6, kernelSize: 3, activation: 'relu' }, '图像'],
    第二卷积: ['conv', { filters: 6, kernelSize: 3 }, '卷积'],
    全局池化: ['gap', {}, '第二卷积'],
    分类: ['fc', { units: 2, activation: 'softmax' }, '全局池化'],
  }),
  'two-inputs': wiredNetwork({
    picture: ['input', { shape: [8, 8, 1] }],
    facts: ['input', { shape: [3] }],
    c: ['conv', { filters: 4, kernelSize: 3, activation: 'relu' }, 'picture'],
    g: ['gap', {}, 'c'],
    both: ['concat', {}, 'g', 'facts'],
    out: ['fc', { units: 2 }, 'both'],
  }),
  'two-outputs': wiredNetwork({
    picture: ['input', { shape: [8, 8, 3] }],
    c: ['conv', { filters: 4, kernelSize: 3, activation: 'relu' }, 'picture'],
    a: ['fc', { units: 2 }, 'c'],
    b: ['fc', { units: 3, activation: 'softmax' }, 'c'],
  }),
  'sigmoid-end': chainNetwork(
    [8, 8, 3],
    ['conv', { filters: 3, kernelSize: 3 }],
    ['gap'],
    ['fc', { units: 2, activation: 'sigmoid' }],
  ),
  'grey-and-alpha': chainNetwork([8, 8, 4], ['conv', { filters: 4, kernelSize: 3 }], ['gap'], ['fc', { units: 2 }]),
  'norms-without-scale': chainNetwork(
    [8, 8, 3],
    ['conv', { filters: 4, kernelSize: 3 }],
    ['batchnorm', { scale: false, center: false }],
    ['activation', { function: 'prelu' }],
    ['gap'],
    ['fc', { units: 2 }],
  ),
  'not-square': chainNetwork([9, 14, 3], ['conv', { filters: 4, kernelSize: [3, 5] }], ['gap'], ['fc', { units: 2 }]),
  'mask-valid': chainNetwork(
    [16, 16, 1],
    ['conv', { filters: 6, kernelSize: 3, activation: 'relu' }],
    ['conv', { filters: 2, kernelSize: 3, activation: 'softmax' }],
  ),
};

const fromCases = [
  'conv-dilated-strided',
  'conv-grouped',
  'open-sizes',
  'unpool',
  'merge',
  'crop-to-reference',
  'block-nested-loops',
  'block-softmax',
  'block-ports',
  'block-lists-and-choices',
  'block-names',
];

/** A network as it is linted, and as it is trained. */
export type Project = { readonly name: string; readonly document: NetworkDocument; readonly small: NetworkDocument };

/** One value for each pixel tells no classes apart: such a network learns the values. */
function learnsValues(network: NetworkDocument): boolean {
  const { nodes, outputs } = analyzeNetwork(network);
  const [shape] = outputs.map((id) => nodes.get(id)?.outputShape ?? []);
  return outputs.length === 1 && shape?.length === 3 && shape[2] === 1;
}

function project(name: string, document: NetworkDocument, small: NetworkDocument): Project {
  const train = {
    ...(learnsValues(small) ? { loss: 'meanSquaredError' as const } : {}),
    ...document.train,
    epochs: 8,
    batchSize: 4,
    learningRate: 0.003,
    optimizer: 'adam',
    schedule: 'constant',
  } as const;
  return { name, document, small: { ...small, train } };
}

export const projects: readonly Project[] = [
  ...templates.map(({ id, document }) => project(id, document, shrink(document))),
  ...Object.entries(odd).map(([name, document]) => project(name, document, document)),
  ...fromCases.map((name) => project(`case-${name}`, cases[name]!, cases[name]!)),
];

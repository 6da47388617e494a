import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import { networkWeights } from '../../../shared/compile/networkWeights';
import { warmUp, warmUpInput } from '../../../shared/ops/warmUp';
import { chain, type ChainRow } from '../../support/chain';

const image: ChainRow = ['image', 'input', { shape: [8, 8, 2] }];
const conv = { filters: 4, kernelSize: 3, padding: 'same' } as const;

function startOf(rows: readonly ChainRow[], name = 'c/kernel') {
  const document = chain([image, ...rows]);
  return networkWeights(document, analyzeNetwork(document)).find((weight) => weight.name === name)!.initializer;
}

describe('how a kernel starts by default', () => {
  it.each<[string, string, readonly ChainRow[]]>([
    ['heNormal', 'its own ReLU', [['c', 'conv', { ...conv, activation: 'relu' }]]],
    ['heNormal', 'its own leaky ReLU', [['c', 'conv', { ...conv, activation: 'leakyRelu' }]]],
    [
      'heNormal',
      'a ReLU behind it',
      [
        ['c', 'conv', conv],
        ['a', 'activation', { function: 'relu' }],
      ],
    ],
    [
      'heNormal',
      'a ReLU behind a norm, a pool and a dropout',
      [
        ['c', 'conv', conv],
        ['n', 'batchnorm'],
        ['p', 'pool'],
        ['d', 'dropout'],
        ['a', 'activation', { function: 'relu' }],
      ],
    ],
    [
      'heNormal',
      'a ReLU behind a sum',
      [
        ['c', 'conv', conv],
        ['s', 'conv', conv, ['image']],
        ['sum', 'add', {}, ['c', 's']],
        ['a', 'activation', { function: 'relu' }],
      ],
    ],
    [
      'heNormal',
      'a ReLU on one of two ways',
      [
        ['c', 'conv', conv],
        ['t', 'activation', { function: 'tanh' }],
        ['r', 'activation', { function: 'relu' }, ['c']],
        ['both', 'concat', {}, ['t', 'r']],
      ],
    ],
    ['glorotUniform', 'nothing', [['c', 'conv', conv]]],
    [
      'glorotUniform',
      'its own tanh, with a ReLU behind',
      [
        ['c', 'conv', { ...conv, activation: 'tanh' }],
        ['a', 'activation', { function: 'relu' }],
      ],
    ],
    [
      'glorotUniform',
      'a ReLU behind the next kernel',
      [
        ['c', 'conv', conv],
        ['d', 'conv', { ...conv, activation: 'relu' }],
      ],
    ],
    [
      'glorotUniform',
      'a softmax',
      [
        ['g', 'gap'],
        ['c', 'fc', { units: 3, activation: 'softmax' }],
      ],
    ],
    [
      'heNormal',
      'a ReLU, for FC',
      [
        ['c', 'fc', { units: 3 }],
        ['a', 'activation', { function: 'relu' }],
      ],
    ],
    ['heNormal', 'a ReLU, for up-conv', [['c', 'upconv', { filters: 3, kernelSize: 2, activation: 'relu' }]]],
    [
      'lecunNormal',
      'a ReLU where the document says otherwise',
      [['c', 'conv', { ...conv, activation: 'relu', initializer: 'lecunNormal' }]],
    ],
    [
      'zeros',
      'a ReLU where the document says zeros',
      [['c', 'conv', { ...conv, activation: 'relu', initializer: 'zeros' }]],
    ],
  ])('%s before %s', (expected, _, rows) => {
    expect(startOf(rows).type).toBe(expected);
  });

  it('counts the fans of the stored layout', () => {
    expect(startOf([['c', 'conv', { filters: 20, kernelSize: 5 }]])).toMatchObject({ fanIn: 50, fanOut: 500 });
    expect(startOf([['c', 'conv', { ...conv, groups: 2 }]])).toMatchObject({ fanIn: 9, fanOut: 36 });
  });
});

const options = {
  optimizer: 'adam',
  learningRate: 0.01,
  momentum: 0.9,
  loss: 'auto',
  seed: 1,
  task: { kind: 'classification', classCount: 2 },
} as const;

function compile(rows: readonly ChainRow[]) {
  const document = chain([image, ...rows, ['g', 'gap'], ['f', 'fc', { units: 2 }]]);
  const analysis = analyzeNetwork(document);
  const compiled = compileTraining(document, analysis, options);
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
  return { analysis, ...compiled.value };
}

describe('weights that are not trainable', () => {
  const frozen = compile([
    ['c', 'conv', { ...conv, trainable: false }],
    ['n', 'batchnorm', { trainable: false }],
  ]);

  it('count as such', () => {
    expect(frozen.analysis.totals).toMatchObject({ trainableParams: 10, nonTrainableParams: 76 + 16 });
  });

  it('may be those of any kind that learns', () => {
    const { analysis, slots } = compile([
      ['c', 'conv', conv],
      ['a', 'activation', { function: 'prelu', trainable: false }],
      ['l', 'layernorm', { trainable: false }],
      ['n', 'groupnorm', { groups: 2, trainable: false }],
      ['s', 'scale', { learned: 'channel', trainable: false }],
    ]);
    expect(analysis.totals).toMatchObject({ trainableParams: 76 + 10, nonTrainableParams: 4 + 8 + 8 + 8 });
    expect(slots.filter(({ name }) => !/^[cf]\//.test(name))).toEqual([]);
  });

  it('have no slot, no gradient and no update; the norm follows no batch', () => {
    expect(frozen.slots.map(({ name }) => name)).toEqual(['f/kernel/m', 'f/kernel/v', 'f/bias/m', 'f/bias/v']);
    const { nodes, updates } = frozen.program.functions['trainStep']!;
    expect(updates.map(({ variable }) => variable)).toEqual(['f/kernel', 'f/bias']);
    expect(nodes.filter(({ op }) => op === 'conv2dFilterGrad' || op === 'batchNorm')).toEqual([]);
  });
});

describe('the running statistics of batch norm', () => {
  it('are followed closely at first', () => {
    expect(warmUp(1)).toBeCloseTo(2 / 11, 12);
    expect(warmUp(890)).toBeCloseTo(0.99, 12);
    const { stepInputs } = compile([['n', 'batchnorm']]);
    expect(stepInputs(100)[warmUpInput]?.data[0]).toBeCloseTo(101 / 110, 6);
  });

  it('need no warm-up where there are none, and follow nothing with momentum 1', () => {
    expect(compile([]).stepInputs(1)).not.toHaveProperty(warmUpInput);
    const still = compile([['n', 'batchnorm', { momentum: 1 }]]);
    expect(still.program.functions['trainStep']!.updates.map(({ variable }) => variable)).not.toContain('n/movingMean');
  });
});

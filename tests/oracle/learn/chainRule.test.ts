import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileInspection } from '../../../shared/compile/inspection';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { sumOf, termsAt } from '../../../shared/learn/exhibits/chainRule';
import { windowSum } from '../../../shared/learn/exhibits/windowSum';
import type { HostTensor } from '../../../shared/ops/tensor';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { chain } from '../../support/chain';
import type { ChainRow } from '../../support/chain';
import { interpret } from '../../support/referenceInterpreter';
import { fromHostTensor, indicesOf, toHostTensor } from '../../support/tensor64';

const task = { kind: 'classification', classCount: 4 } as const;

/** What the double precision interpreter computes for two samples: values, gradients and weights by node. */
function computed(rows: readonly ChainRow[]) {
  const document = chain([['x', 'input', { shape: [7, 7, 2] }], ...rows, ['f', 'fc', { units: 4 }]]);
  const analysis = analyzeNetwork(document);
  const nodes = document.nodes.map(({ id }) => id);
  const training = { ...defaultTrainingConfig, task };
  const options = { mode: 'infer', nodes, target: { of: 'loss', training }, seed: 3 } as const;
  const compiled = compileInspection(document, analysis, options);
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
  const { program, weights, outputs } = compiled.value;
  const variables = initialWeights(weights, 3);
  const x = { shape: [2, 7, 7, 2], data: Float64Array.from({ length: 196 }, (_, at) => Math.sin(7 * at + 1)) };
  const found = interpret(
    program.functions['inspect']!,
    { x, y: { shape: [2], data: Float64Array.of(1, 3) } },
    Object.fromEntries(Object.entries(variables).map(([name, tensor]) => [name, fromHostTensor(tensor)])),
  ).outputs;
  const tensor = (name: string | undefined): HostTensor => toHostTensor(found[name ?? '']!, 'float32');
  return {
    analysis,
    variables,
    value: (id: string) => tensor(outputs.values.get(id)),
    gradient: (id: string) => tensor(outputs.gradients.get(id)),
  };
}

const kinds: readonly (readonly [string, ChainRow])[] = [
  ['FC', ['n', 'fc', { units: 6, activation: 'tanh' }]],
  ['conv', ['n', 'conv', { filters: 3, kernelSize: 3, activation: 'relu' }]],
  [
    'conv with steps, padding and gaps',
    ['n', 'conv', { filters: 4, kernelSize: 3, strides: 2, padding: 2, dilationRate: 2, groups: 2 }],
  ],
  ['conv, same', ['n', 'conv', { filters: 2, kernelSize: [4, 3], strides: 2, padding: 'same', activation: 'sigmoid' }]],
  ['max pool', ['n', 'pool', { mode: 'max', poolSize: 3, strides: 2, padding: 1 }]],
  ['average pool', ['n', 'pool', { mode: 'avg', poolSize: 3, strides: 2, padding: 1 }]],
  ['average pool, counting padding', ['n', 'pool', { mode: 'avg', poolSize: 2, padding: 1, countIncludePad: true }]],
  ['sum pool', ['n', 'pool', { mode: 'sum', poolSize: 2 }]],
  ['L2 pool', ['n', 'pool', { mode: 'l2', poolSize: 2 }]],
  ['ReLU', ['n', 'activation', { function: 'relu' }]],
  ['up-conv', ['n', 'upconv', { filters: 3, kernelSize: 3, strides: 2, padding: 1, outputPadding: 1 }]],
  [
    'up-conv, same',
    ['n', 'upconv', { filters: 4, kernelSize: 3, strides: 2, padding: 'same', groups: 2, activation: 'relu' }],
  ],
  ['GAP', ['n', 'gap']],
  ['global max pool', ['n', 'gap', { mode: 'max' }]],
  ['flatten', ['n', 'flatten']],
];

describe('the chain rule as the backward stepper tells it', () => {
  it.each(kinds)('adds up to the gradient at every input of a node: %s', (_, row) => {
    const { analysis, variables, value, gradient } = computed([row]);
    const node = analysis.nodes.get('n')!;
    const way = {
      node,
      input: value('x'),
      output: value('n'),
      delta: gradient('n'),
      kernel: variables['n/kernel'],
    };
    const wanted = gradient('x');
    let largest = 0;
    for (const [sample = 0, ...place] of indicesOf(wanted.shape)) {
      const at = place.reduce((sum, index, axis) => sum * wanted.shape[axis + 1]! + index, sample);
      const terms = termsAt(way, place, sample);
      expect(sumOf(terms!) - wanted.data[at]!).toBeCloseTo(0, 5);
      largest = Math.max(largest, Math.abs(wanted.data[at]!));
    }
    expect(largest).toBeGreaterThan(1e-3);
  });
});

describe('a window by hand', () => {
  it.each(kinds.slice(1, 4))('is what the engine gives before the function: %s', (_, [id, kind, params]) => {
    const linear = [id, kind, { ...params, activation: 'linear' }] as const;
    const { analysis, variables, value } = computed([linear]);
    const output = value('n');
    const [, height, width, filters] = output.shape as [number, number, number, number];
    const weights = { kernel: variables['n/kernel']!, bias: variables['n/bias'] };
    for (const [row = 0, column = 0, filter = 0] of indicesOf([height, width, filters])) {
      const sum = windowSum(analysis.nodes.get('n')!, value('x'), weights, { filter, row, column }, 1)!.sum;
      expect(sum - output.data[((height + row) * width + column) * filters + filter]!).toBeCloseTo(0, 5);
    }
  });
});

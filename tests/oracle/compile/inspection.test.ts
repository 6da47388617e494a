import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileInspection, nudgedInput, targetOutput } from '../../../shared/compile/inspection';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { chain } from '../../support/chain';
import { interpret } from '../../support/referenceInterpreter';
import type { Tensors64 } from '../../support/referenceInterpreter';
import { fromHostTensor } from '../../support/tensor64';

/** Every kind of layer whose way back the course shows. ReLU behind the pool: two zeros that share a window have no slope. */
const network = chain([
  ['x', 'input', { shape: [6, 6, 1] }],
  ['c', 'conv', { filters: 2, kernelSize: 3 }],
  ['m', 'pool', { mode: 'max', poolSize: 2, strides: 2 }],
  ['r', 'activation', { function: 'relu' }],
  ['u', 'upconv', { filters: 2, kernelSize: 2, strides: 2 }],
  ['a', 'pool', { mode: 'avg', poolSize: 2, strides: 2 }],
  ['f', 'fc', { units: 3 }],
]);
const analysis = analyzeNetwork(network);
const nodes = network.nodes.map(({ id }) => id);
const training = { ...defaultTrainingConfig, task: { kind: 'classification', classCount: 3 } } as const;

describe('the gradient at every value of every node', () => {
  it.each(nodes)('%s is the slope of the loss, by central differences in double precision', (name) => {
    const place = { of: 'node', name } as const;
    const options = { mode: 'train', nodes, target: { of: 'loss', training }, place, seed: 3 } as const;
    const compiled = compileInspection(network, analysis, options);
    if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
    const { program, weights, outputs } = compiled.value;
    const { inspect, check } = program.functions;
    const variables: Tensors64 = Object.fromEntries(
      Object.entries(initialWeights(weights, 3)).map(([key, tensor]) => [key, fromHostTensor(tensor)]),
    );
    const x = { shape: [2, 6, 6, 1], data: Float64Array.from({ length: 72 }, (_, at) => Math.sin(7 * at + 1)) };
    const feeds: Tensors64 = { x, y: { shape: [2], data: Float64Array.of(0, 2) } };
    const found = interpret(inspect!, feeds, variables).outputs;
    const value = found[outputs.values.get(name)!]!;
    const gradient = found[outputs.gradients.get(name)!]!;
    const lossAt = (at: number, by: number): number => {
      const data = value.data.with(at, value.data[at]! + by);
      const nudged = { shape: value.shape, data };
      return interpret(check!, { ...feeds, [nudgedInput]: nudged }, variables).outputs[targetOutput]!.data[0]!;
    };
    const step = 1e-6;
    value.data.forEach((_, at) => {
      expect(gradient.data[at]! - (lossAt(at, step) - lossAt(at, -step)) / (2 * step)).toBeCloseTo(0, 6);
    });
    expect(Math.max(...gradient.data.map(Math.abs))).toBeGreaterThan(1e-3);
  });
});

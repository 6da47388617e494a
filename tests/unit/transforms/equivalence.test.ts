import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { convToFc, fcToConv } from '../../../shared/transforms/fcConv';
import { foldConvs } from '../../../shared/transforms/foldConvs';
import { toFullyConvolutional } from '../../../shared/transforms/fullyConvolutional';
import { switchHead } from '../../../shared/transforms/heads';
import type { TransformPlan, WeightTable } from '../../../shared/transforms/plan';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { Json, NetworkDocument } from '../../../shared/schema/document';
import { compileInference } from '../../../shared/compile/compile';
import { createRandom } from '../../../shared/ops/random';
import { elementCount } from '../../../shared/ops/tensor';
import { interpret } from '../../support/referenceInterpreter';

type Layer = readonly [id: string, kind: string, params: { readonly [name: string]: Json }];

/** A chain of layers, in order. */
function chain(...layers: readonly Layer[]): NetworkDocument {
  return {
    format: 'convloom.network',
    version: 1,
    name: '',
    nodes: layers.map(([id, kind, params]) => ({ id, kind, params })),
    edges: layers.slice(1).map(([id], index) => ({ from: layers[index]![0], to: id })),
  };
}

/** Weights that are all away from zero, biases too, so that nothing cancels by luck. */
function randomWeights(document: NetworkDocument): WeightTable {
  const random = createRandom(5);
  const weights: Record<string, WeightTable[string]> = {};
  for (const node of analyzeNetwork(document).nodes.values()) {
    for (const spec of node.weights) {
      const count = elementCount(spec.shape);
      weights[`${node.id}/${spec.name}`] = {
        shape: spec.shape,
        data: Float32Array.from({ length: count }, () => random.uniform() - 0.5),
      };
    }
  }
  return weights;
}

/** The network's output for two fixed random images. */
function outputOf(document: NetworkDocument, weights: WeightTable): readonly number[] {
  const analysis = analyzeNetwork(document);
  const compiled = compileInference(document, analysis);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((one) => one.summary.en).join('\n'));
  const random = createRandom(9);
  const shape = [2, ...compiled.value.inputs[0]!.shape];
  const x = { shape, data: Float64Array.from({ length: elementCount(shape) }, () => random.uniform()) };
  const variables = Object.fromEntries(
    compiled.value.program.variables.map(({ name, shape: size }) => [
      name,
      { shape: size, data: Float64Array.from(weights[name]!.data) },
    ]),
  );
  const { outputs } = interpret(compiled.value.program.functions['predict']!, { x }, variables);
  return [...outputs[analysis.outputs[0]!]!.data];
}

function planned(result: Result<TransformPlan>): TransformPlan {
  if (!result.ok) throw new Error(result.diagnostics.map((one) => one.code).join());
  return result.value;
}

/** The network says the same before and after, with weights carried over. */
function expectSame(document: NetworkDocument, plan: TransformPlan): void {
  const weights = randomWeights(document);
  const before = outputOf(document, weights);
  const after = outputOf(plan.document, plan.carry(weights));
  expect(after.length).toBe(before.length);
  const scale = Math.max(...before.map(Math.abs), 1);
  const worst = Math.max(...before.map((value, index) => Math.abs(value - after[index]!)));
  expect(worst / scale).toBeLessThan(1e-5);
}

const classifier = chain(
  ['x', 'input', { shape: [9, 8, 2] }],
  ['c1', 'conv', { filters: 3, kernelSize: 3, activation: 'relu' }],
  ['p1', 'pool', { poolSize: 2 }],
  ['f1', 'fc', { units: 7, activation: 'relu' }],
  ['f2', 'fc', { units: 4 }],
);

describe('an FC written as a conv', () => {
  it('gives the same scores for a whole head over a 3×3 map of 3 channels', () => {
    expectSame(classifier, planned(switchHead(classifier, analyzeNetwork(classifier), 'conv')));
  });

  it('gives the same scores on the way back', () => {
    const conv = planned(switchHead(classifier, analyzeNetwork(classifier), 'conv')).document;
    expectSame(conv, planned(switchHead(conv, analyzeNetwork(conv), 'fc')));
  });

  it('gives the same values for one FC alone, and back', () => {
    const plan = planned(fcToConv(classifier, analyzeNetwork(classifier), 'f1'));
    expectSame(classifier, plan);
    expectSame(plan.document, planned(convToFc(plan.document, plan.after, 'f1')));
  });

  it('keeps how its weights begin and whether they are frozen, and back', () => {
    const said = { initializer: 'heNormal', trainable: false, activation: 'relu' };
    const document = chain(['x', 'input', { shape: [3, 3, 2] }], ['f', 'fc', { units: 4, ...said }]);
    const plan = planned(fcToConv(document, analyzeNetwork(document), 'f'));
    expect(plan.document.nodes[1]?.params).toMatchObject(said);
    expect(planned(convToFc(plan.document, plan.after, 'f')).document.nodes[1]?.params).toEqual({ units: 4, ...said });
  });

  it('refuses a conv whose kernel is smaller than its map', () => {
    const result = convToFc(classifier, analyzeNetwork(classifier), 'c1');
    expect(result.ok ? '' : result.diagnostics[0]?.code).toBe('transform/kernel-too-small');
  });
});

const window = (params: { readonly [name: string]: Json }): { readonly [name: string]: Json } => ({
  filters: 3,
  ...params,
});

describe('two convs folded into one', () => {
  it.each([
    ['3×3 and 3×3 into 5×5', window({ kernelSize: 3 }), window({ kernelSize: 3 }), 5],
    ['3×3 with stride 2 and 3×3 into 7×7', window({ kernelSize: 3, strides: 2 }), window({ kernelSize: 3 }), 7],
    ['3×3 and 2×2 with stride 2 into 4×4', window({ kernelSize: 3 }), window({ kernelSize: 2, strides: 2 }), 4],
    ['3×3 same and 3×3 into a padded 5×5', window({ kernelSize: 3, padding: 'same' }), window({ kernelSize: 3 }), 5],
    [
      '3×3 same, stride 2, and 1×1',
      window({ kernelSize: 3, padding: 'same', strides: 2 }),
      window({ kernelSize: 1 }),
      3,
    ],
    ['dilated 3×3 and 3×3 into 7×7', window({ kernelSize: 3, dilationRate: 2 }), window({ kernelSize: 3 }), 7],
    ['3×2 and 1×3 into 3×4', window({ kernelSize: [3, 2] }), window({ kernelSize: [1, 3] }), [3, 4]],
    [
      'without a first bias',
      window({ kernelSize: 3, useBias: false }),
      window({ kernelSize: 3, activation: 'relu' }),
      5,
    ],
  ])('computes the same: %s', (_title, first, second, kernelSize) => {
    const document = chain(
      ['x', 'input', { shape: [14, 13, 2] }],
      ['a', 'conv', first],
      ['b', 'conv', second],
      ['p', 'pool', {}],
    );
    const plan = planned(foldConvs(document, analyzeNetwork(document), 'a'));
    expect(plan.document.nodes.find((node) => node.id === 'a')?.params['kernelSize']).toEqual(kernelSize);
    expectSame(document, plan);
  });

  it.each([
    [{ trainable: false }, { trainable: false }, { trainable: false }],
    [{ trainable: false }, {}, { trainable: true }],
    [{}, { trainable: false }, { trainable: true }],
    [{ initializer: 'glorotUniform' }, { initializer: 'heNormal', activation: 'relu' }, { initializer: 'heNormal' }],
    [{ initializer: 'glorotUniform' }, {}, { initializer: 'auto' }],
  ])('of %j and %j has %j', (first, second, wanted) => {
    const document = chain(
      ['x', 'input', { shape: [14, 13, 2] }],
      ['a', 'conv', window({ kernelSize: 3, ...first })],
      ['b', 'conv', window({ kernelSize: 3, ...second })],
    );
    const { after } = planned(foldConvs(document, analyzeNetwork(document), 'a'));
    expect(after.nodes.get('a')?.params).toMatchObject(wanted);
  });

  it.each([
    ['activation', { kernelSize: 3, activation: 'relu' }, { kernelSize: 3 }],
    ['padding', { kernelSize: 3 }, { kernelSize: 3, padding: 'same' }],
    ['groups', { kernelSize: 3 }, { kernelSize: 3, groups: 3 }],
    ['standardized weights', { kernelSize: 3, weightStandardization: true }, { kernelSize: 3 }],
  ])('refuses where it would not be exact: %s', (_reason, first, second) => {
    const document = chain(
      ['x', 'input', { shape: [14, 13, 2] }],
      ['a', 'conv', window(first)],
      ['b', 'conv', window(second)],
    );
    const result = foldConvs(document, analyzeNetwork(document), 'a');
    expect(result.ok ? '' : result.diagnostics[0]?.code).toBe('transform/cannot-fold');
  });
});

describe('a classifier made fully convolutional', () => {
  const deep = chain(
    ['x', 'input', { shape: [24, 24, 1] }],
    ['c1', 'conv', { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }],
    ['p1', 'pool', {}],
    ['c2', 'conv', { filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' }],
    ['p2', 'pool', {}],
    ['c3', 'conv', { filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }],
    ['p3', 'pool', {}],
    ['f1', 'fc', { units: 16, activation: 'relu' }],
    ['f2', 'fc', { units: 5 }],
  );

  it.each([0, 1, 2] as const)('gives a score per class for every pixel, with %i skips', (skips) => {
    const plan = planned(toFullyConvolutional(deep, analyzeNetwork(deep), skips));
    expect(plan.after.diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
    expect(plan.after.outputs.map((id) => plan.after.nodes.get(id)?.outputShape)).toEqual([[24, 24, 5]]);
    const adds = plan.document.nodes.filter((node) => node.kind === 'add');
    expect(adds.length).toBe(skips);
  });

  it('scores the pools, as FCN does: p2 first, then p1', () => {
    const plan = planned(toFullyConvolutional(deep, analyzeNetwork(deep), 2));
    const scored = plan.document.edges.filter((edge) => ['p1', 'p2'].includes(edge.from)).map((edge) => edge.from);
    expect(scored).toEqual(expect.arrayContaining(['p1', 'p2']));
    expect(plan.document.edges.filter((edge) => edge.from === 'p2').length).toBe(2);
  });

  it('crops where pools dropped a row', () => {
    const odd = {
      ...deep,
      nodes: deep.nodes.map((node) => (node.id === 'x' ? { ...node, params: { shape: [27, 25, 1] } } : node)),
    };
    const plan = planned(toFullyConvolutional(odd, analyzeNetwork(odd), 2));
    expect(plan.after.diagnostics.filter((one) => one.severity === 'error').map((one) => one.code)).toEqual([]);
  });
});

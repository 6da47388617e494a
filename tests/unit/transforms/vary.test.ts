import { describe, expect, it } from 'vitest';
import { parseNetwork } from '../../../shared/document/parse';
import type { NetworkDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import {
  applyAssignment,
  assignmentText,
  parseVary,
  planTrials,
  suggestValues,
  trialLabel,
  varyTargets,
} from '../../../shared/transforms/vary';
import type { Vary } from '../../../shared/transforms/vary';

const parsed = parseNetwork(
  JSON.stringify({
    format: 'convloom.network',
    version: 2,
    name: 'Net',
    blocks: {
      pair: {
        params: { filters: 16 },
        nodes: [
          { id: 'in', kind: 'port', params: {} },
          { id: 'c', kind: 'conv', params: { filters: { param: 'filters' }, kernelSize: 3 } },
        ],
        edges: [{ from: 'in', to: 'c' }],
      },
    },
    nodes: [
      { id: 'image', kind: 'input', params: { shape: [28, 28, 1] } },
      { id: 'c1', kind: 'conv', params: { filters: 20, kernelSize: 5 } },
      { id: 's', kind: 'block', params: { block: 'pair', filters: 8 } },
      { id: 'f1', kind: 'fc', params: { units: 10 } },
    ],
    edges: [
      { from: 'image', to: 'c1' },
      { from: 'c1', to: 's' },
      { from: 's', to: 'f1' },
    ],
  }),
);
if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.summary.en);
const document: NetworkDocument = parsed.value;
const config = defaultTrainingConfig;
const targets = varyTargets(document, config);

function vary(given: string): Vary {
  const read = parseVary(given, targets);
  if (!read.ok) throw new Error(read.diagnostics[0]?.why?.en);
  return read.value;
}

describe('what a sweep varies', () => {
  it.each([
    ['c1.filters=8,16, 32', { target: 'c1.filters', values: [8, 16, 32] }],
    ['c1.kernelSize=3,[3,5]', { target: 'c1.kernelSize', values: [3, [3, 5]] }],
    ['c1.activation=relu,elu,relu', { target: 'c1.activation', values: ['relu', 'elu'] }],
    ['c1.useBias=true,false', { target: 'c1.useBias', values: [true, false] }],
    ['s.filters=4,8', { target: 's.filters', values: [4, 8] }],
    ['s.repeat=1,2', { target: 's.repeat', values: [1, 2] }],
    ['pair.filters=4,8', { target: 'pair.filters', values: [4, 8] }],
    ['pair/c.kernelSize=1,3', { target: 'pair/c.kernelSize', values: [1, 3] }],
    [
      'learningRate=1e-3..1e-1:log',
      { target: 'learningRate', from: 0.001, to: 0.1, isLog: true, isWhole: false, count: null },
    ],
    ['batchSize=8..64:4', { target: 'batchSize', from: 8, to: 64, isLog: false, isWhole: true, count: 4 }],
    ['momentum=0.5..0.9', { target: 'momentum', from: 0.5, to: 0.9, isLog: false, isWhole: false, count: null }],
  ])('%s', (given, expected) => {
    expect(vary(given)).toEqual(expected);
  });

  it.each([
    ['c1.filter=8', 'sweep/unknown-target'],
    ['c2.filters=8', 'sweep/unknown-target'],
    ['data=mnist', 'sweep/unknown-target'],
    ['c1.filters', 'sweep/bad-values'],
    ['c1.filters=', 'sweep/bad-values'],
    ['c1.filters=8,,9', 'sweep/bad-values'],
    ['learningRate=0..1:log', 'sweep/bad-values'],
    ['learningRate=1..0.1', 'sweep/bad-values'],
    ['learningRate=a..b', 'sweep/bad-values'],
    ['learningRate=0..1:1', 'sweep/bad-values'],
  ])('%s is refused with %s', (given, code) => {
    const read = parseVary(given, targets);
    expect(read.ok ? null : read.diagnostics.map((one) => one.code)).toEqual([code]);
  });

  it('makes a network and settings, and leaves the given ones alone', () => {
    const before = JSON.stringify(document);
    const made = applyAssignment(
      { document, config },
      { 'c1.filters': 8, 's.filters': 4, 'pair.filters': 6, 'pair/c.kernelSize': 1, learningRate: 0.5 },
    );
    if (!made.ok) throw new Error();
    const { nodes, blocks } = made.value.document;
    expect(nodes.find(({ id }) => id === 'c1')?.params).toMatchObject({ filters: 8, kernelSize: 5 });
    expect(nodes.find(({ id }) => id === 's')?.params).toMatchObject({ filters: 4 });
    expect(blocks?.['pair']).toMatchObject({ params: { filters: 6 }, nodes: [{}, { params: { kernelSize: 1 } }] });
    expect(made.value.config.learningRate).toBe(0.5);
    expect(JSON.stringify(document)).toBe(before);
  });

  it.each([{ batchSize: 1.5 }, { optimizer: 'adamm' }, { learningRate: true }] as const)(
    'tells of %o that no run accepts it',
    (assignment) => {
      const made = applyAssignment({ document, config }, assignment);
      expect(made.ok ? null : made.diagnostics[0]?.code).toBe('train/bad-setting');
    },
  );
});

describe('the trials of a sweep', () => {
  const plan = (given: readonly string[], trials: number | 'grid', seed = 1) => {
    const planned = planTrials(given.map(vary), trials, seed);
    return planned.ok ? planned.value : planned.diagnostics.map(({ code }) => code);
  };

  it('of a grid are every value with every other, the first changing last', () => {
    expect(plan(['c1.filters=8,16', 'batchSize=8..32:log:3'], 'grid')).toEqual([
      { 'c1.filters': 8, batchSize: 8 },
      { 'c1.filters': 8, batchSize: 16 },
      { 'c1.filters': 8, batchSize: 32 },
      { 'c1.filters': 16, batchSize: 8 },
      { 'c1.filters': 16, batchSize: 16 },
      { 'c1.filters': 16, batchSize: 32 },
    ]);
    expect(plan(['learningRate=0.001..1:log'], 'grid')).toEqual(
      [0.001, 0.01, 0.1, 1].map((learningRate) => ({ learningRate })),
    );
  });

  it('at random follow the seed, are all different, and lie in their range', () => {
    const given = ['c1.filters=8,16,32', 'learningRate=0.001..0.1:log'];
    const drawn = plan(given, 20);
    expect(plan(given, 20)).toEqual(drawn);
    expect(plan(given, 20, 2)).not.toEqual(drawn);
    expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBe(20);
    for (const one of drawn as readonly { learningRate: number }[]) {
      expect(one.learningRate).toBeGreaterThanOrEqual(0.001);
      expect(one.learningRate).toBeLessThanOrEqual(0.1);
    }
    // Half of the numbers are below the middle of the factors, not of the sum.
    expect(
      (drawn as readonly { learningRate: number }[]).filter((one) => one.learningRate < 0.01).length,
    ).toBeGreaterThan(3);
  });

  it('at random are the grid where that is no larger, and no more than there are', () => {
    expect(plan(['c1.filters=8,16'], 10)).toEqual([{ 'c1.filters': 8 }, { 'c1.filters': 16 }]);
    expect(plan(['batchSize=1..3'], 10)).toHaveLength(3);
  });

  it('are at least one thing that varies, and at most a thousand', () => {
    expect(plan([], 'grid')).toEqual(['sweep/nothing-varied']);
    expect(plan(['batchSize=1..1000:500', 'learningRate=0.1..1:3'], 'grid')).toEqual(['sweep/too-many-trials']);
  });

  it('are told by what sets them apart', () => {
    expect(assignmentText({ 'c1.filters': 8, 'c1.kernelSize': [3, 5], optimizer: 'sgd' })).toBe(
      'c1.filters 8, c1.kernelSize [3,5], optimizer sgd',
    );
  });
});

describe('a descent', () => {
  const set = (value: string, more: Partial<typeof config> = {}) =>
    applyAssignment({ document, config: { ...config, ...more } }, { descent: value });

  it.each([
    ['batch', { batchSize: 32, accumulate: 1_000_000 }],
    ['miniBatch', { batchSize: 32, accumulate: 1 }],
    ['stochastic', { batchSize: 1, accumulate: 1 }],
  ])('%s takes %o', (value, settings) => {
    const applied = set(value);
    expect(applied.ok && applied.value.config).toMatchObject(settings);
  });

  it('is applied after all else, so that one sample a step stays one', () => {
    const applied = applyAssignment({ document, config }, { descent: 'stochastic', batchSize: 64 });
    expect(applied.ok && applied.value.config.batchSize).toBe(1);
  });

  it.each([
    ['sideways', {}, 'sweep/unknown-descent'],
    ['miniBatch', { batchSize: 1 }, 'sweep/mini-batch-of-one'],
  ])('%s with %o is refused: %s', (value, more, code) => {
    const applied = set(value, more);
    expect(applied.ok ? [] : applied.diagnostics.map((one) => one.code)).toEqual([code]);
  });

  it('is suggested whole, and named in both languages', () => {
    const target = targets.find(({ name }) => name === 'descent')!;
    expect(suggestValues(target)).toBe('batch, miniBatch, stochastic');
    expect(trialLabel({ descent: 'miniBatch' })).toEqual({ en: 'Mini-batch', zh: '小批量' });
    expect(trialLabel({ learningRate: 0.1, descent: 'batch' }).zh).toBe('批量，learningRate 0.1');
    expect(trialLabel({ learningRate: 0.1 }).zh).toBe('learningRate 0.1');
  });
});

import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { sharersOf, usedWeights } from '../../../shared/analysis/sharedWeights';
import { compileInference } from '../../../shared/compile/compile';
import { networkWeights } from '../../../shared/compile/networkWeights';
import { structureDigest } from '../../../shared/document/digest';
import { flatNetwork } from '../../../shared/document/expand';
import { readDocument } from '../../../shared/document/parse';
import { applyEdits } from '../../../shared/editing/applyEdits';
import type { NetworkDocument } from '../../../shared/schema/document';
import { chain, type ChainRow } from '../../support/chain';
import { siamese } from '../../support/trainingCases';

const conv = { filters: 4, kernelSize: 3, padding: 'same' } as const;

function document(...rows: readonly ChainRow[]): NetworkDocument {
  return chain([['x', 'input', { shape: [8, 8, 4] }], ...rows]);
}

function codes(given: NetworkDocument): readonly string[] {
  return analyzeNetwork(given)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, at }) => `${code} ${at.nodeId ?? ''}`);
}

/** Applies the fix of a title and gives what is wrong then. */
function mended(given: NetworkDocument, title: RegExp): readonly string[] {
  const fixes = analyzeNetwork(given).diagnostics.flatMap((diagnostic) => diagnostic.fixes);
  const fix = fixes.find((one) => title.test(one.title.en));
  const changed = applyEdits(given, fix?.edits ?? []);
  if (fix === undefined || !changed.ok) throw new Error(`Offered: ${fixes.map((one) => one.title.en).join('; ')}`);
  return codes(changed.value);
}

describe('weights of another node', () => {
  const shared = document(['a', 'conv', conv], ['b', 'conv', conv, ['a'], 'a'], ['f', 'fc', { units: 2 }]);

  it('are counted once, and computed with each time', () => {
    const analysis = analyzeNetwork(shared);
    const alone = analyzeNetwork(document(['a', 'conv', conv], ['f', 'fc', { units: 2 }]));
    expect(analysis.ok).toBe(true);
    expect(analysis.totals.params).toBe(alone.totals.params);
    expect(analysis.nodes.get('b')).toMatchObject({
      paramCount: 0,
      trainableParams: 0,
      weights: [],
      macs: 4 * 9 * 4 * 64,
    });
    expect(usedWeights(analysis.nodes.get('b')!)).toBe(analysis.nodes.get('a')!.weights);
    expect(sharersOf(analysis.nodes, 'a')).toEqual(['b']);
    expect(networkWeights(shared, analysis).map(({ name }) => name)).toEqual([
      'a/kernel',
      'a/bias',
      'f/kernel',
      'f/bias',
    ]);
    const program = compileInference(shared, analysis);
    expect(program.ok && program.value.program.variables.length).toBe(4);
  });

  it('are counted once along a chain, its owner standing anywhere', () => {
    const analysis = analyzeNetwork(chain(siamese));
    expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(analysis.nodes.get('r2')?.shared?.owner).toBe('r1');
    expect(analysis.nodes.get('r3')?.shared?.owner).toBe('r1');
  });

  it('keep a node that an edit does not touch the very same', () => {
    const before = analyzeNetwork(shared);
    const edited = applyEdits(shared, [{ type: 'setParams', id: 'f', params: { units: 3 } }]);
    if (!edited.ok) throw new Error('It can be edited.');
    const after = analyzeNetwork(edited.value, before);
    expect(after.nodes.get('b')).toBe(before.nodes.get('b'));
    expect(analyzeNetwork(edited.value)).toEqual(after);
    const own = applyEdits(edited.value, [{ type: 'setWeightsOf', id: 'b', weightsOf: null }]);
    if (!own.ok) throw new Error('It can be edited.');
    expect(analyzeNetwork(own.value, after).nodes.get('b')?.paramCount).toBe(148);
  });

  it('change the name of what a network computes', () => {
    const own = applyEdits(shared, [{ type: 'setWeightsOf', id: 'b', weightsOf: null }]);
    expect(own.ok && structureDigest(own.value)).not.toBe(structureDigest(shared));
  });

  it.each<[string, readonly ChainRow[], string, RegExp]>([
    [
      'of no node',
      [
        ['a', 'conv', conv],
        ['b', 'conv', conv, ['a'], 'c'],
      ],
      'graph/weights-of-nothing b',
      /own/,
    ],
    [
      'under a name that is nearly one',
      [
        ['con', 'conv', conv],
        ['b', 'conv', conv, ['con'], 'conv'],
      ],
      'graph/weights-of-nothing b',
      /“con”/,
    ],
    ['of itself', [['b', 'conv', conv, ['x'], 'b']], 'graph/weights-of-circle b', /own/],
    [
      'of another kind',
      [
        ['a', 'batchnorm'],
        ['b', 'conv', conv, ['a'], 'a'],
      ],
      'graph/weights-of-other-kind b',
      /own/,
    ],
    [
      'of another shape',
      [
        ['a', 'conv', { ...conv, kernelSize: 5 }],
        ['b', 'conv', conv, ['a'], 'a'],
      ],
      'graph/weights-of-other-shape b',
      /kernelSize as in/,
    ],
    [
      'that have a bias',
      [
        ['a', 'conv', conv],
        ['b', 'conv', { ...conv, useBias: false }, ['a'], 'a'],
      ],
      'graph/weights-of-other-shape b',
      /useBias as in/,
    ],
    [
      'that are frozen',
      [
        ['a', 'conv', { ...conv, trainable: false }],
        ['b', 'conv', conv, ['a'], 'a'],
      ],
      'graph/weights-of-other-shape b',
      /trainable as in/,
    ],
    [
      'for other channels',
      [
        ['s', 'slice', { to: 2 }],
        ['a', 'conv', conv],
        ['b', 'conv', conv, ['a'], 'a'],
      ],
      'graph/weights-of-other-shape b',
      /own/,
    ],
  ])('%s are an error with a mend', (_, rows, code, title) => {
    const given = document(...rows);
    expect(codes(given)).toEqual([code]);
    expect(mended(given, title)).toEqual([]);
  });

  it('of each other are an error at each, and the network is still counted', () => {
    const given = document(['a', 'conv', conv, ['x'], 'b'], ['b', 'conv', conv, ['a'], 'a']);
    expect(codes(given)).toEqual(['graph/weights-of-circle a', 'graph/weights-of-circle b']);
    expect(analyzeNetwork(given).totals.params).toBe(296);
    expect(mended(given, /“a” weights of its own/)).toEqual([]);
  });

  it('are handed on when their owner is deleted', () => {
    const three = document(['a', 'conv', conv], ['b', 'conv', conv, ['a'], 'a'], ['c', 'conv', conv, ['b'], 'a']);
    const changed = applyEdits(three, [{ type: 'removeNodes', ids: ['a'], heal: true }]);
    if (!changed.ok) throw new Error('It can be deleted.');
    expect(changed.value.nodes.map(({ id, weightsOf }) => [id, weightsOf])).toEqual([
      ['x', undefined],
      ['b', undefined],
      ['c', 'b'],
    ]);
    expect(analyzeNetwork(changed.value).totals.params).toBe(148);
  });
});

describe('weights in blocks', () => {
  function blocks(extra: object, outer: readonly object[] = [], repeat = 2): NetworkDocument {
    const read = readDocument({
      format: 'convloom.network',
      version: 2,
      blocks: {
        pair: {
          nodes: [
            { id: 'in', kind: 'port' },
            { id: 'c', kind: 'conv', params: conv },
            { id: 'd', kind: 'conv', params: conv, ...extra },
          ],
          edges: [
            { from: 'in', to: 'c' },
            { from: 'c', to: 'd' },
          ],
        },
      },
      nodes: [
        { id: 'x', kind: 'input', params: { shape: [8, 8, 4] } },
        { id: 's', kind: 'block', params: { block: 'pair', repeat } },
        ...outer,
      ],
      edges: [
        { from: 'x', to: 's' },
        ...outer.map((node) => ({ from: 's', to: (node as { readonly id: string }).id })),
      ],
    });
    if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
    return read.value;
  }

  it('are those of each copy', () => {
    const given = blocks({ weightsOf: 'c' });
    const { nodes, totals } = analyzeNetwork(given);
    expect([...nodes.values()].map(({ id, shared }) => [id, shared?.owner])).toEqual([
      ['x', undefined],
      ['s/1/c', undefined],
      ['s/1/d', 's/1/c'],
      ['s/2/c', undefined],
      ['s/2/d', 's/2/c'],
    ]);
    expect(totals.params).toBe(296);
  });

  it('are reached from outside by their path', () => {
    const given = blocks({}, [{ id: 'o', kind: 'conv', params: conv, weightsOf: 's/2/d' }]);
    expect(codes(given)).toEqual([]);
    expect(analyzeNetwork(given).nodes.get('o')?.shared?.owner).toBe('s/2/d');
  });

  it('are used by a block as a whole, place by place', () => {
    const given = blocks({ weightsOf: 'c' }, [
      { id: 't', kind: 'block', params: { block: 'pair', repeat: 2 }, weightsOf: 's' },
    ]);
    const { nodes, totals, blocks: summaries } = analyzeNetwork(given);
    expect(codes(given)).toEqual([]);
    expect(nodes.get('t/2/d')?.shared?.owner).toBe('s/2/c');
    expect(nodes.get('t/1/c')?.shared?.owner).toBe('s/1/c');
    expect(totals.params).toBe(296);
    expect(summaries.get('t')?.paramCount).toBe(0);
    expect(
      flatNetwork(given)
        .nodes.map(({ weightsOf }) => weightsOf)
        .slice(-2),
    ).toEqual(['s/2/c', 't/2/c']);
  });

  it('that are not there in the other block are an error, mended at the block', () => {
    const given = blocks({}, [{ id: 't', kind: 'block', params: { block: 'pair' }, weightsOf: 's' }]);
    expect(codes(given)).toEqual(['graph/weights-of-nothing t/c', 'graph/weights-of-nothing t/d']);
    const fixes = analyzeNetwork(given).diagnostics.flatMap(({ fixes: all }) => all);
    expect(fixes.map(({ title }) => title.en)).not.toEqual([]);
  });

  it('of no node of the block are an error that is mended in the block', () => {
    const given = blocks({ weightsOf: 'e' }, [], 1);
    expect(codes(given)).toEqual(['graph/weights-of-nothing s/d']);
    expect(mended(given, /weights of its own/)).toEqual([]);
  });
});

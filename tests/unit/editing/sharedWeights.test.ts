import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { ownerOf } from '../../../shared/analysis/sharedWeights';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { parseNetwork, serializeNetwork } from '../../../shared/document';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { groupNodes } from '../../../shared/editing/blocks/group';
import { ungroupNode } from '../../../shared/editing/blocks/ungroup';
import { mergeNetworks } from '../../../shared/editing/merge/mergeNetworks';
import { printSketch } from '../../../shared/editing/sketch/print';
import { foldConvs } from '../../../shared/transforms/foldConvs';
import { fcToConv } from '../../../shared/transforms/fcConv';
import { findRepeats } from '../../../shared/transforms/repeats';
import type { NetworkDocument } from '../../../shared/schema/document';
import { chain } from '../../support/chain';

const conv = { filters: 4, kernelSize: 3, padding: 'same' } as const;

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics.map(({ summary }) => summary.en).join(' '));
  return result.value;
}

const four = chain([
  ['x', 'input', { shape: [8, 8, 4] }],
  ['a', 'conv', conv],
  ['b', 'conv', conv, ['a'], 'a'],
  ['c', 'conv', conv, ['b'], 'a'],
  ['d', 'conv', conv, ['c'], 'b'],
]);

/** Which nodes of the flat network have weights in common, by their places in the network. */
function sets(document: NetworkDocument): readonly (readonly number[])[] {
  const { nodes, diagnostics } = analyzeNetwork(document);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const owners = [...nodes.values()].map(ownerOf);
  return [...new Set(owners)].map((owner) => owners.flatMap((one, at) => (one === owner ? [at] : [])));
}

describe('shared weights and blocks', () => {
  it.each([
    ['both', ['a', 'b', 'c', 'd']],
    ['only the owner', ['a']],
    ['only one that uses them', ['b']],
    ['two that use them', ['b', 'c']],
    ['the last of a chain', ['d']],
    ['the end of a chain and its middle', ['c', 'd']],
  ])('go on as before when %s become a block, and when that is taken apart', (_, ids) => {
    const grouped = unwrap(groupNodes(four, ids, { name: 'part' }));
    expect(sets(grouped.document)).toEqual(sets(four));
    const apart = unwrap(ungroupNode(grouped.document, grouped.nodeId));
    expect(sets(apart.document)).toEqual(sets(four));
  });

  it('go on as before when blocks that share as a whole, and repeat, are taken apart one after the other', () => {
    const grouped = unwrap(groupNodes(chain([...chainRows]), ['a', 'b'], { name: 'part' }));
    const { document, nodeId } = grouped;
    const twin = {
      ...document,
      nodes: [
        ...document.nodes.map((node) =>
          node.id === nodeId ? { ...node, params: { ...node.params, repeat: 2 } } : node,
        ),
        { id: 'twin', kind: 'block', params: { block: 'part', repeat: 2 }, weightsOf: nodeId },
      ],
      edges: [...document.edges, { from: nodeId, to: 'twin' }],
    };
    const before = sets(twin);
    expect(before).toContainEqual([1, 5]);
    const refused = ungroupNode(twin, nodeId);
    expect(!refused.ok && refused.diagnostics[0]?.code).toBe('blocks/ungroup-owner');
    const one = unwrap(ungroupNode(twin, 'twin')).document;
    expect(sets(one)).toEqual(before);
    expect(sets(unwrap(ungroupNode(one, nodeId)).document)).toEqual(before);
  });

  it('with a layer of another block keep layers out of a block', () => {
    const outer = unwrap(groupNodes(four, ['a'], { name: 'first' })).document;
    const refused = groupNodes(outer, ['b'], { name: 'second' });
    expect(!refused.ok && refused.diagnostics[0]).toMatchObject({
      code: 'blocks/group-uses-weights',
      at: { nodeId: 'b' },
    });
  });
});

const chainRows = [
  ['x', 'input', { shape: [8, 8, 4] }],
  ['a', 'conv', conv],
  ['b', 'conv', conv],
] as const;

describe('shared weights and edits', () => {
  it('are written to the file and read again', () => {
    const read = unwrap(parseNetwork(serializeNetwork(four)));
    expect(read.nodes).toEqual(four.nodes);
    expect(serializeNetwork(four)).toContain('"weightsOf": "a"');
  });

  it('are handed on when their owner becomes another kind', () => {
    const changed = unwrap(applyEdits(four, [{ type: 'setKind', id: 'a', kind: 'dropout', params: {} }]));
    expect(changed.nodes.map(({ weightsOf }) => weightsOf)).toEqual([undefined, undefined, undefined, 'b', 'b']);
    expect(sets(changed)).toContainEqual([2, 3, 4]);
  });

  it('of a node that is not there are asked for as before when one of a like name is deleted', () => {
    const dangling = chain([
      ['x', 'input', { shape: [8, 8, 4] }],
      ['a', 'conv', conv],
      ['b', 'conv', conv, ['a'], 'a2'],
    ]);
    const deleted = unwrap(applyEdits(dangling, [{ type: 'removeNodes', ids: ['a'] }]));
    expect(deleted.nodes.map(({ weightsOf }) => weightsOf)).toEqual([undefined, 'a2']);
  });

  it('are lost by a node that becomes another kind', () => {
    const changed = unwrap(applyEdits(four, [{ type: 'setKind', id: 'b', kind: 'dropout', params: {} }]));
    expect(sets(changed)).toContainEqual([1, 3, 4]);
    expect(changed.nodes[2]).toEqual({ id: 'b', kind: 'dropout', params: {} });
  });

  it('keep rewritings away that would not compute the same', () => {
    const analysis = analyzeNetwork(four);
    const folded = foldConvs(chainValid, analyzeNetwork(chainValid), 'a');
    expect(!folded.ok && folded.diagnostics[0]?.code).toBe('transform/shares-weights');
    const dense = chain([
      ['x', 'input', { shape: [2, 2, 1] }],
      ['f', 'fc', { units: 4 }],
      ['g', 'fc', { units: 4 }, ['f'], 'f'],
    ]);
    const turned = fcToConv(dense, analyzeNetwork(dense), 'f');
    expect(!turned.ok && turned.diagnostics[0]).toMatchObject({ code: 'transform/shares-weights', related: ['g'] });
    expect(analysis.ok).toBe(true);
    expect(findRepeats(four)).toEqual([]);
  });

  it('are in no sketch', () => {
    const sketch = printSketch(four, new Set(['b']));
    expect(!sketch.ok && sketch.diagnostics[0]?.code).toBe('sketch/shared-weights');
  });

  it('are merged, and a conflict where two people chose differently', () => {
    const share = (id: string, weightsOf: string | null) =>
      unwrap(applyEdits(four, [{ type: 'setWeightsOf', id, weightsOf }]));
    const clean = mergeNetworks(four, share('b', null), share('d', 'c'));
    expect(clean.conflicts).toEqual([]);
    expect(clean.document.nodes.map(({ weightsOf }) => weightsOf)).toEqual([undefined, undefined, undefined, 'a', 'c']);
    const both = mergeNetworks(four, share('d', 'c'), share('d', 'a'));
    expect(both.conflicts).toMatchObject([{ what: 'node', id: 'd', field: 'weightsOf' }]);
  });
});

const chainValid = chain([
  ['x', 'input', { shape: [8, 8, 4] }],
  ['a', 'conv', { filters: 4, kernelSize: 3 }],
  ['b', 'conv', { filters: 4, kernelSize: 3 }, ['a'], 'a'],
]);

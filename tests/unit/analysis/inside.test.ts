import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { findNode } from '../../../shared/analysis/blocks';
import {
  copiesInNetwork,
  enterBlock,
  leaveBlock,
  outermostLevel,
  wayInto,
  type Level,
} from '../../../shared/analysis/inside';
import { parseNetwork, type NetworkDocument } from '../../../shared/document';
import { expand } from '../../../shared/document/expand';
import { applyEdits } from '../../../shared/editing/applyEdits';

function template(id: string): NetworkDocument {
  const parsed = parseNetwork(
    readFileSync(join(import.meta.dirname, '../../../templates', id, 'network.json'), 'utf8'),
  );
  if (!parsed.ok) throw new Error(id);
  return parsed.value;
}

function outermost(document: NetworkDocument): Level {
  return outermostLevel(document, analyzeNetwork(document));
}

const pair: NetworkDocument = {
  format: 'convloom.network',
  version: 2,
  name: 'Pair',
  blocks: {
    pair: {
      params: { filters: 16 },
      nodes: [
        { id: 'in', kind: 'port', params: {} },
        { id: 'c', kind: 'conv', params: { filters: { param: 'filters' }, kernelSize: 3, activation: 'relu' } },
        { id: 'd', kind: 'conv', params: { filters: { param: 'filters', times: 2 }, kernelSize: 5 } },
      ],
      edges: [
        { from: 'in', to: 'c' },
        { from: 'c', to: 'd' },
      ],
    },
  },
  nodes: [
    { id: 'x', kind: 'input', params: { shape: [16, 16, 1] } },
    { id: 's', kind: 'block', params: { block: 'pair', repeat: 2, filters: 8 } },
  ],
  edges: [{ from: 'x', to: 's' }],
};

function inPair(document: NetworkDocument, copy = 1): Level {
  return enterBlock(outermost(document), { nodeId: 's', copy })!;
}

describe('enterBlock', () => {
  it.each(['resnet-50', 'resnet-18', 'vgg-16', 'unet'])(
    'shows the shapes of %s as the whole network has them',
    (id) => {
      const outer = outermost(template(id));
      const { instances } = expand(outer.document);
      let nodes = 0;
      for (const { id: flatId, repeat } of instances) {
        for (let copy = 1; copy <= repeat; copy++) {
          const prefix = repeat === 1 ? `${flatId}/` : `${flatId}/${copy}/`;
          const { path } = wayInto(outer.document, `${prefix}x`);
          const level = path.reduce((at, step) => enterBlock(at, step)!, outer);
          for (const node of level.document.nodes.filter(({ kind }) => kind !== 'port')) {
            nodes += 1;
            const whole = findNode(outer.analysis, prefix + node.id)!;
            const own = findNode(level.analysis, node.id)!;
            expect(own.outputShape, prefix + node.id).toEqual(whole.outputShape);
            expect(own.paramCount).toBe(whole.paramCount);
            expect(own.macs).toBe(whole.macs);
          }
        }
      }
      if (instances.length > 0) expect(nodes).toBeGreaterThan(10);
    },
  );

  it('gives a port the shape that is wired to it, and no finding', () => {
    const level = inPair(pair);
    expect(level.block).toBe('pair');
    expect(level.analysis.nodes.get('in')).toMatchObject({ kind: 'port', state: 'ok', outputShape: [16, 16, 1] });
    expect(level.analysis.diagnostics).toEqual([]);
    expect(level.analysis.nodes.get('d')!.outputShape).toEqual([10, 10, 16]);
    expect(inPair(pair, 2).analysis.nodes.get('in')!.outputShape).toEqual([10, 10, 16]);
  });

  it('blocks what is behind a port that is not fed, without a finding of its own', () => {
    const { analysis } = inPair({ ...pair, edges: [] });
    expect(analysis.nodes.get('in')!.state).toBe('blocked');
    expect(analysis.nodes.get('d')!.state).toBe('blocked');
    expect(analysis.diagnostics).toEqual([]);
  });

  it('keeps its shapes while the block has two outputs, and says so', () => {
    const level = inPair(pair);
    const added = applyEdits(level.document, [{ type: 'addNode', node: { id: 'z', kind: 'gap', params: {} } }]);
    if (!added.ok) throw new Error('not added');
    const after = inPair(leaveBlock(pair, 'pair', added.value));
    expect(after.analysis.nodes.get('d')!.outputShape).toEqual([10, 10, 16]);
    expect(after.analysis.diagnostics.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['blocks/several-outputs', 'graph/missing-input']),
    );
  });

  it('offers fixes that mend the block, and none that would cut a binding', () => {
    const level = inPair({ ...pair, nodes: [{ ...pair.nodes[0]!, params: { shape: [4, 4, 1] } }, pair.nodes[1]!] });
    const finding = level.analysis.diagnostics.find(({ severity }) => severity === 'error')!;
    expect(finding.at.nodeId).toBe('d');
    expect(finding.fixes.length).toBeGreaterThan(0);
    for (const fix of finding.fixes) {
      const mended = applyEdits(level.document, fix.edits);
      if (!mended.ok) throw new Error(fix.title.en);
      expect(mended.value.nodes[0]).toEqual(level.document.nodes[0]);
      for (const { params } of mended.value.nodes) {
        if ('filters' in params) expect(params['filters']).toHaveProperty('param');
      }
    }
  });

  it('gives null for a layer and for a block that is not defined', () => {
    expect(enterBlock(outermost(pair), { nodeId: 'x', copy: 1 })).toBeNull();
    expect(enterBlock(outermost({ ...pair, blocks: {} }), { nodeId: 's', copy: 1 })).toBeNull();
  });
});

describe('leaveBlock', () => {
  it('gives the same document for a block that was not changed', () => {
    expect(leaveBlock(pair, 'pair', inPair(pair).document)).toEqual(pair);
  });
});

describe('copiesInNetwork', () => {
  it.each([
    ['bottleneck', 12],
    ['stage', 4],
    ['no such block', 0],
  ])('counts of ResNet-50 those in other blocks and each of a repeat: %s, %d', (block, copies) => {
    expect(copiesInNetwork(template('resnet-50'), block)).toBe(copies);
  });
});

describe('wayInto', () => {
  it.each([
    ['x', [], 'x'],
    ['s/2/c', [{ nodeId: 's', copy: 2 }], 'c'],
  ])('leads to %s', (id, path, nodeId) => {
    expect(wayInto(pair, id)).toEqual({ path, nodeId });
  });
});

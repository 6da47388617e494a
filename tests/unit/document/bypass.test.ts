import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { findNode } from '../../../shared/analysis/blocks';
import { compileInference } from '../../../shared/compile/compile';
import { networkWeights } from '../../../shared/compile/networkWeights';
import { passedOver, withoutBypassed } from '../../../shared/document/bypass';
import { expand, flatNetwork } from '../../../shared/document/expand';
import { parseNetwork } from '../../../shared/document/parse';
import { serializeNetwork } from '../../../shared/document/serialize';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { printTypescript } from '../../../shared/exports/typescript';
import type { NetworkDocument, NetworkNode } from '../../../shared/schema/document';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { analysisJson } from '../../../electron/cli/commands/analyze';
import { drawFigure } from '../../../shared/figures';
import { defaultFigureOptions } from '../../../shared/schema/figures';
import { printSvg } from '../../../shared/exports/figures/svg';
import { printProgram } from '../../../shared/ops/print';
import { emptyDocument } from '../../../shared/schema/document';

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics.map(({ summary }) => summary.en).join(' '));
  return result.value;
}

function withBypass(document: NetworkDocument, ...ids: readonly string[]): NetworkDocument {
  const nodes = document.nodes.map((node): NetworkNode => (ids.includes(node.id) ? { ...node, bypass: true } : node));
  return { ...document, nodes };
}

const network: NetworkDocument = {
  ...emptyDocument('N'),
  nodes: [
    { id: 'x', kind: 'input', params: { shape: [8, 8, 3] } },
    { id: 'c', kind: 'conv', params: { filters: 3, kernelSize: 3, padding: 'same' } },
    { id: 'b', kind: 'batchnorm', params: {} },
    { id: 's', kind: 'add', params: {} },
    { id: 'f', kind: 'fc', params: { units: 2 } },
  ],
  edges: [
    { from: 'x', to: 'c' },
    { from: 'c', to: 'b' },
    { from: 'x', to: 's' },
    { from: 'b', to: 's', toPort: 1 },
    { from: 's', to: 'f' },
  ],
};

/** The op graph, as every engine is given it. */
function programOf(document: NetworkDocument): string {
  return printProgram(unwrap(compileInference(document, analyzeNetwork(document))).program);
}

/** What is left when a node is deleted and the chain closed over it. */
function without(document: NetworkDocument, id: string): NetworkDocument {
  return unwrap(applyEdits(document, [{ type: 'removeNodes', ids: [id], heal: true }]));
}

const blocks: NetworkDocument = {
  ...emptyDocument('B'),
  version: 2,
  blocks: {
    pair: {
      params: {},
      nodes: [
        { id: 'in', kind: 'port', params: {} },
        { id: 'c', kind: 'conv', params: { filters: 4, kernelSize: 3, padding: 'same' } },
        { id: 'd', kind: 'conv', params: { filters: 4, kernelSize: 1 } },
      ],
      edges: [
        { from: 'in', to: 'c' },
        { from: 'c', to: 'd' },
      ],
    },
  },
  nodes: [
    { id: 'x', kind: 'input', params: { shape: [8, 8, 4] } },
    { id: 'p', kind: 'block', params: { block: 'pair', repeat: 2 } },
    { id: 'f', kind: 'fc', params: { units: 2 } },
  ],
  edges: [
    { from: 'x', to: 'p' },
    { from: 'p', to: 'f' },
  ],
};

function inPair(...ids: readonly string[]): NetworkDocument {
  const { pair } = blocks.blocks!;
  return { ...blocks, blocks: { pair: { ...pair!, ...withBypass({ ...emptyDocument(''), ...pair! }, ...ids) } } };
}

describe('a bypassed node', () => {
  it('is not in the flat network: what it reads flows on, over several in a row too', () => {
    expect(flatNetwork(withBypass(network, 'c'))).toEqual(without(network, 'c'));
    expect(flatNetwork(withBypass(network, 'c', 'b'))).toEqual(without(without(network, 'b'), 'c'));
    expect(flatNetwork(network)).toBe(network);
    expect(withoutBypassed(network)).toBe(network);
  });

  it.each(['c', 'b', 'f'])('%s leaves shapes, costs, weights and ops as if it had been deleted', (id) => {
    const [bypassing, deleting] = [withBypass(network, id), without(network, id)];
    const [now, then] = [analyzeNetwork(bypassing), analyzeNetwork(deleting)];
    expect(now.totals).toEqual(then.totals);
    expect(now.outputs).toEqual(then.outputs);
    expect([...now.nodes]).toEqual([...then.nodes]);
    expect(networkWeights(bypassing, now)).toEqual(networkWeights(deleting, then));
    expect(programOf(bypassing)).toBe(programOf(deleting));
    expect(unwrap(printTypescript(bypassing, now))).toEqual(unwrap(printTypescript(deleting, then)));
  });

  it('is known with its own params, no cost, and the shape that flows through it', () => {
    const analysis = analyzeNetwork(withBypass(network, 'c'));
    expect(findNode(analysis, 'c')).toMatchObject({
      kind: 'conv',
      state: 'ok',
      params: { filters: 3 },
      outputShape: [8, 8, 3],
      paramCount: 0,
      macs: 0,
      source: 'x',
    });
    expect(analysis.ok).toBe(true);
    const [note] = analysis.diagnostics.filter(({ code }) => code === 'graph/bypassed');
    expect(note).toMatchObject({ severity: 'info', at: { nodeId: 'c' } });
    expect(unwrap(applyEdits(withBypass(network, 'c'), note!.fixes[0]!.edits))).toEqual(network);
  });

  it('is listed by the command line behind what it reads, and drawn dashed', () => {
    const bypassing = withBypass(network, 'c');
    const analysis = analyzeNetwork(bypassing);
    expect(analysisJson(analysis)).toMatchObject({
      ok: true,
      nodes: [
        { id: 'x' },
        { id: 'c', kind: 'conv', bypass: true, outputShape: [8, 8, 3], params: 0, macs: 0 },
        { id: 'b' },
        { id: 's' },
        { id: 'f' },
      ],
    });
    const drawn = (document: NetworkDocument): string =>
      printSvg(drawFigure(document, analyzeNetwork(document), defaultFigureOptions), 180);
    expect(drawn(bypassing).match(/stroke-dasharray/g)).toHaveLength(1);
    expect(drawn(network)).not.toContain('stroke-dasharray');
  });

  it('is analysed alike from scratch and after an edit', () => {
    const before = analyzeNetwork(network);
    const bypassing = withBypass(network, 'b');
    const stepped = analyzeNetwork(bypassing, before);
    expect([...stepped.nodes]).toEqual([...analyzeNetwork(bypassing).nodes]);
    expect([...analyzeNetwork(network, stepped).nodes]).toEqual([...before.nodes]);
  });

  it('stays in the network where it has no one input to hand on', () => {
    expect([...passedOver(withBypass(network, 's', 'x'))]).toEqual([]);
    const circle = {
      nodes: withBypass(network, 'c', 'b').nodes,
      edges: [
        { from: 'c', to: 'b' },
        { from: 'b', to: 'c' },
      ],
    };
    expect([...passedOver(circle)]).toEqual([]);
    const loose = { ...network, edges: [] };
    expect(flatNetwork(withBypass(loose, 'c'))).toEqual(withBypass(loose, 'c'));
  });

  it.each([
    ['an input', 'x'],
    ['a merge', 's'],
  ])('is refused as %s, with the reason, in a file and as an edit', (_, id) => {
    const bypassing = withBypass(network, id);
    const [error] = analyzeNetwork(bypassing).diagnostics;
    expect(error).toMatchObject({ code: 'graph/cannot-bypass', severity: 'error', at: { nodeId: id } });
    expect(unwrap(applyEdits(bypassing, error!.fixes[0]!.edits))).toEqual(network);
    expect(applyEdits(network, [{ type: 'setBypass', id, bypass: true }])).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'graph/cannot-bypass', at: { nodeId: id } }],
    });
  });

  it('names places of the file that it is in', () => {
    const broken: NetworkDocument = {
      ...withBypass(network, 'c'),
      edges: [...network.edges, { from: 'gone', to: 'f' }],
    };
    const [error] = analyzeNetwork(broken).diagnostics.filter(({ code }) => code === 'graph/dangling-edge');
    expect(error?.at.path).toBe('edges[5].from');
    const wrong = {
      ...withBypass(network, 'c'),
      nodes: withBypass(network, 'c').nodes.with(4, { id: 'f', kind: 'fc', params: { units: -1 } }),
    };
    const [param] = analyzeNetwork(wrong).diagnostics.filter(({ at }) => at.param === 'units');
    expect(param?.at.path).toBe('nodes[4].params.units');
  });

  it('lets fixes be made behind it', () => {
    const sums: NetworkDocument = withBypass(
      {
        ...network,
        nodes: network.nodes.with(1, { id: 'c', kind: 'conv', params: { filters: 3, kernelSize: 3 } }),
      },
      'b',
    );
    const [mismatch] = analyzeNetwork(sums).diagnostics.filter(({ severity }) => severity === 'error');
    expect(mismatch?.code).toBe('layers/add-mismatch');
    expect(mismatch?.fixes.length).toBeGreaterThan(0);
    for (const { edits } of mismatch!.fixes) expect(analyzeNetwork(unwrap(applyEdits(sums, edits))).ok).toBe(true);
  });

  it('is written only where it is so, and read back', () => {
    const text = serializeNetwork(withBypass(network, 'c'));
    expect(unwrap(parseNetwork(text))).toEqual(withBypass(network, 'c'));
    expect(text.match(/bypass/g)).toHaveLength(1);
    const written = { ...network, nodes: network.nodes.with(1, { ...network.nodes[1]!, bypass: false }) };
    expect(serializeNetwork(written)).toBe(serializeNetwork(network));
    const wrong = serializeNetwork(network).replace('"kind": "add"', '"kind": "add", "bypass": "yes"');
    expect(parseNetwork(wrong)).toMatchObject({ ok: false, diagnostics: [{ at: { path: 'nodes[3].bypass' } }] });
  });
});

describe('a bypass in a network with blocks', () => {
  it('leaves a node out of every copy of its block', () => {
    const { document, bypassed } = expand(inPair('c'));
    expect(document.nodes.map(({ id }) => id)).toEqual(['x', 'p/1/d', 'p/2/d', 'f']);
    expect(document.edges).toEqual([
      { from: 'x', to: 'p/1/d' },
      { from: 'p/1/d', to: 'p/2/d' },
      { from: 'p/2/d', to: 'f' },
    ]);
    expect([...bypassed].map(([id, { source }]) => [id, source])).toEqual([
      ['p/1/c', 'x'],
      ['p/2/c', 'p/1/d'],
    ]);
  });

  it('is refused for a block of several inputs, and for a merge inside a block', () => {
    const { pair } = blocks.blocks!;
    const second = { id: 'in2', kind: 'port', params: {} };
    const sum = { id: 's', kind: 'add', params: {}, bypass: true };
    const two: NetworkDocument = {
      ...withBypass(blocks, 'p'),
      blocks: {
        pair: {
          ...pair!,
          nodes: [...pair!.nodes.toSpliced(1, 0, second), sum],
          edges: [...pair!.edges, { from: 'd', to: 's' }, { from: 'in2', to: 's', toPort: 1 }],
        },
      },
      edges: [...blocks.edges, { from: 'x', to: 'p', toPort: 1 }],
    };
    const found = analyzeNetwork(two).diagnostics.filter(({ code }) => code === 'graph/cannot-bypass');
    expect(found.map(({ at }) => at.nodeId)).toEqual(['p', 'p/1/s']);
  });

  it('may leave nothing of a block, or skip a block as a whole', () => {
    for (const document of [inPair('c', 'd'), withBypass(blocks, 'p')]) {
      const analysis = analyzeNetwork(document);
      expect(flatNetwork(document).edges).toEqual([{ from: 'x', to: 'f' }]);
      expect(analysis.ok).toBe(true);
      expect(findNode(analysis, 'p')).toMatchObject({ outputShape: [8, 8, 4], paramCount: 0 });
      expect(printTypescript(document, analysis).ok).toBe(true);
    }
  });
});

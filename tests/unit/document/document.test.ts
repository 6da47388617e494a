import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import type { Diagnostic, Result } from '../../../shared/diagnostics/diagnostic';
import {
  emptyDocument,
  freshNodeId,
  migrate,
  parseNetwork,
  serializeNetwork,
  topologicalOrder,
  type Edit,
  type NetworkDocument,
} from '../../../shared/document';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { canConnect, freePort } from '../../../shared/editing/connect';
import { chain } from '../../support/chain';

function codesOf(result: Result<unknown>): string[] {
  return result.ok ? [] : result.diagnostics.map(({ code }) => code);
}

function first(result: Result<unknown>): Diagnostic {
  if (result.ok) throw new Error('expected a failure');
  return result.diagnostics[0]!;
}

const lenet = chain([
  ['x', 'input', { shape: [28, 28, 1] }],
  ['c1', 'conv', { filters: 20, kernelSize: 5 }],
  ['a1', 'activation', { function: 'relu' }],
  ['f1', 'fc', { units: 10 }],
]);

const head = '"format":"convloom.network","version":1';

describe('parseNetwork', () => {
  it.each([
    ['a comma too many', '{\n  "format": "convloom.network",\n}', 'document/not-json', '3:1'],
    ['a missing brace', '{"format": "convloom.network"', 'document/not-json', '1:30'],
    ['a stray word', '{"format": convloom}', 'document/not-json', '1:12'],
    ['a number with a leading zero', '{"a": 01}', 'document/not-json', '1:8'],
    ['a string with a line break', '{"a": "b\nc"}', 'document/not-json', '1:9'],
    ['an unknown escape', '{"a": "\\q"}', 'document/not-json', '1:8'],
    ['text behind the end', '{} x', 'document/not-json', '1:4'],
    ['nothing at all', '', 'document/not-json', '1:1'],
    ['a list', '[]', 'document/not-a-network', 'format'],
    ['another format', '{"format":"onnx","version":1}', 'document/not-a-network', 'format'],
    ['no format', '{"nodes":[]}', 'document/not-a-network', 'format'],
    ['a newer version', '{"format":"convloom.network","version":3}', 'document/newer-version', 'version'],
    ['no version', '{"format":"convloom.network"}', 'document/missing-field', 'version'],
    ['a version in words', '{"format":"convloom.network","version":"1"}', 'document/wrong-field', 'version'],
    ['no nodes', `{${head}}`, 'document/missing-field', 'nodes'],
    ['an unknown field', `{${head},"nodes":[],"colour":1}`, 'document/unknown-field', 'colour'],
    [
      'an unknown field of a node',
      `{${head},"nodes":[{"id":"a","kind":"input"},{"id":"b","kind":"gap","colour":"red"}]}`,
      'document/unknown-field',
      'nodes[1].colour',
    ],
    ['a field that is no word', `{${head},"nodes":[],"a b":1}`, 'document/unknown-field', '["a b"]'],
    ['a node without id', `{${head},"nodes":[{"kind":"gap"}]}`, 'document/missing-field', 'nodes[0].id'],
    ['an empty id', `{${head},"nodes":[{"id":"","kind":"gap"}]}`, 'document/wrong-field', 'nodes[0].id'],
    [
      'params as a list',
      `{${head},"nodes":[{"id":"a","kind":"gap","params":[]}]}`,
      'document/wrong-field',
      'nodes[0].params',
    ],
    [
      'an infinite number',
      `{${head},"nodes":[{"id":"a","kind":"gap","params":{"x":[1,1e999]}}]}`,
      'document/wrong-field',
      'nodes[0].params.x[1]',
    ],
    [
      'a port below zero',
      `{${head},"nodes":[],"edges":[{"from":"a","to":"b","toPort":-1}]}`,
      'document/wrong-field',
      'edges[0].toPort',
    ],
    [
      'half a position',
      `{${head},"nodes":[{"id":"a","kind":"gap","position":{"x":1}}]}`,
      'document/missing-field',
      'nodes[0].position.y',
    ],
    ['an unknown training field', `{${head},"nodes":[],"train":{"epoch":3}}`, 'document/unknown-field', 'train.epoch'],
    [
      'an unknown optimizer',
      `{${head},"nodes":[],"train":{"optimizer":"lion"}}`,
      'document/wrong-field',
      'train.optimizer',
    ],
  ])('refuses %s', (_, source, code, path) => {
    const found = first(parseNetwork(source));
    expect([found.code, found.at.path]).toEqual([code, path]);
  });

  it('refuses blocks in version 1, and says which version has them', () => {
    const found = first(parseNetwork(`{${head},"nodes":[],"blocks":{}}`));
    expect([found.code, found.at.path]).toEqual(['document/unknown-field', 'blocks']);
    expect(found.why!.en).toContain('"version": 2');
    expect(found.why!.zh).toContain('"version": 2');
  });

  it.each(['block', 'port'])('says of a %s in version 1 which version has it', (kind) => {
    const parsed = parseNetwork(`{${head},"nodes":[{"id":"b","kind":"${kind}"}]}`);
    if (!parsed.ok) throw new Error('refused');
    const found = analyzeNetwork(parsed.value).diagnostics.find(({ code }) => code === 'layers/unknown-kind');
    expect(found!.why!.en).toContain('"version": 2');
  });

  it('refuses brackets that nest without end, without overflowing', () => {
    expect(codesOf(parseNetwork('['.repeat(1_000_000)))).toEqual(['document/too-large']);
    const deep = `${'['.repeat(1_000)}${']'.repeat(1_000)}`;
    const source = `{${head},"nodes":[{"id":"a","kind":"gap","params":{"x":${deep}}}]}`;
    expect(codesOf(parseNetwork(source))).toEqual(['document/too-large']);
  });

  it('names what was probably meant', () => {
    const found = first(parseNetwork(`{${head},"nodes":[{"id":"a","kind":"gap","parms":{}}]}`));
    expect(found.why!.en).toContain('Did you mean params?');
  });

  it('reads a file with a byte order mark, and one without params, edges or name', () => {
    const result = parseNetwork(`\uFEFF{${head},"nodes":[{"id":"a","kind":"gap"}]}`);
    expect(result).toMatchObject({ ok: true, value: { nodes: [{ id: 'a', kind: 'gap', params: {} }], edges: [] } });
  });

  it('opens a network with unknown kinds, loose wires and cycles', () => {
    const source = `{${head},"nodes":[{"id":"a","kind":"warp"}],"edges":[{"from":"a","to":"a"},{"from":"b","to":"c"}]}`;
    expect(parseNetwork(source).ok).toBe(true);
  });

  it('runs migrations in order, and none for a missing step', () => {
    const add = (name: string) => (raw: { readonly [key: string]: unknown }) => ({ ...raw, [name]: true });
    expect(migrate({ version: 1 }, 1, 3, { 1: add('two'), 2: add('three') })).toEqual({
      version: 1,
      two: true,
      three: true,
    });
    expect(migrate({ version: 1 }, 1, 3, { 1: add('two') })).toBeNull();
  });
});

describe('serializeNetwork', () => {
  it('writes one node and one wire a line, and reads back the same', () => {
    const text = serializeNetwork(lenet);
    expect(text.split('\n')).toContain(
      '    { "id": "c1", "kind": "conv", "params": { "filters": 20, "kernelSize": 5 } },',
    );
    expect(parseNetwork(text)).toEqual({ ok: true, value: lenet });
  });

  it('keeps positions, labels, notes, pins, ports and training', () => {
    const document: NetworkDocument = {
      ...emptyDocument('残差'),
      nodes: [
        { id: 'a', kind: 'add', params: {}, position: { x: 1.5, y: -2 }, label: 'Sum', note: 'a\n"b"', pinned: true },
      ],
      edges: [{ from: 'a', to: 'b', toPort: 3 }],
      train: { epochs: 2, optimizer: 'momentum' },
    };
    expect(parseNetwork(serializeNetwork(document))).toEqual({ ok: true, value: document });
  });
});

describe('applyEdits', () => {
  const node = { id: 'n', kind: 'gap', params: {} };
  it.each<readonly [string, Edit, string]>([
    ['a node whose id is taken', { type: 'addNode', node: { ...node, id: 'c1' } }, 'graph/duplicate-id'],
    ['a node without id', { type: 'addNode', node: { ...node, id: '' } }, 'graph/empty-id'],
    ['removing what is not there', { type: 'removeNodes', ids: ['z'] }, 'graph/unknown-node'],
    ['params of what is not there', { type: 'setParams', id: 'z', params: {} }, 'graph/unknown-node'],
    ['moving what is not there', { type: 'moveNodes', positions: { z: { x: 0, y: 0 } } }, 'graph/unknown-node'],
    ['a wire that is not there', { type: 'disconnect', edge: { from: 'x', to: 'f1' } }, 'graph/unknown-edge'],
    ['a wire to nowhere', { type: 'connect', edge: { from: 'x', to: 'z' } }, 'graph/unknown-node'],
    ['inserting into no wire', { type: 'insertOnEdge', edge: { from: 'x', to: 'f1' }, node }, 'graph/unknown-edge'],
    ['inserting an input', { type: 'insertAfter', after: 'x', node: { ...node, kind: 'input' } }, 'graph/no-such-port'],
    ['inserting behind nothing', { type: 'insertAfter', after: 'z', node }, 'graph/unknown-node'],
  ])('refuses %s', (_, edit, code) => {
    expect(codesOf(applyEdits(lenet, [edit]))).toEqual([code]);
  });

  it('is all or nothing and leaves the document alone', () => {
    const before = structuredClone(lenet);
    const result = applyEdits(lenet, [
      { type: 'renameNetwork', name: 'other' },
      { type: 'removeNodes', ids: ['z'] },
    ]);
    expect(result.ok).toBe(false);
    expect(lenet).toEqual(before);
  });

  it.each<readonly [string, readonly Edit[], readonly string[], readonly string[]]>([
    ['bridges a removed chain', [{ type: 'removeNodes', ids: ['c1', 'a1'], heal: true }], ['x', 'f1'], ['x>f1']],
    ['cuts wires of a removed node', [{ type: 'removeNodes', ids: ['a1'] }], ['x', 'c1', 'f1'], ['x>c1']],
    [
      'puts a node into a wire',
      [{ type: 'insertOnEdge', edge: { from: 'c1', to: 'a1' }, node }],
      ['x', 'c1', 'a1', 'f1', 'n'],
      ['x>c1', 'c1>n', 'n>a1', 'a1>f1'],
    ],
    [
      'puts a node behind another',
      [{ type: 'insertAfter', after: 'a1', node }],
      ['x', 'c1', 'a1', 'f1', 'n'],
      ['x>c1', 'c1>a1', 'n>f1', 'a1>n'],
    ],
  ])('%s', (_, edits, ids, wires) => {
    const result = applyEdits(lenet, edits);
    if (!result.ok) throw new Error(first(result).summary.en);
    expect(result.value.nodes.map(({ id }) => id)).toEqual(ids);
    expect(result.value.edges.map(({ from, to }) => `${from}>${to}`)).toEqual(wires);
  });

  it('keeps the identity of all that an edit does not touch', () => {
    const result = applyEdits(lenet, [{ type: 'setParams', id: 'c1', params: { filters: 8 }, unset: ['kernelSize'] }]);
    if (!result.ok) throw new Error('refused');
    expect(result.value.nodes[1]!.params).toEqual({ filters: 8 });
    expect(result.value.nodes[0]).toBe(lenet.nodes[0]);
    expect(result.value.edges).toBe(lenet.edges);
  });

  it('pins several nodes at once and lets them go', () => {
    const pinned = applyEdits(lenet, [{ type: 'setPinned', ids: ['x', 'c1'], pinned: true }]);
    if (!pinned.ok) throw new Error('refused');
    expect(pinned.value.nodes.flatMap(({ id, pinned: is }) => (is === true ? [id] : []))).toEqual(['x', 'c1']);
    const free = applyEdits(pinned.value, [{ type: 'setPinned', ids: ['x', 'c1'], pinned: false }]);
    expect(free).toEqual({ ok: true, value: lenet });
    expect(codesOf(applyEdits(lenet, [{ type: 'setPinned', ids: ['c1', 'z'], pinned: true }]))).toEqual([
      'graph/unknown-node',
    ]);
  });

  it('takes labels and notes away with null', () => {
    const labelled = applyEdits(lenet, [{ type: 'setLabel', id: 'c1', label: 'Edges' }]);
    if (!labelled.ok) throw new Error('refused');
    const plain = applyEdits(labelled.value, [{ type: 'setLabel', id: 'c1', label: null }]);
    expect(plain).toEqual({ ok: true, value: lenet });
  });
});

describe('canConnect', () => {
  const shapeOf = (id: string): readonly number[] => (id === 'f1' ? [10] : [24, 24, 20]);
  const branches = chain([
    ['x', 'input', { shape: [28, 28, 1] }],
    ['c1', 'conv', { filters: 2, kernelSize: 3 }],
    ['f1', 'fc', { units: 10 }],
    ['c2', 'conv', { filters: 2, kernelSize: 3 }, []],
    ['s', 'add', {}, ['c1']],
  ]);
  it.each([
    ['a node to itself', { from: 'c1', to: 'c1' }, 'graph/self-loop'],
    ['a wire that closes a circle', { from: 's', to: 'c1' }, 'graph/port-taken'],
    ['a circle through a free port', { from: 's', to: 's', toPort: 1 }, 'graph/self-loop'],
    ['a port in use', { from: 'x', to: 's', toPort: 0 }, 'graph/port-taken'],
    ['a second port of a conv', { from: 'x', to: 'c2', toPort: 1 }, 'graph/no-such-port'],
    ['anything into an input', { from: 'c1', to: 'x' }, 'graph/no-such-port'],
    ['a vector into a conv', { from: 'f1', to: 'c2' }, 'graph/wrong-rank'],
    ['an end that is not there', { from: 'z', to: 'c2' }, 'graph/unknown-node'],
  ])('refuses %s', (_, edge, code) => {
    expect(codesOf(canConnect(branches, edge, shapeOf))).toEqual([code]);
  });

  it('refuses a cycle with its way round', () => {
    const document = chain([
      ['x', 'input', { shape: [8, 8, 1] }],
      ['s', 'add'],
      ['c', 'conv', { filters: 1, kernelSize: 3 }],
    ]);
    const found = first(canConnect(document, { from: 'c', to: 's', toPort: 1 }));
    expect([found.code, found.related]).toEqual(['graph/cycle', ['s', 'c']]);
  });

  it('allows a map into a conv and a second input of Add', () => {
    expect(canConnect(branches, { from: 'x', to: 'c2' }, shapeOf).ok).toBe(true);
    expect(freePort(branches, 's')).toBe(1);
    expect(canConnect(branches, { from: 'c2', to: 's', toPort: 1 }, shapeOf).ok).toBe(true);
  });
});

describe('topologicalOrder', () => {
  it('puts every node behind its sources', () => {
    const shuffled = { ...lenet, nodes: lenet.nodes.toReversed() };
    expect(topologicalOrder(shuffled)).toMatchObject({ order: ['x', 'c1', 'a1', 'f1'], acyclicCount: 4, cycles: [] });
  });

  it('names each cycle once and puts its nodes last', () => {
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'b' },
      { from: 'd', to: 'd' },
      { from: 'c', to: 'e' },
    ];
    const nodes = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
    expect(topologicalOrder({ nodes, edges })).toMatchObject({
      order: ['a', 'b', 'c', 'd', 'e'],
      acyclicCount: 1,
      cycles: [['b', 'c'], ['d']],
    });
  });

  it('orders 100,000 nodes in a row without recursion', () => {
    const nodes = Array.from({ length: 100_000 }, (_, index) => ({ id: `n${index}` }));
    const edges = nodes.slice(1).map(({ id }, index) => ({ from: `n${index}`, to: id }));
    expect(topologicalOrder({ nodes, edges }).acyclicCount).toBe(100_000);
    const round = [...edges, { from: 'n99999', to: 'n0' }];
    expect(topologicalOrder({ nodes, edges: round }).cycles[0]).toHaveLength(100_000);
  });
});

describe('freshNodeId', () => {
  it('gives the lowest free number of a kind, past those promised', () => {
    const document = chain([
      ['conv1', 'conv'],
      ['conv3', 'conv'],
    ]);
    expect(freshNodeId(document, 'conv')).toBe('conv2');
    expect(freshNodeId(document, 'conv', new Set(['conv2']))).toBe('conv4');
    expect(freshNodeId(document, 'pool')).toBe('pool1');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNetwork, serializeNetwork, type Edit, type NetworkDocument } from '../../../shared/document';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { describeConflict } from '../../../shared/editing/merge/describeConflict';
import { mergeNetworks } from '../../../shared/editing/merge/mergeNetworks';
import { chain } from '../../support/chain';

const base = chain([
  ['x', 'input', { shape: [28, 28, 1] }],
  ['c1', 'conv', { filters: 20, kernelSize: 5 }],
  ['a1', 'activation', { function: 'relu' }],
  ['p1', 'pool', { poolSize: 2 }],
  ['c2', 'conv', { filters: 50, kernelSize: 5 }],
  ['f1', 'fc', { units: 10 }],
]);

function edited(document: NetworkDocument, ...edits: Edit[]): NetworkDocument {
  const result = applyEdits(document, edits);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

const set = (id: string, params: Extract<Edit, { type: 'setParams' }>['params']): Edit => ({
  type: 'setParams',
  id,
  params,
});
const place = (id: string, x: number): Edit => ({ type: 'moveNodes', positions: { [id]: { x, y: 0 } } });
const insert = (from: string, to: string, id: string, kind = 'activation'): Edit => ({
  type: 'insertOnEdge',
  edge: { from, to },
  node: { id, kind, params: {} },
});
const frame = (id: string, title: string): Edit => ({
  type: 'addFrame',
  frame: { id, title, position: { x: 0, y: 0 }, size: { width: 100, height: 100 } },
});

function merged(ours: NetworkDocument, theirs: NetworkDocument) {
  const result = mergeNetworks(base, ours, theirs);
  expect(parseNetwork(serializeNetwork(result.document)).ok).toBe(true);
  return result;
}

describe('mergeNetworks', () => {
  it('takes two params of one node, two wires and two names apart', () => {
    const { document, conflicts } = merged(
      edited(base, set('c1', { filters: 32 }), { type: 'renameNetwork', name: 'Wide' }),
      edited(base, set('c1', { kernelSize: 3 }), insert('c2', 'f1', 'a2'), {
        type: 'setTraining',
        train: { epochs: 9 },
      }),
    );
    expect(conflicts).toEqual([]);
    expect(document).toEqual(
      edited(
        base,
        set('c1', { filters: 32, kernelSize: 3 }),
        { type: 'renameNetwork', name: 'Wide' },
        insert('c2', 'f1', 'a2'),
        { type: 'setTraining', train: { epochs: 9 } },
      ),
    );
  });

  it.each([
    ['a param', [set('c1', { filters: 1 })], [set('c1', { filters: 2 })], ['node', 'c1', 'filters', 20, 1, 2]],
    [
      'a label',
      [{ type: 'setLabel', id: 'c1', label: 'A' }],
      [{ type: 'setLabel', id: 'c1', label: 'B' }],
      ['node', 'c1', 'label', null, 'A', 'B'],
    ],
    [
      'a kind against params',
      [{ type: 'setKind', id: 'p1', kind: 'gap', params: {} }],
      [set('p1', { poolSize: 3 })],
      ['node', 'p1', 'kind', 'pool', 'gap', 'pool'],
    ],
    [
      'a deletion against a change',
      [{ type: 'removeNodes', ids: ['p1'], heal: true }],
      [set('p1', { poolSize: 3 })],
      ['node', 'p1', null, 'pool', null, 'pool'],
    ],
    [
      'a change against a deletion',
      [set('p1', { poolSize: 3 })],
      [{ type: 'removeNodes', ids: ['p1'], heal: true }],
      ['node', 'p1', null, 'pool', 'pool', null],
    ],
    [
      'a deletion against a wire',
      [{ type: 'removeNodes', ids: ['p1'], heal: true }],
      [insert('a1', 'p1', 'd', 'dropout')],
      ['node', 'p1', null, 'pool', null, 'pool'],
    ],
    ['one input', [insert('c2', 'f1', 'u')], [insert('c2', 'f1', 'v')], ['wire', 'f1', 'input 0', 'c2', 'u', 'v']],
    [
      'the name',
      [{ type: 'renameNetwork', name: 'A' }],
      [{ type: 'renameNetwork', name: 'B' }],
      ['network', '', 'name', base.name, 'A', 'B'],
    ],
    [
      'a setting',
      [{ type: 'setTraining', train: { epochs: 1 } }],
      [{ type: 'setTraining', train: { epochs: 2 } }],
      ['training', '', 'epochs', null, 1, 2],
    ],
  ] as [string, Edit[], Edit[], unknown[]][])(
    'names %s, and leaves ours',
    (_title, a, b, [what, id, field, before, ours, theirs]) => {
      const own = edited(base, ...a);
      const { document, conflicts } = merged(own, edited(base, ...b));
      expect(conflicts).toEqual([{ what, block: null, id, field, base: before, ours, theirs }]);
      expect(document.nodes.filter((node) => node.id === id)).toEqual(own.nodes.filter((node) => node.id === id));
      expect(document.name).toBe(own.name);
      expect(document.train).toEqual(own.train);
      expect(document.edges.filter(({ to }) => to === id)).toEqual(own.edges.filter(({ to }) => to === id));
      expect(describeConflict(conflicts[0]!).summary.en).toMatch(/^Both changed .+\.$/);
    },
  );

  it('never finds a conflict in where things are drawn: places, frames, led wires', () => {
    const lead = (x: number): Edit => ({ type: 'leadEdge', edge: { from: 'c1', to: 'a1' }, via: [{ x, y: 0 }] });
    const { document, conflicts } = merged(
      edited(base, place('c1', 10), frame('frame1', 'Ours'), lead(1)),
      edited(base, place('c1', 20), place('p1', 30), frame('frame1', 'Theirs'), lead(2)),
    );
    expect(conflicts).toEqual([]);
    expect(document.nodes.find(({ id }) => id === 'c1')?.position?.x).toBe(10);
    expect(document.nodes.find(({ id }) => id === 'p1')?.position?.x).toBe(30);
    expect(document.frames?.map(({ id, title }) => [id, title])).toEqual([
      ['frame1', 'Ours'],
      ['frame1_2', 'Theirs'],
    ]);
    expect(document.edges.find(({ to }) => to === 'a1')?.via).toEqual([{ x: 1, y: 0 }]);
  });

  it('lets a deletion win over a move', () => {
    const { document, conflicts } = merged(
      edited(base, { type: 'removeNodes', ids: ['a1'], heal: true }),
      edited(base, place('a1', 10)),
    );
    expect(conflicts).toEqual([]);
    expect(document.nodes.map(({ id }) => id)).not.toContain('a1');
  });

  it('keeps two new nodes that got the same id, and one that is the same on both sides', () => {
    const { document, conflicts, renamed } = merged(
      edited(base, insert('x', 'c1', 'pad1', 'pad'), insert('c2', 'f1', 'a2')),
      edited(base, insert('p1', 'c2', 'pad1', 'pad'), insert('c2', 'f1', 'a2')),
    );
    expect(conflicts).toEqual([]);
    expect(renamed).toEqual([{ block: null, from: 'pad1', to: 'pad1_2' }]);
    expect(document.edges).toContainEqual({ from: 'x', to: 'pad1' });
    expect(document.edges).toContainEqual({ from: 'pad1_2', to: 'c2' });
    expect(document.nodes.filter(({ id }) => id.startsWith('a2'))).toHaveLength(1);
  });

  const block: NetworkDocument = {
    ...base,
    version: 2,
    blocks: {
      pair: {
        params: { filters: 8 },
        nodes: [
          { id: 'in', kind: 'port', params: {} },
          { id: 'c', kind: 'conv', params: { filters: { param: 'filters' }, kernelSize: 3 } },
        ],
        edges: [{ from: 'in', to: 'c' }],
      },
    },
    nodes: [...base.nodes, { id: 's', kind: 'block', params: { block: 'pair' } }],
  };
  const pair = block.blocks!['pair']!;
  const withPair = (params: typeof pair.params, kernelSize: number): NetworkDocument => ({
    ...block,
    blocks: {
      pair: {
        ...pair,
        params,
        nodes: [pair.nodes[0]!, { ...pair.nodes[1]!, params: { ...pair.nodes[1]!.params, kernelSize } }],
      },
    },
  });

  it('merges the inside of a block, and names what is contested there', () => {
    const apart = mergeNetworks(block, withPair({ filters: 16 }, 3), withPair({ filters: 8 }, 5));
    expect(apart.conflicts).toEqual([]);
    expect(apart.document).toEqual(withPair({ filters: 16 }, 5));
    const clash = mergeNetworks(block, withPair({ filters: 8 }, 1), withPair({ filters: 8 }, 5));
    expect(clash.conflicts).toEqual([
      { what: 'node', block: 'pair', id: 'c', field: 'kernelSize', base: 3, ours: 1, theirs: 5 },
    ]);
    expect(describeConflict(clash.conflicts[0]!).summary.en).toBe('Both changed node pair/c, kernelSize.');
  });

  it('keeps a definition that one side removed and the other uses', () => {
    const unused = { ...block, nodes: base.nodes };
    const { blocks: _gone, ...without } = unused;
    const removed: NetworkDocument = { ...without, version: 1 };
    const { document, conflicts } = mergeNetworks(unused, removed, block);
    expect(conflicts).toEqual([]);
    expect(document).toEqual(block);
  });

  it('without a base takes what both have as one, and names what differs', () => {
    const { document, conflicts } = mergeNetworks(
      undefined,
      base,
      edited(base, set('c1', { filters: 2 }), insert('c2', 'f1', 'a2')),
    );
    expect(conflicts.map(({ what, id, field }) => [what, id, field])).toEqual([
      ['node', 'c1', 'filters'],
      ['wire', 'f1', 'input 0'],
    ]);
    expect(document.edges.filter(({ to }) => to === 'f1')).toEqual([{ from: 'c2', to: 'f1' }]);
  });
});

describe('merging at random', () => {
  const ids = base.nodes.map(({ id }) => id);
  const id = fc.constantFrom(...ids);
  const number = fc.integer({ min: 1, max: 9 });
  /** Steps that may or may not apply to what is there by then. */
  const step = (prefix: string) =>
    fc.oneof(
      fc.record({ type: fc.constant('setParams' as const), id, params: fc.record({ filters: number }) }),
      fc.record({ type: fc.constant('removeNodes' as const), ids: fc.tuple(id), heal: fc.boolean() }),
      fc.tuple(id, number).map(([of, x]) => place(of, x)),
      fc.tuple(fc.nat(4), number).map(([at, name]) => insert(ids[at]!, ids[at + 1]!, `${prefix}${name}`)),
      number.map((name) => frame(`${prefix}${name}`, 'A frame')),
      fc.tuple(fc.nat(4), number).map(([at, x]): Edit => ({
        type: 'leadEdge',
        edge: { from: ids[at]!, to: ids[at + 1]! },
        via: [{ x, y: 0 }],
      })),
      fc.tuple(id, id, fc.nat(2)).map(([from, to, toPort]): Edit => ({ type: 'connect', edge: { from, to, toPort } })),
      number.map((epochs): Edit => ({ type: 'setTraining', train: { epochs } })),
    );
  const change = (prefix: string) =>
    fc.array(step(prefix), { maxLength: 6 }).map((steps) =>
      steps.reduce<NetworkDocument>((document, edit) => {
        const result = applyEdits(document, [edit]);
        return result.ok ? result.value : document;
      }, base),
    );

  it('a change merged with none is that change', () => {
    fc.assert(
      fc.property(change('n'), (a) => {
        expect(mergeNetworks(base, a, base)).toEqual({ document: a, conflicts: [], renamed: [] });
        expect(mergeNetworks(base, base, a)).toEqual({ document: a, conflicts: [], renamed: [] });
        expect(mergeNetworks(base, a, a).document).toEqual(a);
      }),
      { numRuns: 100 },
    );
  });

  it('whatever two people do, the result opens and holds nothing twice', () => {
    fc.assert(
      fc.property(change('n'), change('n'), (a, b) => {
        const { document, conflicts } = mergeNetworks(base, a, b);
        const read = parseNetwork(serializeNetwork(document));
        expect(read.ok && serializeNetwork(read.value)).toBe(serializeNetwork(document));
        const names = document.nodes.map((node) => node.id);
        expect(new Set(names).size).toBe(names.length);
        const inputs = document.edges.map(({ to, toPort = 0 }) => `${to}:${toPort}`);
        expect(new Set(inputs).size).toBe(inputs.length);
        for (const { from, to } of document.edges) expect(names).toEqual(expect.arrayContaining([from, to]));
        const reversed = mergeNetworks(base, b, a);
        expect(reversed.conflicts.length > 0).toBe(conflicts.length > 0);
      }),
      { numRuns: 300 },
    );
  });

  it('edits of different parts commute', () => {
    const sorted = (document: NetworkDocument): object => ({
      ...document,
      nodes: document.nodes.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
      edges: document.edges.map((edge) => JSON.stringify(edge)).toSorted(),
      frames: document.frames?.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    });
    const on = (nodeIds: readonly string[], at: number, prefix: string) => {
      const own = fc.constantFrom(...nodeIds);
      return fc.array(
        fc.oneof(
          fc.tuple(own, number).map(([of, filters]) => set(of, { filters })),
          fc.tuple(own, number).map(([of, x]) => place(of, x)),
          number.map((name) => insert(nodeIds[at]!, nodeIds[at + 1]!, `${prefix}${name}`)),
          number.map((name) => frame(`${prefix}${name}`, prefix)),
        ),
        { maxLength: 5 },
      );
    };
    const applied = (edits: readonly Edit[]): NetworkDocument =>
      edits.reduce<NetworkDocument>((document, edit) => {
        const result = applyEdits(document, [edit]);
        return result.ok ? result.value : document;
      }, base);
    fc.assert(
      fc.property(on(['x', 'c1', 'a1'], 1, 'm'), on(['p1', 'c2', 'f1'], 0, 'n'), (one, other) => {
        const [a, b] = [applied(one), applied(other)];
        const forth = mergeNetworks(base, a, b);
        const back = mergeNetworks(base, b, a);
        expect(forth.conflicts).toEqual([]);
        expect(sorted(forth.document)).toEqual(sorted(back.document));
        expect(sorted(forth.document)).toEqual(sorted(applied([...one, ...other])));
      }),
      { numRuns: 100 },
    );
  });
});

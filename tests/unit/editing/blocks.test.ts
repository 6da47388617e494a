import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { blockNamed } from '../../../shared/document/blocks';
import { flatNetwork, parseNetwork, serializeNetwork } from '../../../shared/document';
import { bindParam, unbindParam } from '../../../shared/editing/blocks/bind';
import {
  addDefinitions,
  keptBlock,
  makeBlockUnique,
  newBlockNode,
  renameBlock,
  unusedBlocks,
  usesOf,
  withDefinitions,
  withoutUnusedBlocks,
} from '../../../shared/editing/blocks/definitions';
import { groupNodes } from '../../../shared/editing/blocks/group';
import { ungroupNode } from '../../../shared/editing/blocks/ungroup';
import { canConnect } from '../../../shared/editing/connect';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../../shared/schema/document';
import { chain } from '../../support/chain';

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics.map(({ summary }) => summary.en).join(' '));
  return result.value;
}

function codeOf(result: Result<unknown>): string | undefined {
  return result.ok ? undefined : result.diagnostics[0]?.code;
}

function template(id: string): NetworkDocument {
  return valueOf(
    parseNetwork(readFileSync(join(import.meta.dirname, '../../../templates', id, 'network.json'), 'utf8')),
  );
}

/** Two convs beside a skip, and a head. */
const skip = chain([
  ['x', 'input', { shape: [8, 8, 4] }],
  ['a', 'conv', { filters: 4, kernelSize: 3, padding: 'same' }],
  ['b', 'activation', { function: 'relu' }],
  ['c', 'conv', { filters: 4, kernelSize: 3, padding: 'same' }],
  ['d', 'add', {}, ['c', 'a']],
  ['e', 'fc', { units: 3 }],
]);

/** What a network computes, whatever its nodes are called: kinds, params, shapes and who reads whom. */
function meaningOf(document: NetworkDocument) {
  const analysis = analyzeNetwork(document);
  const flat = flatNetwork(document);
  const keys = new Map<string, string>();
  for (const id of analysis.order) {
    const { kind, params } = flat.nodes.find((one) => one.id === id)!;
    const inputs = flat.edges
      .filter(({ to }) => to === id)
      .map(({ from, toPort = 0 }) => `${toPort}:${keys.get(from)!}`)
      .sort();
    const key = JSON.stringify([kind, params, analysis.nodes.get(id)!.outputShape, inputs]);
    // Skips would double a key at each merge.
    keys.set(id, createHash('sha256').update(key).digest('hex'));
  }
  return { totals: analysis.totals, nodes: [...keys.values()].sort() };
}

/** A network whose wires only run forward, with maps of one size, so that any two can be added. */
const networks: fc.Arbitrary<NetworkDocument> = fc
  .array(fc.tuple(fc.constantFrom('conv', 'activation', 'add', 'batchnorm'), fc.nat(), fc.nat()), {
    minLength: 2,
    maxLength: 9,
  })
  .map((rows) => {
    const ids = ['x'];
    return chain([
      ['x', 'input', { shape: [6, 6, 2] }],
      ...rows.map(([kind, near, far], index) => {
        const from = ids[ids.length - 1 - (near % Math.min(2, ids.length))]!;
        const other = ids[far % ids.length]!;
        ids.push(`n${index}`);
        const params = { conv: { filters: 2, kernelSize: 3, padding: 'same' }, activation: { function: 'relu' } };
        return [
          `n${index}`,
          kind,
          kind === 'conv' || kind === 'activation' ? params[kind] : {},
          kind === 'add' ? [from, other] : [from],
        ] as const;
      }),
    ]);
  });

describe('groupNodes', () => {
  it('makes a part a block with a port for each source, and one node in its place', () => {
    const { document, nodeId } = valueOf(groupNodes(skip, ['b', 'c', 'd'], { name: 'pair' }));
    expect(nodeId).toBe('block1');
    expect(document.version).toBe(2);
    expect(document.nodes.map(({ id }) => id)).toEqual(['x', 'a', 'block1', 'e']);
    expect(document.edges).toEqual([
      { from: 'a', to: 'block1' },
      { from: 'x', to: 'a' },
      { from: 'block1', to: 'e' },
    ]);
    expect(document.blocks!['pair']!.nodes.map(({ id }) => id)).toEqual(['in', 'b', 'c', 'd']);
    expect(document.blocks!['pair']!.edges).toContainEqual({ from: 'in', to: 'd', toPort: 1 });
    expect(meaningOf(document)).toEqual(meaningOf(skip));
  });

  it('keeps a second source as a second port', () => {
    const { document } = valueOf(groupNodes(skip, ['c', 'd'], { name: 'end' }));
    expect(document.edges.filter(({ to }) => to === 'block1')).toEqual([
      { from: 'b', to: 'block1' },
      { from: 'a', to: 'block1', toPort: 1 },
    ]);
    expect(meaningOf(document)).toEqual(meaningOf(skip));
  });

  it.each([
    ['nothing', [], 'blocks/group-of-nothing', undefined],
    ['an input', ['x', 'a'], 'blocks/group-holds-input', ['x']],
    ['two outputs', ['a', 'b'], 'blocks/group-has-outputs', ['a', 'b']],
    ['a way out and back in', ['b', 'd'], 'blocks/group-is-reentered', ['b', 'c', 'd']],
    ['a node that is not there', ['nowhere'], 'graph/unknown-node', undefined],
  ])('refuses %s by name', (_, ids, code, related) => {
    const result = groupNodes(skip, ids, { name: 'pair' });
    expect(codeOf(result)).toBe(code);
    if (related && !result.ok) expect(result.diagnostics[0]!.related).toEqual(related);
  });

  it.each(['', '__proto__'])('refuses %j as a name', (name) => {
    expect(codeOf(groupNodes(skip, ['b'], { name }))).toBe('blocks/wrong-name');
  });

  it('takes slashes out of ids of version 1, which mean something in version 2', () => {
    const slashed = chain([
      ['x', 'input', { shape: [4, 4, 1] }],
      ['s/1', 'activation', { function: 'relu' }],
      ['s_1', 'flatten', {}],
    ]);
    const { document } = valueOf(groupNodes(slashed, ['s/1'], { name: 'b' }));
    expect(document.blocks!['b']!.nodes.map(({ id }) => id)).toEqual(['in', 's_1_']);
    expect(parseNetwork(serializeNetwork(document)).ok).toBe(true);
    expect(meaningOf(document)).toEqual(meaningOf(slashed));
  });

  it('keeps what is bound to the block around it bound', () => {
    const outer = template('resnet-50');
    const inside = { ...outer, ...outer.blocks!['bottleneck']!, train: {} };
    const { params } = outer.blocks!['bottleneck']!;
    const { document } = valueOf(groupNodes(inside, ['conv2', 'conv2_bn'], { name: 'middle', params }));
    expect(document.nodes.find(({ kind }) => kind === 'block')!.params).toEqual({
      block: 'middle',
      width: { param: 'width' },
    });
    const back: NetworkDocument = {
      ...outer,
      blocks: { ...document.blocks, bottleneck: { params, nodes: document.nodes, edges: document.edges } },
    };
    expect(meaningOf(back)).toEqual(meaningOf(outer));
    expect(analyzeNetwork(back).ok).toBe(true);
  });

  it('and ungrouping leave every network what it was, whatever is chosen', () => {
    let grouped = 0;
    fc.assert(
      fc.property(networks, fc.array(fc.nat(8), { minLength: 1, maxLength: 6 }), (document, chosen) => {
        const ids = [...new Set(chosen.map((at) => document.nodes[1 + (at % (document.nodes.length - 1))]!.id))];
        const made = groupNodes(document, ids, { name: 'part' });
        if (!made.ok) return;
        grouped += 1;
        const meaning = meaningOf(document);
        expect(meaningOf(made.value.document)).toEqual(meaning);
        expect(valueOf(parseNetwork(serializeNetwork(made.value.document)))).toEqual(made.value.document);
        const back = valueOf(ungroupNode(made.value.document, made.value.nodeId));
        expect(back.document.version).toBe(1);
        expect(meaningOf(back.document)).toEqual(meaning);
        expect([...back.nodeIds].sort()).toEqual(ids.sort());
      }),
      { numRuns: 300 },
    );
    expect(grouped).toBeGreaterThan(60);
  });
});

describe('ungroupNode', () => {
  it.each(['resnet-50', 'resnet-18', 'vgg-16', 'unet'])('takes all blocks of %s apart, level by level', (id) => {
    const document = template(id);
    let flat = document;
    for (let node = flat.nodes.find(({ kind }) => kind === 'block'); node;) {
      flat = valueOf(ungroupNode(flat, node.id)).document;
      node = flat.nodes.find(({ kind }) => kind === 'block');
    }
    expect(flat.version).toBe(1);
    expect(meaningOf(flat)).toEqual(meaningOf(document));
  });

  it('writes a binding to the block around as one', () => {
    const document: NetworkDocument = {
      format: 'convloom.network',
      version: 2,
      name: 'Nested',
      blocks: {
        inner: {
          params: { filters: 2 },
          nodes: [
            { id: 'in', kind: 'port', params: {} },
            { id: 'c', kind: 'conv', params: { filters: { param: 'filters', times: 2 }, kernelSize: 1 } },
          ],
          edges: [{ from: 'in', to: 'c' }],
        },
      },
      nodes: [
        { id: 'p', kind: 'port', params: {} },
        { id: 's', kind: 'block', params: { block: 'inner', filters: { param: 'width', times: 3 } } },
      ],
      edges: [{ from: 'p', to: 's' }],
    };
    const { nodes } = valueOf(ungroupNode(document, 's')).document;
    expect(nodes.at(-1)).toEqual({
      id: 'c',
      kind: 'conv',
      params: { filters: { param: 'width', times: 6 }, kernelSize: 1 },
    });
  });

  it('refuses a layer, and a block whose output is not clear', () => {
    expect(codeOf(ungroupNode(skip, 'a'))).toBe('blocks/not-a-block');
    const { document, nodeId } = valueOf(groupNodes(skip, ['b', 'c', 'd'], { name: 'pair' }));
    const pair = document.blocks!['pair']!;
    const loose = { ...pair, nodes: [...pair.nodes, { id: 'z', kind: 'gap', params: {} }] };
    const broken = { ...document, blocks: { pair: loose } };
    expect(codeOf(ungroupNode(broken, nodeId))).toBe('blocks/cannot-ungroup');
  });
});

describe('definitions', () => {
  const resnet = template('resnet-18');
  const [name] = Object.keys(resnet.blocks!);

  it('are renamed wherever they are used', () => {
    const next = valueOf(renameBlock(resnet, name!, 'another'));
    expect(usesOf(next, 'another')).toBe(usesOf(resnet, name!));
    expect(usesOf(next, name!)).toBe(0);
    expect(meaningOf(next)).toEqual(meaningOf(resnet));
    expect(codeOf(renameBlock(resnet, name!, Object.keys(resnet.blocks!)[1]!))).toBe('blocks/wrong-name');
  });

  it('are given to one node alone', () => {
    const node = resnet.nodes.find(({ kind }) => kind === 'block')!;
    const next = valueOf(makeBlockUnique(resnet, node.id));
    const own = blockNamed(next.nodes.find(({ id }) => id === node.id)!);
    expect(usesOf(next, own!)).toBe(1);
    expect(meaningOf(next)).toEqual(meaningOf(resnet));
  });

  it('come into another network under a free name, with all that they hold', () => {
    const { document, nodeId } = valueOf(groupNodes(resnet, [resnet.nodes[1]!.id], { name: 'outer' }));
    const kept = keptBlock(document, 'outer');
    expect(Object.keys(kept.blocks)).toHaveLength(2);
    const clash: NetworkDocument = { ...skip, version: 2, blocks: { outer: { params: {}, nodes: [], edges: [] } } };
    const added = addDefinitions(clash, kept);
    expect(added.name).toBe('outer 2');
    expect(Object.keys(added.document.blocks!)).toHaveLength(3);
    expect(addDefinitions(document, kept)).toEqual({ document, name: 'outer' });
    const node = valueOf(newBlockNode(added.document, added.name, null));
    expect(node.params).toEqual({ block: 'outer 2' });
    expect(nodeId).toBe('block1');
    expect(newBlockNode(document, name!, 'outer').ok).toBe(true);
    expect(codeOf(newBlockNode(document, 'outer', name!))).toBe('blocks/would-hold-itself');
    expect(codeOf(newBlockNode(document, 'outer', 'outer'))).toBe('blocks/would-hold-itself');
  });
});

describe('bindParam', () => {
  const grouped = valueOf(groupNodes(skip, ['b', 'c', 'd'], { name: 'pair' }));
  const pair = grouped.document.blocks!['pair']!;
  const within = (definition: typeof pair): NetworkDocument => ({ ...grouped.document, blocks: { pair: definition } });
  const first = { nodeId: 'c', param: 'filters', value: 4, name: 'width' };

  it('makes a param whose default is the present value, and unbinding takes it away', () => {
    const bound = valueOf(bindParam(pair, first));
    expect(bound.params).toEqual({ width: 4 });
    expect(bound.nodes.find(({ id }) => id === 'c')!.params['filters']).toEqual({ param: 'width' });
    expect(meaningOf(within(bound))).toEqual(meaningOf(skip));
    expect(valueOf(unbindParam(bound, 'c', 'filters', new Map([['width', 4]])))).toEqual(pair);
  });

  it('takes a multiple of a param that is there', () => {
    const bound = valueOf(bindParam({ ...pair, params: { width: 2 } }, first));
    expect(bound.nodes.find(({ id }) => id === 'c')!.params['filters']).toEqual({ param: 'width', times: 2 });
    expect(meaningOf(within(bound))).toEqual(meaningOf(skip));
  });

  it.each(['', 'block', 'repeat', '__proto__'])('refuses %j as a name', (name) => {
    expect(codeOf(bindParam(pair, { ...first, name }))).toBe('blocks/wrong-param-name');
  });

  it('refuses to multiply what is no number, and to unbind what is not bound', () => {
    const padded = { ...pair, params: { padding: 3 } };
    expect(codeOf(bindParam(padded, { nodeId: 'c', param: 'padding', value: 'same', name: 'padding' }))).toBe(
      'blocks/cannot-bind',
    );
    expect(codeOf(unbindParam(pair, 'c', 'filters', new Map()))).toBe('blocks/cannot-bind');
  });
});

describe('canConnect', () => {
  it('knows the ports of a block, and that a port takes no wire', () => {
    const { document, nodeId } = valueOf(groupNodes(skip, ['b', 'c', 'd'], { name: 'pair' }));
    expect(codeOf(canConnect(document, { from: 'x', to: nodeId, toPort: 1 }))).toBe('graph/no-such-port');
    const pair = document.blocks!['pair']!;
    const inside = { ...document, nodes: pair.nodes, edges: pair.edges };
    expect(codeOf(canConnect(inside, { from: 'b', to: 'in' }))).toBe('graph/no-such-port');
  });
});

describe('definitions that travel', () => {
  const leaf = (filters: number): NonNullable<NetworkDocument['blocks']>[string] => ({
    params: {},
    nodes: [
      { id: 'in', kind: 'port', params: {} },
      { id: 'c', kind: 'conv', params: { filters, kernelSize: 1 } },
    ],
    edges: [{ from: 'in', to: 'c' }],
  });
  const outer = (inner: string): NonNullable<NetworkDocument['blocks']>[string] => ({
    params: {},
    nodes: [
      { id: 'in', kind: 'port', params: {} },
      { id: 's', kind: 'block', params: { block: inner } },
    ],
    edges: [{ from: 'in', to: 's' }],
  });
  const target: NetworkDocument = { ...skip, version: 2, blocks: { a: leaf(1) } };

  it('keep their names where these are free', () => {
    const { document, names } = withDefinitions(skip, { b: outer('a'), a: leaf(1) });
    expect(document.version).toBe(2);
    expect(document.blocks).toEqual({ a: leaf(1), b: outer('a') });
    expect([...names]).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });

  it('are used again where they are there, also one inside of another', () => {
    const { document, names } = withDefinitions(target, { b: outer('a'), a: leaf(1) });
    expect(document.blocks).toEqual({ a: leaf(1), b: outer('a') });
    expect(names.get('a')).toBe('a');
    expect(withDefinitions(document, { b: outer('a'), a: leaf(1) }).document).toBe(document);
  });

  it('get a number where another has their name, and are found by it the next time', () => {
    const blocks = { b: outer('a'), a: leaf(7) };
    const { document, names } = withDefinitions(target, blocks);
    expect(names.get('a')).toBe('a 2');
    expect(document.blocks).toEqual({ a: leaf(1), 'a 2': leaf(7), b: outer('a 2') });
    const again = withDefinitions(document, blocks);
    expect(again.document).toBe(document);
    expect([...again.names]).toEqual([
      ['a', 'a 2'],
      ['b', 'b'],
    ]);
  });

  it('bring a network whose ids have slashes to where blocks can be', () => {
    const slashed = { ...skip, nodes: [{ id: 'a/b', kind: 'conv', params: {} }], edges: [] };
    const { document } = withDefinitions(slashed, { a: leaf(1) });
    expect(document.nodes[0]?.id).toBe('a_b');
    expect(parseNetwork(serializeNetwork(document)).ok).toBe(true);
  });

  it('go when no node of the network leads to them, also where they use each other', () => {
    const used = { id: 's', kind: 'block', params: { block: 'b' } };
    const blocks = { a: leaf(1), b: outer('a'), lone: outer('other'), other: leaf(2) };
    const document: NetworkDocument = { ...skip, version: 2, nodes: [...skip.nodes, used], blocks };
    expect(unusedBlocks(document)).toEqual(['lone', 'other']);
    expect(withoutUnusedBlocks(document).blocks).toEqual({ a: leaf(1), b: outer('a') });
    expect(withoutUnusedBlocks({ ...document, nodes: skip.nodes })).toEqual(skip);
    expect(withoutUnusedBlocks(skip)).toBe(skip);
  });
});

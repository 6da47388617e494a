import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkDocument } from '../../../shared/schema/document';
import { extentOfBox, overlap } from '../../../shared/layout/boxes';
import { drawDocument } from '../../../shared/layout/drawing';
import { layoutCell, layoutNetwork } from '../../../shared/layout/layoutNetwork';
import { chainNetwork, wiredNetwork } from '../../support/networks';

function overlaps(document: NetworkDocument): string[] {
  const boxes = [...drawDocument(document, layoutNetwork(document)).nodes];
  return boxes.flatMap(([a, from], at) =>
    boxes
      .slice(at + 1)
      .filter(([, to]) => overlap(extentOfBox(from), extentOfBox(to)))
      .map(([b]) => `${a}/${b}`),
  );
}

const relu = ['activation', { function: 'relu' }] as const;
const conv = ['conv', { filters: 4, kernelSize: 3, padding: 'same' }] as const;
const pool = ['pool', { mode: 'max', poolSize: 2 }] as const;

describe('the layout', () => {
  it('sets a short chain on one line, left to right', () => {
    const layout = layoutNetwork(chainNetwork([8, 8, 1], conv, relu, conv));
    const xs = ['image', 'n1', 'n2', 'n3'].map((id) => layout[id]!.x);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(new Set(Object.values(layout).map(({ y }) => y)).size).toBe(1);
  });

  it('wraps a long chain into lines that fit a window', () => {
    const layers = Array.from({ length: 39 }, (_, at) => [conv, relu, pool][at % 3]!);
    const layout = layoutNetwork(chainNetwork([64, 64, 1], ...layers));
    const width = Math.max(...Object.values(layout).map(({ x }) => x)) + layoutCell.nodeWidth;
    expect(width).toBeLessThan(2200);
    expect(new Set(Object.values(layout).map(({ y }) => y)).size).toBeGreaterThan(3);
  });

  it('begins a line after a pool', () => {
    const layout = layoutNetwork(chainNetwork([28, 28, 1], conv, relu, pool, conv, relu, pool, ['fc', { units: 10 }]));
    expect(layout['n4']!.x).toBe(layout['image']!.x);
    expect(layout['n4']!.y).toBeGreaterThan(layout['n3']!.y);
  });

  it('keeps the block of a residual on one line with its entry and its sum', () => {
    const layout = layoutNetwork(
      wiredNetwork({
        image: ['input', { shape: [8, 8, 4] }],
        a: ['conv', { filters: 4, kernelSize: 3, padding: 'same' }, 'image'],
        r: ['activation', { function: 'relu' }, 'a'],
        b: ['conv', { filters: 4, kernelSize: 3, padding: 'same' }, 'r'],
        sum: ['add', {}, 'b', 'image'],
      }),
    );
    expect(layout['sum']!.y).toBe(layout['image']!.y);
    // The flow is a straight line; the skip arcs over it.
    expect(layout['a']!.y).toBe(layout['image']!.y);
  });

  it('gives an encoder-decoder one line per scale, down on the left and up on the right', () => {
    const layout = layoutNetwork(
      wiredNetwork({
        image: ['input', { shape: [16, 16, 1] }],
        d1: ['conv', { filters: 4, kernelSize: 3, padding: 'same' }, 'image'],
        p1: ['pool', { mode: 'max', poolSize: 2 }, 'd1'],
        b: ['conv', { filters: 8, kernelSize: 3, padding: 'same' }, 'p1'],
        up: ['upconv', { filters: 4, kernelSize: 2 }, 'b'],
        join: ['concat', {}, 'd1', 'up'],
        score: ['conv', { filters: 2, kernelSize: 1 }, 'join'],
      }),
    );
    expect(layout['join']!.y).toBe(layout['d1']!.y);
    expect(layout['up']!.y).toBe(layout['b']!.y);
    expect(layout['p1']!.y).toBeGreaterThan(layout['d1']!.y);
    expect(layout['b']!.y).toBeGreaterThan(layout['p1']!.y);
    // Straight down on the left, straight up on the right.
    expect(layout['p1']!.x).toBe(layout['d1']!.x);
    expect(layout['b']!.x).toBe(layout['p1']!.x);
    expect(layout['join']!.x).toBe(layout['up']!.x);
    expect(layout['join']!.x).toBeGreaterThan(layout['d1']!.x);
    const between = Object.values(layout).filter(
      ({ x, y }) => y === layout['d1']!.y && x > layout['d1']!.x && x < layout['join']!.x,
    );
    expect(between).toEqual([]);
  });

  it('sets separate networks below each other', () => {
    const layout = layoutNetwork(
      wiredNetwork({
        a: ['input', { shape: [4] }],
        b: ['input', { shape: [4] }],
        fa: ['fc', { units: 2 }, 'a'],
        fb: ['fc', { units: 2 }, 'b'],
      }),
    );
    expect(layout['fa']!.y).toBe(layout['a']!.y);
    expect(layout['fb']!.y).toBe(layout['b']!.y);
    expect(Math.abs(layout['a']!.y - layout['b']!.y)).toBeGreaterThanOrEqual(layoutCell.pitchY);
  });

  it('lays an empty network out as nothing', () => {
    expect(layoutNetwork({ format: 'convloom.network', version: 1, name: '', nodes: [], edges: [] })).toEqual({});
  });

  const anyNetwork = fc.integer({ min: 1, max: 25 }).chain((count) =>
    fc
      .record({
        kinds: fc.array(fc.constantFrom('conv', 'pool', 'upconv', 'add', 'upsample', 'nonsense'), {
          minLength: count,
          maxLength: count,
        }),
        edges: fc.array(fc.record({ from: fc.nat(count), to: fc.nat(count) }), { maxLength: 3 * count }),
      })
      .map(({ kinds, edges }): NetworkDocument => ({
        format: 'convloom.network',
        version: 1,
        name: 'any',
        nodes: kinds.map((kind, at) => ({ id: `n${at}`, kind, params: { strides: at % 3 } })),
        // Indices may lie beyond the nodes: dangling wires, cycles and loops are part of the input.
        edges: edges.map(({ from, to }) => ({ from: `n${from}`, to: `n${to}` })),
      })),
  );

  it('places every node once, apart and on whole pixels, whatever the wires', () => {
    fc.assert(
      fc.property(anyNetwork, (document) => {
        const layout = layoutNetwork(document);
        expect(Object.keys(layout).sort()).toEqual(document.nodes.map(({ id }) => id).sort());
        expect(Object.values(layout).every(({ x, y }) => Number.isInteger(x) && Number.isInteger(y))).toBe(true);
        expect(overlaps(document)).toEqual([]);
        expect(layoutNetwork(structuredClone(document))).toEqual(layout);
      }),
      { numRuns: 150 },
    );
  });

  it('places 1,000 nodes of a chain, and of one dense block, within a second', () => {
    const chain = chainNetwork([64, 64, 1], ...Array.from({ length: 999 }, () => conv));
    const block: NetworkDocument = {
      ...chain,
      nodes: Array.from({ length: 1000 }, (_, at) => ({ id: `b${at}`, kind: at === 0 ? 'input' : 'add', params: {} })),
      edges: Array.from({ length: 999 }, (_, at) => [
        { from: `b${at}`, to: `b${at + 1}` },
        { from: `b${Math.max(0, at - 7)}`, to: `b${at + 1}`, toPort: 1 },
      ]).flat(),
    };
    for (const document of [chain, block]) {
      const startedAt = performance.now();
      layoutNetwork(document);
      expect(performance.now() - startedAt).toBeLessThan(1000);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { applyFix } from '../../../shared/analysis/fixes';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import { parseNetwork, serializeNetwork, type Edit, type NetworkDocument } from '../../../shared/document';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { layers } from '../../../shared/layers';

const ids = ['a', 'b', 'c', 'd', 'n0', 'n1', 'n2', 'n3', '__proto__', 'constructor'];
const id = fc.constantFrom(...ids);
const kind = fc.constantFrom(...layers.map((layer) => layer.kind), 'warp');

/** Params as someone might type them: mostly sensible, sometimes absurd. */
const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 8 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1.5, 4096, 65_536, 1e9, 1e308) },
);
const pair = fc.oneof(
  size,
  fc.tuple(size, size).map((both): number[] => both),
);
const param = fc.oneof(
  pair,
  fc.constantFrom(
    'same',
    'valid',
    'center',
    'max',
    'avg',
    'l2',
    'sum',
    'relu',
    'softmax',
    'ceil',
    'bilinear',
    'reflect',
  ),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(size, fc.constant(null)), { maxLength: 4 }),
);
const names = [...new Set(layers.flatMap((layer) => Object.keys(layer.params))), 'colour'];
const params = fc.dictionary(fc.constantFrom(...names), param, { maxKeys: 4 });

/** Params that the kind knows, so that many nodes get past their schema. */
const sensible = fc.constantFrom(...layers).chain((layer) =>
  fc.record({
    kind: fc.constant<string>(layer.kind),
    params: fc
      .dictionary(fc.constantFrom(...Object.keys(layer.params), 'alpha'), param, { maxKeys: 2 })
      .map((given) => ({
        ...(layer.kind === 'input' ? { shape: [16, 16, 4] } : {}),
        ...('filters' in layer.params ? { filters: 4, kernelSize: 3 } : {}),
        ...('units' in layer.params ? { units: 5 } : {}),
        ...Object.fromEntries(Object.entries(given).filter(([name]) => name in layer.params)),
      })),
  }),
);
const node = fc
  .tuple(id, fc.oneof({ weight: 3, arbitrary: sensible }, { weight: 1, arbitrary: fc.record({ kind, params }) }))
  .map(([nodeId, rest]) => ({ id: nodeId, ...rest }));
const edge = fc
  .tuple(id, id, fc.option(fc.constantFrom(0, 1, 2, 7), { nil: undefined }))
  .map(([from, to, toPort]) => (toPort === undefined ? { from, to } : { from, to, toPort }));

const garbage: fc.Arbitrary<NetworkDocument> = fc
  .record({ nodes: fc.array(node, { maxLength: 8 }), edges: fc.array(edge, { maxLength: 12 }) })
  .map((parts) => ({ format: 'convloom.network', version: 1, name: 'garbage', ...parts }));

/** A chain with branches that may or may not work: wires only run forward and every node has one. */
const plausible: fc.Arbitrary<NetworkDocument> = fc
  .array(fc.tuple(sensible, fc.nat(), fc.nat()), { minLength: 1, maxLength: 9 })
  .map((rows) => {
    const nodes = [{ id: 'x', kind: 'input', params: { shape: [24, 20, 4] } }];
    const edges: { from: string; to: string; toPort?: number }[] = [];
    for (const [index, [made, near, far]] of rows.entries()) {
      const from = nodes[nodes.length - 1 - (near % Math.min(2, nodes.length))]!.id;
      const other = nodes[far % nodes.length]!.id;
      nodes.push({ id: `n${index}`, kind: made.kind, params: made.params as never });
      if (made.kind === 'input') continue;
      edges.push({ from, to: `n${index}` });
      if (made.kind === 'add' || made.kind === 'concat') edges.push({ from: other, to: `n${index}`, toPort: 1 });
    }
    return { format: 'convloom.network', version: 1, name: 'plausible', nodes, edges };
  });

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc
    .tuple(id, fc.constantFrom('kernelSize', 'poolSize', 'filters', 'strides'), fc.integer({ min: 1, max: 5 }))
    .map(([target, name, value]): Edit => ({ type: 'setParams', id: target, params: { [name]: value } })),
  node.map((made): Edit => ({ type: 'addNode', node: made })),
  fc
    .tuple(fc.array(id, { maxLength: 3 }), fc.boolean())
    .map(([list, heal]): Edit => ({ type: 'removeNodes', ids: list, heal })),
  fc
    .tuple(id, params)
    .map(([target, given]): Edit => ({ type: 'setParams', id: target, params: given, unset: ['filters'] })),
  fc.tuple(id, kind).map(([target, other]): Edit => ({ type: 'setKind', id: target, kind: other, params: {} })),
  edge.map((wire): Edit => ({ type: 'connect', edge: wire })),
  edge.map((wire): Edit => ({ type: 'disconnect', edge: wire })),
  fc.tuple(edge, node).map(([wire, made]): Edit => ({ type: 'insertOnEdge', edge: wire, node: made })),
  fc.tuple(id, node).map(([after, made]): Edit => ({ type: 'insertAfter', after, node: made })),
  fc.tuple(id, fc.constantFrom('text', null)).map(([target, label]): Edit => ({ type: 'setLabel', id: target, label })),
  id.map((target): Edit => ({ type: 'moveNodes', positions: { [target]: { x: 1, y: 2 } } })),
);

/** What of an analysis can be compared: all of it, without the lazy fixes. */
function comparable(document: NetworkDocument, previous?: ReturnType<typeof analyzeNetwork>): unknown {
  const { nodes, diagnostics, ...rest } = analyzeNetwork(document, previous);
  return {
    ...rest,
    nodes: [...nodes.values()],
    diagnostics: diagnostics.map(({ code, at, why, summary }) => ({ code, at, why, summary })),
  };
}

const keyOf = ({ code, at }: Diagnostic): string => [code, at.nodeId, at.port, at.param].join(' ');

describe('any network at all', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(garbage, (document) => {
        expect(parseNetwork(serializeNetwork(document))).toEqual({ ok: true, value: document });
      }),
      { numRuns: 300 },
    );
  });

  it('is analysed without throwing, and every number is finite', () => {
    fc.assert(
      fc.property(fc.oneof(garbage, plausible), (document) => {
        const analysis = analyzeNetwork(document);
        const numbers = JSON.stringify([
          analysis.totals,
          [...analysis.nodes.values()].map((each) => ({ ...each, definition: null })),
        ]);
        expect(numbers).not.toMatch(/NaN|Infinity/);
        for (const each of analysis.nodes.values()) {
          const given = [each.paramCount, each.macs, each.activationBytes, ...(each.outputShape ?? [])];
          for (const value of given) expect(value === null || (Number.isSafeInteger(value) && value >= 0)).toBe(true);
          for (const size of each.outputShape ?? []) expect(size === null || size >= 1).toBe(true);
          if (each.state === 'ok') expect(each.outputShape).not.toBeNull();
        }
        const hasErrors = analysis.diagnostics.some(({ severity }) => severity === 'error');
        expect(analysis.ok).toBe(!hasErrors);
        // Whatever is not known has a reason.
        if ([...analysis.nodes.values()].some(({ state }) => state !== 'ok')) expect(hasErrors).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('comes out the same from cold and after edits', () => {
    fc.assert(
      fc.property(fc.oneof(garbage, plausible), fc.array(edit, { maxLength: 6 }), (document, edits) => {
        let current = document;
        let analysis = analyzeNetwork(current);
        for (const change of edits) {
          const next = applyEdits(current, [change]);
          if (!next.ok) continue;
          current = next.value;
          const warm = comparable(current, analysis);
          expect(warm).toEqual(comparable(current));
          analysis = analyzeNetwork(current, analysis);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes any edits or gives reasons, and is not changed by them', () => {
    fc.assert(
      fc.property(garbage, fc.array(edit, { maxLength: 4 }), (document, edits) => {
        const before = structuredClone(document);
        const result = applyEdits(document, edits);
        expect(document).toEqual(before);
        if (!result.ok) expect(result.diagnostics.length).toBeGreaterThan(0);
        else expect(parseNetwork(serializeNetwork(result.value)).ok).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is offered only fixes that apply, remove their finding, and bring no error of their own', () => {
    let offered = 0;
    fc.assert(
      fc.property(plausible, (document) => {
        const analysis = analyzeNetwork(document);
        const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error');
        for (const diagnostic of analysis.diagnostics) {
          const same = (other: Diagnostic): boolean => keyOf(other) === keyOf(diagnostic);
          expect(diagnostic.fixes.length).toBeLessThanOrEqual(4);
          for (const fix of diagnostic.fixes) {
            offered++;
            const fixed = applyFix(document, fix);
            expect(fixed.ok).toBe(true);
            if (!fixed.ok) continue;
            const after = analyzeNetwork(fixed.value);
            expect(after.diagnostics.filter(same).length).toBeLessThan(analysis.diagnostics.filter(same).length);
            const left = after.diagnostics.filter(({ severity }) => severity === 'error');
            expect(left.length).toBeLessThanOrEqual(errors.length);
            // An error that was there all along may come to light behind one that is gone, and nowhere else.
            const known = new Set(errors.map(keyOf));
            for (const { at, code } of left.filter((error) => !known.has(keyOf(error)))) {
              expect([code, analysis.nodes.get(at.nodeId ?? '')?.state]).not.toEqual([code, 'ok']);
            }
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(offered).toBeGreaterThan(100);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { withChanges } from '../../../shared/analysis/changedMap';
import type { NetworkAnalysis } from '../../../shared/analysis/types';
import type { NetworkDocument } from '../../../shared/schema/document';
import { wiredNetwork } from '../../support/networks';

type Row = Parameters<typeof wiredNetwork>[0][string];

/** Sixty layers in a row, of which some add what came two layers before: long enough for an edit to touch little of it. */
const document: NetworkDocument = wiredNetwork({
  x: ['input', { shape: [16, 16, 4] }],
  ...Object.fromEntries(
    Array.from({ length: 60 }, (_, at): readonly [string, Row] => {
      const before = at === 0 ? 'x' : `n${at - 1}`;
      if (at % 5 === 4) return [`n${at}`, ['add', {}, before, `n${at - 2}`]];
      if (at % 3 === 2) return [`n${at}`, ['activation', { function: 'relu' }, before]];
      return [`n${at}`, ['conv', { filters: 4, kernelSize: 3, padding: 'same' }, before]];
    }),
  ),
});

const change = fc.record({
  at: fc.nat(59),
  params: fc.oneof(
    fc.constantFrom('linear', 'relu', 'sigmoid', 'tanh').map((name) => ({ function: name, activation: name })),
    fc.record({ filters: fc.constantFrom(2, 4, 4, 8) }),
    fc.record({ kernelSize: fc.constantFrom(1, 3, 5, 99) }),
    fc.record({ padding: fc.constantFrom('same', 'valid') }),
  ),
});

function edited(from: NetworkDocument, { at, params }: { at: number; params: object }): NetworkDocument {
  const nodes = from.nodes.map((node) => {
    if (node.id !== `n${at}`) return node;
    const known = Object.entries(params).filter(([name]) => name in node.params || name === 'activation');
    const fitting = known.filter(([name]) => (name === 'activation' ? node.kind === 'conv' : true));
    return { ...node, params: { ...node.params, ...Object.fromEntries(fitting) } };
  });
  return { ...from, nodes };
}

const comparable = ({ nodes, diagnostics, ...rest }: NetworkAnalysis) => ({
  ...rest,
  nodes: [...nodes],
  diagnostics: diagnostics.map(({ code, at, summary }) => ({ code, at, summary })),
});

describe('an edit of a long network', () => {
  it('comes to the same as analysing what it made', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        let now = document;
        let analysis = analyzeNetwork(now);
        for (const one of changes) {
          now = edited(now, one);
          analysis = analyzeNetwork(now, analysis);
          expect(comparable(analysis)).toEqual(comparable(analyzeNetwork(now)));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('leaves the analysis before as it was', () => {
    const before = analyzeNetwork(document);
    const known = comparable(before);
    analyzeNetwork(edited(document, { at: 0, params: { filters: 8 } }), before);
    expect(comparable(before)).toEqual(known);
  });

  it('adds numbers up anew that are too large to be taken apart', () => {
    const huge = edited(document, { at: 0, params: { filters: 65_536 } });
    const wide = {
      ...huge,
      nodes: huge.nodes.map((node) =>
        node.kind === 'input' ? { ...node, params: { shape: [65_536, 65_536, 4096] } } : node,
      ),
    };
    const then = edited(wide, { at: 57, params: { kernelSize: 5 } });
    expect(analyzeNetwork(then, analyzeNetwork(wide)).totals).toEqual(analyzeNetwork(then).totals);
  });
});

describe('a map with changes', () => {
  const base: ReadonlyMap<number, { readonly value: number }> = new Map(
    Array.from({ length: 64 }, (_, key) => [key, { value: key }]),
  );

  it('is what a copy with the same changes is, however often it is changed', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.nat(63).map(String), fc.nat()), { maxLength: 20 }), (rounds) => {
        let map = base;
        const copy = new Map(base);
        for (const round of rounds) {
          const changes = new Map(Object.entries(round).map(([key, value]) => [Number(key), { value }]));
          map = withChanges(map, changes);
          for (const [key, value] of changes) copy.set(key, value);
          expect([...map]).toEqual([...copy]);
          expect([...map.values()]).toEqual([...copy.values()]);
          expect([...map.keys()]).toEqual([...copy.keys()]);
          expect([map.size, map.get(5), map.has(70), map.get(70)]).toEqual([64, copy.get(5), false, undefined]);
        }
      }),
    );
  });
});

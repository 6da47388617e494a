import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { applyFix } from '../../../shared/analysis/fixes';
import { parseNetwork, type NetworkDocument } from '../../../shared/document';
import { applyEdits } from '../../../shared/editing/applyEdits';
import type { Json } from '../../../shared/schema/document';
import { chain } from '../../support/chain';

function template(id: string): NetworkDocument {
  const parsed = parseNetwork(readFileSync(new URL(`../../../templates/${id}/network.json`, import.meta.url), 'utf8'));
  if (!parsed.ok) throw new Error(`${id} does not parse`);
  return parsed.value;
}

function withParams(document: NetworkDocument, id: string, params: { readonly [name: string]: Json }): NetworkDocument {
  const edited = applyEdits(document, [{ type: 'setParams', id, params }]);
  if (!edited.ok) throw new Error('the edit does not apply');
  return edited.value;
}

const lenet = chain([
  ['image', 'input', { shape: [28, 28, 1] }],
  ['c1', 'conv', { filters: 20, kernelSize: 5 }],
  ['p1', 'pool', { poolSize: 2 }],
  ['c2', 'conv', { filters: 50, kernelSize: 5 }],
  ['p2', 'pool', { poolSize: 2 }],
  ['f1', 'fc', { units: 500 }],
  ['f2', 'fc', { units: 10 }],
]);
const broken = withParams(lenet, 'c2', { kernelSize: 13 });

describe('parameters beside an error', () => {
  it('stay counted where they do not hang on it', () => {
    const { nodes, totals } = analyzeNetwork(broken);
    const params = Object.fromEntries([...nodes.values()].map(({ id, paramCount }) => [id, paramCount]));
    expect(params).toEqual({ image: 0, c1: 520, p1: 0, c2: 169_050, p2: 0, f1: null, f2: 5_010 });
    expect(totals).toMatchObject({ params: 174_580, trainableParams: 174_580, unknown: 1 });
    expect([...nodes.values()].map(({ state }) => state)).toEqual([
      'ok',
      'ok',
      'ok',
      'failed',
      'blocked',
      'blocked',
      'blocked',
    ]);
  });

  it('are all known of a U-Net whose skips do not meet', () => {
    const document = template('unet-same');
    const input = document.nodes.find(({ kind }) => kind === 'input')!;
    const wrong = analyzeNetwork(withParams(document, input.id, { shape: [250, 250, 1] }));
    expect(wrong.ok).toBe(false);
    expect(wrong.totals).toMatchObject({ params: analyzeNetwork(document).totals.params, unknown: 0 });
  });

  it.each<readonly [string, NetworkDocument, number, number]>([
    ['a wrong stride', withParams(lenet, 'c1', { strides: 0 }), 25_050 + 5_010, 2],
    [
      'a layer that nobody knows',
      chain([
        ['x', 'input', { shape: [8, 8, 1] }],
        ['w', 'warp'],
        ['f', 'fc', { units: 2 }],
        ['g', 'fc', { units: 3 }],
      ]),
      9,
      2,
    ],
    ['a conv without a wire', { ...lenet, edges: lenet.edges.filter(({ to }) => to !== 'c1') }, 25_050 + 5_010, 2],
    ['filters that groups do not divide', withParams(lenet, 'c1', { groups: 3 }), 25_050 + 5_010, 2],
    [
      'two maps of different channels',
      chain([
        ['x', 'input', { shape: [8, 8, 1] }],
        ['a', 'conv', { filters: 2, kernelSize: 1 }],
        ['b', 'conv', { filters: 3, kernelSize: 1 }, ['x']],
        ['y', 'add', {}, ['a', 'b']],
        ['c', 'conv', { filters: 5, kernelSize: 1 }],
        ['d', 'conv', { filters: 7, kernelSize: 1 }],
      ]),
      4 + 6 + 42,
      1,
    ],
    [
      'an image of open size',
      chain([
        ['x', 'input', { shape: [null, null, 1] }],
        ['f', 'fc', { units: 2 }],
        ['g', 'fc', { units: 3 }],
      ]),
      9,
      1,
    ],
    [
      'a vector in a batch norm behind gap',
      chain([
        ['x', 'input', { shape: [8, 8, 1] }],
        ['a', 'conv', { filters: 2, kernelSize: 9 }],
        ['b', 'batchnorm'],
        ['g', 'gap'],
        ['f', 'fc', { units: 3 }],
      ]),
      164 + 8 + 9,
      0,
    ],
  ])('with %s', (_, document, params, unknown) => {
    const analysis = analyzeNetwork(document);
    expect(analysis.totals).toMatchObject({ params, unknown });
  });

  it('come out alike after an edit and from nothing', () => {
    const before = analyzeNetwork(broken);
    const wider = withParams(broken, 'c2', { filters: 60 });
    expect(analyzeNetwork(wider, before).totals).toEqual(analyzeNetwork(wider).totals);
    const mended = withParams(wider, 'c2', { kernelSize: 5 });
    expect(analyzeNetwork(mended, analyzeNetwork(wider, before)).totals).toEqual(analyzeNetwork(mended).totals);
  });
});

describe('what a fix comes to', () => {
  const valid = analyzeNetwork(lenet);

  it.each([
    ['the last network without errors', analyzeNetwork(broken, valid), 431_080],
    ['nothing, where none is known', analyzeNetwork(broken), null],
  ] as const)('is its total, against %s', (_, analysis, base) => {
    const [diagnostic] = analysis.diagnostics;
    expect(diagnostic!.fixes.map(({ paramsAfter }) => paramsAfter)).toEqual([1_075_080, 1_075_080, 200_080]);
    for (const fix of diagnostic!.fixes) {
      const fixed = applyFix(broken, fix);
      if (!fixed.ok) throw new Error('the fix does not apply');
      const { totals } = analyzeNetwork(fixed.value);
      expect(fix).toMatchObject({ paramsAfter: totals.params, unknownAfter: totals.unknown });
      expect(fix.paramsDelta).toBe(base === null ? undefined : totals.params - base);
    }
  });

  it('still counts from the last network without errors after several wrong edits', () => {
    const worse = withParams(broken, 'f1', { units: 300 });
    const analysis = analyzeNetwork(worse, analyzeNetwork(broken, valid));
    for (const { paramsAfter, paramsDelta } of analysis.diagnostics[0]!.fixes) {
      expect(paramsDelta).toBe(paramsAfter! - 431_080);
    }
  });
});

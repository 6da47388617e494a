import { describe, expect, it } from 'vitest';
import { mostAlike } from '../../../shared/analysis/alike';
import { analyzeNetwork, analyzeWithoutFixes } from '../../../shared/analysis/analyze';
import { parseNetwork, type NetworkDocument, type NetworkNode } from '../../../shared/document';

const count = 10_000;
const gap = (id: string): NetworkNode => ({ id, kind: 'gap', params: {} });
const document = (nodes: readonly NetworkNode[], edges: NetworkDocument['edges'] = []): NetworkDocument => ({
  format: 'convloom.network',
  version: 1,
  name: 'large',
  nodes,
  edges,
});
const many = Array.from({ length: count }, (_, index) => `p${index}`);

describe('a document that is wrong in very many places', () => {
  it.each<readonly [string, NetworkDocument, string]>([
    ['ids that are all equal', document(many.map(() => gap('a'))), 'graph/duplicate-id'],
    ['nodes without wires', document(many.map(gap)), 'graph/missing-input'],
    [
      'params that nobody knows',
      document([{ ...gap('a'), params: Object.fromEntries(many.map((name) => [name, 1])) }]),
      'layers/unknown-param',
    ],
    [
      'wires to nowhere',
      document(
        [gap('a')],
        many.map((from) => ({ from, to: 'a' })),
      ),
      'graph/dangling-edge',
    ],
  ])('tells the first of %s and counts the rest', (_, wrong, code) => {
    const { diagnostics, ok } = analyzeNetwork(wrong);
    const all = analyzeWithoutFixes(wrong).diagnostics.filter((one) => one.code === code).length;
    expect(ok).toBe(false);
    expect(diagnostics.filter((one) => one.code === code)).toHaveLength(mostAlike);
    const more = diagnostics.find((one) => one.code === 'analysis/more-alike')!;
    expect(more.summary.en).toContain((all - mostAlike).toLocaleString('en'));
  });

  it('names a few of 100,000 wires in one port, and mends them in one edit', () => {
    const wires = Array.from({ length: 100_000 }, () => ({ from: 'x', to: 'a' }));
    const wrong = document([{ id: 'x', kind: 'input', params: { shape: [8, 8, 1] } }, gap('a')], wires);
    const [finding] = analyzeNetwork(wrong).diagnostics;
    expect(finding!.code).toBe('graph/port-taken');
    expect(JSON.stringify(finding!.summary).length + (finding!.related?.length ?? 0)).toBeLessThan(1_000);
    expect(finding!.fixes.map(({ edits }) => edits.length)).toEqual([1]);
  });

  it('tells 20 wrong fields of a file and counts the rest, however many there are', () => {
    const nodes = Array.from({ length: 200_000 }, () => ({ kind: 'gap' }));
    const result = parseNetwork(JSON.stringify({ format: 'convloom.network', version: 1, nodes }));
    expect(result.ok ? [] : result.diagnostics.map(({ code }) => code)).toEqual([
      ...Array.from({ length: 20 }, () => 'document/missing-field'),
      'document/more',
    ]);
  });
});

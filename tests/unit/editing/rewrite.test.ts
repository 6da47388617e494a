import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { printSketch } from '../../../shared/editing/sketch/print';
import { rewriteEdits } from '../../../shared/editing/sketch/rewrite';
import type { NetworkDocument } from '../../../shared/schema/document';
import { readTemplate } from '../../support/templatePrograms';

const lenet = readTemplate('lenet');
const sketchOf = (document: NetworkDocument): string => {
  const printed = printSketch(document, new Set(document.nodes.map(({ id }) => id)));
  return printed.ok ? printed.value : '';
};
const line = sketchOf(lenet);

/** The network after its line was rewritten. */
function rewritten(source: string): { readonly ids: readonly string[]; readonly document: NetworkDocument } {
  const edits = rewriteEdits(lenet, source);
  if (!edits.ok) throw new Error(edits.diagnostics[0]!.summary.en);
  const after = edits.value.length === 0 ? { ok: true as const, value: lenet } : applyEdits(lenet, edits.value);
  if (!after.ok) throw new Error(after.diagnostics[0]!.summary.en);
  return { ids: after.value.nodes.map(({ id }) => id), document: after.value };
}

describe('a sketch line that is rewritten', () => {
  it('changes nothing where it reads the same', () => {
    expect(rewriteEdits(lenet, line.replaceAll(', ', ',\n'))).toEqual({ ok: true, value: [] });
  });

  it('changes the one setting that was changed, and keeps ids and places', () => {
    const edits = rewriteEdits(lenet, line.replace('conv 50 5', 'conv 64 5'));
    expect(edits.ok && edits.value).toMatchObject([{ type: 'setParams', id: 'c2', params: { filters: 64 } }]);
  });

  it.each([
    ['a layer put in', line.replace('fc 10', 'dropout, fc 10')],
    ['a layer taken out', line.replace(', maxpool', '')],
    ['another kind', line.replace('fc 500 relu', 'gap')],
    ['a label', line.replace('fc 10', 'fc 10 "scores"')],
    ['several at once', line.replace('conv 20 5', 'conv 8 3 same').replace('fc 500 relu', 'fc 30 relu, fc 20 relu')],
  ])('is what the network reads as afterwards: %s', (_, source) => {
    expect(source).not.toBe(line);
    const { document, ids } = rewritten(source);
    expect(sketchOf(document)).toBe(source);
    expect(ids.filter((id) => lenet.nodes.some((node) => node.id === id)).length).toBeGreaterThanOrEqual(7);
  });

  it('is refused where it is none, or where the network is no chain', () => {
    const codes = (result: ReturnType<typeof rewriteEdits>) =>
      result.ok ? [] : result.diagnostics.map(({ code }) => code);
    expect(codes(rewriteEdits(lenet, 'convv 3'))).toEqual(['sketch/unknown-layer']);
    expect(codes(rewriteEdits(readTemplate('unet-small'), line))).toEqual(['sketch/not-a-chain']);
  });
});

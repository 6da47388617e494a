import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compareNetworks } from '../../../shared/analysis/compare';
import { describeComparison } from '../../../shared/analysis/describeComparison';
import { parseNetwork } from '../../../shared/document/parse';
import type { NetworkDocument } from '../../../shared/schema/document';

function template(id: string): NetworkDocument {
  const url = new URL(`../../../templates/${id}/network.json`, import.meta.url);
  const parsed = parseNetwork(readFileSync(url, 'utf8'));
  if (!parsed.ok) throw new Error(id);
  return parsed.value;
}

function describeChange(a: NetworkDocument, b: NetworkDocument): readonly string[] {
  return describeComparison(compareNetworks(analyzeNetwork(a), analyzeNetwork(b))).map(({ en }) => en);
}

describe('what happened between two networks', () => {
  it("says in a phrase what makes the padded U-Net of the paper's", () => {
    expect(describeChange(template('unet'), template('unet-same'))).toEqual([
      '18 Conv: padding valid → same',
      '4 Crop gone',
      '1 Input: shape 572×572×1 → 256×256×1',
    ]);
  });

  it('tells the parameters where they differ, and in both languages', () => {
    const comparison = compareNetworks(analyzeNetwork(template('lenet')), analyzeNetwork(template('lenet-gap')));
    expect(describeComparison(comparison).at(-1)).toEqual({
      en: 'all parameters 431,080 → 26,080 (−405,000)',
      zh: '全部参数 431,080 → 26,080 (−405,000)',
    });
  });

  it('calls a block that does not compute a block, in both languages', () => {
    const resnet = template('resnet-18');
    const broken = {
      ...resnet,
      blocks: Object.fromEntries(
        Object.entries(resnet.blocks ?? {}).map(([name, block]) => [
          name,
          name === 'basic'
            ? { ...block, edges: block.edges.filter(({ to, toPort }) => to !== 'add' || toPort === 1) }
            : block,
        ]),
      ),
    };
    const phrases = describeComparison(compareNetworks(analyzeNetwork(resnet), analyzeNetwork(broken)));
    expect(phrases.filter(({ zh }) => /block/i.test(zh))).toEqual([]);
    expect(phrases.filter(({ en, zh }) => en.includes(' Block ') && zh.includes('个块'))).toHaveLength(1);
  });

  it('has nothing to say of a network and itself, whatever its nodes are called in between', () => {
    const lenet = template('lenet');
    expect(describeChange(lenet, lenet)).toEqual([]);
    const moved = { ...lenet, nodes: lenet.nodes.map((node) => ({ ...node, position: { x: 1, y: 2 }, note: 'new' })) };
    expect(describeChange(lenet, moved)).toEqual([]);
  });

  it('names a rename', () => {
    const lenet = template('lenet');
    const rename = (id: string): string => (id === 'c1' ? 'first' : id);
    const renamed = {
      ...lenet,
      nodes: lenet.nodes.map((node) => ({ ...node, id: rename(node.id) })),
      edges: lenet.edges.map((edge) => ({ ...edge, from: rename(edge.from), to: rename(edge.to) })),
    };
    expect(describeChange(lenet, renamed)).toEqual(['1 Conv renamed']);
  });
});

import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printSvg } from '../../../shared/exports/figures/svg';
import { drawFigure } from '../../../shared/figures';
import { defaultFigureOptions, type FigureOptions } from '../../../shared/schema/figures';
import type { NetworkDocument } from '../../../shared/schema/document';
import { templates } from '../../../templates/build';
import { chainNetwork } from '../../support/networks';
import { readXml } from '../../support/readXml';

function print(document: NetworkDocument, request: Partial<FigureOptions> = {}): string {
  const options = { ...defaultFigureOptions, ...request };
  return printSvg(drawFigure(document, analyzeNetwork(document), options), options.width);
}

const hostile = '</text><script>alert(1)</script>"&\u0000]]><!--';

describe('the picture of a network', () => {
  it.each(templates)('$id: shows every node, and every wire with where it goes', ({ document }) => {
    const svg = readXml(print(document, { legend: false }));
    const groups = svg.children.filter(({ name }) => name === 'g');
    expect(groups).toHaveLength(document.nodes.length + 1);
    const wires = groups[0]!.children;
    const heads = wires.filter(({ attributes }) => attributes['fill'] !== 'none');
    expect([wires.length - heads.length, heads.length]).toEqual([document.edges.length, document.edges.length]);
  });

  it('shows shapes and parameters', () => {
    const svg = print(templates[0]!.document);
    expect(svg).toContain('>24×24×20<');
    expect(svg).toContain('>400,500<');
    expect(print(templates[0]!.document, { shapes: false })).not.toContain('>24×24×20<');
  });

  it('says what its wires and its heat mean, unless it is to have no legend', () => {
    const { document } = templates[0]!;
    const hot = print(document, { heat: 'params' });
    expect(hot).toContain('>Channels on a wire<');
    expect(hot).toContain('>Parameters 431 k<');
    expect(hot).toContain('>401 k · 93 %<');
    const bare = print(document, { heat: 'params', legend: false });
    expect(bare).not.toContain('>Channels on a wire<');
    expect(bare).not.toContain('>Parameters 431 k<');
  });

  it('speaks Chinese where it is asked to', () => {
    expect(print(templates[0]!.document, { language: 'zh' })).toContain('>最大池化<');
  });

  it.each(['graph', 'volumes'] as const)('%s: takes no markup from names and labels', (view) => {
    const plain = chainNetwork([8, 8, 1], ['gap'], [hostile]);
    const document = { ...plain, name: hostile, nodes: plain.nodes.map((node) => ({ ...node, label: hostile })) };
    const names = readXml(print(document, { view })).all.map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(['svg', 'title', 'rect', 'g', 'path', 'text']));
  });

  it('draws a network with errors as far as it is known', () => {
    const document = chainNetwork([8, 8, 1], ['conv', { filters: 2, kernelSize: 99 }], ['nonsense']);
    expect(readXml(print(document, { legend: false })).children.filter(({ name }) => name === 'g')).toHaveLength(4);
  });

  it('is as wide on paper as asked, in true proportion', () => {
    const { width, height, viewBox } = readXml(
      print(templates[0]!.document, { view: 'volumes', width: 85 }),
    ).attributes;
    expect(width).toBe('85mm');
    const [, , wide, high] = viewBox!.split(' ').map(Number);
    expect(Number.parseFloat(height!) / 85).toBeCloseTo(high! / wide!, 3);
  });
});

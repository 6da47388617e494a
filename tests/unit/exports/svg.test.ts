import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printSvg } from '../../../shared/exports/figures/svg';
import { templates } from '../../../templates/build';
import { chainNetwork } from '../../support/networks';

describe('the picture of a network', () => {
  it.each(templates)('$id: shows every node and every wire', ({ document }) => {
    const svg = printSvg(document, analyzeNetwork(document));
    expect(svg.match(/<g><rect/g)).toHaveLength(document.nodes.length);
    expect(svg.match(/<path /g)).toHaveLength(document.edges.length);
  });

  it('shows shapes and parameters', () => {
    const svg = printSvg(templates[0]!.document, analyzeNetwork(templates[0]!.document));
    expect(svg).toContain('>24×24×20<');
    expect(svg).toContain('>400,500<');
  });

  it('takes no markup from names and labels', () => {
    const plain = chainNetwork([8, 8, 1], ['gap']);
    const hostile = '</text><script>alert(1)</script>"&';
    const document = { ...plain, name: hostile, nodes: plain.nodes.map((node) => ({ ...node, label: hostile })) };
    const svg = printSvg(document, analyzeNetwork(document));
    expect(svg).not.toContain('<script');
    expect(svg.match(/<text/g)).toHaveLength(svg.match(/<\/text>/g)!.length);
  });

  it('draws a network with errors as far as it is known', () => {
    const document = chainNetwork([8, 8, 1], ['conv', { filters: 2, kernelSize: 99 }], ['nonsense']);
    expect(printSvg(document, analyzeNetwork(document)).match(/<g><rect/g)).toHaveLength(3);
  });
});

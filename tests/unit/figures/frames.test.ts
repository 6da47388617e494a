import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import type { NetworkDocument } from '../../../shared/document';
import { drawFigure } from '../../../shared/figures';
import { layoutNetwork } from '../../../shared/layout/layoutNetwork';
import { wireGap } from '../../../shared/layout/geometry';
import { ledRoute } from '../../../shared/layout/throughPoints';
import { figureOptionsSchema } from '../../../shared/schema/figures';
import { templates } from '../../../templates/build';
import { chain } from '../../support/chain';

const plain = chain([
  ['x', 'input', { shape: [28, 28, 1] }],
  ['c', 'conv', { filters: 4, kernelSize: 3 }],
]);
const places = layoutNetwork(plain);
const placed: NetworkDocument = {
  ...plain,
  nodes: plain.nodes.map((node) => ({ ...node, position: places[node.id]! })),
};
const framed: NetworkDocument = {
  ...placed,
  version: 2,
  edges: [{ from: 'x', to: 'c', via: [{ x: 180, y: -400 }] }],
  frames: [
    {
      id: 'f',
      title: 'A title that is far too long for a frame as narrow as this one',
      note: 'first line\nsecond line\nthird line',
      color: 'conv',
      position: { x: 900, y: -60 },
      size: { width: 120, height: 70 },
    },
  ],
};

function graphOf(document: NetworkDocument) {
  const options = figureOptionsSchema.parse({ view: 'graph', shapes: true, language: 'en', style: 'auto' });
  return drawFigure(document, analyzeNetwork(document), options);
}

describe('a figure of a network with frames', () => {
  const figure = graphOf(framed);
  const texts = figure.parts.flatMap(({ marks }) => marks.flatMap((mark) => (mark.type === 'text' ? [mark.text] : [])));

  it('has room for frames and for the points of wires', () => {
    const { x, y, width } = figure.frame;
    expect(x + width).toBeGreaterThanOrEqual(1020);
    expect(y).toBeLessThanOrEqual(-400);
  });

  it('draws them behind everything, in their colour, with as much of the note as has room', () => {
    const [first] = figure.parts;
    expect(first?.marks[0]).toMatchObject({ type: 'path', fill: { colour: 'conv' } });
    expect(texts.some((text) => text.startsWith('A title') && text.endsWith('…'))).toBe(true);
    expect(texts).toContain('second line');
    expect(texts).not.toContain('third line');
  });

  it('leads wires as the canvas does', () => {
    const paths = figure.parts.flatMap(({ marks }) => marks.flatMap((mark) => (mark.type === 'path' ? [mark.d] : [])));
    const [a, b] = [places['x']!, places['c']!];
    const ends = { sourceX: a.x + 152 + wireGap, sourceY: a.y + 42, targetX: b.x - wireGap, targetY: b.y + 42 };
    expect(paths).toContain(ledRoute(ends, [{ x: 180, y: -400 }]).path);
  });

  it('tells where a wire goes by a head at the edge of the node', () => {
    const paths = graphOf(placed).parts.flatMap(({ marks }) =>
      marks.flatMap((mark) => (mark.type === 'path' ? [mark.d] : [])),
    );
    const { x, y } = places['c']!;
    expect(paths.some((d) => d.startsWith(`M${x - 1} ${y + 42}L`) && d.endsWith('Z'))).toBe(true);
  });

  it('cuts a name that its card has no room for, and tells how often a block repeats', () => {
    const named = {
      ...placed,
      nodes: placed.nodes.map((node) => ({ ...node, label: 'A name that no card has room for' })),
    };
    const words = JSON.stringify(graphOf(named).parts);
    expect(words).toMatch(/"A name that[^"]*…"/);
    expect(words).not.toContain('has room for');
    const { document } = templates.find(({ id }) => id === 'convnext-tiny')!;
    expect(JSON.stringify(graphOf(document).parts)).toContain('"block × 3"');
  });

  it('is the same as ever without them, and draws none around nodes that have no place', () => {
    expect(graphOf({ ...framed, edges: plain.edges, frames: [] })).toEqual(graphOf(placed));
    const lost = { ...framed, nodes: plain.nodes };
    expect(graphOf(lost).parts).toHaveLength(graphOf(plain).parts.length);
  });
});

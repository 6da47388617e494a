import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawDocument } from '../../../shared/layout/drawing';
import { layoutCell, layoutNetwork } from '../../../shared/layout/layoutNetwork';
import { measure, measureDrawing } from '../../../shared/layout/quality';
import type { LayoutQuality } from '../../../shared/layout/quality';
import type { NetworkDocument, Position } from '../../../shared/schema/document';
import { formatted } from '../../support/formatted';
import { drawingOf, templateDrawings } from '../../support/templateDrawings';
import { wiredNetwork } from '../../support/networks';
import before from './before.json';

/** Where the file says, as it is opened; what has no places is laid out. */
function draw(document: NetworkDocument) {
  const places = new Map(
    document.nodes.flatMap(({ id, position }) => (position === undefined ? [] : [[id, position]])),
  );
  const isPlaced = places.size === document.nodes.length;
  return drawDocument(document, isPlaced ? Object.fromEntries(places) : layoutNetwork(document));
}
const figures = new Map(templateDrawings.map(({ name, document }) => [name, measureDrawing(draw(document))]));

/**
 * Where a line ends between two blocks that follow each other, the skip of the second goes with the wire to the next line. The
 * skips of U-Net++ arc over nodes into which others come from below; eleven of its crossings are in every drawing with all arcs above.
 */
const crossings: Readonly<Record<string, number>> = {
  'mobilenet-v3-small / (flat)': 3,
  'convnext-tiny / (flat)': 1,
  'attention-unet / (flat)': 4,
  'unet-plus-plus': 16,
  'unet-plus-plus / (flat)': 18,
};

describe.each(templateDrawings)('the drawing of $name', ({ name }) => {
  it(`has no wire under a node, none that is hidden, and at most ${crossings[name] ?? 0} crossings`, () => {
    const { underNodes, hidden, crossings: count } = figures.get(name)!;
    expect({ underNodes, hidden }).toEqual({ underNodes: 0, hidden: 0 });
    expect(count).toBeLessThanOrEqual(crossings[name] ?? 0);
  });
});

/** The middle of a node's cell, in cells. */
function cells(document: NetworkDocument): Readonly<Record<string, Position>> {
  return Object.fromEntries(
    [...draw(document).nodes].map(([id, { x, y, height }]) => [
      id,
      { x: x / layoutCell.pitchX, y: (y + height / 2) / layoutCell.pitchY },
    ]),
  );
}

describe('the layout of the papers', () => {
  it.each(['unet', 'unet-same', 'unet-small'])('draws %s as a U', (name) => {
    const document = drawingOf(name);
    const at = cells(document);
    const drawing = draw(document);
    const downs = document.nodes.filter(({ kind }) => kind === 'pool');
    const ups = document.nodes.filter(({ kind }) => kind === 'upconv');
    const joins = document.nodes.filter(({ kind }) => kind === 'concat');
    expect(downs.length).toBe(joins.length);
    expect(ups.length).toBe(joins.length);
    for (const { from, to } of document.edges) {
      const [source, target] = [at[from]!, at[to]!];
      if (downs.some(({ id }) => id === to)) expect([to, target.x, target.y > source.y]).toEqual([to, source.x, true]);
      // The skip, with the crop on it, is level; what comes up is right below.
      if (!joins.some(({ id }) => id === to)) continue;
      const isUp = ups.some(({ id }) => id === from);
      expect([to, isUp ? target.x : target.y]).toEqual([to, isUp ? source.x : source.y]);
      if (isUp) expect(target.y).toBeLessThan(source.y);
      else expect(target.x).toBeGreaterThan(source.x);
    }
    // Down on the left of all that goes up.
    const lowest = Math.max(...downs.map(({ id }) => at[id]!.x));
    for (const { id } of [...ups, ...joins]) expect(at[id]!.x).toBeGreaterThan(lowest);
    // Changes of level leave by the bottom or the top.
    for (const [{ from, to }, { sides }] of drawing.wires) {
      if (at[from]!.y === at[to]!.y) continue;
      expect([from, to, ['top', 'bottom'].includes(sides.from)]).toEqual([from, to, true]);
    }
    // The figure of the paper is about three to two.
    expect(figures.get(name)!.aspect).toBeGreaterThan(1.2);
    expect(figures.get(name)!.aspect).toBeLessThan(2);
  });

  it('draws U-Net++ as its triangle: a line for each scale, and each map half way between the two that it is made of', () => {
    const document = drawingOf('unet-plus-plus');
    const at = layoutNetwork(document);
    const columns = document.nodes.map(({ id }) => at[id]!.x / layoutCell.pitchX);
    expect(columns).toEqual(columns.map(Math.round));
    for (let row = 0; row < 5; row += 1) {
      for (let column = 0; row + column < 5; column += 1) {
        const place = at[`x${row}_${column}`]!;
        expect(place.x - at['x0_0']!.x).toBe((row + 2 * column) * layoutCell.pitchX);
        if (column === 0) continue;
        const [across, below] = [at[`x${row}_${column - 1}`]!, at[`x${row + 1}_${column - 1}`]!];
        expect(2 * below.x).toBe(across.x + place.x);
        expect(below.y).toBeGreaterThan(place.y);
      }
    }
    expect(measureDrawing(drawDocument(document, at)).crossings).toBeLessThanOrEqual(17);
  });

  it('draws FCN-8s as a ladder: each rung from its pool level across to where it is added, the rungs one below the other', () => {
    const document = drawingOf('fcn-8s');
    const at = cells(document);
    const rungs = document.nodes
      .filter(({ kind }) => kind === 'add')
      .map(({ id }) => {
        const way = [id];
        for (let next: string | undefined = id; next !== undefined;) {
          next = document.edges.find(({ to, from }) => to === way[0] && at[from]!.y === at[id]!.y)?.from;
          if (next !== undefined) way.unshift(next);
        }
        return { id, way };
      });
    expect(rungs.length).toBe(2);
    for (const { way } of rungs) {
      const kinds = way.map((id) => document.nodes.find((node) => node.id === id)!.kind);
      expect(kinds).toContain('pool');
      const xs = way.map((id) => at[id]!.x);
      expect(xs).toEqual([...xs].sort((a, b) => a - b));
    }
    expect(new Set(rungs.map(({ id }) => at[id]!.y)).size).toBe(2);
  });

  it('draws two branches as a diamond', () => {
    const conv = { filters: 4, kernelSize: 3, padding: 'same' };
    const at = cells(
      wiredNetwork({
        image: ['input', { shape: [8, 8, 4] }],
        left: ['conv', conv, 'image'],
        right: ['conv', conv, 'image'],
        join: ['concat', {}, 'left', 'right'],
      }),
    );
    expect(at['left']!.x).toBe(at['right']!.x);
    expect(at['left']!.y).toBeLessThan(at['right']!.y);
    expect((at['left']!.y + at['right']!.y) / 2).toBeCloseTo(at['image']!.y);
    expect(at['join']!.y).toBeCloseTo(at['image']!.y);
  });

  it.each(['resnet-18 / basic', 'resnet-50 / bottleneck', 'densenet-121 / layer', 'mobilenet-v2 / residual'])(
    'draws the skip of %s as an arc over its flow, which is a straight line',
    (name) => {
      const document = drawingOf(name);
      const drawing = draw(document);
      expect(new Set(Object.values(cells(document)).map(({ y }) => y)).size).toBe(1);
      const arcs = [...drawing.wires.values()].filter(({ sides }) => sides.from === 'top' && sides.to === 'top');
      expect(arcs.length).toBe(1);
    },
  );

  it('draws the branches of an inception in the order in which they are joined, evenly around its line', () => {
    const document = drawingOf('googlenet / inception');
    const at = cells(document);
    const join = document.nodes.find(({ kind }) => kind === 'concat')!;
    const ends = document.edges
      .filter(({ to }) => to === join.id)
      .sort((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0))
      .map(({ from }) => Math.round(100 * (at[from]!.y - at[join.id]!.y)) / 100);
    expect(ends).toEqual([-1.5, -0.5, 0.5, 1.5]);
  });
});

describe('the measure', () => {
  const box = (x: number, y: number) => ({ x, y, width: 100, height: 50 });
  const nodes = new Map(
    Object.entries({ a: box(0, 0), n: box(200, 0), b: box(400, 0), c: box(0, 200), d: box(400, 200) }),
  );
  const line = (from: string, to: string, ...points: (readonly [number, number])[]) => ({
    from,
    to,
    points: points.map(([x, y]) => ({ x, y })),
  });
  const count = (...wires: ReturnType<typeof line>[]): Partial<LayoutQuality> => {
    const { crossings: crossed, underNodes, hidden } = measure(nodes, wires);
    return { crossings: crossed, underNodes, hidden };
  };

  it('sees a wire that runs under a node, and not one that ends at it', () => {
    expect(count(line('a', 'b', [100, 25], [400, 25]))).toEqual({ crossings: 0, underNodes: 1, hidden: 0 });
    expect(count(line('a', 'n', [100, 25], [200, 25]))).toEqual({ crossings: 0, underNodes: 0, hidden: 0 });
  });

  it('sees two wires that cross', () => {
    const wires = [line('a', 'd', [100, 25], [400, 225]), line('c', 'b', [100, 225], [400, 25])];
    expect(count(...wires)).toEqual({ crossings: 1, underNodes: 0, hidden: 0 });
  });

  it('sees wires that lie on each other, and lets those of one output share their way', () => {
    const [one, other] = [line('a', 'd', [50, 120], [450, 120]), line('c', 'b', [80, 121], [300, 121])];
    expect(count(one, other)).toMatchObject({ hidden: 2 });
    expect(count(one, { ...other, from: 'a' })).toMatchObject({ hidden: 0 });
  });

  it('gives length by the gap between neighbours, and the proportions of all that is drawn', () => {
    const gap = layoutCell.pitchX - layoutCell.nodeWidth;
    const { length, aspect } = measure(nodes, [line('a', 'n', [100, 25], [100 + 2 * gap, 25])]);
    expect(length).toBeCloseTo(2);
    expect(aspect).toBe(500 / 250);
  });
});

/** A row of docs/layout.md, with what the layout before the measure gave, where the template was there. */
function row(name: string, { crossings: crossed, underNodes, hidden, length, aspect, zoom }: LayoutQuality): string {
  const was: readonly (number | undefined)[] = (before as Readonly<Record<string, readonly number[]>>)[name] ?? [];
  const now = [crossed, underNodes, hidden, length.toFixed(1), aspect.toFixed(2), zoom.toFixed(2)];
  const pairs = now.map((value, at) => `${was[at] ?? '–'} → ${value}`);
  return `| ${[name, ...pairs].join(' | ')} |`;
}

describe('docs/layout.md', () => {
  it('has the figures of today; -u writes them anew', async () => {
    const path = join(import.meta.dirname, '../../../docs/layout.md');
    const marker = '<!-- figures -->';
    const [words] = readFileSync(path, 'utf8').split(marker);
    const sum = (pick: (quality: LayoutQuality) => number): number =>
      [...figures.values()].reduce((total, quality) => total + pick(quality), 0);
    const was = Object.values(before).reduce(([a = 0, b = 0, c = 0], [x = 0, y = 0, z = 0]) => [a + x, b + y, c + z]);
    const table = [
      '| drawing | crossings | under nodes | hidden | length | aspect | scale |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...[...figures].map(([name, quality]) => row(name, quality)),
      `| all | ${was[0]} → ${sum((q) => q.crossings)} | ${was[1]} → ${sum((q) => q.underNodes)} | ${was[2]} → ${sum((q) => q.hidden)} | | | |`,
    ].join('\n');
    const page = await formatted(path, `${words ?? ''}${marker}\n\n${table}\n`);
    await expect(page).toMatchFileSnapshot(path);
  });
});

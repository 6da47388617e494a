import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { drawFigure } from '../../../shared/figures';
import { textWidth, type Mark } from '../../../shared/figures/figure';
import { placeVolumes, type PlacedVolume } from '../../../shared/figures/place';
import { readVolumes } from '../../../shared/figures/volumes';
import { defaultFigureOptions, type FigureOptions } from '../../../shared/schema/figures';
import type { NetworkDocument } from '../../../shared/schema/document';
import { templates } from '../../../templates/build';
import { chainNetwork } from '../../support/networks';

const styles = ['bars', 'boxes'] as const;
const rows = templates.flatMap(({ id, document }) => styles.map((style) => [id, style, document] as const));

function documentOf(id: string): NetworkDocument {
  return templates.find((template) => template.id === id)!.document;
}

function read(id: string) {
  const document = documentOf(id);
  return readVolumes(document, analyzeNetwork(document));
}

function place(document: NetworkDocument, options: Partial<FigureOptions>) {
  const graph = readVolumes(document, analyzeNetwork(document));
  return placeVolumes(graph, { ...defaultFigureOptions, view: 'volumes', ...options });
}

function volume(volumes: readonly PlacedVolume[], id: string): PlacedVolume {
  return volumes.find((one) => one.id === id)!;
}

describe('the maps of a network', () => {
  it('every node of every template is in one volume or on one way', () => {
    for (const { document } of templates) {
      const analysis = analyzeNetwork(document);
      const { volumes, flows } = readVolumes(document, analysis);
      const shown = [...volumes, ...flows].flatMap(({ nodes }) => nodes);
      expect([...shown].sort()).toEqual([...analysis.nodes.keys()].sort());
    }
  });

  it('an activation is part of the map that it is applied to', () => {
    const { volumes } = read('lenet');
    expect(volumes.map(({ id }) => id)).toEqual(['image', 'c1', 'p1', 'c2', 'p2', 'f1', 'f2']);
    expect(volumes[1]!.nodes).toEqual(['c1', 'a1']);
  });

  it('U-Net copies and crops four times, each into a half of a stack', () => {
    const { volumes, flows } = read('unet');
    const skips = flows.filter(({ isSkip }) => isSkip);
    expect(skips.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'd4/b join4',
      'd3/b join3',
      'd2/b join2',
      'd1/b join1',
    ]);
    expect(skips[0]!.operation.name.en).toBe('copy and crop');
    expect(volumes.find(({ id }) => id === 'join4')!.parts).toEqual([
      { channels: 512, isCopied: true },
      { channels: 512, isCopied: false },
    ]);
  });

  it('the gates of Attention U-Net read what comes up from below and what comes across', () => {
    const { volumes, flows } = read('attention-unet');
    for (const scale of [1, 2, 3, 4]) {
      const sources = flows.filter(({ to }) => to === `gate${scale}`).map(({ from }) => from);
      expect([...sources].sort()).toEqual([`conv${scale}/conv`, `d${scale}/b`]);
      const order = [`conv${scale}/conv`, `gate${scale}`].map((id) => volumes.findIndex((one) => one.id === id));
      expect(order[0]!).toBeLessThan(order[1]!);
    }
  });

  it('ResNet-18 has eight shortcuts, three of them with a conv 1×1', () => {
    const skips = read('resnet-18').flows.filter(({ isSkip }) => isSkip);
    expect(skips).toHaveLength(8);
    expect(skips.filter(({ operation }) => operation.name.en === 'conv 1×1')).toHaveLength(3);
  });

  it('an inception block is one volume, and equal ones in a row are one with a number', () => {
    const { volumes } = read('googlenet');
    expect(volumes.filter(({ family }) => family === 'block').map(({ id, times }) => `${id} ${times}`)).toEqual([
      'i3a 1',
      'i3b 1',
      'i4a 3',
      'i4d 1',
      'i4e 1',
      'i5a 1',
      'i5b 1',
    ]);
  });

  it('a network with errors is drawn as far as it is known', () => {
    const document = chainNetwork([8, 8, 1], ['conv', { filters: 2, kernelSize: 99 }], ['nonsense']);
    const { volumes } = readVolumes(document, analyzeNetwork(document));
    expect(volumes).toHaveLength(3);
    expect(volumes.at(-1)!.shape).toBeNull();
  });

  it('an empty network is an empty figure', () => {
    const document: NetworkDocument = { format: 'convloom.network', version: 1, name: '', nodes: [], edges: [] };
    const { frame } = drawFigure(document, analyzeNetwork(document), { ...defaultFigureOptions, view: 'volumes' });
    expect(frame.width).toBeGreaterThan(0);
    expect(Number.isFinite(frame.height)).toBe(true);
  });
});

describe('volumes are to scale', () => {
  const shapes = [96, 48, 24];
  const document = chainNetwork(
    [96, 96, 8],
    ['conv', { filters: 64, kernelSize: 3, padding: 'same' }],
    ['pool', {}],
    ['pool', {}],
    ['conv', { filters: 32, kernelSize: 3, padding: 'same' }],
  );

  it.each([
    ['linear', (size: number) => size],
    ['sqrt', (size: number) => Math.sqrt(size)],
  ] as const)('%s: lengths have the ratio of sizes', (scale, curve) => {
    const { volumes } = place(document, { scale, style: 'boxes' });
    const heights = shapes.map((size) => volumes.find(({ shape }) => shape![0] === size)!.front.height);
    expect(heights[1]! / heights[0]!).toBeCloseTo(curve(48) / curve(96), 6);
    expect(heights[2]! / heights[0]!).toBeCloseTo(curve(24) / curve(96), 6);
    const widths = [64, 32].map((channels) => volumes.find(({ shape }) => shape![2] === channels)!.front.width);
    expect(widths[1]! / widths[0]!).toBeCloseTo(curve(32) / curve(64), 6);
  });

  it('log: each halving takes away less than the one before', () => {
    const { volumes } = place(document, { scale: 'log', style: 'bars' });
    const [large, middle, small] = shapes.map((size) => volumes.find(({ shape }) => shape![0] === size)!.front.height);
    expect(middle! / large!).toBeCloseTo(Math.log1p(48) / Math.log1p(96), 6);
    expect(small!).toBeLessThan(middle!);
  });

  it('a map of one pixel can still be seen', () => {
    const tiny = chainNetwork([256, 256, 3], ['conv', { filters: 1, kernelSize: 256 }]);
    const { front } = place(tiny, { scale: 'linear', style: 'bars' }).volumes.at(-1)!;
    expect(front.width).toBeGreaterThanOrEqual(4);
    expect(front.height).toBeGreaterThanOrEqual(4);
  });

  it('an FC is a thin column', () => {
    const { volumes } = place(documentOf('vgg-16'), {});
    const { front } = volume(volumes, 'fc6');
    expect(front.height).toBeGreaterThan(8 * front.width);
  });
});

describe('volumes in place', () => {
  it.each(rows)('%s as %s: no front covers another', (_, style, document) => {
    const { volumes } = place(document, { style });
    const covered = volumes.flatMap((a, index) =>
      volumes.slice(index + 1).flatMap((b) => {
        const x = Math.min(a.front.x + a.front.width, b.front.x + b.front.width) - Math.max(a.front.x, b.front.x);
        const y = Math.min(a.front.y + a.front.height, b.front.y + b.front.height) - Math.max(a.front.y, b.front.y);
        return x > 0.01 && y > 0.01 ? [`${a.id} ${b.id}`] : [];
      }),
    );
    expect(covered).toEqual([]);
  });

  it.each(rows)('%s as %s: all of it lies in the frame', (_, style, document) => {
    const options = { ...defaultFigureOptions, view: 'volumes', style } as const;
    const { frame, parts } = drawFigure(document, analyzeNetwork(document), options);
    for (const mark of parts.flatMap(({ marks }) => marks)) {
      const points =
        mark.type === 'text'
          ? [[mark.x, mark.y] as const]
          : [...mark.d.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
      expect(points.length).toBeGreaterThan(0);
      for (const [x, y] of points) {
        expect(x).toBeGreaterThanOrEqual(frame.x);
        expect(x).toBeLessThanOrEqual(frame.x + frame.width);
        expect(y).toBeGreaterThanOrEqual(frame.y);
        expect(y).toBeLessThanOrEqual(frame.y + frame.height);
      }
    }
  });

  it('a U has the copies level, the way down before the way up', () => {
    const { volumes, isU, style } = place(documentOf('unet'), {});
    expect([isU, style]).toEqual([true, 'bars']);
    const [down, up] = [volume(volumes, 'd1/b'), volume(volumes, 'join1')];
    expect(down.front.y + down.front.height / 2).toBeCloseTo(up.front.y + up.front.height / 2, 6);
    expect(down.front.x).toBeLessThan(volume(volumes, 'b/b').front.x);
    expect(volume(volumes, 'b/b').front.y).toBeGreaterThan(down.front.y);
  });

  it('a classifier is a row of boxes on one axis', () => {
    const { volumes, isU, style } = place(documentOf('vgg-16'), {});
    expect([isU, style]).toEqual([false, 'boxes']);
    const middles = volumes.map(({ front, back }) => front.y + front.height / 2 - back.y / 2);
    for (const middle of middles) expect(middle).toBeCloseTo(middles[0]!, 6);
  });

  it('shapes and legend can be left out', () => {
    const document = documentOf('lenet');
    const bare = drawFigure(document, analyzeNetwork(document), {
      ...defaultFigureOptions,
      view: 'volumes',
      shapes: false,
      legend: false,
    });
    expect(bare.parts.flatMap(({ marks }) => marks).filter(({ type }) => type === 'text')).toEqual([]);
  });
});

describe('a row that is too wide to be read', () => {
  const rowsUsed = (volumes: readonly PlacedVolume[]): number => new Set(volumes.map(({ row }) => row)).size;

  it.each([
    ['lenet', 180, 1],
    ['resnet-18', 180, 2],
    ['resnet-18', 400, 1],
    ['densenet-121', 90, 4],
  ])('%s on %i mm is set in %i rows', (id, width, count) => {
    expect(rowsUsed(place(documentOf(id), { width }).volumes)).toBe(count);
  });

  it('stays one where that is asked for, and is cut where lines are', () => {
    expect(rowsUsed(place(documentOf('densenet-121'), { arrangement: 'row', width: 60 }).volumes)).toBe(1);
    expect(rowsUsed(place(documentOf('vgg-16'), { arrangement: 'lines', width: 1000 }).volumes)).toBe(2);
  });

  it.each(templates)('$id: rows in lines lie below each other, from left to right', ({ document }) => {
    const { volumes, rows: room } = place(document, { arrangement: 'lines', width: 100 });
    room.slice(1).forEach(({ top }, at) => expect(top).toBeGreaterThan(room[at]!.bottom));
    for (const { front } of volumes) expect(front.x).toBeGreaterThanOrEqual(0);
  });

  it('VGG is cut between maps of different sizes, and ResNet behind a sum', () => {
    for (const [id, width] of [
      ['vgg-16', 120],
      ['resnet-18', 180],
    ] as const) {
      const { volumes } = place(documentOf(id), { width });
      const at = volumes.findIndex(({ row }) => row === 1);
      expect(String(volumes[at]!.shape?.slice(0, 2))).not.toBe(String(volumes[at - 1]!.shape?.slice(0, 2)));
      if (id === 'resnet-18') expect(volumes[at - 1]!.joins).toBe('sum');
    }
  });

  it('the way to the next row reaches its volume, and runs through none', () => {
    const document = documentOf('vgg-16');
    const analysis = analyzeNetwork(document);
    const options = { ...defaultFigureOptions, view: 'volumes', width: 120, legend: false } as const;
    const wrapped = drawFigure(document, analysis, options);
    const row = drawFigure(document, analysis, { ...options, arrangement: 'row' });
    expect(wrapped.parts.length).toBe(row.parts.length);
    expect(wrapped.frame.width).toBeLessThan(row.frame.width * 0.7);
  });
});

type Segment = { readonly from: readonly number[]; readonly to: readonly number[] };

/** The straight pieces of all ways. */
function segmentsOf(marks: readonly Mark[]): readonly Segment[] {
  return marks.flatMap((mark) => {
    if (mark.type !== 'path' || mark.fill !== undefined || !/^[ML\d. -]+$/.test(mark.d)) return [];
    const points = mark.d
      .slice(1)
      .split('L')
      .map((point) => point.split(' ').map(Number));
    return points.slice(1).map((to, at) => ({ from: points[at]!, to }));
  });
}

/** Numbers of channels that a way runs through. */
function struckOut(marks: readonly Mark[]): readonly string[] {
  const uprights = segmentsOf(marks).filter(({ from, to }) => from[0] === to[0]);
  return marks.flatMap((mark) => {
    if (mark.type !== 'text' || mark.paint.colour !== 'ink') return [];
    const half = textWidth(mark.text, mark.size) / 2;
    const [top, bottom] = [mark.y - 0.7 * mark.size, mark.y];
    const isStruck = uprights.some(
      ({ from, to }) =>
        Math.abs(from[0]! - mark.x) < half && Math.min(from[1]!, to[1]!) < bottom && Math.max(from[1]!, to[1]!) > top,
    );
    return isStruck ? [mark.text] : [];
  });
}

/** Volumes that a way runs through: of a level or upright piece, more than its end at an edge lies within the front. */
function runThrough(marks: readonly Mark[], volumes: readonly PlacedVolume[]): readonly string[] {
  const pieces = segmentsOf(marks).filter(({ from, to }) => from[0] === to[0] || from[1] === to[1]);
  const edge = 0.5;
  const passes = ({ from, to }: Segment, { front }: PlacedVolume): boolean =>
    Math.min(from[0]!, to[0]!) < front.x + front.width - edge &&
    Math.max(from[0]!, to[0]!) > front.x + edge &&
    Math.min(from[1]!, to[1]!) < front.y + front.height - edge &&
    Math.max(from[1]!, to[1]!) > front.y + edge;
  return volumes.flatMap((one) => (pieces.some((way) => passes(way, one)) ? [one.id] : []));
}

it.each(templates.map(({ id, document }) => [id, document] as const))(
  '%s: no way strikes a number out or runs through a volume',
  (_, document) => {
    const analysis = analyzeNetwork(document);
    for (const arrangement of ['auto', 'row', 'lines'] as const) {
      const options = { ...defaultFigureOptions, view: 'volumes', legend: false, arrangement } as const;
      const marks = drawFigure(document, analysis, options).parts.flatMap((part) => part.marks);
      const { volumes } = placeVolumes(readVolumes(document, analysis), options);
      expect([arrangement, struckOut(marks), runThrough(marks, volumes)]).toEqual([arrangement, [], []]);
    }
  },
);

describe('a U', () => {
  it('is what goes down and up again by itself, and what is asked for', () => {
    expect(place(documentOf('unet'), {}).isU).toBe(true);
    expect(place(documentOf('unet'), { arrangement: 'row' }).isU).toBe(false);
    expect(place(documentOf('vgg-16'), {}).isU).toBe(false);
    expect(place(documentOf('vgg-16'), { arrangement: 'u' }).isU).toBe(true);
  });

  it("U-Net's skips run straight across at each of its four levels", () => {
    const { volumes, flows } = place(documentOf('unet'), { arrangement: 'u' });
    const skips = flows.filter(({ isSkip }) => isSkip);
    expect(skips).toHaveLength(4);
    const lines = skips.map(({ from, to }) => [volume(volumes, from).line, volume(volumes, to).line]);
    for (const [from, to] of lines) expect(from).toBe(to);
    expect(new Set(lines.map(([line]) => line)).size).toBe(4);
  });
});

describe('heat on volumes', () => {
  const figure = (heat: FigureOptions['heat']) => {
    const document = documentOf('vgg-16');
    return drawFigure(document, analyzeNetwork(document), { ...defaultFigureOptions, view: 'volumes', heat });
  };
  const textsOf = (heat: FigureOptions['heat']): readonly string[] =>
    figure(heat).parts.flatMap(({ marks }) => marks.flatMap((mark) => (mark.type === 'text' ? [mark.text] : [])));

  it('says the share of each that has some, and the scale', () => {
    expect(textsOf('params')).toEqual(expect.arrayContaining(['74 %', '12 %', '3 %', 'Parameters 138 M', '103 M']));
    expect(textsOf('none')).not.toContain('74 %');
  });

  it('the largest has all of the colour, and what costs nothing none', () => {
    const strengths = figure('params').parts.flatMap(({ nodes, marks }) =>
      nodes.length === 0
        ? []
        : marks.flatMap((mark) => (mark.type === 'path' && mark.fill?.colour === 'heat' ? [mark.fill.strength] : [])),
    );
    expect(Math.max(...strengths)).toBe(0.62);
    expect(Math.min(...strengths)).toBe(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawDocument, drawnNode, drawWires } from '../../../shared/layout/drawing';
import type { Drawing } from '../../../shared/layout/drawing';
import { layoutCell, wireGap } from '../../../shared/layout/geometry';
import { measureDrawing } from '../../../shared/layout/quality';
import { looseRoute } from '../../../shared/layout/route';
import type { NetworkEdge, Position } from '../../../shared/schema/document';

const frame = { inputs: 1, isOpen: false };
const { nodeWidth, nodeHeight } = layoutCell;

function draw(places: Readonly<Record<string, Position>>, edges: readonly NetworkEdge[], before?: Drawing): Drawing {
  const nodes = new Map(Object.entries(places).map(([id, place]) => [id, drawnNode(place, frame)]));
  return drawWires(nodes, edges, before);
}

/** Two convs and a sum of what is wired into it. */
function merge(edges: readonly NetworkEdge[], places: Readonly<Record<string, Position>>): Drawing {
  const nodes = ['a', 'b', 'm'].map((id) => ({ id, kind: id === 'm' ? 'add' : 'conv', params: {} }));
  return drawDocument({ format: 'convloom.network', version: 1, name: '', nodes, edges }, places);
}

const wire: NetworkEdge = { from: 'a', to: 'b' };
const [right, far] = [nodeWidth + 60, 4 * (nodeWidth + 60)];

describe('the way of a wire', () => {
  it.each([
    ['straight to the next node', { a: { x: 0, y: 0 }, b: { x: right, y: 0 } }, 'right', 'left'],
    ['in a curve to one beside that', { a: { x: 0, y: 0 }, b: { x: right, y: 100 } }, 'right', 'left'],
    ['down to one below', { a: { x: 0, y: 0 }, b: { x: 0, y: 200 } }, 'bottom', 'top'],
    ['down to the start of the next line', { a: { x: far, y: 0 }, b: { x: 0, y: 132 } }, 'bottom', 'top'],
    ['up to one above', { a: { x: 0, y: 200 }, b: { x: 0, y: 0 } }, 'top', 'bottom'],
    ['under both to one behind on the same line', { a: { x: far, y: 0 }, b: { x: 0, y: 0 } }, 'bottom', 'bottom'],
    [
      'in an arc over one in the way',
      { a: { x: 0, y: 0 }, n: { x: right, y: 0 }, b: { x: 2 * right, y: 0 } },
      'top',
      'top',
    ],
    [
      'in an arc under it where another line is above',
      { a: { x: 0, y: 0 }, n: { x: right, y: 0 }, b: { x: 2 * right, y: 0 }, o: { x: right, y: -nodeHeight - 10 } },
      'bottom',
      'bottom',
    ],
  ] as const)('leads %s', (_, places, from, to) => {
    const drawing = draw(places, [wire]);
    expect(drawing.wires.get(wire)?.sides).toEqual({ from, to });
    expect(measureDrawing(drawing)).toMatchObject({ underNodes: 0 });
  });

  it('is found once for all that are wired alike', () => {
    const alike = Array.from({ length: 50_000 }, (): NetworkEdge => ({ from: 'a', to: 'b' }));
    const places = { a: { x: 0, y: 0 }, n: { x: right, y: 0 }, b: { x: 2 * right, y: 30 } };
    const { wires } = draw(places, [...alike, { from: 'a', to: 'n' }]);
    expect(new Set(alike.map((edge) => wires.get(edge)?.route)).size).toBe(1);
    expect(wires.get(alike[0]!)?.route).toEqual(draw(places, [wire, { from: 'a', to: 'n' }]).wires.get(wire)?.route);
  });

  it('is level where its ends are', () => {
    const { route } = draw({ a: { x: 0, y: 0 }, b: { x: right, y: 0 } }, [wire]).wires.get(wire)!;
    expect(route.path).toBe(`M${nodeWidth + wireGap} ${nodeHeight / 2}L${right - wireGap} ${nodeHeight / 2}`);
  });

  it('is the routed one in the end where the first picture was sketched', () => {
    const edges: readonly NetworkEdge[] = [wire, { from: 'a', to: 'n' }, { from: 'n', to: 'b' }];
    const boxes = { a: { x: 0, y: 0 }, n: { x: right, y: 0 }, b: { x: 2 * right, y: 0 } };
    const nodes = new Map(Object.entries(boxes).map(([id, place]) => [id, drawnNode(place, frame)]));
    const sketch = drawWires(nodes, edges, undefined, { care: 'sketched' });
    // It looks for nothing, so that it goes through what is in its way.
    expect(measureDrawing(sketch).underNodes).toBe(1);
    const later = drawWires(nodes, edges, { ...sketch, wires: new Map() });
    expect(later).toEqual(drawWires(nodes, edges));
    expect(measureDrawing(later).underNodes).toBe(0);
  });

  it('gives way to nothing that is in the hand, and is the routed one once that is put down', () => {
    const edges: readonly NetworkEdge[] = [wire, { from: 'a', to: 'n' }];
    const at = (place: Position) => {
      const boxes = { a: { x: 0, y: 0 }, n: place, b: { x: 2 * right, y: 0 } };
      return new Map(Object.entries(boxes).map(([id, box]) => [id, drawnNode(box, frame)]));
    };
    const [away, between] = [at({ x: right, y: 400 }), at({ x: right, y: 0 })];
    const before = drawWires(away, edges);
    const held = drawWires(between, edges, before, { held: new Set(['n']) });
    expect(held.wires.get(wire)).toBe(before.wires.get(wire));
    expect(held.wires.get(edges[1]!)).not.toBe(before.wires.get(edges[1]!));
    expect(drawWires(between, edges, before)).toEqual(drawWires(between, edges));
    expect(drawWires(between, edges, before).wires.get(wire)).not.toBe(before.wires.get(wire));
  });

  it('begins and ends at the rings of its ports, wherever the nodes are', () => {
    const place = fc.record({ x: fc.integer({ min: -900, max: 900 }), y: fc.integer({ min: -900, max: 900 }) });
    fc.assert(
      fc.property(place, place, place, (a, b, n) => {
        const drawing = draw({ a, b, n }, [wire]);
        const drawn = drawing.wires.get(wire)!;
        const numbers = (drawn.route.path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
        const ends = [
          [numbers.slice(0, 2), a, drawn.from],
          [numbers.slice(-2), b, drawn.to],
        ] as const;
        for (const [[x, y], node, port] of ends) {
          expect(Math.hypot(x! - node.x - port.x, y! - node.y - port.y)).toBeCloseTo(wireGap, 1);
        }
        expect(drawn.route.path).not.toMatch(/NaN|Infinity/);
      }),
    );
  });

  it('runs apart from those of other outputs, and nests within longer arcs', () => {
    const places = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id, at) => [id, { x: at * right, y: 0 }]));
    const edges: NetworkEdge[] = [
      { from: 'a', to: 'e' },
      { from: 'b', to: 'd' },
    ];
    const drawing = draw(places, edges);
    expect(measureDrawing(drawing)).toMatchObject({ underNodes: 0, hidden: 0, crossings: 0 });
    const [outer, inner] = edges.map((edge) => Math.min(...drawing.wires.get(edge)!.route.points.map(({ y }) => y)));
    expect(outer).toBeLessThan(inner!);
  });

  it('is found again only where something moved', () => {
    const places = { a: { x: 0, y: 0 }, b: { x: right, y: 0 }, c: { x: 5000, y: 0 }, d: { x: 5000 + right, y: 0 } };
    const edges: NetworkEdge[] = [wire, { from: 'c', to: 'd' }];
    const before = draw(places, edges);
    const after = draw({ ...places, b: { x: right, y: 90 } }, edges, before);
    expect(after.wires.get(edges[1]!)).toBe(before.wires.get(edges[1]!));
    expect(after.ports.get('d')).toBe(before.ports.get('d'));
    expect(after.wires.get(wire)?.route.path).toBe(
      draw({ ...places, b: { x: right, y: 90 } }, edges).wires.get(wire)?.route.path,
    );
  });

  it('leaves no port behind where it has gone, nor where a node takes more of them', () => {
    const places = { a: { x: 0, y: 0 }, b: { x: 0, y: 200 }, c: { x: 5000, y: 0 }, d: { x: 5000, y: 200 } };
    const edges: NetworkEdge[] = [wire, { from: 'c', to: 'd' }];
    const before = draw(places, edges);
    expect(before.ports.get('b')?.inputs[0]?.side).toBe('top');
    const without = draw(places, edges.slice(1), before);
    expect(without.ports).toEqual(draw(places, edges.slice(1)).ports);
    const wider = new Map(before.nodes);
    wider.set('b', drawnNode(places.b, { inputs: 2, isOpen: false }));
    expect(drawWires(wider, edges, before).ports).toEqual(drawWires(wider, edges).ports);
  });

  it.each([1e12, 1e300, -1e15])('is found when a file puts a node %d pixels away', (x) => {
    const drawing = draw({ a: { x: 0, y: 0 }, b: { x, y: x }, n: { x: -x, y: 7 } }, [wire, { from: 'b', to: 'n' }]);
    expect(drawing.wires.size).toBe(2);
  });

  it('is not drawn to the billionth port of a node, nor are so many ports', () => {
    const edge = { from: 'a', to: 'm', toPort: 1e9 };
    const { ports, wires } = merge([edge], { a: { x: 0, y: 0 }, m: { x: right, y: 0 } });
    expect(wires.size).toBe(0);
    expect(ports.get('m')!.inputs.length).toBeLessThan(1000);
  });

  it('leaves out a dangling one and one to itself', () => {
    expect(
      draw({ a: { x: 0, y: 0 } }, [
        { from: 'a', to: 'gone' },
        { from: 'a', to: 'a' },
      ]).wires.size,
    ).toBe(0);
  });

  it('turns back in the hand where it must', () => {
    expect(looseRoute({ x: 0, y: 0 }, { x: 100, y: 0 }).path).toBe('M0 0L100 0');
    const { points } = looseRoute({ x: 0, y: 0 }, { x: -300, y: 40 });
    expect(Math.max(...points.map(({ y }) => y))).toBeGreaterThan(80);
  });
});

describe('the ports of a node', () => {
  it('puts a single wired one level with the output, and the free one below', () => {
    const { inputs, outputs } = merge([{ from: 'a', to: 'm' }], {
      a: { x: 0, y: 0 },
      b: { x: 0, y: 400 },
      m: { x: right, y: 0 },
    }).ports.get('m')!;
    expect(inputs[0]).toEqual({ x: 0, y: nodeHeight / 2, side: 'left' });
    expect(inputs[1]!.y).toBeGreaterThan(nodeHeight / 2);
    expect(outputs).toEqual([{ x: nodeWidth, y: nodeHeight / 2, side: 'right' }]);
  });

  it('puts one below where its wire comes up from there, and keeps the other level', () => {
    const edges = [
      { from: 'a', to: 'm' },
      { from: 'b', to: 'm', toPort: 1 },
    ];
    const { inputs } = merge(edges, { a: { x: 0, y: 0 }, b: { x: right, y: 300 }, m: { x: right, y: 0 } }).ports.get(
      'm',
    )!;
    expect(inputs[0]).toMatchObject({ y: nodeHeight / 2, side: 'left' });
    expect(inputs[1]).toMatchObject({ x: nodeWidth / 2, y: nodeHeight, side: 'bottom' });
  });
});

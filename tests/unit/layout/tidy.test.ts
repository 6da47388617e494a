import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extentOfBox, overlap } from '../../../shared/layout/boxes';
import { drawDocument } from '../../../shared/layout/drawing';
import { layoutCell, layoutNetwork } from '../../../shared/layout/layoutNetwork';
import { layoutAround, tidyPlaces } from '../../../shared/layout/tidy';
import type { NetworkDocument, Position } from '../../../shared/schema/document';
import { chainNetwork } from '../../support/networks';

const conv = ['conv', { filters: 4, kernelSize: 3, padding: 'same' }] as const;
const chain = chainNetwork([8, 8, 1], conv, conv, conv, conv);

type Place = Position & { readonly pinned?: boolean };

function placed(document: NetworkDocument, places: Readonly<Record<string, Place>>): NetworkDocument {
  return {
    ...document,
    nodes: document.nodes.map((node) => {
      const { pinned, ...position } = places[node.id] ?? { x: 0, y: 0 };
      return { ...node, position, ...(pinned === true ? { pinned } : {}) };
    }),
  };
}

function overlapping(document: NetworkDocument, places: Readonly<Record<string, Position>>): string[] {
  const boxes = [...drawDocument(document, places).nodes];
  return boxes.flatMap(([a, from], at) =>
    boxes.slice(at + 1).flatMap(([b, to]) => (overlap(extentOfBox(from), extentOfBox(to)) ? [`${a}/${b}`] : [])),
  );
}

describe('tidying', () => {
  it('lays out the whole network where nothing is pinned and nothing is chosen', () => {
    expect(tidyPlaces(placed(chain, {}))).toEqual(layoutNetwork(chain));
  });

  it('leaves what is pinned where it is, and sets the rest around it', () => {
    const document = placed(chain, { n2: { x: 1000, y: 700, pinned: true } });
    const places = tidyPlaces(document);
    expect(places['n2']).toEqual({ x: 1000, y: 700 });
    expect(places['n1']).toEqual({ x: 1000 - layoutCell.pitchX, y: 700 });
    expect(places['n3']).toEqual({ x: 1000 + layoutCell.pitchX, y: 700 });
    expect(overlapping(document, places)).toEqual([]);
  });

  it('sets a selection by itself, from where its top left corner was, clear of what stands there', () => {
    const document = placed(chain, {
      image: { x: 0, y: 0 },
      n1: { x: 300, y: 400 },
      n2: { x: 310, y: 410 },
      n3: { x: 320, y: 420 },
      n4: { x: 2000, y: 0 },
    });
    const places = tidyPlaces(document, new Set(['n1', 'n2', 'n3']));
    expect(places).toMatchObject({ image: { x: 0, y: 0 }, n4: { x: 2000, y: 0 }, n1: { x: 300, y: 400 } });
    expect(places['n3']).toEqual({ x: 300 + 2 * layoutCell.pitchX, y: 400 });
    const crowded = placed(document, { ...places, n4: { x: 500, y: 400 } });
    expect(overlapping(crowded, tidyPlaces(crowded, new Set(['n1', 'n2', 'n3'])))).toEqual([]);
  });

  it('does not move what is pinned within a selection', () => {
    const document = placed(chain, { n1: { x: 5, y: 7, pinned: true }, n2: { x: 900, y: 900 } });
    expect(tidyPlaces(document, new Set(['n1', 'n2']))['n1']).toEqual({ x: 5, y: 7 });
  });

  it('places what is new beside what it is wired to', () => {
    const places = layoutAround(chain, new Map([['image', { x: 400, y: 300 }]]));
    expect(places['image']).toEqual({ x: 400, y: 300 });
    expect(places['n1']).toEqual({ x: 400 + layoutCell.pitchX, y: 300 });
  });

  it('keeps every node clear of every pinned one, wherever those are', () => {
    const place = fc.record({ x: fc.integer({ min: -300, max: 900 }), y: fc.integer({ min: -200, max: 400 }) });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const document = placed(chain, { n1: { ...a, pinned: true }, n3: { ...b, pinned: true } });
        const clashes = overlapping(document, tidyPlaces(document));
        // Two that were pinned onto each other stay so.
        expect(clashes.filter((pair) => pair !== 'n1/n3')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { enterBlock, leaveBlock, outermostLevel } from '../../../shared/analysis/inside';
import { expand, parseNetwork, serializeNetwork, type NetworkDocument } from '../../../shared/document';
import { inOldestVersion } from '../../../shared/document/version';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { ungroupNode } from '../../../shared/editing/blocks/ungroup';
import type { Frame } from '../../../shared/schema/document';
import { frameColours } from '../../../shared/schema/document';
import { limits } from '../../../shared/schema/limits';
import { chain } from '../../support/chain';

const plain = chain([
  ['x', 'input', { shape: [28, 28, 1] }],
  ['c1', 'conv', { filters: 20, kernelSize: 5 }],
  ['f1', 'fc', { units: 10 }],
]);

const frame: Frame = {
  id: 'frame1',
  title: 'Stem',
  note: 'as in the paper',
  color: 'conv',
  position: { x: 0, y: 0 },
  size: { width: 400, height: 200 },
};

function edited(document: NetworkDocument, ...edits: Parameters<typeof applyEdits>[1]): NetworkDocument {
  const result = applyEdits(document, edits);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

const framed = edited(
  plain,
  { type: 'addFrame', frame },
  { type: 'leadEdge', edge: { from: 'x', to: 'c1' }, via: [{ x: 10, y: -40 }] },
);

function pathsOf(source: string): readonly (string | undefined)[] {
  const result = parseNetwork(source);
  return result.ok ? [] : result.diagnostics.map(({ at }) => at.path);
}

describe('frames and led wires in a file', () => {
  it('are of version 2, which is written with nothing more than they need', () => {
    expect(framed.version).toBe(2);
    const source = serializeNetwork(framed);
    expect(source).toContain('"version": 2');
    expect(source).not.toContain('blocks');
    expect(source).toContain('{ "from": "x", "to": "c1", "via": [{ "x": 10, "y": -40 }] }');
    expect(source).toContain(
      '    { "id": "frame1", "title": "Stem", "note": "as in the paper", "color": "conv", "position": { "x": 0, "y": 0 }, "size": { "width": 400, "height": 200 } }',
    );
    const read = parseNetwork(source);
    expect(read.ok && serializeNetwork(read.value)).toBe(source);
  });

  it('leave a document that has none as it was', () => {
    const back = edited(
      framed,
      { type: 'removeFrames', ids: ['frame1'] },
      { type: 'leadEdge', edge: { from: 'x', to: 'c1' }, via: [] },
    );
    expect(inOldestVersion(back)).toEqual(plain);
    expect(serializeNetwork(back)).toBe(serializeNetwork(plain));
  });

  it('give ids without a slash to a document of version 1 that has some', () => {
    const document: NetworkDocument = {
      ...plain,
      nodes: plain.nodes.map((node) => (node.id === 'c1' ? { ...node, id: 'a/b' } : node)),
      edges: [{ from: 'x', to: 'a/b' }],
    };
    const next = edited(document, { type: 'leadEdge', edge: { from: 'x', to: 'a/b' }, via: [{ x: 1, y: 2 }] });
    expect(next.edges).toEqual([{ from: 'x', to: 'a_b', via: [{ x: 1, y: 2 }] }]);
    expect(parseNetwork(serializeNetwork(next)).ok).toBe(true);
  });

  const file = (version: number, extra: string): string =>
    `{"format":"convloom.network","version":${version},"nodes":[],${extra}}`;
  const box = '"position":{"x":0,"y":0},"size":{"width":9,"height":9}';

  it.each([
    ['a frame in version 1', file(1, `"frames":[]`), 'frames'],
    ['places of a wire in version 1', file(1, `"edges":[{"from":"a","to":"b","via":[]}]`), 'edges[0].via'],
    [
      'two frames of one id',
      file(2, `"frames":[{"id":"a","title":"",${box}},{"id":"a","title":"",${box}}]`),
      'frames[1].id',
    ],
    ['a frame without a title', file(2, `"frames":[{"id":"a",${box}}]`), 'frames[0].title'],
    [
      'a colour that no theme has',
      file(2, `"frames":[{"id":"a","title":"","color":"#f00",${box}}]`),
      'frames[0].color',
    ],
    ['an unknown field', file(2, `"frames":[{"id":"a","title":"","nodes":[],${box}}]`), 'frames[0].nodes'],
    [
      'a frame without an area',
      file(2, `"frames":[{"id":"a","title":"","position":{"x":0,"y":0},"size":{"width":0,"height":9}}]`),
      'frames[0].size.width',
    ],
    [
      'a title beyond the limit',
      file(2, `"frames":[{"id":"a","title":"${'a'.repeat(limits.frameTitle + 1)}",${box}}]`),
      'frames[0].title',
    ],
    [
      'a wire through too many places',
      file(2, `"edges":[{"from":"a","to":"b","via":[${'{"x":0,"y":0},'.repeat(limits.viaPoints)}{"x":0,"y":0}]}]`),
      'edges[0].via',
    ],
    ['a place that is none', file(2, `"edges":[{"from":"a","to":"b","via":[{"x":1e999,"y":0}]}]`), 'edges[0].via[0].x'],
  ])('refuse %s by its path', (_title, source, path) => {
    expect(pathsOf(source)).toEqual([path]);
  });

  it('say since which version there are frames', () => {
    const result = parseNetwork(file(1, '"frames":[]'));
    expect(result.ok ? '' : JSON.stringify(result.diagnostics[0])).toContain('2');
  });

  it('come back as they were written, whatever they are', () => {
    const coordinate = fc.integer({ min: -100_000, max: 100_000 });
    const place = fc.record({ x: coordinate, y: coordinate });
    const anyFrame = fc.record(
      {
        id: fc.string({ minLength: 1 }),
        title: fc.string({ maxLength: limits.frameTitle }),
        note: fc.string(),
        color: fc.constantFrom(...frameColours),
        position: place,
        size: fc.record({ width: fc.integer({ min: 1, max: 9999 }), height: fc.integer({ min: 1, max: 9999 }) }),
      },
      { requiredKeys: ['id', 'title', 'position', 'size'] },
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(anyFrame, { selector: ({ id }) => id, maxLength: 6 }),
        fc.array(place, { maxLength: 4 }),
        (frames, via) => {
          const document = edited(plain, ...frames.map((one) => ({ type: 'addFrame', frame: one }) as const), {
            type: 'leadEdge',
            edge: { from: 'c1', to: 'f1' },
            via,
          });
          const source = serializeNetwork(document);
          const read = parseNetwork(source);
          expect(read.ok && (read.value.frames ?? [])).toEqual(frames);
          expect(read.ok && serializeNetwork(read.value)).toBe(source);
          expect(read.ok && analyzeNetwork(read.value).totals).toEqual(analyzeNetwork(plain).totals);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('edits of frames and wires', () => {
  it.each([
    [
      'a second frame of one id',
      [
        { type: 'addFrame', frame },
        { type: 'addFrame', frame },
      ],
      'frames/duplicate-id',
    ],
    ['removing what is not there', [{ type: 'removeFrames', ids: ['nothing'] }], 'frames/unknown-frame'],
    ['changing what is not there', [{ type: 'setFrames', frames: [frame] }], 'frames/unknown-frame'],
    [
      'leading no wire',
      [{ type: 'leadEdge', edge: { from: 'x', to: 'f1' }, via: [{ x: 0, y: 0 }] }],
      'graph/unknown-edge',
    ],
  ] as const)('refuse %s', (_title, edits, code) => {
    const result = applyEdits(plain, edits);
    expect(result.ok ? [] : result.diagnostics.map((one) => one.code)).toEqual([code]);
  });

  it('keep the nodes, by identity, and with them what is known of the network', () => {
    expect(framed.nodes).toBe(plain.nodes);
    expect(expand(framed).document.nodes).toBe(plain.nodes);
  });

  it('let a wire that a layer is put into run by itself again', () => {
    const next = edited(framed, {
      type: 'insertOnEdge',
      edge: { from: 'x', to: 'c1' },
      node: { id: 'p', kind: 'pool', params: {} },
    });
    expect(next.edges.filter(({ to }) => to === 'p' || to === 'c1')).toEqual([
      { from: 'x', to: 'p' },
      { from: 'p', to: 'c1' },
    ]);
  });
});

describe('frames inside a block', () => {
  const inside: Frame = { ...frame, id: 'inner', position: { x: -20, y: -40 } };
  const document: NetworkDocument = {
    format: 'convloom.network',
    version: 2,
    name: 'Blocks',
    blocks: {
      pair: {
        params: {},
        nodes: [
          { id: 'in', kind: 'port', params: {}, position: { x: -200, y: 0 } },
          { id: 'c', kind: 'conv', params: { filters: 4, kernelSize: 3 }, position: { x: 0, y: 0 } },
        ],
        edges: [{ from: 'in', to: 'c', via: [{ x: -50, y: 30 }] }],
        frames: [inside],
      },
    },
    nodes: [
      { id: 'x', kind: 'input', params: { shape: [28, 28, 1] }, position: { x: 0, y: 0 } },
      { id: 's', kind: 'block', params: { block: 'pair' }, position: { x: 300, y: 500 } },
    ],
    edges: [{ from: 'x', to: 's' }],
    frames: [frame],
  };

  it('are written and read with it', () => {
    const read = parseNetwork(serializeNetwork(document));
    expect(read.ok && read.value).toEqual(document);
  });

  it('are what is drawn there, and the outer ones come back behind it', () => {
    const level = enterBlock(outermostLevel(document, analyzeNetwork(document)), { nodeId: 's', copy: 1 });
    expect(level?.document.frames).toEqual([inside]);
    expect(level && leaveBlock(document, 'pair', level.document)).toEqual(document);
  });

  it('come out with the layers when it is taken apart', () => {
    const result = ungroupNode(document, 's');
    const own = result.ok ? result.value.document : document;
    expect(own.nodes.find(({ id }) => id === 'c')?.position).toEqual({ x: 300, y: 500 });
    expect(own.frames).toEqual([frame, { ...inside, position: { x: 280, y: 460 } }]);
    expect(own.edges).toEqual([{ from: 'x', to: 'c', via: [{ x: 250, y: 530 }] }]);
  });
});

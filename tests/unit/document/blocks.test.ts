import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { applyFix } from '../../../shared/analysis/fixes';
import { compileInference } from '../../../shared/compile/compile';
import { parseNetwork, serializeNetwork, type NetworkDocument, type NetworkNode } from '../../../shared/document';
import { expand, flatNetwork } from '../../../shared/document/expand';
import { maxExpanded } from '../../../shared/document/expander';
import { layoutNetwork } from '../../../shared/layout/layoutNetwork';
import { printSvg } from '../../../shared/exports/figures/svg';
import { drawFigure } from '../../../shared/figures';
import { defaultFigureOptions } from '../../../shared/schema/figures';
import { networkDocumentSchema, type BlockDefinition } from '../../../shared/schema/document';

const conv = (id: string, filters: unknown, kernelSize = 1): NetworkNode => ({
  id,
  kind: 'conv',
  params: { filters, kernelSize, padding: 'same' } as NetworkNode['params'],
});
const port = (id: string): NetworkNode => ({ id, kind: 'port', params: {} });
const use = (id: string, block: string, params: NetworkNode['params'] = {}): NetworkNode => ({
  id,
  kind: 'block',
  params: { block, ...params },
});
const pair: BlockDefinition = {
  params: { filters: 16 },
  nodes: [port('in'), conv('c', { param: 'filters' }, 3), conv('d', { param: 'filters', times: 2 })],
  edges: [
    { from: 'in', to: 'c' },
    { from: 'c', to: 'd' },
  ],
};
const image: NetworkNode = { id: 'x', kind: 'input', params: { shape: [28, 28, 1] } };

function network(
  blocks: { readonly [name: string]: BlockDefinition },
  nodes: readonly NetworkNode[],
  edges: NetworkDocument['edges'] = nodes.slice(1).map(({ id }, at) => ({ from: nodes[at]!.id, to: id })),
): NetworkDocument {
  return { format: 'convloom.network', version: 2, name: 'test', blocks, nodes, edges };
}

function errorsOf(document: NetworkDocument) {
  const { diagnostics } = analyzeNetwork(document);
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code, at }) => [code, at.nodeId, at.path]);
}

describe('expand', () => {
  it('chains the copies of a repeated block under path ids, its params in place of the bindings', () => {
    const flat = flatNetwork(network({ pair }, [image, use('s', 'pair', { repeat: 2, filters: 8 })]));
    expect(flat.version).toBe(1);
    expect(flat.nodes.map(({ id, params }) => [id, params['filters']])).toEqual([
      ['x', undefined],
      ['s/1/c', 8],
      ['s/1/d', 16],
      ['s/2/c', 8],
      ['s/2/d', 16],
    ]);
    expect(flat.edges.map(({ from, to }) => `${from}>${to}`)).toEqual([
      'x>s/1/c',
      's/1/c>s/1/d',
      's/1/d>s/2/c',
      's/2/c>s/2/d',
    ]);
  });

  it('leaves the number out where a block stands once, and takes its default', () => {
    const flat = flatNetwork(network({ pair }, [image, use('s', 'pair'), conv('f', 4)]));
    expect(flat.nodes.map(({ id, params }) => [id, params['filters']])).toEqual([
      ['x', undefined],
      ['s/c', 16],
      ['s/d', 32],
      ['f', 4],
    ]);
    expect(flat.edges.at(-1)).toEqual({ from: 's/d', to: 'f' });
  });

  it('hands params down through blocks in blocks', () => {
    const stage: BlockDefinition = {
      params: { width: 4, depth: 1 },
      nodes: [port('in'), use('unit', 'pair', { repeat: { param: 'depth' }, filters: { param: 'width', times: 3 } })],
      edges: [{ from: 'in', to: 'unit' }],
    };
    const document = network({ pair, stage }, [image, use('a', 'stage', { width: 2, depth: 2 })]);
    expect(flatNetwork(document).nodes.map(({ id, params }) => [id, params['filters']])).toEqual([
      ['x', undefined],
      ['a/unit/1/c', 6],
      ['a/unit/1/d', 12],
      ['a/unit/2/c', 6],
      ['a/unit/2/d', 12],
    ]);
    const { blocks } = analyzeNetwork(document);
    expect([...blocks.values()].map(({ id, block, outputShape }) => [id, block, outputShape])).toEqual([
      ['a', 'stage', [28, 28, 12]],
      ['a/unit', 'pair', [28, 28, 12]],
    ]);
  });

  it('chains the first port of a block with several and gives every copy the others', () => {
    const join: BlockDefinition = {
      params: {},
      nodes: [port('a'), port('b'), { id: 'sum', kind: 'add', params: {} }],
      edges: [
        { from: 'a', to: 'sum' },
        { from: 'b', to: 'sum', toPort: 1 },
      ],
    };
    const edges = [
      { from: 'x', to: 'c' },
      { from: 'c', to: 's' },
      { from: 'x', to: 's', toPort: 1 },
    ];
    const flat = flatNetwork(network({ join }, [image, conv('c', 1), use('s', 'join', { repeat: 2 })], edges));
    expect(flat.edges.map(({ from, to, toPort = 0 }) => `${from}>${to}:${toPort}`)).toEqual([
      'x>c:0',
      'c>s/1/sum:0',
      'x>s/1/sum:1',
      's/1/sum>s/2/sum:0',
      'x>s/2/sum:1',
    ]);
  });

  it('is the document itself for version 1, and the same object each time', () => {
    const document: NetworkDocument = { ...network({}, [image]), version: 1 };
    expect(flatNetwork(document)).toBe(document);
    const blocked = network({ pair }, [image, use('s', 'pair')]);
    expect(expand(blocked)).toBe(expand(blocked));
  });
});

describe('a document of version 2', () => {
  it('is read and written unchanged, and as version 1 where it has no blocks', () => {
    const document = network({ pair }, [image, use('s', 'pair')]);
    expect(parseNetwork(serializeNetwork(document))).toEqual({ ok: true, value: document });
    expect(serializeNetwork(network({}, [image]))).toContain('"version": 1');
    expect(parseNetwork(JSON.stringify(network({}, [image])))).toMatchObject({ ok: true, value: { version: 1 } });
  });

  it.each<readonly [string, unknown, string, string]>([
    ['an unknown field of a block', { pair: { ...pair, colour: 1 } }, 'document/unknown-field', 'blocks.pair.colour'],
    ['a block without nodes', { pair: { params: {} } }, 'document/missing-field', 'blocks.pair.nodes'],
    ['blocks in a list', [pair], 'document/wrong-field', 'blocks'],
    [
      'a slash in an id of a block',
      { pair: { nodes: [conv('a/b', 1)] } },
      'document/wrong-field',
      'blocks.pair.nodes[0].id',
    ],
    ['a block called __proto__', JSON.parse('{"__proto__":{"nodes":[]}}'), 'document/wrong-field', 'blocks'],
  ])('refuses %s', (_, blocks, code, path) => {
    const result = parseNetwork(JSON.stringify({ ...network({}, [image]), blocks }));
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code, at: { path } }] });
  });

  it('refuses a slash in an id and blocks in version 1, and leaves the slashes of version 1 alone', () => {
    const slash = { ...network({ pair }, [{ ...image, id: 'a/b' }]) };
    expect(parseNetwork(JSON.stringify(slash))).toMatchObject({ diagnostics: [{ at: { path: 'nodes[0].id' } }] });
    expect(parseNetwork(JSON.stringify({ ...slash, version: 1 }))).toMatchObject({
      diagnostics: [{ code: 'document/unknown-field', at: { path: 'blocks' } }],
    });
    const { blocks: _none, ...old } = slash;
    expect(parseNetwork(JSON.stringify({ ...old, version: 1 })).ok).toBe(true);
  });
});

describe('an edit of a document with blocks', () => {
  const before = network({ pair }, [image, use('s', 'pair', { repeat: 2 }), conv('h', 4)]);
  const analysis = analyzeNetwork(before);
  const [input, , head] = before.nodes;

  it('does not have the wires read again where it leaves them as they are', () => {
    const after = network({ pair }, [{ ...input!, params: { shape: [32, 32, 1] } }, before.nodes[1]!, head!]);
    const edited = analyzeNetwork(after, analysis);
    expect(edited.order).toBe(analysis.order);
    expect(edited.nodes.get('h')?.outputShape).toEqual(analyzeNetwork(after).nodes.get('h')?.outputShape);
  });

  it.each<readonly [string, NetworkDocument]>([
    ['a wire is other', network({ pair }, before.nodes, [{ from: 'x', to: 's' }])],
    [
      'the block has other wires',
      network({ pair: { ...pair, edges: [pair.edges[0]!, { from: 'in', to: 'd' }] } }, before.nodes, before.edges),
    ],
    ['the block is repeated once more', network({ pair }, [input!, use('s', 'pair', { repeat: 3 }), head!])],
    ['the block has another name', network({ other: pair }, [input!, use('s', 'other', { repeat: 2 }), head!])],
    ['the block is not there', network({}, before.nodes)],
  ])('reads them anew where %s', (_, after) => {
    const edited = analyzeNetwork(after, analysis);
    const { order, nodes, diagnostics } = analyzeNetwork(after);
    expect(edited.order).not.toBe(analysis.order);
    expect([edited.order, edited.nodes]).toEqual([order, nodes]);
    expect(edited.diagnostics.map(({ code, at }) => [code, at])).toEqual(diagnostics.map(({ code, at }) => [code, at]));
  });
});

describe('what is wrong with blocks', () => {
  const one = (inner: NetworkNode): BlockDefinition => ({
    params: { filters: 8 },
    nodes: [port('in'), inner],
    edges: [{ from: 'in', to: inner.id }],
  });
  it.each<
    readonly [string, NetworkDocument, readonly (readonly [string, (string | undefined)?, (string | undefined)?])[]]
  >([
    [
      'a block that is not defined',
      network({ pair }, [image, use('s', 'pear')]),
      [['blocks/unknown-block', 's', 'nodes[1]']],
    ],
    [
      'a block node that names none',
      network({ pair }, [image, { id: 's', kind: 'block', params: {} }]),
      [['blocks/unknown-block', 's', 'nodes[1]']],
    ],
    [
      'a param that the block does not have',
      network({ pair }, [image, use('s', 'pair', { filter: 3 })]),
      [['layers/unknown-param', 's', 'nodes[1].params.filter']],
    ],
    [
      'a binding to a param that is not there',
      network({ b: one(conv('c', { param: 'width' })) }, [image, use('s', 'b')]),
      [['blocks/unknown-binding', 's/c', 'blocks.b.nodes[1].params.filters']],
    ],
    [
      'a binding with a field too many',
      network({ b: one(conv('c', { param: 'filters', plus: 1 })) }, [image, use('s', 'b')]),
      [['blocks/wrong-binding', 's/c', 'blocks.b.nodes[1].params.filters']],
    ],
    [
      'a block node that is bound to a param, and stands in no block',
      network({ pair }, [image, use('s', 'pair', { filters: { param: 'filters' } })]),
      [['blocks/wrong-binding', 's', 'nodes[1].params.filters']],
    ],
    [
      'times of what is no number',
      network({ pair }, [image, use('s', 'pair', { filters: [1, 2] })]),
      [
        ['blocks/wrong-binding', 's/d', 'blocks.pair.nodes[2].params'],
        ['layers/wrong-param', 's/c', 'blocks.pair.nodes[1].params.filters'],
      ],
    ],
    [
      'a value that does not fit once it is bound',
      network({ b: one(conv('c', { param: 'filters' })) }, [image, use('s', 'b', { filters: 'many' })]),
      [['layers/wrong-param', 's/c', 'blocks.b.nodes[1].params.filters']],
    ],
    [
      'a repeat that is no count',
      network({ pair }, [image, use('s', 'pair', { repeat: 0 })]),
      [['blocks/wrong-repeat', 's', 'nodes[1]']],
    ],
    [
      'a repeat beyond all counting',
      network({ pair }, [image, use('s', 'pair', { repeat: 1e300 })]),
      [['blocks/too-large', 's', 'nodes[1]']],
    ],
    [
      'a port without a wire',
      network({ pair }, [image, use('s', 'pair')], []),
      [['graph/missing-input', 's', 'nodes[1]']],
    ],
    [
      'a port that is not there',
      network(
        { pair },
        [image, use('s', 'pair')],
        [
          { from: 'x', to: 's' },
          { from: 'x', to: 's', toPort: 1 },
        ],
      ),
      [['graph/no-such-port', 's', 'nodes[1]']],
    ],
    [
      'two wires in one port',
      network(
        { pair },
        [image, conv('c', 1), use('s', 'pair')],
        [
          { from: 'x', to: 'c' },
          { from: 'x', to: 's' },
          { from: 'c', to: 's' },
        ],
      ),
      [['graph/port-taken', 's', 'nodes[2]']],
    ],
    [
      'a block without output',
      network({ b: { params: {}, nodes: [port('in')], edges: [] } }, [image, use('s', 'b')]),
      [['blocks/no-output', undefined, 'blocks.b.nodes']],
    ],
    [
      'a block with two outputs',
      network({ b: { ...pair, edges: [{ from: 'in', to: 'c' }] } }, [image, use('s', 'b')]),
      [['blocks/several-outputs', undefined, 'blocks.b.nodes']],
    ],
    [
      'a block in itself',
      network({ a: one(use('b', 'b')), b: one(use('a', 'a')) }, [image, use('s', 'a')]),
      [['blocks/recursion', undefined, 'blocks.a.nodes']],
    ],
    [
      'a repeat without a port',
      network({ b: { params: {}, nodes: [image], edges: [] } }, [use('s', 'b', { repeat: 2 })]),
      [['blocks/cannot-repeat', 's', 'nodes[0]']],
    ],
    [
      'a param called repeat',
      network({ b: { ...pair, params: { filters: 1, repeat: 2 } } }, [image, use('s', 'b')]),
      [['blocks/reserved-param', undefined, 'blocks.b.params.repeat']],
    ],
    ['a port outside', network({ pair }, [image, port('p')], []), [['blocks/port-outside', 'p', 'nodes[1]']]],
    [
      'two nodes of one id in a block',
      network({ b: { ...pair, nodes: [...pair.nodes, conv('c', 1)] } }, [image, use('s', 'b')]),
      [['graph/duplicate-id', 's/c', 'blocks.b.nodes[3].id']],
    ],
    [
      'a wire from nowhere in a block',
      network({ b: { ...pair, edges: [...pair.edges, { from: 'z', to: 'c', toPort: 1 }] } }, [image, use('s', 'b')]),
      [['graph/dangling-edge', 's/c', 'blocks.b.edges[2].from']],
    ],
    [
      'blocks that explode',
      network(
        Object.fromEntries(
          Array.from({ length: 20 }, (_, at) => [
            `b${at}`,
            one(at === 0 ? conv('c', 1) : use('n', `b${at - 1}`, { repeat: 9 })),
          ]),
        ),
        [image, use('s', 'b19')],
      ),
      [['blocks/too-large', 's', 'nodes[1]']],
    ],
    [
      'a circle through a block',
      network(
        { b: { ...one({ id: 'a', kind: 'add', params: {} }) } },
        [image, use('s', 'b'), conv('c', 1)],
        [
          { from: 's', to: 'c' },
          { from: 'c', to: 's' },
        ],
      ),
      [['graph/cycle', 's/a', undefined]],
    ],
  ])('finds %s', (_, document, found) => {
    expect(errorsOf(document)).toEqual(found);
  });

  it('tells once what is wrong in every copy, and mends the block', () => {
    const document = network({ b: one({ id: 'p', kind: 'pool', params: { mode: 'max', poolSize: 0 } }) }, [
      image,
      use('s', 'b', { repeat: 4 }),
    ]);
    const { diagnostics } = analyzeNetwork(document);
    expect(diagnostics.map(({ code, at }) => [code, at.nodeId])).toEqual([['layers/wrong-param', 's/1/p']]);
    expect(diagnostics[0]!.why!.en).toContain('3 more copies');
    const fix = diagnostics[0]!.fixes[0]!;
    expect(fix.title.en).toContain('all 4 copies');
    const mended = applyFix(document, fix);
    expect(mended.ok && analyzeNetwork(mended.value).ok).toBe(true);
  });

  it('tells once what is wrong between one copy and the next, however many there are', () => {
    const outer: BlockDefinition = {
      params: {},
      nodes: [port('in'), use('q', 'pair', { repeat: 3 }), conv('e', 40)],
      edges: [
        { from: 'in', to: 'q' },
        { from: 'q', to: 'e' },
      ],
    };
    const { diagnostics } = analyzeNetwork(network({ pair, outer }, [image, use('s', 'outer', { repeat: 3 })]));
    expect(diagnostics.map(({ code, at, why }) => [code, at.nodeId, /\d+ more cop/.exec(why?.en ?? '')?.[0]])).toEqual([
      // In all further copies it is narrower than both its ends, which is meant.
      ['design/linear-pair', 's/1/q/1/d', undefined],
      ['design/linear-pair', 's/1/q/2/c', '5 more cop'],
      ['design/linear-pair', 's/1/e', '2 more cop'],
      ['design/linear-pair', 's/2/q/1/c', '1 more cop'],
    ]);
  });

  it('shows the numbers of all that a broken block does not touch', () => {
    const analysis = analyzeNetwork(network({ pair }, [image, conv('c', 2), use('s', 'none'), conv('d', 2)]));
    expect(analysis.nodes.get('c')?.outputShape).toEqual([28, 28, 2]);
    expect(analysis.nodes.get('d')?.state).toBe('blocked');
    expect(analysis.blocks.get('s')).toMatchObject({ outputShape: null, paramCount: null, state: 'failed' });
  });
});

/** A network of up to three levels of blocks, random in widths, repeats and whether a block adds its input to its output. */
const blocked = fc
  .array(
    fc.record({
      repeat: fc.integer({ min: 1, max: 3 }),
      width: fc.integer({ min: 1, max: 4 }),
      nested: fc.boolean(),
      skip: fc.boolean(),
    }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((levels) => {
    const blocks: { [name: string]: BlockDefinition } = {};
    for (const [at, { width, nested, repeat, skip }] of levels.entries()) {
      const inner =
        nested && at > 0
          ? use('n', `b${at - 1}`, { repeat, width: { param: 'width' } })
          : conv('n', { param: 'width', times: width }, 3);
      const join: readonly NetworkNode[] = [
        conv('fit', { param: 'width' }),
        { id: 'j', kind: skip ? 'add' : 'concat', params: {} },
      ];
      blocks[`b${at}`] = {
        params: { width },
        nodes: [port('in'), inner, ...join, conv('side', { param: 'width' })],
        edges: [
          { from: 'in', to: 'n' },
          { from: 'n', to: 'fit' },
          { from: 'fit', to: 'j' },
          { from: 'in', to: 'side' },
          { from: 'side', to: 'j', toPort: 1 },
        ],
      };
    }
    const uses = levels.map(({ repeat }, at) => use(`u${at}`, `b${at}`, { repeat }));
    return network(blocks, [image, ...uses]);
  });

describe('any network with blocks', () => {
  it('equals its flat network in analysis and in what it is lowered to', () => {
    fc.assert(
      fc.property(blocked, (document) => {
        const flat = flatNetwork(document);
        const [own, other] = [analyzeNetwork(document), analyzeNetwork(flat)];
        expect(own.ok).toBe(true);
        expect(own.totals).toEqual(other.totals);
        expect([...own.nodes]).toEqual([...other.nodes]);
        expect(compileInference(document, own)).toEqual(compileInference(flat, other));
      }),
      { numRuns: 25 },
    );
  });

  it('expands the same once it is written and read', () => {
    fc.assert(
      fc.property(blocked, (document) => {
        const read = parseNetwork(serializeNetwork(document));
        expect(read).toEqual({ ok: true, value: document });
        expect(read.ok && flatNetwork(read.value)).toEqual(flatNetwork(document));
      }),
      { numRuns: 50 },
    );
  });
});

const oddId = fc.constantFrom(
  'a',
  'b',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\0',
  'in',
  'valueOf',
);
const oddNode = fc.record({
  id: oddId,
  kind: fc.constantFrom('port', 'block', 'conv', 'add', 'input', 'gap'),
  params: fc.dictionary(
    fc.constantFrom('block', 'repeat', 'filters', 'kernelSize', 'shape', '__proto__', 'constructor'),
    fc.oneof(
      oddId,
      fc.integer({ min: -1, max: 2 ** 40 }),
      fc.record({ param: oddId, times: fc.constantFrom(1, 'x', -2) }),
      fc.constant([4, 4, 1]),
    ),
  ),
});
const oddEdge = fc.record({ from: oddId, to: oddId, toPort: fc.integer({ min: 0, max: 3 }) });
const oddGraph = {
  nodes: fc.array(oddNode, { maxLength: 6 }),
  edges: fc.array(oddEdge, { maxLength: 8 }),
};
const odd = fc.record({
  format: fc.constant('convloom.network'),
  version: fc.constantFrom(1, 2),
  name: fc.string(),
  blocks: fc.dictionary(oddId, fc.record({ params: fc.dictionary(oddId, fc.integer()), ...oddGraph }), { maxKeys: 4 }),
  ...oddGraph,
});

describe('any document', () => {
  it('opens or is refused, is laid out, drawn and analysed, and never throws', () => {
    fc.assert(
      fc.property(odd, ({ version, blocks, ...rest }) => {
        const raw: unknown = JSON.parse(JSON.stringify({ ...rest, version, ...(version === 2 && { blocks }) }));
        const parsed = parseNetwork(JSON.stringify(raw));
        if (!parsed.ok) return;
        const analysis = analyzeNetwork(parsed.value);
        layoutNetwork(parsed.value);
        for (const view of ['graph', 'volumes'] as const) {
          printSvg(drawFigure(parsed.value, analysis, { ...defaultFigureOptions, view }), 180);
        }
        for (const { fixes } of analysis.diagnostics) expect(fixes.length).toBeLessThanOrEqual(4);
        const saved = networkDocumentSchema.safeParse(JSON.parse(JSON.stringify(parsed.value)));
        expect(saved.success && saved.data).toEqual(parsed.value);
        expect(parseNetwork(serializeNetwork(parsed.value))).toEqual(parsed);
      }),
      { numRuns: 120 },
    );
  });

  it('expands to a bounded size, whatever the repeats', () => {
    const document = network({ pair }, [image, use('s', 'pair', { repeat: 2 ** 50 }), use('t', 'pair', { repeat: 3 })]);
    expect(expand(document).document.nodes.length).toBeLessThan(maxExpanded);
    expect(analyzeNetwork(document).ok).toBe(false);
  });
});

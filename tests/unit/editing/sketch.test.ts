import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { sketchOffset } from '../../../shared/diagnostics/catalog/sketch';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { chainEdits, networkFromSketch } from '../../../shared/editing/sketch/edits';
import { looksLikeSketch, parseSketch } from '../../../shared/editing/sketch/parse';
import { printSketch } from '../../../shared/editing/sketch/print';
import { findLayer, layers } from '../../../shared/layers';
import type { ParamField } from '../../../shared/layers/define';
import { readParams } from '../../../shared/layers/params';
import type { Json, NetworkNode } from '../../../shared/schema/document';
import { chain } from '../../support/chain';

function parsed(source: string) {
  const result = parseSketch(source);
  if (!result.ok) throw new Error(`${source}: ${result.diagnostics.map(({ summary }) => summary.en).join()}`);
  return result.value.map(({ definition, params, label }) => ({
    kind: definition.kind,
    params,
    ...(label === undefined ? {} : { label }),
  }));
}

/** What a document's params mean, defaults filled in. */
function valuesOf({ kind, params }: Pick<NetworkNode, 'kind' | 'params'>) {
  const values = readParams(findLayer(kind)!, params, '');
  if (!values.ok) throw new Error(values.diagnostics[0]?.summary.en);
  return values.value;
}

const examples: readonly (readonly [source: string, kind: string, params: { readonly [name: string]: Json }])[] = [
  ['conv 20 5', 'conv', { filters: 20, kernelSize: 5 }],
  [
    'Conv2D 64 3x1 same relu /2',
    'conv',
    { filters: 64, kernelSize: [3, 1], padding: 'same', activation: 'relu', strides: 2 },
  ],
  ['conv 8 stride 2 kernel size 5', 'conv', { filters: 8, strides: 2, kernelSize: 5 }],
  [
    'conv filters=8 padding=1x2x3x4 bias=false',
    'conv',
    { filters: 8, kernelSize: 3, padding: [1, 2, 3, 4], useBias: false },
  ],
  ['conv', 'conv', { filters: 16, kernelSize: 3 }],
  ['卷积 32 3', 'conv', { filters: 32, kernelSize: 3 }],
  ['反卷积 8 2', 'upconv', { filters: 8, kernelSize: 2 }],
  ['conv transpose 8 2', 'upconv', { filters: 8, kernelSize: 2 }],
  ['max pool 3 /2 ceil', 'pool', { mode: 'max', poolSize: 3, strides: 2, rounding: 'ceil' }],
  ['global average pool', 'gap', { mode: 'avg' }],
  ['globalpool max', 'gap', { mode: 'max' }],
  ['leaky relu alpha=0.1', 'activation', { function: 'leakyRelu', alpha: 0.1 }],
  ['activation sigmoid', 'activation', { function: 'sigmoid' }],
  ['silu', 'activation', { function: 'swish' }],
  ['全连接 10 softmax', 'fc', { units: 10, activation: 'softmax' }],
  ['dense 10', 'fc', { units: 10 }],
  ['dropout 0.25 spatial', 'dropout', { rate: 0.25, spatial: true }],
  ['spatial dropout', 'dropout', { spatial: true }],
  ['stochastic depth', 'dropout', { paths: true }],
  ['pad 2 reflect', 'pad', { top: 2, bottom: 2, left: 2, right: 2, mode: 'reflect' }],
  ['pad', 'pad', { top: 1, bottom: 1, left: 1, right: 1 }],
  ['pad top=3', 'pad', { top: 3 }],
  ['crop 4', 'crop', { top: 4, bottom: 4, left: 4, right: 4 }],
  ['crop offset 3x4', 'crop', { offset: [3, 4] }],
  ['upsample', 'upsample', { factor: 2 }],
  ['upsample size=32x48 bilinear', 'upsample', { size: [32, 48], mode: 'bilinear' }],
  ['bn', 'batchnorm', {}],
  ['batch norm 0.9', 'batchnorm', { momentum: 0.9 }],
  ['lrn 2 1e-4', 'lrn', { radius: 2, alpha: 1e-4 }],
  ['input 28 28 1', 'input', { shape: [28, 28, 1] }],
  ['input ?x?x3', 'input', { shape: [null, null, 3] }],
  ['input 784', 'input', { shape: [784] }],
  ['skip', 'add', {}],
  ['concatenate', 'concat', {}],
  ['flatten', 'flatten', {}],
  ['gate', 'multiply', {}],
  ['unpool 3', 'unpool', { poolSize: 3 }],
  ['merge maximum', 'merge', { mode: 'maximum' }],
  ['scale scale=0.5 shift=1x2x3 channel', 'scale', { scale: 0.5, shift: [1, 2, 3], learned: 'channel' }],
  ['slice height from=1 to=3', 'slice', { axis: 'height', from: 1, to: 3 }],
  ['shuffle 4', 'shuffle', { groups: 4 }],
  ['depth to space 4', 'depthToSpace', { blockSize: 4 }],
  ['spacetodepth 2 CRD', 'spaceToDepth', { blockSize: 2, order: 'CRD' }],
  ['layernorm all', 'layernorm', { axis: 'all' }],
  ['rms', 'rmsnorm', {}],
  ['grn', 'grn', {}],
  ['groupnorm 8', 'groupnorm', { groups: 8 }],
  ['attention 3', 'attention', { heads: 3 }],
  ['class token', 'classToken', {}],
  ['position', 'position', {}],
  ['reshape shape=7x7x64', 'reshape', { shape: [7, 7, 64] }],
  ['permute order=3x1x2', 'permute', { order: [3, 1, 2] }],
  ['opaque operation=Einsum shape=7x7x64', 'opaque', { operation: 'Einsum', shape: [7, 7, 64] }],
];

describe('a sketch', () => {
  it('is a network: LeNet with its parameters', () => {
    const network = networkFromSketch('LeNet', 'input 28 28 1, conv 20 5, pool, conv 50 5, pool, fc 500, fc 10');
    if (!network.ok) throw new Error('It was refused.');
    const { totals, diagnostics, nodes } = analyzeNetwork(network.value);
    expect(totals.params).toBe(520 + 25_050 + 400_500 + 5_010);
    expect(nodes.get('fc2')?.outputShape).toEqual([10]);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each(examples)('%s', (source, kind, params) => {
    expect(parsed(source)).toEqual([{ kind, params }]);
  });

  it('can say every kind', () => {
    const said = new Set(examples.map(([, kind]) => kind));
    expect(layers.map(({ kind }) => kind).filter((kind) => !said.has(kind))).toEqual([]);
  });

  it('repeats layers and groups, and takes the marks of a Chinese keyboard, arrows and lines for commas', () => {
    const kinds = (source: string) => parsed(source).map(({ kind }) => kind);
    expect(kinds('3x(conv 64 3 same, relu), pool')).toEqual([
      'conv',
      'activation',
      'conv',
      'activation',
      'conv',
      'activation',
      'pool',
    ]);
    expect(kinds('2 × （conv 8，2x relu）；池化')).toEqual([
      'conv',
      'activation',
      'activation',
      'conv',
      'activation',
      'activation',
      'pool',
    ]);
    expect(kinds('conv 8 -> pool → fc 10\nrelu,\n')).toEqual(['conv', 'pool', 'fc', 'activation']);
    expect(parsed('conv 8 3 "edges, corners"')).toEqual([
      { kind: 'conv', params: { filters: 8, kernelSize: 3 }, label: 'edges, corners' },
    ]);
  });

  it.each([
    ['', 'sketch/empty', 0],
    ['conv 20 5, cnov 20 5', 'sketch/unknown-layer', 11],
    ['5', 'sketch/unknown-layer', 0],
    ['conv 20 5 7', 'sketch/extra-number', 10],
    ['flatten 3', 'sketch/extra-number', 8],
    ['conv 20 sname', 'sketch/unknown-word', 8],
    ['conv 20 strides', 'sketch/missing-value', 8],
    ['conv 20 strides=', 'sketch/missing-value', 8],
    ['conv 20 relu gelu', 'sketch/repeated-param', 13],
    ['avgpool max', 'sketch/repeated-param', 8],
    ['conv 0 3', 'layers/wrong-param', 5],
    ['pool, dropout 1.5', 'layers/wrong-param', 14],
    ['conv 20 /0', 'layers/wrong-param', 8],
    ['conv 20x', 'layers/wrong-param', 5],
    ['conv 20, )', 'sketch/unexpected', 9],
    ['2x(conv 20', 'sketch/unclosed', 2],
    ['2x()', 'sketch/empty', 3],
    ['0x(conv)', 'sketch/unexpected', 0],
    ['(conv) pool', 'sketch/unexpected', 7],
    ['conv "a', 'sketch/unclosed', 5],
    ['"a" conv "b"', 'sketch/unexpected', 9],
    ['conv, input 28 28 1', 'sketch/input-inside', 6],
    ['2x(input 4, fc 3)', 'sketch/input-inside', 3],
    ['999x(999x(999x conv))', 'sketch/too-long', 5],
    ['('.repeat(200), 'sketch/too-deep', 32],
  ])('%s is refused with its place', (source, code, offset) => {
    const result = parseSketch(source);
    expect(result.ok ? null : result.diagnostics[0]?.code).toBe(code);
    expect(result.ok ? null : sketchOffset(result.diagnostics[0]!)).toBe(offset);
  });

  it('guesses what a slip meant', () => {
    const why = (source: string) => {
      const result = parseSketch(source);
      return result.ok ? null : result.diagnostics[0]?.why?.en;
    };
    expect(why('comv 20 5')).toBe('Did you mean conv?');
    expect(why('conv 20 sname')).toBe('Did you mean same?');
  });

  it('is told from other text', () => {
    for (const text of ['conv 20 5, pool', 'cnov 20 5, pool 2', '卷积 8，池化'])
      expect(looksLikeSketch(text)).toBe(true);
    for (const text of ['conv', 'Add the milk, stir, and wait', 'data', 'https://a.b/c?d=1,2', '']) {
      expect(looksLikeSketch(text)).toBe(false);
    }
  });

  it('is put behind a node, whose consumers its last layer takes over', () => {
    const document = chain([
      ['image', 'input', { shape: [8, 8, 1] }],
      ['f', 'fc', { units: 2 }],
    ]);
    const layersOf = parseSketch('conv 4 3, relu');
    if (!layersOf.ok) throw new Error('It was refused.');
    const { edits, ids } = chainEdits(document, layersOf.value, 'image');
    const edited = applyEdits(document, edits);
    expect(ids).toEqual(['conv1', 'activation1']);
    expect(edited.ok && edited.value.edges).toEqual([
      { from: 'activation1', to: 'f' },
      { from: 'image', to: 'conv1' },
      { from: 'conv1', to: 'activation1' },
    ]);
  });
});

/** A value that a field takes. */
function valueOf(field: ParamField): fc.Arbitrary<Json | undefined> {
  const side = (min: number, max: number) => fc.integer({ min, max: Math.min(max, min + 40) });
  switch (field.type) {
    case 'integer':
      return fc.integer({ min: field.min, max: field.max });
    case 'number':
      return fc.double({ min: field.min, max: field.max, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...field.values, ...(field.off === undefined ? [] : [false]));
    case 'numbers': {
      const one = fc.double({ min: field.min, max: field.max, noNaN: true });
      return fc.oneof(one, fc.array(one, { minLength: 2, maxLength: 4 }));
    }
    case 'name':
      return fc.constantFrom('Einsum', 'com.microsoft:Attention', 'aten.roll');
    case 'kept':
      return fc.constant(null);
    case 'order':
      return fc.constantFrom([2, 1], [1, 2, 3], [3, 1, 2]);
    case 'size':
      return fc.oneof(
        side(field.min, field.max),
        fc.tuple(side(field.min, field.max), side(field.min, field.max)).map((size) => [...size]),
      );
    case 'padding':
      return fc.oneof(
        fc.constantFrom('valid', 'same'),
        side(0, 9),
        fc.tuple(side(0, 9), side(0, 9), side(0, 9), side(0, 9)).map((pads) => [...pads]),
      );
    case 'shape':
      return fc.oneof(
        fc.tuple(fc.option(side(1, 99)), fc.option(side(1, 99)), side(1, 99)).map((shape) => [...shape]),
        side(1, 99).map((units) => [units]),
      );
    case 'offset':
      return fc.oneof(
        fc.constant('center'),
        fc.tuple(side(0, 9), side(0, 9)).map((place) => [...place]),
      );
  }
}

const node = fc
  .constantFrom(...layers)
  .chain((layer) => {
    const fields = Object.entries(layer.params as { readonly [name: string]: ParamField });
    const params = Object.fromEntries(
      fields.map(([name, field]) => [
        name,
        field.initial !== undefined && !('default' in field)
          ? valueOf(field)
          : fc.option(valueOf(field), { nil: undefined }),
      ]),
    );
    return fc.record({
      kind: fc.constant<string>(layer.kind),
      params: fc.record(params),
      label: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    });
  })
  .map(({ kind, params, label }) => ({
    kind,
    // JSON, as in a file: what is undefined is not there, and there is no −0.
    params: JSON.parse(JSON.stringify(params)) as { readonly [name: string]: Json },
    ...(label === undefined ? {} : { label }),
  }));

describe('a chain that is printed as a sketch', () => {
  it('reads as the same layers with the same params and labels', () => {
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 6 }), (nodes) => {
        const rows = nodes.filter(({ kind }, index) => index === 0 || kind !== 'input');
        const named = rows.map((row, index): NetworkNode => ({ id: `n${index}`, ...row }));
        const edges = named.slice(1).map(({ id }, index) => ({ from: `n${index}`, to: id }));
        const document = { format: 'convloom.network', version: 1, name: '', nodes: named, edges } as const;
        const printed = printSketch(document, new Set(named.map(({ id }) => id)));
        if (!printed.ok) throw new Error(printed.diagnostics[0]?.summary.en);
        const read = parsed(printed.value);
        expect(read.map(({ kind, label }) => ({ kind, label }))).toEqual(
          rows.map(({ kind, label }) => ({ kind, label })),
        );
        expect(read.map(valuesOf), printed.value).toEqual(rows.map(valuesOf));
      }),
      { numRuns: 400 },
    );
  });

  it('says what people say', () => {
    const source = 'input 28 28 1, conv 20 5 same /2, relu, maxpool, dropout 0.25, fc 10 softmax "classes"';
    const network = networkFromSketch('', source);
    if (!network.ok) throw new Error('It was refused.');
    const ids = new Set(network.value.nodes.map(({ id }) => id));
    expect(printSketch(network.value, ids)).toEqual({
      ok: true,
      value: 'input 28 28 1, conv 20 5 /2 same, relu, maxpool, dropout 0.25, fc 10 softmax "classes"',
    });
  });

  it('is refused where layers branch, stand apart, or have no words', () => {
    const branched = chain([
      ['image', 'input', { shape: [8, 8, 1] }],
      ['a', 'activation', {}, ['image']],
      ['b', 'activation', {}, ['image']],
      ['x', 'warp', {}, ['b']],
    ]);
    const code = (...ids: readonly string[]) => {
      const printed = printSketch(branched, new Set(ids));
      return printed.ok ? null : [printed.diagnostics[0]?.code, printed.diagnostics[0]?.at.nodeId];
    };
    expect(code('image', 'a', 'b')).toEqual(['sketch/not-a-chain', 'b']);
    expect(code('a', 'b')).toEqual(['sketch/not-a-chain', 'b']);
    expect(code()).toEqual(['sketch/not-a-chain', undefined]);
    expect(code('b', 'x')).toEqual(['sketch/no-words', 'x']);
  });
});

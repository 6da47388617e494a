import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { afterAll, describe, expect, it } from 'vitest';
import { readOnnx } from '../../../electron/host/imports/onnx';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { arrangements, reordered, reshaped, shapeOf, type Factor, type View } from '../../../shared/imports/onnx/views';

const fixtures = join(import.meta.dirname, '../../fixtures/onnx');
const folder = mkdtempSync(join(tmpdir(), 'convloom-onnx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const proto = readFileSync(join(import.meta.dirname, '../../../shared/imports/onnx/onnx.proto'), 'utf8');
const modelType = protobuf.parse(proto).root.lookupType('onnx.ModelProto');

type Fields = { readonly [field: string]: unknown };

async function readBytes(bytes: Uint8Array, name = 'x.onnx') {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return await readOnnx({ path, onto: undefined, signal: undefined });
}

function floats(count: number): Uint8Array {
  return new Uint8Array(new Float32Array(count).fill(0.5).buffer);
}

function value(name: string, ...sizes: (number | string)[]): Fields {
  const dim = sizes.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: 1, shape: { dim } } } };
}

function tensor(name: string, dims: readonly number[], more: Fields = {}): Fields {
  return { name, dataType: 1, dims, rawData: floats(dims.reduce((n, size) => n * size, 1)), ...more };
}

const conv: Fields = { opType: 'Conv', name: 'conv', input: ['x', 'w'], output: ['y'] };
const graph: Fields = {
  name: 'g',
  node: [conv],
  initializer: [tensor('w', [4, 3, 2, 2])],
  input: [value('x', 'N', 3, 6, 8)],
  output: [value('y', 'N', 4, 5, 7)],
};

function modelOf(changes: Fields, more: Fields = {}): Uint8Array {
  const message = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 13 }],
    graph: { ...graph, ...changes },
    ...more,
  };
  return modelType.encode(message).finish();
}

async function codesOf(bytes: Uint8Array): Promise<readonly string[]> {
  const read = await readBytes(bytes);
  return read.ok ? [] : read.diagnostics.map(({ code }) => code);
}

describe('an ONNX file with operators that are layers here', () => {
  it('has bounds, axes of a softmax, and channels for positions as one layer each', async () => {
    const scalar = (name: string, number: number): Fields => ({
      name,
      dataType: 1,
      dims: [],
      rawData: new Uint8Array(new Float32Array([number]).buffer),
    });
    const int = (name: string, i: number): Fields => ({ name, type: 2, i });
    const node = (
      opType: string,
      input: readonly string[],
      output: string,
      attribute: readonly Fields[] = [],
    ): Fields => ({
      opType,
      name: output,
      input,
      output: [output],
      attribute,
    });
    const bytes = modelOf({
      node: [
        node('DepthToSpace', ['x'], 'a', [int('blocksize', 2), { name: 'mode', type: 3, s: Buffer.from('CRD') }]),
        node('Clip', ['a', 'low', 'high'], 'b'),
        node('Clip', ['b', '', 'high'], 'c'),
        node('Softmax', ['c'], 'd', [int('axis', 2)]),
        node('LogSoftmax', ['d'], 'e', [int('axis', -1)]),
        node('SpaceToDepth', ['e'], 'y', [int('blocksize', 3)]),
      ],
      initializer: [scalar('low', -0.5), scalar('high', 0.25)],
      input: [value('x', 'N', 8, 3, 6)],
      output: [value('y', 'N', 18, 2, 4)],
    });
    const read = await readBytes(bytes);
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    const { document } = read.value;
    expect(document.nodes.slice(1).map(({ kind, params }) => [kind, params])).toEqual([
      ['depthToSpace', { blockSize: 2, order: 'CRD' }],
      ['activation', { function: 'clip', min: -0.5, max: 0.25 }],
      ['activation', { function: 'clip', max: 0.25 }],
      ['activation', { function: 'softmax', axis: 'height' }],
      ['activation', { function: 'logSoftmax', axis: 'width' }],
      ['spaceToDepth', { blockSize: 3 }],
    ]);
    expect(analyzeNetwork(document).ok).toBe(true);
  });
});

describe('an ONNX file that is not to be trusted', () => {
  it('is read where nothing is wrong with it', async () => {
    expect(await codesOf(modelOf({}))).toEqual([]);
  });

  it('that is cut at any byte is one diagnostic or a network, never a crash', async () => {
    const whole = readFileSync(join(fixtures, 'old.onnx'));
    let refused = 0;
    for (let length = 0; length < whole.length; length += 3) {
      const read = await readBytes(whole.subarray(0, length));
      if (!read.ok) {
        expect(read.diagnostics).toHaveLength(1);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(whole.length / 4);
  });

  it.each<readonly [string, Fields, string]>([
    [
      'a size that its bytes do not fill',
      { initializer: [tensor('w', [4, 3, 2, 2], { dims: [40, 3, 2, 2] })] },
      'import/damaged',
    ],
    [
      'a size that no memory has',
      { initializer: [tensor('w', [4, 3, 2, 2], { dims: [2 ** 30, 2 ** 20, 9, 9] })] },
      'import/damaged',
    ],
    ['a negative size', { initializer: [tensor('w', [4, 3, 2, 2], { dims: [-4, 3, -2, 2] })] }, 'import/damaged'],
    [
      'a type that holds no numbers',
      { initializer: [tensor('w', [4, 3, 2, 2], { dataType: 8 })] },
      'import/unsupported',
    ],
    ['a node that takes what it gives', { node: [{ ...conv, input: ['y', 'w'] }] }, 'import/damaged'],
    [
      'nodes in a circle',
      {
        node: [
          { ...conv, input: ['b', 'w'] },
          { opType: 'Relu', input: ['y'], output: ['b'] },
        ],
      },
      'import/damaged',
    ],
    ['an input that nothing gives', { node: [{ ...conv, input: ['gone', 'w'] }] }, 'import/damaged'],
    ['a value that is given twice', { node: [conv, { ...conv, name: 'again' }] }, 'import/damaged'],
    [
      'two weights of one name',
      { initializer: [tensor('w', [4, 3, 2, 2]), tensor('w', [4, 3, 2, 2])] },
      'import/damaged',
    ],
    ['an output that nothing gives', { output: [value('z', 'N', 4, 5, 7)] }, 'import/damaged'],
    ['no node', { node: [] }, 'import/unsupported'],
    ['an input of six axes', { input: [value('x', 1, 2, 3, 4, 5, 6)] }, 'import/unsupported'],
    [
      'a constant that would be larger than memory',
      {
        node: [{ opType: 'ConstantOfShape', input: ['s'], output: ['big'] }, conv],
        initializer: [
          tensor('w', [4, 3, 2, 2]),
          tensor('s', [4], { dataType: 1, rawData: new Uint8Array(new Float32Array(4).fill(1e6).buffer) }),
        ],
      },
      'import/damaged',
    ],
    [
      'weights in a file that is not there',
      {
        initializer: [
          tensor('w', [4, 3, 2, 2], {
            dataLocation: 1,
            rawData: new Uint8Array(),
            externalData: [{ key: 'location', value: 'gone.bin' }],
          }),
        ],
      },
      'import/part-missing',
    ],
    [
      'weights outside of its folder',
      {
        initializer: [
          tensor('w', [4, 3, 2, 2], {
            dataLocation: 1,
            rawData: new Uint8Array(),
            externalData: [{ key: 'location', value: '../../etc/passwd' }],
          }),
        ],
      },
      'import/part-outside',
    ],
    [
      'an operation without a shape',
      { node: [{ ...conv, opType: 'Einsum' }], output: [value('y', 'N', 'a', 'b', 'c')] },
      'import/unknown-shape',
    ],
  ])('with %s is refused', async (_, changes, code) => {
    expect(await codesOf(modelOf(changes))).toEqual([code]);
  });

  it('of a newer operator set, or an older one than is read, says so', async () => {
    expect(await codesOf(modelOf({}, { opsetImport: [{ domain: '', version: 99 }] }))).toEqual(['import/too-new']);
    expect(await codesOf(modelOf({}, { opsetImport: [{ domain: '', version: 3 }] }))).toEqual(['import/unsupported']);
  });

  it('with 10,000 messages in each other is refused', async () => {
    // A graph within an attribute of a node of a graph, and so on; each length is a varint of its own.
    let inner = new Uint8Array();
    const wrap = (field: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
      const writer = protobuf.Writer.create();
      return Uint8Array.from(
        writer
          .uint32((field << 3) | 2)
          .bytes(bytes)
          .finish(),
      );
    };
    for (let depth = 0; depth < 3_400; depth++) inner = wrap(1, wrap(5, wrap(6, inner)));
    expect(await codesOf(wrap(7, inner))).toEqual(['import/damaged']);
  });

  it('with names that are code or paths becomes a network whose ids are plain words', async () => {
    const name = `../../x"); process.exit(1); //\u202e\n`;
    const bytes = modelOf({
      node: [{ opType: `Ev"il();`, domain: 'a b', name, input: ['x', 'w'], output: ['y'] }],
      output: [value('y', 'N', 4, 5, 7)],
    });
    const read = await readBytes(bytes);
    if (!read.ok) throw new Error(read.diagnostics[0]?.summary.en);
    for (const { id, params } of read.value.document.nodes) {
      expect(id).toMatch(/^[\p{L}\p{N}_-]+$/u);
      if (params['operation'] !== undefined) expect(params['operation']).toBe('a_b.Ev_il_');
    }
    expect(analyzeNetwork(read.value.document).ok).toBe(true);
  });
});

describe('a norm by its name', () => {
  const io = { input: [value('x', 'N', 8, 4, 4)], output: [value('y', 'N', 8, 4, 4)] };
  const numbers = (name: string, count: number): Fields =>
    tensor(name, [count], {
      rawData: new Uint8Array(Float32Array.from({ length: count }, (_, at) => at + 1).buffer),
    });
  const of = (opType: string, count: number, groups: number | null): Fields => ({
    ...io,
    node: [
      {
        opType,
        name: 'n',
        input: ['x', 'g', 'b'],
        output: ['y'],
        attribute: groups === null ? [] : [{ name: 'num_groups', type: 2, i: groups }],
      },
    ],
    initializer: [numbers('g', count), numbers('b', count)],
  });

  it.each<[string, number, number, number | null, number, readonly number[]]>([
    ['InstanceNormalization', 22, 8, null, 8, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['GroupNormalization', 21, 8, 4, 4, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['GroupNormalization', 18, 4, 4, 4, [1, 1, 2, 2, 3, 3, 4, 4]],
  ])('%s of set %i with %i numbers is a group norm', async (opType, version, count, groups, expected, gamma) => {
    const read = await readBytes(modelOf(of(opType, count, groups), { opsetImport: [{ domain: '', version }] }));
    if (!read.ok) throw new Error(read.diagnostics[0]?.summary.en);
    expect(read.value.document.nodes.at(-1)).toMatchObject({ kind: 'groupnorm', params: { groups: expected } });
    const id = read.value.document.nodes.at(-1)!.id;
    expect([...read.value.model!.weights[`${id}/gamma`]!.data]).toEqual(gamma);
  });

  it.each([
    [-1, { kind: 'rmsnorm', params: { epsilon: 1e-5 } }],
    // Over the whole sample there is none.
    [1, { kind: 'opaque', params: { operation: 'RMSNormalization', shape: [4, 8, 4] } }],
  ])('RMSNormalization from axis %i on', async (axis, expected) => {
    const norm = { opType: 'RMSNormalization', name: 'n', output: ['z'] };
    const turned = (from: string, to: string, perm: number[]): Fields => ({
      opType: 'Transpose',
      name: `t${to}`,
      input: [from],
      output: [to],
      attribute: [{ name: 'perm', type: 7, ints: perm }],
    });
    const node = [
      turned('x', 'last', [0, 2, 3, 1]),
      { ...norm, input: ['last', 'g'], attribute: [{ name: 'axis', type: 2, i: axis }] },
      turned('z', 'y', [0, 3, 1, 2]),
    ];
    const graph = { ...io, node, initializer: [numbers('g', 8)], valueInfo: [value('z', 'N', 4, 4, 8)] };
    const read = await readBytes(modelOf(graph, { opsetImport: [{ domain: '', version: 23 }] }));
    if (!read.ok) throw new Error(read.diagnostics[0]?.summary.en);
    const { kind, params } = expected;
    const found = read.value.document.nodes.find((one) => one.kind === kind);
    expect(found?.params).toMatchObject(params);
  });
});

/** Two norms behind each other that read the same tensors, by nodes of these names. */
async function twoNorms(first: string, second: string, fill: (at: number) => number) {
  const filled = (name: string): Fields =>
    tensor(name, [8], { rawData: new Uint8Array(Float32Array.from({ length: 8 }, (_, at) => fill(at)).buffer) });
  const norm = (name: string, from: string, to: string): Fields => ({
    opType: 'LayerNormalization',
    name,
    input: [from, 'gamma', 'beta'],
    output: [to],
  });
  const read = await readBytes(
    modelOf(
      {
        node: [norm(first, 'x', 'h'), norm(second, 'h', 'y')],
        initializer: [filled('gamma'), filled('beta')],
        input: [value('x', 'N', 8)],
        output: [value('y', 'N', 8)],
      },
      { opsetImport: [{ domain: '', version: 17 }] },
    ),
  );
  if (!read.ok) throw new Error(read.diagnostics[0]?.summary.en);
  return analyzeNetwork(read.value.document).totals.params;
}

describe('layers that read the same tensors of a file', () => {
  const [own, shared] = [32, 16];

  it.each<[string, string, string, (at: number) => number, number]>([
    ['learned ones share them', '/a/norm/LayerNorm', '/b/norm/LayerNorm', (at) => at + 0.5, shared],
    [
      'constants of two modules are two, which the exporter put together',
      '/a/n/LayerNorm',
      '/b/n/LayerNorm',
      () => 1,
      own,
    ],
    ['constants of two modules that are counted are two', '/b.0/n/LayerNorm', '/b.1/n/LayerNorm', () => 1, own],
    ['constants of two modules called alike are two', '/n_1/LayerNorm', '/n_2/LayerNorm', () => 0, own],
    ['constants of one module that is called twice are shared', '/a/n/LayerNorm', '/a/n_1/LayerNorm', () => 1, shared],
    ['constants of which no module is said are shared', 'LayerNorm_1', 'LayerNorm_2', () => 1, shared],
  ])('%s', async (_what, first, second, fill, params) => {
    expect(await twoNorms(first, second, fill)).toBe(params);
  });
});

describe('a view', () => {
  const [h, w, c]: readonly Factor[] = [{ size: 4 }, { size: 6 }, { size: 8 }];
  const map: View = { kind: 'view', node: 'n', base: [[h!], [w!], [c!]], axes: [[], [c!], [h!], [w!]] };

  it('moves factors for a reshape and a transpose, and adds no node', () => {
    const cut = reshaped(map, [1, 2, 4, 4, 6])!;
    const shuffled = reshaped(reordered(cut, [0, 2, 1, 3, 4]), [1, 8, 4, 6])!;
    expect(shapeOf(shuffled)).toEqual([1, 8, 4, 6]);
    const [, channels = [], height = [], width = []] = shuffled.axes;
    expect(arrangements(shuffled.base, [height, width, channels])).toEqual([
      { kind: 'shuffle', params: { groups: 2 } },
    ]);
  });

  it('is brought into another order by the fewest nodes', () => {
    expect(arrangements(map.base, map.base)).toEqual([]);
    expect(arrangements(map.base, [[c!], [h!], [w!]])).toEqual([{ kind: 'permute', params: { order: [3, 1, 2] } }]);
    expect(arrangements(map.base, [[h!, w!, c!]])).toEqual([{ kind: 'flatten', params: {} }]);
  });

  it('cannot be cut where sizes do not divide', () => {
    expect(reshaped(map, [1, 8, 3, 8])).toBeNull();
  });
});

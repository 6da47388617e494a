import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readers } from '../../../electron/host/imports/readers';
import { parseNetwork } from '../../../shared/document/parse';
import type { ImportFormat } from '../../../shared/imports/formats';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'convloom-formats-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const parsed = parseNetwork(readFileSync(`${fixtures}torch/net.json`, 'utf8'));
if (!parsed.ok) throw new Error('the network of the weights is not there');
const onto = parsed.value;

/** What a file gives: nothing that is wrong, or the code of the one diagnostic. Every value that was promised is read. */
async function outcomeOf(format: ImportFormat, content: string | Uint8Array, name = 'file'): Promise<string> {
  const path = join(dir, name);
  writeFileSync(path, content);
  const read = await readers[format]({ path, onto, signal: undefined });
  if (!read.ok) {
    expect(read.diagnostics).toHaveLength(1);
    return read.diagnostics[0]!.code;
  }
  for (const { shape, data } of Object.values(read.value.model?.weights ?? {})) {
    expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
  }
  return 'read';
}

const said = /^(read|import\/[\w-]+|model\/damaged|network\/[\w-]+)$/;

const binary: readonly (readonly [ImportFormat, string, string])[] = [
  ['tflite', 'tflite/bounds.tflite', 'file'],
  ['tflite', 'tflite/mobile.tflite', 'file'],
  ['torch', 'torch/checkpoint.pt', 'file'],
  ['torch', 'torch/legacy.pth', 'file'],
  ['safetensors', 'torch/half.safetensors', 'file'],
  ['tfjs', 'tfgraph/model.json', 'model.json'],
];

describe('a file that is cut off or changed', () => {
  it.each(binary)('is read or refused as %s, in words: %s', async (format, file, name) => {
    copyFileSync(`${fixtures}tfgraph/weights.bin`, join(dir, 'weights.bin'));
    const bytes = readFileSync(`${fixtures}${file}`);
    const before = process.memoryUsage().rss;
    expect(await outcomeOf(format, bytes, name)).toBe('read');
    for (let at = 0; at < 40; at++) {
      const length = Math.floor((bytes.length * at) / 40);
      expect([length, await outcomeOf(format, bytes.subarray(0, length), name)]).toEqual([
        length,
        expect.stringMatching(said),
      ]);
      const changed = Buffer.from(bytes);
      for (let one = at; one < changed.length; one += 997) changed[one] = 0xff - (changed[one] ?? 0);
      expect([at, await outcomeOf(format, changed, name)]).toEqual([at, expect.stringMatching(said)]);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(5e8);
  });
});

const deep = 10_000;
const nests: readonly (readonly [ImportFormat, string, string | Uint8Array])[] = [
  ['caffe', 'messages', `name: "n" ${'layer { '.repeat(deep)}${'} '.repeat(deep)}`],
  ['nnc', 'messages', `network { ${'function { '.repeat(deep)}${'} '.repeat(deep)}}`],
  ['kerasJson', 'lists', `{"class_name":"Sequential","config":${'['.repeat(deep)}${']'.repeat(deep)}}`],
  [
    'kerasJson',
    'models',
    `${'{"class_name":"Sequential","config":{"name":"m","layers":['.repeat(deep)}${']}}'.repeat(deep)}`,
  ],
  ['tfjs', 'lists', `{"format":"graph-model","modelTopology":${'['.repeat(deep)}${']'.repeat(deep)}}`],
  [
    'torch',
    'tuples of a pickle',
    Buffer.concat([
      Buffer.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]),
      Buffer.from(`\x80\x02)${'\x85'.repeat(deep)}.`, 'latin1'),
    ]),
  ],
  ['safetensors', 'lists', safetensorsOf(`{"a":${'['.repeat(deep)}${']'.repeat(deep)}}`)],
];

function safetensorsOf(header: string): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header)]);
}

describe('10,000 parts in each other', () => {
  it.each(nests)('are refused as %s: %s', async (format, _what, content) => {
    expect(await outcomeOf(format, content)).toMatch(/^(import|model)\/(damaged|unsupported)$/);
  });
});

describe('sizes that lie', () => {
  it.each<readonly [ImportFormat, string, string | Uint8Array]>([
    ['safetensors', 'a header', safetensorsOf('{}').map((byte, at) => (at === 7 ? 0x7f : byte))],
    [
      'safetensors',
      'a tensor',
      safetensorsOf('{"fc.weight":{"dtype":"F32","shape":[1000000,1000000],"data_offsets":[0,4000000000000]}}'),
    ],
    [
      'nnc',
      'a kernel',
      'network { variable { name: "w" type: "Parameter" shape { dim: 1000000000 dim: 1000000000 } } function { name: "a" type: "Affine" input: "x" input: "w" output: "y" affine_param { base_axis: 1 } } variable { name: "x" type: "Buffer" shape { dim: 1 dim: 4 } } variable { name: "y" type: "Buffer" shape { dim: 1 dim: 1000000000 } } }',
    ],
  ])('are refused as %s: %s', async (format, _what, content) => {
    const before = process.memoryUsage().rss;
    expect(await outcomeOf(format, content)).toMatch(said);
    expect(process.memoryUsage().rss - before).toBeLessThan(5e8);
  });
});

describe('a graph that runs in a circle', () => {
  it.each<readonly [ImportFormat, string]>([
    [
      'tfjs',
      JSON.stringify({
        format: 'graph-model',
        modelTopology: {
          node: [
            {
              name: 'x',
              op: 'Placeholder',
              attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: [{ size: '-1' }, { size: '4' }] } } },
            },
            { name: 'a', op: 'Add', input: ['x', 'b'] },
            { name: 'b', op: 'Relu', input: ['a'] },
          ],
        },
        weightsManifest: [],
      }),
    ],
    [
      'caffe',
      'name: "n" input: "data" input_dim: 1 input_dim: 1 input_dim: 4 input_dim: 4 layer { name: "a" type: "ReLU" bottom: "b" top: "a" } layer { name: "b" type: "ReLU" bottom: "a" top: "b" }',
    ],
    [
      'nnc',
      'network { variable { name: "a" type: "Buffer" shape { dim: 1 dim: 4 } } variable { name: "b" type: "Buffer" shape { dim: 1 dim: 4 } } function { name: "f" type: "ReLU" input: "a" output: "b" } function { name: "g" type: "ReLU" input: "b" output: "a" } }',
    ],
  ])('is refused as %s', async (format, content) => {
    expect(await outcomeOf(format, content)).toMatch(/^import\/(damaged|unsupported)$/);
  });
});

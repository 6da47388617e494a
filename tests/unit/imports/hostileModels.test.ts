import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readers } from '../../../electron/host/imports/readers';
import type { ImportFormat } from '../../../shared/imports/formats';
import { isPlainKeras } from '../../../shared/imports/keras/model';
import { zipOf } from '../../support/zip';

const fixtures = fileURLToPath(new URL('../../fixtures/keras/', import.meta.url));

let dir: string;
const at = (name: string): string => join(dir, name);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-hostile-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** The code and the words of the one diagnostic that a file gives; null where it was read. */
async function refusal(format: ImportFormat, path: string): Promise<readonly [string, string] | null> {
  const read = await readers[format]({ path, onto: undefined, signal: undefined });
  if (read.ok) return null;
  expect(read.diagnostics).toHaveLength(1);
  return [read.diagnostics[0]!.code, read.diagnostics[0]!.summary.en];
}

async function refusalOf(
  format: ImportFormat,
  content: string | Uint8Array,
): Promise<readonly [string, string] | null> {
  writeFileSync(at('file'), content);
  return await refusal(format, at('file'));
}

const input = (name: string) => ({
  class_name: 'InputLayer',
  name,
  config: { name, batch_shape: [null, 4, 4, 1] },
  inbound_nodes: [],
});
const layer = (name: string, className: string, from: readonly string[], config: object = {}) => ({
  class_name: className,
  name,
  config: { name, ...config },
  inbound_nodes: [[...from.map((one) => [one, 0, 0, {}])]],
});
const functional = (layers: readonly unknown[], output: string) => ({
  class_name: 'Functional',
  config: { name: 'm', layers, input_layers: [['x', 0, 0]], output_layers: [[output, 0, 0]] },
});

describe('a Keras file that is not what it says', () => {
  it('is refused wherever a .h5 is cut off', async () => {
    const bytes = readFileSync(`${fixtures}plain.h5`);
    for (let length = 9; length < bytes.length - 1; length += 211) {
      const refused = await refusalOf('kerasHdf5', bytes.subarray(0, length));
      expect([length, refused?.[0]]).toEqual([length, 'import/damaged']);
    }
  });

  it('is read or refused, and never more than that, with any of its bytes changed', async () => {
    const bytes = readFileSync(`${fixtures}plain.h5`);
    for (let place = 8; place < 6000; place += 53) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 0xff;
      writeFileSync(at('file'), changed);
      const read = await readers.kerasHdf5({ path: at('file'), onto: undefined, signal: undefined });
      if (!read.ok) expect(read.diagnostics).toHaveLength(1);
    }
  });

  it('is refused wherever an archive is cut off', async () => {
    const bytes = readFileSync(`${fixtures}plain.keras`);
    for (let length = 4; length < bytes.length - 1; length += 997) {
      expect((await refusalOf('keras', bytes.subarray(0, length)))?.[0]).toBe('model/damaged');
    }
  });

  it('is no bomb: an archive whose weights would unpack to a thousand times its size', async () => {
    const bomb = zipOf([
      { name: 'config.json', data: Buffer.from('{}') },
      { name: 'model.weights.h5', data: Buffer.alloc(50_000_000) },
    ]);
    expect(bomb.length).toBeLessThan(100_000);
    expect((await refusalOf('keras', bomb))?.[0]).toBe('model/damaged');
  });

  it('names what an archive lacks', async () => {
    const half = zipOf([{ name: 'config.json', data: Buffer.from('{}') }]);
    expect((await refusalOf('keras', half))?.[1]).toMatch(/it has no model\.weights\.h5/);
  });

  const deep = (open: string, close: string): string => open.repeat(10_000) + close.repeat(10_000);
  it.each<[string, string, RegExp]>([
    [
      'lists',
      `{"class_name":"Functional","config":{"layers":[],"output_layers":${deep('[', ']')}}}`,
      /nested too deeply/,
    ],
    [
      'models',
      `${'{"class_name":"Sequential","config":{"layers":['.repeat(10_000)}${']}}'.repeat(10_000)}`,
      /nested too deeply/,
    ],
    [
      'arguments',
      JSON.stringify(functional([input('x'), { ...layer('y', 'Add', ['x']), inbound_nodes: 0 }], 'y')).replace(
        '"inbound_nodes":0',
        `"inbound_nodes":[{"args":${deep('[', ']')},"kwargs":{}}]`,
      ),
      /nested too deeply/,
    ],
  ])('is refused with %s ten thousand levels deep', async (_what, words, said) => {
    const refused = await refusalOf('kerasJson', words);
    expect(refused?.[0]).toBe('import/damaged');
    expect(refused?.[1]).toMatch(said);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no model', {}, 'import/damaged', /no model/],
    ['a class of its own', { class_name: 'MyModel', config: {} }, 'import/damaged', /MyModel.*Python/],
    ['two layers of one name', functional([input('x'), input('x')], 'x'), 'import/damaged', /same name/],
    [
      'a circle of layers',
      functional([input('x'), layer('a', 'Add', ['x', 'b']), layer('b', 'Add', ['a', 'x'])], 'b'),
      'import/damaged',
      /hangs on itself/,
    ],
    ['a layer that is not there', functional([input('x'), layer('a', 'ReLU', ['y'])], 'a'), 'import/damaged', /“y”/],
    ['an output that is not there', functional([input('x')], '__proto__'), 'import/damaged', /__proto__/],
    [
      'a layer of another kind',
      functional([input('x'), layer('a', 'MultiHeadAttention', ['x'])], 'a'),
      'import/layer-unknown',
      /“a” is a MultiHeadAttention/,
    ],
    [
      'a layer called as every object has one',
      functional([input('x'), layer('a', 'constructor', ['x'])], 'a'),
      'import/layer-unknown',
      /constructor/,
    ],
    [
      'code',
      functional([input('x'), layer('a', 'Lambda', ['x'], { function: 'os.system' })], 'a'),
      'import/layer-unknown',
      /Lambda/,
    ],
    [
      'a size that no memory holds',
      functional([input('x'), layer('a', 'Conv2D', ['x'], { filters: 1e9, kernel_size: 3 })], 'a'),
      'import/layer-unknown',
      /filters/,
    ],
    [
      'a kernel larger than its map',
      functional([input('x'), layer('a', 'Conv2D', ['x'], { filters: 1, kernel_size: 9 })], 'a'),
      'import/layer-unknown',
      /“a”/,
    ],
  ])('is refused with %s', async (_what, model, code, said) => {
    const refused = await refusalOf('kerasJson', JSON.stringify(model));
    expect(refused?.[0]).toBe(code);
    expect(refused?.[1]).toMatch(said);
  });

  it('is not given to Keras where it names code', () => {
    const plain = JSON.stringify(functional([{ ...input('x'), module: 'keras.layers' }], 'x'));
    expect(isPlainKeras(plain)).toBe(true);
    expect(isPlainKeras(plain.replace('keras.layers', 'os'))).toBe(false);
    expect(isPlainKeras(plain.replace('keras.layers', 'keras_evil.layers'))).toBe(false);
    expect(isPlainKeras(JSON.stringify(functional([layer('a', 'Lambda', ['x'])], 'a')))).toBe(false);
    expect(isPlainKeras(JSON.stringify({ config: [{ class_name: '__lambda__', config: {} }] }))).toBe(false);
  });

  it('may have a path and code for a name, which become an id', async () => {
    const name = '../../etc/passwd"; process.exit(1)';
    writeFileSync(at('file'), JSON.stringify(functional([input('x'), layer(name, 'ReLU', ['x'])], name)));
    const read = await readers.kerasJson({ path: at('file'), onto: undefined, signal: undefined });
    expect(read.ok && read.value.document.nodes.map(({ id }) => id)).toEqual(['x', 'etc_passwd_process_exit_1']);
  });
});

describe('a model of TensorFlow.js that is not what it says', () => {
  const weight = { name: 'a/kernel', shape: [3, 3, 1, 2], dtype: 'float32' };
  const model = (paths: readonly unknown[], weights: readonly unknown[] = [weight]) =>
    JSON.stringify({
      format: 'layers-model',
      modelTopology: {
        model_config: functional(
          [input('x'), layer('a', 'Conv2D', ['x'], { filters: 2, kernel_size: 3, use_bias: false })],
          'a',
        ),
      },
      weightsManifest: [{ paths, weights }],
    });

  it.each([
    '../secret.bin',
    '../../etc/passwd',
    '/etc/passwd',
    'C:\\secret.bin',
    'inner/../../secret.bin',
    '..\\secret.bin',
    'https://example.org/w.bin',
    '',
    'a\0b',
  ])('never reads outside of its folder: %j', async (path) => {
    writeFileSync(join(dir, 'secret.bin'), Buffer.alloc(72));
    expect((await refusalOf('tfjs', model([path])))?.[1]).toMatch(/outside of its folder/);
  });

  it('follows no link that leads out of its folder', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'convloom-outside-'));
    writeFileSync(join(outside, 'w.bin'), Buffer.alloc(72));
    symlinkSync(join(outside, 'w.bin'), at('w.bin'));
    expect(await refusalOf('tfjs', model(['w.bin']))).toEqual(['import/part-outside', expect.stringMatching(/w\.bin/)]);
    await rm(outside, { recursive: true });
  });

  it.each<[string, string, number, RegExp]>([
    ['files that are cut off', model(['w.bin']), 71, /need 72 B, and its files have 71 B/],
    ['sizes that lie', model(['w.bin'], [{ ...weight, shape: [65_536, 65_536, 64, 2] }]), 72, /need 2.* TB/],
    [
      'sizes beyond counting',
      model(['w.bin'], [{ ...weight, shape: [2 ** 52, 2 ** 52] }]),
      72,
      /larger than any memory/,
    ],
    ['negative sizes', model(['w.bin'], [{ ...weight, shape: [-1] }]), 72, /no name, shape or type/],
    ['a type that there is none of', model(['w.bin'], [{ ...weight, dtype: 'string' }]), 72, /is string/],
    ['two weights of one name', model(['w.bin'], [weight, weight]), 144, /same name/],
    ['a weight of another shape', model(['w.bin'], [{ ...weight, shape: [2, 9, 1, 1] }]), 72, /3×3×1×2/],
    ['weights of other layers', model(['w.bin'], [{ ...weight, name: 'b/kernel' }]), 72, /needs 1 and has 0/],
    ['JSON that ends early', '{"format":"layers-model"', 72, /JSON/],
  ])('is refused with %s', async (_what, words, sizeBytes, said) => {
    writeFileSync(at('w.bin'), Buffer.alloc(sizeBytes));
    const refused = await refusalOf('tfjs', words);
    expect(refused?.[0]).toBe('import/damaged');
    expect(refused?.[1]).toMatch(said);
  });

  it('is refused without its weights, by the name of their file', async () => {
    expect(await refusalOf('tfjs', model(['w.bin']))).toEqual(['import/part-missing', expect.stringMatching(/w\.bin/)]);
  });

  it('is read where all of it is there', async () => {
    writeFileSync(at('w.bin'), Buffer.alloc(72));
    expect(await refusalOf('tfjs', model(['w.bin']))).toBeNull();
  });
});

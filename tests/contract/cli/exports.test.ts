import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readModel } from '../../../electron/files/models';
import { decodeSafetensors } from '../../../electron/files/safetensors';
import type { NetworkDocument } from '../../../shared/schema/document';
import { chain } from '../../support/chain';
import { convloom } from '../../support/commandLine';
import { modelFolder, seededWeights } from '../../support/modelFolder';

const network = chain([
  ['x', 'input', { shape: [8, 8, 1] }],
  ['c', 'conv', { filters: 2, kernelSize: 3 }],
  ['f', 'fc', { units: 3 }],
]);
const openNetwork = chain([
  ['x', 'input', { shape: [null, null, 1] }],
  ['c', 'conv', { filters: 2, kernelSize: 3, strides: 2, padding: 'same' }],
  ['u', 'upsample', {}],
  ['m', 'add', {}, ['u', 'x']],
]);

type Written = {
  readonly files: readonly string[];
  readonly proof: { readonly maxDifference: number; readonly scale: number; readonly runtime: string } | null;
  readonly notProved?: string;
};
type Failed = { readonly diagnostics: readonly { readonly code: string }[] };

let dir: string;
const at = (name: string): string => join(dir, name);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-export-'));
  process.env['CONVLOOM_HOME'] = at('home');
});
afterEach(async () => {
  delete process.env['CONVLOOM_HOME'];
  await rm(dir, { recursive: true, force: true });
});

async function networkFile(document: NetworkDocument): Promise<string> {
  await writeFile(at('network.json'), JSON.stringify(document));
  return at('network.json');
}

describe('convloom export --to onnx', () => {
  it.each([
    ['of known sizes', network],
    ['whose sizes are open', openNetwork],
  ])('writes a network %s and proves it with ONNX Runtime, each time the same file', async (_which, document) => {
    const file = await networkFile(document);
    const names = ['a.onnx', 'b.onnx'];
    for (const name of names) {
      const { code, json } = await convloom('export', file, '--to', 'onnx', '-o', at(name), '--json');
      expect(code).toBe(0);
      const { files, proof } = json() as Written;
      expect(files).toEqual([at(name)]);
      expect(proof!.runtime).toMatch(/^ONNX Runtime/);
      expect(proof!.maxDifference).toBeLessThan(1e-4 * proof!.scale);
    }
    const [a, b] = await Promise.all(names.map((name) => readFile(at(name))));
    expect(a!.equals(b!)).toBe(true);
  });

  it('takes the weights of a model along', async () => {
    await modelFolder(at('model'), network, null, seededWeights(network, 9));
    const written = await convloom('export', '--run', at('model'), '--to', 'onnx', '-o', at('m.onnx'), '--json');
    expect((written.json() as Written).proof!.maxDifference).toBeLessThan(1e-5);
    const file = await networkFile(network);
    await convloom('export', file, '--to', 'onnx', '-o', at('plain.onnx'));
    const [own, plain] = await Promise.all([at('m.onnx'), at('plain.onnx')].map((path) => readFile(path)));
    expect(own!.equals(plain!)).toBe(false);
    const kernel = seededWeights(network, 9)['c/kernel']!;
    // One channel in and nine places: the first filter is every second number.
    const first = Float32Array.from({ length: 9 }, (_, place) => kernel.data[2 * place]!);
    expect(own!.includes(Buffer.from(first.buffer))).toBe(true);
  });
});

describe('convloom export --to savedmodel', () => {
  it('writes a folder whose README says how it is called and what its proof came to', async () => {
    const file = await networkFile(network);
    const { code, json } = await convloom('export', file, '--to', 'savedmodel', '-o', at('saved'), '--json');
    expect(code).toBe(0);
    expect((await readdir(at('saved'))).toSorted()).toEqual(['README.md', 'saved_model.pb']);
    const { proof, notProved } = json() as Written;
    if (proof === null) expect(notProved).toMatch(/TensorFlow/);
    else expect(proof.maxDifference).toBeLessThan(1e-4 * proof.scale);
    const readme = await readFile(join(at('saved'), 'README.md'), 'utf8');
    expect(readme).toContain("answer = serve(x=...)['f']");
    expect(readme).toMatch(/## Proof\n\n(Run by TensorFlow|Not proved: )/);
  });

  it('refuses open sizes and writes nothing', async () => {
    const file = await networkFile(openNetwork);
    const refused = await convloom('export', file, '--to', 'savedmodel', '-o', at('saved'), '--json');
    expect([refused.code, (refused.json() as Failed).diagnostics[0]!.code]).toEqual([1, 'export/size-open']);
    expect(existsSync(at('saved'))).toBe(false);
  });
});

describe('convloom export --to safetensors', () => {
  it('writes weights that an import puts back on the network, every one the same', async () => {
    const file = await networkFile(network);
    await modelFolder(at('model'), network, null, seededWeights(network, 5));
    const target = ['--to', 'safetensors', '-o', at('w.safetensors'), '--json'];
    expect((await convloom('export', '--run', at('model'), ...target)).code).toBe(0);
    const { metadata } = decodeSafetensors(await readFile(at('w.safetensors')));
    expect(metadata).toEqual({ format: 'convloom.weights', name: 'test', layout: 'channels last' });
    const back = await convloom('import', at('w.safetensors'), '--onto', file, '-o', at('back'), '--json');
    expect(back.code).toBe(0);
    const [before, after] = await Promise.all([readModel(at('model')), readModel(at('back'))]);
    expect(after.ok && after.value.weights).toEqual(before.ok && before.value.weights);
  });

  it('asks for a run where there are no weights, and writes nothing', async () => {
    const file = await networkFile(network);
    const refused = await convloom('export', file, '--to', 'safetensors', '-o', at('w.safetensors'), '--json');
    expect([refused.code, (refused.json() as Failed).diagnostics[0]!.code]).toEqual([1, 'export/needs-weights']);
    expect(existsSync(at('w.safetensors'))).toBe(false);
  });
});

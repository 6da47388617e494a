import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../../electron/host/imports/own';
import { readTorch } from '../../../electron/host/imports/torch';
import { encodeSafetensors } from '../../../electron/files/safetensors';
import type { Imported } from '../../../electron/host/imports/readers';
import { parseNetwork } from '../../../shared/document/parse';
import type { TensorMap } from '../../../shared/ops/tensor';
import { differenceTo, readAnswers, whole } from '../../support/forwardByDefinition';

const folder = join(import.meta.dirname, '../../fixtures/torch');
const network = whole(parseNetwork(readFileSync(join(folder, 'net.json'), 'utf8')));
const answer = readAnswers(join(folder, 'answers.json'))['net']!;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-torch-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function put(path: string, onto = network): Promise<Imported> {
  return whole(await readSafetensors({ path, onto, signal: undefined }));
}

function becameOf({ report }: Imported) {
  return new Map(report.map(({ source, nodeId, status, why }) => [source, { nodeId, status, why: why?.en ?? '' }]));
}

describe('a state_dict of PyTorch on a network', () => {
  it('gives the values that PyTorch computes, whichever order its names are in', async () => {
    expect(await differenceTo(await put(join(folder, 'net.safetensors')), answer)).toBeLessThan(1e-5);
  });

  it('in half precision, with the names of parallel training, gives them to half precision', async () => {
    const difference = await differenceTo(await put(join(folder, 'half.safetensors')), answer);
    expect(difference).toBeGreaterThan(1e-6);
    expect(difference).toBeLessThan(1e-2);
  });

  it.each(['checkpoint.pt', 'legacy.pth', 'whole.pt'])('is read from %s of torch.save as well', async (name) => {
    const imported = whole(await readTorch({ path: join(folder, name), onto: network, signal: undefined }));
    expect(await differenceTo(imported, answer)).toBeLessThan(1e-5);
    expect(becameOf(imported).get('bn1.running_var')).toMatchObject({ nodeId: 'bn_1', status: 'same' });
  });

  it.each(['checkpoint.pt', 'legacy.pth'])('that is cut off anywhere, as %s, is damaged', async (name) => {
    const bytes = readFileSync(join(folder, name));
    for (let end = 1; end < bytes.length; end += 997) {
      writeFileSync(join(dir, name), bytes.subarray(0, end));
      const refused = await readTorch({ path: join(dir, name), onto: network, signal: undefined });
      expect(refused.ok ? [] : refused.diagnostics.map(({ code }) => code)).toHaveLength(1);
    }
  });

  it('is matched by name, by shape alone, or by place among equal shapes, and says which', async () => {
    const lines = becameOf(await put(join(folder, 'net.safetensors')));
    expect(lines.get('stem.weight')).toMatchObject({ nodeId: 'stem', status: 'same' });
    expect(lines.get('bn1.running_var')).toMatchObject({ nodeId: 'bn_1', status: 'same' });
    expect(lines.get('head.bias')).toMatchObject({ nodeId: 'out', status: 'changed' });
    expect(lines.get('head.bias')?.why).toMatch(/alone has these shapes/);
    expect(lines.get('blocks.1.3.weight')).toMatchObject({ nodeId: 'second_point', status: 'changed' });
    expect(lines.get('blocks.1.3.weight')?.why).toMatch(/place among 2/);
    expect(lines.get('bn1.num_batches_tracked')).toMatchObject({ nodeId: null, status: 'left' });
  });

  const conv = (values: number) => ({
    dtype: 'float32' as const,
    shape: [2, 1, 1, 1],
    data: Float32Array.of(values, values),
  });
  const chain = (ids: readonly string[]) =>
    whole(
      parseNetwork(
        JSON.stringify({
          format: 'convloom.network',
          version: 1,
          name: 'n',
          nodes: [
            { id: 'x', kind: 'input', params: { shape: [2, 2, 2] } },
            ...ids.map((id) => ({
              id,
              kind: 'conv',
              params: { filters: 2, kernelSize: 1, groups: 2, useBias: false },
            })),
          ],
          edges: ids.map((id, at) => ({ from: ids[at - 1] ?? 'x', to: id })),
        }),
      ),
    );
  const written = (tensors: TensorMap): string => {
    writeFileSync(join(dir, 'w.safetensors'), encodeSafetensors(tensors));
    return join(dir, 'w.safetensors');
  };

  it('takes what is named before what is in order', async () => {
    const path = written({ 'm.b.weight': conv(1), 'm.a.weight': conv(2), 'm.c.weight': conv(3) });
    const { model } = await put(path, chain(['one', 'b', 'two']));
    expect(Object.entries(model!.weights).map(([name, { data }]) => [name, data[0]])).toEqual([
      ['one/kernel', 2],
      ['b/kernel', 1],
      ['two/kernel', 3],
    ]);
  });

  it('counts the numbers in names as numbers, where the file is in the order of the alphabet', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `features.${at}.weight`).toSorted();
    const counter = { dtype: 'int32' as const, shape: [1], data: Int32Array.of(1) };
    const tensors = names.map((name) => [name, conv(Number(name.split('.')[1]))] as const);
    const path = written({ 'features.0.num_batches_tracked': counter, ...Object.fromEntries(tensors) });
    const { model } = await put(path, chain(Array.from({ length: 12 }, (_, at) => `c${at}`)));
    expect(Object.values(model!.weights).map(({ data }) => data[0])).toEqual(Array.from({ length: 12 }, (_, at) => at));
  });

  it('names what is ambiguous, and guesses nothing', async () => {
    const path = written({ 'a.weight': conv(1), 'b.weight': conv(2), 'c.weight': conv(3) });
    const imported = await put(path, chain(['a', 'two']));
    const lines = becameOf(imported);
    expect(lines.get('a.weight')).toMatchObject({ nodeId: 'a', status: 'same' });
    expect(lines.get('b.weight')?.why).toMatch(/Several layers have these shapes, and none has this name/);
    expect(lines.get('two/kernel')?.why).toMatch(/Give it the name/);
  });

  it('of which nothing fits is refused with examples of both', async () => {
    const path = written({ 'a.weight': { ...conv(1), shape: [1, 1, 1, 2] } });
    const read = await readSafetensors({ path, onto: chain(['a']), signal: undefined });
    expect(read.ok ? null : read.diagnostics[0]?.code).toBe('import/nothing-matches');
    expect(read.ok ? null : read.diagnostics[0]?.why?.en).toMatch(/a\.weight 1×1×1×2.*a\/kernel 2×1×1×1/);
  });

  it('is refused wherever it is cut off', async () => {
    const bytes = readFileSync(join(folder, 'net.safetensors'));
    for (let length = 1; length < bytes.length; length += 401) {
      writeFileSync(join(dir, 'cut'), bytes.subarray(0, length));
      const read = await readSafetensors({ path: join(dir, 'cut'), onto: network, signal: undefined });
      expect(read.ok ? null : read.diagnostics.map(({ code }) => code)).toEqual(['model/damaged']);
    }
  });
});

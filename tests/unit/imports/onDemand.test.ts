import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { afterAll, describe, expect, it } from 'vitest';
import { readSafetensors, encodeSafetensors } from '../../../electron/files/safetensors';
import type { Answerer } from '../../../electron/host/answerer';
import { importBeside } from '../../../electron/host/imports/importThread';
import { readOnnx } from '../../../electron/host/imports/onnx';
import { readTorch } from '../../../electron/host/imports/torch';
import { hostFailed } from '../../../shared/diagnostics/catalog/host';
import { failure } from '../../../shared/diagnostics/diagnostic';
import { parseNetwork } from '../../../shared/document/parse';
import {
  arrangedTensor,
  joined,
  joinedRanges,
  rangesInMemory,
  turnedPlaces,
  valueCount,
  withShape,
  type ByteRange,
} from '../../../shared/imports/arranged';
import { storedWeights } from '../../../shared/imports/tfjs/manifest';
import { transposed } from '../../../shared/imports/onnx/tensors';

const folder = mkdtempSync(join(tmpdir(), 'convloom-on-demand-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const torch = join(import.meta.dirname, '../../fixtures/torch');
const proto = readFileSync(join(import.meta.dirname, '../../../shared/imports/onnx/onnx.proto'), 'utf8');
const modelType = protobuf.parse(proto).root.lookupType('onnx.ModelProto');

const value = (name: string, ...sizes: number[]): object => ({
  name,
  type: { tensorType: { elemType: 1, shape: { dim: sizes.map((dimValue) => ({ dimValue })) } } },
});

/** A model of one FC whose weights count up; `stored` says how they lie in the file. */
function modelOf(inputs: number, units: number, stored: 'raw' | 'list'): Uint8Array {
  const data = Float32Array.from({ length: inputs * units }, (_, at) => at % 1021);
  const w = { name: 'w', dataType: 1, dims: [units, inputs] };
  const weights = stored === 'raw' ? { ...w, rawData: new Uint8Array(data.buffer) } : { ...w, floatData: [...data] };
  const attribute = [{ name: 'transB', type: 2, i: 1 }];
  const graph = {
    name: 'g',
    node: [{ opType: 'Gemm', input: ['x', 'w'], output: ['y'], attribute }],
    initializer: [weights],
    input: [value('x', 1, inputs)],
    output: [value('y', 1, units)],
  };
  return modelType.encode({ irVersion: 8, opsetImport: [{ version: 13 }], graph }).finish();
}

/** No engine stands by. */
const answerer: Pick<Answerer, 'ask'> = { ask: (name) => Promise.resolve(failure(hostFailed(name, 'none'))) };

describe('a tensor that is still in its file', () => {
  it('comes piece by piece in any order of its axes', () => {
    const shape = [5, 70, 3, 33];
    const values = Float32Array.from({ length: 5 * 70 * 3 * 33 }, (_, at) => at);
    for (const order of [
      [2, 3, 1, 0],
      [3, 2, 1, 0],
      [0, 1, 2, 3],
      [1, 0, 3, 2],
    ]) {
      const places = turnedPlaces(shape, order);
      const tensor = arrangedTensor(places.sizes, places, () => values);
      expect(tensor.data).toEqual(transposed(values, shape, order));
    }
  });

  it('is never read by more than a piece at a time, over files that cut its values, packed or not', () => {
    const values = Uint16Array.from({ length: 2_500_000 }, (_, at) => at % 65_521);
    const bytes = new Uint8Array(values.buffer);
    const asked: number[] = [];
    const cuts = [0, 1_000_001, 1_000_003, 3_999_999, bytes.length];
    const files = cuts.slice(1).map((end, at) => {
      const file = rangesInMemory(bytes.subarray(cuts[at], end));
      const range = (offset: number, length: number): ByteRange => {
        asked.push(length);
        return file.range(offset, length);
      };
      return { ...file, range };
    });
    const shape = [2500, 1000];
    const quantization = { dtype: 'uint16', scale: 0.5, min: -1 };
    const listed = { name: 'w', shape, dtype: 'float32', quantization, offset: 0, byteLength: bytes.length };
    const group = { paths: [], weights: [listed], byteLength: bytes.length };
    const tensor = storedWeights(group, joinedRanges(files))[0]!.read();
    expect([asked, valueCount(withShape(tensor, [2_500_000]))]).toEqual([[], 2_500_000]);
    const pieces = [...tensor.pieces!()];
    expect(Math.max(...asked)).toBeLessThanOrEqual(2 ** 21);
    expect(joined(pieces).every((value, at) => value === (values[at]! - 2) / 2)).toBe(true);
    expect(tensor.data).toEqual(joined(pieces));
  });

  it.each(['raw', 'list'] as const)('is read when it is asked for, from %s data of ONNX', async (stored) => {
    const path = join(folder, `${stored}.onnx`);
    writeFileSync(path, modelOf(300, 70, stored));
    const read = await readOnnx({ path, onto: undefined, signal: undefined });
    if (!read.ok) throw new Error(read.diagnostics[0]?.summary.en);
    const [kernel] = Object.values(read.value.model!.weights);
    expect(kernel!.pieces).toBeDefined();
    expect([kernel!.shape, kernel!.data[1], kernel!.data[70]]).toEqual([[300, 70], 300, 1]);
    appendFileSync(path, 'x');
    expect(() => kernel!.data).toThrow('changed');
  });

  it.each(['checkpoint.pt', 'whole.pt'])('is read when it is asked for, from the zip of PyTorch: %s', async (name) => {
    const path = join(folder, name);
    copyFileSync(join(torch, name), path);
    const onto = parseNetwork(readFileSync(join(torch, 'net.json'), 'utf8'));
    if (!onto.ok) throw new Error(onto.diagnostics[0]?.summary.en);
    const read = await readTorch({ path, onto: onto.value, signal: undefined });
    if (!read.ok) throw new Error(read.diagnostics[0]?.summary.en);
    const [kernel] = Object.values(read.value.model!.weights);
    expect(kernel!.data.length).toBeGreaterThan(0);
    appendFileSync(path, 'x');
    expect(() => kernel!.data).toThrow('changed');
  });
});

describe('a large file', () => {
  it('is imported in a thread: timers of the app go on, and the model has its values', async () => {
    const path = join(folder, 'large.onnx');
    writeFileSync(path, modelOf(2500, 1800, 'raw'));
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const save = { path: join(folder, 'large'), overwrite: false };
    const imported = await importBeside({ path, save }, { answerer, dataDir: folder, signal: undefined });
    clearInterval(timer);
    if (!imported.ok) throw new Error(imported.diagnostics[0]?.summary.en);
    expect(ticks).toBeGreaterThan(3);
    expect(imported.value.notProved).not.toBeNull();
    const [kernel] = Object.values(readSafetensors(join(folder, 'large', 'weights.safetensors')).tensors);
    expect([kernel!.shape, kernel!.data[1], kernel!.data[1800]]).toEqual([[2500, 1800], 2500 % 1021, 1]);
  });

  it('that nobody waits for any more leaves nothing', async () => {
    const path = join(folder, 'given-up.onnx');
    writeFileSync(path, modelOf(2500, 1800, 'raw'));
    const given = new AbortController();
    const save = { path: join(folder, 'given-up'), overwrite: false };
    const waiting = importBeside({ path, save }, { answerer, dataDir: folder, signal: given.signal });
    given.abort();
    const imported = await waiting;
    expect(imported.ok ? [] : imported.diagnostics.map(({ code }) => code)).toEqual(['host/cancelled']);
    expect(readdirSync(folder).filter((name) => name.includes('given-up'))).toEqual(['given-up.onnx']);
  });
});

describe('a safetensors file', () => {
  it('is read from the disk tensor by tensor as from memory, and says where it is cut', () => {
    const path = join(folder, 'w.safetensors');
    const bytes = encodeSafetensors({ a: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } });
    writeFileSync(path, bytes);
    expect(readSafetensors(path).tensors['a']!.data).toEqual(Float32Array.of(1, 2));
    for (const length of [0, 7, 20, bytes.length - 1]) {
      writeFileSync(path, bytes.subarray(0, length));
      expect(() => readSafetensors(path)).toThrow();
    }
  });
});

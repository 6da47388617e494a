import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { afterAll, describe, expect, it } from 'vitest';
import { runModelFile } from '../../../electron/engines/onnxruntime/modelFile';
import { encodeModel } from '../../../electron/engines/onnxruntime/proto';
import { readOnnx } from '../../../electron/host/imports/onnx';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printOnnx } from '../../../shared/exports/onnx';
import { randomUniform } from '../../../shared/compile/randomInputs';
import type { FloatTensors } from '../../../shared/ops/tensor';

const folder = mkdtempSync(join(tmpdir(), 'convloom-opaque-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const proto = readFileSync(join(import.meta.dirname, '../../../shared/imports/onnx/onnx.proto'), 'utf8');
const modelType = protobuf.parse(proto).root.lookupType('onnx.ModelProto');

type Fields = { readonly [field: string]: unknown };

const value = (name: string, ...sizes: (number | string)[]): Fields => ({
  name,
  type: {
    tensorType: {
      elemType: 1,
      shape: { dim: sizes.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size })) },
    },
  },
});
const floats = (name: string, dims: readonly number[]): Fields => {
  const count = dims.reduce((n, size) => n * size, 1);
  const data = randomUniform(3, name, 0, count).map((one) => one - 0.5);
  return { name, dataType: 1, dims, rawData: new Uint8Array(Float32Array.from(data).buffer) };
};
const ints = (name: string, ...values: number[]): Fields => ({
  name,
  dataType: 7,
  dims: [values.length],
  rawData: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
});
const node = (
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attribute: readonly Fields[] = [],
  domain = '',
): Fields => ({ opType, name: `${opType}_${output[0] ?? ''}`, input, output, attribute, domain });
const int = (name: string, i: number): Fields => ({ name, type: 2, i });
const word = (name: string, s: string): Fields => ({ name, type: 3, s: new TextEncoder().encode(s) });

/** Operators that have no layers here, between some that have. */
const graphs: readonly (readonly [string, Fields])[] = [
  [
    'Einsum with a constant, on a map',
    {
      node: [
        node('Conv', ['x', 'w'], ['c']),
        node('Einsum', ['c', 'e'], ['m'], [word('equation', 'nchw,cd->ndhw')]),
        node('Conv', ['m', 'v'], ['y']),
      ],
      initializer: [floats('w', [4, 3, 2, 2]), floats('e', [4, 5]), floats('v', [2, 5, 3, 3])],
      input: [value('x', 'N', 3, 6, 8)],
      output: [value('y', 'N', 2, 3, 5)],
      valueInfo: [value('m', 'N', 5, 5, 7)],
    },
  ],
  [
    'CumSum along an axis of a map, and one behind it',
    {
      node: [node('CumSum', ['x', 'axis'], ['a'], [int('exclusive', 1)]), node('Relu', ['a'], ['y'])],
      initializer: [{ name: 'axis', dataType: 7, dims: [], int64Data: [2] }],
      input: [value('x', 'N', 3, 4, 5)],
      output: [value('y', 'N', 3, 4, 5)],
      valueInfo: [value('a', 'N', 3, 4, 5)],
    },
  ],
  [
    'CumSum of a list that was a map, and its FC',
    {
      node: [
        node('Flatten', ['x'], ['f']),
        node('CumSum', ['f', 'axis'], ['a']),
        node('Gemm', ['a', 'k', 'b'], ['y'], [int('transB', 1)]),
      ],
      initializer: [{ name: 'axis', dataType: 7, dims: [], int64Data: [1] }, floats('k', [3, 24]), floats('b', [3])],
      input: [value('x', 'N', 2, 3, 4)],
      output: [value('y', 'N', 3)],
      valueInfo: [value('a', 'N', 24)],
    },
  ],
  [
    'one of several outputs, of tokens',
    {
      node: [
        node('Reshape', ['x', 'to'], ['t']),
        node('TopK', ['t', 'k'], ['top', 'places'], [int('axis', 2)]),
        node('CumSum', ['top', 'axis'], ['sums']),
        node('Flatten', ['sums'], ['list']),
        node('Gemm', ['list', 'w'], ['y'], [int('transB', 1)]),
      ],
      initializer: [
        ints('to', 0, 3, 20),
        ints('k', 4),
        { name: 'axis', dataType: 7, dims: [], int64Data: [1] },
        floats('w', [5, 12]),
      ],
      input: [value('x', 'N', 3, 4, 5)],
      output: [value('y', 'N', 5)],
      valueInfo: [value('top', 'N', 3, 4), value('sums', 'N', 3, 4)],
    },
  ],
];

async function imported(path: string) {
  const read = await readOnnx({ path, onto: undefined, signal: undefined });
  if (!read.ok) throw new Error(read.diagnostics.map(({ summary }) => summary.en).join());
  return read.value;
}

describe('an ONNX file with what is not understood', () => {
  it.each(graphs)('is written again as it was: %s', async (name, graph) => {
    const path = join(folder, `${name.replace(/\W+/g, '-')}.onnx`);
    const message = { irVersion: 8, opsetImport: [{ domain: '', version: 14 }], graph: { name: 'g', ...graph } };
    writeFileSync(path, modelType.encode(message).finish());
    const { document, model, report } = await imported(path);
    expect(report.some(({ status }) => status === 'opaque')).toBe(true);
    const printed = printOnnx(document, analyzeNetwork(document), () => model!.weights);
    if (!printed.ok) throw new Error(printed.diagnostics.map(({ summary }) => summary.en).join());
    const again = `${path}.again.onnx`;
    writeFileSync(again, encodeModel(printed.value));
    const sizes = (graph['input'] as readonly { type: { tensorType: { shape: { dim: Fields[] } } } }[])[0]!;
    const shape = [1, ...sizes.type.tensorType.shape.dim.slice(1).map(({ dimValue }) => dimValue as number)];
    const data = randomUniform(
      7,
      'x',
      0,
      shape.reduce((n, size) => n * size, 1),
    );
    const x = { dtype: 'float32' as const, shape, data: Float32Array.from(data) };
    const theirs = await runModelFile(path, { x });
    const ours = await runModelFile(again, { [printed.value.inputs[0]!.name]: x });
    const [right, given] = [theirs, ours].map(({ outputs }) => Object.values(outputs as FloatTensors)[0]!);
    expect(given!.data.length).toBe(right!.data.length);
    expect(Math.max(...given!.data.map((one, at) => Math.abs(one - right!.data[at]!)))).toBeLessThan(1e-5);
    // And once more from what was written.
    const back = await imported(again);
    expect(back.document.nodes.filter(({ kind }) => kind === 'opaque')).toHaveLength(
      document.nodes.filter(({ kind }) => kind === 'opaque').length,
    );
  });

  it('is refused by its name where an operator cannot stand alone', async () => {
    const path = join(folder, 'loop.onnx');
    const inner = { name: 'inner', node: [node('Relu', ['x'], ['z'])], output: [value('z', 'N', 3, 4, 5)] };
    const graph = {
      name: 'g',
      node: [
        node('Einsum', ['x', 'x'], ['y'], [word('equation', 'nchw,nchw->nchw'), { name: 'body', type: 5, g: inner }]),
      ],
      input: [value('x', 'N', 3, 4, 5)],
      output: [value('y', 'N', 3, 4, 5)],
    };
    writeFileSync(path, modelType.encode({ irVersion: 8, opsetImport: [{ version: 14 }], graph }).finish());
    const { document } = await imported(path);
    const printed = printOnnx(document, analyzeNetwork(document), () => ({}));
    expect(printed.ok ? [] : printed.diagnostics.map(({ code }) => code)).toEqual(['export/kind-not-printed']);
  });
});

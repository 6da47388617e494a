import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readers } from '../../../electron/host/imports/readers';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { askHere, forwardHere } from '../../support/forward';

const folder = fileURLToPath(new URL('../../fixtures/tfgraph/', import.meta.url));
const answers = JSON.parse(readFileSync(`${folder}answers.json`, 'utf8')) as { input: number[]; output: number[] };

it('a graph of TensorFlow gives what TensorFlow and TensorFlow.js give', async () => {
  const ask = askHere();
  const forward = forwardHere(ask);
  const read = await readers.tfjs({ path: `${folder}model.json`, onto: undefined, signal: undefined });
  if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
  const { document, model, report, prove } = read.value;
  const analysis = analyzeNetwork(document);
  expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const [input = '', output = ''] = [analysis.inputs[0], analysis.outputs[0]];
  const picture = { dtype: 'float32', shape: [1, 10, 10, 3], data: Float32Array.from(answers.input) } as const;
  const ours = await forward(model!, { [input]: picture }, [output]);
  if (!ours.ok) throw new Error(ours.diagnostics[0]!.summary.en);
  for (const [at, value] of ours.value[output]!.data.entries()) expect(value).toBeCloseTo(answers.output[at]!, 5);
  const outcome = await prove!(model!, forward, ask);
  expect(outcome.skipped).toBeNull();
  expect(outcome.proof!.maxDifference).toBeLessThan(1e-4 * outcome.proof!.scale);
  // Biases stand in the layers that they are added to, and weights are counted as TensorFlow has them.
  expect(document.nodes.filter(({ kind }) => kind === 'scale')).toHaveLength(2);
  const filters = 3 * 3 * 3 * 8 + 8 + 3 * 3 * 8 + 8 + 8 * 8;
  expect(analysis.totals.params).toBe(filters + 4 * 8 + (8 * 8 + 8) + (16 * 3 + 3));
  expect(report.filter(({ status }) => status === 'left')).toEqual([]);
});

type Node = { name: string; op: string; input?: string[]; attr?: { [name: string]: unknown } };

/** The graph with its first convolution, the sum behind it and the function behind that as the one operation that TensorFlow fuses them to. */
function fused(words: string): string {
  const model = JSON.parse(words) as { modelTopology: { node: Node[] } };
  const { node: nodes } = model.modelTopology;
  const conv = nodes.find(({ op }) => op === 'Conv2D')!;
  const sum = nodes.find(({ input }) => input?.includes(conv.name))!;
  const end = nodes.find(({ input }) => input?.includes(sum.name))!;
  const bias = sum.input!.find((name) => name !== conv.name)!;
  const base64 = (word: string): string => Buffer.from(word).toString('base64');
  Object.assign(end, {
    op: '_FusedConv2D',
    input: [...conv.input!, bias],
    attr: { ...conv.attr, num_args: { i: '1' }, fused_ops: { list: { s: ['BiasAdd', 'Relu6'].map(base64) } } },
  });
  model.modelTopology.node = nodes.filter((node) => node !== conv && node !== sum);
  return JSON.stringify(model);
}

it('a fused convolution is one layer with its bias and its function', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'convloom-graph-'));
  try {
    writeFileSync(join(dir, 'model.json'), fused(readFileSync(`${folder}model.json`, 'utf8')));
    copyFileSync(`${folder}weights.bin`, join(dir, 'weights.bin'));
    const ask = askHere();
    const read = await readers.tfjs({ path: join(dir, 'model.json'), onto: undefined, signal: undefined });
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    const first = read.value.document.nodes.find(({ kind }) => kind === 'conv');
    expect(first?.params).toMatchObject({ filters: 8, kernelSize: 3, strides: 2, activation: 'relu6' });
    expect(first?.params['useBias']).toBeUndefined();
    const outcome = await read.value.prove!(read.value.model!, forwardHere(ask), ask);
    expect(outcome.skipped).toBeNull();
    expect(outcome.proof!.maxDifference).toBeLessThan(1e-4 * outcome.proof!.scale);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

it('two operations that read the same weight are layers that share it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'convloom-graph-'));
  const shape = (...sizes: number[]) => ({ shape: { dim: sizes.map((size) => ({ size: String(size) })) } });
  const attr = {
    T: { type: 'DT_FLOAT' },
    strides: { list: { i: ['1', '1', '1', '1'] } },
    padding: { s: Buffer.from('SAME').toString('base64') },
  };
  const node = [
    { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: shape(-1, 4, 4, 2) } },
    { name: 'w', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } },
    { name: 'first', op: 'Conv2D', input: ['x', 'w'], attr },
    { name: 'second', op: 'Conv2D', input: ['first', 'w'], attr },
  ];
  const weights = [{ name: 'w', shape: [3, 3, 2, 2], dtype: 'float32' }];
  const model = {
    format: 'graph-model',
    modelTopology: { node, library: {}, versions: {} },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  try {
    writeFileSync(join(dir, 'model.json'), JSON.stringify(model));
    writeFileSync(join(dir, 'weights.bin'), Buffer.from(Float32Array.from({ length: 36 }, (_, at) => at / 36).buffer));
    const read = await readers.tfjs({ path: join(dir, 'model.json'), onto: undefined, signal: undefined });
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    const { nodes } = read.value.document;
    expect(nodes.map(({ kind, weightsOf }) => [kind, weightsOf ?? null])).toEqual([
      ['input', null],
      ['conv', null],
      ['conv', 'first'],
    ]);
    expect(analyzeNetwork(read.value.document).totals.params).toBe(36);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

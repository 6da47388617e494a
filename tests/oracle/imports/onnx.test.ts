import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answerer } from '../../../electron/host/answerer';
import { forwardByDefinition } from '../../support/forwardByDefinition';
import { readOnnx } from '../../../electron/host/imports/onnx';
import { runModelFile } from '../../../electron/engines/onnxruntime/modelFile';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { success } from '../../../shared/diagnostics/diagnostic';

const folder = join(import.meta.dirname, '../../fixtures/onnx');

const ask = (async (_name: string, { path, inputs }: { path: string; inputs: never }) =>
  success(await runModelFile(path, inputs))) as unknown as Answerer['ask'];

async function read(name: string) {
  const imported = await readOnnx({ path: join(folder, `${name}.onnx`), onto: undefined, signal: undefined });
  if (!imported.ok) throw new Error(imported.diagnostics.map(({ summary }) => summary.en).join('\n'));
  return imported.value;
}

/** What PyTorch counts, or the sizes written down in make.py. */
const files = [
  ['pools', 6 * 2 * 6 + (6 * 4 * 3 + 1) * 5],
  ['residual', 3 * 9 * 8 + 4 * 8 + (4 * 9 + 1) * 8 + 4 * 8 + 9 * 4],
  ['residual-folded', (3 * 9 + 1) * 8 + (4 * 9 + 1) * 8 + 9 * 4],
  ['mobile', 4 * 12 + 26 * 12 + 13 * 4 + 5 * 12],
  ['shuffle', 4 * 4 * 9],
  ['next', 50 * 8 + 16 + 9 * 16 + 17 * 8 + 8],
  ['next-dynamo', 50 * 8 + 16 + 9 * 16 + 17 * 8 + 8],
  ['decoder', 28 * 6 + 6 * 2 * 9 + 4 + 91 * 2],
  ['norms', 12 + 12 + 6],
  ['pixels', 0],
  ['channels-last', 28 * 6 + 121 * 5],
  ['old', 13 * 5 + 5 + 6 * 4],
  ['types', 19 * 4 + 4],
  ['open', 54],
  ['unpool', 81],
  ['declared-wrong', 48],
  ['vision', (48 + 1) * 12 + 12 + 7 * 12 + 24 + 13 * 36 + 13 * 12 + 13 * 24 + 25 * 12 + 13 * 5],
  ['encoder', (48 + 1) * 8 + 32 + 9 * 24 + 9 * 8 + 9 * 16 + 17 * 8 + 9 * 5],
  ['attention', 3 * 60 + 60],
] as const;

describe('an ONNX file', () => {
  it.each(files)(
    '%s: has %i parameters, the declared shapes, and the answers of ONNX Runtime',
    async (name, params) => {
      const { document, model, report, prove } = await read(name);
      const analysis = analyzeNetwork(document);
      expect(report.filter(({ status }) => status === 'opaque')).toEqual([]);
      expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(analysis.totals.params).toBe(params);
      expect(report.some(({ isFinding }) => isFinding === true)).toBe(name === 'declared-wrong');
      const outcome = await prove!(model!, forwardByDefinition, ask);
      expect(outcome.skipped).toBeNull();
      const { maxDifference, scale } = outcome.proof!;
      expect(scale).toBeGreaterThan(0.01);
      expect(maxDifference / scale).toBeLessThan(1e-5);
    },
  );

  it('keeps what is not known as opaque nodes, with their shapes and numbers, and all around it', async () => {
    const { document, report, model } = await read('unknown');
    const { nodes, ok } = analyzeNetwork(document);
    expect(ok).toBe(true);
    expect(report.filter(({ status }) => status === 'opaque').map(({ source }) => source)).toEqual(['b', 'c']);
    expect([...nodes.values()].map(({ kind, outputShape }) => [kind, outputShape])).toEqual([
      ['input', [6, 8, 3]],
      ['conv', [5, 7, 4]],
      ['opaque', [5, 7, 5]],
      ['opaque', [5, 7, 5]],
      ['conv', [3, 5, 2]],
    ]);
    expect(Object.values(model!.weights).reduce((sum, { data }) => sum + data.length, 0)).toBe(48 + 20 + 90);
  });

  it('leaves the size of pictures open where the file does', async () => {
    const { document } = await read('open');
    expect(document.nodes[0]).toMatchObject({ kind: 'input', params: { shape: [null, null, 3] } });
  });

  it('names nodes by the modules that they were, and puts a shuffle, a gate and a bias in their places', async () => {
    const idsOf = async (name: string) => (await read(name)).document.nodes.map(({ id, kind }) => `${id}:${kind}`);
    expect(await idsOf('next-dynamo')).toEqual(
      expect.arrayContaining(['conv:conv', 'norm:layernorm', 'gelu:activation']),
    );
    expect((await idsOf('shuffle')).filter((id) => /:(shuffle|permute|reshape)$/.test(id))).toEqual(
      ['reshape_4:shuffle'].map((id) => expect.stringContaining(id.slice(id.indexOf(':'))) as string),
    );
    expect((await idsOf('channels-last')).filter((id) => /:(permute|reshape|scale)$/.test(id))).toEqual([]);
  });
});

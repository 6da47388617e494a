import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTfliteFile } from '../../../electron/host/imports/tflite';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { rangesInMemory } from '../../../shared/imports/arranged';
import { readTflite } from '../../../shared/imports/tflite';
import { differenceTo, readAnswers, whole } from '../../support/forwardByDefinition';

const folder = join(import.meta.dirname, '../../fixtures/tflite');
const answers = readAnswers(join(folder, 'answers.json'));

async function read(name: string) {
  return whole(await readTfliteFile({ path: join(folder, `${name}.tflite`), onto: undefined, signal: undefined }));
}

describe('a TensorFlow Lite model', () => {
  it.each(['mobile', 'half', 'up', 'bounds', 'tied'])('%s gives the values of its interpreter', async (name) => {
    expect(await differenceTo(await read(name), answers[name]!)).toBeLessThan(1e-5);
  });

  it('has the functions that are fused into its operators in their layers', async () => {
    const { document } = await read('mobile');
    const kinds = document.nodes.map(({ kind, params }) =>
      typeof params['activation'] === 'string' ? `${kind} ${params['activation']}` : kind,
    );
    expect(kinds).toEqual(
      expect.arrayContaining(['conv relu6', 'conv sigmoid', 'fc relu', 'fc softmax', 'conv hardswish']),
    );
  });

  it('has positions for channels and bounds as one layer each', async () => {
    const { document } = await read('bounds');
    expect(document.nodes.map(({ kind, params }) => params['function'] ?? kind)).toEqual([
      'input',
      'spaceToDepth',
      'conv',
      'depthToSpace',
      'clip',
      'conv',
    ]);
  });

  it('has what is not known as opaque nodes with the shapes that it declares, and all around them', async () => {
    const { document, report } = await read('unknown');
    const { nodes, ok } = analyzeNetwork(document);
    expect(ok).toBe(true);
    expect(
      [...nodes.values()].map(({ kind, params, outputShape }) => [params?.['operation'] ?? kind, outputShape]),
    ).toEqual([
      ['input', [6, 4, 2]],
      ['conv', [6, 4, 3]],
      ['SIN', [6, 4, 3]],
      ['CUMSUM', [6, 4, 3]],
      ['conv', [6, 4, 2]],
    ]);
    expect(report.filter(({ status }) => status === 'opaque')).toHaveLength(2);
  });

  it('has layers with the same tensors as layers that share their weights', async () => {
    const { document } = await read('tied');
    expect(document.nodes.flatMap(({ kind, weightsOf }) => (weightsOf === undefined ? [] : [kind]))).toEqual(['conv']);
    expect(analyzeNetwork(document).totals.params).toBe((27 + 1) * 3 + (3 + 1) * 4);
  });

  it('that is quantised is refused with what to do', async () => {
    const refused = await readTfliteFile({ path: join(folder, 'int8.tflite'), onto: undefined, signal: undefined });
    expect(refused.ok ? null : refused.diagnostics.map(({ code }) => code)).toEqual(['import/layer-unknown']);
    expect(refused.ok ? '' : refused.diagnostics[0]!.summary.en).toMatch(/quantised|float32/);
  });

  it('is read or refused, and never more than that, wherever it is cut off', () => {
    const bytes = readFileSync(join(folder, 'mobile.tflite'));
    let refused = 0;
    for (let length = 8; length < bytes.length - 8; length += 211) {
      const result = readTflite('x', rangesInMemory(bytes.subarray(0, length)), 'x');
      if (result.ok) continue;
      expect(result.diagnostics).toHaveLength(1);
      refused += 1;
    }
    expect(refused).toBeGreaterThan(10);
  });

  it('is read or refused, and never more than that, with any of its bytes changed', () => {
    const bytes = readFileSync(join(folder, 'up.tflite'));
    for (let place = 0; place < bytes.length; place += 61) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 0xff;
      const result = readTflite('x', rangesInMemory(changed), 'x');
      if (!result.ok) expect(result.diagnostics).toHaveLength(1);
    }
  });
});

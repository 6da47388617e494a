import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { chain } from '../../support/chain';
import { describeContract, expectTraining } from '../../support/describeEngine';
import { printLayerList } from '../../support/layerListExport';
import { createPlainEngine } from '../../support/plainEngine';
import { trainingCases } from '../../support/trainingCases';

const root = resolve(import.meta.dirname, '../../..');

/** The examples of docs/extending.md: a block of code that begins with a path in a comment is a part of that file. */
function quotedFiles(): readonly (readonly [path: string, code: string])[] {
  const text = readFileSync(join(root, 'docs/extending.md'), 'utf8');
  return [...text.matchAll(/```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)```/g)].map(([, path = '', code = '']) => [path, code]);
}

describe('docs/extending.md', () => {
  it('quotes files that are there, as they are', () => {
    const quoted = quotedFiles();
    expect(quoted.map(([path]) => path)).toEqual([
      'tests/support/gainLayer.ts',
      'tests/support/layerListExport.ts',
      'tests/support/plainEngine.ts',
    ]);
    for (const [path, code] of quoted) expect(readFileSync(join(root, path), 'utf8'), path).toContain(code);
  });
});

describe('the new export target of the example', () => {
  it('prints every layer with its shape and parameters', () => {
    const network = chain([
      ['image', 'input', { shape: [28, 28, 1] }],
      ['c', 'conv', { filters: 20, kernelSize: 5 }],
      ['f', 'fc', { units: 10 }],
    ]);
    expect(printLayerList(analyzeNetwork(network))).toEqual({
      ok: true,
      value: 'image: 28×28×1, 0 parameters\nc: 24×24×20, 520 parameters\nf: 10, 115,210 parameters\n',
    });
  });

  it('refuses a network with errors by the findings of its analysis', () => {
    const network = chain([
      ['image', 'input', { shape: [4, 4, 1] }],
      ['c', 'conv', { filters: 2, kernelSize: 5 }],
    ]);
    const printed = printLayerList(analyzeNetwork(network));
    expect(printed).toMatchObject({ ok: false, diagnostics: [{ severity: 'error', at: { nodeId: 'c' } }] });
  });
});

describe('the new engine of the example', () => {
  describeContract(createPlainEngine);

  it('trains as the reference does', async () => {
    await expectTraining(createPlainEngine(), trainingCases[0]!, { steps: 2 });
  });
});

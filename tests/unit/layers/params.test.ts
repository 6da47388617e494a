import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/document';
import { diagnosticMessage } from '../../../shared/diagnostics/diagnostic';
import { defaultParams, findLayer, layers, readParams } from '../../../shared/layers';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { explainNode } from '../../../shared/analysis/explainNode';
import type { AnyLayerDefinition } from '../../../shared/layers/define';
import { activate, activationNames } from '../../../shared/layers/activations';
import { takesMaxima } from '../../../shared/layers/traits';
import { chain, type ChainRow } from '../../support/chain';

function read(kind: string, params: { readonly [name: string]: Json }) {
  return readParams(findLayer(kind)!, params, 'n');
}

describe('readParams', () => {
  it('fills defaults in and reads sizes as [height, width]', () => {
    expect(read('conv', { filters: 8, kernelSize: 3 })).toEqual({
      ok: true,
      value: {
        filters: 8,
        kernelSize: [3, 3],
        strides: [1, 1],
        padding: 'valid',
        dilationRate: [1, 1],
        groups: 1,
        initializer: 'auto',
        trainable: true,
        weightStandardization: false,
        useBias: true,
        activation: 'linear',
      },
    });
    expect(read('pool', {})).toMatchObject({
      value: { mode: 'max', poolSize: [2, 2], strides: null, rounding: 'floor' },
    });
    expect(read('upconv', { filters: 1, kernelSize: [2, 3] })).toMatchObject({
      value: { kernelSize: [2, 3], strides: [2, 2], outputPadding: [0, 0] },
    });
    expect(read('crop', { offset: 5 })).toMatchObject({ value: { offset: [5, 5], top: 0 } });
  });

  it.each<readonly [Json]>([['valid'], ['same'], [0], [3], [[1, 2]], [[1, 2, 3, 4]]])('takes padding %o', (padding) => {
    expect(read('conv', { filters: 1, kernelSize: 1, padding })).toMatchObject({ ok: true, value: { padding } });
  });

  it.each<readonly [string, string, Json, Json]>([
    ['scale', 'scale', [1, -2], [1, -2]],
    ['scale', 'shift', 0.5, 0.5],
    ['scale', 'learned', false, false],
    ['scale', 'learned', 'channel', 'channel'],
    ['permute', 'order', [3, 1, 2], [3, 1, 2]],
    ['slice', 'to', null, null],
    ['opaque', 'operation', 'com.microsoft:Attention', 'com.microsoft:Attention'],
    ['upsample', 'size', null, null],
  ])('takes %s %s %o', (kind, param, given, value) => {
    const result = read(kind, { ...defaultParams(findLayer(kind)!), [param]: given });
    expect(result).toMatchObject({ ok: true, value: { [param]: value } });
  });

  it.each<readonly [string, string, Json]>([
    ['conv', 'filters', 0],
    ['conv', 'filters', 1.5],
    ['conv', 'filters', 1_000_000],
    ['conv', 'filters', '8'],
    ['conv', 'filters', null],
    ['conv', 'kernelSize', [3]],
    ['conv', 'kernelSize', [3, 0]],
    ['conv', 'kernelSize', [3, 3, 3]],
    ['conv', 'strides', 0],
    ['conv', 'padding', 'full'],
    ['conv', 'padding', -1],
    ['conv', 'padding', [1, 2, 3]],
    ['conv', 'useBias', 1],
    ['conv', 'activation', 'prelu'],
    ['pool', 'mode', 'median'],
    ['pool', 'rounding', 'up'],
    ['upconv', 'outputPadding', -1],
    ['fc', 'units', 1_000_000],
    ['dropout', 'rate', 1],
    ['dropout', 'rate', -0.1],
    ['batchnorm', 'epsilon', 0],
    ['lrn', 'bias', 0],
    ['crop', 'offset', 'middle'],
    ['crop', 'top', -1],
    ['upsample', 'factor', 0],
    ['input', 'shape', [28, 28]],
    ['input', 'shape', [28, 0, 1]],
    ['input', 'shape', 28],
    ['input', 'shape', [28, 28, 1e6]],
    ['scale', 'scale', []],
    ['scale', 'scale', [1, '2']],
    ['scale', 'learned', true],
    ['scale', 'learned', 'pixel'],
    ['permute', 'order', [1, 1, 2]],
    ['permute', 'order', [0, 1, 2]],
    ['slice', 'from', -1],
    ['shuffle', 'groups', 0],
    ['opaque', 'operation', `x'); evil(`],
    ['opaque', 'operation', ''],
  ])('refuses %s %s %o, saying where', (kind, param, value) => {
    const result = read(kind, { ...defaultParams(findLayer(kind)!), [param]: value });
    if (result.ok) throw new Error('accepted');
    expect(result.diagnostics.map(({ code, at }) => [code, at])).toEqual([
      ['layers/wrong-param', { nodeId: 'n', param, path: `params.${param}` }],
    ]);
  });
});

const definitions: readonly AnyLayerDefinition[] = layers;

/** A network of an input and one layer; of a pool between them where the layer goes back through one. */
function rowsWith(layer: AnyLayerDefinition, shape: readonly (number | null)[]): readonly ChainRow[] {
  const row = ['n', layer.kind, defaultParams(layer)] as const;
  if (layer.kind === 'input') return [row];
  const image: ChainRow = ['x', 'input', { shape: [...shape] }];
  return takesMaxima(layer, 1) ? [image, ['p', 'pool', { poolSize: 2 }], [...row, ['p', 'p']]] : [image, row];
}

describe.each(definitions.map((layer) => [layer.kind, layer] as const))('%s', (kind, layer) => {
  it('says everything in both languages, its first sentence alone', () => {
    const texts = [layer.label, layer.doc, ...Object.values(layer.params).flatMap((field) => [field.label, field.doc])];
    for (const { en, zh } of texts) {
      expect(en).not.toMatch(/!|\s$/);
      expect(zh).not.toMatch(/！|\s$/);
      expect([en, zh]).not.toContain('');
    }
    expect(layer.doc.en.split('. ')[0]!.length).toBeLessThan(160);
    expect(layer.doc.zh).toMatch(/[\u4e00-\u9fff]/);
  });

  it('names the limits of its numbers as they are, however small', () => {
    for (const [name, field] of Object.entries(layer.params)) {
      if (field.type !== 'number' && field.type !== 'integer') continue;
      const result = readParams(layer, { ...defaultParams(layer), [name]: field.min - 1 }, 'n');
      if (result.ok) throw new Error('accepted');
      const limits = /from (\S+) to ([^\s.]\S*?)[.,;]?(?:\s|$)/.exec(diagnosticMessage(result.diagnostics[0]!));
      expect(limits?.slice(1).map((limit) => Number(limit.replaceAll(',', '')))).toEqual([field.min, field.max]);
    }
  });

  it('starts from params that compute, and explains itself with live numbers', () => {
    const { ok, nodes } = analyzeNetwork(chain(rowsWith(layer, [32, 32, 4])));
    expect(ok).toBe(true);
    const { paramCount, macs } = nodes.get('n')!;
    const explanations = explainNode(nodes.get('n')!);
    expect(explanations.length).toBeGreaterThan(0);
    for (const { formula, numbers, result } of explanations) {
      expect([formula, numbers, result]).not.toContain('');
      expect(`${numbers} ${result}`).not.toMatch(/\?|NaN|undefined|Infinity/);
    }
    const shown = (about: string): string | undefined => explanations.find((one) => one.about === about)?.result;
    if (shown('params') !== undefined) expect(shown('params')!.replaceAll(',', '')).toBe(String(paramCount));
    if (shown('macs') !== undefined) expect(shown('macs')!.replaceAll(',', '')).toBe(String(macs));
  });

  it('carries sizes that are not known', () => {
    if (kind === 'input') return;
    const { nodes, ok } = analyzeNetwork(chain(rowsWith(layer, [null, null, 4])));
    expect(ok).toBe(true);
    expect(nodes.get('n')!.outputShape).not.toBeNull();
  });
});

describe('activate', () => {
  it('returns 0 for −4 and 14 for 14 under ReLU, as the lecture says', () => {
    expect(activate('relu', [-4, 14])).toEqual([0, 14]);
  });

  it.each(activationNames)('%s is finite far from zero', (name) => {
    for (const value of activate(name, [-1e4, -1, 0, 1, 500])) expect(Number.isFinite(value)).toBe(true);
  });
});

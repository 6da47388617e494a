import { describe, expect, it } from 'vitest';
import { assumedData } from '../../../electron/trainer/trained';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { chain } from '../../support/chain';

describe('a model that knows of no data', () => {
  it.each([
    ['a map of one channel', 1, {}, 'image-to-image', 0],
    ['a map of one channel whose loss is one of classes', 1, { loss: 'dice' }, 'segmentation', 2],
    ['a map of colours whose settings learn pictures', 3, { data: 'pairs:photos' }, 'image-to-image', 0],
    ['a map of three channels otherwise', 3, {}, 'segmentation', 3],
  ] as const)('is taken for what its answer is: %s', (_, filters, train, task, classCount) => {
    const layers = chain([
      ['image', 'input', { shape: [8, 8, 3] }],
      ['out', 'conv', { filters, kernelSize: 3, padding: 'same' }],
    ]);
    const document = { ...layers, train };
    const model = { document, weights: {}, facts: { data: null, source: 'a test' } };
    const config = { ...defaultTrainingConfig, ...train };
    const assumed = assumedData({ model, analysis: analyzeNetwork(document), config });
    expect([assumed?.task, assumed?.classes.length]).toEqual([task, classCount]);
  });

  it.each([
    ['several sigmoids', 'sigmoid', 3, 'auto', 'multi-label'],
    ['several sigmoids that were trained on one class each', 'sigmoid', 3, 'crossEntropy', 'classification'],
    ['one sigmoid', 'sigmoid', 1, 'auto', 'classification'],
    ['a softmax', 'softmax', 3, 'auto', 'classification'],
  ] as const)('of whole pictures by how it ends: %s', (_, activation, units, loss, task) => {
    const document = chain([
      ['image', 'input', { shape: [8, 8, 3] }],
      ['f', 'fc', { units, activation }],
    ]);
    const model = { document, weights: {}, facts: { data: null, source: 'a test' } };
    const config = { ...defaultTrainingConfig, loss };
    expect(assumedData({ model, analysis: analyzeNetwork(document), config })?.task).toBe(task);
  });
});

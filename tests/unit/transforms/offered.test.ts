import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { networkTransforms, nodeTransforms } from '../../../shared/transforms/offered';
import { parseNetwork, type NetworkDocument } from '../../../shared/document';
import { chain } from '../../support/chain';

function template(id: string): NetworkDocument {
  const parsed = parseNetwork(
    readFileSync(join(import.meta.dirname, '../../../templates', id, 'network.json'), 'utf8'),
  );
  if (!parsed.ok) throw new Error(id);
  return parsed.value;
}

const offered = (document: NetworkDocument): Record<string, number> =>
  Object.fromEntries(
    networkTransforms(document, analyzeNetwork(document)).map(({ id, plan }) => [
      id,
      plan.after.totals.trainableParams,
    ]),
  );

describe('networkTransforms', () => {
  it('turns VGG-16 into the FCNs of the paper, with their published parameters', () => {
    expect(offered(template('vgg-16'))).toEqual({
      'head.conv': 138_357_544,
      'head.gap': 15_227_688,
      'head.convGap': 15_227_688,
      'fcn.32s': 136_152_917,
      'fcn.16s': 134_815_994,
      'fcn.8s': 134_489_759,
    });
  });

  it('turns LeNet into an FCN by padding the picture, as its convs do not', () => {
    const document = template('lenet');
    const found = networkTransforms(document, analyzeNetwork(document));
    const fcn = found.find(({ id }) => id === 'fcn.32s')!.plan;
    const [output = ''] = fcn.after.outputs;
    expect(fcn.after.nodes.get(output)!.outputShape).toEqual([28, 28, 10]);
    expect(found.map(({ id }) => id)).toContain('head.gap');
  });

  it('offers nothing for a network without a classifier, and only what leaves a valid network', () => {
    expect(offered(template('unet'))).toEqual({});
    for (const id of ['lenet', 'alexnet', 'googlenet', 'resnet-18', 'dnn', 'lenet-gap']) {
      const document = template(id);
      for (const { plan } of networkTransforms(document, analyzeNetwork(document))) expect(plan.after.ok).toBe(true);
    }
  });
});

describe('nodeTransforms', () => {
  const document = chain([
    ['x', 'input', { shape: [8, 8, 1] }],
    ['a', 'conv', { filters: 3, kernelSize: 3 }],
    ['b', 'conv', { filters: 4, kernelSize: 3 }],
    ['r', 'activation', { function: 'relu' }],
    ['c', 'conv', { filters: 5, kernelSize: 4 }],
    ['f', 'fc', { units: 6 }],
    ['g', 'fc', { units: 2 }],
  ]);
  const analysis = analyzeNetwork(document);
  it.each([
    ['a', ['fold']],
    ['b', ['foldInto']],
    ['c', ['convToFc']],
    ['f', ['fcToConv']],
    ['g', []],
    ['r', []],
    ['ghost', []],
  ] as const)('offers %s %j', (id, expected) => {
    expect(nodeTransforms(document, analysis, id).map((offer) => offer.id)).toEqual(expected);
  });
});

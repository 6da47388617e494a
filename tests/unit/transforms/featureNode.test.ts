import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { parseNetwork } from '../../../shared/document/parse';
import { featureNode, featureSize } from '../../../shared/transforms/featureNode';
import type { NetworkDocument } from '../../../shared/schema/document';
import { chain } from '../../support/chain';

function found(document: NetworkDocument, chosen: string | null = null) {
  const analysis = analyzeNetwork(document);
  const node = featureNode(document, analysis, { chosen });
  return node === null ? null : { ...node, size: featureSize({ analysis }, node) };
}

function readTemplate(id: string): NetworkDocument {
  const path = join(import.meta.dirname, '../../../templates', id, 'network.json');
  const parsed = parseNetwork(readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new Error(id);
  return parsed.value;
}

describe('the features of a network', () => {
  it.each([
    ['lenet', { id: 'f1', why: 'beforeHead', isMean: false, size: 500 }],
    ['lenet-gap', { id: 'g1', why: 'beforeHead', isMean: false, size: 50 }],
    // Class maps whose means are the scores: what they are made of, by its means.
    ['squeezenet', { id: 'drop', why: 'beforeHead', isMean: true, size: 512 }],
    ['unet-small', { id: 'b/br', why: 'bottleneck', isMean: true, size: 64 }],
    // Not the map of scores that stands at the same place.
    ['fcn-8s', { id: 'drop7', why: 'bottleneck', isMean: true, size: 4096 }],
    ['espcn', { id: 'c2', why: 'bottleneck', isMean: true, size: 32 }],
  ])('%s has them at %o', (name, expected) => {
    expect(found(readTemplate(name))).toEqual(expected);
  });

  const plain = chain([
    ['x', 'input', { shape: [6, 6, 1] }],
    ['c', 'conv', { filters: 4, kernelSize: 3 }],
    ['f', 'fc', { units: 3 }],
  ]);

  it('are a map as it is where the dense layer reads it so, and the picture itself where that is chosen', () => {
    expect(found(plain)).toEqual({ id: 'c', why: 'beforeHead', isMean: false, size: 64 });
    expect(found(plain, 'x')).toEqual({ id: 'x', why: 'chosen', isMean: false, size: 36 });
  });

  it('are none of a node that is not there, nor of a lone input', () => {
    expect(found(plain, 'y')).toBeNull();
    expect(found(chain([['x', 'input', { shape: [6, 6, 1] }]]))).toBeNull();
  });
});

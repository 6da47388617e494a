import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../../shared/analysis/analyze';
import { nodeSpeech, trainableWords } from '../../../../renderer/canvas/speech';
import { chainNetwork } from '../../../support/networks';

describe('what is said of a node', () => {
  const document = chainNetwork(
    [8, 8, 3],
    ['conv', { filters: 4, kernelSize: 3 }],
    ['batchnorm'],
    ['conv', { filters: 4, kernelSize: 3, trainable: false }],
    ['activation', { function: 'relu' }],
  );
  const analysis = analyzeNetwork(document);
  const said = (id: string, language: 'en' | 'zh'): string =>
    nodeSpeech(
      document.nodes.find((node) => node.id === id)!,
      analysis,
      language,
    );

  it.each([
    ['n1', 'en', /112 parameters, all trainable$/],
    ['n1', 'zh', /112 个参数，均可训练$/],
    ['n2', 'en', /16 parameters, 8 trainable$/],
    ['n2', 'zh', /16 个参数，其中 8 个可训练$/],
    ['n3', 'en', /148 parameters, none trainable/],
  ] as const)('%s in %s names all parameters and those that are trained', (id, language, words) => {
    expect(said(id, language)).toMatch(words);
  });

  it('a layer without parameters says nothing of them', () => {
    expect(said('n4', 'en')).not.toMatch(/parameter|trainable/);
  });

  it.each([
    [1, 1, 'trainable'],
    [10, 10, 'all trainable'],
    [10, 0, 'none trainable'],
    [10, null, ''],
  ])('of %i parameters, %s trainable', (total, trainable, words) => {
    expect(trainableWords(total, trainable, 'en')).toBe(words);
  });
});

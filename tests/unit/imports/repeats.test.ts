import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { networkWeights } from '../../../shared/compile/networkWeights';
import { expand, flatNetwork } from '../../../shared/document/expand';
import { foldRepeats } from '../../../shared/imports/repeats';
import { randomWeightsOf, referenceAnswer } from '../../support/referenceAnswer';
import { chainNetwork } from '../../support/networks';
import { templates } from '../../../templates/build';

const resnet = flatNetwork(templates.find(({ id }) => id === 'resnet-50')!.document);

describe('equal parts of an imported network', () => {
  const report = resnet.nodes.map(({ id }) => ({ source: id, nodeId: id, status: 'same' as const, why: null }));
  const weights = initialWeights(networkWeights(resnet, analyzeNetwork(resnet)), 1);
  const folded = foldRepeats({ document: resnet, weights, report });

  it('become blocks that repeat: the bottlenecks of each stage of ResNet-50', () => {
    const blocks = folded.document.nodes.filter(({ kind }) => kind === 'block');
    expect(blocks.map(({ params }) => params['repeat'])).toEqual([2, 3, 5, 2]);
    expect(folded.folds).toHaveLength(4);
    const [before, after] = [analyzeNetwork(resnet), analyzeNetwork(folded.document)];
    expect(after.totals).toEqual(before.totals);
  });

  it('keep their weights, and their lines in the report', () => {
    const analysis = analyzeNetwork(folded.document);
    const names = networkWeights(folded.document, analysis).map(({ name }) => name);
    expect(Object.keys(folded.weights!).sort()).toEqual([...names].sort());
    const { origins } = expand(folded.document);
    expect(folded.report.every(({ nodeId }) => origins.has(nodeId!) || analysis.nodes.has(nodeId!))).toBe(true);
  });

  it('compute the same numbers folded, with weights that differ from copy to copy', () => {
    const part = [
      ['conv', { filters: 4, kernelSize: 3, padding: 'same', useBias: true }],
      ['batchnorm', {}],
      ['activation', { function: 'swish' }],
    ] as const;
    const document = chainNetwork([7, 6, 4], ...part, ...part, ...part, ['gap', {}], ['fc', { units: 3 }]);
    const given = randomWeightsOf(document);
    const inOne = foldRepeats({ document, weights: given, report: [] });
    expect(inOne.folds).toHaveLength(1);
    expect(inOne.document.nodes.map(({ kind, params }) => params['repeat'] ?? kind)).toEqual(['input', 3, 'gap', 'fc']);
    const before = Object.values(referenceAnswer(document, given).outputs)[0]!;
    const after = Object.values(referenceAnswer(inOne.document, inOne.weights!).outputs)[0]!;
    expect(after).toEqual(before);
    // The copies have weights of their own: with those of the first in every place the numbers are others.
    const first = Object.fromEntries(
      Object.entries(given).map(([name, one]) => [name, given[name.replace(/^n4\//, 'n1/')] ?? one]),
    );
    expect(Object.values(referenceAnswer(document, first).outputs)[0]!.data).not.toEqual(before.data);
  });

  it('are the bottlenecks of ResNet-50: three convolutions, each with its batch norm, around a shortcut', () => {
    const names = folded.document.nodes.flatMap(({ params }) =>
      typeof params['block'] === 'string' ? [params['block']] : [],
    );
    for (const name of names) {
      const kinds = folded.document.blocks![name]!.nodes.map(({ kind }) => kind);
      const count = (kind: string) => kinds.filter((one) => one === kind).length;
      expect([count('conv'), count('batchnorm'), count('add')]).toEqual([3, 3, 1]);
    }
  });
});

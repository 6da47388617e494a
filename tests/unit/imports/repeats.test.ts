import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { networkWeights } from '../../../shared/compile/networkWeights';
import { expand, flatNetwork } from '../../../shared/document/expand';
import { foldRepeats } from '../../../shared/imports/repeats';
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
});

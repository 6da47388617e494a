import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { checkTraining } from '../../../shared/compile/trainingChecks';
import type { TrainingChoices } from '../../../shared/compile/trainingChecks';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { chain, type ChainRow } from '../../support/chain';

const data = { task: 'multi-label', inputShape: [8, 8, 3], classes: ['cat', 'dog', 'owl'] } as const;
const body: readonly ChainRow[] = [['image', 'input', { shape: [8, 8, 3] }]];

function check(rows: readonly ChainRow[], choices: TrainingChoices = {}) {
  const document = chain([...body, ...rows]);
  return { document, findings: checkTraining(document, analyzeNetwork(document), data, choices) };
}

describe('a network that learns any number of classes', () => {
  it.each([
    ['scores', {}],
    ['a sigmoid, which the loss takes off', { activation: 'sigmoid' }],
  ])('may end in %s', (_, more) => {
    expect(check([['f', 'fc', { units: 3, ...more }]]).findings).toEqual([]);
  });

  it.each(['crossEntropy', 'focal', 'dice'] as const)('is refused the loss %s, which is for one class each', (loss) => {
    const { findings } = check([['f', 'fc', { units: 3 }]], { loss });
    expect(findings.map(({ code }) => code)).toEqual(['train/loss-needs-one-class']);
    expect(findings[0]!.fixes[0]!.edits).toEqual([{ type: 'setTraining', train: { loss: 'binaryCrossEntropy' } }]);
  });

  it.each([
    ['train/softmax-of-labels', [['f', 'fc', { units: 3, activation: 'softmax' }]]],
    [
      'train/softmax-of-labels',
      [
        ['f', 'fc', { units: 3 }],
        ['s', 'activation', { function: 'softmax' }],
      ],
    ],
    ['train/class-count', [['f', 'fc', { units: 5 }]]],
    ['train/head-is-image', [['c', 'conv', { filters: 3, kernelSize: 3 }]]],
  ] as const)('is told of %s, and mended by the first fix', (code, rows) => {
    const { document, findings } = check(rows);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    const mended = applyEdits(document, findings[0]!.fixes[0]!.edits);
    if (!mended.ok) throw new Error(mended.diagnostics[0]!.code);
    expect(checkTraining(mended.value, analyzeNetwork(mended.value), data)).toEqual([]);
  });
});

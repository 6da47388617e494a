import { expect, it } from 'vitest';
import { chanceLoss, labelChanceLoss } from '../../../electron/trainer/chance';

const plain = { labelSmoothing: 0, focalGamma: 2 };

it.each([
  // By hand: (ln 2 + 0.25 ln 4 + 0.75 ln 4/3) / 2.
  ['binaryCrossEntropy', (0.693147 + 0.562335) / 2],
  ['meanSquaredError', (0.25 + 0.1875) / 2],
  ['meanAbsoluteError', (0.5 + 0.25) / 2],
] as const)('the %s of answering each class with its share', (loss, expected) => {
  expect(labelChanceLoss(loss, [0.5, 0.25], [0.5, 0.25], plain)).toBeCloseTo(expected, 5);
  expect(labelChanceLoss(loss, [0.5, 0.25], [0.5, 0.25], plain)).toBeCloseTo(chanceLoss(loss, [0.5, 0.25], plain), 12);
});

it('is more where other samples are asked about than those that the shares are of', () => {
  const own = labelChanceLoss('binaryCrossEntropy', [0.25], [0.25], plain);
  expect(labelChanceLoss('binaryCrossEntropy', [0.25], [0.75], plain)).toBeGreaterThan(own);
});

import { expect, it } from 'vitest';
import { chanceLoss, diceChanceLoss, labelChanceLoss } from '../../../electron/trainer/chance';

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

it.each([
  ['all classes in every mask, by their shares', false, [[7500, 2500]], 0.5],
  ['the thing alone, a quarter of each mask: everywhere', true, [[7500, 2500]], 0.6],
  // (1 - 1/(1 + 1)) / 2, without the other mask: rather nowhere than one pixel of 10,000 everywhere.
  [
    'the thing alone, one pixel of a mask or none: nowhere',
    true,
    [
      [9999, 1],
      [10_000, 0],
    ],
    0.25,
  ],
  // Only the class that a mask has counts: a guess of the one is right for three of four, and all but 1 is lost of the other.
  [
    'one class in each mask, mostly the first',
    false,
    [
      [100, 0],
      [100, 0],
      [100, 0],
      [0, 100],
    ],
    0.2475,
  ],
] as const)('the Dice loss of one answer for every pixel, of %s', (_, ofThing, areas, expected) => {
  expect(diceChanceLoss(areas, ofThing)).toBeCloseTo(expected, 3);
});

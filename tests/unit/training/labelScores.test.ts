import { describe, expect, it } from 'vitest';
import { worstSamples } from '../../../shared/training/confusion';
import { averagePrecision, labelClassScores, labelScores, labelsOfSample } from '../../../shared/training/labelScores';

const classes = ['cat', 'dog', 'owl', 'fox'];
// Five samples: no fox is there, and one sample shows nothing.
const truth = Uint8Array.from([1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
const given = Float32Array.from(
  [
    [0.9, 0.2, 0.1, 0.6],
    [0.4, 0.8, 0.1, 0.1],
    [0.5, 0.7, 0.3, 0.1],
    [0.1, 0.6, 0.2, 0.1],
    [0.2, 0.1, 0.4, 0.1],
  ].flat(),
);
const answers = { classes, truth, given };

describe('the scores of any number of classes', () => {
  it('are by hand: precision, recall, F1 and average precision of each class at a half', () => {
    const [cat, dog, owl, fox] = labelClassScores(answers);
    // Given from 0.5 on: samples 1 and 3, of which 1 is a cat; the cats stand at the first and third place.
    expect(cat).toMatchObject({ count: 2, given: 2, precision: 0.5, recall: 0.5, f1: 0.5, iou: 1 / 3 });
    expect(cat!.averagePrecision).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(dog).toMatchObject({ count: 2, given: 3, precision: 2 / 3, recall: 1, f1: 0.8, averagePrecision: 1 });
    expect(owl).toMatchObject({ count: 1, given: 0, precision: null, recall: 0, f1: 0, averagePrecision: 1 / 3 });
    expect(fox).toMatchObject({ count: 0, given: 1, precision: 0, recall: null, averagePrecision: null });
  });

  it('leave a class without a sample out of the means, but not out of the answers that are counted together', () => {
    const { macroF1, microF1, meanAveragePrecision, exactMatch } = labelScores(answers);
    expect(macroF1).toBeCloseTo((0.5 + 0.8 + 0) / 3, 12);
    // 3 hits, 6 given, 5 true.
    expect(microF1).toBeCloseTo(6 / 11, 12);
    expect(meanAveragePrecision).toBeCloseTo((5 / 6 + 1 + 1 / 3) / 3, 12);
    // The last sample has no class, and is given none.
    expect(exactMatch).toBe(1 / 5);
  });

  it('follow the threshold, but for the average precision', () => {
    const at = labelScores(answers, 0.35);
    expect(at.macroF1).not.toBe(labelScores(answers).macroF1);
    expect(at.meanAveragePrecision).toBe(labelScores(answers).meanAveragePrecision);
  });

  it('are null where nothing is true', () => {
    expect(labelScores({ classes: ['a', 'b'], truth: [0, 0], given: [0.1, 0.2] })).toEqual({
      macroF1: null,
      microF1: null,
      meanAveragePrecision: null,
      exactMatch: 1,
    });
  });

  it('say which classes a sample has and is given, the surest first', () => {
    expect(labelsOfSample(answers, 2)).toEqual({ truth: [1], given: [1, 0] });
    expect(labelsOfSample(answers, 4)).toEqual({ truth: [], given: [] });
  });

  it('show the samples first of which the network is most wrongly sure', () => {
    const all = { ...answers, task: 'multi-label', parts: [{ part: 'validation', count: 5 }] } as const;
    expect(worstSamples(all, 9)).toEqual([3, 0, 1, 2]);
  });
});

describe('average precision', () => {
  it.each([
    // As the documentation of scikit-learn has it.
    { truth: [0, 0, 1, 1], given: [0.1, 0.4, 0.35, 0.8], expected: 0.5 + 1 / 3 },
    { truth: [1, 1, 0], given: [0.9, 0.8, 0.1], expected: 1 },
    // Answers of one probability say nothing but how often the class comes.
    { truth: [1, 0, 0, 1], given: [0.5, 0.5, 0.5, 0.5], expected: 0.5 },
    { truth: [0, 0], given: [0.2, 0.4], expected: null },
  ])('of $truth by $given is $expected', ({ truth: own, given: said, expected }) => {
    const found = averagePrecision(own, said);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 12);
  });
});

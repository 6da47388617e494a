import { describe, expect, it } from 'vitest';
import { placeOf, type AnswersOf } from '../../../shared/training/answers';
import {
  atThreshold,
  calibrationOf,
  classScores,
  confusionOf,
  meanScores,
  samplesOfCell,
  valueScores,
  worstSamples,
} from '../../../shared/training/confusion';

/** Five pictures: cat, cat, dog, dog, cat; no bird. */
const pets: AnswersOf<'classification'> = {
  task: 'classification',
  parts: [
    { part: 'train', count: 2 },
    { part: 'validation', count: 3 },
  ],
  classes: ['cat', 'dog', 'bird'],
  truth: Int32Array.of(0, 0, 1, 1, 0),
  given: Int32Array.of(0, 1, 1, 2, 1),
  confidence: Float32Array.of(0.95, 0.6, 0.92, 0.5, 0.8),
  trueConfidence: Float32Array.of(0.95, 0.3, 0.92, 0.45, 0.05),
};

describe('a confusion matrix', () => {
  const matrix = confusionOf(pets);

  it('has true classes as rows and given ones as columns', () => {
    expect(matrix).toEqual([
      [1, 2, 0],
      [0, 1, 1],
      [0, 0, 0],
    ]);
  });

  it('gives precision, recall, F1 and IoU of each class, and null for what nobody can know', () => {
    const [cat, dog, bird] = classScores(matrix, pets.classes);
    expect(cat).toMatchObject({ count: 3, given: 1, precision: 1, recall: 1 / 3, f1: 0.5, iou: 1 / 3 });
    expect(dog).toMatchObject({ count: 2, given: 3, precision: 1 / 3, recall: 0.5, f1: 0.4, iou: 0.25 });
    expect(bird).toMatchObject({ count: 0, given: 1, precision: 0, recall: null, iou: 0 });
  });

  it('means leave out classes without a sample, and say which', () => {
    const means = meanScores(classScores(matrix, pets.classes));
    expect(means.absent).toEqual(['bird']);
    expect(means.recall).toBeCloseTo((1 / 3 + 0.5) / 2);
    expect(means.iou).toBeCloseTo((1 / 3 + 0.25) / 2);
  });

  it('a class that is there and never given has no precision, which counts as 0', () => {
    const means = meanScores(
      classScores(
        [
          [0, 4],
          [0, 6],
        ],
        ['a', 'b'],
      ),
    );
    expect(means.precision).toBeCloseTo(0.3);
  });

  it('cells lead to their samples, the surest first, and samples to their place in the data', () => {
    expect(samplesOfCell(pets, { truth: 0, given: 1 })).toEqual([4, 1]);
    expect(samplesOfCell(pets, { truth: 2, given: 2 })).toEqual([]);
    expect(placeOf(pets.parts, 4)).toEqual({ part: 'validation', index: 2 });
    expect(placeOf(pets.parts, 1)).toEqual({ part: 'train', index: 1 });
    expect(() => placeOf(pets.parts, 5)).toThrow(RangeError);
  });

  it('counts pixels of masks as they were counted', () => {
    const pixels = {
      task: 'segmentation',
      parts: [],
      classes: ['a', 'b'],
      sampleIou: Float32Array.of(0.5, NaN, 1),
    } as const;
    const masks = { ...pixels, pixels: Float64Array.of(90, 5, 10, 0) };
    expect(confusionOf(masks)).toEqual([
      [90, 5],
      [10, 0],
    ]);
    expect(worstSamples(masks, 9)).toEqual([0]);
  });
});

describe('probabilities', () => {
  it('are compared with the share of hits, bin by bin', () => {
    const { bins, error } = calibrationOf(pets);
    expect(bins).toHaveLength(10);
    expect(bins[9]).toMatchObject({ count: 2, accuracy: 1 });
    // 0.95 and 0.92 were right: off by 0.13 over both; 0.6, 0.5 and 0.8 wrong.
    expect(error).toBeCloseTo((0.13 + 0.6 + 0.5 + 0.8) / 5);
  });

  it('of 1 are in the last bin', () => {
    const sure = { ...pets, confidence: Float32Array.of(1, 1, 1, 1, 1) };
    expect(calibrationOf(sure).bins[9]?.count).toBe(5);
  });

  it('below a threshold give no answer', () => {
    expect(atThreshold(pets, 0)).toEqual({ answered: 1, accuracy: 0.4 });
    expect(atThreshold(pets, 0.7)).toEqual({ answered: 0.6, accuracy: 2 / 3 });
    expect(atThreshold(pets, 0.99)).toEqual({ answered: 0, accuracy: null });
  });

  it('of the true class tell the worst mistakes, and what is right is none', () => {
    expect(worstSamples(pets, 2)).toEqual([4, 1]);
    expect(worstSamples(pets, 9)).toEqual([4, 1, 3]);
  });
});

describe('values', () => {
  const values: AnswersOf<'regression'> = {
    task: 'regression',
    parts: [{ part: 'validation', count: 3 }],
    classes: [],
    size: 1,
    truth: Float32Array.of(1, 2, 3),
    given: Float32Array.of(1, 2, 4),
  };

  it('are measured by their errors and by R2', () => {
    const scores = valueScores(values);
    expect(scores.meanAbsolute).toBeCloseTo(1 / 3);
    expect(scores.rootMeanSquare).toBeCloseTo(Math.sqrt(1 / 3));
    expect(scores.r2).toBeCloseTo(0.5);
    expect(worstSamples(values, 5)).toEqual([2]);
  });

  it('that are all the same have no R2', () => {
    expect(valueScores({ ...values, truth: Float32Array.of(2, 2, 2) }).r2).toBeNull();
  });
});

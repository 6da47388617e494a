import { describe, expect, it } from 'vitest';
import type { AnswersOf } from '../../../shared/training/answers';
import { pictureScores, worstSamples } from '../../../shared/training/confusion';
import { errorOfPsnr, psnrOf } from '../../../shared/training/psnr';
import { samplePsnrText, scoreTexts } from '../../../shared/training/scoreTexts';

describe('the peak signal-to-noise ratio', () => {
  it.each([
    [1, 0],
    [0.01, 20],
    [0.001, 30],
    [0, 100],
  ])('of an error of %s is %s dB', (error, ratio) => {
    expect(psnrOf(error)).toBeCloseTo(ratio, 10);
  });

  it('leads back to the error', () => {
    expect(errorOfPsnr(psnrOf(0.0123))).toBeCloseTo(0.0123, 12);
  });
});

describe('scores of pictures', () => {
  const answers: AnswersOf<'image-to-image'> = {
    task: 'image-to-image',
    parts: [{ part: 'validation', count: 3 }],
    classes: [],
    squaredError: Float32Array.of(0.01, 0.03, 0),
  };

  it('are of all pixels of all pictures, and not means of ratios', () => {
    const { psnr, rootMeanSquare } = pictureScores(answers);
    expect(psnr).toBeCloseTo(-10 * Math.log10(0.04 / 3), 6);
    expect(rootMeanSquare).toBeCloseTo(Math.sqrt(0.04 / 3), 6);
  });

  it('have the worst picture first, and leave out one that is right', () => {
    expect(worstSamples(answers, 10)).toEqual([1, 0]);
    expect(samplePsnrText(answers, 0)).toBe('20.00 dB');
  });

  it('stand beside that of the resized input', () => {
    const baseline = { accuracy: 0, meanIou: null, psnr: 12 };
    const texts = scoreTexts({ loss: 0.0133, accuracy: null, meanIou: null, baseline }, answers);
    expect(texts).toEqual({ loss: '0.0133', psnr: '18.75 dB', inputPsnr: '12.00 dB', rootMeanSquare: '0.1155' });
  });
});

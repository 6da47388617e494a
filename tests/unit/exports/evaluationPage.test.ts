import { describe, expect, it } from 'vitest';
import { printEvaluationPage, type EvaluationReport } from '../../../shared/exports/evaluationPage';
import { classPixel, maskPixels, pixelsOf, samplePictures } from '../../../shared/ops/pixels';

const nasty = '"><script>alert(1)</script>&';

const report = (name: string): EvaluationReport => ({
  name,
  evaluation: {
    data: `images:${name}`,
    engine: 'onnxruntime',
    count: 3,
    part: 'test',
    loss: 0.5,
    accuracy: 2 / 3,
    meanIou: null,
    baseline: { accuracy: 2 / 3, meanIou: null },
  },
  answers: {
    task: 'classification',
    parts: [{ part: 'test', count: 3 }],
    classes: [name, 'dog'],
    truth: Int32Array.of(0, 0, 1),
    given: Int32Array.of(0, 0, 0),
    confidence: Float32Array.of(0.9, 0.8, 0.7),
    trueConfidence: Float32Array.of(0.9, 0.8, 0.3),
  },
  shown: {
    inputs: { dtype: 'float32', shape: [1, 1, 1, 1], data: Float32Array.of(1) },
    names: [`${name}.png`],
  },
  encode: () => 'AAAA',
});

/** The page without what stands between tags and in attributes: what a browser makes of it. */
function skeleton(page: string): readonly string[] {
  return [...page.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, tag = '']) => tag);
}

describe('the page of an evaluation', () => {
  it('has scores, matrix, classes, calibration and the worst mistakes, in either language', () => {
    const english = printEvaluationPage(report('cat'), 'en');
    for (const words of [
      '66.67 %',
      'Confusion matrix',
      'By class',
      'Calibration',
      'dog, taken for cat (70.00 %)',
      'cat.png',
    ])
      expect(english).toContain(words);
    expect(english).toContain('src="data:image/png;base64,AAAA"');
    const chinese = printEvaluationPage(report('cat'), 'zh');
    for (const words of ['混淆矩阵', '各类别', '校准', 'dog，被认作 cat（70.00 %）']) expect(chinese).toContain(words);
  });

  it('lets no name be a tag, and allows neither scripts nor a network', () => {
    const page = printEvaluationPage(report(nasty), 'en');
    expect(skeleton(page)).toEqual(skeleton(printEvaluationPage(report('cat'), 'en')));
    expect(page).toContain("default-src 'none'");
  });

  it('lists the commonest confusions where there are too many classes for a matrix', () => {
    const base = report('cat');
    const classes = Array.from({ length: 100 }, (_, index) => `class ${index}`);
    const page = printEvaluationPage({ ...base, answers: { ...base.answers, classes } }, 'en');
    expect(page).not.toContain('Confusion matrix');
    expect(page).toContain('The commonest confusions');
  });
});

describe('pictures of samples', () => {
  const inputs = { dtype: 'float32', shape: [2, 1, 2, 1], data: Float32Array.of(0, 1, 0.5, 0) } as const;

  it('of one channel are grey', () => {
    expect([...(pixelsOf(inputs, 1)?.rgba ?? [])]).toEqual([128, 128, 128, 255, 0, 0, 0, 255]);
  });

  it('of three channels have these as colours, and rows of numbers have none', () => {
    const colour = { dtype: 'float32', shape: [1, 1, 1, 3], data: Float32Array.of(1, 0, 0.5) } as const;
    expect([...(pixelsOf(colour, 0)?.rgba ?? [])]).toEqual([255, 0, 128, 255]);
    expect(pixelsOf({ dtype: 'float32', shape: [1, 4], data: new Float32Array(4) }, 0)).toBeNull();
  });

  it('stand beside their masks, in which what is of no class is grey', () => {
    const masks = { shape: [2, 1, 2], truth: Int32Array.of(0, 0, 1, 255), given: Int32Array.of(0, 0, 1, 0) };
    const [input, truth, given] = samplePictures({ inputs, masks }, 1, 2);
    expect([input?.of, truth?.of, given?.of]).toEqual(['input', 'truth', 'given']);
    expect([...(truth?.pixels.rgba ?? [])]).toEqual([...classPixel(1), 255, 128, 128, 128, 255]);
    expect([...(given?.pixels.rgba ?? [])]).toEqual([...classPixel(1), 255, ...classPixel(0), 255]);
    expect(maskPixels([0], { from: 0, width: 1, height: 1, classCount: 1 }).rgba).toHaveLength(4);
  });

  it('give each class a colour of its own', () => {
    expect(classPixel(1)).toEqual([62, 234, 112]);
    expect(new Set(Array.from({ length: 21 }, (_, index) => classPixel(index).join())).size).toBe(21);
  });
});

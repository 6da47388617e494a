import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { blendedAt, contourLines, roundLevels } from '../../../shared/learn/exhibits/contours';
import {
  descend,
  descentKinds,
  descentQuestion,
  descents,
  lossNetwork,
  lossWeights,
  placeOf,
  points,
  samplesAt,
  surface,
  surfaceThetas,
  thetaAt,
} from '../../../shared/learn/exhibits/descent';
import type { Theta } from '../../../shared/learn/exhibits/descent';
import { isRight } from '../../../shared/learn/exhibits/exhibit';
import {
  findFold,
  foldedValues,
  foldingExhibit,
  foldingQuestion,
  largestDifference,
} from '../../../shared/learn/exhibits/folding';
import { framed, labelsExhibit, labelsQuestion, onDigits } from '../../../shared/learn/exhibits/labels';
import {
  maskOf,
  masksExhibit,
  masksQuestion,
  silenced,
  skipCounts,
  withSkips,
  wrongPixels,
} from '../../../shared/learn/exhibits/masks';
import {
  pixelOrder,
  pixelsExhibit,
  pixelsQuestion,
  reordered,
  reorderedKernel,
  rightOf,
  shifted,
} from '../../../shared/learn/exhibits/pixels';
import { countSharing, sharingExhibit, sharingQuestion } from '../../../shared/learn/exhibits/sharing';
import { onPicture, sizeRows, sizesExhibit, sizesQuestion } from '../../../shared/learn/exhibits/sizes';
import { layerSlopes, slopesExhibit, slopesQuestion, withFunction } from '../../../shared/learn/exhibits/slopes';
import type { SlopeFunction } from '../../../shared/learn/exhibits/slopes';
import {
  coverageOf,
  stampNetwork,
  stampSide,
  stampWeights,
  stampingExhibit,
  stampingQuestion,
  upConvWindows,
} from '../../../shared/learn/exhibits/stamping';
import { planeOf } from '../../../shared/ops/featureMaps';
import type { HostTensor } from '../../../shared/ops/tensor';
import { chain } from '../../support/chain';
import { lessonNetwork, look, pictures } from '../../support/lookInside';
import { readTemplate } from '../../support/templatePrograms';

describe('the network of the lesson', () => {
  it.each([sharingExhibit, foldingExhibit, slopesExhibit, stampingExhibit, sizesExhibit, pixelsExhibit, labelsExhibit])(
    'fits the exhibit $id',
    (exhibit) => {
      const document = lessonNetwork(exhibit);
      expect(exhibit.fits(analyzeNetwork(document), document)).toBe(true);
    },
  );
});

describe('the same weights everywhere', () => {
  it('counts the lecture’s 26 at each of 576 stops, as networks without sharing have them', () => {
    const document = lessonNetwork(sharingExhibit);
    const count = countSharing(analyzeNetwork(document).nodes.get('c1')!)!;
    expect(count).toEqual({ stops: 576, taps: 25, shared: 26, separate: 14_976, connected: 452_160 });
    // The same figures from networks that learn so many: a neuron for each value, a conv that stops once for each place.
    const connected = analyzeNetwork(
      chain([
        ['x', 'input', { shape: [28, 28, 1] }],
        ['f', 'fc', { units: count.stops }],
      ]),
    );
    const once = analyzeNetwork(
      chain([
        ['x', 'input', { shape: [5, 5, 1] }],
        ['c', 'conv', { filters: count.stops, kernelSize: 5 }],
      ]),
    );
    expect([once.totals.params, connected.totals.params]).toEqual([count.separate, count.connected]);
    expect([14_976, 15_000].map((given) => isRight(sharingQuestion(count), given))).toEqual([true, false]);
  });

  it('counts every channel under the window, and no bias where there is none', () => {
    const document = chain([
      ['x', 'input', { shape: [6, 6, 3] }],
      ['c', 'conv', { filters: 2, kernelSize: 3, useBias: false }],
    ]);
    const count = countSharing(analyzeNetwork(document).nodes.get('c')!)!;
    expect(count).toMatchObject({ stops: 16, taps: 27, shared: 27 });
  });
});

describe('two convs that fold', () => {
  const small = chain([
    ['x', 'input', { shape: [9, 9, 1] }],
    ['c1', 'conv', { filters: 3, kernelSize: 3 }],
    ['c2', 'conv', { filters: 2, kernelSize: 3, activation: 'relu' }],
    ['f', 'fc', { units: 10 }],
  ]);
  const fold = findFold(small, analyzeNetwork(small))!;
  const both = look(fold.both, pictures(81));
  const put = foldedValues(fold, both.weights);
  const one = look(fold.plan.document, pictures(81), { put }).value(fold.first);

  it('give the same map as the one conv', () => {
    expect(largestDifference(both.value(fold.second), one)).toBeLessThan(1e-6);
    expect(Math.max(...one.data)).toBeGreaterThan(0.05);
    expect([5, 6].map((given) => isRight(foldingQuestion(fold, analyzeNetwork(small)), given))).toEqual([true, false]);
  });

  it('give another with ReLU between them', () => {
    expect(largestDifference(look(fold.apart, pictures(81)).value(fold.second), one)).toBeGreaterThan(0.01);
  });

  it('are found in the network of the lesson, and not in LeNet itself', () => {
    const lesson = lessonNetwork(foldingExhibit);
    expect(findFold(lesson, analyzeNetwork(lesson))).toMatchObject({ first: 'c1', second: 'c2', side: 5 });
    const lenet = readTemplate('lenet');
    expect(foldingExhibit.fits(analyzeNetwork(lenet), lenet)).toBe(false);
  });
});

describe('sigmoid against ReLU', () => {
  const document = lessonNetwork(slopesExhibit);
  const analysis = analyzeNetwork(document);
  const slopesOf = (name: SlopeFunction) => {
    const changed = withFunction(document, analysis, name)!;
    return layerSlopes(analysis, look(changed, pictures(4 * 784), { labels: [3, 1, 4, 5] }).weightGradients);
  };

  it('leaves less and less of the gradient towards the first layer under sigmoid, and not under ReLU', () => {
    const [sigmoid, relu] = [slopesOf('sigmoid'), slopesOf('relu')];
    expect(sigmoid.map(({ node }) => node)).toEqual(['f1', 'h2', 'h3', 'h4', 'h5', 'h6', 'f2']);
    const fades = (slopes: typeof sigmoid) => slopes.at(-1)!.mean / slopes[0]!.mean;
    expect(fades(sigmoid)).toBeGreaterThan(100);
    expect(fades(sigmoid) / fades(relu)).toBeGreaterThan(20);
    const question = slopesQuestion(sigmoid)!;
    expect([fades(sigmoid), 2 * fades(sigmoid)].map((given) => isRight(question, given))).toEqual([true, false]);
  });
});

describe('stamps of an up-conv', () => {
  const whole = new Float32Array(stampSide * stampSide).fill(1);
  const stamped = (kernel: number, stride: number) =>
    look(stampNetwork(kernel, stride), whole, { put: stampWeights(kernel) }).value('up');

  it.each([
    [2, 2, { least: 1, most: 1 }, false],
    [3, 2, { least: 1, most: 4 }, false],
    [4, 2, { least: 4, most: 4 }, true],
    [6, 3, { least: 4, most: 4 }, true],
    [5, 3, { least: 1, most: 4 }, false],
    [3, 1, { least: 9, most: 9 }, false],
  ])('of %i, %i apart, cover the middle %o times', (kernel, stride, covered, isDone) => {
    const coverage = coverageOf(stamped(kernel, stride), kernel);
    expect(coverage).toEqual(covered);
    expect(isRight(stampingQuestion(kernel, stride, coverage), null)).toBe(isDone ? true : null);
  });

  it('are counted place by place as they are laid', () => {
    const counts = new Float32Array(13 * 13);
    for (let row = 0; row < stampSide; row++) {
      for (let column = 0; column < stampSide; column++) {
        for (let tap = 0; tap < 9; tap++) counts[(2 * row + Math.floor(tap / 3)) * 13 + 2 * column + (tap % 3)]! += 1;
      }
    }
    expect(planeOf(stamped(3, 2), 0, 0).values).toEqual(counts);
  });

  it('are those of the network’s own up-convs', () => {
    expect(upConvWindows(analyzeNetwork(readTemplate('fcn-small')))).toEqual([
      { node: 'up2', kernel: 4, stride: 2 },
      { node: 'up8', kernel: 8, stride: 4 },
    ]);
  });
});

describe('U-Net’s arithmetic', () => {
  const unet = readTemplate('unet');
  const analysis = analyzeNetwork(unet);

  it('goes from 572 to 388 as the paper draws it', () => {
    const rows = sizeRows(analysis);
    expect(rows[0]!.before).toBe(572);
    const down = [570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30, 28];
    expect(rows.slice(0, down.length).map(({ after }) => after)).toEqual(down);
    const up = [56, 54, 52, 104, 102, 100, 200, 198, 196, 392, 390, 388];
    const isCrop = (id: string) => analysis.nodes.get(id)!.inputShapes.length > 1;
    expect(rows.slice(down.length).flatMap(({ node, after }) => (isCrop(node) ? [] : [after]))).toEqual(up);
    expect(rows.filter(({ node }) => isCrop(node)).map(({ before, after }) => [before, after])).toEqual([
      [64, 56],
      [136, 104],
      [280, 200],
      [568, 392],
    ]);
    expect(rows.every(({ formula, after }) => formula.includes(String(after)))).toBe(true);
  });

  it('is done when every size was found', () => {
    const rows = sizeRows(analysis);
    const all = rows.map(({ node }) => node);
    expect(isRight(sizesQuestion(rows, new Set(all)), null)).toBe(true);
    expect(isRight(sizesQuestion(rows, new Set(all.slice(1))), null)).toBeNull();
  });

  it('takes other pictures that fit, and no others', () => {
    expect(sizeRows(onPicture(unet, analysis, 188)!).at(-1)!.after).toBe(4);
    expect(onPicture(unet, analysis, 100)).toBeNull();
  });
});

describe('down the loss surface', () => {
  const jOf = ([a, b]: Theta, samples: readonly number[]): number =>
    samples.reduce((sum, at) => sum + (a + b * points[at]!.x - points[at]!.y) ** 2, 0) / (2 * samples.length);
  const every = points.map((_, at) => at);

  const losses = look(lossNetwork(), surfaceThetas(), { put: lossWeights(every) }).value('loss').data;
  const { places } = surface;
  const grid = { height: places, width: places, values: Float32Array.from(losses) };

  it('is J(θ) = 1/2m · Σ (θ₀ + θ₁x − y)² at every place that is computed, from edge to edge', () => {
    expect(losses.length).toBe(places ** 2);
    for (const place of [
      { x: 0, y: 0 },
      { x: 20, y: 3 },
      { x: 30, y: 30 },
      { x: 4, y: 15 },
    ]) {
      expect(losses[place.y * places + place.x]).toBeCloseTo(jOf(thetaAt(place), every), 5);
      expect(placeOf(thetaAt(place)).x).toBeCloseTo(place.x, 9);
      expect(placeOf(thetaAt(place)).y).toBeCloseTo(place.y, 9);
    }
    expect([thetaAt({ x: 0, y: 0 }), thetaAt({ x: 30, y: 30 })]).toEqual([
      [-2, 3],
      [3, -2],
    ]);
  });

  it('is between these what the formula says, to a hundredth: shades and contour lines do not mislead', () => {
    for (const place of [
      { x: 0.5, y: 0.5 },
      { x: 17.3, y: 9.8 },
      { x: 29.9, y: 12.5 },
    ])
      expect(Math.abs(blendedAt(grid, place) - jOf(thetaAt(place), every))).toBeLessThan(0.01);
    const levels = roundLevels(grid.values);
    expect(levels.length).toBeGreaterThan(3);
    for (const level of levels) {
      const lines = contourLines(grid, level);
      expect(lines.length).toBeGreaterThan(4);
      for (const place of lines.flat()) expect(Math.abs(jOf(thetaAt(place), every) - level)).toBeLessThan(0.01);
    }
  });

  it.each(descentKinds)('has the gradient of the samples of a step: %s', (kind) => {
    const [theta, samples] = [[-0.7, 1.9] as const, samplesAt(kind, 5)];
    expect(samples.length).toBe(descents[kind]);
    const seen = look(lossNetwork(), theta, { put: lossWeights(samples), score: 0 });
    expect(seen.target).toBeCloseTo(jOf(theta, samples), 5);
    const h = 1e-4;
    const slopes = [
      (jOf([theta[0] + h, theta[1]], samples) - jOf([theta[0] - h, theta[1]], samples)) / (2 * h),
      (jOf([theta[0], theta[1] + h], samples) - jOf([theta[0], theta[1] - h], samples)) / (2 * h),
    ];
    seen.gradient('theta').data.forEach((gradient, at) => expect(gradient).toBeCloseTo(slopes[at]!, 4));
  });

  it.each(descentKinds)('takes every point once in an epoch: %s', (kind) => {
    const steps = points.length / descents[kind];
    for (const epoch of [0, 1]) {
      const taken = Array.from({ length: steps }, (_, at) => samplesAt(kind, epoch * steps + at)).flat();
      expect(taken.toSorted((a, b) => a - b)).toEqual(every);
    }
  });

  it('asks for θ − α·∇J(θ)', () => {
    expect(descend([1, 2], [0.5, -4], 0.1)).toEqual([0.95, 2.4]);
    const question = descentQuestion({ theta: [1, 2], gradient: [0.5, -4], loss: 1 }, 0.1);
    expect([2.4, 1.6].map((given) => isRight(question, given))).toEqual([true, false]);
  });
});

describe('pictures that are shifted and shuffled', () => {
  const x: HostTensor = { dtype: 'float32', shape: [2, 6, 6, 1], data: pictures(72) };
  const fc = chain([
    ['x', 'input', { shape: [6, 6, 1] }],
    ['f1', 'fc', { units: 5, activation: 'sigmoid' }],
    ['f2', 'fc', { units: 10 }],
  ]);
  const conv = chain([
    ['x', 'input', { shape: [6, 6, 1] }],
    ['c', 'conv', { filters: 2, kernelSize: 3 }],
  ]);

  it('move the map of a conv along', () => {
    const [before, after] = [look(conv, x.data).value('c'), look(conv, shifted(x, 1, -1)).value('c')];
    const [a, b] = [planeOf(before, 1, 1).values, planeOf(after, 1, 1).values];
    for (let row = 1; row < 4; row++) {
      for (let column = 0; column < 3; column++) {
        expect(b[row * 4 + column]! - a[(row - 1) * 4 + column + 1]!).toBeCloseTo(0, 6);
      }
    }
  });

  it('are the same to an FC whose weights are shuffled alike, and not to any other', () => {
    const order = pixelOrder(36, 1);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 36 }, (_, at) => at));
    const before = look(fc, x.data);
    const mixed = reordered(x.data, order);
    const put = { 'f1/kernel': reorderedKernel(before.weights['f1/kernel']!, order) };
    expect(largestDifference(look(fc, mixed, { put }).value('f2'), before.value('f2'))).toBeLessThan(1e-6);
    expect(largestDifference(look(fc, mixed).value('f2'), before.value('f2'))).toBeGreaterThan(0.01);
  });

  it('are right where the largest score is that of the label', () => {
    const scores: HostTensor = { dtype: 'float32', shape: [3, 2], data: Float32Array.of(1, 2, 5, 0, -1, -2) };
    expect(rightOf(scores, [1, 0, 1])).toBe(2);
    expect([93, 92].map((given) => isRight(pixelsQuestion(93), given))).toEqual([true, false]);
  });
});

describe('masks with and without skips', () => {
  const template = readTemplate(masksExhibit.template);

  it('come of networks that score every pixel, with so many skips', () => {
    for (const skips of skipCounts) {
      const document = withSkips(template, skips)!;
      const analysis = analyzeNetwork(document);
      expect(analysis.ok).toBe(true);
      expect(analysis.nodes.get(analysis.outputs[0]!)!.outputShape).toEqual([64, 64, 11]);
      expect(document.nodes.filter(({ kind }) => kind === 'add').length).toBe(skips);
    }
  });

  it('lose a skip whose scores are silenced, and nothing else', () => {
    const small = applyEdits(withSkips(template, 2)!, [
      { type: 'setParams', id: 'image', params: { shape: [8, 8, 1] } },
    ]);
    if (!small.ok) throw new Error('it fits');
    const { weights, value } = look(small.value, pictures(64));
    const names = ['score_p1/kernel', 'score_p1/bias'];
    const put = silenced(names.map((name) => ({ name, count: weights[name]!.data.length })));
    const off = look(small.value, pictures(64), { put });
    expect(largestDifference(off.value('fuse1'), value('up4'))).toBeLessThan(1e-6);
    expect(largestDifference(off.value('fuse1'), value('fuse1'))).toBeGreaterThan(0.01);
  });

  it('are the class with the largest score of each pixel; the fewest wrong pixels win', () => {
    const scores: HostTensor = { dtype: 'float32', shape: [1, 1, 3, 2], data: Float32Array.of(0, 1, 3, 2, -1, 0) };
    expect([...maskOf(scores)]).toEqual([1, 0, 1]);
    expect(wrongPixels(maskOf(scores), [1, 1, -1])).toBe(1);
    expect(isRight(masksQuestion([40, 20, 30])!, 1)).toBe(true);
    expect(isRight(masksQuestion([40, 20, 30])!, 2)).toBe(false);
    expect(masksQuestion([40, null, 30])).toBeNull();
  });
});

describe('one label or one for each pixel', () => {
  it('takes a segmentation network to pictures of digits with all its weights, and a classifier not at all', () => {
    const document = readTemplate('fcn-small');
    const analysis = analyzeNetwork(document);
    const digits = onDigits(document, analysis)!;
    expect(digits.analysis.nodes.get(digits.analysis.outputs[0]!)!.outputShape).toEqual([32, 32, 11]);
    expect(digits.analysis.totals.params).toBe(analysis.totals.params);
    expect([1024, 784].map((given) => isRight(labelsQuestion(digits.analysis)!, given))).toEqual([true, false]);
    const large = framed(pictures(784), digits.side);
    expect(large.length).toBe(1024);
    expect([large[2 * 32 + 2], large[29 * 32 + 29], large[0]]).toEqual([pictures(784)[0], pictures(784)[783], 0]);
    const lenet = readTemplate('lenet');
    expect(onDigits(lenet, analyzeNetwork(lenet))).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { changeOfTarget, drawChanges, warpPicture } from '../../../electron/data/augment';
import { makeBatch } from '../../../electron/trainer/batches';
import type { BatchForm } from '../../../electron/trainer/batches';
import { baselineLoss, baselineScores } from '../../../electron/trainer/evaluate';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { checkTraining } from '../../../shared/compile/trainingChecks';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { augmentationRecipes } from '../../../shared/schema/augmentation';
import type { Json } from '../../../shared/schema/document';
import { wiredNetwork } from '../../support/networks';

const form: BatchForm = {
  task: 'image-to-image',
  inputShape: [2, 2, 1],
  targetShape: [4, 4, 1],
  outputShape: [4, 4, 1],
};

/** Pictures of one grey each, and targets of another. */
const samples = {
  count: 2,
  inputs: Uint8Array.from({ length: 8 }, (_, at) => (at < 4 ? 0 : 51)),
  targets: Uint8Array.from({ length: 32 }, (_, at) => (at < 16 ? 51 : 102)),
};

describe('pictures to be learned', () => {
  it('are values from 0 to 1', () => {
    const { y } = makeBatch(samples, [1], form);
    expect(y.shape).toEqual([1, 4, 4, 1]);
    expect(y.dtype).toBe('float32');
    expect(y.data[0]).toBeCloseTo(0.4, 6);
  });

  it('are compared with the input at their size, and with their mean', () => {
    // Both inputs are off by 51 of 255: an error of 0.04.
    expect(baselineScores(samples, samples, form, 0).psnr).toBeCloseTo(-10 * Math.log10(0.04), 6);
    expect(baselineLoss(samples, samples)).toBeCloseTo(25.5 ** 2, 6);
  });

  it('keep what noise and light do to the input', () => {
    const strengths = { ...augmentationRecipes.none, noise: 0.5, brightness: 0.5, cutout: 1 };
    const changes = drawChanges(strengths, 1, 1, [0, 1], form.inputShape);
    const changed = makeBatch(samples, [0, 1], form, changes);
    expect([...changed.y.data]).toEqual([...makeBatch(samples, [0, 1], form).y.data]);
    expect([...changed.x.data]).not.toEqual([...makeBatch(samples, [0, 1], form).x.data]);
  });
});

describe('what moves a picture', () => {
  /** A ramp as it is seen at a size: each pixel has the place of its middle, as a part of the width. */
  const ramp = (width: number, height: number) =>
    Float32Array.from({ length: width * height }, (_, at) => ((at % width) + 0.5) / width);

  it.each([
    ['mirroring', { flip: 1 }],
    ['turning and zooming', { rotate: 20, zoom: 0.2 }],
    ['shifting', { shift: 0.25 }],
  ])('moves its target by the same: %s', (_, strengths) => {
    const [small, large] = [
      [16, 16, 1],
      [32, 32, 1],
    ] as const;
    const [change] = drawChanges({ ...augmentationRecipes.none, ...strengths }, 3, 5, [0], small);
    const [input, target] = [new Float32Array(256), new Float32Array(1024)];
    warpPicture(ramp(16, 16), small, 1, change!, input);
    warpPicture(ramp(32, 32), large, 1, changeOfTarget(change!, small, large), target);
    let most = 0;
    // Off the edges, where places are held, a pixel is the mean of the four that it became.
    for (let y = 5; y < 11; y++) {
      for (let x = 5; x < 11; x++) {
        const of = (down: number, right: number): number => target[(2 * y + down) * 32 + 2 * x + right]!;
        const mean = (of(0, 0) + of(0, 1) + of(1, 0) + of(1, 1)) / 4;
        most = Math.max(most, Math.abs(mean - input[y * 16 + x]!));
      }
    }
    expect(most).toBeLessThan(1e-5);
  });
});

describe('a network that is to give pictures', () => {
  const data = { task: 'image-to-image', inputShape: [8, 8, 1], targetShape: [16, 16, 1], classes: [] } as const;
  type Params = { readonly [name: string]: Json };
  const conv = (params: Params) => ['conv', { filters: 1, kernelSize: 3, ...params }, 'image'] as const;
  const network = (last: readonly [string, Params, string], shape: readonly (number | null)[] = [8, 8, 1]) =>
    wiredNetwork({ image: ['input', { shape }], c: conv({ padding: 'same' }), last: [...last] });
  const findings = (document: ReturnType<typeof network>, choices = {}) =>
    checkTraining(document, analyzeNetwork(document), data, choices);

  it.each([
    ['linear', {}],
    ['a sigmoid', { activation: 'sigmoid' }],
  ])('is right with an end of the size of the targets: %s', (_, params) => {
    expect(findings(network(['upconv', { filters: 1, kernelSize: 2, strides: 2, ...params }, 'c']))).toEqual([]);
  });

  it('is asked for the size that its own input leads to', () => {
    const document = network(['upconv', { filters: 1, kernelSize: 2, strides: 2 }, 'c'], [10, 12, 1]);
    expect(findings(document)).toEqual([]);
  });

  it('is told of a size that is too small, and offered an up-conv that mends it', () => {
    const document = network(['activation', { function: 'relu' }, 'c']);
    const [found, ...others] = findings(document);
    expect(others).toEqual([]);
    expect([found!.code, found!.at.nodeId]).toEqual(['train/target-size', 'last']);
    const mended = applyEdits(document, found!.fixes[0]!.edits);
    expect(mended.ok && findings(mended.value)).toEqual([]);
  });

  it('is told of two channels, and offered the filters of the last layer', () => {
    const document = network(['upconv', { filters: 2, kernelSize: 2, strides: 2 }, 'c']);
    const [found] = findings(document);
    expect(found!.code).toBe('train/target-size');
    const mended = applyEdits(document, found!.fixes[0]!.edits);
    expect(mended.ok && findings(mended.value)).toEqual([]);
  });

  it('is told of a vector', () => {
    expect(findings(network(['fc', { units: 4 }, 'c'])).map(({ code }) => code)).toEqual(['train/target-size']);
  });

  it('is warned of a softmax, and refused a loss of classes', () => {
    const end = { filters: 1, kernelSize: 2, strides: 2, activation: 'softmax' };
    expect(findings(network(['upconv', end, 'c'])).map(({ code }) => code)).toEqual(['train/softmax-of-picture']);
    const plain = network(['upconv', { filters: 1, kernelSize: 2, strides: 2 }, 'c']);
    const codes = findings(plain, { loss: 'crossEntropy' }).map(({ code }) => code);
    expect(codes).toContain('train/loss-needs-classes');
  });
});

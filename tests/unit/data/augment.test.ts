import { describe, expect, it } from 'vitest';
import { drawChanges, warpLabels, warpPicture } from '../../../electron/data/augment';
import type { Samples } from '../../../electron/data/dataset';
import { makeBatch } from '../../../electron/trainer/batches';
import {
  augmentationNames,
  augmentationRecipes,
  strengthsOf,
  type Strengths,
} from '../../../shared/schema/augmentation';
import { defaultTrainingConfig } from '../../../shared/schema/training';

const nothing = augmentationRecipes.none;
const [height, width] = [12, 20];
const shape = [height, width, 1];

/** Each pixel has the number of its column. */
const columns = Uint8Array.from({ length: height * width }, (_, at) => at % width);

function changed(strengths: Partial<Strengths>, step: number, values = columns): Float32Array {
  const into = new Float32Array(values.length);
  const [change] = drawChanges({ ...nothing, ...strengths }, 1, step, [0], shape);
  warpPicture(values, shape, 1, change!, into);
  return into;
}

const steps = Array.from({ length: 200 }, (_, step) => step + 1);

describe('strengths', () => {
  it('are those of the recipe, and own ones go before them', () => {
    expect(strengthsOf(defaultTrainingConfig)).toBeNull();
    expect(strengthsOf({ ...defaultTrainingConfig, augment: 'own' })).toBeNull();
    expect(strengthsOf({ ...defaultTrainingConfig, augment: 'digits', rotate: 30, noise: 0.1 })).toEqual({
      ...augmentationRecipes.digits,
      rotate: 30,
      noise: 0.1,
    });
    expect(strengthsOf({ ...defaultTrainingConfig, shift: 0.1 })).toEqual({ ...nothing, shift: 0.1 });
  });
});

describe('a changed picture', () => {
  it('follows from seed, step and sample alone, whatever the batch', () => {
    const strengths = { ...augmentationRecipes.photos, noise: 0.1, cutout: 0.3 };
    const picture = (step: number, indices: readonly number[], at: number, seed = 1): readonly number[] => {
      const into = new Float32Array(columns.length);
      warpPicture(columns, shape, 1 / 255, drawChanges(strengths, seed, step, indices, shape)[at]!, into);
      return [...into];
    };
    const wanted = picture(5, [3, 8, 4], 1);
    expect(picture(5, [8], 0)).toEqual(wanted);
    expect(picture(6, [8], 0)).not.toEqual(wanted);
    expect(picture(5, [9], 0)).not.toEqual(wanted);
    expect(picture(5, [8], 0, 2)).not.toEqual(wanted);
  });

  it('is mirrored exactly, in half of the steps where the chance is a half', () => {
    const mirrored = columns.map((value) => width - 1 - value);
    expect([...changed({ flip: 1 }, 1)]).toEqual([...mirrored]);
    const count = steps.filter((step) => changed({ flip: 0.5 }, step)[0] === width - 1).length;
    expect(count).toBeGreaterThan(70);
    expect(count).toBeLessThan(130);
  });

  it('moves by whole pixels, as often by each, and goes on at its edges', () => {
    const counts = new Map<number, number>();
    for (const step of steps) {
      const row = changed({ shift: 0.1 }, step).subarray(0, width);
      const shift = 10 - row[10]!;
      counts.set(shift, (counts.get(shift) ?? 0) + 1);
      expect([...row]).toEqual(Array.from({ length: width }, (_, x) => Math.min(width - 1, Math.max(0, x - shift))));
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    for (const count of counts.values()) expect(count).toBeGreaterThan(20);
  });

  it('has its mask moved with it: of a slope, each pixel is the place it comes from, and each label the nearest', () => {
    const strengths = { ...nothing, flip: 0.5, shift: 0.2, rotate: 40, zoom: 0.3, shear: 20 };
    for (const step of steps.slice(0, 40)) {
      const [change] = drawChanges(strengths, 1, step, [0], shape);
      const into = new Float32Array(columns.length);
      warpPicture(columns, shape, 1, change!, into);
      const labels = warpLabels(columns, height, width, change!);
      labels.forEach((label, at) => expect(Math.abs(label - into[at]!)).toBeLessThanOrEqual(0.500001));
      expect(new Set(labels).size).toBeGreaterThan(3);
    }
  });

  it('turns about its middle by no more than the angle', () => {
    // The column that the pixel one row above the middle comes from leans by the tangent of the angle.
    const leans = steps.map((step) => {
      const [a, b, , d, e] = drawChanges({ ...nothing, rotate: 30 }, 1, step, [0], shape)[0]!.matrix;
      expect(a * e - b * d).toBeCloseTo(1, 10);
      return (Math.atan2(b, e) * 180) / Math.PI;
    });
    expect(Math.max(...leans.map(Math.abs))).toBeLessThanOrEqual(30);
    expect(Math.min(...leans)).toBeLessThan(-25);
    expect(Math.max(...leans)).toBeGreaterThan(25);
  });

  it('keeps to 0..1 in light, contrast and noise, which add nothing to the mean', () => {
    const grey = new Uint8Array(height * width).fill(128);
    const into = new Float32Array(grey.length);
    const means = steps.map((step) => {
      const [change] = drawChanges({ ...nothing, brightness: 0.6, contrast: 0.5, noise: 0.2 }, 1, step, [0], shape);
      warpPicture(grey, shape, 1 / 255, change!, into);
      into.forEach((value) => expect(value >= 0 && value <= 1).toBe(true));
      return into.reduce((sum, value) => sum + value, 0) / into.length;
    });
    expect(means.reduce((sum, mean) => sum + mean, 0) / means.length).toBeCloseTo(0.5, 1);
    expect(Math.max(...means) - Math.min(...means)).toBeGreaterThan(0.6);
  });

  it('is covered by a square of its mean, and alpha keeps what it is', () => {
    const colours = Uint8Array.from({ length: height * width * 4 }, (_, at) => (at % 4 === 3 ? 255 : 100 + (at % 50)));
    const into = new Float32Array(colours.length);
    const [change] = drawChanges({ ...nothing, cutout: 0.5, brightness: 0.2 }, 1, 3, [0], [height, width, 4]);
    warpPicture(colours, [height, width, 4], 1 / 255, change!, into);
    expect(new Set(into.filter((_, at) => at % 4 === 3))).toEqual(new Set([1]));
    const reds = Array.from(into.filter((_, at) => at % 4 === 0));
    const most = Math.max(...reds.map((value) => reds.filter((other) => other === value).length));
    expect(most).toBeGreaterThanOrEqual(15);
    expect(most).toBeLessThanOrEqual(60);
  });

  it.each(augmentationNames)('changes more with %s than without', (name) => {
    const strengths = { [name]: name === 'rotate' || name === 'shear' ? 20 : 0.5 };
    const differs = steps.slice(0, 20).filter((step) => changed(strengths, step).some((v, at) => v !== columns[at]));
    expect(differs.length).toBeGreaterThan(5);
  });
});

describe('a batch', () => {
  it('holds changed pictures and masks, cut to the output in their middle, and labels of pictures as they were', () => {
    const samples: Samples = { count: 1, inputs: columns, targets: columns };
    const changes = drawChanges({ ...nothing, flip: 1 }, 1, 1, [0], shape);
    const sides = { inputShape: shape, targetShape: [height, width], outputShape: [height - 2, width - 2] };
    const { x, y } = makeBatch(samples, [0], { task: 'segmentation', ...sides }, changes);
    expect(Math.round(x.data[0]! * 255)).toBe(width - 1);
    expect(y.data[0]).toBe(width - 2);
    const classes = { count: 1, inputs: columns, targets: Uint8Array.of(7) };
    const form = { task: 'classification', inputShape: shape, targetShape: [], outputShape: [10] } as const;
    expect([...makeBatch(classes, [0], form, changes).y.data]).toEqual([7]);
  });
});

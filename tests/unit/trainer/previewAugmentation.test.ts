import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../electron/data/dataset';
import { previewAugmentation } from '../../../electron/trainer/previewAugmentation';
import type { Task } from '../../../shared/schema/data';
import { defaultTrainingConfig } from '../../../shared/schema/training';

const [count, side] = [6, 4];
/** Each picture has one grey, 40 times its place. */
const samples = {
  count,
  inputs: Uint8Array.from({ length: count * side * side }, (_, at) => 40 * Math.floor(at / side ** 2)),
  targets: Uint8Array.from({ length: count }, (_, at) => at % 2),
};
const dataset = (task: Task): Dataset => ({
  info: {
    spec: 'test',
    task,
    inputShape: [side, side, 1],
    classes: ['even', 'odd'],
    trainCount: count,
    validationCount: count,
    split: { en: '', zh: '' },
    warnings: [],
  },
  targetShape: [],
  train: samples,
  validation: samples,
  scaling: null,
});
const shown = [1, 4].map((index) => ({ part: 'train', index }) as const);
const preview = (mixing: object, task: Task = 'classification') =>
  previewAugmentation(dataset(task), {
    config: { ...defaultTrainingConfig, ...mixing },
    samples: shown,
    steps: 3,
  });

describe('a preview of mixed pictures', () => {
  it('has each as it is, then mixed with one of a batch, and says with which and how much of either there is', () => {
    const found = preview({ mixup: 1 });
    if (!found.ok) throw new Error('refused');
    const { perSample, shape, pixels, mixes } = found.value;
    expect([perSample, mixes?.length]).toEqual([4, 8]);
    const size = shape[0] * shape[1] * 3;
    mixes!.forEach((mix, at) => {
      const own = shown[Math.floor(at / 4)]!.index;
      const grey = mix === null ? 40 * own : 40 * (mix.share * mix.own.index + (1 - mix.share) * mix.other.index);
      expect(mix === null).toBe(at % 4 === 0);
      if (mix !== null) expect([mix.own.index, mix.other.classIndex]).toEqual([own, mix.other.index % 2]);
      expect(Math.abs(pixels[at * size]! - grey)).toBeLessThan(1);
    });
    // Others than those that are shown are mixed in, as in a step.
    expect(mixes!.some((mix) => mix !== null && ![1, 4].includes(mix.other.index))).toBe(true);
  });

  it('is none where nothing is mixed, and refused with a mend where it cannot be', () => {
    expect(preview({})).toMatchObject({ ok: true, value: { perSample: 1, mixes: null } });
    expect(preview({ cutmix: 1 }, 'image-to-image')).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'train/not-mixed', at: { path: 'train.cutmix' } }],
    });
  });
});

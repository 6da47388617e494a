import { describe, expect, it } from 'vitest';
import { answerCount, makeBatch } from '../../../electron/trainer/batches';
import type { BatchForm } from '../../../electron/trainer/batches';
import { baselineScores } from '../../../electron/trainer/evaluate';
import { ignoredLabel } from '../../../shared/compile/losses';

const form: BatchForm = {
  task: 'segmentation',
  inputShape: [2, 2, 1],
  targetShape: [2, 2],
  outputShape: [2, 2, 2],
  hasIgnored: true,
};
const none = ignoredLabel;
const samples = {
  count: 2,
  inputs: new Uint8Array(8),
  targets: Uint8Array.of(0, 1, none, none, 1, 1, none, 0),
};

describe('pixels of no class', () => {
  it('are no answers that accuracy is divided by', () => {
    const batch = makeBatch(samples, [0, 1], form);
    expect(answerCount(batch, form)).toBe(5);
    expect(answerCount(batch, { ...form, hasIgnored: false })).toBe(8);
  });

  it('are left out of what the commonest class scores', () => {
    expect(baselineScores(samples, samples, form, 2)).toEqual({ accuracy: 3 / 5, meanIou: (3 / 5 + 0) / 2 });
  });
});

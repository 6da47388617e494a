import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { checkMixing } from '../../../shared/compile/mixingChecks';
import { checkTraining } from '../../../shared/compile/trainingChecks';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { chainNetwork } from '../../support/networks';

const picture = [8, 8, 1];

describe('samples that are to be mixed', () => {
  it.each([
    ['classification', picture, { mixup: 1, cutmix: 1 }],
    ['multi-label', picture, { mixup: 1, cutmix: 1 }],
    ['classification', [4], { mixup: 1 }],
    ['regression', [4], { mixup: 1 }],
    ['image-to-image', picture, { mixup: 1 }],
    ['segmentation', picture, { mixup: 0, cutmix: 0, batchSize: 1 }],
  ] as const)('can be, of %s and %j: %j', (task, inputShape, config) => {
    expect(checkMixing({ task, inputShape }, config)).toEqual([]);
  });

  it.each([
    ['segmentation', picture, { mixup: 1 }, ['train.mixup']],
    ['segmentation', picture, { mixup: 1, cutmix: 1 }, ['train.mixup', 'train.cutmix']],
    ['image-to-image', picture, { mixup: 1, cutmix: 1 }, ['train.cutmix']],
    ['classification', [4], { cutmix: 1 }, ['train.cutmix']],
    ['classification', picture, { mixup: 0.2, batchSize: 1 }, ['train.mixup']],
  ] as const)('cannot be, of %s and %j: %j', (task, inputShape, config, paths) => {
    const found = checkMixing({ task, inputShape }, config);
    expect(found.map(({ code, at }) => [code, at.path])).toEqual(paths.map((path) => ['train/not-mixed', path]));
  });

  it('are told of with what else keeps a network from its data, and every mend offered mends it', () => {
    const data = { task: 'classification', inputShape: picture, classes: ['a', 'b'] } as const;
    const document = { ...chainNetwork(picture, ['fc', { units: 2 }]), train: { mixup: 0.2, batchSize: 1 } };
    const findings = (train: object) => checkTraining(document, analyzeNetwork(document), data, train);
    const [found] = findings(document.train);
    expect(found!.fixes).toHaveLength(2);
    for (const { edits } of found!.fixes) {
      const mended = applyEdits(document, edits);
      expect(mended.ok && findings(mended.value.train ?? {})).toEqual([]);
    }
  });
});

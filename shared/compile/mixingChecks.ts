import { notMixed, type NotMixed } from '../diagnostics/catalog/mixing';
import type { Diagnostic, Fix } from '../diagnostics/diagnostic';
import { mixingsOf, type MixingName } from '../schema/augmentation';
import { isOfWholePictures, type Task } from '../schema/data';
import { trainingFields, type TrainingConfig } from '../schema/training';
import { text } from '../text';

/** What decides whether samples can be mixed. `inputShape`: of one, as the network is fed it. */
type Mixed = { readonly task: Task; readonly inputShape: readonly unknown[] };

function whyNot(name: MixingName, { task, inputShape }: Mixed, batchSize: number): NotMixed | null {
  if (task === 'segmentation') return 'pixels';
  if (name === 'cutmix' && !isOfWholePictures(task)) return 'values';
  if (name === 'cutmix' && inputShape.length !== 3) return 'rows';
  return batchSize === 1 ? 'one' : null;
}

/** What keeps the samples of a run from being mixed as its settings ask; each with a mend. */
export function checkMixing(
  mixed: Mixed,
  config: Partial<Pick<TrainingConfig, MixingName | 'batchSize'>>,
): readonly Diagnostic[] {
  const { batchSize = trainingFields.batchSize.default } = config;
  return mixingsOf(config).flatMap((name) => {
    const why = whyNot(name, mixed, batchSize);
    if (why === null) return [];
    const { label } = trainingFields[name];
    const { default: size } = trainingFields.batchSize;
    const leave: Fix = {
      title: text(`Train without ${label.en}`, `不使用 ${label.zh} 训练`),
      edits: [{ type: 'setTraining', train: {}, unset: [name] }],
    };
    const enlarge: Fix = {
      title: text(`Use batches of ${size}`, `批大小改为 ${size}`),
      edits: [{ type: 'setTraining', train: { batchSize: size } }],
    };
    return [notMixed({ path: `train.${name}`, label }, why, why === 'one' ? [enlarge, leave] : [leave])];
  });
}

import type { TrainingConfig } from '../../schema/training';
import { formatCount, text, type Text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';

/*
 * Traps that are seen by what is measured: in the data before the first step, and in the curves.
 */

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Validation samples that training has, too: scores are of what was learned by heart. `compared`: the validation samples looked at. */
export function dataLeaks(shared: number, compared: number): Diagnostic {
  return {
    code: 'data/leakage',
    severity: 'warning',
    at: {},
    summary: text(
      `${percent(shared / compared)} of the validation samples are in the training data, too.`,
      `${percent(shared / compared)} 的验证样本也在训练数据中。`,
    ),
    why: text(
      `${formatCount(shared)} of ${formatCount(compared)} that were compared are the same to the last bit: the validation score tells of what was learned by heart, and is too good. Take duplicates out before the data are split.`,
      `比较的 ${formatCount(compared)} 个样本中有 ${formatCount(shared)} 个完全相同：验证得分反映的是背下来的内容，因而偏高。请在划分数据之前去除重复。`,
    ),
    fixes: [],
  };
}

/** Validation has one class alone, and training several. */
export function oneClassValidated(name: string, count: number, trained: number): Diagnostic {
  return {
    code: 'data/one-class-validated',
    severity: 'warning',
    at: {},
    summary: text(
      `All ${formatCount(count)} validation samples are of class “${name}”.`,
      `全部 ${formatCount(count)} 个验证样本都属于类别“${name}”。`,
    ),
    why: text(
      `Training has ${trained} classes: a score over one of them says nothing about the others, and answering it always is 100 % right. Data that are sorted by class have to be shuffled before they are split.`,
      `训练数据有 ${trained} 个类别：只在其中一个上的得分不能说明其他类别，总是回答它就能得到 100 %。按类别排序的数据在划分之前应先打乱。`,
    ),
    fixes: [],
  };
}

/** The last batch of an epoch is one sample, of which a batch norm takes each channel's mean from a single value. */
export function lastBatchOfOne(
  nodeId: string,
  {
    count,
    samplesPerStep,
    batchSize,
  }: { readonly count: number; readonly samplesPerStep: number; readonly batchSize: number },
): Diagnostic {
  const better = batchSize + 1;
  return {
    code: 'train/last-batch-of-one',
    severity: 'warning',
    at: { nodeId },
    summary: text(
      `The last batch of each epoch is a single sample, and “${nodeId}” normalises it to nothing.`,
      `每轮的最后一批只有一个样本，“${nodeId}”会把它归一化为零。`,
    ),
    why: text(
      `${formatCount(count)} samples in steps of ${formatCount(samplesPerStep)} leave one over: each mean is of a single value, and a value less itself is 0. That step learns from nothing, and pulls the running statistics with it.`,
      `${formatCount(count)} 个样本按每步 ${formatCount(samplesPerStep)} 个划分，余下一个：每个均值只来自一个数值，数值减去自己为 0。这一步学不到东西，还会带偏滑动统计。`,
    ),
    fixes: [
      {
        title: text(`Set the batch size to ${better}`, `将批大小设为 ${better}`),
        edits: [{ type: 'setTraining', train: { batchSize: better } }],
      },
    ],
  };
}

/** The scores of a head pass a function that lets them get no further apart, so that the loss cannot fall below a floor. */
export function headClamped(
  nodeId: string,
  name: string,
  { floor, classCount }: { readonly floor: number; readonly classCount: number },
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'train/head-clamped',
    severity: 'warning',
    at: { nodeId },
    summary: text(
      `“${nodeId}” holds the scores within the bounds of ${name}: the loss cannot fall below ${floor.toFixed(3)}.`,
      `“${nodeId}”把得分限制在 ${name} 的范围内：损失无法低于 ${floor.toFixed(3)}。`,
    ),
    why: text(
      `The cross-entropy makes probabilities of the scores itself. With ${classCount} classes and scores that saturate, the surest answer has a loss of ${floor.toFixed(4)}, and its gradient is gone there. Leave the last layer linear.`,
      `交叉熵会自己把得分变成概率。${classCount} 个类别、得分饱和时，最有把握的回答的损失也有 ${floor.toFixed(4)}，而且那里没有梯度。最后一层应为线性。`,
    ),
    fixes,
  };
}

/** Validation gets worse while training gets better. */
export function overFitting(
  since: number,
  facts: {
    readonly best: number;
    readonly now: number;
    readonly trainThen: number;
    readonly trainNow: number;
    readonly epoch: number;
  },
  config: Pick<TrainingConfig, 'keep'>,
): Diagnostic {
  const { best, now, trainThen, trainNow, epoch } = facts;
  const keep: Fix = {
    title: text('Keep the weights of the best epoch', '保留最佳一轮的权值'),
    edits: [{ type: 'setTraining', train: { keep: 'best', watch: 'loss' } }],
  };
  const early: Fix = {
    title: text(`Train for ${since} epochs`, `训练 ${since} 轮`),
    edits: [{ type: 'setTraining', train: { epochs: since } }],
  };
  return {
    code: 'run/over-fitting',
    severity: 'warning',
    at: {},
    summary: text(`The network over-fits from epoch ${since + 1} on.`, `从第 ${since + 1} 轮起过拟合。`),
    why: text(
      `From epoch ${since} to ${epoch} the validation loss rose from ${short(best)} to ${short(now)}, while that of training fell from ${short(trainThen)} to ${short(trainNow)}: what is learned now holds for the training samples alone. More data, augmentation, dropout, weight decay or a smaller network help; best.safetensors has the best epoch.`,
      `从第 ${since} 轮到第 ${epoch} 轮，验证损失从 ${short(best)} 升到 ${short(now)}，而训练损失从 ${short(trainThen)} 降到 ${short(trainNow)}：现在学到的只适用于训练样本。更多数据、数据增强、随机失活、权值衰减或更小的网络会有帮助；best.safetensors 中是最佳一轮。`,
    ),
    fixes: config.keep === 'best' ? [early] : [keep, early],
  };
}

/** A loss is a number that tells by itself where it comes from. */
export function lossFingerprint(epoch: number, loss: number, meaning: Text): Diagnostic {
  return {
    code: 'run/loss-fingerprint',
    severity: 'warning',
    at: {},
    summary: text(
      `The loss of epoch ${epoch}, ${loss.toFixed(4)}, is a fingerprint: ${meaning.en}`,
      `第 ${epoch} 轮的损失 ${loss.toFixed(4)} 是一个特征值：${meaning.zh}`,
    ),
    fixes: [],
  };
}

import type { Edit } from '../../schema/edits';
import type { TrainingConfig } from '../../schema/training';
import { formatCount, formatDecibels, text, type Text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';

/** A score of one epoch that is no better than what an answer that looks at nothing would have. Fractions, decibels, or a loss. */
export type IdleEpoch = {
  readonly epoch: number;
  readonly measure: 'accuracy' | 'meanIou' | 'psnr' | 'loss';
  readonly score: number;
  readonly baseline: number;
  /** What the loss says by its number, if anything. */
  readonly fingerprint?: Text | null;
};

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** What was reached, and what needs no network. */
function reached(epoch: IdleEpoch): Text {
  const { en, zh } = score(epoch);
  const { fingerprint = null } = epoch;
  return fingerprint === null ? text(en, zh) : text(`${en} ${fingerprint.en}`, `${zh}${fingerprint.zh}`);
}

function score({ measure, score: reachedScore, baseline }: IdleEpoch): Text {
  switch (measure) {
    case 'accuracy':
      return text(
        `Validation accuracy is ${percent(reachedScore)}; answering the commonest class everywhere gives ${percent(baseline)}.`,
        `验证准确率为 ${percent(reachedScore)}；全部回答最常见的类别也有 ${percent(baseline)}。`,
      );
    case 'meanIou':
      return text(
        `Validation mean IoU is ${percent(reachedScore)}; answering the commonest class everywhere gives ${percent(baseline)}.`,
        `验证平均交并比为 ${percent(reachedScore)}；全部回答最常见的类别也有 ${percent(baseline)}。`,
      );
    case 'psnr':
      return text(
        `Validation PSNR is ${formatDecibels(reachedScore)}; answering the mean picture of the training data everywhere gives ${formatDecibels(baseline)}.`,
        `验证峰值信噪比为 ${formatDecibels(reachedScore)}；全部回答训练图像的平均也有 ${formatDecibels(baseline)}。`,
      );
    case 'loss':
      return text(
        `The validation loss is ${short(reachedScore)}; answering the mean of the training data everywhere gives ${short(baseline)}.`,
        `验证损失为 ${short(reachedScore)}；全部回答训练数据的均值也有 ${short(baseline)}。`,
      );
  }
}

function idle(
  code: string,
  epoch: IdleEpoch,
  { summary, why, fixes, lesson }: { summary: Text; why: Text; fixes: readonly Fix[]; lesson?: string },
): Diagnostic {
  const { en, zh } = reached(epoch);
  return {
    code,
    severity: 'warning',
    at: {},
    summary: text(
      `Nothing was learned in epoch ${epoch.epoch}: ${summary.en}`,
      `第 ${epoch.epoch} 轮没有学到东西：${summary.zh}`,
    ),
    why: text(`${en} ${why.en}`, `${zh}${why.zh}`),
    fixes,
    ...(lesson === undefined ? {} : { lesson }),
  };
}

function setTraining(train: Partial<TrainingConfig>, title: Text): Fix {
  return { title, edits: [{ type: 'setTraining', train }] };
}

function setRate(learningRate: number): Fix {
  const rate = Number(learningRate.toPrecision(2));
  return setTraining({ learningRate: rate }, text(`Set the learning rate to ${rate}`, `将学习率设为 ${rate}`));
}

/** An epoch went by without effect, and none of the known causes was found. */
export function notLearning(epoch: IdleEpoch): Diagnostic {
  const { en, zh } = reached(epoch);
  return {
    code: 'run/not-learning',
    severity: 'warning',
    at: {},
    summary: text(`Nothing was learned in epoch ${epoch.epoch}.`, `第 ${epoch.epoch} 轮没有学到东西。`),
    why: text(
      `${en} Weights move, gradients arrive and units are alive, so none of the usual causes is to blame.`,
      `${zh}权值在变化，梯度能够到达，神经元也未失活，因此不是常见原因。`,
    ),
    fixes: [],
  };
}

/** The weights have hardly left where they began. `moved`: the length of their way as a share of their own length. */
export function rateTooSmall(
  epoch: IdleEpoch,
  facts: { readonly learningRate: number; readonly steps: number; readonly moved: number; readonly better: number },
): Diagnostic {
  const { learningRate, steps, moved, better } = facts;
  const share = moved === 0 ? '0' : moved.toExponential(1);
  return idle('run/rate-too-small', epoch, {
    summary: text('the steps are too small.', '步长太小。'),
    why: text(
      `With learning rate ${learningRate}, ${formatCount(steps)} steps moved the weights by ${share} of their size, so the network is still the one that it began as.`,
      `学习率为 ${learningRate} 时，${formatCount(steps)} 步只使权值移动了自身大小的 ${share}，网络几乎还是初始的样子。`,
    ),
    fixes: [setRate(better)],
    lesson: 'learning-rate',
  });
}

/** Steps overshoot: the loss is far above that of knowing nothing, without being infinite. */
export function rateTooLarge(
  epoch: IdleEpoch,
  facts: { readonly learningRate: number; readonly loss: number; readonly chance: number; readonly moved: number },
): Diagnostic {
  const { learningRate, loss, chance, moved } = facts;
  return idle('run/rate-too-large', epoch, {
    summary: text('the steps are too large.', '步长太大。'),
    why: text(
      `The training loss is ${short(loss)}, and ${short(chance)} for an answer that looks at nothing; the weights moved by ${short(moved)} times their size. With learning rate ${learningRate} each step overshoots.`,
      `训练损失为 ${short(loss)}，而什么都不看的回答只有 ${short(chance)}；权值移动了自身大小的 ${short(moved)} 倍。学习率 ${learningRate} 使每一步都走过头。`,
    ),
    fixes: [setRate(learningRate / 10)],
    lesson: 'learning-rate',
  });
}

/** Most units of a layer give 0 for every sample, and so get no gradient. Shares are fractions. */
export function deadUnits(
  epoch: IdleEpoch,
  facts: { readonly nodeId: string; readonly share: number; readonly before: number; readonly learningRate: number },
): Diagnostic {
  const { nodeId, share, before, learningRate } = facts;
  return {
    ...idle('run/dead-units', epoch, {
      summary: text(`units of “${nodeId}” have died.`, `“${nodeId}”的神经元已失活。`),
      why: text(
        `${percent(share)} of the units of “${nodeId}” give 0 for every sample, ${percent(before)} did at the start: where ReLU gives 0 for everything, no gradient comes back. At learning rate ${learningRate} a few steps were too long.`,
        `“${nodeId}”有 ${percent(share)} 的神经元对所有样本都输出 0，开始时为 ${percent(before)}：ReLU 恒为 0 时没有梯度返回。学习率 ${learningRate} 使某些步走得太远。`,
      ),
      fixes: [setRate(learningRate / 10)],
      lesson: 'learning-rate',
    }),
    at: { nodeId },
  };
}

/** The initial weights let no signal through. `first` and `last`: root mean square of what leaves the first and the last kernel. */
export function signalLost(
  epoch: IdleEpoch,
  facts: { readonly nodeId: string; readonly first: number; readonly last: number; readonly edits: readonly Edit[] },
): Diagnostic {
  const { nodeId, first, last, edits } = facts;
  const isLost = last === 0 || last < first;
  const fix: Fix = { title: text('Start all kernels by what follows them', '所有权值按后续函数初始化'), edits };
  return {
    ...idle('run/signal-lost', epoch, {
      summary: text(
        `the initial weights ${isLost ? 'let no signal through' : 'make the signal explode'}.`,
        isLost ? '初始权值使信号消失。' : '初始权值使信号爆炸。',
      ),
      why: text(
        `At the start, values were ${short(first)} in size behind the first layer and ${short(last)} behind “${nodeId}”: what the image was is lost there, and no gradient finds back.`,
        `开始时，第一层之后数值大小为 ${short(first)}，到“${nodeId}”之后为 ${short(last)}：图像的信息在那里丢失，梯度也回不来。`,
      ),
      fixes: edits.length === 0 ? [] : [fix],
    }),
    at: { nodeId },
  };
}

/** What reaches the first layer with weights is far larger than what their start is made for. `size`: its root mean square. */
export function inputUnscaled(epoch: IdleEpoch, facts: { readonly nodeId: string; readonly size: number }): Diagnostic {
  const { nodeId, size } = facts;
  return {
    ...idle('run/input-unscaled', epoch, {
      summary: text('the input is far too large.', '输入的数值太大。'),
      why: text(
        `At the start, values of ${short(size)} in size came to “${nodeId}”, the first layer with weights: pixels of 0 to 255 look like that. Weights start for values of about 1, so steps overshoot and units die. Pictures come as 0 to 1 here: divide by 255 wherever they are multiplied, or put a batch norm first.`,
        `开始时，进入第一个带权值的层“${nodeId}”的数值大小为 ${short(size)}：0 到 255 的像素就是这样。初始权值是为大小约 1 的数值准备的，因此步长过大、神经元失活。这里的图像已是 0 到 1：请去掉放大，或先接批归一化。`,
      ),
      fixes: [],
    }),
    at: { nodeId },
  };
}

/** The gradient is lost on its way back to the first layers, whose weights thus stay as they are. */
export function gradientVanishes(
  epoch: IdleEpoch,
  facts: { readonly nodeId: string; readonly first: number; readonly last: number },
): Diagnostic {
  const { nodeId, first, last } = facts;
  return {
    ...idle('run/gradient-vanishes', epoch, {
      summary: text(`no gradient reaches “${nodeId}”.`, `梯度到不了“${nodeId}”。`),
      why: text(
        `The gradient is ${short(last)} in size at the last layer and ${short(first)} at “${nodeId}”. Sigmoid and tanh pass at most a part of it, layer by layer; ReLU, batch norm or skip connections keep it.`,
        `最后一层的梯度大小为 ${short(last)}，“${nodeId}”处只有 ${short(first)}。sigmoid 和 tanh 逐层只让一部分梯度通过；ReLU、批归一化或跳跃连接可以保住它。`,
      ),
      fixes: [],
    }),
    at: { nodeId },
  };
}

/** Batch norm takes its statistics from too few values. `values`: of each channel in a batch. */
export function batchNormOfOne(
  epoch: IdleEpoch,
  facts: {
    readonly nodeId: string;
    readonly values: number;
    readonly batchSize: number;
    readonly whileTraining: number | null;
  },
): Diagnostic {
  const { nodeId, values, batchSize, whileTraining } = facts;
  const why =
    values === 1
      ? text(
          `With batch size ${batchSize} each mean in “${nodeId}” is of a single value, and a value less itself is 0: what comes in is wiped out.`,
          `批大小为 ${batchSize} 时，“${nodeId}”的每个均值只来自一个数值，数值减去自己为 0：输入被抹掉了。`,
        )
      : text(
          `While training, “${nodeId}” normalises each batch of ${batchSize} by itself${whileTraining === null ? '' : ` (${percent(whileTraining)} of the training answers are right so)`}; in use it takes the running mean, which is another number for so few samples.`,
          `训练时“${nodeId}”按每批 ${batchSize} 个样本自己归一化${whileTraining === null ? '' : `（此时训练准确率为 ${percent(whileTraining)}）`}；使用时改用滑动均值，样本这么少时两者相差很大。`,
        );
  return {
    ...idle('run/batch-norm-of-one', epoch, {
      summary: text('batches are too small for batch norm.', '批太小，不适合批归一化。'),
      why,
      fixes: [setTraining({ batchSize: 32 }, text('Set the batch size to 32', '将批大小设为 32'))],
    }),
    at: { nodeId },
  };
}

/** Classes that validation asks for and training never showed. `share`: of the validation's labels. */
export function classNotTrained(
  epoch: IdleEpoch,
  { classes, share }: { readonly classes: readonly string[]; readonly share: number },
): Diagnostic {
  const names = classes.slice(0, 5).join(', ') + (classes.length > 5 ? ', ...' : '');
  return idle('run/class-not-trained', epoch, {
    summary: text('training never shows what validation asks for.', '训练数据中没有验证所问的类别。'),
    why: text(
      `${percent(share)} of the validation labels are of classes without a single training sample: ${names}. Split the data so that both parts have all classes.`,
      `${percent(share)} 的验证标签属于训练中没有任何样本的类别：${names}。请重新划分数据，使两部分都包含所有类别。`,
    ),
    fixes: [],
  });
}

/** Validation names the classes otherwise than training. `renamed`: accuracy once the names are exchanged; `shift`: the same for all. */
export function labelsDisagree(
  epoch: IdleEpoch,
  facts: { readonly trained: number; readonly renamed: number; readonly shift: number | null },
): Diagnostic {
  const { trained, renamed, shift } = facts;
  const how =
    shift === null
      ? text('each answer were read as the class that it mostly meets', '把每个回答换成它最常遇到的类别')
      : text(`every validation label were moved by ${shift}`, `每个验证标签都移动 ${shift}`);
  return idle('run/labels-disagree', epoch, {
    summary: text('training and validation number the classes differently.', '训练与验证的类别编号不同。'),
    why: text(
      `${percent(trained)} of training samples are answered right, and ${percent(renamed)} of validation samples would be if ${how.en}. The learning is sound; the labels of one part are not.`,
      `训练样本答对 ${percent(trained)}；若${how.zh}，验证样本会答对 ${percent(renamed)}。学习没有问题，是其中一部分的标签不对。`,
    ),
    fixes: [],
  });
}

/** Nothing in the inputs tells the labels: they are learned by heart, or not at all. `trained`: accuracy on training samples; null for numbers. */
export function labelsUnrelated(
  epoch: IdleEpoch,
  facts: { readonly trained: number | null; readonly loss: number; readonly chance: number; readonly byHeart: boolean },
): Diagnostic {
  const { trained, loss, chance, byHeart } = facts;
  const right = trained === null ? text('', '') : text(` and ${percent(trained)} right`, `，答对 ${percent(trained)}`);
  return idle('run/labels-unrelated', epoch, {
    summary: byHeart
      ? text('training samples are learned by heart.', '训练样本只是被背了下来。')
      : text('the inputs seem to say nothing about the labels.', '输入与标签似乎没有关系。'),
    why: text(
      `Training samples have loss ${short(loss)}${right.en}, where ${short(chance)} needs no look at them; weights move, gradients arrive and units are alive. Are the labels those of these inputs?`,
      `训练样本的损失为 ${short(loss)}${right.zh}，而完全不看输入也有 ${short(chance)}；权值在变化，梯度能够到达，神经元未失活。标签与输入对得上吗？`,
    ),
    fixes: [],
  });
}

/** One class is answered everywhere, and is what most labels are. Shares are fractions of the validation's answers and labels. */
export function oneClassAnswered(
  epoch: IdleEpoch,
  {
    name,
    answered,
    share,
    epochs,
  }: { readonly name: string; readonly answered: number; readonly share: number; readonly epochs: number },
): Diagnostic {
  return idle('run/one-class-answered', epoch, {
    summary: text(`the answer is “${name}” everywhere.`, `到处都回答“${name}”。`),
    why: text(
      `${percent(answered)} of the answers are “${name}”, and ${percent(share)} of the labels are: that alone makes the loss small, and the rare classes have not been found yet.`,
      `${percent(answered)} 的回答是“${name}”，而标签中它占 ${percent(share)}：仅此就使损失很小，稀少的类别尚未学到。`,
    ),
    fixes: [trainFor(3 * epochs)],
  });
}

/** The loss is on its way down and not yet below that of knowing nothing, or there were too few steps for any judgement: `epochs` make enough. */
export function tooFewSteps(
  epoch: IdleEpoch,
  facts: {
    readonly steps: number;
    readonly first: number;
    readonly loss: number;
    readonly chance: number;
    readonly epochs: number;
    readonly isTooEarly: boolean;
  },
): Diagnostic {
  const { steps, first, loss, chance, epochs, isTooEarly } = facts;
  const count = formatCount(steps);
  return idle('run/too-few-steps', epoch, {
    summary: text('there were too few steps so far.', '目前步数太少。'),
    why: isTooEarly
      ? text(
          `After ${steps === 1 ? '1 step' : `${count} steps`} it cannot be told what a network will learn. Smaller batches or more epochs make more steps.`,
          `只走了 ${count} 步，还看不出网络能学到什么。减小批大小或多训练几轮，步数就会增加。`,
        )
      : text(
          `In ${count} steps the loss fell from ${short(first)} to ${short(loss)}, and below ${short(chance)} learning shows. It is on its way.`,
          `${count} 步使损失从 ${short(first)} 降到 ${short(loss)}，降到 ${short(chance)} 以下才看得出学习效果。方向是对的。`,
        ),
    fixes: [trainFor(epochs)],
  });
}

function trainFor(epochs: number): Fix {
  return setTraining({ epochs }, text(`Train for ${epochs} epochs`, `训练 ${epochs} 轮`));
}

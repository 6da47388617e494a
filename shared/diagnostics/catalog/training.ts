import type { Shape } from '../../schema/shape';
import type { LossName } from '../../schema/training';
import { trainingFields } from '../../schema/trainingFields';
import { formatCount, formatShape, text, type Text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';

/** A setting that no run accepts. `path` is its place in a document, `accepted` what it takes instead. */
export function settingNotAccepted(
  setting: { readonly path: string; readonly label: Text },
  value: number | string,
  accepted: Text,
  fixes: readonly Fix[],
): Diagnostic {
  const written = JSON.stringify(typeof value === 'string' ? shortened(value) : value);
  return {
    code: 'train/bad-setting',
    severity: 'error',
    at: { path: setting.path },
    summary: text(
      `${setting.label.en} takes ${accepted.en}, not ${written}.`,
      `${setting.label.zh}应为${accepted.zh}，而不是 ${written}。`,
    ),
    fixes,
  };
}

/** A setting may be as long as the file that it came in. */
function shortened(value: string): string {
  return value.length > 60 ? `${value.slice(0, 57)}…` : value;
}

/** A list of weights by name that is none. */
export function badWeights(setting: { readonly path: string; readonly label: Text }, value: string): Diagnostic {
  const shown = shortened(value);
  return {
    code: 'train/bad-weights',
    severity: 'error',
    at: { path: setting.path },
    summary: text(
      `${setting.label.en} takes names with numbers, as a=2, b=0.5, not ${JSON.stringify(shown)}.`,
      `${setting.label.zh}应为名称与数值，如 a=2, b=0.5，而不是 ${JSON.stringify(shown)}。`,
    ),
    fixes: [],
  };
}

/** Weights are given for a class that the data do not have. */
export function unknownClass(name: string, classes: readonly string[]): Diagnostic {
  const some = classes.slice(0, 10).join(', ') + (classes.length > 10 ? ', ...' : '');
  return {
    code: 'train/unknown-class',
    severity: 'error',
    at: { path: 'train.ownClassWeights' },
    summary: text(`The data have no class “${name}”.`, `数据中没有类别“${name}”。`),
    why: text(`Their classes are ${some}.`, `类别有 ${some}。`),
    fixes: [],
  };
}

/** The score that is to be watched is none that the data have. */
export function scoreNotThere(label: Text): Diagnostic {
  return {
    code: 'train/score-not-there',
    severity: 'error',
    at: { path: 'train.watch' },
    summary: text(
      `These data have no score “${label.en}” that could be watched.`,
      `这些数据没有可关注的指标“${label.zh}”。`,
    ),
    why: text(
      'Values have a loss alone, classes of whole pictures an accuracy, multi-label a macro F1, and pixels an accuracy and a mean IoU.',
      '数值只有损失；整幅图像的类别有准确率；多标签有宏平均 F1；像素有准确率和平均交并比。',
    ),
    fixes: [
      {
        title: text('Watch what fits the data', '按数据选择指标'),
        edits: [{ type: 'setTraining', train: {}, unset: ['watch'] }],
      },
    ],
  };
}

/** Nothing of the weights that a run was to start from has a name and a shape of this network. */
export function nothingCarried({
  source,
  fresh,
  unused,
}: {
  readonly source: string;
  readonly fresh: readonly { readonly name: string; readonly found: readonly number[] | null }[];
  readonly unused: readonly string[];
}): Diagnostic {
  const some = (names: readonly string[]): string =>
    names.length === 0 ? '-' : names.slice(0, 3).join(', ') + (names.length > 3 ? ', ...' : '');
  const ours = some(fresh.map(({ name }) => name));
  return {
    code: 'train/nothing-carried',
    severity: 'error',
    at: { path: source },
    summary: text(`None of the weights in ${source} fits this network.`, `${source} 中没有一个权值适合这个网络。`),
    why: text(
      `Weights are carried over where name and shape are the same. This network has ${ours}; there are ${some(unused)} that it does not have, and ${fresh.filter(({ found }) => found !== null).length} of another shape.`,
      `名称和形状都相同的权值才会被带过来。这个网络有 ${ours}；对方有这里没有的 ${some(unused)}，另有 ${fresh.filter(({ found }) => found !== null).length} 个形状不同。`,
    ),
    fixes: [],
  };
}

/** Pictures are to be changed, and the network is fed something else. */
export function augmentNeedsPictures(shape: string, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'train/augment-needs-pictures',
    severity: 'error',
    at: { path: 'train.augment' },
    summary: text(
      `Augmentation changes pictures; the network is fed ${shape}, which is none.`,
      `数据增强用于图像；而网络的输入是 ${shape}，不是图像。`,
    ),
    why: text(
      'A table has no neighbours to move, and a picture that is fed as a row of numbers has lost its sides: give the network an input of height, width and channels, and a flatten behind it.',
      '表格没有可移动的相邻像素，作为一行数字输入的图像也不再有边：请把输入设为高、宽、通道，并在其后接展平层。',
    ),
    fixes,
  };
}

/** There is nothing to train: no node gives the network's answer. */
export function noOutput(): Diagnostic {
  return {
    code: 'train/no-output',
    severity: 'error',
    at: {},
    summary: text('The network has no output to train.', '网络没有可训练的输出。'),
    fixes: [],
  };
}

/** Several nodes could be trained, and the configuration does not say which. */
export function severalOutputs(ids: readonly string[]): Diagnostic {
  return {
    code: 'train/several-outputs',
    severity: 'error',
    at: {},
    summary: text(
      `The network has ${ids.length} outputs (${ids.join(', ')}): choose the one to train.`,
      `网络有 ${ids.length} 个输出（${ids.join('、')}）：请选择要训练的一个。`,
    ),
    related: ids,
    fixes: ids.slice(0, 4).map((id): Fix => ({
      title: text(`Train ${id}`, `训练 ${id}`),
      edits: [{ type: 'setTraining', train: { output: id } }],
    })),
  };
}

/** The configuration names an output that the network does not have. */
export function unknownOutput(id: string, ids: readonly string[]): Diagnostic {
  return {
    code: 'train/unknown-output',
    severity: 'error',
    at: {},
    summary: text(`${shortened(id)} is not an output of this network.`, `${shortened(id)} 不是这个网络的输出。`),
    why: text(`Its outputs are ${ids.join(', ')}.`, `它的输出有 ${ids.join('、')}。`),
    related: ids,
    fixes: ids.slice(0, 4).map((output): Fix => ({
      title: text(`Train ${output}`, `训练 ${output}`),
      edits: [{ type: 'setTraining', train: { output } }],
    })),
  };
}

/** A data set has one image per sample, so exactly one input can be fed. */
export function notOneInput(outputId: string, ids: readonly string[]): Diagnostic {
  return {
    code: 'train/not-one-input',
    severity: 'error',
    at: { nodeId: outputId },
    summary: text(
      `Training feeds one input, and ${outputId} depends on ${ids.length}.`,
      `训练时只输入一幅图像，而 ${outputId} 依赖 ${ids.length} 个输入。`,
    ),
    ...(ids.length > 0 ? { related: ids } : {}),
    fixes: [],
  };
}

/** Shapes may stay open while drawing, but a compiled network needs numbers. */
export function unknownSize(nodeId: string, shape: Shape): Diagnostic {
  return {
    code: 'train/unknown-size',
    severity: 'error',
    at: { nodeId, param: 'shape' },
    summary: text(
      `${nodeId} is ${formatShape(shape)}: give the input a size to train.`,
      `${nodeId} 的形状是 ${formatShape(shape)}：训练前请给输入一个确定的尺寸。`,
    ),
    fixes: [],
  };
}

/** A network that runs through an operation which is not understood. */
export function opaqueNotRun(nodeId: string, operation: string): Diagnostic {
  return {
    code: 'train/opaque',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” stands for ${operation}, which Convloom does not know, so the network cannot be run.`,
      `“${nodeId}”代表 Convloom 不认识的运算 ${operation}，因此网络无法运行。`,
    ),
    why: text(
      'Put layers in its place, or take a branch that does not pass through it.',
      '请用其他层替换它，或选择不经过它的分支。',
    ),
    fixes: [],
  };
}

/** A classifier whose last node still is an image: there is one answer per position instead of one per image. */
export function headIsImage(nodeId: string, shape: Shape, classCount: number, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'train/head-is-image',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `The loss wants ${classCount} class scores for each sample; “${nodeId}” gives ${formatShape(shape)}.`,
      `损失函数需要每个样本 ${classCount} 个类别得分；“${nodeId}”给出 ${formatShape(shape)}。`,
    ),
    why: text(
      'A GAP or an FC layer turns feature maps into one vector for each sample.',
      '全局池化或全连接层可以把特征图变成每个样本一个向量。',
    ),
    fixes,
  };
}

/** The head has another number of outputs than the data has classes; `ofPixels`: of masks, of which one channel tells two classes apart. */
export function classCountDiffers(
  nodeId: string,
  found: number,
  classCount: number,
  fixes: readonly Fix[],
  { ofPixels = false } = {},
): Diagnostic {
  const at = { code: 'train/class-count', severity: 'error', at: { nodeId }, fixes } as const;
  if (!ofPixels || found !== 1) {
    return {
      ...at,
      summary: text(
        `The data has ${classCount} classes, and “${nodeId}” gives ${found}.`,
        `数据有 ${classCount} 个类别，而“${nodeId}”给出 ${found} 个。`,
      ),
    };
  }
  return {
    ...at,
    summary: text(
      `The masks have ${classCount} classes, and “${nodeId}” gives one channel, which tells two apart.`,
      `掩码有 ${classCount} 个类别，而“${nodeId}”只给出一个通道，只能区分两个类别。`,
    ),
    why: text(
      'One channel with a sigmoid says how likely the second class of a mask, the thing, is, and so how likely the first, the ground. Masks of two classes are learned as it is; more classes need a channel each, of which the loss makes probabilities by a softmax.',
      '单通道加 sigmoid 给出掩码第二个类别（目标）的概率，也就给出了第一个类别（背景）的概率。两个类别的掩码可直接学习；更多类别则每个类别需要一个通道，损失会用 softmax 把它们变成概率。',
    ),
  };
}

/** The network gives another number of values than there are to learn. */
export function valueCountDiffers(nodeId: string, found: number, count: number, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'train/value-count',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `The data has ${formatCount(count)} ${count === 1 ? 'value' : 'values'} to learn for each sample, and “${nodeId}” gives ${formatCount(found)}.`,
      `数据的每个样本有 ${formatCount(count)} 个要学习的数值，而“${nodeId}”给出 ${formatCount(found)} 个。`,
    ),
    fixes,
  };
}

/** The labels are one per pixel and the network answers once per image. */
export function notPerPixel(nodeId: string, shape: Shape, classCount: number): Diagnostic {
  return {
    code: 'train/not-per-pixel',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `The labels are per pixel: the output must be height × width × ${classCount}, and “${nodeId}” gives ${formatShape(shape)}.`,
      `标签是逐像素的：输出应为高 × 宽 × ${classCount}，而“${nodeId}”给出 ${formatShape(shape)}。`,
    ),
    why: text(
      'FC, Flatten and GAP give up the positions. A 1×1 conv is an FC at every position; up-conv brings the size back.',
      '全连接、展平和全局池化会丢掉位置。1×1 卷积就是每个位置上的全连接；上卷积可以恢复尺寸。',
    ),
    fixes: [],
  };
}

/** One label per pixel of the image, but the output has another height or width. */
export function outputSizeDiffers(nodeId: string, output: Shape, input: Shape): Diagnostic {
  return {
    code: 'train/output-size',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `The labels are ${formatShape(input.slice(0, 2))}, and “${nodeId}” gives ${formatShape(output.slice(0, 2))}.`,
      `标签是 ${formatShape(input.slice(0, 2))}，而“${nodeId}”给出 ${formatShape(output.slice(0, 2))}。`,
    ),
    why: text(
      'Valid convolutions eat the border, and strides and pools shrink the image. Use same padding, up-conv back to the size of the input, or pad the input.',
      'valid 卷积会吃掉边缘，步长和池化会缩小图像。可以使用 same 填充，用上卷积恢复到输入的尺寸，或给输入加边。',
    ),
    fixes: [],
  };
}

/** The answer is no picture of the size that is to be learned. */
export function targetSizeDiffers(
  nodeId: string,
  output: Shape,
  target: readonly number[],
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'train/target-size',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `The pictures to be learned are ${formatShape(target)}, and “${nodeId}” gives ${formatShape(output)}.`,
      `要学习的图像是 ${formatShape(target)}，而“${nodeId}”给出 ${formatShape(output)}。`,
    ),
    why: text(
      'Each value of the answer is compared with the pixel in its place. Same padding keeps the size of a picture, up-conv and depth to space enlarge it, and the last filters are its channels.',
      '输出的每个数值都与对应位置的像素比较。same 填充保持图像大小，上卷积和深度转空间将其放大，最后一层的输出通道数即图像的通道数。',
    ),
    fixes,
  };
}

/** The Dice loss compares areas; these data have one class for a whole picture. */
export function lossNeedsPixels(): Diagnostic {
  return {
    code: 'train/loss-needs-pixels',
    severity: 'error',
    at: {},
    summary: text(
      'The Dice loss needs a class for each pixel, and this data has one for each sample.',
      'Dice 损失需要每个像素的类别，而这些数据每个样本只有一个类别。',
    ),
    fixes: [
      {
        title: text('Use the cross-entropy', '改用交叉熵'),
        edits: [{ type: 'setTraining', train: { loss: 'crossEntropy' } }],
      },
    ],
  };
}

/** A loss that takes classes to exclude each other, where a sample may have several. */
export function lossNeedsOneClass(loss: LossName): Diagnostic {
  const { label } = trainingFields.loss.choices.find(({ value }) => value === loss) ?? trainingFields.loss;
  return {
    code: 'train/loss-needs-one-class',
    severity: 'error',
    at: {},
    summary: text(
      `${label.en} is for one class each, and samples of this data may have several classes or none.`,
      `${label.zh}用于每个样本只有一个类别的情形，而这些数据的样本可有多个类别，也可没有。`,
    ),
    why: text(
      'It makes the probabilities of all classes add up to 1, so that two classes can never both be likely. Multi-label asks of each class by itself whether it is there.',
      '它使所有类别的概率之和为 1，两个类别不可能同时有较大的概率。多标签分类对每个类别单独判断是否存在。',
    ),
    fixes: [
      {
        title: text('Use the binary cross-entropy', '改用二元交叉熵'),
        edits: [{ type: 'setTraining', train: { loss: 'binaryCrossEntropy' } }],
      },
    ],
  };
}

/** Cross-entropy and its kin compare classes; these data are numbers. */
export function lossNeedsClasses(loss: LossName): Diagnostic {
  const { label } = trainingFields.loss.choices.find(({ value }) => value === loss) ?? trainingFields.loss;
  return {
    code: 'train/loss-needs-classes',
    severity: 'error',
    at: {},
    summary: text(
      `${label.en} needs class labels, and this data has numbers.`,
      `${label.zh}需要类别标签，而这些数据是数值。`,
    ),
    fixes: [
      {
        title: text('Use the mean squared error', '改用均方误差'),
        edits: [{ type: 'setTraining', train: { loss: 'meanSquaredError' } }],
      },
    ],
  };
}

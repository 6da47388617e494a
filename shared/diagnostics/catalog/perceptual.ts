import type { Shape } from '../../schema/shape';
import { formatShape, text, type Text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';

const otherLoss: Fix = {
  title: text('Use the mean squared error', '改用均方误差'),
  edits: [{ type: 'setTraining', train: {}, unset: ['loss'] }],
};

/** Pictures are compared where none are learned. */
export function lossNeedsPictures(): Diagnostic {
  return {
    code: 'train/loss-needs-pictures',
    severity: 'error',
    at: { path: 'train.loss' },
    summary: text(
      'The perceptual loss compares pictures, and these data have none to be learned.',
      '感知损失比较的是图像，而这些数据中没有要学习的图像。',
    ),
    why: text(
      'It is for pictures that are made of pictures: mnist-pictures, mnist-sr, mnist-denoise, pictures:DIR, pairs:DIR.',
      '它用于由图像得到图像的数据：mnist-pictures、mnist-sr、mnist-denoise、pictures:DIR、pairs:DIR。',
    ),
    fixes: [otherLoss],
  };
}

/** The perceptual loss is asked for, and no network through which pictures could be compared. */
export function lossNetworkMissing(): Diagnostic {
  return {
    code: 'train/loss-network-missing',
    severity: 'error',
    at: { path: 'train.lossNetwork' },
    summary: text('The perceptual loss needs a trained network.', '感知损失需要一个训练好的网络。'),
    why: text(
      'Pictures are compared by what it makes of them. Name a run or a model as the loss network (--loss-network RUN): for digits, a LeNet that was trained on them.',
      '图像按它的所见来比较。请在“损失网络”中指定一个训练记录或模型（--loss-network RUN）：对数字图像，可用在其上训练过的 LeNet。',
    ),
    fixes: [otherLoss],
  };
}

/** A network that cannot look at the answers. */
export function lossNetworkUnfit(path: string, reason: Text): Diagnostic {
  return {
    code: 'train/loss-network-unfit',
    severity: 'error',
    at: { path },
    summary: text(`${path} cannot be the loss network.`, `${path} 不能作为损失网络。`),
    why: reason,
    fixes: [],
  };
}

/** A loss network with other than one input. */
export function notOneLossInput(count: number): Text {
  return text(
    `It has ${count} inputs, and one picture is to be looked at.`,
    `它有 ${count} 个输入，而要看的是一幅图像。`,
  );
}

/** A loss network that takes something else than the pictures that are answered. */
export function lossInputDiffers(input: Shape, answer: readonly number[]): Text {
  return text(
    `It takes ${formatShape(input)} and the answers are ${formatShape(answer)}: both must be pictures of 1 or 3 channels.`,
    `它的输入为 ${formatShape(input)}，而答案为 ${formatShape(answer)}：两者都须为 1 或 3 通道的图像。`,
  );
}

/** A loss network that has no place for pictures of this size. */
export function lossSizeFails(size: readonly number[], summary: Text): Text {
  return text(
    `Looking at answers of ${formatShape(size)}, it has an error: ${summary.en}`,
    `用于 ${formatShape(size)} 的答案时，它有错误：${summary.zh}`,
  );
}

/** A weight of a loss network that has another shape than pictures of this size need. */
export function lossWeightDiffers(
  name: string,
  { size, needed, found }: { readonly size: readonly number[]; readonly needed: Shape; readonly found: Shape | null },
): Text {
  const [here, wanted] = [found === null ? '-' : formatShape(found), formatShape(needed)];
  return text(
    `For answers of ${formatShape(size)} its ${name} would be ${wanted}, and it is ${here}. Choose nodes before it: convs take any size.`,
    `对于 ${formatShape(size)} 的答案，其 ${name} 应为 ${wanted}，而实为 ${here}。请选择它之前的节点：卷积适用于任何尺寸。`,
  );
}

/** A node that is to be compared is none of the loss network; `instead` is what the setting could be, '' where there is nothing. */
export function unknownLossNode(
  setting: { readonly path: string; readonly label: Text; readonly field: 'contentNodes' | 'styleNodes' },
  nodeId: string,
  { known, instead }: { readonly known: readonly string[]; readonly instead: string },
): Diagnostic {
  const some = known.slice(0, 20).join(', ') + (known.length > 20 ? ', ...' : '');
  return {
    code: 'train/unknown-loss-node',
    severity: 'error',
    at: { path: setting.path },
    summary: text(
      `${setting.label.en}: the loss network has no node “${nodeId}”.`,
      `${setting.label.zh}：损失网络没有节点“${nodeId}”。`,
    ),
    why: text(`It has ${some}.`, `它有 ${some}。`),
    fixes:
      instead === ''
        ? []
        : [
            {
              title: text(`Compare ${instead}`, `改为比较 ${instead}`),
              edits: [{ type: 'setTraining', train: { [setting.field]: instead } }],
            },
          ],
  };
}

/** The style of a node that has no places. */
export function styleNeedsMaps(nodeId: string, shape: Shape, maps: readonly string[]): Diagnostic {
  return {
    code: 'train/style-needs-maps',
    severity: 'error',
    at: { path: 'train.styleNodes' },
    summary: text(
      `“${nodeId}” gives ${formatShape(shape)}, which has no style.`,
      `“${nodeId}” 的输出为 ${formatShape(shape)}，没有风格可言。`,
    ),
    why: text(
      `Style is which channels go together over all places, so it needs height and width. Maps are ${maps.join(', ')}.`,
      `风格是各通道在所有位置上的共现，因此需要高和宽。有特征图的节点：${maps.join('、')}。`,
    ),
    fixes: [],
  };
}

/** A perceptual loss none of whose parts counts. */
export function nothingCompared(): Diagnostic {
  return {
    code: 'train/nothing-compared',
    severity: 'error',
    at: { path: 'train.contentWeight' },
    summary: text('No part of the perceptual loss counts anything.', '感知损失的各部分权值都为零。'),
    why: text(
      'Content needs a weight above 0, or style a picture and a weight above 0; smoothness alone has one flat grey as its best answer.',
      '内容权值须大于 0，或有风格图像且风格权值大于 0；只有平滑时，最佳答案是一片均匀的灰色。',
    ),
    fixes: [
      {
        title: text('Count the content', '计入内容'),
        edits: [{ type: 'setTraining', train: {}, unset: ['contentWeight', 'contentNodes'] }],
      },
    ],
  };
}

/** A style picture that cannot be read; `reason` in the words of who tried. */
export function stylePictureUnread(name: string, builtIn: readonly string[], reason: Text): Diagnostic {
  const list = builtIn.join(', ');
  return {
    code: 'train/style-picture',
    severity: 'error',
    at: { path: name },
    summary: text(`${name} cannot be the style picture.`, `${name} 不能作为风格图像。`),
    why: text(`The reason: ${reason.en}. Drawn ones are ${list}.`, `原因：${reason.zh}。内置图案有 ${list}。`),
    fixes: [],
  };
}

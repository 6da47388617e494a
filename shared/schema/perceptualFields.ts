import { limits } from './limits';
import { builtInStyles } from './stylePictures';
import { text } from '../text';
import type { TrainingField } from './trainingFields';

const shownWhen = { field: 'loss', is: ['perceptual'] } as const;
const mostWeight = 1e9;

/**
 * What shapes the perceptual loss: an answer and the picture that it should be go through a trained network, and are compared by what its
 * nodes make of them (Johnson, Alahi and Fei-Fei, arXiv 1603.08155; the Gram matrices are of Gatys, Ecker and Bethge, arXiv 1508.06576).
 */
export const perceptualFields = {
  lossNetwork: {
    type: 'text',
    placeholder: 'RUN',
    maxLength: limits.pathLength,
    option: 'loss-network',
    shownWhen,
    label: text('Loss network', '损失网络'),
    doc: text(
      'with the perceptual loss: the trained network through which pictures are compared, a run or a model with weights; it is not changed',
      '用于感知损失：以哪个训练好的网络比较图像，可为训练记录或带权值的模型；它自身不会改变',
    ),
  },
  /** Johnson's relu3_3 of five maps is the middle one. */
  contentNodes: {
    type: 'text',
    placeholder: 'NODE=X,...',
    maxLength: 10_000,
    option: 'content-nodes',
    shownWhen,
    label: text('Content nodes', '内容节点'),
    doc: text(
      'nodes of the loss network whose values are to be those of the picture, and what each counts, as a2=1; its input among them compares pixels; absent: the last map of its middle size',
      '损失网络中其输出应与图像一致的节点及各自的权值，如 a2=1；列出其输入节点即逐像素比较；不填：中间尺寸的最后一个特征图',
    ),
  },
  contentWeight: {
    type: 'number',
    min: 0,
    max: mostWeight,
    default: 1,
    step: 1,
    option: 'content-weight',
    shownWhen,
    label: text('Content weight', '内容权值'),
    doc: text('what the content counts in the perceptual loss; 0: nothing', '内容部分在感知损失中的权值；0：不计'),
  },
  /** A name of a built-in picture or a path, and no choice: a path may be anything. */
  stylePicture: {
    type: 'text',
    placeholder: 'PICTURE',
    maxLength: limits.pathLength,
    option: 'style-picture',
    shownWhen,
    label: text('Style picture', '风格图像'),
    doc: text(
      `with the perceptual loss: the picture whose style answers are to have, a file or one that is drawn (${builtInStyles.join(', ')}); absent: content alone, as for super-resolution`,
      `用于感知损失：答案应具有其风格的图像，可为文件或内置图案（${builtInStyles.join('、')}）；不填：只比较内容，如超分辨率`,
    ),
  },
  styleNodes: {
    type: 'text',
    placeholder: 'NODE=X,...',
    maxLength: 10_000,
    option: 'style-nodes',
    shownWhen,
    label: text('Style nodes', '风格节点'),
    doc: text(
      'nodes of the loss network whose Gram matrices are to be those of the style picture, and what each counts, as a1=1, a2=0.5; absent: the last map of each size',
      '损失网络中其 Gram 矩阵应与风格图像一致的节点及各自的权值，如 a1=1, a2=0.5；不填：每种尺寸的最后一个特征图',
    ),
  },
  styleWeight: {
    type: 'number',
    min: 0,
    max: mostWeight,
    default: 100,
    step: 10,
    option: 'style-weight',
    shownWhen,
    label: text('Style weight', '风格权值'),
    doc: text(
      'what the style counts in the perceptual loss, where there is a style picture; 0: nothing',
      '有风格图像时，风格部分在感知损失中的权值；0：不计',
    ),
  },
  variationWeight: {
    type: 'number',
    min: 0,
    max: mostWeight,
    default: 0,
    step: 0.1,
    option: 'variation-weight',
    shownWhen,
    label: text('Smoothness', '平滑权值'),
    doc: text(
      'what the total variation counts in the perceptual loss: the mean square of the difference between neighbouring pixels; 0: nothing',
      '总变差在感知损失中的权值，即相邻像素之差的均方；0：不计',
    ),
  },
} as const satisfies { readonly [name: string]: TrainingField };

import type { Edit } from '../../schema/edits';
import { text } from '../../text';
import type { Lesson } from '../lesson';

/** LeNet's FC layers as the convolutions that they are, flattened to scores as the head lab does it. */
const convHead: readonly Edit[] = [
  { type: 'setKind', id: 'f1', kind: 'conv', params: { filters: 500, kernelSize: 4, activation: 'relu' } },
  { type: 'setKind', id: 'f2', kind: 'conv', params: { filters: 10, kernelSize: 1 } },
  { type: 'insertAfter', after: 'f2', node: { id: 'flatten', kind: 'flatten', params: {} } },
];
const largerPicture: Edit = { type: 'setParams', id: 'image', params: { shape: [36, 36, 1] } };

/** Lessons on the step from one label to one for each pixel. */
export const fcnLessons: readonly Lesson[] = [
  {
    id: 'fc-as-conv',
    title: text('An FC is a conv in disguise', '全连接其实是一种卷积'),
    summary: text(
      'A kernel as large as the map computes exactly what an FC computes, with the same weights in the same order.',
      '与特征图同样大的卷积核所做的计算与全连接完全相同，权值与顺序也一样。',
    ),
    blocks: [
      {
        type: 'formula',
        formula: 'FC [4·4·50 → 500]  =  conv 4×4, 50 → 500',
        note: text(
          'The weights are not even reordered: [800, 500] is read as [4, 4, 50, 500].',
          '权值甚至不需要重排：把 [800, 500] 读作 [4, 4, 50, 500] 即可。',
        ),
      },
      {
        type: 'text',
        text: text(
          'Further FCs become 1×1 convs: the same full mixing of channels, at each position apart. Nothing changes at the trained size. But a conv also takes larger pictures, and then answers once per place: a classifier turned into a map of scores, which is the step from CNN to FCN.',
          '后面的全连接变成 1×1 卷积：在每个位置上各自完成通道间的全混合。在训练时的尺寸上结果不变；而卷积还能接受更大的图片，并在每个位置各给出一次答案。分类器由此变成得分图，这正是从 CNN 到 FCN 的一步。',
        ),
      },
    ],
    kinds: ['fc', 'conv'],
    experiment: {
      template: 'lenet',
      prepare: [],
      task: text(
        'Open {ui:app.compare} and press {ui:compare.switch_conv}. Then select the {layer:input} and set its {param:input.shape} to 36×36×1. Undo both, and give the larger picture to the FC.',
        '打开“{ui:app.compare}”，点击“{ui:compare.switch_conv}”。再选中{layer:input}层，把{param:input.shape}设为 36×36×1。撤销这两步，再把更大的图片交给全连接。',
      ),
      measure: { of: 'params' },
      trials: [
        { id: 'fc', label: text('FC, 28×28', '全连接，28×28'), edits: [], figure: 431_080 },
        {
          id: 'conv',
          label: text('Conv, 28×28', '卷积，28×28'),
          edits: convHead,
          figure: 431_080,
        },
        {
          id: 'largerConv',
          label: text('Conv, 36×36', '卷积，36×36'),
          edits: [...convHead, largerPicture],
          figure: 431_080,
        },
        {
          id: 'largerFc',
          label: text('FC, 36×36', '全连接，36×36'),
          edits: [largerPicture],
          figure: 931_080,
        },
      ],
      tolerance: 0,
      claims: [{ same: ['fc', 'conv', 'largerConv'] }, { more: 'largerFc', less: 'fc', by: 500_000 }],
      shows: text(
        'As a conv the head keeps its {conv} parameters whatever the picture, and answers at 3×3 places instead of one. As an FC it would need {largerFc} others.',
        '作为卷积，分类头无论图片多大都是 {conv} 个参数，并在 3×3 个位置各给出一次答案。作为全连接，则需要另外 {largerFc} 个参数。',
      ),
    },
  },
  {
    id: 'classification-and-segmentation',
    title: text('One label, or one per pixel', '一个标签，还是每个像素一个'),
    summary: text(
      'Classification answers what is in the picture; segmentation answers it for every pixel.',
      '分类回答图中有什么；分割为每个像素回答这个问题。',
    ),
    blocks: [
      {
        type: 'text',
        text: text(
          'A classifier shrinks the picture until one vector is left. A segmenter shrinks it to understand, then grows it back to say where: an encoder and a decoder. Its output has the height and width of the input and one channel per class. Where only a thing and its ground are told apart, one channel with a sigmoid does for both: p for the thing, 1 − p for the ground.',
          '分类网络把图片不断缩小直到只剩一个向量。分割网络先缩小以理解内容，再放大以指出位置：编码器和解码器。它的输出与输入同高同宽，每个类别一个通道。若只区分目标与背景，一个带 sigmoid 的通道就够了：目标的概率为 p，背景为 1 − p。',
        ),
      },
    ],
    kinds: ['upconv', 'upsample'],
    experiment: {
      template: 'unet-small',
      prepare: [],
      task: text(
        'Compare the shape of the last layer with that of the input. Then set the {param:input.shape} of the {layer:input} to 96×96×1 and compare again.',
        '比较最后一层与输入的形状。然后把{layer:input}层的{param:input.shape}设为 96×96×1，再比较一次。',
      ),
      measure: { of: 'height', node: 'score' },
      trials: [
        { id: 'small', label: text('Rows out of 64', '输入 64 行时的输出'), edits: [], figure: 64 },
        {
          id: 'large',
          label: text('Rows out of 96', '输入 96 行时的输出'),
          edits: [{ type: 'setParams', id: 'image', params: { shape: [96, 96, 1] } }],
          figure: 96,
        },
      ],
      tolerance: 0,
      claims: [{ more: 'large', less: 'small', by: 32 }],
      shows: text(
        'The output has {small} rows for 64 and {large} for 96: one answer for each pixel, whatever the size of the picture.',
        '输入 64 行时输出 {small} 行，输入 96 行时输出 {large} 行：无论图片多大，每个像素都有一个答案。',
      ),
    },
  },
];

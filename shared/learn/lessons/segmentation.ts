import { text } from '../../text';
import type { Lesson } from '../lesson';

/** Lessons on networks whose output is an image. */
export const segmentationLessons: readonly Lesson[] = [
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
          'A classifier shrinks the picture until one vector is left. A segmenter shrinks it to understand, then grows it back to say where: an encoder and a decoder. Its output has the height and width of the input and one channel per class.',
          '分类网络把图片不断缩小直到只剩一个向量。分割网络先缩小以理解内容，再放大以指出位置：编码器和解码器。它的输出与输入同高同宽，每个类别一个通道。',
        ),
      },
    ],
    kinds: ['upconv', 'upsample'],
    tryIt: {
      template: 'unet-small',
      task: text('Compare the shape of the output with that of the input.', '比较输出与输入的形状。'),
    },
  },
  {
    id: 'up-conv',
    title: text('Up-conv', '上卷积'),
    summary: text(
      'A convolution run backwards in size: every input value paints a kernel onto a larger map.',
      '尺寸方向相反的卷积：每个输入值把一个卷积核“画”到更大的图上。',
    ),
    blocks: [
      {
        type: 'formula',
        formula: 'b = (x − 1)·s + a = (8 − 1)·2 + 2 = 16',
        note: text('Stride 2 with a 2×2 kernel exactly doubles the size.', '步长 2 配合 2×2 卷积核恰好使尺寸加倍。'),
      },
      {
        type: 'text',
        text: text(
          'Where kernel and stride do not divide, neighbouring stamps overlap unevenly and leave a checkerboard: choose 2 or 4 for stride 2, or upsample and convolve. Going down with stride 2, 23 and 24 both end at 12, so the way up is ambiguous; outputPadding picks one.',
          '当卷积核不能被步长整除时，相邻的“印章”重叠不均，会留下棋盘纹：步长为 2 时选 2 或 4，或者先上采样再卷积。步长为 2 下采样时，23 和 24 都得到 12，因此返回时有歧义；outputPadding 用来选定其一。',
        ),
      },
    ],
    kinds: ['upconv'],
    tryIt: {
      template: 'unet-small',
      task: text('Set the kernel of an Up-conv to 3 and read the warning.', '把一个上卷积的卷积核设为 3，阅读警告。'),
    },
  },
  {
    id: 'u-net',
    title: text('FCN and U-Net', 'FCN 与 U-Net'),
    summary: text(
      'Deep maps know what, shallow maps know where. Both networks join the two, in different ways.',
      '深层特征图知道“是什么”，浅层特征图知道“在哪里”。两种网络以不同方式把它们结合起来。',
    ),
    blocks: [
      {
        type: 'text',
        text: text(
          'An FCN is a classifier without FC layers. It scores each place of its last map, enlarges the scores, and adds the scores of earlier pools: from pool5 alone the outline is coarse (FCN-32s), with pool4 it is better (16s), with pool3 better still (8s).',
          'FCN 是去掉全连接层的分类网络。它为最后特征图的每个位置打分，放大得分图，再加上较早池化层的得分：只用 pool5 轮廓粗糙（FCN-32s），加上 pool4 更好（16s），再加上 pool3 更好（8s）。',
        ),
      },
      {
        type: 'text',
        text: text(
          'A U-Net climbs as many steps as it went down, and at each hands the whole feature maps across, side by side with what came up. Its decoder has filters of its own, so it can learn how to join them, and it needs few images.',
          'U-Net 下降多少级就上升多少级，每一级都把整组特征图横向传过来，与上升的特征并排放置。解码器有自己的卷积核，可以学习如何融合，而且只需要较少的图片。',
        ),
      },
      {
        type: 'formula',
        formula: '572 → 388:  2·(2·(1 + 2 + 4 + 8) + 16) = 92 per side',
        note: text(
          'The published U-Net pads nothing: 18 valid 3×3 convs over five scales take 92 pixels off each side.',
          '发表的 U-Net 不做填充：五个尺度上的 18 个 valid 3×3 卷积使每边减少 92 个像素。',
        ),
      },
    ],
    kinds: ['upconv', 'concat', 'add', 'crop'],
    tryIt: {
      template: 'unet-small',
      task: text('Delete a skip and train again: the outlines blur.', '删除一条跳跃连接再训练：轮廓会变模糊。'),
    },
  },
  {
    id: 'skips',
    title: text('Sum or concat', '相加还是拼接'),
    summary: text(
      'Add needs equal channels and keeps them; concat sums them and lets the next conv decide.',
      '相加要求通道数相等且保持不变；拼接把通道数相加，由下一个卷积决定如何使用。',
    ),
    blocks: [
      {
        type: 'figures',
        rows: [
          { label: text('Add 16×16×32 and 16×16×32', '16×16×32 与 16×16×32 相加'), value: '16×16×32' },
          { label: text('Concat the same two', '拼接同样的两者'), value: '16×16×64' },
          { label: text('A 3×3 conv to 32 behind the sum', '相加之后接 3×3 卷积到 32'), value: '9,248' },
          { label: text('The same behind the concat', '拼接之后接同样的卷积'), value: '18,464' },
        ],
      },
      {
        type: 'text',
        text: text(
          'Adding says: these are two votes on the same thing. That fits class scores (FCN) and residuals (ResNet). Concatenating says: these are different things. That fits features of different depth (U-Net), and it is paid for in the next layer.',
          '相加意味着：这是对同一事物的两票，适合类别得分（FCN）和残差（ResNet）。拼接意味着：这是不同的东西，适合不同深度的特征（U-Net），代价由下一层承担。',
        ),
      },
    ],
    kinds: ['add', 'concat'],
    tryIt: {
      template: 'fcn-small',
      task: text('Replace the Add by a Concat and compare the parameters.', '把 Add 换成 Concat，比较参数数量。'),
    },
  },
];

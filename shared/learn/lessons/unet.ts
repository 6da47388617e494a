import type { Edit } from '../../schema/edits';
import { text } from '../../text';
import type { Lesson } from '../lesson';
import { picturesLesson } from './pictures';

/** Half the filters of the template. */
const narrow = Object.entries({ d1: 8, d2: 16, b: 32, up2: 16, u2: 16, up1: 8, u1: 8 }).map(([id, filters]): Edit => ({
  type: 'setParams',
  id,
  params: { filters },
}));

/** Lessons on networks that grow their maps back. */
export const unetLessons: readonly Lesson[] = [
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
    experiment: {
      template: 'fcn-small',
      prepare: [],
      task: text(
        'Set the {param:upconv.kernelSize} of the first Up-conv to 3 and read the warning in {ui:app.problems}.',
        '把第一个上卷积层的{param:upconv.kernelSize}设为 3，阅读“{ui:app.problems}”中的警告。',
      ),
      measure: { of: 'findings', code: 'layers/checkerboard' },
      trials: [
        { id: 'even', label: text('Warnings, kernel 4', '卷积核为 4 时的警告'), edits: [], figure: 0 },
        {
          id: 'uneven',
          label: text('Warnings, kernel 3', '卷积核为 3 时的警告'),
          edits: [{ type: 'setParams', id: 'up2', params: { kernelSize: 3 } }],
          figure: 1,
        },
      ],
      tolerance: 0,
      claims: [{ more: 'uneven', less: 'even', by: 1 }],
      shows: text(
        'A kernel of 4 divides by the stride of 2 and gives {even} warnings, one of 3 does not and gives {uneven}.',
        '4 能被步长 2 整除，有 {even} 个警告；3 不能，有 {uneven} 个。',
      ),
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
    experiment: {
      template: 'fcn-small',
      prepare: [],
      task: text(
        'Replace the {layer:add} by a {layer:concat} and compare the parameters.',
        '把{layer:add}层换成{layer:concat}层，比较参数数量。',
      ),
      measure: { of: 'params' },
      trials: [
        { id: 'sum', label: text('Sum', '相加'), edits: [], figure: 157_132 },
        {
          id: 'concat',
          label: text('Concat', '拼接'),
          edits: [{ type: 'setKind', id: 'fuse', kind: 'concat', params: {} }],
          figure: 164_876,
        },
      ],
      tolerance: 0,
      claims: [{ more: 'concat', less: 'sum', by: 7744 }],
      shows: text(
        'Joining costs nothing itself in either case. The layer behind reads twice the channels of a concat, and the network has {concat} parameters in place of {sum}.',
        '两种方式本身都不花参数。拼接之后的层要读两倍的通道，网络的参数从 {sum} 个变成 {concat} 个。',
      ),
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
    experiment: {
      template: 'unet-small',
      // A network and pictures that are small enough to be trained in seconds.
      prepare: [
        { type: 'setParams', id: 'image', params: { shape: [32, 32, 1] } },
        ...narrow,
        { type: 'setTraining', train: { epochs: 1, learningRate: 0.01 } },
      ],
      task: text(
        'Press {ui:training.train}. Then delete both {layer:concat} nodes, connect each Up-conv with the block behind it, and train again.',
        '点击“{ui:training.train}”。然后删除两个{layer:concat}节点，把每个上卷积与它后面的块直接相连，再训练一次。',
      ),
      measure: { of: 'valLoss' },
      trials: [
        { id: 'skips', label: text('With skips', '有跳跃连接'), edits: [], figure: 0.22 },
        {
          id: 'blind',
          label: text('Without', '没有'),
          edits: [
            { type: 'removeNodes', ids: ['join1', 'join2'] },
            { type: 'connect', edge: { from: 'up2', to: 'u2' } },
            { type: 'connect', edge: { from: 'up1', to: 'u1' } },
          ],
          figure: 0.3,
        },
      ],
      tolerance: 0.04,
      claims: [{ more: 'blind', less: 'skips', by: 0.04 }],
      shows: text(
        'The validation loss per pixel is {skips} with the skips and {blind} without: what the pools threw away of the outlines, nothing brings back.',
        '每个像素的验证损失，有跳跃连接时为 {skips}，没有时为 {blind}：池化丢掉的轮廓信息，再也找不回来。',
      ),
    },
  },
  picturesLesson,
];

import type { Edit } from '../../schema/edits';
import { text } from '../../text';
import type { Lesson } from '../lesson';

/** The same params for several convs. */
const convs = (params: { readonly filters?: number; readonly kernelSize?: number }, ...ids: readonly string[]) =>
  ids.map((id): Edit => ({ type: 'setParams', id, params }));

/** What else has the form of an FCN: pictures in, pictures out. */
export const picturesLesson: Lesson = {
  id: 'pictures-from-pictures',
  title: text('Pictures from pictures', '由图像得到图像'),
  summary: text(
    'A network without FC layers may answer with a picture: masks, sharper pictures and pictures in a style are learned alike, end to end.',
    '没有全连接层的网络可以用图像来回答：掩码、更清晰的图像、某种风格的图像，都以同样的方式端到端地学习。',
  ),
  blocks: [
    {
      type: 'text',
      text: text(
        'Segmentation gives scores for each pixel. Let the last conv give the pixel itself, and compare it with the picture that it should be: the same kind of network learns super-resolution. Below, digits of 14×14 become the 28×28 that they were.',
        '分割为每个像素给出得分。让最后一个卷积直接给出像素值，并与应有的图像比较，同样的网络就能学习超分辨率。下面的网络把 14×14 的数字还原成原来的 28×28。',
      ),
    },
    {
      type: 'formula',
      formula: 'PSNR = −10·log₁₀(MSE),  MSE = 0.01 → 20 dB',
      note: text(
        'How close an answer is, for values from 0 to 1: a tenth of the squared error is 10 dB more.',
        '答案有多接近（取值为 0 到 1）：平方误差降为十分之一，就多 10 dB。',
      ),
    },
    {
      type: 'text',
      text: text(
        'Style transfer changes only what is compared. Answer and picture go through a trained classifier: its deep maps are to stay as they are, which is the content, and how its maps go together, their Gram matrix, is to be that of a style picture. The template Style network with the perceptual loss draws digits in stripes.',
        '风格迁移只改变比较的对象。答案与图像都送入训练好的分类网络：深层特征图应保持不变，这是内容；各特征图之间的关联（Gram 矩阵）应与风格图像一致。用模板“Style network”和感知损失，可以画出条纹风格的数字。',
      ),
    },
  ],
  kinds: ['depthToSpace'],
  experiment: {
    template: 'espcn',
    // A quarter of the pictures and of the filters: half a minute.
    prepare: [
      ...convs({ filters: 16 }, 'c1', 'c2'),
      { type: 'setTraining', train: { epochs: 2, share: 0.25, learningRate: 0.005 } },
    ],
    task: text(
      'Press {ui:training.train}. Then set the {param:conv.kernelSize} of all three convs to 1, so that each sees one pixel, and train again.',
      '点击“{ui:training.train}”。然后把三个卷积层的{param:conv.kernelSize}都设为 1，使它们只看到一个像素，再训练一次。',
    ),
    measure: { of: 'psnr' },
    trials: [
      { id: 'windows', label: text('Windows of 5×5 and 3×3', '5×5 与 3×3 的窗口'), edits: [], figure: 21.2 },
      {
        id: 'pixels',
        label: text('One pixel each', '每次一个像素'),
        edits: convs({ kernelSize: 1 }, 'c1', 'c2', 'c3'),
        figure: 17.8,
      },
    ],
    tolerance: 0.6,
    claims: [{ more: 'windows', less: 'pixels', by: 2.5 }],
    shows: text(
      'One pixel at a time can only be repeated: {pixels}, as plain enlarging has. What lies around it tells how an edge goes on: {windows}.',
      '只看一个像素就只能重复它：{pixels}，与直接放大相当。看到周围的像素，才知道边缘如何延伸：{windows}。',
    ),
  },
};

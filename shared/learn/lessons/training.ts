import { text } from '../../text';
import type { Lesson } from '../lesson';

/** Lessons on how weights are found. */
export const trainingLessons: readonly Lesson[] = [
  {
    id: 'backpropagation',
    title: text('Backpropagation, layer by layer', '逐层的反向传播'),
    summary: text(
      'The chain rule, walked from the loss to the input: what each kind of layer does with the gradient it is given.',
      '从损失走回输入的链式法则：每种层如何处理传来的梯度。',
    ),
    blocks: [
      {
        type: 'formula',
        formula: '∂E/∂w = ∂E/∂out · ∂out/∂net · ∂net/∂w',
        note: text(
          'FC: error at the output, slope of the activation, and the input that the weight was multiplied with.',
          '全连接：输出处的误差、激活函数的斜率，以及与该权值相乘的输入。',
        ),
      },
      {
        type: 'text',
        text: text(
          'Max pooling hands the whole gradient to the value that won its window and nothing to the others. Average pooling splits it evenly. L2 pooling splits it in proportion to each value: x divided by the norm.',
          '最大池化把全部梯度交给窗口内的最大值，其余为零。平均池化平均分配。L2 池化按每个值的比例分配：x 除以范数。',
        ),
      },
      {
        type: 'text',
        text: text(
          'A convolution is a sum over positions with shared weights, so its weight gradient is the sum over all positions, itself a convolution of input and gradient. The gradient to its input is a transposed convolution: the same kernel, scattered instead of gathered. That is also the forward pass of an up-conv.',
          '卷积是共享权值在各位置上的求和，所以权值的梯度是所有位置梯度之和，它本身是输入与梯度的卷积。传回输入的梯度是转置卷积：同一个卷积核，由收集变为散布。这也正是上卷积的前向计算。',
        ),
      },
    ],
    kinds: ['pool', 'fc', 'conv'],
    tryIt: {
      template: 'lenet',
      task: text(
        'Train one epoch; the app derives and runs this backward pass for your network.',
        '训练一个 epoch；应用会为你的网络推导并运行这个反向过程。',
      ),
    },
  },
  {
    id: 'learning-rate',
    title: text('Descent: batch, stochastic, mini-batch', '梯度下降：批量、随机、小批量'),
    summary: text(
      'One step downhill per data set, per image, or per small batch: what changes is noise and price.',
      '每走一步下坡使用整个数据集、一张图片还是一小批：变化的是噪声和代价。',
    ),
    blocks: [
      {
        type: 'formula',
        formula: 'θ ← θ − α·∇J(θ)',
        note: text(
          'Against the gradient, because the gradient points uphill. α is the learning rate.',
          '沿梯度的反方向，因为梯度指向上坡。α 是学习率。',
        ),
      },
      {
        type: 'figures',
        rows: [
          { label: text('Batch: steps per pass over 8,000 images', '批量：遍历 8,000 张图片的步数'), value: '1' },
          { label: text('Mini-batch of 64', '每批 64 张'), value: '125' },
          { label: text('Stochastic, one image', '随机，每次一张'), value: '8,000' },
        ],
      },
      {
        type: 'text',
        text: text(
          'The whole set gives the exact direction and one step per pass. Single images give a rough direction and thousands of steps. A batch of 32 to 256 takes most of the noise out and still keeps the machine busy, so nearly everyone uses it.',
          '整个数据集给出精确方向，但每遍只走一步。单张图片方向粗糙，却能走几千步。32 到 256 的小批量去掉大部分噪声，又能让硬件充分工作，因此几乎人人都用它。',
        ),
      },
      {
        type: 'text',
        text: text(
          'Too large a learning rate jumps over the valley: the loss rises or is no number at all. Too small a one crawls. Adam sets a pace per weight from the recent gradients and forgives a poor choice: 0.001 is a good start.',
          '学习率过大会越过谷底：损失上升，甚至变成非数值。过小则进展缓慢。Adam 根据近期梯度为每个权值调整步幅，对选择不当更宽容：0.001 是不错的起点。',
        ),
      },
    ],
    kinds: [],
    tryIt: {
      template: 'dnn',
      task: text(
        'Train with SGD at 0.01, then with Adam at 0.001, and compare the curves.',
        '先用 SGD（0.01）训练，再用 Adam（0.001）训练，比较两条曲线。',
      ),
    },
  },
  {
    id: 'overfitting',
    title: text('Learning by heart', '过拟合'),
    summary: text(
      'When the loss falls and the validation loss rises, the network is memorising.',
      '训练损失下降而验证损失上升时，网络在死记硬背。',
    ),
    blocks: [
      {
        type: 'text',
        text: text(
          'The validation images are never trained on. As long as both curves fall, the network learns something that holds for new pictures. Where they part, it learns the training pictures. Stop there, or give it less to memorise with: fewer FC units, a GAP head, dropout.',
          '验证图片从不参与训练。两条曲线都下降时，网络学到的东西对新图片有效。两者分开后，它学的就只是训练图片。此时应停止，或减少可用来记忆的参数：更少的全连接单元、GAP 分类头或 dropout。',
        ),
      },
      {
        type: 'text',
        text: text(
          'Judge an accuracy by the baseline. With ten equal classes, guessing scores 10 %; where 90 % of all pixels are background, a network that sees nothing scores 90 %. That is why per-pixel tasks are judged by the mean intersection over union.',
          '准确率要与基线比较。十个均等的类别随机猜测得 10 %；如果 90 % 的像素是背景，什么也没看到的网络也能得 90 %。所以逐像素任务用平均交并比来衡量。',
        ),
      },
    ],
    kinds: ['dropout', 'batchnorm'],
    tryIt: {
      template: 'lenet',
      task: text('Train for ten epochs and find where the curves part.', '训练十个 epoch，找出两条曲线分开的位置。'),
    },
  },
];

import { text } from '../../text';
import type { Lesson } from '../lesson';

/** Lessons on what a window does: local receptive fields, weight sharing, sizes, pooling, non-linearity. */
export const windowLessons: readonly Lesson[] = [
  {
    id: 'receptive-field',
    title: text('Receptive field', '感受野'),
    summary: text(
      'How much of the image one value of a layer can see, and why depth widens it.',
      '一层中的一个值能看到多大范围的图像，以及为什么网络越深范围越大。',
    ),
    blocks: [
      {
        type: 'text',
        text: text(
          'A neuron of a fully connected layer listens to every pixel alike, so it has no notion of "next to". A neuron of a convolution listens to one small window only. Its neighbour listens to the window beside it, and that is how the layout of the image survives into the layer.',
          '全连接层的神经元对所有像素一视同仁，没有“相邻”的概念。卷积的神经元只连接一个小窗口，旁边的神经元连接旁边的窗口，于是图像的空间布局就保留到了这一层。',
        ),
      },
      {
        type: 'formula',
        formula: 'size = size + (a − 1)·jump,  jump = jump·stride',
        note: text(
          'Starting from one pixel (size 1, jump 1), layer by layer: a 5×5 conv sees 5, a 2×2 pool with step 2 sees 6 and doubles the jump, the next 5×5 conv sees 6 + 4·2 = 14.',
          '从一个像素（size 1，jump 1）开始逐层计算：5×5 卷积看到 5；步长为 2 的 2×2 池化看到 6，并使 jump 加倍；下一个 5×5 卷积看到 6 + 4·2 = 14。',
        ),
      },
      {
        type: 'text',
        text: text(
          'What lies outside the receptive field cannot influence the value, however long you train. If objects are 100 pixels wide and the last map sees 40, add layers, steps or dilation before you add filters.',
          '感受野之外的内容无论训练多久都无法影响这个值。如果目标宽 100 像素，而最后的特征图只看到 40，就应先增加层数、步长或膨胀率，而不是增加卷积核个数。',
        ),
      },
    ],
    kinds: ['conv', 'input'],
    tryIt: {
      template: 'lenet',
      task: text(
        'Select each layer in turn and watch the square grow on the input.',
        '依次选中每一层，观察输入图像上的方框逐渐变大。',
      ),
    },
  },
  {
    id: 'shared-weights',
    title: text('Weight sharing', '权值共享'),
    summary: text(
      'Why a convolution of 20 windows needs 520 parameters where 20 connected neurons need 15,700.',
      '为什么 20 个卷积窗口只需 520 个参数，而 20 个全连接神经元需要 15,700 个。',
    ),
    blocks: [
      {
        type: 'text',
        text: text(
          'The window that slides over the image carries one set of weights. Wherever it stops, it asks the same question; only the answer differs. A feature that was learned in one corner is therefore known in all others.',
          '滑动窗口只带着一组权值。无论停在哪里，它问的都是同一个问题，不同的只是答案。因此在某个角落学到的特征，在其他位置同样有效。',
        ),
      },
      {
        type: 'figures',
        rows: [
          { label: text('One 5×5 window: 25 weights and a bias', '一个 5×5 窗口：25 个权值加一个偏置'), value: '26' },
          { label: text('20 windows, for all 576 positions', '20 个窗口，供全部 576 个位置使用'), value: '520' },
          { label: text('One neuron connected to 28×28 pixels', '一个连接 28×28 像素的神经元'), value: '785' },
          { label: text('20 such neurons', '20 个这样的神经元'), value: '15,700' },
        ],
      },
      {
        type: 'text',
        text: text(
          'Compare like with like: 20 windows give 20 feature maps, so their rival is 20 connected neurons and not one. It is 30 times smaller, and it still gives 24×24 answers per window instead of a single one. One window learns one feature; want more features, use more windows. Windows share nothing with each other.',
          '比较时要对等：20 个窗口得到 20 张特征图，与之对应的是 20 个全连接神经元，而不是一个。参数少了 30 倍，而且每个窗口给出 24×24 个答案，而不是一个。一个窗口只学一种特征；想要更多特征，就用更多窗口。不同窗口之间不共享权值。',
        ),
      },
    ],
    kinds: ['conv'],
    tryIt: {
      template: 'lenet',
      task: text(
        'Select the first Conv, then set its filters to 1: 26 parameters. Each further filter costs 26 more.',
        '选中第一个卷积层，把卷积核个数设为 1：26 个参数。每增加一个卷积核就多 26 个。',
      ),
    },
  },
  {
    id: 'convolution',
    title: text('How large the output is', '输出有多大'),
    summary: text(
      'One formula gives the size behind every conv and pool: how many places the window can stop at.',
      '一个公式就能算出每个卷积和池化之后的尺寸：窗口有多少个停留位置。',
    ),
    blocks: [
      {
        type: 'formula',
        formula: 'b = x − a + 1 = 28 − 5 + 1 = 24',
        note: text(
          'A window of 5 on 28 pixels, moved one pixel at a time.',
          '28 个像素上大小为 5 的窗口，每次移动一个像素。',
        ),
      },
      {
        type: 'formula',
        formula: 'b = ⌊(x + p₁ + p₂ − d·(a − 1) − 1) / s⌋ + 1',
        note: text(
          'The whole rule: p₁ and p₂ pixels of padding, dilation d, stride s. A remainder of the division means that the last pixels are never seen.',
          '完整规则：p₁、p₂ 为两侧填充，d 为膨胀率，s 为步长。除不尽时，最后几个像素永远不会被看到。',
        ),
      },
      {
        type: 'text',
        text: text(
          '"valid" adds no padding, so every 3×3 conv takes two pixels off. "same" pads just enough that stride 1 keeps the size; where the padding is odd, TensorFlow puts the extra pixel on the right and at the bottom, PyTorch lets you say it yourself. That one pixel is a common reason why two ports of a network disagree.',
          '“valid” 不填充，因此每个 3×3 卷积会减少两个像素。“same” 的填充恰好使步长为 1 时尺寸不变；填充为奇数时，TensorFlow 把多出的像素放在右侧和下方，PyTorch 则由你指定。同一网络的两个移植版本不一致，常常就是因为这一个像素。',
        ),
      },
    ],
    kinds: ['conv', 'pool', 'pad', 'crop'],
    tryIt: {
      template: 'lenet',
      task: text(
        'Change the padding of the first Conv to same and watch every shape downstream.',
        '把第一个卷积层的填充改为 same，观察下游各层形状的变化。',
      ),
    },
  },
  {
    id: 'pooling',
    title: text('Pooling', '池化'),
    summary: text(
      'A window without weights that keeps one value of many: the largest, the mean, the sum, or the L2 norm.',
      '没有权值的窗口，把多个值变成一个：最大值、平均值、求和或 L2 范数。',
    ),
    blocks: [
      {
        type: 'figures',
        rows: [
          { label: text('Max of 1, 3, 4, 2', '1、3、4、2 的最大值'), value: '4' },
          { label: text('Average', '平均值'), value: '2.5' },
          { label: text('Sum', '求和'), value: '10' },
          { label: text('L2: √(1 + 9 + 16 + 4)', 'L2：√(1 + 9 + 16 + 4)'), value: '5.48' },
        ],
      },
      {
        type: 'text',
        text: text(
          'A 2×2 window with step 2 turns 24×24 values into 12×12: a quarter of the numbers for whatever comes next, and a receptive field that grows twice as fast. Nothing is learned here. What was left of what stays left of it; where exactly within the window is forgotten, which is what makes small shifts harmless.',
          '步长为 2 的 2×2 窗口把 24×24 个值变成 12×12：后续层要处理的数值只剩四分之一，感受野的增长速度加倍。这里没有可学习的参数。谁在谁的左边仍然保留；窗口内的确切位置则被丢弃，所以小的平移不影响结果。',
        ),
      },
      {
        type: 'text',
        text: text(
          'L2 pooling squares, sums and takes the root: it answers to the energy in the window, where max answers to the peak. Which is better is a hyperparameter; let the validation split decide.',
          'L2 池化先平方、再求和、最后开方：它反映窗口内的能量，而最大池化反映峰值。哪种更好是一个超参数，由验证集决定。',
        ),
      },
    ],
    kinds: ['pool'],
    tryIt: {
      template: 'lenet',
      task: text(
        'Set both pools to L2, train an epoch, and compare the accuracy with max.',
        '把两个池化层设为 L2，训练一个 epoch，与最大池化比较准确率。',
      ),
    },
  },
  {
    id: 'activation',
    title: text('Why there is a ReLU', '为什么需要 ReLU'),
    summary: text(
      'Without a bend between them, two layers are one layer. ReLU is the cheapest bend that trains well.',
      '如果层与层之间没有非线性，两层就等于一层。ReLU 是最省计算且容易训练的非线性。',
    ),
    blocks: [
      {
        type: 'formula',
        formula: 'W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂)',
        note: text(
          'Two linear maps are one linear map. Two 3×3 convs with nothing between them are one 5×5 conv; Convloom can fold them for you.',
          '两个线性映射等于一个线性映射。中间没有激活的两个 3×3 卷积就是一个 5×5 卷积；Convloom 可以替你合并。',
        ),
      },
      {
        type: 'text',
        text: text(
          'ReLU passes what is positive and answers 0 to the rest: 14 stays 14, −4 becomes 0. Its slope is 1 wherever it is on. A sigmoid has a slope of at most 0.25, so ten of them in a row multiply a gradient by less than a millionth; the first layers of a deep stack then stop learning. That is why sigmoid and tanh left the hidden layers.',
          'ReLU 保留正值，其余输出 0：14 仍为 14，−4 变成 0。激活时斜率为 1。sigmoid 的斜率最大只有 0.25，连续十层会把梯度缩小到不足百万分之一，深层网络的前几层就停止学习了。这就是隐藏层不再使用 sigmoid 和 tanh 的原因。',
        ),
      },
      {
        type: 'formula',
        formula: '0.25¹⁰ ≈ 0.00000095',
        note: text(
          'What at most is left of a gradient behind ten sigmoids.',
          '梯度经过十个 sigmoid 后最多剩下的比例。',
        ),
      },
    ],
    kinds: ['activation'],
    tryIt: {
      template: 'dnn',
      task: text(
        'Change the hidden activation to linear and train: the accuracy stops at that of one layer.',
        '把隐藏层激活改为 linear 再训练：准确率停在单层网络的水平。',
      ),
    },
  },
];

import { text } from '../../text';
import type { Lesson } from '../lesson';

/** Lessons on how maps become class scores. */
export const headLessons: readonly Lesson[] = [
  {
    id: 'fully-connected',
    title: text('The fully connected layer', '全连接层'),
    summary: text(
      'Every output is a weighted sum of every input: powerful, blind to position, and where the parameters are.',
      '每个输出都是所有输入的加权和：表达力强，但看不到位置，而且参数大多在这里。',
    ),
    blocks: [
      {
        type: 'formula',
        formula: 'y = Wx + b;  (4·4·50 + 1)·500 = 400,500',
        note: text(
          "LeNet's first FC: 93 % of the network's 431,080 parameters in one layer.",
          'LeNet 的第一个全连接层：网络 431,080 个参数的 93 % 都在这一层。',
        ),
      },
      {
        type: 'text',
        text: text(
          'The maps before it say where things are; the FC mixes all places into one vector and says what the picture is. It is tied to one input size: with larger pictures the number of its inputs changes, and its weights no longer fit.',
          '前面的特征图说明目标在哪里；全连接层把所有位置混合成一个向量，说明图片是什么。它与固定的输入尺寸绑定：图片变大，输入个数随之改变，权值就不再适用。',
        ),
      },
    ],
    kinds: ['fc', 'flatten'],
    tryIt: {
      template: 'lenet',
      task: text(
        'Look at the bar under each node: it is the share of all parameters.',
        '看每个节点下方的条：它表示占全部参数的比例。',
      ),
    },
  },
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
    tryIt: {
      template: 'lenet',
      task: text(
        'Open Compare and switch the head to conv: parameters and outputs stay, to the last digit.',
        '打开“对比”，把分类头换成卷积：参数和输出完全不变。',
      ),
    },
  },
  {
    id: 'gap',
    title: text('GAP instead of FC', '用 GAP 代替 FC'),
    summary: text(
      'FC layers hold about four fifths of a classic network. The mean of each map does the same work for nothing.',
      '经典网络约五分之四的参数在全连接层。对每张特征图取平均，不花参数就能完成同样的工作。',
    ),
    blocks: [
      {
        type: 'figures',
        rows: [
          { label: text('VGG-16, three FC layers', 'VGG-16，三个全连接层'), value: '123,642,856' },
          { label: text('Share of its 138,357,544', '占其 138,357,544 的比例'), value: '89.4 %' },
          { label: text('The same trunk with GAP and one FC', '同样的主干，GAP 加一个全连接'), value: '15,227,688' },
        ],
      },
      {
        type: 'text',
        text: text(
          'Global average pooling makes one number of each map: how strongly its feature occurs in the picture, wherever. One small FC turns these into class scores. There is less to overfit, and any input size will do, because a mean does not care how many values it is of.',
          '全局平均池化把每张特征图变成一个数：该特征在图中出现的强度，不论位置。再用一个小的全连接得到类别得分。可过拟合的参数更少，而且任何输入尺寸都可以，因为求平均不在乎有多少个值。',
        ),
      },
      {
        type: 'text',
        text: text(
          'The price: place is lost entirely, so a shallow trunk that never saw the whole object suffers. On deep trunks (GoogLeNet, ResNet) nothing is missed.',
          '代价是位置信息完全丢失，因此从未看到完整目标的浅层主干会受影响。对深层主干（GoogLeNet、ResNet）则没有损失。',
        ),
      },
    ],
    kinds: ['gap', 'fc'],
    tryIt: {
      template: 'lenet',
      task: text(
        'Open Compare: 431,080 parameters with FC, 26,080 with GAP. Train both.',
        '打开“对比”：FC 为 431,080 个参数，GAP 为 26,080 个。两者都训练一下。',
      ),
    },
  },
  {
    id: 'softmax',
    title: text('Scores, softmax and the loss', '得分、softmax 与损失'),
    summary: text(
      'The last layer gives one score per class; softmax belongs to the loss, so do not apply it twice.',
      '最后一层为每个类别给出一个得分；softmax 属于损失函数，不要应用两次。',
    ),
    blocks: [
      {
        type: 'formula',
        formula: 'p = eᶻ / Σ eᶻ,  loss = −log p(label)',
        note: text(
          'With ten classes and no knowledge p is 0.1 and the loss 2.303. A curve that starts there starts right.',
          '十个类别且一无所知时，p 为 0.1，损失为 2.303。曲线从这里开始才是正常的。',
        ),
      },
      {
        type: 'text',
        text: text(
          'Convloom trains with softmax cross-entropy on the scores. If the network ends in a softmax of its own, the loss looks in front of it. Two in a row would flatten the probabilities and slow the learning down.',
          'Convloom 直接在得分上使用 softmax 交叉熵训练。如果网络自己以 softmax 结尾，损失会取它之前的值。连续两次 softmax 会使概率变平，学习变慢。',
        ),
      },
    ],
    kinds: ['activation'],
    tryIt: {
      template: 'lenet',
      task: text('Train and look at the first loss: about 2.3.', '训练并观察最初的损失：约为 2.3。'),
    },
  },
];

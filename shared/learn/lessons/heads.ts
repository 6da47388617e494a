import { text } from '../../text';
import type { Lesson } from '../lesson';
import { handMadeLesson } from './handMade';

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
    experiment: {
      template: 'lenet',
      prepare: [],
      task: text(
        'Set the {param:fc.units} of the first FC to 250. The bar under each node is its share of all parameters.',
        '把第一个全连接层的{param:fc.units}设为 250。每个节点下方的条表示它占全部参数的比例。',
      ),
      measure: { of: 'params' },
      trials: [
        { id: 'full', label: text('500 units', '500 个单元'), edits: [], figure: 431_080 },
        {
          id: 'half',
          label: text('250 units', '250 个单元'),
          edits: [{ type: 'setParams', id: 'f1', params: { units: 250 } }],
          figure: 228_330,
        },
      ],
      tolerance: 0,
      claims: [{ more: 'full', less: 'half', by: 202_750 }],
      shows: text(
        'Half the units of this one layer, and the network falls from {full} parameters to {half}: nearly half of all there are.',
        '只把这一层的单元减半，整个网络就从 {full} 个参数降到 {half} 个：几乎是全部的一半。',
      ),
    },
  },
  {
    id: 'gap',
    title: text('GAP instead of FC', '用全局池化代替全连接'),
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
          {
            label: text('The same trunk with GAP and one FC', '同样的主干，全局池化加一个全连接'),
            value: '15,227,688',
          },
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
    experiment: {
      template: 'lenet',
      prepare: [],
      task: text(
        'Open {ui:app.compare} and press {ui:compare.switch_gap}.',
        '打开“{ui:app.compare}”，点击“{ui:compare.switch_gap}”。',
      ),
      measure: { of: 'params' },
      trials: [
        { id: 'fc', label: text('FC head', '全连接分类头'), edits: [], figure: 431_080 },
        {
          id: 'gap',
          label: text('GAP and one FC', '全局池化加一个全连接'),
          edits: [{ type: 'setKind', id: 'f1', kind: 'gap', params: {} }],
          figure: 26_080,
        },
      ],
      tolerance: 0,
      claims: [{ more: 'fc', less: 'gap', by: 405_000 }],
      shows: text(
        '{fc} parameters become {gap}. {ui:compare.trainAll} in {ui:app.compare} tells what that costs in accuracy.',
        '{fc} 个参数变成 {gap} 个。“{ui:app.compare}”中的“{ui:compare.trainAll}”会告诉您准确率为此付出多少。',
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
    experiment: {
      template: 'dnn',
      prepare: [{ type: 'setTraining', train: { epochs: 1 } }],
      task: text(
        'Press {ui:training.train} and note the loss. Add an {layer:activation} with softmax behind the last FC and train again.',
        '点击“{ui:training.train}”，记下损失。在最后一个全连接层后面加一个 softmax 的{layer:activation}层，再训练一次。',
      ),
      measure: { of: 'loss' },
      trials: [
        { id: 'scores', label: text('Ends in scores', '以得分结尾'), edits: [], figure: 1.03 },
        {
          id: 'softmax',
          label: text('Ends in softmax', '以 softmax 结尾'),
          edits: [
            {
              type: 'insertAfter',
              after: 'f2',
              node: { id: 'probabilities', kind: 'activation', params: { function: 'softmax' } },
            },
          ],
          figure: 1.03,
        },
      ],
      tolerance: 0.05,
      claims: [{ same: ['scores', 'softmax'] }],
      shows: text(
        'The same loss to the last digit ({scores} and {softmax} as the mean of the epoch): the softmax of the network is not applied twice.',
        '损失完全相同（整轮的平均值为 {scores} 与 {softmax}）：网络自带的 softmax 没有被应用两次。',
      ),
    },
  },
  handMadeLesson,
];

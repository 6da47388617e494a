import { text } from '../../text';
import type { Lesson } from '../lesson';

/** Lessons on how weights are found. */
export const learningLessons: readonly Lesson[] = [
  {
    id: 'learning-rate',
    title: text('Descent, and how far to step', '梯度下降与步长'),
    summary: text(
      'Training walks against the gradient; the learning rate says how far each step goes.',
      '训练沿梯度的反方向走；学习率决定每一步走多远。',
    ),
    blocks: [
      {
        type: 'text',
        text: text(
          'The loss says how far the answers are from the labels. The gradient has one slope for each weight and points to where the loss rises fastest, so a small step against it lowers the loss.',
          '损失说明答案与标签相差多远。梯度为每个权值给出一个斜率，指向损失上升最快的方向，因此逆着它走一小步，损失就会下降。',
        ),
      },
      {
        type: 'formula',
        formula: 'θ ← θ − α·∇J(θ)',
        note: text(
          'θ are the weights and biases, J is the loss, and α is the learning rate.',
          'θ 是权值和偏置，J 是损失，α 是学习率。',
        ),
      },
      {
        type: 'text',
        text: text(
          'Too large a learning rate jumps over the valley: the loss rises or is no number at all. Too small a one crawls. Adam sets a pace per weight from the recent gradients and forgives a poor choice: 0.001 is a good start.',
          '学习率过大会越过谷底：损失上升，甚至变成非数值。过小则进展缓慢。Adam 根据近期梯度为每个权值调整每一步的大小，对选择不当更宽容：0.001 是不错的起点。',
        ),
      },
    ],
    kinds: [],
    experiment: {
      template: 'dnn',
      prepare: [
        { type: 'setTraining', train: { epochs: 1, optimizer: 'sgd', learningRate: 0.3, schedule: 'constant' } },
      ],
      task: text(
        'Press {ui:training.train} in {ui:app.training}. Then train with a {train:learningRate} of 0.0003, and with one of 30.',
        '在“{ui:app.training}”中点击“{ui:training.train}”。然后把{train:learningRate}改为 0.0003 训练一次，再改为 30 训练一次。',
      ),
      measure: { of: 'accuracy' },
      trials: [
        { id: 'fitting', label: text('0.3', '0.3'), edits: [], figure: 0.88 },
        {
          id: 'small',
          label: text('0.0003', '0.0003'),
          edits: [{ type: 'setTraining', train: { learningRate: 0.0003 } }],
          figure: 0.105,
        },
        {
          id: 'large',
          label: text('30', '30'),
          edits: [{ type: 'setTraining', train: { learningRate: 30 } }],
          figure: 0.105,
        },
      ],
      tolerance: 0.06,
      claims: [
        { more: 'fitting', less: 'small', by: 0.6 },
        { more: 'fitting', less: 'large', by: 0.6 },
      ],
      shows: text(
        'One pass with 0.3 reaches {fitting}. With a thousandth of it the network has hardly moved ({small}, a guess), with a hundred times as much it leaps about ({large}).',
        '学习率为 0.3 时一遍就达到 {fitting}。取它的千分之一，网络几乎没动（{small}，等于猜测）；取它的一百倍，网络来回乱跳（{large}）。',
      ),
    },
  },
  {
    id: 'mini-batch',
    title: text('Batch, stochastic, mini-batch', '批量、随机、小批量'),
    summary: text(
      'One step downhill per data set, per image, or per small batch: what changes is noise and price.',
      '每走一步下坡使用整个数据集、一张图片还是一小批：变化的是噪声和代价。',
    ),
    blocks: [
      {
        type: 'figures',
        rows: [
          { label: text('Batch: steps per pass over 8,000 images', '批量：遍历 8,000 张图片的步数'), value: '1' },
          { label: text('Mini-batch of 32', '小批量，每批 32 张'), value: '250' },
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
    ],
    kinds: [],
    hasRace: true,
    experiment: {
      template: 'dnn',
      prepare: [
        { type: 'setTraining', train: { epochs: 1, optimizer: 'sgd', learningRate: 0.5, schedule: 'constant' } },
      ],
      task: text(
        'Press {ui:training.train}. Then set the {train:batchSize} to 8000, the whole set, and train again.',
        '点击“{ui:training.train}”。然后把{train:batchSize}设为 8000，即整个数据集，再训练一次。',
      ),
      measure: { of: 'accuracy' },
      trials: [
        { id: 'mini', label: text('32 images a step', '每步 32 张'), edits: [], figure: 0.89 },
        {
          id: 'batch',
          label: text('8,000 images a step', '每步 8,000 张'),
          edits: [{ type: 'setTraining', train: { batchSize: 8000 } }],
          figure: 0.2,
        },
      ],
      tolerance: 0.06,
      claims: [{ more: 'mini', less: 'batch', by: 0.5 }],
      shows: text(
        'The same images, each seen once: 250 rough steps reach {mini}, one exact step {batch}.',
        '同样的图片，各看一遍：250 个粗略的步子达到 {mini}，一个精确的步子只有 {batch}。',
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
          '验证图片从不参与训练。两条曲线都下降时，网络学到的东西对新图片有效。两者分开后，它学的就只是训练图片。此时应停止，或减少可用来记忆的参数：更少的全连接单元、全局池化分类头或随机失活。',
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
    experiment: {
      template: 'dnn',
      prepare: [
        { type: 'setParams', id: 'f1', params: { units: 100, activation: 'relu' } },
        { type: 'setTraining', train: { epochs: 1, batchSize: 64, learningRate: 0.01, schedule: 'constant' } },
      ],
      task: text(
        'Press {ui:training.train}. Then set the {train:epochs} to 8, train again, and watch the two curves part.',
        '点击“{ui:training.train}”。然后把{train:epochs}设为 8，再训练一次，观察两条曲线分开。',
      ),
      measure: { of: 'gap' },
      trials: [
        { id: 'short', label: text('After one epoch', '一轮之后'), edits: [], figure: -0.15 },
        {
          id: 'long',
          label: text('After eight', '八轮之后'),
          edits: [{ type: 'setTraining', train: { epochs: 8 } }],
          figure: 0.25,
        },
      ],
      tolerance: 0.1,
      claims: [{ more: 'long', less: 'short', by: 0.25 }],
      shows: text(
        'Validation loss less training loss: {short} after one epoch, {long} after eight.',
        '验证损失减去训练损失：一轮之后为 {short}，八轮之后为 {long}。',
      ),
    },
  },
];

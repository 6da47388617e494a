import { text } from '../../text';
import type { Lesson } from '../lesson';

/** Lessons on the bend between two layers. */
export const activationLessons: readonly Lesson[] = [
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
          'ReLU passes what is positive and answers 0 to the rest: 14 stays 14, −4 becomes 0. That one corner is enough: layers of corners can follow any border between the classes, and a single linear layer only straight ones.',
          'ReLU 保留正值，其余输出 0：14 仍为 14，−4 变成 0。这一个折角就够了：带折角的多层网络可以贴合类别之间的任何边界，而单个线性层只能画直线。',
        ),
      },
    ],
    kinds: ['activation'],
    experiment: {
      template: 'dnn',
      prepare: [
        { type: 'setParams', id: 'f1', params: { units: 100, activation: 'relu' } },
        { type: 'setTraining', train: { epochs: 3, batchSize: 64, learningRate: 0.01 } },
      ],
      task: text(
        'Press {ui:training.train}. Then set the {param:fc.activation} of the first FC to {value:fc.activation.linear} and train again; then delete that layer, close the gap, and train what is left.',
        '点击“{ui:training.train}”。再把第一个全连接层的{param:fc.activation}设为{value:fc.activation.linear}，重新训练；然后删除这一层、接上断口，训练剩下的网络。',
      ),
      measure: { of: 'accuracy' },
      trials: [
        { id: 'relu', label: text('Two layers, ReLU between', '两层，中间有 ReLU'), edits: [], figure: 0.95 },
        {
          id: 'linear',
          label: text('Two layers, nothing between', '两层，中间没有非线性'),
          edits: [{ type: 'setParams', id: 'f1', params: { activation: 'linear' } }],
          figure: 0.915,
        },
        {
          id: 'single',
          label: text('One layer', '一层'),
          edits: [{ type: 'removeNodes', ids: ['f1'], heal: true }],
          figure: 0.915,
        },
      ],
      tolerance: 0.012,
      claims: [
        { more: 'relu', less: 'linear', by: 0.02 },
        { more: 'relu', less: 'single', by: 0.02 },
      ],
      shows: text(
        'Without a bend, {linear}: two layers do no better than one ({single}), though they have ten times its parameters. With ReLU, {relu}.',
        '没有非线性时为 {linear}：两层并不比一层（{single}）更好，尽管参数是它的十倍。有 ReLU 时为 {relu}。',
      ),
    },
  },
];

import type { Edit } from '../../schema/edits';
import { text } from '../../text';
import type { Lesson } from '../lesson';

const hidden = ['f1', 'f2a', 'f2b', 'f2c', 'f2d', 'f2e'];
/** Five more layers like the template's own hidden one. */
const deepStack = hidden.slice(1).map((id, index): Edit => ({
  type: 'insertAfter',
  after: hidden[index] ?? '',
  node: { id, kind: 'fc', params: { units: 30, activation: 'sigmoid' } },
}));

/** Lessons on the way of the gradient from the loss back to the weights. */
export const backwardLessons: readonly Lesson[] = [
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
    experiment: {
      template: 'dnn',
      prepare: [{ type: 'setTraining', train: { epochs: 1, schedule: 'constant' } }],
      task: text(
        'Press {ui:training.train}; the app derives the backward pass of your network and runs it at each step. Then train for 3 {train:epochs}.',
        '点击“{ui:training.train}”；应用会推导您的网络的反向过程，并在每一步运行它。然后把{train:epochs}设为 3 再训练。',
      ),
      measure: { of: 'loss' },
      trials: [
        { id: 'one', label: text('Mean loss, first epoch', '第一轮的平均损失'), edits: [], figure: 0.93 },
        {
          id: 'three',
          label: text('Mean loss, third epoch', '第三轮的平均损失'),
          edits: [{ type: 'setTraining', train: { epochs: 3 } }],
          figure: 0.29,
        },
      ],
      tolerance: 0.05,
      claims: [{ more: 'one', less: 'three', by: 0.3 }],
      shows: text(
        'A guess costs 2.30. The gradient that comes back has lowered the loss to {one} as the mean of the first epoch and {three} as that of the third.',
        '纯猜测的损失为 2.30。传回的梯度把它降到第一轮平均 {one}、第三轮平均 {three}。',
      ),
    },
  },
  {
    id: 'vanishing-gradients',
    title: text('When the gradient fades', '梯度消失'),
    summary: text(
      'Each layer multiplies the gradient by the slope of its activation; many small slopes leave nothing for the first layers.',
      '每一层都把梯度乘以其激活函数的斜率；许多小斜率相乘，前几层就什么也得不到。',
    ),
    blocks: [
      {
        type: 'formula',
        formula: '0.25⁶ ≈ 0.00024,  1⁶ = 1',
        note: text(
          'What at most is left of a gradient behind six sigmoids, and behind six ReLUs that are on.',
          '梯度经过六个 sigmoid 后最多剩下的比例，以及经过六个激活的 ReLU 之后。',
        ),
      },
      {
        type: 'text',
        text: text(
          'The chain rule is a product. A sigmoid is steepest at 0, and even there its slope is 0.25; far from 0 it is flat. ReLU has the slope 1 wherever it is on, so depth costs the gradient nothing. That is why sigmoid and tanh left the hidden layers.',
          '链式法则是一个乘积。sigmoid 在 0 处最陡，斜率也只有 0.25；离 0 远的地方几乎是平的。ReLU 激活时斜率为 1，因此深度不会削弱梯度。这就是隐藏层不再使用 sigmoid 和 tanh 的原因。',
        ),
      },
    ],
    kinds: ['activation'],
    experiment: {
      template: 'dnn',
      prepare: [...deepStack, { type: 'setTraining', train: { epochs: 1 } }],
      task: text(
        'Six hidden layers of 30 sigmoids each. Press {ui:training.train}. Then set the {param:fc.activation} of all six to {value:fc.activation.relu} and train again.',
        '六个隐藏层，每层 30 个 sigmoid。点击“{ui:training.train}”。然后把六层的{param:fc.activation}都设为 {value:fc.activation.relu}，再训练一次。',
      ),
      measure: { of: 'accuracy' },
      trials: [
        { id: 'sigmoid', label: text('Six sigmoids', '六层 sigmoid'), edits: [], figure: 0.22 },
        {
          id: 'relu',
          label: text('Six ReLUs', '六层 ReLU'),
          edits: hidden.map((id): Edit => ({ type: 'setParams', id, params: { activation: 'relu' } })),
          figure: 0.87,
        },
      ],
      tolerance: 0.08,
      claims: [{ more: 'relu', less: 'sigmoid', by: 0.5 }],
      shows: text(
        'After the same epoch the sigmoids are at {sigmoid}, not far from a guess, and the ReLUs at {relu}.',
        '同样一轮之后，sigmoid 只有 {sigmoid}，离猜测不远；ReLU 达到 {relu}。',
      ),
    },
  },
];

import { text } from '../../text';
import type { Lesson } from '../lesson';

/** Lessons on what a window does: local receptive fields, shared weights, sizes. */
export const ideaLessons: readonly Lesson[] = [
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
          '感受野之外的内容无论训练多久都无法影响这个值。如果目标宽 100 像素，而最后的特征图只看到 40，就应先增加层数、步长或空洞率，而不是增加卷积核个数。',
        ),
      },
    ],
    kinds: ['conv', 'input'],
    experiment: {
      template: 'lenet',
      prepare: [],
      task: text(
        'Select the first Conv and set its {param:conv.strides} to 2. Then select the second one: the inspector draws what it sees.',
        '选中第一个卷积层，把它的{param:conv.strides}设为 2。再选中第二个卷积层：检查器会画出它看到的范围。',
      ),
      measure: { of: 'receptiveField', node: 'c2' },
      trials: [
        { id: 'one', label: text('Stride 1', '步长 1'), edits: [], figure: 14 },
        {
          id: 'two',
          label: text('Stride 2', '步长 2'),
          edits: [{ type: 'setParams', id: 'c1', params: { strides: 2 } }],
          figure: 23,
        },
      ],
      tolerance: 0,
      claims: [{ more: 'two', less: 'one', by: 9 }],
      shows: text(
        'With stride 1 a value of the second conv sees {one} rows, with stride 2 it sees {two}: every jump before a window widens it.',
        '步长为 1 时，第二个卷积的一个值看到 {one} 行；步长为 2 时看到 {two} 行：窗口之前的每一次跳跃都会使它变宽。',
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
    experiment: {
      template: 'dnn',
      prepare: [{ type: 'setParams', id: 'f1', params: { units: 20, activation: 'relu' } }],
      task: text(
        'Replace the first {layer:fc} by a {layer:conv} of 20 filters with kernel 5 and ReLU; then set its {param:conv.filters} to 1. Read its parameters each time.',
        '把第一个{layer:fc}层换成有 20 个 5×5 卷积核、带 ReLU 的{layer:conv}层；再把它的{param:conv.filters}设为 1。每次看它的参数数量。',
      ),
      measure: { of: 'params', node: 'f1' },
      trials: [
        { id: 'neurons', label: text('20 connected neurons', '20 个全连接神经元'), edits: [], figure: 15_700 },
        {
          id: 'windows',
          label: text('20 windows', '20 个窗口'),
          edits: [
            {
              type: 'setKind',
              id: 'f1',
              kind: 'conv',
              params: { filters: 20, kernelSize: 5, activation: 'relu' },
            },
          ],
          figure: 520,
        },
        {
          id: 'window',
          label: text('One window', '一个窗口'),
          edits: [
            {
              type: 'setKind',
              id: 'f1',
              kind: 'conv',
              params: { filters: 1, kernelSize: 5, activation: 'relu' },
            },
          ],
          figure: 26,
        },
      ],
      tolerance: 0,
      claims: [
        { more: 'neurons', less: 'windows', by: 15_180 },
        { more: 'windows', less: 'window', by: 494 },
      ],
      shows: text(
        '{neurons} parameters become {windows}, and each further window costs {window} more.',
        '{neurons} 个参数变成 {windows} 个，每增加一个窗口只多 {window} 个。',
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
          '完整规则：p₁、p₂ 为两侧填充，d 为空洞率，s 为步长。除不尽时，最后几个像素永远不会被看到。',
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
    experiment: {
      template: 'lenet',
      prepare: [],
      task: text(
        'Set the {param:conv.padding} of the first Conv to same, then back to valid and its {param:conv.strides} to 2. Watch every shape downstream.',
        '把第一个卷积层的{param:conv.padding}设为 same；再改回 valid，并把{param:conv.strides}设为 2。观察下游各层形状的变化。',
      ),
      measure: { of: 'height', node: 'c1' },
      trials: [
        { id: 'valid', label: text('valid', 'valid'), edits: [], figure: 24 },
        {
          id: 'same',
          label: text('same', 'same'),
          edits: [{ type: 'setParams', id: 'c1', params: { padding: 'same' } }],
          figure: 28,
        },
        {
          id: 'strided',
          label: text('valid, stride 2', 'valid，步长 2'),
          edits: [{ type: 'setParams', id: 'c1', params: { strides: 2 } }],
          figure: 12,
        },
      ],
      tolerance: 0,
      claims: [
        { more: 'same', less: 'valid', by: 4 },
        { more: 'valid', less: 'strided', by: 12 },
      ],
      shows: text(
        'Of 28 rows the window of 5 leaves {valid}; with padding all {same} stay; with stride 2 every other stop is left out: {strided}.',
        '28 行经过大小为 5 的窗口剩下 {valid} 行；加填充时保持 {same} 行；步长为 2 时隔一个停一次：{strided} 行。',
      ),
    },
  },
];

import { text } from '../../text';
import type { Lesson } from '../lesson';

/** Lessons on keeping one value of many. */
export const poolingLessons: readonly Lesson[] = [
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
    experiment: {
      template: 'lenet',
      prepare: [],
      task: text(
        'Delete the second {layer:pool} and close the gap. Look at what becomes of the FC behind it.',
        '删除第二个{layer:pool}层并接上断口，看它后面的全连接层会怎样。',
      ),
      measure: { of: 'params', node: 'f1' },
      trials: [
        { id: 'pooled', label: text('With both pools', '两个池化层都在'), edits: [], figure: 400_500 },
        {
          id: 'unpooled',
          label: text('Without the second', '去掉第二个'),
          edits: [{ type: 'removeNodes', ids: ['p2'], heal: true }],
          figure: 1_600_500,
        },
      ],
      tolerance: 0,
      claims: [{ more: 'unpooled', less: 'pooled', by: 1_200_000 }],
      shows: text(
        'A pool has no parameters of its own, and saves those of others: the FC behind it needs {pooled}, without the pool {unpooled}.',
        '池化层自己没有参数，却为别的层省下参数：它后面的全连接层需要 {pooled} 个，去掉池化后需要 {unpooled} 个。',
      ),
    },
  },
];

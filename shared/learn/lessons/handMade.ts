import type { NetworkDocument, NetworkNode } from '../../schema/document';
import { text } from '../../text';
import type { Lesson } from '../lesson';

const part = (axis: 'height' | 'width', from: number, to: number) => ({ axis, from, to });

/** Each layer of {@link byHand} with the layers that it reads. */
const parts: readonly (readonly [id: string, kind: string, params: NetworkNode['params'], ...sources: string[]])[] = [
  ['image', 'input', { shape: [28, 28, 1] }],
  ['rows', 'slice', part('height', 1, 27), 'image'],
  ['columns', 'slice', part('width', 1, 27), 'image'],
  ['right', 'slice', part('width', 2, 28), 'rows'],
  ['left', 'slice', part('width', 0, 26), 'rows'],
  ['below', 'slice', part('height', 2, 28), 'columns'],
  ['above', 'slice', part('height', 0, 26), 'columns'],
  ['dx', 'merge', { mode: 'subtract' }, 'right', 'left'],
  ['dy', 'merge', { mode: 'subtract' }, 'below', 'above'],
  ['slopes', 'concat', {}, 'dx', 'dy'],
  ['against', 'scale', { scale: -1 }, 'slopes'],
  ['directions', 'concat', {}, 'slopes', 'against'],
  ['edges', 'activation', { function: 'relu' }, 'directions'],
  ['cells', 'pool', { mode: 'avg', poolSize: 6, strides: 4 }, 'edges'],
  ['classes', 'fc', { units: 10 }, 'cells'],
];

const training = { epochs: 2, batchSize: 64, learningRate: 0.01 } as const;

/**
 * Histograms of oriented gradients as a network without a weight but in its classifier: differences of neighbours, by direction, averaged
 * over cells. Source: Dalal and Triggs 2005, without their normalization of blocks.
 */
const byHand: NetworkDocument = {
  format: 'convloom.network',
  version: 1,
  name: 'Features by hand',
  nodes: parts.map(([id, kind, params]) => ({ id, kind, params })),
  edges: parts.flatMap(([to, , , ...sources]) =>
    sources.map((from, toPort) => ({ from, to, ...(toPort === 0 ? {} : { toPort }) })),
  ),
  train: training,
};

/** Where features came from before they were learned. */
export const handMadeLesson: Lesson = {
  id: 'hand-made-features',
  title: text('Features by hand, features learned', '手工特征与学到的特征'),
  summary: text(
    'Before CNNs, people wrote down how features are computed, and only the classifier behind them learned. A CNN learns both, end to end.',
    '在 CNN 之前，特征的计算方法由人写定，只有后面的分类器是学出来的。CNN 则端到端地同时学习两者。',
  ),
  blocks: [
    {
      type: 'text',
      text: text(
        'Faces were found by Haar features (sums of bright and dark rectangles) or LBP (each pixel against its neighbours), with AdaBoost as the classifier; pedestrians by HOG, how often edges point in which direction, with an SVM. Each part had a task that one could name: extract, then classify.',
        '检测人脸用 Haar 特征（明暗矩形之和的差）或 LBP（每个像素与邻居比较），分类器是 AdaBoost；检测行人用 HOG（边缘朝各个方向出现的频率），分类器是 SVM。每个模块的任务都很明确：先提取特征，再分类。',
      ),
    },
    {
      type: 'text',
      text: text(
        'Conv, ReLU and pool took the place of the first part, FC layers that of the second. The network below is HOG drawn with layers: neighbours are subtracted, edges sorted by four directions, averaged over cells. None of that has a weight. Only the FC behind it learns, as the classifier did.',
        '卷积、ReLU、池化替代了前一部分，全连接层替代了后一部分。下面的网络就是用层画出的 HOG：相邻像素相减，边缘按四个方向分开，再在小格内取平均。这些都没有权值；只有后面的全连接层在学习，如同当年的分类器。',
      ),
    },
    {
      type: 'formula',
      formula: '6·6·4 · 10 + 10 = 1,450',
      note: text(
        'All that is learned behind features by hand: four directions in 6×6 cells, for ten classes.',
        '手工特征之后需要学习的全部参数：6×6 个小格、四个方向、十个类别。',
      ),
    },
  ],
  kinds: [],
  experiment: {
    template: 'lenet',
    prepare: [{ type: 'setTraining', train: training }],
    task: text(
      'Press {ui:training.train}. Then show the network by hand, and train it too: it is the same data, the same steps.',
      '点击“{ui:training.train}”。再显示手工特征的网络，同样训练：数据与步数都相同。',
    ),
    measure: { of: 'accuracy' },
    trials: [
      { id: 'learned', label: text('Features learned (LeNet)', '学到的特征（LeNet）'), edits: [], figure: 0.975 },
      {
        id: 'byHand',
        label: text('Features by hand, FC behind', '手工特征，后接全连接'),
        edits: [{ type: 'replaceDocument', document: byHand }],
        figure: 0.905,
      },
    ],
    tolerance: 0.02,
    claims: [{ more: 'learned', less: 'byHand', by: 0.04 }],
    shows: text(
      'Features by hand take a linear classifier to {byHand}; learned together with it they take it to {learned}, and nobody had to think of them.',
      '手工特征加线性分类器达到 {byHand}；特征与分类器一起学习则达到 {learned}，而且不必由人来设计特征。',
    ),
  },
};

import { nodesOfRole, takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';
import { analyzeNetwork } from '../../analysis/analyze';
import type { NetworkAnalysis } from '../../analysis/types';
import { applyEdits } from '../../editing/applyEdits';
import type { NetworkDocument } from '../../schema/document';
import type { Edit } from '../../schema/edits';
import { switchHead } from '../../transforms/heads';
import { text } from '../../text';

/** An FC as a conv: the classifier slides over a large picture. */
export const scoreMapExhibit: Exhibit = {
  id: 'score-map',
  lesson: 'fc-as-conv',
  title: text('A classifier that slides', '会滑动的分类器'),
  task: text(
    'The FC layers have become convs, with the very same weights. So the network takes a picture of any size, and answers at every place that its window stops at. Put digits on the large picture, and pick a place of the score map.',
    '全连接层变成了卷积，权值完全不变。于是网络可以接收任意大小的图像，在窗口停留的每个位置给出回答。在大图上放几个数字，再在得分图上选一个位置。',
  ),
  template: 'lenet',
  fits: (analysis) => takesSmallPicture(analysis) && nodesOfRole(analysis, 'dense').length > 0,
  wantsTraining: true,
};

/** A classifier whose FC layers are convs, on a picture of another size. */
export type SlidingNetwork = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly outputNode: string;
  /** Places of the window, per axis. */
  readonly places: readonly [number, number];
};

/** Turns a network into one that slides over `height` x `width`; null where it has no FC to turn, or does not fit. */
export function slidingNetwork(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  [height, width]: readonly [number, number],
): SlidingNetwork | null {
  const plan = switchHead(document, analysis, 'conv');
  if (!plan.ok) return null;
  const [input = ''] = plan.value.after.inputs;
  const channels = plan.value.after.nodes.get(input)?.outputShape?.[2] ?? 1;
  // A head of convs ends in one vector where it is flattened; without that it is a map.
  const flattens = nodesOfRole(plan.value.after, 'flattening');
  const edits: readonly Edit[] = [
    { type: 'setParams', id: input, params: { shape: [height, width, channels] } },
    ...(flattens.length === 0 ? [] : [{ type: 'removeNodes', ids: flattens, heal: true } as const]),
  ];
  const larger = applyEdits(plan.value.document, edits);
  if (!larger.ok) return null;
  const after = analyzeNetwork(larger.value);
  const [outputNode] = after.outputs;
  const shape = after.nodes.get(outputNode ?? '')?.outputShape ?? [];
  const [rows, columns] = shape;
  if (!after.ok || outputNode === undefined || shape.length !== 3 || rows == null || columns == null) return null;
  return { document: larger.value, analysis: after, outputNode, places: [rows, columns] };
}

/** How many answers come of one pass. */
export function scoreMapQuestion({ places: [rows, columns] }: SlidingNetwork): Question {
  return {
    kind: 'number',
    ask: text(
      'How many answers does the network give for this picture in one pass?',
      '对这张图像，网络一次前向给出多少个回答？',
    ),
    because: text(
      `${rows} × ${columns} = ${rows * columns}: one for each place of the window, and what neighbours share is computed once.`,
      `${rows} × ${columns} = ${rows * columns}：窗口的每个位置一个，相邻位置共有的部分只算一次。`,
    ),
    answer: rows * columns,
    tolerance: 0,
  };
}

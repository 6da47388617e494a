import { findNode } from '../../analysis/blocks';
import type { NetworkAnalysis } from '../../analysis/types';
import { text } from '../../text';
import { takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** One batch forward, then backward, node by node. */
export const backwardExhibit: Exhibit = {
  id: 'backward',
  lesson: 'backpropagation',
  title: text('Step by step backward', '一步一步反向传播'),
  task: text(
    'Step forward to the loss, then backward. At each node pick a value: its gradient is the sum, over all outputs that it goes into, of slope × gradient there. The number beside it is tried by moving the value a little.',
    '先一步步前向走到损失，再反向走回来。在每个节点选一个值：它的梯度等于对它流入的所有输出求和，每项是斜率 × 那里的梯度。旁边的数是把这个值稍微移动后实测得到的。',
  ),
  template: 'lenet',
  fits: (analysis) => takesSmallPicture(analysis) && totalParams(analysis) < 2_000_000,
  wantsTraining: false,
};

function totalParams(analysis: NetworkAnalysis): number {
  return analysis.totals.params;
}

/** Every step of a pass: forward to the loss, and back to the picture. */
export type BackwardStep = { readonly node: string; readonly way: 'forward' | 'backward' };

/** The steps of one pass over the nodes up to the one that answers. */
export function backwardSteps(order: readonly string[]): readonly BackwardStep[] {
  return [
    ...order.map((node): BackwardStep => ({ node, way: 'forward' })),
    ...order.toReversed().map((node): BackwardStep => ({ node, way: 'backward' })),
  ];
}

/** The node at which the question is asked: the last max pool on the way back to the picture, else the last node before that. */
export function askedNode(analysis: NetworkAnalysis): string | null {
  const pools = analysis.order.filter((id) => analysis.nodes.get(id)?.params?.['mode'] === 'max');
  return pools[0] ?? analysis.order[1] ?? null;
}

/** Asked at one node on the way back: which value of what goes into it moves the loss most. `picked` is null until one was chosen. */
export function backwardQuestion(
  analysis: NetworkAnalysis,
  node: string,
  gradients: Float32Array,
  picked: number | null,
): Question {
  const most = gradients.reduce((largest, gradient) => Math.max(largest, Math.abs(gradient)), 0);
  const own = picked === null ? 0 : (gradients[picked] ?? 0);
  const number = own.toPrecision(3);
  const isMax = findNode(analysis, node)?.params?.['mode'] === 'max';
  return {
    kind: 'act',
    ask: text(
      `Step back to ${node}. Which value of what goes into it moves the loss most? Pick it, on this map.`,
      `反向走到 ${node}。在它输入的这张图上，哪个值对损失影响最大？请选中它。`,
    ),
    because: isMax
      ? text(
          `Its gradient is ${number}. It is the largest of its window: max pooling gives it all, and 0 to its neighbours.`,
          `它的梯度是 ${number}。它是窗口中的最大值：最大池化的梯度全部给它，邻居得到 0。`,
        )
      : text(`Its gradient is ${number}.`, `它的梯度是 ${number}。`),
    isDone: picked !== null && most > 0 && Math.abs(own) >= most,
  };
}

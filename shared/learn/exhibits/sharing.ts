import type { NodeAnalysis } from '../../analysis/types';
import { elementCount } from '../../ops/tensor';
import { formatCount, text } from '../../text';
import { nodesOfRole, takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** Weight sharing, counted while the window slides. */
export const sharingExhibit: Exhibit = {
  id: 'sharing',
  lesson: 'shared-weights',
  title: text('The same weights everywhere', '处处用同样的权值'),
  task: text(
    'Let the window slide over the picture. The connections grow with every stop; the weights stay the same few.',
    '让窗口在图像上滑动。每停一处，连接就增加；权值却始终是那几个。',
  ),
  template: 'lenet',
  fits: (analysis) => takesSmallPicture(analysis) && nodesOfRole(analysis, 'convolution').length > 0,
  wantsTraining: true,
};

/** What one map of a conv costs, by the analyser's shapes. */
export type SharingCount = {
  /** Places where the window stops. */
  readonly stops: number;
  /** Values under the window. */
  readonly taps: number;
  /** Weights and bias of the one window. */
  readonly shared: number;
  /** What would be learned if each stop had a window of its own. */
  readonly separate: number;
  /** What would be learned if each value of the map were a neuron that is connected with the whole input. */
  readonly connected: number;
};

/** Counts one map of a conv; null for a node without a kernel, or of open size. */
export function countSharing(node: NodeAnalysis): SharingCount | null {
  const kernel = node.weights.find(({ shape }) => shape.length === 4);
  const [input] = node.inputShapes;
  const [rows, columns] = node.outputShape ?? [];
  if (kernel === undefined || input == null || rows == null || columns == null) return null;
  const taps = elementCount(kernel.shape.slice(0, 3));
  const own = node.weights.some(({ shape }) => shape.length === 1) ? 1 : 0;
  const stops = rows * columns;
  const values = elementCount(input.map((size) => size ?? 0));
  return { stops, taps, shared: taps + own, separate: stops * (taps + own), connected: stops * (values + own) };
}

/** Asked at the end of the way: what sharing saves. */
export function sharingQuestion({ stops, shared, separate }: SharingCount): Question {
  return {
    kind: 'number',
    ask: text(
      `The window stops at ${formatCount(stops)} places with ${formatCount(shared)} weights and bias. How many numbers would have to be learned if each stop had its own?`,
      `窗口停在 ${formatCount(stops)} 个位置，权值加偏置共 ${formatCount(shared)} 个。如果每个位置都有自己的一份，需要学习多少个数？`,
    ),
    because: text(
      `${formatCount(stops)} × ${formatCount(shared)} = ${formatCount(separate)}. Shared, it stays at ${formatCount(shared)}.`,
      `${formatCount(stops)} × ${formatCount(shared)} = ${formatCount(separate)}。共享之后始终只有 ${formatCount(shared)} 个。`,
    ),
    answer: separate,
    tolerance: 0,
  };
}

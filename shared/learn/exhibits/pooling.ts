import type { NodeAnalysis } from '../../analysis/types';
import type { HostTensor } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import { text } from '../../text';
import { nodesOfRole, takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** What max, L2 and average pooling keep of one map, and that left stays left. */
export const poolingExhibit: Exhibit = {
  id: 'pools',
  lesson: 'pooling',
  title: text('What a pool keeps', '池化保留什么'),
  task: text(
    'The map in front of a pool of the network, and what three kinds of pooling make of it. Pick a window, and compare. Then put two dots on the board: what is left of what stays so.',
    '网络中一个池化层前的特征图，以及三种池化分别得到什么。选一个窗口来比较。再在板上放两个点：谁在谁的左边保持不变。',
  ),
  template: 'lenet',
  fits: (analysis) => takesSmallPicture(analysis) && nodesOfRole(analysis, 'pooling').length > 0,
  wantsTraining: true,
};

/** The ways of pooling that are compared. */
export const poolingModes = ['max', 'l2', 'avg'] as const;

/** One map into three pools, so that the engine itself says what each makes of it. */
export function poolingNetwork(height: number, width: number, poolSize: number): NetworkDocument {
  return {
    format: 'convloom.network',
    version: 1,
    name: '',
    nodes: [
      { id: 'map', kind: 'input', params: { shape: [height, width, 1] } },
      ...poolingModes.map((mode) => ({ id: mode, kind: 'pool', params: { mode, poolSize } })),
    ],
    edges: poolingModes.map((mode) => ({ from: 'map', to: mode })),
  };
}

/** The places of a map that a max pool keeps, as 1 among zeros; null for a node that is no plain max pool. */
export function keptPlaces(node: NodeAnalysis, input: HostTensor, sample: number, channel: number): Uint8Array | null {
  const [map] = node.inputShapes;
  const { definition, params, outputShape } = node;
  if (definition?.traits.maximaOf === undefined || params === null || map == null || outputShape === null) return null;
  const windows = definition.traits.maximaOf({ nodeId: node.id, params, inputs: [map], output: outputShape });
  if (windows === null) return null;
  const [, height = 0, width = 0, channels = 1] = input.shape;
  const { size, strides, pads } = windows;
  const kept = new Uint8Array(height * width);
  const read = (at: number): number => input.data[(sample * height * width + at) * channels + channel] ?? 0;
  for (let y = 0; y < (outputShape[0] ?? 0); y++) {
    for (let x = 0; x < (outputShape[1] ?? 0); x++) {
      let best = -1;
      for (let dy = 0; dy < size[0]; dy++) {
        for (let dx = 0; dx < size[1]; dx++) {
          const [row, column] = [y * strides[0] + dy - pads[0], x * strides[1] + dx - pads[2]];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const at = row * width + column;
          if (best === -1 || read(at) > read(best)) best = at;
        }
      }
      if (best >= 0) kept[best] = 1;
    }
  }
  return kept;
}

/** Asked of the window that is picked: which way of pooling gave this number. `given` by mode, as the engine has it. */
export function poolingQuestion(
  under: readonly number[],
  given: Readonly<Record<(typeof poolingModes)[number], number>>,
): Question {
  const numbers = under.map((value) => value.toFixed(2)).join(', ');
  return {
    kind: 'number',
    ask: text(
      `Under the window are ${numbers}. What does L2 pooling make of them? (Two places.)`,
      `窗口下是 ${numbers.replaceAll(', ', '、')}。L2 池化得到多少？（保留两位小数。）`,
    ),
    because: text(
      `√ of the sum of squares is ${given.l2.toFixed(2)}; the largest is ${given.max.toFixed(2)}, the mean ${given.avg.toFixed(2)}.`,
      `平方和再开方是 ${given.l2.toFixed(2)}；最大值是 ${given.max.toFixed(2)}，平均值是 ${given.avg.toFixed(2)}。`,
    ),
    answer: given.l2,
    tolerance: 0.02,
  };
}

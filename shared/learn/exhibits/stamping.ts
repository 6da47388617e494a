import type { NetworkAnalysis } from '../../analysis/types';
import type { HostTensor } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import { text } from '../../text';
import { nodesOfRole } from './exhibit';
import type { Exhibit, Question } from './exhibit';
import { windowParams } from './windowSum';

/** An up-conv that stamps its kernel, and the checkerboard where stamps overlap unevenly. */
export const stampingExhibit: Exhibit = {
  id: 'stamping',
  lesson: 'up-conv',
  title: text('Stamps and a checkerboard', '盖章与棋盘格'),
  task: text(
    'Every value of the small map stamps the whole kernel onto the large one, a stride apart. Lay the stamps one after another: where they overlap, they add up. Find sizes that leave no pattern.',
    '小图上的每个值把整个卷积核“盖”到大图上，相邻两次相隔一个步长。一个一个地盖：重叠的地方相加。找出不留痕迹的大小。',
  ),
  template: 'unet-small',
  fits: (analysis) => analysis.ok && upConvWindows(analysis).length > 0,
  wantsTraining: false,
};

/** Side of the small map. */
export const stampSide = 6;

/** The up-convs of a network with their windows. */
export function upConvWindows(
  analysis: NetworkAnalysis,
): readonly { readonly node: string; readonly kernel: number; readonly stride: number }[] {
  return nodesOfRole(analysis, 'transposedConvolution').flatMap((node) => {
    const found = analysis.nodes.get(node);
    const window = found === undefined ? null : windowParams(found);
    return window === null ? [] : [{ node, kernel: window.kernelSize[0], stride: window.strides[0] }];
  });
}

/** One up-conv alone, from one channel to one. */
export function stampNetwork(kernel: number, stride: number): NetworkDocument {
  return {
    format: 'convloom.network',
    version: 1,
    name: '',
    nodes: [
      { id: 'map', kind: 'input', params: { shape: [stampSide, stampSide, 1] } },
      {
        id: 'up',
        kind: 'upconv',
        params: { filters: 1, kernelSize: kernel, strides: stride, padding: 'valid', useBias: false },
      },
    ],
    edges: [{ from: 'map', to: 'up' }],
  };
}

/** A kernel of ones: then what comes out is how many stamps lie on each place. */
export function stampWeights(kernel: number): { readonly [name: string]: Float32Array } {
  return { 'up/kernel': new Float32Array(kernel * kernel).fill(1) };
}

/** How many stamps lie on a place at least and at most, away from the edge. */
export type Coverage = { readonly least: number; readonly most: number };

/** Reads it off what an up-conv of ones makes of a map of ones. */
export function coverageOf({ shape, data }: HostTensor, kernel: number): Coverage {
  const [, height = 0, width = 0] = shape;
  let [least, most] = [Infinity, -Infinity];
  for (let y = kernel - 1; y <= height - kernel; y++) {
    for (let x = kernel - 1; x <= width - kernel; x++) {
      const value = Math.round(data[y * width + x] ?? 0);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return { least, most };
}

/** To be found: stamps that overlap and yet lie evenly. */
export function stampingQuestion(kernel: number, stride: number, { least, most }: Coverage): Question {
  return {
    kind: 'act',
    ask: text(
      'Find a kernel and a stride of 2 or more whose stamps overlap, and yet cover every place in the middle alike.',
      '找出一组卷积核和步长（步长至少为 2），使印记互相重叠，而中间每个位置被覆盖的次数相同。',
    ),
    because: text(
      `Kernel ${kernel} is a multiple of stride ${stride}: ${most} stamps everywhere. Otherwise some places get more, and a checkerboard stays.`,
      `卷积核 ${kernel} 是步长 ${stride} 的整数倍：处处都是 ${most} 次。否则有的位置更多，就留下棋盘格。`,
    ),
    isDone: stride > 1 && kernel > stride && least === most,
  };
}

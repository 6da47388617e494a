import { applyEdits } from '../../editing/applyEdits';
import type { HostTensor } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import type { Edit } from '../../schema/edits';
import { formatCount, text } from '../../text';
import type { Text } from '../../text';
import { takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** Masks of an FCN without skips, with one and with two, side by side. */
export const masksExhibit: Exhibit = {
  id: 'masks',
  lesson: 'skips',
  title: text('Masks with and without skips', '有无跳跃连接的掩码'),
  task: text(
    'The same trunk and the same picture, as FCN-32s, 16s and 8s would join their scales: none, one, two skips. Train each, and compare the outlines. Then switch the skips of the last one off and on.',
    '同一个主干、同一张图像，按 FCN-32s、16s、8s 的方式融合：没有、一个、两个跳跃连接。分别训练，比较轮廓。再把最后一个网络的跳跃连接关掉、打开。',
  ),
  template: 'fcn-small',
  fits: (analysis) => takesSmallPicture(analysis) && skipScores.every(({ node }) => analysis.nodes.has(node)),
  wantsTraining: false,
  isAlone: true,
};

/** The convs that score the earlier maps, in the order in which they join. */
export const skipScores = [
  { node: 'score_p2', from: 'p2' },
  { node: 'score_p1', from: 'p1' },
] as const;

/** How many skips each network has. */
export const skipCounts = [0, 1, 2] as const;
export type Skips = (typeof skipCounts)[number];

/** What each is called, after the network that joins its scales alike. */
export const skipNames: Readonly<Record<Skips, Text>> = {
  0: text('No skip, as FCN-32s', '没有跳跃连接，同 FCN-32s'),
  1: text('One skip, as FCN-16s', '一个跳跃连接，同 FCN-16s'),
  2: text('Two skips, as FCN-8s', '两个跳跃连接，同 FCN-8s'),
};

const classCount = 11;

function upTimes(times: number) {
  return { filters: classCount, kernelSize: 2 * times, strides: times, padding: 'same' } as const;
}

/** What makes each of the template, which has one skip. */
const edits: Readonly<Record<Skips, readonly Edit[]>> = {
  0: [
    { type: 'removeNodes', ids: ['up2', 'score_p2', 'fuse'] },
    { type: 'connect', edge: { from: 'score', to: 'up8' } },
    { type: 'setParams', id: 'up8', params: upTimes(8) },
  ],
  1: [],
  2: [
    { type: 'insertAfter', after: 'fuse', node: { id: 'up4', kind: 'upconv', params: upTimes(2) } },
    { type: 'addNode', node: { id: 'score_p1', kind: 'conv', params: { filters: classCount, kernelSize: 1 } } },
    { type: 'connect', edge: { from: 'p1', to: 'score_p1' } },
    { type: 'insertAfter', after: 'up4', node: { id: 'fuse1', kind: 'add', params: {} } },
    { type: 'connect', edge: { from: 'score_p1', to: 'fuse1', toPort: 1 } },
    { type: 'setParams', id: 'up8', params: upTimes(2) },
  ],
};

/** The network with this many skips, of the template; null where the edits do not apply. */
export function withSkips(template: NetworkDocument, skips: Skips): NetworkDocument | null {
  const built = applyEdits(template, edits[skips]);
  return built.ok ? built.value : null;
}

/** Weights that silence a skip: its scores become 0, and the sum is what came from below. */
export function silenced(weights: readonly { readonly name: string; readonly count: number }[]): {
  readonly [name: string]: Float32Array;
} {
  return Object.fromEntries(weights.map(({ name, count }) => [name, new Float32Array(count)]));
}

/** The class of every pixel of one sample `[h, w, classes]`. */
export function maskOf({ shape, data }: HostTensor, sample = 0): Float32Array {
  const [, height = 0, width = 0, classes = 1] = shape;
  return Float32Array.from({ length: height * width }, (_, pixel) => {
    const start = (sample * height * width + pixel) * classes;
    let best = 0;
    for (let at = 1; at < classes; at++) if ((data[start + at] ?? 0) > (data[start + best] ?? 0)) best = at;
    return best;
  });
}

/** How many pixels are told wrong. */
export function wrongPixels(mask: ArrayLike<number>, labels: ArrayLike<number>): number {
  let wrong = 0;
  for (let at = 0; at < mask.length; at++) if (labels[at] !== -1 && mask[at] !== labels[at]) wrong += 1;
  return wrong;
}

/** How many pictures the question is about: on a single one, a network may win by luck. */
export const judgedCount = 16;

/** Which network leaves the fewest wrong pixels; null before each has an answer. */
export function masksQuestion(wrong: readonly (number | null)[]): Question | null {
  const counts = wrong.filter((count) => count !== null);
  if (counts.length < skipCounts.length) return null;
  return {
    kind: 'choice',
    ask: text(
      `Over the first ${judgedCount} pictures, which of the three tells the fewest pixels wrong?`,
      `在前 ${judgedCount} 张图像上，三者中哪一个判错的像素最少？`,
    ),
    choices: skipCounts.map((skips) => skipNames[skips]),
    because: text(
      `Wrong pixels: ${counts.map(formatCount).join('; ')}. Deep maps know what, shallow maps know where.`,
      `判错的像素：${counts.map(formatCount).join('；')}。深层知道是什么，浅层知道在哪里。`,
    ),
    answer: counts.indexOf(Math.min(...counts)),
  };
}

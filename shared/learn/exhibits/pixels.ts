import { createRandom } from '../../ops/random';
import type { HostTensor } from '../../ops/tensor';
import { text } from '../../text';
import { nodesOfRole, takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** FC against conv: the picture is shifted, its pixels are shuffled. */
export const pixelsExhibit: Exhibit = {
  id: 'pixels',
  lesson: 'receptive-field',
  title: text('Shift it, shuffle it', '移动它，打乱它'),
  task: text(
    'The same 100 digits for a CNN and for a network of FC layers; train both. Shift the pictures, then shuffle their pixels. The FC network can be mended by shuffling its weights alike: it never knew which pixels were neighbours.',
    '同样的 100 个数字，一个给 CNN，一个给全连接网络；先把两者都训练好。移动图像，再打乱像素。全连接网络只要把权值同样打乱就能恢复：它从来不知道哪些像素相邻。',
  ),
  template: 'lenet',
  fits: (analysis) =>
    takesSmallPicture(analysis, 28) &&
    nodesOfRole(analysis, 'convolution').length > 0 &&
    analysis.nodes.get(analysis.outputs[0] ?? '')?.outputShape?.join() === '10',
  wantsTraining: true,
};

/** The rival without convs: its template, and its layer that reads the pixels. */
export const rival = { template: 'dnn', layer: 'f1', output: 'f2' } as const;
/** How many pictures of the validation split are asked about. */
export const pictureCount = 100;

/** Pictures `[n, h, w, c]` moved by rows and columns; what comes in is 0. */
export function shifted({ shape, data }: HostTensor, down: number, right: number): Float32Array {
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const moved = new Float32Array(data.length);
  for (let picture = 0; picture < count; picture++) {
    for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
      for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
        const to = ((picture * height + y) * width + x) * channels;
        const from = ((picture * height + y - down) * width + x - right) * channels;
        for (let c = 0; c < channels; c++) moved[to + c] = data[from + c] ?? 0;
      }
    }
  }
  return moved;
}

/** An order of `count` places that a seed decides. */
export function pixelOrder(count: number, seed: number): readonly number[] {
  const random = createRandom(seed);
  const order = Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random.uniform() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return order;
}

/** Rows of `width` values, each row in this order: place i gets what stood at `order[i]`. */
export function reordered(values: ArrayLike<number>, order: readonly number[]): Float32Array {
  const size = order.length;
  return Float32Array.from({ length: values.length }, (_, at) => {
    const start = at - (at % size);
    return values[start + (order[at % size] ?? 0)] ?? 0;
  });
}

/** The kernel `[inputs, units]` of an FC for inputs in this order. */
export function reorderedKernel({ shape, data }: HostTensor, order: readonly number[]): Float32Array {
  const [, units = 1] = shape;
  return Float32Array.from({ length: data.length }, (_, at) => {
    const input = Math.floor(at / units);
    return data[(order[input] ?? 0) * units + (at % units)] ?? 0;
  });
}

/** The class with the largest score of each sample. */
export function answersOf({ shape, data }: HostTensor): readonly number[] {
  const [count = 0] = shape;
  const classes = data.length / Math.max(1, count);
  return Array.from({ length: count }, (_, sample) => {
    let best = 0;
    for (let at = 1; at < classes; at++) {
      if ((data[sample * classes + at] ?? 0) > (data[sample * classes + best] ?? 0)) best = at;
    }
    return best;
  });
}

/** How many answers are right. */
export function rightOf(scores: HostTensor, labels: readonly number[]): number {
  return answersOf(scores).filter((answer, at) => answer === labels[at]).length;
}

/** Asked before it is tried: what the FC network makes of shuffled pixels with weights that are shuffled alike. */
export function pixelsQuestion(right: number): Question {
  return {
    kind: 'number',
    ask: text(
      `Pixels shuffled, and the weights of the FC network shuffled in the same way: how many of the ${pictureCount} digits does it get right?`,
      `像素打乱，全连接网络的权值也同样打乱：${pictureCount} 个数字中它答对多少个？`,
    ),
    because: text(
      `${right}, as many as before: each sum has the same terms in another order. A conv has no such way: its window needs neighbours.`,
      `${right} 个，和原来一样：每个和式的项相同，只是顺序不同。卷积没有这样的办法：它的窗口需要相邻的像素。`,
    ),
    answer: right,
    tolerance: 0,
  };
}

import type { HostTensor } from '../../ops/tensor';
import { text } from '../../text';
import { nodesOfRole, takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';
import type { WindowPlace } from './windowSum';

/** A window dragged over a picture: patch × kernel = one number. */
export const windowExhibit: Exhibit = {
  id: 'window',
  lesson: 'convolution',
  title: text('A window over a picture', '在图像上滑动窗口'),
  task: text(
    'Drag the window. Each value under it is multiplied by the weight that lies on it; their sum is one number of the feature map. What you have visited is uncovered.',
    '拖动窗口。窗口下的每个值乘以压在它上面的权值，加起来就是特征图中的一个数。走过的位置会显示出来。',
  ),
  template: 'lenet',
  fits: (analysis) => takesSmallPicture(analysis) && nodesOfRole(analysis, 'convolution').length > 0,
  wantsTraining: true,
};

/** To be found with the window alone: where a filter answers most. */
export function windowQuestion(output: HostTensor, { filter, row, column }: WindowPlace): Question {
  const [, height = 0, width = 0, filters = 1] = output.shape;
  let most = -Infinity;
  for (let at = 0; at < height * width; at++) most = Math.max(most, output.data[at * filters + filter] ?? 0);
  const here = output.data[(row * width + column) * filters + filter] ?? 0;
  const words = { filter: filter + 1, most: most.toFixed(3) };
  return {
    kind: 'act',
    ask: text(
      `Put the window where filter ${words.filter} answers most strongly.`,
      `把窗口放到第 ${words.filter} 个卷积核响应最强的位置。`,
    ),
    because: text(
      `${words.most} is the largest number of this map: here the picture looks most like the kernel.`,
      `${words.most} 是这张特征图中最大的数：这里的图像与卷积核最相似。`,
    ),
    isDone: here >= most,
  };
}

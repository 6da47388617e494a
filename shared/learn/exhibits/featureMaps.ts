import { planeCount, planeOf, summarize } from '../../ops/featureMaps';
import type { HostTensor } from '../../ops/tensor';
import { text } from '../../text';
import { nodesOfRole, takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** A drawn digit at every node. */
export const featureMapsExhibit: Exhibit = {
  id: 'feature-maps',
  lesson: 'shared-weights',
  title: text('Your digit at every node', '您画的数字在每个节点的样子'),
  task: text(
    'Draw a digit, or take one of the data. Every node shows what it makes of it: one picture for each filter, each looking for one feature everywhere.',
    '画一个数字，或从数据中取一个。每个节点显示它从中得到什么：每个卷积核一张图，各自在整张图像上寻找一种特征。',
  ),
  template: 'lenet',
  fits: (analysis) => takesSmallPicture(analysis) && nodesOfRole(analysis, 'convolution').length > 0,
  wantsTraining: true,
};

/** Which map of a node has the largest mean: the filter that the picture has most of. */
export function strongestMap(maps: HostTensor): number {
  const means = Array.from(
    { length: planeCount(maps) },
    (_, channel) => summarize(planeOf(maps, 0, channel).values).mean,
  );
  return means.indexOf(Math.max(...means));
}

/** Asked of the maps in sight. */
export function featureMapsQuestion(node: string, maps: HostTensor): Question {
  const answer = strongestMap(maps) + 1;
  return {
    kind: 'number',
    ask: text(
      `Which map of ${node} is brightest on the whole (has the largest mean)? Give its number.`,
      `${node} 的哪一张特征图整体最亮（平均值最大）？请写出编号。`,
    ),
    because: text(
      `Map ${answer}: of the features that ${node} looks for, this picture has most of that one.`,
      `第 ${answer} 张：在 ${node} 寻找的特征中，这张图像含得最多的就是它。`,
    ),
    answer,
    tolerance: 0,
  };
}

import { analyzeNetwork } from '../../analysis/analyze';
import type { NetworkAnalysis } from '../../analysis/types';
import { flatNetwork } from '../../document/expand';
import { applyEdits } from '../../editing/applyEdits';
import type { HostTensor, TensorMap } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import { text } from '../../text';
import { foldConvs } from '../../transforms/foldConvs';
import type { TransformPlan, WeightTable } from '../../transforms/plan';
import { nodesOfRole, takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';
import { windowParams } from './windowSum';

/** Two linear convs folding into one that gives the same picture; with ReLU between them they do not. */
export const foldingExhibit: Exhibit = {
  id: 'folding',
  lesson: 'activation',
  title: text('Two convs fold into one', '两个卷积合成一个'),
  task: text(
    'Two convs with nothing between them, and the one conv that they fold into: the same map to the last rounding. Put ReLU between the two, and compare again.',
    '中间什么都没有的两个卷积，和它们合成的一个卷积：得到的特征图只差舍入误差。在两者之间加上 ReLU，再比较一次。',
  ),
  template: 'lenet',
  prepare: [
    { type: 'removeNodes', ids: ['a1', 'p1'], heal: true },
    { type: 'setParams', id: 'c1', params: { filters: 6, kernelSize: 3 } },
    { type: 'setParams', id: 'c2', params: { filters: 6, kernelSize: 3 } },
    { type: 'setParams', id: 'f1', params: { units: 60 } },
  ],
  fits: (analysis, document) => takesSmallPicture(analysis) && findFold(document, analysis) !== null,
  wantsTraining: true,
};

/** Two convs of a network that are one. */
export type Fold = {
  readonly first: string;
  readonly second: string;
  /** The network with both, its blocks taken apart. */
  readonly both: NetworkDocument;
  /** The same with ReLU between the two. */
  readonly apart: NetworkDocument;
  readonly plan: TransformPlan;
  /** Side of the one window. */
  readonly side: number;
};

/** The first pair of convs in a network that fold; null where there is none. */
export function findFold(document: NetworkDocument, analysis: NetworkAnalysis): Fold | null {
  const both = flatNetwork(document);
  for (const first of nodesOfRole(analysis, 'convolution')) {
    const plan = foldConvs(both, analysis, first);
    const second = both.edges.find(({ from }) => from === first)?.to;
    if (!plan.ok || second === undefined) continue;
    const apart = applyEdits(both, [{ type: 'setParams', id: first, params: { activation: 'relu' } }]);
    const node = plan.value.after.nodes.get(first);
    const window = node === undefined ? null : windowParams(node);
    if (!apart.ok || window === null) continue;
    return { first, second, both, apart: apart.value, plan: plan.value, side: window.kernelSize[0] };
  }
  return null;
}

/** Weights as a transform carries them. */
export function floatWeights(weights: TensorMap): WeightTable {
  return Object.fromEntries(
    Object.entries(weights).flatMap(([name, tensor]) =>
      tensor.dtype === 'float32' ? [[name, { shape: tensor.shape, data: tensor.data }] as const] : [],
    ),
  );
}

/** The weights of the one conv, and all others, by the values of both. */
export function foldedValues(fold: Fold, weights: TensorMap): { readonly [name: string]: Float32Array } {
  const carried = fold.plan.carry(floatWeights(weights));
  return Object.fromEntries(Object.entries(carried).map(([name, { data }]) => [name, data]));
}

/** Parameters of some nodes together. */
export function paramsOf(document: NetworkDocument, ids: readonly string[]): number {
  const { nodes } = analyzeNetwork(document);
  return ids.reduce((sum, id) => sum + (nodes.get(id)?.paramCount ?? 0), 0);
}

/** The largest difference between two tensors of one shape. */
export function largestDifference(a: HostTensor, b: HostTensor): number {
  let largest = 0;
  for (let at = 0; at < a.data.length; at++)
    largest = Math.max(largest, Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0)));
  return largest;
}

/** How wide the one window is. */
export function foldingQuestion({ first, second, side, both }: Fold, analysis: NetworkAnalysis): Question {
  const [a, b] = [first, second].map((id) => {
    const node = analysis.nodes.get(id);
    return (node === undefined ? null : windowParams(node))?.kernelSize[0] ?? 1;
  });
  const names = [first, second].map((id) => both.nodes.find((node) => node.id === id)?.id ?? id);
  return {
    kind: 'number',
    ask: text(
      `${names[0]} has a window ${a} wide, ${names[1]} one ${b} wide. How wide is the one window that does the work of both?`,
      `${names[0]} 的窗口宽 ${a}，${names[1]} 的窗口宽 ${b}。一个窗口要做完两者的工作，宽是多少？`,
    ),
    because: text(
      `${side}: the outermost value that the second window reaches was itself made of a whole first window.`,
      `${side}：第二个窗口最边上的值，本身又来自第一个窗口的整个范围。`,
    ),
    answer: side,
    tolerance: 0,
  };
}

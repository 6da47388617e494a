import type { NetworkAnalysis } from '../../analysis/types';
import { flatNetwork } from '../../document/expand';
import { applyEdits } from '../../editing/applyEdits';
import { functionParam } from '../../layers/traits';
import type { TensorMap } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import type { Edit } from '../../schema/edits';
import { formatNumber, text } from '../../text';
import { takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** The functions that are compared, the one that fades first. */
export const slopeFunctions = ['sigmoid', 'tanh', 'relu'] as const;
export type SlopeFunction = (typeof slopeFunctions)[number];

const hidden = ['f1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const;

/** Sigmoid against ReLU by the gradients of each layer. */
export const slopesExhibit: Exhibit = {
  id: 'slopes',
  lesson: 'vanishing-gradients',
  title: text('Sigmoid against ReLU', 'sigmoid 对 ReLU'),
  task: text(
    'One batch goes through the network and back, before any training. The bars are the mean size of the gradients of each layer. Change the activation of all hidden layers, and look at the first.',
    '训练之前，让一批样本走完前向和反向。条形是每一层梯度的平均大小。改变所有隐藏层的激活函数，看看第一层。',
  ),
  template: 'dnn',
  prepare: hidden.slice(1).map((id, at): Edit => ({
    type: 'insertAfter',
    after: hidden[at] ?? 'f1',
    node: { id, kind: 'fc', params: { units: 30, activation: 'sigmoid' } },
  })),
  fits: (analysis) => takesSmallPicture(analysis) && hiddenFunctions(analysis).length > 1,
  wantsTraining: false,
};

/** Hidden nodes whose function can be exchanged, with the param that names it. */
function hiddenFunctions(analysis: NetworkAnalysis): readonly (readonly [id: string, param: string])[] {
  const names: ReadonlySet<unknown> = new Set(slopeFunctions);
  return analysis.order.flatMap((id) => {
    const node = analysis.nodes.get(id);
    const param = functionParam(node?.definition);
    return param !== null && names.has(node?.params?.[param]) && !analysis.outputs.includes(id)
      ? [[id, param] as const]
      : [];
  });
}

/** A network with this function in all of its hidden layers; its blocks taken apart. */
export function withFunction(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  name: SlopeFunction,
): NetworkDocument | null {
  const edits = hiddenFunctions(analysis).map(([id, param]): Edit => ({
    type: 'setParams',
    id,
    params: { [param]: name },
  }));
  const changed = applyEdits(flatNetwork(document), edits);
  return changed.ok ? changed.value : null;
}

/** The mean size of the gradients of one layer's kernel. */
export type LayerSlope = { readonly node: string; readonly mean: number };

/** Of every layer with a kernel, in the order in which values flow. */
export function layerSlopes(analysis: NetworkAnalysis, gradients: TensorMap): readonly LayerSlope[] {
  return analysis.order.flatMap((node) => {
    const data = gradients[`${node}/kernel`]?.data;
    if (data === undefined || data.length === 0) return [];
    let sum = 0;
    for (const gradient of data) sum += Math.abs(gradient);
    return [{ node, mean: sum / data.length }];
  });
}

/** The size of a gradient with three digits that count. */
export function shortSlope(mean: number): string {
  return mean.toExponential(2).replace('-', '−');
}

/** How much is left of the gradient at the first layer; null where there is nothing to compare. */
export function slopesQuestion(slopes: readonly LayerSlope[]): Question | null {
  const [first, last] = [slopes[0], slopes.at(-1)];
  if (first === undefined || last === undefined || slopes.length < 2 || first.mean === 0) return null;
  const times = last.mean / first.mean;
  return {
    kind: 'number',
    ask: text(
      `All sigmoid: how many times larger is the mean gradient of the last layer (${last.node}) than that of the first (${first.node})?`,
      `全部用 sigmoid：最后一层（${last.node}）的平均梯度是第一层（${first.node}）的多少倍？`,
    ),
    because: text(
      `${shortSlope(last.mean)} ÷ ${shortSlope(first.mean)} ≈ ${formatNumber(Number(times.toPrecision(3)))}. Each sigmoid on the way lets at most a quarter through.`,
      `${shortSlope(last.mean)} ÷ ${shortSlope(first.mean)} ≈ ${formatNumber(Number(times.toPrecision(3)))}。途中每个 sigmoid 最多放过四分之一。`,
    ),
    answer: times,
    tolerance: times * 0.05,
  };
}

import type { Explanation } from '../layers/define';
import { paramsTitle } from '../layers/explain';
import { formatCount, text, type Text } from '../text';
import type { OptimizerName } from '../schema/training';
import { estimateTrainingMemory, largestBatchSize, slotsPerWeight, type TrainingMemory } from './memory';
import type { NetworkAnalysis, NodeAnalysis } from './types';

/** One line of arithmetic about the whole network: as an {@link Explanation}, without a node's topic. */
export type TotalExplanation = Omit<Explanation, 'about'>;

/** A sum of more terms than this is written by layer family. */
const mostTerms = 6;

/** How the totals of a network add up: parameters, multiply-adds, bytes of weights and of outputs. */
export type TotalExplanations = {
  readonly params: TotalExplanation;
  readonly macs: TotalExplanation;
  readonly weightBytes: TotalExplanation;
  readonly activationBytes: TotalExplanation;
};

/** The totals as sums over the nodes; LeNet's parameters are 520 + 25,050 + 400,500 + 5,010 = 431,080. */
export function explainTotals(analysis: NetworkAnalysis): TotalExplanations {
  const { params, macs, activationBytes } = analysis.totals;
  const values = sumOf(analysis, (node) => (node.activationBytes === null ? null : node.activationBytes / 4));
  return {
    params: {
      title: paramsTitle,
      formula: 'Σ pᵢ',
      numbers: sumOf(analysis, (node) => node.paramCount),
      result: formatCount(params),
    },
    macs: {
      title: text('Multiply-adds', '乘加次数'),
      formula: 'Σ mᵢ',
      numbers: sumOf(analysis, (node) => node.macs),
      result: formatCount(macs),
    },
    weightBytes: {
      title: text('Bytes', '字节数'),
      formula: '4·Σ pᵢ',
      numbers: `4·${formatCount(params)}`,
      result: formatCount(params * 4),
    },
    activationBytes: {
      title: text('Bytes', '字节数'),
      formula: '4·Σ h·w·c',
      numbers: `4·(${values})`,
      result: formatCount(activationBytes),
    },
  };
}

/** `520 + 25,050`, or by family where that would be long: `Conv 14,714,688 + FC 123,642,856`. */
function sumOf(analysis: NetworkAnalysis, pick: (node: NodeAnalysis) => number | null): string {
  const terms = [...analysis.nodes.values()].flatMap((node) => {
    const value = pick(node) ?? 0;
    return value === 0 ? [] : [{ name: node.definition?.label.en ?? node.kind, value }];
  });
  // What is not known stays visible in the sum.
  const rest = [...analysis.nodes.values()].some((node) => pick(node) === null) ? ' + ?' : '';
  if (terms.length === 0) return `0${rest}`;
  if (terms.length <= mostTerms) return `${terms.map(({ value }) => formatCount(value)).join(' + ')}${rest}`;
  const sums = new Map<string, number>();
  for (const { name, value } of terms) sums.set(name, (sums.get(name) ?? 0) + value);
  const listed = [...sums].sort((a, b) => b[1] - a[1]).map(([name, value]) => `${name} ${formatCount(value)}`);
  return `${listed.join(' + ')}${rest}`;
}

/** The parts of {@link TrainingMemory}, each with its formula: p parameters, pₜ of them trainable, B pictures in a batch. */
export function explainMemory(
  analysis: NetworkAnalysis,
  memory: TrainingMemory,
  batchSize: number,
  optimizer: OptimizerName,
): readonly TotalExplanation[] {
  const { params, trainableParams, activationBytes } = analysis.totals;
  const slots = slotsPerWeight[optimizer];
  const line = (title: Text, formula: string, numbers: string, bytes: number): TotalExplanation => ({
    title,
    formula,
    numbers,
    result: formatCount(bytes),
  });
  const flowing = memory.flowBytes / Math.max(1, batchSize) / 4;
  return [
    line(text('Weights', '权值'), '4·p', `4·${formatCount(params)}`, memory.weightBytes),
    line(text('Gradients', '梯度'), '4·pₜ', `4·${formatCount(trainableParams)}`, memory.gradientBytes),
    line(
      text(`Optimizer state (${optimizer})`, `优化器状态（${optimizer}）`),
      `${slots}·4·pₜ`,
      `${slots}·4·${formatCount(trainableParams)}`,
      memory.optimizerBytes,
    ),
    line(
      text('Kept outputs', '保留的输出'),
      'B·4·Σ h·w·c',
      `${formatCount(batchSize)}·4·${formatCount(activationBytes / 4)}`,
      memory.activationBytes,
    ),
    line(
      text('Gradients on their way back', '反向传播中的梯度'),
      'B·4·max(in + out)',
      `${formatCount(batchSize)}·4·${formatCount(flowing)}`,
      memory.flowBytes,
    ),
  ];
}

/** The largest batch that fits into `availableBytes`, with its arithmetic; null while a size is unknown. */
export function explainLargestBatch(
  analysis: NetworkAnalysis,
  optimizer: OptimizerName,
  availableBytes: number,
): { readonly batchSize: number; readonly explanation: TotalExplanation } | null {
  const batchSize = largestBatchSize(analysis, optimizer, availableBytes);
  const none = estimateTrainingMemory(analysis, 0, optimizer);
  const one = estimateTrainingMemory(analysis, 1, optimizer);
  if (batchSize === null || none === null || one === null) return null;
  const fixed = none.totalBytes;
  const explanation = {
    title: text('Largest batch', '最大批大小'),
    formula: '⌊(memory − fixed) / picture⌋',
    numbers: `⌊(${formatCount(availableBytes)} − ${formatCount(fixed)}) / ${formatCount(one.totalBytes - fixed)}⌋`,
    result: formatCount(batchSize),
  };
  return { batchSize, explanation };
}

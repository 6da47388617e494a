import { text, type Text } from '../text';
import type { Json } from './document';

/** The numbers of one trial of a sweep: what each thing that is varied is set to. */
export type Assignment = { readonly [target: string]: Json };

/** How the worst trials of a sweep are ended before their last epoch. */
export const earlyStopRules = [
  {
    value: 'median',
    label: text('Worse than the median', '差于中位数'),
    doc: text(
      'after an epoch, a trial whose best error so far is above the median of the others at that epoch ends',
      '每轮之后，若某次尝试到此为止的最佳误差高于其他尝试在同一轮的中位数，则提前结束',
    ),
  },
  {
    value: 'halving',
    label: text('Successive halving', '逐次减半'),
    doc: text(
      'after epochs 1, 2, 4, 8, ... only the better half of the trials that came so far goes on',
      '在第 1、2、4、8……轮之后，只有到达该轮的尝试中较好的一半继续',
    ),
  },
  {
    value: 'none',
    label: text('Never', '从不'),
    doc: text('every trial has all its epochs', '每次尝试都训练全部轮数'),
  },
] as const satisfies readonly { readonly value: string; readonly label: Text; readonly doc: Text }[];

export type EarlyStopRule = (typeof earlyStopRules)[number]['value'];

/** What a sweep varies how many samples a step of descent takes by; see {@link descents}. */
export const descentTarget = 'descent';

/** How many samples a step of gradient descent takes, fewest last. */
export const descents = [
  { value: 'batch', label: text('Batch', '批量'), doc: text('all training data', '全部训练数据') },
  { value: 'miniBatch', label: text('Mini-batch', '小批量'), doc: text('a batch', '一批') },
  { value: 'stochastic', label: text('Stochastic', '随机'), doc: text('one sample', '一个样本') },
] as const satisfies readonly { readonly value: string; readonly label: Text; readonly doc: Text }[];

/** One of {@link descents}. */
export type DescentKind = (typeof descents)[number]['value'];

/** How many trials a sweep has at most. */
export const mostTrials = 1000;

import type { NetworkTotals } from '../analysis/types';
import { formatCount } from '../text';

/** All parameters, and those of them that training changes. */
export function countsOf(params: number, trainableParams: number): string {
  const trainable = trainableParams === params ? ', all trainable' : ` (${formatCount(trainableParams)} trainable)`;
  return `${formatCount(params)} parameters${trainable}`;
}

/** What a network costs, in the words of printed code. */
export function countsText({ params, trainableParams, macs }: NetworkTotals): string {
  return `${countsOf(params, trainableParams)}, ${formatCount(macs)} multiply-adds per sample`;
}

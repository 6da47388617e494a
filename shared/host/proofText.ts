import { text, type Text } from '../text';
import type { Proof } from './api';

/** The sentence of a proof, as it is printed, shown, and stamped into what was written. */
export function proofText({ maxDifference, scale, runtime }: Proof): Text {
  const [largest, of] = [maxDifference.toExponential(1), scale.toPrecision(3)];
  return text(
    `Run by ${runtime} on random input: the largest difference to Convloom is ${largest}, where the largest value is ${of}.`,
    `由 ${runtime} 在随机输入上运行：与 Convloom 的最大差异为 ${largest}，其中最大值为 ${of}。`,
  );
}

/** Up to this share of the largest value a difference is that of the order of additions, and nothing else. */
const roundingShare = 1e-4;

/** Whether both sides compute the same: their difference is within rounding. */
export function isProofGood({ maxDifference, scale }: Proof): boolean {
  return maxDifference <= roundingShare * Math.max(scale, 1e-6);
}

/** The reason for a missing proof as a part of a sentence: some are findings, and sentences of their own. */
export function asClause(reason: string): string {
  return reason.replace(/[.。]+$/, '');
}

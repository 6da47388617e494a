import type { NetworkAnalysis } from '../../../shared/analysis/types';
import { tooLargeForTarget } from '../../../shared/diagnostics/catalog/exports';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';

/** Where a protocol buffer ends, less room for the graph itself. */
const mostWeightBytes = 2 ** 31 - 2 ** 24;

/** Why a network's weights do not go into one protocol buffer; null where they do. Asked before any weight is made. */
export function checkWeightsFit({ totals }: NetworkAnalysis, target: string): Diagnostic | null {
  const weightBytes = totals.params * Float32Array.BYTES_PER_ELEMENT;
  return weightBytes > mostWeightBytes ? tooLargeForTarget(target, weightBytes, mostWeightBytes) : null;
}

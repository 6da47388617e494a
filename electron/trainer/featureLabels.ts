import type { NodeAnalysis } from '../../shared/analysis/types';
import { isLossOfValues, lossFor } from '../../shared/compile/losses';
import type { Inspection } from '../../shared/host/api';
import type { LabelRows } from '../../shared/host/features';
import { activationOf } from '../../shared/layers/activations';
import { functionParam } from '../../shared/layers/traits';
import type { LossName } from '../../shared/schema/training';
import { labelThreshold } from '../../shared/training/answers';
import { labelRows } from '../data/labels';

/**
 * For multi-label: from what on a value of the node that answers is a yes. A logit of 0 is the probability of a half; behind a sigmoid, and
 * where values are learned as they are, it is the half itself.
 */
export function yesFrom(node: NodeAnalysis | undefined, loss: LossName): number {
  const param = functionParam(node?.definition);
  const isProbability = activationOf(param === null ? null : node?.params?.[param]) === 'sigmoid';
  const isValue = isLossOfValues(lossFor({ kind: 'multi-label', classCount: 0 }, loss));
  return isProbability || isValue ? labelThreshold : 0;
}

/** Takes what samples have and what a network gives them, batch by batch. */
export type LabelCollector = {
  readonly add: (seen: Inspection, output: string, count: number) => void;
  readonly rows: () => LabelRows;
};

/** See {@link LabelCollector}; for so many samples of so many classes. */
export function createLabels(total: number, classCount: number, least: number): LabelCollector {
  const truth = new Uint8Array(total * classCount);
  const given = new Uint8Array(total * classCount);
  let at = 0;
  return {
    add: ({ labelSets, nodes }, output, count) => {
      truth.set(labelRows(labelSets ?? [], classCount), at * classCount);
      const answer = nodes[output]?.data ?? [];
      given.set(
        Uint8Array.from(answer, (value) => Number(value >= least)),
        at * classCount,
      );
      at += count;
    },
    rows: () => ({ truth, given }),
  };
}

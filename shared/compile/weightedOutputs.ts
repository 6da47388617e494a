import type { NetworkAnalysis } from '../analysis/types';
import { badWeights, unknownOutput } from '../diagnostics/catalog/training';
import { failure, success } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import { parseNamedWeights } from '../schema/namedWeights';
import { trainingFields } from '../schema/training';

/** An output that is trained along with the one that is scored, and what its loss counts. */
export type WeightedOutput = { readonly nodeId: string; readonly weight: number };

/** The further outputs that settings name, such as the side heads of GoogLeNet: `aux1=0.3, aux2=0.3`. The trained one counts 1, unless it is named, too. */
export function weightedOutputs(
  { outputs }: NetworkAnalysis,
  named: string | undefined,
  main: string,
): Result<{ readonly mainWeight: number; readonly others: readonly WeightedOutput[] }> {
  if (named === undefined || named.trim() === '') return success({ mainWeight: 1, others: [] });
  const weights = parseNamedWeights(named);
  const { label } = trainingFields.outputWeights;
  if (weights === null) return failure(badWeights({ path: 'train.outputWeights', label }, named));
  const unknown = [...weights.keys()].find((id) => !outputs.includes(id));
  if (unknown !== undefined) return failure(unknownOutput(unknown, outputs));
  const others = [...weights].flatMap(([nodeId, weight]) =>
    nodeId === main || weight === 0 ? [] : [{ nodeId, weight }],
  );
  return success({ mainWeight: weights.get(main) ?? 1, others });
}

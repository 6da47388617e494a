import type { NetworkAnalysis } from '../../shared/analysis/types';
import { chooseOpenSizes } from '../../shared/compile/openSizes';
import { randomUniform } from '../../shared/compile/randomInputs';
import type { Proof } from '../../shared/host/api';
import { elementCount } from '../../shared/ops/tensor';
import type { FloatTensors, TensorMap } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import type { Text } from '../../shared/text';

export { proofText } from '../../shared/host/proofText';

/** A proof that could be made, or why it could not. */
export type ProofOutcome =
  | { readonly proof: Proof; readonly skipped: null }
  | { readonly proof: null; readonly skipped: Text };

/** No proof, and the reason that people are told. */
export function skipped(why: Text): ProofOutcome {
  return { proof: null, skipped: why };
}

/** What both sides are fed and what the app itself gives: by node id, batches of one. */
export type Sample = { readonly inputs: FloatTensors; readonly outputs: TensorMap };

/** Brightness of a pixel, as pictures have it: what is fed can be written as a picture. */
const brightest = 255;

/** One batch of one sample in 0..1 for every input, the same for the same network; null where no size is found that it takes. */
export function randomSampleInputs(document: NetworkDocument, analysis: NetworkAnalysis): FloatTensors | null {
  const sizes = chooseOpenSizes(document, analysis);
  if (sizes === null) return null;
  return Object.fromEntries(
    Object.entries(sizes).map(([id, sample]) => {
      const shape = [1, ...sample];
      const uniform = randomUniform(1, id, 0, elementCount(shape));
      const data = uniform.map((value) => Math.floor(value * (brightest + 1)) / brightest);
      return [id, { dtype: 'float32', shape, data }] as const;
    }),
  );
}

/**
 * How far two sets of answers are apart: the largest difference of any value, and the largest value, against which it is judged. A
 * missing answer, another size or a value that is no number makes the difference infinite.
 */
export function measureProof(ours: TensorMap, theirs: TensorMap, runtime: string): Proof {
  let [maxDifference, scale] = [0, 0];
  for (const [id, { data }] of Object.entries(ours)) {
    const other = theirs[id]?.data;
    if (other?.length !== data.length) {
      maxDifference = Infinity;
      continue;
    }
    for (let at = 0; at < data.length; at++) {
      const difference = Math.abs((data[at] ?? NaN) - (other[at] ?? NaN));
      if (!(difference <= maxDifference)) maxDifference = Number.isNaN(difference) ? Infinity : difference;
      scale = Math.max(scale, Math.abs(data[at] ?? 0));
    }
  }
  return { maxDifference, scale, runtime };
}

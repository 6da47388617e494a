import { participantOf } from './report';
import type { CandidateResult, Roof } from './report';
import { roofOf } from './roof';
import { median, quartilesOf } from './statistics';
import { interruptedWhy } from './turns';
import type { Running } from './turns';

/** What a candidate's figures are held against. */
export type Standard = {
  /** The candidate whose steps are 1; undefined where it takes no part. */
  readonly base: Running | undefined;
  /** Operations of a step. */
  readonly flops: number;
  readonly roof: Roof;
};

/** The figures of a candidate, or why it has none. */
export function resultOf(one: Running, { base, flops, roof }: Standard): CandidateResult {
  const { candidate, ready, failure, how, firstStepsMs, streamingMs, peakBytes } = one;
  const { label } = participantOf(candidate);
  if (failure !== null) return { candidate, label, available: false, why: failure };
  const stepsMs = one.rounds.flat();
  if (stepsMs.length === 0) return { candidate, label, available: false, why: interruptedWhy };
  const medianMs = median(stepsMs);
  const gflops = flops / medianMs / 1e6;
  const most = roofOf(roof, candidate);
  const shares = streamingMs.map((costMs) => costMs / medianMs);
  return {
    candidate,
    label,
    available: true,
    device: ready.device,
    version: how === null ? ready.version : `${ready.version}; ${how}`,
    medianMs,
    minMs: Math.min(...stepsMs),
    quartilesMs: quartilesOf(stepsMs),
    steps: stepsMs.length,
    ...ratios(one, base),
    gflops,
    roofShare: most === null ? null : gflops / most,
    peakBytes,
    firstStepMs: median(firstStepsMs),
    firstStepQuartilesMs: quartilesOf(firstStepsMs),
    streamingShare: shares.length === 0 ? null : median(shares),
    streamingQuartiles: shares.length === 0 ? null : quartilesOf(shares),
  };
}

/** All steps against all of the base's, and the spread over the rounds: in each of them both had their turn close to each other. */
function ratios(
  { rounds }: Running,
  base: Running | undefined,
): Pick<Extract<CandidateResult, { available: true }>, 'ratio' | 'ratioQuartiles'> {
  const baseRounds = base?.failure === null ? base.rounds : [];
  const ratio = median(rounds.flat()) / median(baseRounds.flat());
  if (Number.isNaN(ratio)) return { ratio: null, ratioQuartiles: null };
  const each = rounds.flatMap((steps, round) => {
    const of = median(steps) / median(baseRounds[round] ?? []);
    return Number.isNaN(of) ? [] : [of];
  });
  return { ratio, ratioQuartiles: each.length === 0 ? null : quartilesOf(each) };
}

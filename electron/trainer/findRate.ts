import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { noPlateau } from '../../shared/schema/schedule';
import { samplesPerStep } from '../../shared/schema/training';
import { hasDiverged, suggestRate, sweepRange, sweptRate } from '../../shared/training/rateSweep';
import type { RateSweep, SweptStep } from '../../shared/training/rateSweep';
import { feedMaker, takeStep } from './epoch';
import type { MeasureQuestion } from './measure';
import { prepareRun } from './prepare';

/**
 * Takes steps with a learning rate that rises from far too small to far too large, on the run's own batches, and says which one to take. The
 * weights are this sweep's own, and gone with it.
 */
export async function findRate(
  { document, config }: MeasureQuestion,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<Result<RateSweep>> {
  const prepared = await prepareRun(document, { ...config, emaDecay: 0 });
  if (!prepared.ok) return prepared;
  const run = prepared.value;
  const steps: SweptStep[] = [];
  const { count } = run.dataset.train;
  const stepsPerEpoch = Math.ceil(count / samplesPerStep(config));
  try {
    for (let step = 1; step <= sweepRange.steps && !hasDiverged(steps); step++) {
      if (signal.aborted) return failure(requestCancelled('run.findRate'));
      const epoch = Math.floor((step - 1) / stepsPerEpoch) + 1;
      const from = ((step - 1) % stepsPerEpoch) * samplesPerStep(config);
      const feed = feedMaker(run, config, { epoch, plateau: noPlateau }, sweptRate)(from, step);
      const { loss } = await takeStep(run, config, feed, step);
      steps.push({ rate: sweptRate(step), loss });
      onProgress(step, sweepRange.steps);
    }
  } finally {
    await run.session.dispose();
  }
  return success({ engine: run.choice.engine.id, device: run.choice.status.device, ...suggestRate(steps) });
}

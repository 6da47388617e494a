import { totalmem } from 'node:os';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { RunForecast } from '../../shared/host/api';
import { noPlateau } from '../../shared/schema/schedule';
import { samplesPerStep } from '../../shared/schema/training';
import { isRecomputing } from '../engines/recompute';
import { feedMaker, takeStep } from './epoch';
import { evaluateSamples } from './evaluate';
import type { MeasureQuestion } from './measure';
import { prepareRun } from './prepare';

/** Timing ends when this long has been timed, or this many steps. */
const enoughMs = 1500;
const mostSteps = 20;
/** So many validation batches stand for all. */
const scoredBatches = 4;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/**
 * Says before a run how long it will take, and in how much memory: the data are read as the run would, and a few of its steps taken, with
 * weights that are thrown away. The memory is the most that this process, which did nothing else, has had.
 */
export async function forecastRun(
  { document, config }: MeasureQuestion,
  signal: AbortSignal,
): Promise<Result<RunForecast>> {
  const beganMs = performance.now();
  const prepared = await prepareRun(document, config);
  if (!prepared.ok) return prepared;
  const run = prepared.value;
  const prepareSeconds = (performance.now() - beganMs) / 1000;
  const { train, validation } = run.dataset;
  const stepsPerEpoch = Math.ceil(train.count / samplesPerStep(config));
  try {
    const feedAt = feedMaker(run, config, { epoch: 1, plateau: noPlateau });
    const times: number[] = [];
    for (let step = 1; ; step++) {
      if (signal.aborted) return failure(requestCancelled('run.forecast'));
      const startMs = performance.now();
      const feed = feedAt(((step - 1) % stepsPerEpoch) * samplesPerStep(config), step);
      await takeStep(run, config, feed, step);
      // The first one also warms up.
      if (step > 1) times.push(performance.now() - startMs);
      const timed = times.reduce((sum, time) => sum + time, 0);
      if (times.length >= mostSteps || (times.length > 0 && timed >= enoughMs)) break;
    }
    const some = { ...validation, count: Math.min(validation.count, scoredBatches * config.batchSize) };
    const scoringMs = performance.now();
    await evaluateSamples(run.session, some, run.form, config.batchSize, () => signal.aborted);
    const scoreSeconds = ((performance.now() - scoringMs) / 1000) * (validation.count / Math.max(1, some.count));
    const secondsPerStep = median(times) / 1000;
    const secondsPerEpoch = stepsPerEpoch * secondsPerStep + scoreSeconds;
    return success({
      engine: run.choice.engine.id,
      device: run.choice.status.device,
      steps: times.length,
      stepsPerEpoch,
      secondsPerStep,
      secondsPerEpoch,
      prepareSeconds,
      totalSeconds: prepareSeconds + config.epochs * secondsPerEpoch,
      memoryBytes: process.resourceUsage().maxRSS * 1024,
      availableBytes: totalmem(),
      isRecomputing: isRecomputing(run.program.program),
    });
  } finally {
    await run.session.dispose();
  }
}

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notLearning, runDiverged, weightsNotSaved } from '../../shared/diagnostics/catalog/run';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { seedFor } from '../../shared/ops/random';
import { errorText } from '../../shared/text';
import { scheduledLearningRate } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import { answerCount, makeBatch } from './batches';
import { shuffledOrder } from '../data/split';
import { baselineScores, evaluateSamples, letMessagesIn, scalarOf } from './evaluate';
import type { Scores } from './evaluate';
import type { PreparedRun } from './prepare';
import type { RunLog } from './runLog';
import { areFinite, saveWeights } from '../files/weights';

export type TrainOptions = {
  readonly runId: string;
  readonly dir: string;
  readonly config: TrainingConfig;
  readonly log: RunLog;
  readonly shouldStop: () => boolean;
  /** In milliseconds. */
  readonly clock: () => number;
};

/** A loss this many times the first one (or 1, if that is more) is not coming back. */
const divergenceFactor = 1e6;
/** How fast the shown speed follows the measured one. */
const speedSmoothing = 0.1;

/** How one epoch of steps went; `end` tells why it ended before its last step. */
type EpochOutcome = {
  readonly loss: number;
  readonly accuracy: number | null;
  readonly end: null | { readonly type: 'stopped' } | { readonly type: 'diverged'; readonly diagnostic: Diagnostic };
};

/** The state that goes on from epoch to epoch. */
type Progress = {
  step: number;
  firstLoss: number | null;
  /** Samples a second, smoothed; 0 before the first step. */
  speed: number;
  /** How long the last evaluation took. */
  evaluationSeconds: number;
};

async function trainEpoch(
  run: PreparedRun,
  options: TrainOptions,
  epoch: number,
  progress: Progress,
): Promise<EpochOutcome> {
  const { config, log, clock } = options;
  const { form, program, session } = run;
  const { train } = run.dataset;
  const order = shuffledOrder(train.count, seedFor(config.seed, `epoch ${epoch}`));
  const batchAt = (from: number) => makeBatch(train, order.subarray(from, from + config.batchSize), form);
  let lossSum = 0;
  let correct = 0;
  let seen = 0;
  let answers = 0;
  const outcome = (end: EpochOutcome['end']): EpochOutcome => ({
    loss: seen === 0 ? 0 : lossSum / seen,
    accuracy: form.task === 'regression' || seen === 0 ? null : correct / Math.max(1, answers),
    end,
  });
  const stepsPerEpoch = Math.ceil(train.count / config.batchSize);
  let batch = batchAt(0);
  for (let from = 0; from < train.count; from += config.batchSize) {
    if (options.shouldStop()) return outcome({ type: 'stopped' });
    const startedMs = clock();
    progress.step += 1;
    const size = batch.x.shape[0] ?? 0;
    const asked = answerCount(batch, form);
    const rate = scheduledLearningRate(config, (progress.step - 1) / (config.epochs * stepsPerEpoch));
    const running = session.run('trainStep', { ...batch, ...program.stepInputs(progress.step, rate) });
    // Engines that compute on threads of their own do so while the next batch is made.
    if (from + size < train.count) batch = batchAt(from + size);
    const outputs = await running;
    const loss = scalarOf(outputs, 'loss');
    progress.firstLoss ??= loss;
    const limit = Math.max(1, progress.firstLoss) * divergenceFactor;
    if (!Number.isFinite(loss) || loss > limit) {
      const shown = Number.isFinite(loss) ? loss : null;
      return outcome({ type: 'diverged', diagnostic: runDiverged(config, progress.step, shown, progress.firstLoss) });
    }
    lossSum += loss * size;
    const hits = form.task === 'regression' ? null : scalarOf(outputs, 'correct');
    correct += hits ?? 0;
    seen += size;
    answers += asked;
    await letMessagesIn();
    const measured = size / Math.max(1e-6, (clock() - startedMs) / 1000);
    progress.speed = progress.speed === 0 ? measured : progress.speed + speedSmoothing * (measured - progress.speed);
    const samplesLeft = train.count - seen + (config.epochs - epoch) * train.count;
    log.add({
      type: 'step',
      epoch,
      step: progress.step,
      loss,
      accuracy: hits === null ? null : hits / Math.max(1, asked),
      imagesPerSecond: progress.speed,
      secondsLeft: samplesLeft / progress.speed + (config.epochs - epoch + 1) * progress.evaluationSeconds,
    });
  }
  return outcome(null);
}

/** Saves weights in the run's folder; when that fails, says so and gives the reason. */
async function keepWeights(run: PreparedRun, dir: string): Promise<string | null> {
  const names = run.program.weights.map(({ name }) => name);
  try {
    const weights = await run.session.read(names);
    if (!areFinite(weights)) return 'They are not all numbers.';
    await saveWeights(dir, names, weights);
    return null;
  } catch (error) {
    return errorText(error);
  }
}

/** Saves at the end of a run, and where the run's folder takes nothing, in the system's folder for temporary files. */
async function keepFinalWeights(run: PreparedRun, options: TrainOptions): Promise<Diagnostic | null> {
  const reason = await keepWeights(run, options.dir);
  if (reason === null) return null;
  const elsewhere = join(tmpdir(), `convloom-${options.runId}`);
  const isKept = (await keepWeights(run, elsewhere)) === null;
  return weightsNotSaved(options.dir, reason, isKept ? elsewhere : null);
}

function announce(run: PreparedRun, { runId, config, log }: TrainOptions): number {
  const { train, validation, info } = run.dataset;
  const baseline = baselineScores(train, validation, run.form, info.classes.length);
  log.add({
    type: 'started',
    runId,
    engine: run.choice.engine.id,
    device: run.choice.status.device,
    epochs: config.epochs,
    stepsPerEpoch: Math.ceil(train.count / config.batchSize),
    trainCount: train.count,
    validationCount: validation.count,
    baseline,
  });
  for (const diagnostic of run.warnings) log.add({ type: 'warning', diagnostic });
  return baseline.accuracy;
}

/**
 * Trains to the end of the last epoch, a stop, or a divergence. Shuffles follow the seed alone, so every engine sees the same
 * batches. Weights are saved at the end of each epoch before it is announced: whoever hears of an epoch can use its weights.
 */
export async function trainRun(run: PreparedRun, options: TrainOptions): Promise<void> {
  const { config, log, clock, dir } = options;
  const { validation, info } = run.dataset;
  const startedMs = clock();
  const baseline = announce(run, options);
  const progress: Progress = { step: 0, firstLoss: null, speed: 0, evaluationSeconds: 0 };
  const seconds = (sinceMs: number): number => (clock() - sinceMs) / 1000;

  const finish = async (reason: 'completed' | 'stopped', isSaved: boolean): Promise<void> => {
    const trouble = isSaved ? null : await keepFinalWeights(run, options);
    if (trouble?.severity === 'error') await log.end({ type: 'failed', diagnostic: trouble });
    else {
      if (trouble !== null) log.add({ type: 'warning', diagnostic: trouble });
      await log.end({ type: 'finished', runDir: dir, seconds: seconds(startedMs), reason });
    }
  };
  for (let epoch = 1; ; epoch++) {
    const epochStartedMs = clock();
    const outcome = await trainEpoch(run, options, epoch, progress);
    if (outcome.end?.type === 'diverged') {
      await log.end({ type: 'failed', diagnostic: outcome.end.diagnostic });
      return;
    }
    if (outcome.end?.type === 'stopped') {
      await finish('stopped', false);
      return;
    }
    const evaluationStartedMs = clock();
    const scores: Scores | null = await evaluateSamples(
      run.session,
      validation,
      run.form,
      config.batchSize,
      options.shouldStop,
    );
    progress.evaluationSeconds = seconds(evaluationStartedMs);
    if (scores === null) {
      await finish('stopped', false);
      return;
    }
    if (!Number.isFinite(scores.loss)) {
      await log.end({
        type: 'failed',
        diagnostic: runDiverged(config, progress.step, null, progress.firstLoss ?? 0),
      });
      return;
    }
    const trouble = await keepWeights(run, dir);
    if (trouble !== null) log.add({ type: 'warning', diagnostic: weightsNotSaved(dir, trouble, null) });
    log.add({
      type: 'epoch',
      epoch,
      loss: outcome.loss,
      valLoss: scores.loss,
      accuracy: outcome.accuracy,
      valAccuracy: scores.accuracy,
      valMeanIou: scores.meanIou,
      seconds: seconds(epochStartedMs),
    });
    if (
      info.task === 'classification' &&
      scores.accuracy !== null &&
      scores.accuracy <= baseline &&
      info.classes.length > 1
    ) {
      log.add({ type: 'warning', diagnostic: notLearning(epoch, scores.accuracy, baseline, config.learningRate) });
    }
    await log.flush();
    if (epoch === config.epochs) {
      await finish('completed', trouble === null);
      return;
    }
  }
}

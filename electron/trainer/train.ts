import { bestNotKept, runDiverged } from '../../shared/diagnostics/catalog/run';
import { lossFingerprint, overFitting } from '../../shared/diagnostics/catalog/traps';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { followPlateau } from '../../shared/schema/schedule';
import type { Plateau } from '../../shared/schema/schedule';
import { samplesPerStep } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import type { BaselineScores, RunEvent, Validating } from '../../shared/training/events';
import { fingerprintOf } from '../../shared/training/fingerprints';
import { followFit } from '../../shared/training/overFitting';
import type { Fit } from '../../shared/training/overFitting';
import { followWatched, hasWaitedEnough, watchedMetric } from '../../shared/training/watching';
import type { Watched, WatchedMetric, WatchReport } from '../../shared/training/watching';
import { epochScores, trainEpoch } from './epoch';
import { baselineScores, evaluateSamples } from './evaluate';
import type { Scores } from './evaluate';
import { diagnoseEpoch } from './idle';
import { locateFault } from './locateFault';
import { createKeeper } from './keeper';
import type { Keeper, KeeperOptions } from './keeper';
import type { PreparedRun } from './prepare';
import { createUsageMeter } from './usage';
import { createLayerWatch } from './watchLayers';
import type { LayerWatch } from './watchLayers';
import { enterNextEpoch, standingOf, startProgress } from './progress';
import type { Progress } from './progress';

type Epoch = Extract<RunEvent, { type: 'epoch' }>;

export type TrainOptions = KeeperOptions & {
  readonly shouldStop: () => boolean;
  /** Hears how far a validation is that takes long. */
  readonly tellValidating?: (validating: Validating) => void;
};

/** How long a run goes on without a checkpoint, unless the one who starts it says otherwise. */
export const defaultCheckpointIntervalMs = 30_000;

/** Says what the run is; the log of one that goes on has it already. Gives the baseline. */
function announce(run: PreparedRun, { runId, config, log }: TrainOptions): BaselineScores {
  const { train, validation, info } = run.dataset;
  const baseline = baselineScores(train, validation, run.form, info.classes.length);
  const started: RunEvent = {
    type: 'started',
    runId,
    engine: run.choice.engine.id,
    device: run.choice.status.device,
    epochs: config.epochs,
    stepsPerEpoch: Math.ceil(train.count / samplesPerStep(config)),
    trainCount: train.count,
    validationCount: validation.count,
    baseline,
    ...(run.start === null ? {} : { from: run.start }),
  };
  if (run.from !== null) {
    log.tell({ ...started, resumed: { epoch: run.from.epoch, step: run.from.step } });
    return baseline;
  }
  log.add(started);
  for (const diagnostic of run.warnings) log.add({ type: 'warning', diagnostic });
  return baseline;
}

function plateauAfter(plateau: Plateau, config: TrainingConfig, validationLoss: number): Plateau {
  return config.schedule === 'plateau' ? followPlateau(plateau, config, validationLoss) : plateau;
}

/** How a run's work ended; `isSaved`: its weights are on disk as they are now. */
type WorkEnd =
  | {
      readonly type: 'ended';
      readonly reason: 'completed' | 'stopped';
      readonly isSaved: boolean;
      readonly isEarly?: true;
    }
  | { readonly type: 'diverged'; readonly diagnostic: Diagnostic };

/** The patience of a run is at its end, and its weights are on disk. */
const earlyEnd = { type: 'ended', reason: 'completed', isSaved: true, isEarly: true } as const;

function fitFacts({ best, trainThen }: Fit, { epoch, loss, valLoss }: Epoch) {
  return { best: best ?? 0, now: valLoss, trainThen, trainNow: loss, epoch };
}

/** Losses that say by their number where they come from; that of equal answers is said where nothing is learned. */
function fingerprints({ program, dataset }: PreparedRun, { epoch, loss, valLoss }: Epoch): readonly Diagnostic[] {
  if (program.loss !== 'crossEntropy') return [];
  const isChance = (value: number): boolean => value < 1.001 * Math.log(Math.max(2, dataset.info.classes.length));
  const told = [loss, valLoss].find((value) => !isChance(value) && fingerprintOf(value, 0) !== null);
  const meaning = told === undefined ? null : fingerprintOf(told, 0);
  return told === undefined || meaning === null ? [] : [lossFingerprint(epoch, told, meaning)];
}

function scoreOf({ loss, accuracy, labels, meanIou, psnr }: Scores, metric: WatchedMetric): number {
  return { loss, accuracy, macroF1: labels?.macroF1, meanIou, psnr }[metric] ?? 0;
}

function watchReport(
  { best, bestEpoch, waited }: Watched,
  metric: WatchedMetric,
  { patience }: TrainingConfig,
): WatchReport {
  return { metric, best: best ?? 0, bestEpoch, patienceLeft: patience === 0 ? null : Math.max(0, patience - waited) };
}

async function work(
  run: PreparedRun,
  options: TrainOptions,
  progress: Progress,
  keeper: Keeper,
  baseline: BaselineScores,
  layerWatch: LayerWatch,
): Promise<WorkEnd> {
  const { config, log, clock } = options;
  const metric = watchedMetric(config, run.form.task) ?? 'loss';
  const meter = createUsageMeter(clock);
  for (;;) {
    if (hasWaitedEnough(progress.watched, config)) return earlyEnd;
    const end = await trainEpoch(run, options, progress, keeper, meter);
    if (end?.type === 'diverged') return end;
    if (end?.type === 'stopped') return { type: 'ended', reason: 'stopped', isSaved: false };
    const evaluatedMs = clock();
    const { validation } = run.dataset;
    const tell = (done: number): void => {
      const usage = meter.readLive();
      if (usage !== null) options.tellValidating?.({ done, total: validation.count, usage });
    };
    const { shouldStop } = options;
    const scores = await evaluateSamples(run.session, validation, run.form, config.batchSize, shouldStop, tell);
    progress.evaluationSeconds = (clock() - evaluatedMs) / 1000;
    if (scores === null) return { type: 'ended', reason: 'stopped', isSaved: false };
    if (!Number.isFinite(scores.loss)) {
      // The weights after the last step are what gives no number: the next step is the one that shows it.
      const fault = await locateFault(run, config, options.dir, progress.step + 1);
      return { type: 'diverged', diagnostic: runDiverged(config, progress.step, null, progress.firstLoss ?? 0, fault) };
    }
    const { epoch } = progress;
    progress.watched = followWatched(progress.watched, metric, scoreOf(scores, metric), epoch);
    const event: Epoch = {
      type: 'epoch',
      epoch,
      ...epochScores(run, progress),
      valLoss: scores.loss,
      valAccuracy: scores.accuracy,
      valMeanIou: scores.meanIou,
      ...(scores.labels === undefined ? {} : { valLabels: scores.labels }),
      ...(scores.psnr === undefined ? {} : { valPsnr: scores.psnr }),
      ...(scores.parts === undefined ? {} : { valLossParts: scores.parts }),
      seconds: standingOf(progress, clock()).epochSeconds,
      watch: watchReport(progress.watched, metric, config),
      usage: meter.read(),
    };
    const found = followFit(progress.fit, { epoch, loss: event.loss, valLoss: event.valLoss });
    const traps = [
      ...fingerprints(run, event),
      ...(found.isOver ? [overFitting(found.fit.bestEpoch, fitFacts(found.fit, event), config)] : []),
    ];
    progress.fit = found.fit;
    const idle = await diagnoseEpoch(run, config, progress, scores, baseline);
    const layers = await layerWatch.look();
    progress.plateau = plateauAfter(progress.plateau, config, scores.loss);
    enterNextEpoch(progress, clock());
    const isBest = progress.watched.bestEpoch === epoch;
    const trouble = await keeper.atEpochEnd(standingOf(progress, clock()), isBest, async () => {
      await log.writeFirst(layers === null ? event : { ...event, layers });
      for (const diagnostic of [...(idle === null ? [] : [idle]), ...traps]) log.add({ type: 'warning', diagnostic });
      await log.flush();
    });
    const isSaved = trouble === null;
    if (epoch >= config.epochs) return { type: 'ended', reason: 'completed', isSaved };
    if (hasWaitedEnough(progress.watched, config)) return { ...earlyEnd, isSaved };
  }
}

/**
 * Trains to the end of the last epoch, a stop, or a divergence, from the start or from where a checkpoint stands. What each step is
 * fed follows the seed alone, so every engine sees the same batches, and a run that goes on is the run that it would have been.
 */
export async function trainRun(run: PreparedRun, options: TrainOptions): Promise<void> {
  const { log, clock, dir } = options;
  const progress = startProgress(run.from, clock());
  const baseline = announce(run, options);
  const keeper = createKeeper(run, options);
  const layerWatch = createLayerWatch(run, options.config);
  const end = await work(run, options, progress, keeper, baseline, layerWatch).finally(async () => {
    await layerWatch.dispose();
    await keeper.idle();
  });
  if (end.type === 'diverged') {
    await log.writeFirst({ type: 'failed', diagnostic: end.diagnostic });
    return;
  }
  const trouble = end.isSaved ? null : await keeper.atEnd(standingOf(progress, clock()));
  if (trouble?.kept === false) {
    await log.writeFirst({ type: 'failed', diagnostic: trouble.diagnostic });
    return;
  }
  if (trouble !== null) log.add({ type: 'warning', diagnostic: trouble.diagnostic });
  const { watched } = progress;
  const lost = options.config.keep === 'best' && watched.bestEpoch > 0 ? await keeper.restoreBest() : null;
  if (lost !== null) log.add({ type: 'warning', diagnostic: bestNotKept(dir, lost) });
  const { seconds } = standingOf(progress, clock());
  const metric = watchedMetric(options.config, run.form.task) ?? 'loss';
  await log.writeFirst({
    type: 'finished',
    runDir: dir,
    seconds,
    reason: end.reason,
    ...(watched.best === null ? {} : { best: { epoch: watched.bestEpoch, metric, score: watched.best } }),
    ...(end.isEarly === true ? { early: { epoch: progress.epoch - 1, patience: options.config.patience } } : {}),
  });
}

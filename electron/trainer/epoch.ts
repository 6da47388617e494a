import { runDiverged } from '../../shared/diagnostics/catalog/run';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { seedFor } from '../../shared/ops/random';
import type { TensorMap } from '../../shared/ops/tensor';
import { strengthsOf } from '../../shared/schema/augmentation';
import { scheduledLearningRate } from '../../shared/schema/schedule';
import { drawChanges } from '../data/augment';
import { shuffledOrder } from '../data/split';
import { answerCount, makeBatch } from './batches';
import { letMessagesIn, scalarOf } from './evaluate';
import type { Keeper } from './keeper';
import type { PreparedRun } from './prepare';
import { standingOf } from './progress';
import type { Progress } from './progress';
import type { TrainOptions } from './train';

/** A loss this many times the first one (or 1, if that is more) is not coming back. */
const divergenceFactor = 1e6;
/** How fast the shown speed follows the measured one. */
const speedSmoothing = 0.1;

/** Why an epoch ended before its last step; null for one that did not. */
export type EpochEnd =
  null | { readonly type: 'stopped' } | { readonly type: 'diverged'; readonly diagnostic: Diagnostic };

/** What one step is fed: a function of the seed, the epoch and the step alone, whenever it is made and on whatever engine. */
function feedMaker(run: PreparedRun, { config }: TrainOptions, { epoch, plateau }: Progress) {
  const { form, program } = run;
  const { train } = run.dataset;
  const order = shuffledOrder(train.count, seedFor(config.seed, `epoch ${epoch}`));
  const stepsPerEpoch = Math.ceil(train.count / config.batchSize);
  const strengths = strengthsOf(config);
  return (from: number, step: number): { readonly size: number; readonly asked: number; readonly feeds: TensorMap } => {
    const indices = order.subarray(from, from + config.batchSize);
    const rate = scheduledLearningRate(config, (step - 1) / (config.epochs * stepsPerEpoch), plateau.share);
    const random = program.randomInputs(step, indices.length);
    const changes = strengths === null ? null : drawChanges(strengths, config.seed, step, indices, form.inputShape);
    const batch = makeBatch(train, indices, form, changes);
    const feeds = { ...batch, ...program.stepInputs(step, rate), ...random };
    return { size: indices.length, asked: answerCount(batch, form), feeds };
  };
}

/** The epoch's mean loss and accuracy over the samples that have been trained on. */
export function epochScores(run: PreparedRun, { seen, lossSum, correct, answers }: Progress) {
  const { form } = run;
  return {
    loss: seen === 0 ? 0 : lossSum / seen,
    accuracy: form.task === 'regression' || seen === 0 ? null : correct / Math.max(1, answers),
  };
}

/** Takes the steps of the epoch under way that are not done yet. */
export async function trainEpoch(
  run: PreparedRun,
  options: TrainOptions,
  progress: Progress,
  keeper: Keeper,
): Promise<EpochEnd> {
  const { config, clock } = options;
  const { form, session } = run;
  const { count } = run.dataset.train;
  const feedAt = feedMaker(run, options, progress);
  let next = progress.seen < count ? feedAt(progress.seen, progress.step + 1) : null;
  while (next !== null) {
    if (options.shouldStop()) return { type: 'stopped' };
    const startedMs = clock();
    const { size, asked, feeds } = next;
    const running = session.run('trainStep', feeds);
    const step = progress.step + 1;
    // Engines that compute on threads of their own do so while the next batch is made.
    next = progress.seen + size < count ? feedAt(progress.seen + size, step + 1) : null;
    const outputs = await running;
    progress.step = step;
    const loss = scalarOf(outputs, 'loss');
    progress.firstLoss ??= loss;
    const limit = Math.max(1, progress.firstLoss) * divergenceFactor;
    if (!Number.isFinite(loss) || loss > limit) {
      const shown = Number.isFinite(loss) ? loss : null;
      return { type: 'diverged', diagnostic: runDiverged(config, step, shown, progress.firstLoss) };
    }
    const hits = form.task === 'regression' ? null : scalarOf(outputs, 'correct');
    progress.lossSum += loss * size;
    progress.correct += hits ?? 0;
    progress.seen += size;
    progress.answers += asked;
    await letMessagesIn();
    const measured = size / Math.max(1e-6, (clock() - startedMs) / 1000);
    progress.speed = progress.speed === 0 ? measured : progress.speed + speedSmoothing * (measured - progress.speed);
    addStep(run, options, progress, loss, hits === null ? null : hits / Math.max(1, asked));
    await keeper.afterStep(standingOf(progress, clock()));
  }
  return null;
}

function addStep(
  run: PreparedRun,
  { config, log }: TrainOptions,
  { step, epoch, seen, speed, evaluationSeconds }: Progress,
  loss: number,
  accuracy: number | null,
): void {
  const { count } = run.dataset.train;
  const samplesLeft = count - seen + (config.epochs - epoch) * count;
  log.add({
    type: 'step',
    epoch,
    step,
    loss,
    accuracy,
    imagesPerSecond: speed,
    secondsLeft: samplesLeft / speed + (config.epochs - epoch + 1) * evaluationSeconds,
  });
}

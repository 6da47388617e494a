import { runDiverged } from '../../shared/diagnostics/catalog/run';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { seedFor } from '../../shared/ops/random';
import { scalarTensor, zeroTensor } from '../../shared/ops/tensor';
import type { TensorMap } from '../../shared/ops/tensor';
import { averageInputs } from '../../shared/compile/averages';
import { strengthsOf } from '../../shared/schema/augmentation';
import { isOfClasses } from '../../shared/schema/data';
import { scheduledLearningRate } from '../../shared/schema/schedule';
import { samplesPerStep } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import type { Usage } from '../../shared/training/events';
import { drawChanges } from '../data/augment';
import { drawMix } from '../data/mixing';
import { shuffledOrder } from '../data/split';
import { answerCount, lossCount, makeBatch, makeTargets, mixBatch } from './batches';
import { letMessagesIn, scalarOf } from './evaluate';
import { locateFault } from './locateFault';
import type { Keeper } from './keeper';
import type { PreparedRun } from './prepare';
import { standingOf } from './progress';
import type { Progress } from './progress';
import type { TrainOptions } from './train';
import type { UsageMeter } from './usage';

/** A loss this many times the first one (or 1, if that is more) is not coming back. */
const divergenceFactor = 1e6;
/** How fast the shown speed follows the measured one. */
const speedSmoothing = 0.1;

/** Why an epoch ended before its last step; null for one that did not. */
export type EpochEnd =
  | null
  | { readonly type: 'stopped' }
  | { readonly type: 'diverged'; readonly diagnostic: Diagnostic };

/** One batch of a step: what it is fed, and what its mean loss counts among the others. */
type FedBatch = { readonly feeds: TensorMap; readonly counted: number; readonly isLast: boolean };

/**
 * What one step is fed; `size` are its samples, `asked` its labels. The batches of a gathered step are made when they are asked for: it
 * may be all data.
 */
type FedStep = {
  readonly size: number;
  readonly asked: number;
  /** The learning rate by which the gradients are followed. */
  readonly rate: number;
  readonly batches: Iterable<FedBatch>;
};

/** What one step is fed: a function of the seed, the epoch and the step alone, whenever it is made and on whatever engine. `rateAt`: other rates than those of the schedule. */
export function feedMaker(
  run: PreparedRun,
  config: TrainingConfig,
  { epoch, plateau }: Pick<Progress, 'epoch' | 'plateau'>,
  rateAt?: (step: number) => number,
) {
  const { form, program, weightsOfClasses } = run;
  const { train } = run.dataset;
  const order = shuffledOrder(train.count, seedFor(config.seed, `epoch ${epoch}`));
  const stepsPerEpoch = Math.ceil(train.count / samplesPerStep(config));
  const strengths = strengthsOf(config);
  return (from: number, step: number): FedStep => {
    const all = order.subarray(from, from + samplesPerStep(config));
    const share = (step - 1) / (config.epochs * stepsPerEpoch);
    const rate = rateAt?.(step) ?? scheduledLearningRate(config, share, plateau.share);
    const stepInputs = program.stepInputs(step, rate);
    const rowsAt = (at: number) => {
      const indices = all.subarray(at, at + config.batchSize);
      const changes = strengths === null ? null : drawChanges(strengths, config.seed, step, indices, form.inputShape);
      return { indices, changes };
    };
    const batchAt = (at: number) => {
      const { indices, changes } = rowsAt(at);
      const random = program.randomInputs(step, { from: at, to: at + indices.length, count: all.length });
      const batch = makeBatch(train, indices, form, changes);
      const mix = drawMix(config, config.seed, step, { from: at, count: indices.length }, form.inputShape);
      return { batch: mix === null ? batch : mixBatch(batch, form, mix), random };
    };
    if (config.accumulate === 1) {
      const { batch, random } = batchAt(0);
      const feeds = { ...batch, ...random, ...stepInputs };
      return {
        size: all.length,
        rate,
        asked: answerCount(batch, form),
        batches: [{ feeds, counted: 1, isLast: true }],
      };
    }
    const parts = Array.from({ length: Math.ceil(all.length / config.batchSize) }, (_, index) => {
      const at = index * config.batchSize;
      const { indices, changes } = rowsAt(at);
      const targets = { y: makeTargets(train, indices, form, changes) };
      const counted = lossCount(targets, form, program.loss, weightsOfClasses);
      return { at, asked: answerCount(targets, form), counted };
    });
    const total = parts.reduce((sum, { counted }) => sum + counted, 0);
    return {
      size: all.length,
      rate,
      asked: parts.reduce((sum, { asked }) => sum + asked, 0),
      batches: {
        *[Symbol.iterator]() {
          for (const [index, { at, counted }] of parts.entries()) {
            const { batch, random } = batchAt(at);
            const isLast = index === parts.length - 1;
            const shared = isLast ? { ...stepInputs, total: scalarTensor(total) } : program.gatherInputs(step);
            yield {
              feeds: { ...batch, ...random, ...shared, counted: scalarTensor(counted) },
              counted: counted / total,
              isLast,
            };
          }
        },
      },
    };
  };
}

/** What a step came to. */
type StepTaken = { readonly loss: number; readonly correct: number };

/** The statistics that the batches of a step move along before its last one. */
async function movingStatistics({ session, program: { program, sums } }: PreparedRun): Promise<TensorMap> {
  const ofSums = new Set(sums.map(({ name }) => name));
  const changed = (program.functions['gatherStep']?.updates ?? []).map(({ variable }) => variable);
  return await session.read(
    changed.filter((name) => !ofSums.has(name)),
    'kept',
  );
}

/** Takes a whole step. */
export async function takeStep(
  run: PreparedRun,
  config: Pick<TrainingConfig, 'emaDecay'>,
  fed: FedStep,
  step: number,
): Promise<StepTaken> {
  const taken = await takeStepUnless(run, config, fed, step, () => false);
  if (taken === null) throw new Error('Nobody asked for a step to end.');
  return taken;
}

/**
 * Takes a step: the gradients of all batches but the last are added up, then all are followed, and the averages follow the weights.
 * `shouldStop` is asked between the batches: where it says so, all is put back as it was before the step, and null says that there was none.
 */
async function takeStepUnless(
  run: PreparedRun,
  { emaDecay }: Pick<TrainingConfig, 'emaDecay'>,
  { batches }: FedStep,
  step: number,
  shouldStop: () => boolean,
): Promise<StepTaken | null> {
  const { session, program } = run;
  let before: TensorMap | null = null;
  let loss = 0;
  let correct = 0;
  for (const { feeds, counted, isLast } of batches) {
    if (!isLast) before ??= await movingStatistics(run);
    const outputs = await session.run(isLast ? 'trainStep' : 'gatherStep', feeds);
    loss += counted * scalarOf(outputs, 'loss');
    correct += outputs['correct']?.data[0] ?? 0;
    // A step of all data takes long: messages get in between its batches.
    if (isLast) continue;
    await letMessagesIn();
    if (before === null || !shouldStop()) continue;
    // The sums of gradients are zero between steps.
    const zeros = program.sums.map(({ name, shape }) => [name, zeroTensor(shape)] as const);
    await session.write({ ...Object.fromEntries(zeros), ...before }, 'kept');
    return null;
  }
  if (program.averages.size > 0) await session.run('average', averageInputs(emaDecay, step));
  return { loss, correct };
}

/** The epoch's mean loss and accuracy over the samples that have been trained on. */
export function epochScores(run: PreparedRun, { seen, lossSum, correct, answers }: Progress) {
  const { form } = run;
  return {
    loss: seen === 0 ? 0 : lossSum / seen,
    accuracy: isOfClasses(form.task) && seen > 0 ? correct / Math.max(1, answers) : null,
  };
}

/** Takes the steps of the epoch under way that are not done yet. */
export async function trainEpoch(
  run: PreparedRun,
  options: TrainOptions,
  progress: Progress,
  keeper: Keeper,
  meter: UsageMeter,
): Promise<EpochEnd> {
  const { config, clock } = options;
  const { form } = run;
  const { count } = run.dataset.train;
  const feedAt = feedMaker(run, config, progress);
  let next = progress.seen < count ? feedAt(progress.seen, progress.step + 1) : null;
  while (next !== null) {
    if (options.shouldStop()) return { type: 'stopped' };
    const startedMs = clock();
    const { size, asked, rate } = next;
    const step = progress.step + 1;
    const running = takeStepUnless(run, config, next, step, options.shouldStop);
    // Engines that compute on threads of their own do so while the next batch is made.
    next = progress.seen + size < count ? feedAt(progress.seen + size, step + 1) : null;
    const taken = await running;
    if (taken === null) return { type: 'stopped' };
    const { loss, correct } = taken;
    progress.step = step;
    progress.firstLoss ??= loss;
    const limit = Math.max(1, progress.firstLoss) * divergenceFactor;
    if (!Number.isFinite(loss) || loss > limit) {
      const shown = Number.isFinite(loss) ? loss : null;
      const fault = shown === null ? await locateFault(run, config, options.dir, step) : null;
      return { type: 'diverged', diagnostic: runDiverged(config, step, shown, progress.firstLoss, fault) };
    }
    const hits = isOfClasses(form.task) ? correct : null;
    progress.lossSum += loss * size;
    progress.correct += hits ?? 0;
    progress.seen += size;
    progress.answers += asked;
    await letMessagesIn();
    const measured = size / Math.max(1e-6, (clock() - startedMs) / 1000);
    progress.speed = progress.speed === 0 ? measured : progress.speed + speedSmoothing * (measured - progress.speed);
    const accuracy = hits === null ? null : hits / Math.max(1, asked);
    addStep(run, options, progress, { loss, accuracy, learningRate: rate }, meter.readLive());
    await keeper.afterStep(standingOf(progress, clock()));
  }
  return null;
}

function addStep(
  run: PreparedRun,
  { config, log }: TrainOptions,
  { step, epoch, seen, speed, evaluationSeconds }: Progress,
  {
    loss,
    accuracy,
    learningRate,
  }: { readonly loss: number; readonly accuracy: number | null; readonly learningRate: number },
  usage: Usage | null,
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
    learningRate,
    ...(usage === null ? {} : { usage }),
  });
}

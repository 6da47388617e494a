import { analyzeNetwork } from '../../shared/analysis/analyze';
import { liftFixes } from '../../shared/analysis/fixes/lift';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { compileInference } from '../../shared/compile/compile';
import { initialWeights } from '../../shared/compile/initialWeights';
import { isOneScore } from '../../shared/compile/oneScore';
import { compileProbe } from '../../shared/compile/probe';
import type { ProbeProgram } from '../../shared/compile/probe';
import { notLearning } from '../../shared/diagnostics/catalog/learning';
import type { IdleEpoch } from '../../shared/diagnostics/catalog/learning';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { flatNetwork } from '../../shared/document/expand';
import { hasKernel, hasParam } from '../../shared/layers/traits';
import { indexOfLargest } from '../../shared/ops/tensor';
import type { TensorMap } from '../../shared/ops/tensor';
import { isOfClasses } from '../../shared/schema/data';
import type { Edit } from '../../shared/schema/edits';
import type { TrainingConfig } from '../../shared/schema/training';
import type { BaselineScores } from '../../shared/training/events';
import { fingerprintOf } from '../../shared/training/fingerprints';
import { psnrOf } from '../../shared/training/psnr';
import { explainIdle } from '../../shared/training/whyIdle';
import type { AnswerEvidence, LayerEvidence } from '../../shared/training/whyIdle';
import type { NetworkDocument } from '../../shared/schema/document';
import type { Text } from '../../shared/text';
import type { Samples } from '../data/dataset';
import { makeBatch, pixelScale } from './batches';
import { chanceLoss, diceChanceLoss, labelChanceLoss } from './chance';
import { idleLabels, yesShares } from './idleLabels';
import { epochScores } from './epoch';
import { yesCounts } from '../data/labels';
import { baselineLoss, countAreas, countLabels, scalarOf } from './evaluate';
import type { Scores } from './evaluate';
import { deadShare, readNode, someOf } from './probing';
import type { Measured } from './probing';
import type { PreparedRun } from './prepare';
import type { Progress } from './progress';

/** How many samples are looked at; an image of labels has many answers of its own. */
const sampleCounts = {
  classification: 256,
  'multi-label': 256,
  segmentation: 16,
  regression: 256,
  'image-to-image': 16,
} as const;
const largestProbe = 32;

/** A gain that is no more than this in decibels, two hundredths of an error, is nothing. */
const idleDecibels = 0.09;

/** By run, as a mean over many pictures takes long and does not change. */
const meanPictureErrors = new WeakMap<PreparedRun, number>();

/** The mean squared error of answering the mean picture of the training split for the validation split; values from 0 to 1. */
function meanPictureError(run: PreparedRun): number {
  const { train, validation } = run.dataset;
  const known = meanPictureErrors.get(run) ?? baselineLoss(train, validation) * pixelScale ** 2;
  meanPictureErrors.set(run, known);
  return known;
}

/**
 * Whether an epoch taught nothing: its score is not above what an answer has that looks at nothing, by more than chance would have it in
 * so few samples. Null where something was learned.
 */
function idleEpoch(
  run: PreparedRun,
  config: TrainingConfig,
  epoch: number,
  scores: Scores,
  baseline: BaselineScores,
): IdleEpoch | null {
  const { train, validation, info } = run.dataset;
  // A picture in another style is far from its own pixels, and no worse for it.
  if (run.program.loss === 'perceptual') return null;
  if (info.task === 'image-to-image') {
    const ofMean = psnrOf(meanPictureError(run));
    if (scores.psnr === undefined || scores.psnr > ofMean + idleDecibels) return null;
    return { epoch, measure: 'psnr', score: scores.psnr, baseline: ofMean };
  }
  if (info.task === 'regression') {
    const ofMean = baselineLoss(train, validation);
    const isIdle = scores.loss >= 0.98 * ofMean;
    return isIdle ? { epoch, measure: 'loss', score: scores.loss, baseline: ofMean } : null;
  }
  if (info.task === 'multi-label') return idleLabels(run, config, epoch, scores, baseline);
  if (info.classes.length < 2) return null;
  if (info.task === 'segmentation') {
    if (scores.meanIou === null || baseline.meanIou === null || scores.meanIou > baseline.meanIou + 0.002) return null;
    return { epoch, measure: 'meanIou', score: scores.meanIou, baseline: baseline.meanIou };
  }
  if (scores.accuracy === null) return null;
  const { accuracy } = baseline;
  // Two standard deviations of a count, but never much where samples are few.
  const noise = Math.min(2 * Math.sqrt((accuracy * (1 - accuracy)) / validation.count), 0.05 * (1 - accuracy));
  return scores.accuracy > accuracy + noise
    ? null
    : { epoch, measure: 'accuracy', score: scores.accuracy, baseline: accuracy };
}

/** Says why the epoch that has just been evaluated taught nothing; null where it did. Measures only then, in a session of its own. */
export async function diagnoseEpoch(
  run: PreparedRun,
  config: TrainingConfig,
  progress: Progress,
  scores: Scores,
  baseline: BaselineScores,
): Promise<Diagnostic | null> {
  const idle = idleEpoch(run, config, progress.epoch, scores, baseline);
  if (idle === null) return null;
  try {
    const found = await measure(run, config, progress, {
      ...idle,
      fingerprint: fingerprintOfEpoch(run, progress, scores),
    });
    return liftFixes(run.document, [found])[0] ?? found;
  } catch {
    // The run goes on whatever becomes of a look at it: an engine may lack the memory for a second session.
    return notLearning(idle);
  }
}

/** What the loss says by its number: of the validation, or of the epoch's training. */
function fingerprintOfEpoch(run: PreparedRun, progress: Progress, { loss }: Scores): Text | null {
  if (run.program.loss !== 'crossEntropy') return null;
  const { length } = run.dataset.info.classes;
  return fingerprintOf(loss, length) ?? fingerprintOf(epochScores(run, progress).loss, length);
}

async function measure(
  run: PreparedRun,
  config: TrainingConfig,
  progress: Progress,
  idle: IdleEpoch,
): Promise<Diagnostic> {
  const { dataset, form, program } = run;
  const { train, validation, info } = dataset;
  const document = flatNetwork(run.document);
  const analysis = analyzeNetwork(document);
  const classCount = info.classes.length;
  const task = { kind: info.task, classCount, hasIgnored: dataset.hasIgnored ?? false };
  const probe = compileProbe(document, analysis, { ...config, task, ...run.comparison });
  if (!probe.ok) return notLearning(idle);
  const weights = await run.session.read(program.weights.map(({ name }) => name));
  const initial = initialWeights(program.weights, config.seed);
  const layers = await probeLayers(run, config, probe.value, analysis, [initial, weights]);
  if (layers === null) return notLearning(idle);
  const { loss, accuracy } = epochScores(run, progress);
  const labelsOf = (samples: Samples): readonly number[] =>
    info.task === 'multi-label'
      ? yesCounts(samples, classCount)
      : isOfClasses(info.task)
        ? countLabels(samples, form, classCount)
        : [];
  const [trained, asked] = [labelsOf(train), labelsOf(validation)];
  const chance = chanceOf(run, config, trained);
  const missing = asked.flatMap((count, label) => (count > 0 && trained[label] === 0 ? [{ count, label }] : []));
  const all = asked.reduce((sum, count) => sum + count, 0);
  return explainIdle({
    idle,
    config,
    steps: progress.step,
    firstLoss: progress.firstLoss ?? loss,
    trainLoss: loss,
    lossNow: await lossOf(run, train),
    trainAccuracy: accuracy,
    chanceLoss: chance.loss,
    chanceAccuracy: chance.accuracy,
    moved: movedShare(run, initial, weights),
    layers,
    batchNorm: smallestNorm(analysis, config.batchSize),
    answers: isOfClasses(info.task)
      ? { training: await answersTo(run, train), validation: await answersTo(run, validation) }
      : null,
    fedToFirst: await inputSize(run, document, analysis, initial),
    missing: {
      classes: missing.map(({ label }) => info.classes[label] ?? String(label)),
      share: missing.reduce((sum, { count }) => sum + count, 0) / Math.max(1, all),
    },
    autoStart: document.nodes.flatMap(({ id, params }): Edit[] =>
      hasParam(analysis.nodes.get(id)?.definition, 'initializer') && (params['initializer'] ?? 'auto') !== 'auto'
        ? [{ type: 'setParams', id, params: {}, unset: ['initializer'] }]
        : [],
    ),
  });
}

function inBatches(indices: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(indices.length / size) }, (_, at) => indices.slice(at * size, (at + 1) * size));
}

/** The measurements of each layer over some batches, at the start and now; null where the engine takes no second program. */
async function probeLayers(
  run: PreparedRun,
  { batchSize }: TrainingConfig,
  { program, nodes, weights: needed, inputs }: ProbeProgram,
  analysis: NetworkAnalysis,
  [initial, now]: readonly [TensorMap, TensorMap],
): Promise<readonly LayerEvidence[] | null> {
  const compiled = await run.choice.engine.compile(program);
  if (!compiled.ok) return null;
  const session = compiled.value;
  const { train, info } = run.dataset;
  const batches = inBatches(someOf(train, sampleCounts[info.task] / 4), Math.min(batchSize, largestProbe));
  const only = (all: TensorMap): TensorMap =>
    Object.fromEntries(needed.flatMap(({ name }) => (all[name] === undefined ? [] : [[name, all[name]]])));
  const look = async (variables: TensorMap): Promise<readonly Measured[]> => {
    const results: Measured[][] = [];
    for (const indices of batches) {
      await session.write(only(variables));
      const feeds = { ...makeBatch(train, indices, run.form), ...inputs(indices.length) };
      const outputs = await session.run('probe', feeds);
      results.push(nodes.map((node) => readNode(node, outputs)));
    }
    return nodes.map((_, at) => combine(results.flatMap((measured) => measured[at] ?? [])));
  };
  try {
    const [start, end] = [await look(initial), await look(now)];
    return nodes.flatMap(({ id }, at): LayerEvidence[] => {
      const [before, after] = [start[at], end[at]];
      if (before === undefined || after === undefined) return [];
      const dead =
        before.largest === null || after.largest === null
          ? null
          : { before: deadShare(before.largest), now: deadShare(after.largest) };
      const { signal } = before;
      return [
        {
          nodeId: id,
          hasKernel: hasKernel(analysis.nodes.get(id)?.definition),
          signal,
          gradient: after.gradient,
          dead,
        },
      ];
    });
  } finally {
    await session.dispose();
  }
}

/** One node over several batches: the largest of each number, so that what is small is small everywhere. */
function combine(measured: readonly Measured[]): Measured {
  const [first] = measured;
  return {
    signal: Math.max(...measured.map(({ signal }) => signal)),
    gradient: first?.gradient == null ? null : Math.max(...measured.map(({ gradient }) => gradient ?? 0)),
    largest: first?.largest?.map((_, unit) => Math.max(...measured.map(({ largest }) => largest?.[unit] ?? 0))) ?? null,
  };
}

/** What comes to the first node with a kernel from some training samples, at the start: its root mean square. */
async function inputSize(
  run: PreparedRun,
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  initial: TensorMap,
): Promise<{ readonly nodeId: string; readonly size: number } | null> {
  const nodeId = analysis.order.find((id) => hasKernel(analysis.nodes.get(id)?.definition));
  const before = document.edges.find(({ to }) => to === nodeId)?.from;
  if (nodeId === undefined || before === undefined) return null;
  const compiled = compileInference(document, analysis, { nodes: [before] });
  if (!compiled.ok) return null;
  const session = await run.choice.engine.compile(compiled.value.program);
  if (!session.ok) return null;
  try {
    const own = compiled.value.weights.flatMap(({ name }) =>
      initial[name] === undefined ? [] : [[name, initial[name]] as const],
    );
    await session.value.write(Object.fromEntries(own));
    const { train, info } = run.dataset;
    const { x } = makeBatch(train, someOf(train, Math.min(largestProbe, sampleCounts[info.task])), run.form);
    const data = (await session.value.run('predict', { x }))[before]?.data ?? [];
    let sum = 0;
    for (const value of data) sum += value ** 2;
    return { nodeId, size: Math.sqrt(sum / Math.max(1, data.length)) };
  } finally {
    await session.value.dispose();
  }
}

/** The way of all trained kernels from where they began, as a share of their length there. */
function movedShare({ program }: PreparedRun, initial: TensorMap, now: TensorMap): number {
  let way = 0;
  let length = 0;
  for (const { name, shape, trainable } of program.weights) {
    if (!trainable || shape.length < 2) continue;
    const [before, after] = [initial[name]?.data, now[name]?.data];
    before?.forEach((value, at) => {
      way += ((after?.[at] ?? value) - value) ** 2;
      length += value ** 2;
    });
  }
  return length === 0 ? 1 : Math.sqrt(way / length);
}

/** What an answer scores on the training samples that knows how often each label comes, and nothing else. */
function chanceOf(
  { dataset, form, program: { loss } }: PreparedRun,
  config: TrainingConfig,
  counts: readonly number[],
): { loss: number; accuracy: number | null } {
  if (dataset.info.task === 'multi-label' && loss !== 'perceptual') {
    const shares = yesShares(dataset.train, dataset);
    return { loss: labelChanceLoss(loss, shares, shares, config), accuracy: null };
  }
  if (!isOfClasses(dataset.info.task) || loss === 'perceptual') {
    const scale = dataset.info.task === 'image-to-image' ? pixelScale ** 2 : 1;
    return { loss: baselineLoss(dataset.train, dataset.train) * scale, accuracy: null };
  }
  const total = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  const shares = counts.map((count) => count / total);
  const accuracy = Math.max(...shares);
  if (loss !== 'dice') return { loss: chanceLoss(loss, shares, config), accuracy };
  const ofThing = isOneScore({ kind: dataset.info.task, classCount: counts.length }, form.outputShape);
  return { loss: diceChanceLoss(countAreas(dataset.train, form, counts.length), ofThing), accuracy };
}

function smallestNorm({ order, nodes }: NetworkAnalysis, batchSize: number): { nodeId: string; values: number } | null {
  const norms = order.flatMap((nodeId) => {
    const node = nodes.get(nodeId);
    if (node?.definition?.traits.normalizesBatch !== true || node.params?.['trainable'] === false) return [];
    const positions = (node.outputShape ?? []).slice(0, -1).reduce<number>((count, size) => count * (size ?? 1), 1);
    return [{ nodeId, values: batchSize * positions }];
  });
  return norms.reduce<(typeof norms)[number] | null>(
    (least, norm) => (least === null || norm.values < least.values ? norm : least),
    null,
  );
}

/** The mean loss of some samples, as the network is used. */
async function lossOf(run: PreparedRun, samples: Samples): Promise<number> {
  const indices = someOf(samples, sampleCounts[run.dataset.info.task]);
  let sum = 0;
  for (const batch of inBatches(indices, largestProbe)) {
    sum += scalarOf(await run.session.run('evaluate', makeBatch(samples, batch, run.form)), 'lossSum');
  }
  return sum / Math.max(1, indices.length);
}

/** How the network as it is used answers some samples of a split. */
async function answersTo(run: PreparedRun, samples: Samples): Promise<AnswerEvidence> {
  const { classes, task } = run.dataset.info;
  const met = classes.map(() => classes.map(() => 0));
  for (const indices of inBatches(someOf(samples, sampleCounts[task]), largestProbe)) {
    const { x, y } = makeBatch(samples, indices, run.form);
    const { scores } = await run.session.run('predict', { x });
    y.data.forEach((label, at) => {
      const answer = indexOfLargest(scores?.data ?? [], at * classes.length, classes.length);
      const row = met[answer];
      // A label beyond the classes is that of a pixel without one.
      if (row?.[label] !== undefined) row[label] += 1;
    });
  }
  return summarize(met, classes);
}

/** `met[answer][label]`: how often the two came together. */
function summarize(met: readonly (readonly number[])[], classes: readonly string[]): AnswerEvidence {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const total = Math.max(1, sum(met.map(sum)));
  const given = met.map(sum);
  const commonest = indexOfLargest(given);
  const best = met.map((row) => indexOfLargest(row));
  const shifts = new Set(
    best.flatMap((label, answer) =>
      (given[answer] ?? 0) === 0 ? [] : [(label - answer + classes.length) % classes.length],
    ),
  );
  const [shift = 0] = shifts;
  return {
    accuracy: sum(met.map((row, answer) => row[answer] ?? 0)) / total,
    commonest: {
      name: classes[commonest] ?? String(commonest),
      answered: (given[commonest] ?? 0) / total,
      share: sum(met.map((row) => row[commonest] ?? 0)) / total,
    },
    renamed: {
      accuracy: sum(met.map((row) => Math.max(0, ...row))) / total,
      shift: shifts.size === 1 && shift !== 0 ? (shift > classes.length / 2 ? shift - classes.length : shift) : null,
    },
  };
}

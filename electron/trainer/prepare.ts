import { chooseOutput } from '../../shared/compile/checks';
import { closeInputs } from '../../shared/compile/openSizes';
import { checkTraining, taskOf } from '../../shared/compile/trainingChecks';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { labelsCropped } from '../../shared/diagnostics/catalog/data';
import { augmentNeedsPictures, nothingCarried, scoreNotThere } from '../../shared/diagnostics/catalog/training';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import type { Shape } from '../../shared/layers/define';
import { compileTraining } from '../../shared/compile/compile';
import type { TrainingProgram } from '../../shared/compile/compile';
import { initialWeights } from '../../shared/compile/initialWeights';
import { networkWeights, restingWeights } from '../../shared/compile/networkWeights';
import { zeroTensor } from '../../shared/ops/tensor';
import type { FloatTensors } from '../../shared/ops/tensor';
import { formatShape, text } from '../../shared/text';
import { augmentationNames, strengthsOf } from '../../shared/schema/augmentation';
import { isOfTable } from '../../shared/schema/data';
import { readingOf, trainingFields } from '../../shared/schema/training';
import type { SettledPrecision, TrainingConfig } from '../../shared/schema/training';
import { carryWeights } from '../../shared/training/carryWeights';
import type { StartReport } from '../../shared/training/carryWeights';
import { checkSettings } from '../../shared/training/checkSettings';
import { isStyled } from '../../shared/training/lossParts';
import { watchedMetric } from '../../shared/training/watching';
import type { BatchForm } from './batches';
import { checkClassWeights, classWeightsFor } from './classWeights';
import type { Dataset, OnProgress, OpenOptions, WantedInput } from '../data/dataset';
import { openData } from '../data/open';
import { chooseEngine } from '../engines';
import type { EngineChoice } from '../engines';
import type { EngineSession, TensorMap } from '../engines/engine';
import { settlePrecision } from '../engines/precision';
import { settleRecompute } from '../engines/recompute';
import type { CheckpointState, DataFingerprint } from '../files/checkpoint';
import { readModel } from '../files/models';
import { dataTraps } from './dataTraps';
import { fingerprintOf } from './fingerprint';
import { readComparison } from './perceptual';
import type { Comparison } from './perceptual';
import type { StartSource } from './protocol';
import { checkSameData, checkSameNetwork, precisionSince, readResumable, savedVariables } from './resume';
import type { ResumedRun } from './resume';

/** A run that is ready for its first step. */
export type PreparedRun = {
  readonly document: NetworkDocument;
  readonly dataset: Dataset;
  readonly form: BatchForm;
  readonly program: TrainingProgram;
  /** What each class counts in the loss; absent where all count the same. */
  readonly weightsOfClasses?: readonly number[];
  /** By what pictures are compared under the perceptual loss; empty under another. */
  readonly comparison: Comparison;
  /** Weights that the trained output does not need. They stay as they start, and are part of the model all the same. */
  readonly resting: FloatTensors;
  readonly choice: EngineChoice;
  /** What the products of its steps are computed in. */
  readonly precision: SettledPrecision;
  readonly session: EngineSession;
  /** What is remembered of the data, for checkpoints. */
  readonly fingerprint: DataFingerprint;
  /** Where the run goes on from; null for a new one. The session holds its variables already. */
  readonly from: CheckpointState | null;
  /** What it took over of other weights; null for a run that starts by its seed alone, or goes on. */
  readonly start: StartReport | null;
  readonly warnings: readonly Diagnostic[];
};

/** What the network's input asks for; null when that is not clear, and the analysis will say why. */
export function wantedInput(analysis: NetworkAnalysis): { readonly shape: Shape } | null {
  const [input] = analysis.inputs;
  const shape = input === undefined ? null : (analysis.nodes.get(input)?.outputShape ?? null);
  return shape === null ? null : { shape };
}

/** What a network asks of its data: its input, or the one that it was trained at, and what it gives where that is a picture. */
export function wantedOf(
  analysis: NetworkAnalysis,
  { output: named }: Pick<TrainingConfig, 'output'>,
  inputShape: Shape | undefined,
): WantedInput {
  const shape = inputShape ?? wantedInput(analysis)?.shape;
  if (shape === undefined) return null;
  const output = chooseOutput(analysis, named);
  const answer = output.ok ? analysis.nodes.get(output.value)?.outputShape : undefined;
  return answer?.length === 3 ? { shape, targetChannels: answer[2] ?? null } : { shape };
}

/** How the data's targets meet the network's output. */
export function batchForm(dataset: Dataset, outputShape: readonly (number | null)[]): BatchForm {
  return {
    task: dataset.info.task,
    inputShape: dataset.info.inputShape,
    targetShape: dataset.targetShape,
    outputShape: outputShape.map((size) => size ?? 1),
    hasIgnored: dataset.hasIgnored ?? false,
  };
}

/** Says so when labels are cut to the output's size. */
function cropWarning({ task, targetShape, outputShape }: BatchForm): readonly Diagnostic[] {
  const output = outputShape.slice(0, 2);
  const isCropped = task === 'segmentation' && output.some((size, axis) => size < (targetShape[axis] ?? 0));
  return isCropped ? [labelsCropped(formatShape(targetShape), formatShape(output))] : [];
}

/** Refuses to change pictures where there are none. */
function checkAugmentation({ info, scaling }: Dataset, config: TrainingConfig): Diagnostic | null {
  if (strengthsOf(config) === null || (info.inputShape.length === 3 && !isOfTable(scaling))) return null;
  const leave = { type: 'setTraining', train: {}, unset: ['augment', ...augmentationNames] } as const;
  const title = text('Train without augmentation', '不使用数据增强训练');
  return augmentNeedsPictures(formatShape(info.inputShape), [{ title, edits: [leave] }]);
}

/** Refuses to watch a score that there is not. */
function checkWatched({ info }: Dataset, config: TrainingConfig): Diagnostic | null {
  if (watchedMetric(config, info.task) !== null) return null;
  const choice = trainingFields.watch.choices.find(({ value }) => value === config.watch);
  return scoreNotThere(choice?.label ?? trainingFields.watch.label);
}

/** Gives the session its starting point: seeded weights, in their place those that are `given`, and zeros for the optimizer. */
export async function writeInitialState(
  session: EngineSession,
  program: TrainingProgram,
  seed: number,
  given: FloatTensors = {},
): Promise<void> {
  const slots: TensorMap = Object.fromEntries(program.slots.map(({ name, shape }) => [name, zeroTensor(shape)]));
  const own: FloatTensors = Object.fromEntries(
    Object.entries(given).filter(([name]) => program.weights.some((one) => one.name === name)),
  );
  const weights: FloatTensors = { ...initialWeights(program.weights, seed), ...own };
  const averages = Object.fromEntries(
    [...program.averages].flatMap(([name, average]) => (weights[name] === undefined ? [] : [[average, weights[name]]])),
  );
  await session.write({ ...weights, ...averages, ...slots });
}

/** Reads the weights that a run starts from, and sets them beside those of the network. */
async function readStart(
  source: StartSource,
  document: NetworkDocument,
  analysis: NetworkAnalysis,
): Promise<Result<{ readonly weights: FloatTensors; readonly report: StartReport }>> {
  const model = await readModel(source.path);
  if (!model.ok) return model;
  const carried = carryWeights(source.name, networkWeights(document, analysis), model.value.weights);
  return carried.report.carried.length === 0 ? failure(nothingCarried(carried.report)) : success(carried);
}

/** A network and the data that it is to be trained on, found to fit. */
type Fitted = Pick<PreparedRun, 'document' | 'dataset' | 'fingerprint'> & {
  readonly analysis: NetworkAnalysis;
  readonly findings: readonly Diagnostic[];
};

/** Opens the data as the network and its loss are to learn them; a run that goes on has them read as they were. */
async function openFor(
  analysis: NetworkAnalysis,
  config: TrainingConfig,
  resumed: ResumedRun | null,
  onProgress: OnProgress | undefined,
): Promise<Result<Dataset>> {
  const progress = onProgress === undefined ? {} : { onProgress };
  const reading = readingOf(config);
  const options: OpenOptions = {
    wanted: wantedOf(analysis, config, undefined),
    infoOnly: false,
    reading,
    ...progress,
  };
  if (resumed?.readAs != null) return await openData(config.data, { ...options, readAs: resumed.readAs });
  const opened = await openData(config.data, options);
  if (!opened.ok || taskOf(analysis, opened.value.info, config) === opened.value.info.task) return opened;
  return await openData(config.data, { ...options, task: taskOf(analysis, opened.value.info, config) });
}

async function fitData(
  document: NetworkDocument,
  config: TrainingConfig,
  resumed: ResumedRun | null,
  onProgress: OnProgress | undefined,
): Promise<Result<Fitted>> {
  const settings = checkSettings(config);
  if (settings.length > 0) return failure(...settings);
  const firstLook = analyzeNetwork(document);
  const opened = await openFor(firstLook, config, resumed, onProgress);
  if (!opened.ok) return opened;
  const dataset = opened.value;
  const fingerprint = fingerprintOf(dataset);
  // Before anything else that other data bring about: that they are others is the cause.
  const changed = resumed === null ? null : checkSameData(resumed, fingerprint);
  if (changed !== null) return failure(changed);
  const refused =
    checkAugmentation(dataset, config) ?? checkWatched(dataset, config) ?? checkClassWeights(config, dataset);
  if (refused !== null) return failure(refused);
  // An engine compiles known sizes only.
  const { document: closed, analysis } = closeInputs(document, firstLook, dataset.info.inputShape);
  const findings = checkTraining(closed, analysis, dataset.info, config);
  if (findings.some(({ severity }) => severity === 'error')) return failure(...findings);
  return success({ document: closed, dataset, fingerprint, analysis, findings });
}

/** Where a run begins: at the checkpoint in a folder, from the weights of a model, or by its seed. */
export type RunBeginning = { readonly resumeDir?: string | null; readonly start?: StartSource | null };

/**
 * Opens the data, checks that it and the network fit, compiles, and loads the engine, for a new run, or for one that goes on from the
 * checkpoint in `resumeDir`. Every refusal is a diagnostic.
 */
export async function prepareRun(
  document: NetworkDocument,
  config: TrainingConfig,
  { resumeDir = null, start = null }: RunBeginning = {},
  onProgress?: OnProgress,
): Promise<Result<PreparedRun>> {
  const read = resumeDir === null ? null : await readResumable(resumeDir);
  if (read?.ok === false) return read;
  const resumed = read?.value ?? null;
  const fitted = await fitData(document, config, resumed, onProgress);
  if (!fitted.ok) return fitted;
  const { analysis, findings, ...given } = fitted.value;
  const { classes, task } = given.dataset.info;
  const { hasIgnored = false } = given.dataset;
  const output = chooseOutput(analysis, config.output);
  if (!output.ok) return output;
  const outputShape = analysis.nodes.get(output.value)?.outputShape ?? [];
  const form = { ...batchForm(given.dataset, outputShape), isStyled: isStyled(config) };
  const weightsOfClasses = classWeightsFor(config, given.dataset, form);
  const compared = await readComparison(config, form.outputShape);
  if (!compared.ok) return compared;
  const comparison = compared.value;
  const options = {
    ...config,
    task: { kind: task, classCount: classes.length, hasIgnored },
    ...weightsOfClasses,
    ...comparison,
  };
  const choice = await chooseEngine(resumed?.state.engine ?? config.engine);
  if (!choice.ok) return choice;
  // A run that goes on computes as it did.
  const settled = await settlePrecision(choice.value, resumed === null ? config.precision : precisionSince(resumed));
  if (!settled.ok) return settled;
  const { precision, note } = settled.value;
  const compiled = compileTraining(given.document, analysis, options, precision);
  if (!compiled.ok) return compiled;
  const memory = settleRecompute(choice.value, compiled.value.program, config);
  const program = { ...compiled.value, program: memory.program };
  const misfit = resumed === null ? null : checkSameNetwork(resumed, program);
  if (misfit !== null) return failure(misfit);
  const begun = resumed !== null || start === null ? null : await readStart(start, given.document, analysis);
  if (begun?.ok === false) return begun;
  const carried = begun?.value.weights ?? {};
  const session = await choice.value.engine.compile(program.program);
  if (!session.ok) return session;
  if (resumed === null) await writeInitialState(session.value, program, config.seed, carried);
  else await session.value.write(savedVariables(resumed, program), 'kept');
  const trained = program.weights.map(({ name }) => name);
  const untrained = restingWeights(given.document, analysis, trained, config.seed);
  const resting = Object.fromEntries(Object.entries(untrained).map(([name, own]) => [name, carried[name] ?? own]));
  const from = resumed?.state ?? null;
  const traps = resumed === null ? dataTraps(given.dataset, analysis, config) : [];
  const warnings = [
    ...[note, memory.note].filter((said) => said !== null),
    ...given.dataset.info.warnings,
    ...findings,
    ...cropWarning(form),
    ...traps,
  ];
  const report = begun?.value.report ?? null;
  return success({
    ...given,
    form,
    program,
    ...weightsOfClasses,
    comparison,
    resting,
    choice: choice.value,
    precision,
    session: session.value,
    from,
    start: report,
    warnings,
  });
}

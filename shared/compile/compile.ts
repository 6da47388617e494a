import type { NetworkAnalysis } from '../analysis/types';
import { lossNetworkMissing } from '../diagnostics/catalog/perceptual';
import { notOneInput } from '../diagnostics/catalog/training';
import { failure, success } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import { liftFixes } from '../analysis/fixes/lift';
import { flatNetwork } from '../document/expand';
import { isOfClasses, isOfWholePictures } from '../schema/data';
import type { NetworkDocument } from '../schema/document';
import type { Shape } from '../layers/define';
import type { SettledPrecision, TrainingConfig } from '../schema/training';
import type { FunctionBuilder, Value } from '../ops/builder';
import {
  checkKnownSizes,
  checkNoErrors,
  checkRunnable,
  checkSameSize,
  checkTask,
  checkWanted,
  chooseOutput,
  firstFailure,
} from './checks';
import { createOpBuilder } from '../ops/createOpBuilder';
import { differentiate } from '../ops/differentiate';
import { inPrecision } from '../ops/precision';
import type { OpFunction, OpShape, Program, VariableSpec } from '../ops/graph';
import { countedLabels, logitsOf, lossFor, lossTerms, meanLoss, scoresFor, summedLoss } from './losses';
import type { Loss, LossOptions, TrainingTask } from './losses';
import { ancestorsOf, lowerNetwork } from './lowering';
import type { NamedWeight } from './lowering';
import { correctCount, intersectionAndUnion } from './metrics';
import { bothClasses, taskFor } from './oneScore';
import { perceptualParts } from './perceptual';
import type { PartsOver } from './perceptual';
import { closeOpenSizes } from './openSizes';
import type { ClosedNetwork, InputShapes } from './openSizes';
import { weightedOutputs } from './weightedOutputs';
import type { WeightedOutput } from './weightedOutputs';
import { randomInputs } from './randomInputs';
import type { BatchRows } from './randomInputs';
import { warmUp, warmUpInput } from '../ops/warmUp';
import { averageName, averageVariable, buildAverage, readingInstead } from './averages';
import { gatheredGradients, gatherGradients, isGathering, sumVariable } from './gathering';
import { byShare, hasPairedLabels } from './mixing';
import { addOptimizerUpdates, optimizerSlots, optimizerStepInputs } from './optimizers';
import type { OptimizerConfig } from './optimizers';
import { scalarTensor } from '../ops/tensor';
import type { FloatTensors } from '../ops/tensor';

/** What decides a training program; a whole {@link TrainingConfig} with its task will do. */
export type TrainingOptions = Pick<
  TrainingConfig,
  'optimizer' | 'learningRate' | 'momentum' | 'loss' | 'seed' | 'output'
> &
  OptimizerConfig &
  LossOptions &
  Partial<Pick<TrainingConfig, 'accumulate' | 'emaDecay' | 'outputWeights' | 'mixup' | 'cutmix'>> & {
    readonly task: TrainingTask;
  };

/**
 * A network compiled for training.
 * - `trainStep` (x, y, {@link TrainingProgram.stepInputs}, and {@link TrainingProgram.randomInputs}) -> `loss` (mean), and `correct` for class tasks; updates the weights.
 *   Of a perceptual loss, here and from `evaluate`, also those of its parts that there are: `content`, `style`, `variation`.
 *   Where batches of classes are mixed, both learning steps take `other` and `share`, too (see mixing.ts), and `correct` is by shares.
 * - `gatherStep`, where several batches make a step: (x, y, `counted`, random inputs) -> `loss`, `correct`; adds up gradients. `trainStep` then
 *   takes `counted` of its own batch and `total` of all, and follows the mean.
 * - `average`, where weights are averaged: (`decay`) follows the weights; `evaluate` and `predict` are by the average.
 * - `evaluate` (x, y) -> `lossSum` (per-sample losses added up), `correct`; per pixel also `intersection` and `union` [classes]; for
 *   multi-label `scores` instead, as `predict` gives them.
 * - `predict` (x) -> `scores` (probabilities where the loss is of such, else the output as it is) and `output` (the output node's own value).
 *
 * x is float32 [batch, ...input shape]; y is int32 [batch] for classification, int32 [batch, height, width] for segmentation (of
 * the output: where that is smaller than the image, the labels are cropped to its middle before they are fed), float32
 * [batch, classes] of 0 and 1 for multi-label, and float32 [batch, ...output shape] for regression.
 */
export type TrainingProgram = {
  readonly program: Program;
  readonly weights: readonly NamedWeight[];
  /** The optimizer's variables and {@link TrainingProgram.sums}; all start at zero. */
  readonly slots: readonly VariableSpec[];
  /** The sums of gradients, where several batches make a step; zero between steps. */
  readonly sums: readonly VariableSpec[];
  /** By the name of each averaged weight the variable of its average, which starts as the weight does; empty where none is. */
  readonly averages: ReadonlyMap<string, string>;
  /** The scalars to feed `trainStep` with at `step`, counted from 1 over the whole run; `learningRate` is a schedule's. */
  readonly stepInputs: (step: number, learningRate?: number) => FloatTensors;
  /** The scalars to feed `gatherStep` with at `step`, besides `counted`. */
  readonly gatherInputs: (step: number) => FloatTensors;
  /** The random numbers to feed `trainStep` with at `step` for a batch of this size: a function of the seed and these alone. */
  readonly randomInputs: (step: number, rows: number | BatchRows) => FloatTensors;
  readonly inputNode: string;
  readonly outputNode: string;
  readonly loss: Loss;
};

/** What the functions of one training program have in common. `document` is the flat network. */
export type TrainingPlan = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly options: TrainingOptions;
  readonly loss: Loss;
  readonly order: readonly string[];
  readonly inputNode: string;
  readonly inputShape: readonly number[];
  readonly outputNode: string;
  readonly outputShape: readonly number[];
  /** What the loss of the trained output counts, and further ones that are trained along with it. */
  readonly mainWeight: number;
  readonly others: readonly WeightedOutput[];
};

/**
 * Compiles a network, its loss and its optimizer into one program, or says why it cannot be trained. `precision`: what the products of
 * its steps are computed in; evaluation and predictions are in float32.
 */
export function compileTraining(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  options: TrainingOptions,
  precision: SettledPrecision = 'float32',
): Result<TrainingProgram> {
  const planned = planTraining(document, analysis, options);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const { weights, ...steps } = buildSteps(plan, precision);
  const { trainStep } = steps;
  const trained = weights.filter((weight) => weight.trainable);
  const sums = isGathering(options) ? trained.map(({ name, shape }) => sumVariable(name, shape)) : [];
  const slots = [...optimizerSlots(options.optimizer, trained), ...sums];
  const averaged = (options.emaDecay ?? 0) > 0 ? trained : [];
  const averages = new Map(averaged.map(({ name }) => [name, averageName(name)]));
  const hasWarmUp = trainStep.inputs.some(({ name }) => name === warmUpInput);
  const warmUpAt = (step: number): FloatTensors => (hasWarmUp ? { [warmUpInput]: scalarTensor(warmUp(step)) } : {});
  return success({
    program: {
      variables: [...weights.map(weightVariable), ...slots, ...averaged.map(averageVariable)],
      functions: {
        ...steps,
        ...(averages.size === 0 ? {} : { average: buildAverage(averaged) }),
        evaluate: readingInstead(buildEvaluate(plan), averages),
        predict: readingInstead(buildPredict(plan), averages),
      },
    },
    weights,
    slots,
    sums,
    averages,
    stepInputs: (step, learningRate) => ({
      ...optimizerStepInputs(options, step, learningRate),
      ...warmUpAt(step),
    }),
    gatherInputs: warmUpAt,
    randomInputs: (step, rows) => randomInputs(trainStep, options.seed, step, rows),
    inputNode: plan.inputNode,
    outputNode: plan.outputNode,
    loss: plan.loss,
  });
}

/** What a network is trained as, or why it cannot be. */
export function planTraining(
  source: NetworkDocument,
  analysis: NetworkAnalysis,
  asked: TrainingOptions,
): Result<TrainingPlan> {
  const chosen = firstFailure(checkNoErrors(analysis)) ?? chooseOutput(analysis, asked.output);
  if (!chosen.ok) return chosen;
  const document = flatNetwork(source);
  const outputNode = chosen.value;
  const options = { ...asked, task: taskFor(asked.task, analysis.nodes.get(outputNode)?.outputShape ?? []) };
  const along = weightedOutputs(analysis, options.outputWeights, outputNode);
  if (!along.ok) return along;
  const { mainWeight, others } = along.value;
  const trained = [outputNode, ...others.map(({ nodeId }) => nodeId)];
  const order = ancestorsOf(document, analysis, trained);
  const inputs = analysis.inputs.filter((id) => order.includes(id));
  const [inputNode] = inputs;
  if (inputNode === undefined || inputs.length > 1) return failure(notOneInput(outputNode, inputs));
  const loss = lossFor(options.task, options.loss);
  const problem =
    firstFailure(checkRunnable(analysis, order)) ??
    firstFailure(checkKnownSizes(analysis, order)) ??
    trained
      .map((one) =>
        firstFailure(
          liftFixes(source, checkTask(document, analysis, { task: options.task, loss, inputNode, outputNode: one })),
        ),
      )
      .find((found) => found !== undefined) ??
    firstFailure(checkSameSize(analysis, options.task, trained));
  if (problem !== undefined) return problem;
  if (loss === 'perceptual' && options.perceptual === undefined) return failure(lossNetworkMissing());
  const inputShape = knownShapeOf(analysis, inputNode);
  const outputShape = knownShapeOf(analysis, outputNode);
  const nodes = { inputNode, inputShape, outputNode, outputShape };
  return success({ document, analysis, options, loss, order, ...nodes, mainWeight, others });
}

/** The shape of a node's output whose sizes were checked to be known. */
export function knownShapeOf(analysis: NetworkAnalysis, id: string): readonly number[] {
  const shape: Shape = analysis.nodes.get(id)?.outputShape ?? [];
  return shape.map((size) => {
    if (size === null) throw new Error(`Compile: the size of node "${id}" was checked to be known.`);
    return size;
  });
}

/** The variable of a weight. */
export function weightVariable(weight: NamedWeight): VariableSpec {
  return { name: weight.name, shape: weight.shape, dtype: 'float32' };
}

/** Lowers the network on a fresh input `x`; `answer` is the output with one vector of scores per image or pixel. */
export function lowerFor(plan: TrainingPlan, ops: FunctionBuilder, mode: 'train' | 'infer') {
  const x = ops.input('x', ['batch', ...plan.inputShape]);
  const inputs = new Map([[plan.inputNode, x]]);
  const lowered = lowerNetwork(plan.document, plan.analysis, ops, mode, { order: plan.order, inputs });
  const output = lowered.values.get(plan.outputNode);
  if (output === undefined) throw new Error(`Compile: output "${plan.outputNode}" was not lowered.`);
  return { ...lowered, output, answer: answerOf(plan, ops, output) };
}

/** A fully convolutional head gives 1x1 images of scores: the same numbers, one vector per image. One score of pixels is those of two classes. */
function answerOf({ options, loss }: TrainingPlan, ops: FunctionBuilder, output: Value): Value {
  const { kind, classCount, hasOneScore } = options.task;
  if (hasOneScore === true) return bothClasses(ops, loss, output);
  return isOfWholePictures(kind) ? ops.reshape(output, ['batch', classCount]) : output;
}

/** The mean loss of what is trained: of one output, or of several by their weights. */
export function trainedLoss(
  plan: TrainingPlan,
  ops: FunctionBuilder,
  values: ReadonlyMap<string, Value>,
  y: Value,
): Value {
  const { options, loss, outputNode, mainWeight, others } = plan;
  const lossOf = (nodeId: string): Value => {
    const output = values.get(nodeId);
    if (output === undefined) throw new Error(`Compile: output "${nodeId}" was not lowered.`);
    return meanLoss(ops, lossTerms(ops, { ...options, loss }, answerOf(plan, ops, output), y));
  };
  const main = lossOf(outputNode);
  const start = mainWeight === 1 ? main : ops.mul(mainWeight, main);
  return others.reduce((sum, { nodeId, weight }) => ops.add(sum, ops.mul(weight, lossOf(nodeId))), start);
}

/** What the answer is compared with. */
export function labelInput(plan: TrainingPlan, ops: FunctionBuilder, name = 'y'): Value {
  const { kind, classCount } = plan.options.task;
  if (kind === 'multi-label') return ops.input(name, ['batch', classCount]);
  if (!isOfClasses(kind)) return ops.input(name, ['batch', ...plan.outputShape]);
  const shape: OpShape = kind === 'segmentation' ? ['batch', ...plan.outputShape.slice(0, 2)] : ['batch'];
  return ops.input(name, shape, 'int32');
}

/** How the labels of a batch come to one number: by themselves, or by the shares of those that were mixed. */
function labelsOf(plan: TrainingPlan, ops: FunctionBuilder): (of: (labels: Value) => Value) => Value {
  const y = labelInput(plan, ops);
  if (!hasPairedLabels(plan.options)) return (of) => of(y);
  const pair = { other: labelInput(plan, ops, 'other'), share: ops.input('share', []) };
  return (of) => byShare(ops, pair, y, of);
}

type Steps = { readonly trainStep: OpFunction; readonly gatherStep?: OpFunction };

/** The functions that learn from a batch: one that follows its gradient, and one that only adds it up where several make a step. */
function buildSteps(
  plan: TrainingPlan,
  precision: SettledPrecision,
): Steps & { readonly weights: readonly NamedWeight[] } {
  const built = buildStep(plan, isGathering(plan.options) ? 'last' : 'only');
  const trainStep = inPrecision(built.step, precision);
  if (!isGathering(plan.options)) return { trainStep, weights: built.weights };
  return { trainStep, gatherStep: inPrecision(buildStep(plan, 'gather').step, precision), weights: built.weights };
}

/** `part`: of a step that is one batch, or of those that make one together. */
function buildStep(
  plan: TrainingPlan,
  part: 'only' | 'gather' | 'last',
): { readonly step: OpFunction; readonly weights: readonly NamedWeight[] } {
  const { options } = plan;
  const ops = createOpBuilder();
  const { answer, weights, variables, values } = lowerFor(plan, ops, 'train');
  const overLabels = labelsOf(plan, ops);
  const loss = overLabels((y) => trainedLoss(plan, ops, values, y));
  const trained = weights.filter((weight) => weight.trainable);
  const gradients = differentiate(
    ops,
    loss,
    variables.filter((_, index) => weights[index]?.trainable === true),
  );
  if (part === 'only') addOptimizerUpdates(ops, options, trained, gradients);
  else if (part === 'gather') gatherGradients(ops, trained, gradients);
  else addOptimizerUpdates(ops, options, trained, gatheredGradients(ops, trained, gradients));
  const scores = logitsOf(ops, answer);
  const correct = isOfClasses(options.task.kind) ? { correct: overLabels((y) => correctCount(ops, scores, y)) } : {};
  const parts = lossParts(plan, ops, answer, 'reduceMean');
  return { step: ops.finish({ loss, ...correct, ...parts }), weights };
}

/** The parts of a perceptual loss over a batch; none of another. */
function lossParts(plan: TrainingPlan, ops: FunctionBuilder, answer: Value, over: PartsOver) {
  const { perceptual } = plan.options;
  const isCompared = plan.loss === 'perceptual' && perceptual !== undefined;
  return isCompared ? perceptualParts(ops, perceptual, answer, labelInput(plan, ops), over) : {};
}

function buildEvaluate(plan: TrainingPlan): OpFunction {
  const { task, labelSmoothing = 0, focalGamma, perceptual } = plan.options;
  const ops = createOpBuilder();
  const { answer } = lowerFor(plan, ops, 'infer');
  const y = labelInput(plan, ops);
  const counted = countedLabels(ops, task, y);
  const options = {
    task,
    loss: plan.loss,
    labelSmoothing,
    ...(focalGamma === undefined ? {} : { focalGamma }),
    ...(perceptual === undefined ? {} : { perceptual }),
  };
  const lossSum = summedLoss(ops, lossTerms(ops, options, answer, y));
  if (task.kind === 'regression') return ops.finish({ lossSum });
  if (task.kind === 'multi-label') return ops.finish({ lossSum, scores: scoresFor(ops, plan.loss, answer) });
  if (task.kind === 'image-to-image') {
    const squares = lossTerms(ops, { task, loss: 'meanSquaredError' }, answer, y);
    return ops.finish({ lossSum, squaredSum: summedLoss(ops, squares), ...lossParts(plan, ops, answer, 'reduceSum') });
  }
  const scores = logitsOf(ops, answer);
  const correct = correctCount(ops, scores, y);
  if (task.kind === 'classification') return ops.finish({ lossSum, correct });
  return ops.finish({ lossSum, correct, ...intersectionAndUnion(ops, scores, y, task.classCount, counted) });
}

function buildPredict(plan: TrainingPlan): OpFunction {
  const ops = createOpBuilder();
  const { output, answer } = lowerFor(plan, ops, 'infer');
  const scores = scoresFor(ops, plan.loss, answer);
  return ops.finish({ scores, output });
}

/** What a compiled forward pass takes and gives, by node. */
export type InferenceProgram = {
  /** One function, `predict`, whose outputs are named by node id. */
  readonly program: Program;
  readonly weights: readonly NamedWeight[];
  /** `x` if the network has one input; else inputs are named by node id. */
  readonly inputs: readonly { readonly nodeId: string; readonly name: string; readonly shape: readonly number[] }[];
  /** Ids of the nodes whose values `predict` gives. */
  readonly outputs: readonly string[];
};

export type InferenceOptions = {
  /** Nodes to give: feature maps, or inputs themselves. Any of the network, each once; absent: the outputs of the network. */
  readonly nodes?: readonly string[];
  /** The size of what will be fed, by input node: closes what the network leaves open. Inputs of known size need none. */
  readonly inputShapes?: InputShapes;
};

/**
 * Compiles the forward pass as it is used after training (dropout off, batch norm by its moving statistics) up to any nodes of any
 * network, with one input or several. Nodes that the asked ones do not depend on are not compiled, and their errors are no hindrance.
 * Fails where a node does not exist or has errors, where a size is still open, and where what will be fed does not fit.
 *
 * The activations of `c1` for a 200x300 picture: `compileInference(document, analysis, { nodes: ['c1'], inputShapes: { image: [200, 300, 3] } })`.
 */
export function compileInference(
  source: NetworkDocument,
  analysis: NetworkAnalysis,
  { nodes, inputShapes = {} }: InferenceOptions = {},
): Result<InferenceProgram> {
  const closed = closeOpenSizes(flatNetwork(source), analysis, inputShapes);
  if (!closed.ok) return closed;
  const network = closed.value;
  const outputs = [...new Set(nodes ?? network.analysis.outputs)];
  const order = ancestorsOf(network.document, network.analysis, outputs);
  const problem =
    firstFailure(checkWanted(network.analysis, outputs, order)) ??
    firstFailure(checkRunnable(network.analysis, order)) ??
    firstFailure(checkKnownSizes(network.analysis, order));
  if (problem !== undefined) return problem;
  return success(lowerInference(network, outputs, order));
}

function lowerInference(
  { document, analysis }: ClosedNetwork,
  outputs: readonly string[],
  order: readonly string[],
): InferenceProgram {
  const ops = createOpBuilder();
  const inputNodes = analysis.inputs.filter((id) => order.includes(id));
  const inputs = inputNodes.map((nodeId) => {
    const name = inputNodes.length === 1 ? 'x' : nodeId;
    return { nodeId, name, shape: knownShapeOf(analysis, nodeId) };
  });
  const inputValues = inputs.map(({ nodeId, name, shape }): [string, Value] => [
    nodeId,
    ops.input(name, ['batch', ...shape]),
  ]);
  const lowered = lowerNetwork(document, analysis, ops, 'infer', { order, inputs: new Map(inputValues) });
  const given = outputs.flatMap((id): [string, Value][] => {
    const value = lowered.values.get(id);
    return value === undefined ? [] : [[id, value]];
  });
  const predict = ops.finish(Object.fromEntries(given));
  return {
    program: { variables: lowered.weights.map(weightVariable), functions: { predict } },
    weights: lowered.weights,
    inputs,
    outputs: given.map(([id]) => id),
  };
}

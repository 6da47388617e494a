import type { NetworkAnalysis } from '../analysis/types';
import { notOneInput } from '../diagnostics/catalog/training';
import { failure, success } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import { flatNetwork } from '../document/expand';
import type { FunctionBuilder, Value } from '../ops/builder';
import { createOpBuilder } from '../ops/createOpBuilder';
import { differentiate } from '../ops/differentiate';
import type { OpFunction, Program } from '../ops/graph';
import { pruneFunction } from '../ops/prune';
import type { FloatTensors } from '../ops/tensor';
import { scalarTensor } from '../ops/tensor';
import { warmUpInput } from '../ops/warmUp';
import type { NetworkDocument } from '../schema/document';
import { checkKnownSizes, checkRunnable, checkWanted, chooseOutput, firstFailure } from './checks';
import { knownShapeOf, labelInput, planTraining, trainedLoss, weightVariable } from './compile';
import type { TrainingOptions, TrainingPlan } from './compile';
import { logitsOf } from './losses';
import { ancestorsOf, lowerNetwork } from './lowering';
import type { NamedWeight } from './lowering';
import { bothLogits } from './oneScore';
import { randomInputs } from './randomInputs';

/** What a backward pass begins at: the mean loss, as a training step has it, or the score of a class before any softmax. */
export type InspectedTarget =
  | { readonly of: 'loss'; readonly training: TrainingOptions }
  | {
      readonly of: 'score';
      readonly output?: string;
      /** Whether one channel tells two classes of pixels apart; see oneScore.ts. */
      readonly hasOneScore?: boolean;
    };

/** One number whose slope is to be checked: a value of a node's output, or of a weight by its name. */
export type CheckedPlace = { readonly of: 'node' | 'weight'; readonly name: string };

/** What is wanted of a network that is looked into. */
export type InspectionOptions = {
  /** As it is used, or as a training step computes it: with dropout, and batch norm by its batch. */
  readonly mode: 'infer' | 'train';
  /** Nodes whose values are given, and with `target` the gradients at them. */
  readonly nodes: readonly string[];
  /** Null: the forward pass alone. */
  readonly target: InspectedTarget | null;
  readonly place?: CheckedPlace;
  readonly seed: number;
};

/** Of values in `inspect`'s outputs. A gradient is missing where the target does not depend on what it is asked for. */
export type InspectedOutputs = {
  readonly values: ReadonlyMap<string, string>;
  readonly gradients: ReadonlyMap<string, string>;
  /** Of trainable weights, by their names. */
  readonly weightGradients: ReadonlyMap<string, string>;
};

/**
 * A network compiled to be looked into: `inspect` gives every value and gradient that was asked for, by {@link InspectedOutputs}, and
 * {@link targetOutput} with a target. It updates nothing. With a place, `check` gives the target alone; where that is a node, its value is
 * the input {@link nudgedInput} in place of what the network computes.
 * Fed are `x`, with a target of loss `y`, with one of a score {@link classInput}, and what `inputs` gives.
 */
export type InspectionProgram = {
  readonly program: Program;
  readonly weights: readonly NamedWeight[];
  readonly outputs: InspectedOutputs;
  readonly inputNode: string;
  readonly inputShape: readonly number[];
  /** Null without a target. */
  readonly outputNode: string | null;
  readonly outputShape: readonly number[];
  readonly inputs: (batchSize: number) => FloatTensors;
};

export const targetOutput = 'target';
export const classInput = 'class';
export const nudgedInput = 'nudged';

/** The part of a network that is computed, and from where to where. */
type InspectionPlan = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly order: readonly string[];
  readonly inputNode: string;
  readonly inputShape: readonly number[];
  readonly outputNode: string | null;
  readonly outputShape: readonly number[];
  /** How the network is trained, where it is the loss that goes back. */
  readonly training: TrainingPlan | null;
};

/** Compiles what is asked of a network, or says why it cannot be. Sizes must be known. */
export function compileInspection(
  source: NetworkDocument,
  analysis: NetworkAnalysis,
  options: InspectionOptions,
): Result<InspectionProgram> {
  const planned = planInspection(source, analysis, options);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const { inspect, weights, outputs } = buildInspect(plan, options);
  const { place, target } = options;
  const check = place === undefined || target === null ? {} : { check: buildCheck(plan, options, target, place) };
  return success({
    program: { variables: weights.map(weightVariable), functions: { inspect, ...check } },
    weights,
    outputs,
    inputNode: plan.inputNode,
    inputShape: plan.inputShape,
    outputNode: plan.outputNode,
    outputShape: plan.outputShape,
    inputs: (batchSize) => ({
      ...randomInputs(inspect, options.seed, 1, batchSize),
      ...(inspect.inputs.some(({ name }) => name === warmUpInput) ? { [warmUpInput]: scalarTensor(1) } : {}),
    }),
  });
}

function planInspection(
  source: NetworkDocument,
  analysis: NetworkAnalysis,
  { nodes, target }: InspectionOptions,
): Result<InspectionPlan> {
  const document = flatNetwork(source);
  let outputNode: string | null = null;
  let training: TrainingPlan | null = null;
  if (target?.of === 'loss') {
    const trained = planTraining(source, analysis, target.training);
    if (!trained.ok) return trained;
    training = trained.value;
    ({ outputNode } = training);
  } else if (target !== null) {
    const chosen = chooseOutput(analysis, target.output);
    if (!chosen.ok) return chosen;
    outputNode = chosen.value;
  }
  // A loss may be of several outputs.
  const trained = training?.others.map(({ nodeId }) => nodeId) ?? [];
  const wanted = [...new Set([...nodes, ...(outputNode === null ? [] : [outputNode]), ...trained])];
  const order = ancestorsOf(document, analysis, wanted);
  const problem =
    firstFailure(checkWanted(analysis, wanted, order)) ??
    firstFailure(checkRunnable(analysis, order)) ??
    firstFailure(checkKnownSizes(analysis, order));
  if (problem !== undefined) return problem;
  const inputs = analysis.inputs.filter((id) => order.includes(id));
  const [inputNode] = inputs;
  if (inputNode === undefined || inputs.length > 1) return failure(notOneInput(wanted.join(', '), inputs));
  const inputShape = knownShapeOf(analysis, inputNode);
  const outputShape = outputNode === null ? [] : knownShapeOf(analysis, outputNode);
  return success({ document, analysis, order, inputNode, inputShape, outputNode, outputShape, training });
}

function buildInspect(plan: InspectionPlan, { mode, nodes, target }: InspectionOptions) {
  const ops = createOpBuilder();
  const x = ops.input('x', ['batch', ...plan.inputShape]);
  const inputs = new Map([[plan.inputNode, x]]);
  const { values, weights, variables } = lowerNetwork(plan.document, plan.analysis, ops, mode, {
    order: plan.order,
    inputs,
  });
  const given = new Map<string, Value>();
  const names = {
    values: new Map<string, string>(),
    gradients: new Map<string, string>(),
    weightGradients: new Map<string, string>(),
  };
  const give = (list: Map<string, string>, prefix: string, id: string, value: Value | null | undefined): void => {
    if (value === null || value === undefined) return;
    // Numbers, for names of weights have slashes in them and nodes may have any.
    const name = `${prefix}${list.size}`;
    list.set(id, name);
    given.set(name, value);
  };
  for (const id of nodes) give(names.values, 'value', id, values.get(id));
  if (target !== null) {
    const number = targetOf(plan, ops, target, values);
    given.set(targetOutput, number);
    const trained = weights.flatMap((weight, at) => {
      const variable = variables[at];
      return weight.trainable && variable !== undefined ? [{ name: weight.name, variable }] : [];
    });
    const asked = nodes.flatMap((id) => {
      const value = values.get(id);
      return value === undefined ? [] : [{ id, value }];
    });
    const found = differentiate(ops, number, [
      ...asked.map(({ value }) => value),
      ...trained.map(({ variable }) => variable),
    ]);
    asked.forEach(({ id }, at) => give(names.gradients, 'gradient', id, found[at]));
    trained.forEach(({ name }, at) => give(names.weightGradients, 'weight', name, found[asked.length + at]));
  }
  const outputs: InspectedOutputs = names;
  return { inspect: finishWithoutUpdates(ops, given), weights, outputs };
}

/** The target as a function of a weight, or of what a node gives: everything else is computed as it was. */
function buildCheck(
  plan: InspectionPlan,
  { mode }: InspectionOptions,
  target: InspectedTarget,
  place: CheckedPlace,
): OpFunction {
  const ops = createOpBuilder();
  const x = ops.input('x', ['batch', ...plan.inputShape]);
  const inputs = new Map([[plan.inputNode, x]]);
  if (place.of === 'node') {
    inputs.set(place.name, ops.input(nudgedInput, ['batch', ...knownShapeOf(plan.analysis, place.name)]));
  }
  const { values } = lowerNetwork(plan.document, plan.analysis, ops, mode, { order: plan.order, inputs });
  const number = targetOf(plan, ops, target, values);
  return finishWithoutUpdates(ops, new Map([[targetOutput, number]]));
}

function outputOf({ outputNode }: InspectionPlan, values: ReadonlyMap<string, Value>): Value {
  const output = values.get(outputNode ?? '');
  if (output === undefined) throw new Error('Inspection: a target needs an output.');
  return output;
}

function targetOf(
  plan: InspectionPlan,
  ops: FunctionBuilder,
  target: InspectedTarget,
  values: ReadonlyMap<string, Value>,
): Value {
  if (target.of === 'score') {
    const output = outputOf(plan, values);
    const logits = target.hasOneScore === true ? bothLogits(ops, output) : logitsOf(ops, output);
    const chosen = ops.input(classInput, [Number(logits.shape.at(-1) ?? 1)]);
    return ops.reduce('reduceSum', ops.mul(logits, chosen), [...logits.shape.keys()]);
  }
  const { training } = plan;
  if (training === null) throw new Error('Inspection: it was planned before.');
  return trainedLoss(training, ops, values, labelInput(training, ops));
}

/** To look must not change: batch norm would move its statistics. */
function finishWithoutUpdates(ops: FunctionBuilder, outputs: ReadonlyMap<string, Value>): OpFunction {
  return pruneFunction({ ...ops.finish(Object.fromEntries(outputs)), updates: [] });
}

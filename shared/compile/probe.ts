import type { NetworkAnalysis } from '../analysis/types';
import { success } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import { activationOf, rectifiers } from '../layers/activations';
import { functionParam, hasKernel } from '../layers/traits';
import type { FunctionBuilder, Value } from '../ops/builder';
import { createOpBuilder } from '../ops/createOpBuilder';
import { differentiate } from '../ops/differentiate';
import type { Program } from '../ops/graph';
import type { FloatTensors } from '../ops/tensor';
import { scalarTensor } from '../ops/tensor';
import { warmUpInput } from '../ops/warmUp';
import type { NetworkDocument } from '../schema/document';
import { labelInput, lowerFor, planTraining, trainedLoss, weightVariable } from './compile';
import type { TrainingOptions } from './compile';
import type { NamedWeight } from './lowering';
import { randomInputs } from './randomInputs';

/** A node of a training network that is looked into. */
export type ProbedNode = {
  readonly id: string;
  /** The output of `probe` with the mean square of its values. */
  readonly signal: string;
  /** The output with the mean square of the gradient of its kernel; null where that is not trained. */
  readonly gradient: string | null;
  /** The output with the largest value of each channel, where units that give nothing but 0 get no gradient; else null. */
  readonly largest: string | null;
};

/**
 * A network compiled to be looked into while it trains. Its one function `probe` takes what a training step takes without the optimizer's
 * scalars, computes as a step does, and changes no weight that is trained.
 */
export type ProbeProgram = {
  readonly program: Program;
  readonly weights: readonly NamedWeight[];
  /** In the order in which values flow. */
  readonly nodes: readonly ProbedNode[];
  /** What `probe` is fed besides x and y. */
  readonly inputs: (batchSize: number) => FloatTensors;
};

/** Compiles the measurements that tell why a network does not learn. */
export function compileProbe(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  options: TrainingOptions,
): Result<ProbeProgram> {
  const planned = planTraining(document, analysis, options);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const ops = createOpBuilder();
  const { weights, variables, values } = lowerFor(plan, ops, 'train');
  const loss = trainedLoss(plan, ops, values, labelInput(plan, ops));
  const kernels = weights.flatMap((weight, index) => {
    const variable = variables[index];
    const isTrained = weight.trainable && hasKernel(analysis.nodes.get(weight.nodeId)?.definition);
    return isTrained && weight.shape.length > 1 && variable !== undefined ? [{ id: weight.nodeId, variable }] : [];
  });
  const gradients = differentiate(
    ops,
    loss,
    kernels.map(({ variable }) => variable),
  );
  const gradientOf = new Map(kernels.map(({ id }, index) => [id, gradients[index] ?? null]));
  const outputs = new Map<string, Value>([['loss', loss]]);
  const nodes = plan.order.flatMap((id): ProbedNode[] => {
    const node = analysis.nodes.get(id);
    const value = values.get(id);
    const param = functionParam(node?.definition);
    const canDie = param !== null && rectifiers[activationOf(node?.params?.[param])] === 'hard';
    if (value === undefined || !(hasKernel(node?.definition) || canDie)) return [];
    const give = (name: string, measured: Value | null): string | null => {
      if (measured === null) return null;
      outputs.set(`${name}/${id}`, measured);
      return `${name}/${id}`;
    };
    const gradient = gradientOf.get(id) ?? null;
    outputs.set(`signal/${id}`, meanSquare(ops, value));
    return [
      {
        id,
        signal: `signal/${id}`,
        gradient: give('gradient', gradient === null ? null : meanSquare(ops, gradient)),
        largest: give('largest', canDie ? ops.reduce('reduceMax', value, [...value.shape.keys()].slice(0, -1)) : null),
      },
    ];
  });
  const probe = ops.finish(Object.fromEntries(outputs));
  return success({
    program: { variables: weights.map(weightVariable), functions: { probe } },
    weights,
    nodes,
    inputs: (batchSize) => ({
      ...randomInputs(probe, options.seed, 0, batchSize),
      ...(probe.inputs.some(({ name }) => name === warmUpInput) ? { [warmUpInput]: scalarTensor(1) } : {}),
    }),
  });
}

/** A forward pass as a step has it, that gives the mean size of every node's values, in the order in which they flow. */
export type LocatorProgram = Pick<ProbeProgram, 'program' | 'weights'> & {
  readonly nodes: readonly { readonly id: string; readonly signal: string }[];
};

/** Compiles what finds the node that gives no numbers any more. Its one function is `probe`. */
export function compileLocator(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  options: TrainingOptions,
): Result<LocatorProgram> {
  const planned = planTraining(document, analysis, options);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const ops = createOpBuilder();
  const { weights, values } = lowerFor(plan, ops, 'train');
  const nodes = plan.order.flatMap((id) => {
    const value = values.get(id);
    return value === undefined ? [] : [{ id, signal: `signal/${id}`, size: meanSize(ops, value) }];
  });
  const probe = ops.finish(Object.fromEntries(nodes.map(({ signal, size }) => [signal, size])));
  return success({ program: { variables: weights.map(weightVariable), functions: { probe } }, weights, nodes });
}

/** Not the square, which overflows before its value does. */
function meanSize(ops: FunctionBuilder, value: Value): Value {
  return ops.reduce('reduceMean', ops.unary('abs', value), [...value.shape.keys()]);
}

function meanSquare(ops: FunctionBuilder, value: Value): Value {
  return ops.reduce('reduceMean', ops.unary('square', value), [...value.shape.keys()]);
}

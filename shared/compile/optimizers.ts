import type { OptimizerName, TrainingConfig } from '../schema/training';
import type { FunctionBuilder, Value } from '../ops/builder';
import { rewriteFunction } from '../ops/rewrite';
import type { UpdateRule } from '../ops/rewrite';
import type { OpFunction, Update, VariableSpec } from '../ops/graph';
import { knownSize, shapeGradients } from './gradients';
import type { FollowedWeight } from './gradients';
import { scalarTensor } from '../ops/tensor';
import type { FloatTensors } from '../ops/tensor';

/** What decides how weights follow their gradients; what is absent is off. */
export type OptimizerConfig = Pick<TrainingConfig, 'optimizer' | 'learningRate' | 'momentum'> &
  Partial<Pick<TrainingConfig, 'weightDecay' | 'l1' | 'clipNorm' | 'clipValue'>>;

/** The moments of Adam that every framework defaults to (Kingma and Ba, arXiv 1412.6980), with Keras's epsilon. */
export const adamDefaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

/** PyTorch's defaults of the optimizers that follow its formulas. */
export const torchDefaults = {
  adamW: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rmsProp: { alpha: 0.99, epsilon: 1e-8 },
  adagrad: { epsilon: 1e-10 },
} as const;

const slotNames: { readonly [K in OptimizerName]: readonly string[] } = {
  sgd: [],
  momentum: ['accumulator'],
  nesterov: ['accumulator'],
  rmsProp: ['v'],
  adagrad: ['v'],
  adam: ['m', 'v'],
  adamW: ['m', 'v'],
};

/** The zero-initialised variables that an optimizer keeps for each weight: `c1/kernel/m`. */
export function optimizerSlots(
  optimizer: OptimizerName,
  weights: readonly { readonly name: string; readonly shape: readonly number[] }[],
): readonly VariableSpec[] {
  return weights.flatMap((weight) =>
    slotNames[optimizer].map((slot): VariableSpec => ({
      name: `${weight.name}/${slot}`,
      shape: weight.shape,
      dtype: 'float32',
    })),
  );
}

/** Whether the moments' start at zero is corrected by powers that are fed. */
function hasPowers(optimizer: OptimizerName): boolean {
  return optimizer === 'adam' || optimizer === 'adamW';
}

/**
 * The scalars that the training step is fed at `step`, counted from 1, with a learning rate other than the configured one where a
 * schedule says so. Adam's powers correct its moments' start at zero.
 */
export function optimizerStepInputs(
  config: OptimizerConfig,
  step: number,
  learningRate = config.learningRate,
): FloatTensors {
  const rate = { learningRate: scalarTensor(learningRate) };
  if (!hasPowers(config.optimizer)) return rate;
  return {
    ...rate,
    beta1Power: scalarTensor(adamDefaults.beta1 ** step),
    beta2Power: scalarTensor(adamDefaults.beta2 ** step),
  };
}

/** Adds the updates of `weights` by their `gradients`; a weight without a gradient stays as it is. */
export function addOptimizerUpdates(
  ops: FunctionBuilder,
  config: OptimizerConfig,
  weights: readonly { readonly name: string }[],
  gradients: readonly (Value | null)[],
): void {
  const learningRate = ops.input('learningRate', []);
  const powers = hasPowers(config.optimizer)
    ? { beta1Power: ops.input('beta1Power', []), beta2Power: ops.input('beta2Power', []) }
    : null;
  const followed = weights.flatMap(({ name }, index): readonly FollowedWeight[] => {
    const gradient = gradients[index] ?? null;
    return gradient === null ? [] : [{ name, gradient }];
  });
  for (const { name, gradient } of shapeGradients(ops, config, followed)) {
    addUpdate(ops, config, { name, gradient, learningRate, powers });
  }
}

type Step = FollowedWeight & {
  readonly learningRate: Value;
  readonly powers: { readonly beta1Power: Value; readonly beta2Power: Value } | null;
};

/** Fused where the op graph has the rule, so that an engine may use its own kernel; else as assignments. */
function addUpdate(ops: FunctionBuilder, config: OptimizerConfig, step: Step): void {
  const variable = step.name;
  const [gradient, learningRate] = [step.gradient.id, step.learningRate.id];
  switch (config.optimizer) {
    case 'sgd':
      ops.update({ kind: 'sgd', variable, gradient, learningRate });
      return;
    case 'momentum': {
      const accumulator = `${variable}/accumulator`;
      ops.update({ kind: 'momentum', variable, accumulator, gradient, learningRate, momentum: config.momentum });
      return;
    }
    case 'adam': {
      if (step.powers === null) throw new Error('Adam is fed the powers of its moments.');
      const powers = { beta1Power: step.powers.beta1Power.id, beta2Power: step.powers.beta2Power.id };
      const slots = { m: `${variable}/m`, v: `${variable}/v` };
      ops.update({ kind: 'adam', variable, gradient, learningRate, ...slots, ...powers, ...adamDefaults });
      return;
    }
    case 'nesterov':
    case 'rmsProp':
    case 'adagrad':
    case 'adamW':
      addAssignments(ops, config, step);
  }
}

/** PyTorch's formulas of the optimizers that are no op of the graph. */
function addAssignments(ops: FunctionBuilder, config: OptimizerConfig, step: Step): void {
  const { name, gradient, learningRate, powers } = step;
  const shape = gradient.shape.map(knownSize);
  const weight = ops.variable(name, shape);
  const slot = (kept: string): Value => ops.variable(`${name}/${kept}`, shape);
  const squared = ops.unary('square', gradient);
  const moveBy = (change: Value): void => ops.assign(weight, ops.sub(weight, ops.mul(learningRate, change)));
  const byRoot = (value: Value, kept: Value, epsilon: number): Value =>
    ops.div(value, ops.add(ops.unary('sqrt', kept), epsilon));
  if (config.optimizer === 'nesterov') {
    const accumulator = ops.add(ops.mul(config.momentum, slot('accumulator')), gradient);
    ops.assign(slot('accumulator'), accumulator);
    moveBy(ops.add(gradient, ops.mul(config.momentum, accumulator)));
  } else if (config.optimizer === 'rmsProp') {
    const { alpha, epsilon } = torchDefaults.rmsProp;
    const v = ops.add(ops.mul(alpha, slot('v')), ops.mul(1 - alpha, squared));
    ops.assign(slot('v'), v);
    moveBy(byRoot(gradient, v, epsilon));
  } else if (config.optimizer === 'adagrad') {
    const v = ops.add(slot('v'), squared);
    ops.assign(slot('v'), v);
    moveBy(byRoot(gradient, v, torchDefaults.adagrad.epsilon));
  } else {
    if (powers === null) throw new Error('AdamW is fed the powers of its moments.');
    const { beta1, beta2, epsilon } = torchDefaults.adamW;
    const m = ops.add(ops.mul(beta1, slot('m')), ops.mul(1 - beta1, gradient));
    const v = ops.add(ops.mul(beta2, slot('v')), ops.mul(1 - beta2, squared));
    ops.assign(slot('m'), m);
    ops.assign(slot('v'), v);
    const unbiased = ops.div(v, ops.sub(1, powers.beta2Power));
    const change = byRoot(ops.div(m, ops.sub(1, powers.beta1Power)), unbiased, epsilon);
    // The decay is of the weight as it was, beside the moments.
    const { weightDecay = 0 } = config;
    moveBy(weightDecay === 0 ? change : ops.add(change, ops.mul(weightDecay, weight)));
  }
}

/** An update in primitives: each variable that it changes, with its new value. */
export type Assignment = { readonly variable: string; readonly value: Value };

/** Writes an update of the graph under construction as plain assignments; formulas at {@link Update}. */
export function expandUpdate(update: Update, ops: FunctionBuilder): readonly Assignment[] {
  if (update.kind === 'assign') return [{ variable: update.variable, value: ops.valueAt(update.value) }];
  const gradient = ops.valueAt(update.gradient);
  const learningRate = ops.valueAt(update.learningRate);
  const read = (name: string) => ops.variable(name, gradient.shape.map(knownSize));
  const weight = read(update.variable);
  switch (update.kind) {
    case 'sgd':
      return [{ variable: update.variable, value: ops.sub(weight, ops.mul(learningRate, gradient)) }];
    case 'momentum': {
      const accumulator = ops.add(ops.mul(update.momentum, read(update.accumulator)), gradient);
      return [
        { variable: update.accumulator, value: accumulator },
        { variable: update.variable, value: ops.sub(weight, ops.mul(learningRate, accumulator)) },
      ];
    }
    case 'adam': {
      const { beta1, beta2, epsilon } = update;
      const m = ops.add(ops.mul(beta1, read(update.m)), ops.mul(1 - beta1, gradient));
      const v = ops.add(ops.mul(beta2, read(update.v)), ops.mul(1 - beta2, ops.unary('square', gradient)));
      const correction = ops.div(
        ops.unary('sqrt', ops.sub(1, ops.valueAt(update.beta2Power))),
        ops.sub(1, ops.valueAt(update.beta1Power)),
      );
      const step = ops.div(ops.mul(ops.mul(learningRate, correction), m), ops.add(ops.unary('sqrt', v), epsilon));
      return [
        { variable: update.m, value: m },
        { variable: update.v, value: v },
        { variable: update.variable, value: ops.sub(weight, step) },
      ];
    }
  }
}

/** Writes every update as an `assign`, for engines without optimizers of their own. */
export const updateExpansion: UpdateRule = {
  name: 'expand-update',
  apply: (update, ops) =>
    update.kind === 'assign'
      ? null
      : expandUpdate(update, ops).map(({ variable, value }) => ({ kind: 'assign', variable, value: value.id })),
};

/** The same function after {@link updateExpansion} alone. */
export function expandUpdates(full: OpFunction): OpFunction {
  return rewriteFunction(full, [], [updateExpansion]).definition;
}

import type { TrainingConfig } from '../schema/training';
import type { FunctionBuilder, Value } from '../ops/builder';
import { rewriteFunction } from '../ops/rewrite';
import type { UpdateRule } from '../ops/rewrite';
import type { OpFunction, Update, VariableSpec } from '../ops/graph';
import { scalarTensor } from '../ops/tensor';
import type { FloatTensors } from '../ops/tensor';

/** What decides how weights follow their gradients. */
export type OptimizerConfig = Pick<TrainingConfig, 'optimizer' | 'learningRate' | 'momentum'>;

/** The moments of Adam that every framework defaults to (Kingma and Ba, arXiv 1412.6980), with Keras's epsilon. */
export const adamDefaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

const slotNames = { sgd: [], momentum: ['accumulator'], adam: ['m', 'v'] } as const;

/** The zero-initialised variables that an optimizer keeps for each weight: `c1/kernel/m`. */
export function optimizerSlots(
  optimizer: TrainingConfig['optimizer'],
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
  if (config.optimizer !== 'adam') return rate;
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
  const learningRate = ops.input('learningRate', []).id;
  const powers =
    config.optimizer === 'adam'
      ? { beta1Power: ops.input('beta1Power', []).id, beta2Power: ops.input('beta2Power', []).id }
      : null;
  weights.forEach(({ name: variable }, index) => {
    const gradient = gradients[index]?.id;
    if (gradient === undefined) return;
    if (powers !== null) {
      const slots = { m: `${variable}/m`, v: `${variable}/v` };
      ops.update({ kind: 'adam', variable, gradient, learningRate, ...slots, ...powers, ...adamDefaults });
    } else if (config.optimizer === 'momentum') {
      const accumulator = `${variable}/accumulator`;
      ops.update({ kind: 'momentum', variable, accumulator, gradient, learningRate, momentum: config.momentum });
    } else {
      ops.update({ kind: 'sgd', variable, gradient, learningRate });
    }
  });
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

function knownSize(size: number | 'batch'): number {
  if (size === 'batch') throw new Error('Op graph: a gradient of a variable has no batch.');
  return size;
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

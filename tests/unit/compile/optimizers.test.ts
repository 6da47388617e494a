import { describe, expect, it } from 'vitest';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import {
  adamDefaults,
  addOptimizerUpdates,
  expandUpdates,
  optimizerSlots,
  optimizerStepInputs,
} from '../../../shared/compile/optimizers';
import type { OptimizerConfig } from '../../../shared/compile/optimizers';
import { interpret } from '../../support/referenceInterpreter';
import type { Tensors64 } from '../../support/referenceInterpreter';
import { fromHostTensor } from '../../support/tensor64';

const start = [0.5, -1.25, 2];
const gradientAt = (weight: number, step: number) => 3 * weight - Math.sin(step);

/** Ten steps on gradients of a parabola that moves; `w` after each, by the program that the optimizer makes. */
function run(config: OptimizerConfig, expanded: boolean): readonly (readonly number[])[] {
  const ops = createOpBuilder();
  const weight = { name: 'w', shape: [3] };
  const gradient = ops.sub(ops.mul(ops.variable('w', [3]), 3), ops.input('shift', []));
  addOptimizerUpdates(ops, config, [weight], [gradient]);
  const built = ops.finish({});
  const step = expanded ? expandUpdates(built) : built;
  let variables: Tensors64 = Object.fromEntries([
    ['w', { shape: [3], data: Float64Array.from(start) }],
    ...optimizerSlots(config.optimizer, [weight]).map(
      ({ name }) => [name, { shape: [3], data: new Float64Array(3) }] as const,
    ),
  ]);
  return Array.from({ length: 10 }, (_, index) => {
    const scalars = Object.entries(optimizerStepInputs(config, index + 1));
    const feeds = Object.fromEntries(scalars.map(([name, value]) => [name, fromHostTensor(value)]));
    const shift = { shape: [], data: Float64Array.of(Math.sin(index + 1)) };
    ({ variables } = interpret(step, { ...feeds, shift }, variables));
    return [...variables.w!.data];
  });
}

/** The same by hand, from the papers' formulas. */
function byHand(config: OptimizerConfig): readonly (readonly number[])[] {
  const { beta1, beta2, epsilon } = adamDefaults;
  const weights = [...start];
  const m = [0, 0, 0];
  const v = [0, 0, 0];
  return Array.from({ length: 10 }, (_, index) => {
    const t = index + 1;
    weights.forEach((weight, i) => {
      const g = gradientAt(weight, t);
      if (config.optimizer === 'sgd') weights[i] = weight - config.learningRate * g;
      if (config.optimizer === 'momentum') {
        m[i] = config.momentum * m[i]! + g;
        weights[i] = weight - config.learningRate * m[i];
      }
      if (config.optimizer === 'adam') {
        m[i] = beta1 * m[i]! + (1 - beta1) * g;
        v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
        // The published form; the epsilon inside it is scaled as in the paper's own remark before section 2.1.
        const rate = (config.learningRate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
        weights[i] = weight - (rate * m[i]) / (Math.sqrt(v[i]) + epsilon);
      }
    });
    return [...weights];
  });
}

describe('optimizers follow their formulas over ten steps', () => {
  const configs: readonly OptimizerConfig[] = [
    { optimizer: 'sgd', learningRate: 0.1, momentum: 0.9 },
    { optimizer: 'momentum', learningRate: 0.05, momentum: 0.9 },
    { optimizer: 'adam', learningRate: 0.1, momentum: 0.9 },
  ];
  const rows = configs.flatMap((config) =>
    [false, true].map((expanded) => ({ config, expanded, name: config.optimizer })),
  );
  it.each(rows)('$name, in primitives: $expanded', ({ config, expanded }) => {
    const expected = byHand(config);
    run(config, expanded).forEach((weights, step) =>
      // The scalars travel as float32.
      weights.forEach((weight, i) => expect(weight).toBeCloseTo(expected[step]![i]!, 5)),
    );
  });

  it('leaves a weight without a gradient alone', () => {
    const ops = createOpBuilder();
    addOptimizerUpdates(ops, configs[2]!, [{ name: 'a' }, { name: 'b' }], [null, ops.variable('b', [2])]);
    expect(ops.finish({}).updates.map((update) => update.variable)).toEqual(['b']);
  });
});

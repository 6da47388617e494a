import { describe, expect, it } from 'vitest';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { differentiate } from '../../../shared/ops/differentiate';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { lowerNetwork } from '../../../shared/compile/lowering';
import { compileTraining } from '../../../shared/compile/compile';
import { chain } from '../../support/chain';
import { drawTensor } from '../../support/opCases/opCase';
import { interpret, type Tensors64 } from '../../support/referenceInterpreter';
import { compileCase, initialVariables, siamese, stepFeeds, type TrainingCase } from '../../support/trainingCases';

const network = chain(siamese);
const analysis = analyzeNetwork(network);

/** The sum of all outputs, and its slope at every weight that learns, from an image that is fed. */
function summed() {
  const ops = createOpBuilder();
  const image = ops.input('x', ['batch', 5, 6, 2]);
  const lowered = lowerNetwork(network, analysis, ops, 'train', {
    order: analysis.order,
    inputs: new Map([['image', image]]),
  });
  const y = lowered.values.get('scores')!;
  const trained = lowered.variables.filter((_, at) => lowered.weights[at]!.trainable);
  const names = lowered.weights.filter(({ trainable }) => trainable).map(({ name }) => name);
  const total = ops.reduce('reduceSum', ops.unary('square', y), [0, 1]);
  const slopes = differentiate(ops, total, trained);
  const outputs = Object.fromEntries(slopes.map((slope, at) => [names[at]!, slope!]));
  return { fn: ops.finish({ total, ...outputs }), weights: lowered.weights };
}

describe('weights that several layers compute with', () => {
  it('have the sum of all layers’ gradients, which is the slope', () => {
    const { fn, weights } = summed();
    const variables: Tensors64 = Object.fromEntries(
      weights.map(({ name, shape }, at) => [name, drawTensor(shape, 'positive', at)]),
    );
    const feeds: Tensors64 = {
      x: drawTensor([2, 5, 6, 2], 'normal', 3),
      ...Object.fromEntries(
        fn.inputs.flatMap(({ name }) => (name === 'x' ? [] : [[name, drawTensor([], 'positive', 1)]])),
      ),
    };
    const totalAt = (moved: Tensors64): number => interpret(fn, feeds, moved).outputs['total']!.data[0]!;
    const { outputs } = interpret(fn, feeds, variables);
    const step = 1e-5;
    for (const name of ['c1/kernel', 'n1/gamma', 'a1/alpha', 'r1/kernel', 'r1/bias', 'group/gamma', 'f2/kernel']) {
      const value = variables[name];
      expect(value, name).toBeDefined();
      // A few places of each will do: a use that was left out would show in all.
      for (const place of [0, Math.floor(value!.data.length / 2), value!.data.length - 1]) {
        const moved = (by: number): Tensors64 => ({
          ...variables,
          [name]: { ...value!, data: value!.data.with(place, value!.data[place]! + by) },
        });
        const slope = (totalAt(moved(step)) - totalAt(moved(-step))) / (2 * step);
        expect(outputs[name]!.data[place]! - slope, `${name} ${place}`).toBeCloseTo(0, 4);
      }
    }
  });

  it('are trained from one start with one step of the optimizer', () => {
    const trainingCase: TrainingCase = {
      name: 'siamese',
      rows: siamese,
      options: {
        optimizer: 'adam',
        learningRate: 0.01,
        momentum: 0.9,
        loss: 'auto',
        seed: 3,
        task: { kind: 'classification', classCount: 4 },
      },
    };
    const compiled = compileCase(trainingCase);
    const names = compiled.program.variables.map(({ name }) => name);
    expect(names.filter((name) => /^(c2|n2|a2|r2|r3|f3|again)\//.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    let variables = initialVariables(compiled, 3);
    const losses: number[] = [];
    const feeds = stepFeeds(trainingCase, compiled, 1);
    for (let step = 1; step <= 20; step++) {
      const scalars = stepFeeds(trainingCase, compiled, step);
      const done = interpret(
        compiled.program.functions['trainStep']!,
        { ...scalars, x: feeds['x']!, y: feeds['y']! },
        variables,
      );
      variables = done.variables;
      losses.push(done.outputs['loss']!.data[0]!);
    }
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
  });

  it('of running statistics follow both batches, one behind the other', () => {
    const document = chain([
      ['x', 'input', { shape: [4] }],
      ['n1', 'batchnorm', { momentum: 0.5 }],
      ['s', 'scale', { scale: 1, shift: 10 }],
      ['n2', 'batchnorm', { momentum: 0.5 }, ['s'], 'n1'],
    ]);
    const options = { optimizer: 'sgd', learningRate: 0, momentum: 0, loss: 'auto', seed: 1 } as const;
    const compiled = compileTraining(document, analyzeNetwork(document), {
      ...options,
      task: { kind: 'regression', classCount: 0 },
    });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
    const { program, weights, stepInputs } = compiled.value;
    const variables: Tensors64 = Object.fromEntries(
      weights.map(({ name, shape, initializer }) => [
        name,
        { shape, data: new Float64Array(4).fill(initializer.type === 'ones' ? 1 : 0) },
      ]),
    );
    const scalars = Object.fromEntries(
      Object.entries(stepInputs(1000)).map(([name, { shape, data }]) => [
        name,
        { shape, data: Float64Array.from(data) },
      ]),
    );
    const x = drawTensor([3, 4], 'normal', 5);
    const done = interpret(program.functions['trainStep']!, { ...scalars, x, y: x }, variables);
    // The first layer sees a mean m, the second one of 10, since the first gives 0: 0.5·(0.5·m) + 0.5·10.
    const means = Array.from({ length: 4 }, (_, at) => (x.data[at]! + x.data[at + 4]! + x.data[at + 8]!) / 3);
    const moving = done.variables['n1/movingMean']!.data;
    means.forEach((mean, at) => expect(moving[at]).toBeCloseTo(0.25 * mean + 5, 5));
    expect(Object.keys(done.variables)).not.toContain('n2/movingMean');
  });
});

import { describe, expect, it } from 'vitest';
import { engineRewrites, rewriteForOnnxruntime, rewriteForTensorflow } from '../../../electron/engines/rewrites';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import type { OpFunction } from '../../../shared/ops/graph';
import { printFunction } from '../../../shared/ops/print';
import { outside, rewriteFunction, usesOf } from '../../../shared/ops/rewrite';
import type { Rewriting, RewriteRule } from '../../../shared/ops/rewrite';
import { defineRule } from '../../../shared/ops/rules';
import { simplifications } from '../../../shared/ops/simplify';
import { some } from '../../support/isWhole';
import { interpret } from '../../support/referenceInterpreter';
import { templateNames, templatePrograms } from '../../support/templatePrograms';
import { compileCase, initialVariables, stepFeeds, trainingCases } from '../../support/trainingCases';

/** Takes one square root of several on top of each other in each pass. */
const sqrtOfSqrt: RewriteRule = defineRule('sqrt-of-sqrt', ['sqrt'], (node, { nodes, inputs }: Rewriting) =>
  nodes[node.inputs[0] ?? -1]?.op === 'sqrt' ? (inputs[0] ?? null) : null,
);

function roots(count: number): OpFunction {
  const ops = createOpBuilder();
  let y = ops.input('x', ['batch', 3]);
  for (let root = 0; root < count; root++) y = ops.unary('sqrt', y);
  return ops.finish({ y });
}

describe('rewriteFunction', () => {
  it('goes on until no rule fires, and counts how often each did', () => {
    const { definition, fired } = rewriteFunction(roots(4), [sqrtOfSqrt]);
    expect(definition.nodes.map(({ op }) => op)).toEqual(['input', 'sqrt']);
    expect(fired).toEqual({ 'sqrt-of-sqrt': 3 });
  });

  it('gives back the very function that no rule fires on', () => {
    const full = roots(1);
    expect(rewriteFunction(full, [sqrtOfSqrt])).toEqual({ definition: full, fired: {} });
    expect(rewriteFunction(full, [sqrtOfSqrt]).definition).toBe(full);
  });

  it('gives a node to the first rule of the table that takes it', () => {
    const second: RewriteRule = { ...sqrtOfSqrt, name: 'second' };
    expect(rewriteFunction(roots(2), [sqrtOfSqrt, second]).fired).toEqual({ 'sqrt-of-sqrt': 1 });
    expect(rewriteFunction(roots(2), [second, sqrtOfSqrt]).fired).toEqual({ second: 1 });
  });

  it('stops rules that undo each other, and names them', () => {
    const toSquare = defineRule('there', ['abs'], (_, { ops, inputs }: Rewriting) => ops.unary('square', inputs[0]!));
    const toAbs = defineRule('back', ['square'], (_, { ops, inputs }: Rewriting) => ops.unary('abs', inputs[0]!));
    const ops = createOpBuilder();
    const full = ops.finish({ y: ops.unary('abs', ops.input('x', ['batch', 3])) });
    expect(() => rewriteFunction(full, [toSquare, toAbs])).toThrow(/there, back/);
  });

  it('counts outputs and updates among the uses of a value', () => {
    const ops = createOpBuilder();
    const x = ops.input('x', [3]);
    const square = ops.mul(x, x);
    ops.assign(ops.variable('v', [3]), square);
    const uses = usesOf(ops.finish({ y: square }));
    expect([uses(0), uses(1)]).toEqual([
      [1, 1],
      [outside, outside],
    ]);
  });
});

describe('the tables', () => {
  it('give every rule a name of its own', () => {
    const names = simplifications.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  const rewrites = {
    ...engineRewrites,
    'tensorflow on a GPU': (definition: OpFunction) => rewriteForTensorflow(definition, 'gpu'),
  };

  it.each(some(trainingCases, 8).map((one) => [one.name, one] as const))(
    'keep what a step computes of %s',
    (_, one) => {
      const compiled = compileCase(one);
      const step = compiled.program.functions.trainStep!;
      const [feeds, variables] = [stepFeeds(one, compiled, 1), initialVariables(compiled, 5)];
      const expected = interpret(step, feeds, variables);
      for (const [engine, rewrite] of Object.entries(rewrites)) {
        const actual = interpret(rewrite(step).definition, feeds, variables);
        for (const [name, { data }] of [...Object.entries(expected.outputs), ...Object.entries(expected.variables)]) {
          const other = (actual.outputs[name] ?? actual.variables[name])!.data;
          const worst = data.reduce(
            (most, value, place) => Math.max(most, Math.abs(value - (other[place] ?? Infinity))),
            0,
          );
          expect(worst, `${engine}: ${name}`).toBeLessThan(1e-9);
        }
      }
    },
  );

  it.each(some(templateNames, 10))('make nothing larger of %s than the expansions ask for, and settle', (name) => {
    const { training } = templatePrograms(name);
    for (const definition of Object.values(training.functions)) {
      for (const rewrite of Object.values(rewrites)) {
        const { definition: once, fired } = rewrite(definition);
        if (Object.keys(fired).length === 0) expect(once).toBe(definition);
        expect(rewrite(once).fired).toEqual({});
        const expands = Object.keys(fired).some((rule) => rule.startsWith('expand'));
        if (!expands) expect(once.nodes.length).toBeLessThanOrEqual(definition.nodes.length);
      }
    }
  });

  it('turn relu and max pool around for ONNX Runtime where a gradient follows, and only there', () => {
    const { training } = templatePrograms('vgg-16');
    expect(rewriteForOnnxruntime(training.functions.trainStep!).fired).toMatchObject({
      'pool-before-relu': 5,
      'pool-before-relu-gradient': 5,
    });
    expect(rewriteForOnnxruntime(training.functions.predict!).fired).toEqual({});
  });

  it('leave the normalisations of large images to TensorFlow', () => {
    const step = templatePrograms('resnet-18').training.functions.trainStep!;
    const norms = (definition: OpFunction) => printFunction('step', definition).match(/= batchNorm /g)?.length ?? 0;
    const [before, onCpu, onGpu] = [
      step,
      rewriteForTensorflow(step, 'cpu').definition,
      rewriteForTensorflow(step, 'gpu').definition,
    ];
    expect(norms(onCpu)).toBeGreaterThan(0);
    expect(norms(onCpu)).toBeLessThanOrEqual(norms(before));
    expect(norms(onGpu)).toBe(norms(before));
    expect(norms(rewriteForOnnxruntime(step).definition)).toBe(0);
  });
});

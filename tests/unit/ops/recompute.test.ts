import { describe, expect, it } from 'vitest';
import { engineRewrites } from '../../../electron/engines/rewrites';
import { checkFunction } from '../../../shared/ops/check';
import type { OpFunction, OpNode, Recomputation } from '../../../shared/ops/graph';
import { bytesOf, peakBytes } from '../../../shared/ops/liveness';
import { recomputing } from '../../../shared/ops/recompute';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { interpret } from '../../support/referenceInterpreter';
import { templatePrograms } from '../../support/templatePrograms';
import { compileCase, initialVariables, stepFeeds, trainingCases } from '../../support/trainingCases';

const fewest: Recomputation = { batch: 3, within: null };

function stepOf(name: string): OpFunction {
  return templatePrograms(name).training.functions.trainStep!;
}

function countOf({ nodes }: OpFunction, op: OpNode['op']): number {
  return nodes.filter((node) => node.op === op).length;
}

describe('peakBytes', () => {
  const ops = createOpBuilder();
  const x = ops.input('x', ['batch', 10]);
  const a = ops.unary('exp', ops.add(x, x));
  const long = ops.pad(a, [
    [0, 0],
    [0, 30],
  ]);
  const y = ops.reduce('reduceSum', long, [1]);

  it('counts what is there at once: an elementwise op writes over what nobody else needs', () => {
    // x, the sum that exp writes over, and the padded one: 10 + 10 + 40 values of 4 bytes in each of 2 samples.
    expect(peakBytes(ops.finish({ y }), 2)).toBe(2 * 4 * (10 + 10 + 40));
  });

  it('keeps what an output or a later node needs, and takes a reshape for the value itself', () => {
    expect(peakBytes(ops.finish({ y, a }), 2)).toBe(2 * 4 * (10 + 10 + 40 + 1));
    const flat = ops.reshape(long, ['batch', 4, 10]);
    expect(peakBytes(ops.finish({ y, flat }), 2)).toBe(2 * 4 * (10 + 10 + 40));
    expect(bytesOf(ops.nodeOf(x), 2)).toBe(80);
  });
});

describe('recomputing', () => {
  // With dropout, batch norm, several kinds of pools and skips among them.
  const cases = trainingCases.filter(({ name }) => /U-Net, per pixel$|of every kind|vision/.test(name));

  it.each(cases)('$name comes to the same numbers, running statistics included', (one) => {
    const compiled = compileCase(one);
    const step = compiled.program.functions.trainStep!;
    const [feeds, variables] = [stepFeeds(one, compiled, 1), initialVariables(compiled, 5)];
    for (const rewrite of [engineRewrites.tensorflow, engineRewrites.onnxruntime]) {
      const plain = interpret(rewrite(step).definition, feeds, variables);
      const again = rewrite({ ...step, recompute: fewest });
      expect(again.fired['recompute']).toBeGreaterThan(0);
      expect(checkFunction('trainStep', again.definition, compiled.program.variables)).toEqual([]);
      expect(interpret(again.definition, feeds, variables)).toEqual(plain);
    }
  });

  it.each([
    ['resnet-18', 16, 0.65],
    ['unet-small', 8, 0.6],
    ['mobilenet-v2', 16, 0.35],
  ] as const)('%s at batch %i takes less than %f of the memory, no node more than twice', (name, batch, share) => {
    const step = stepOf(name);
    const { definition, copied } = recomputing({ ...step, recompute: { batch, within: null } });
    expect(peakBytes(definition, batch)).toBeLessThan(share * peakBytes(step, batch));
    expect(new Set(copied).size).toBe(copied.length);
    expect(countOf(definition, 'conv2d')).toBeLessThanOrEqual(2 * countOf(step, 'conv2d'));
  });

  it('lets each copy wait for gradients, so that no engine takes it for the value itself', () => {
    const step = stepOf('unet-small');
    const { nodes } = recomputing({ ...step, recompute: { batch: 8, within: null } }).definition;
    const seen = new Set<string>();
    for (const [id, node] of nodes.entries()) {
      const key = node.op === 'constant' ? String(id) : JSON.stringify(node);
      expect(seen.has(key), `node ${id}, ${node.op}`).toBe(false);
      seen.add(key);
    }
    const waiting = nodes.filter(({ op }) => op === 'after');
    expect(waiting.length).toBeGreaterThan(0);
    // Nothing waits for what itself is computed before the turn: the loss is.
    expect(waiting.every(({ inputs }) => inputs.length >= 2 && inputs.slice(1).every((id) => id > 0))).toBe(true);
  });

  it('does no more than the bytes that are named ask for', () => {
    const step = stepOf('resnet-18');
    const plain = peakBytes(step, 16);
    const within = (bytes: number) => recomputing({ ...step, recompute: { batch: 16, within: bytes } });
    expect(within(plain)).toEqual({ definition: step, copied: [] });
    const [some, most] = [within(0.8 * plain), within(0)];
    expect(peakBytes(some.definition, 16)).toBeLessThanOrEqual(0.8 * plain);
    expect(some.copied.length).toBeGreaterThan(0);
    expect(peakBytes(most.definition, 16)).toBeLessThan(peakBytes(some.definition, 16));
  });

  it('leaves alone what has no way back, and what does not ask', () => {
    const step = stepOf('lenet');
    expect(recomputing(step).definition).toBe(step);
    const predict = templatePrograms('lenet').training.functions.predict!;
    expect(recomputing({ ...predict, recompute: fewest })).toEqual({ definition: predict, copied: [] });
  });
});

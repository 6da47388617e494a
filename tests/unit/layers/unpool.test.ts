import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { applyFix } from '../../../shared/analysis/fixes';
import { compileInference } from '../../../shared/compile/compile';
import type { Json, NetworkDocument } from '../../../shared/schema/document';
import { interpret } from '../../support/referenceInterpreter';

type Params = { readonly [name: string]: Json };

/** A pool, and an unpool that takes `map` and goes back through `pool`. */
function network(shape: readonly number[], pool: Params, unpool: Params, map = 'p', back = 'p'): NetworkDocument {
  return {
    format: 'convloom.network',
    version: 1,
    name: 'unpool',
    nodes: [
      { id: 'x', kind: 'input', params: { shape: [...shape] } },
      { id: 'p', kind: 'pool', params: pool },
      { id: 'r', kind: 'activation', params: { function: 'relu' } },
      { id: 'g', kind: 'pool', params: { poolSize: 1 } },
      { id: 'u', kind: 'unpool', params: unpool },
    ],
    edges: [
      { from: 'x', to: 'p' },
      { from: 'p', to: 'r' },
      { from: 'r', to: 'g' },
      { from: map, to: 'u' },
      { from: back, to: 'u', toPort: 1 },
    ],
  };
}

const shapeOf = (document: NetworkDocument) => analyzeNetwork(document).nodes.get('u')?.outputShape;
const codesOf = (document: NetworkDocument) =>
  analyzeNetwork(document)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, at }) => [code, at.port ?? at.param]);

describe('unpool', () => {
  it.each([
    [[8, 6, 3], {}, {}],
    [[9, 7, 3], {}, {}],
    [[9, 7, 3], { rounding: 'ceil' }, {}],
    [[9, 7, 3], { padding: 'same' }, {}],
    [[9, 10, 2], { poolSize: [2, 3], strides: [3, 4], padding: [1, 0, 1, 1] }, { poolSize: [2, 3], strides: [3, 4] }],
  ] as const)('gives back the size %j that a pool %j was given', (shape, pool, own) => {
    expect(shapeOf(network(shape, pool, own))).toEqual(shape);
    expect(shapeOf(network(shape, pool, own, 'r'))).toEqual(shape);
  });

  it('follows the map of its pool also where what the pool gives stays as it is', () => {
    const before = analyzeNetwork(network([8, 8, 1], {}, {}));
    const after = analyzeNetwork(network([9, 9, 1], {}, {}), before);
    expect(before.nodes.get('u')?.outputShape).toEqual([8, 8, 1]);
    expect(after.nodes.get('u')?.outputShape).toEqual([9, 9, 1]);
  });

  it('refuses what is no max pool, other windows, windows that overlap and another size', () => {
    expect(codesOf(network([8, 8, 1], {}, {}, 'p', 'r'))).toEqual([['layers/unpool-without-pool', 1]]);
    expect(codesOf(network([8, 8, 1], { mode: 'avg' }, {}))).toEqual([['layers/unpool-without-pool', 1]]);
    expect(codesOf(network([9, 9, 1], { dilationRate: 2 }, {}))).toEqual([['layers/unpool-without-pool', 1]]);
    expect(codesOf(network([9, 9, 1], { poolSize: 3 }, {}))).toEqual([['layers/unpool-windows', 'poolSize']]);
    const overlapping = { poolSize: 3, strides: 2 };
    expect(codesOf(network([9, 9, 1], overlapping, overlapping))).toEqual([['layers/unpool-windows', 'poolSize']]);
    expect(codesOf(network([8, 8, 1], {}, {}, 'x'))).toEqual([['layers/unpool-size', 0]]);
  });

  it('takes the windows of its pool by the fix', () => {
    const document = network([9, 9, 1], { poolSize: 3 }, {});
    const [finding] = analyzeNetwork(document).diagnostics.filter(({ code }) => code === 'layers/unpool-windows');
    const fixed = applyFix(document, finding!.fixes[0]!);
    expect(fixed.ok && shapeOf(fixed.value)).toEqual([9, 9, 1]);
  });

  it('puts each value where the first of the largest was', () => {
    const document = network([2, 5, 1], {}, {});
    const compiled = compileInference(document, analyzeNetwork(document));
    if (!compiled.ok) throw new Error('does not compile');
    const x = { shape: [1, 2, 5, 1], data: Float64Array.from([1, 9, 5, 5, 7, 3, 2, 4, 5, 8]) };
    const { outputs } = interpret(compiled.value.program.functions['predict']!, { x }, {});
    expect([...outputs['u']!.data]).toEqual([0, 9, 5, 0, 0, 0, 0, 0, 0, 0]);
  });
});

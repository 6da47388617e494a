import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { lowerNetwork } from '../../../shared/compile/lowering';
import { defaultParams, layers } from '../../../shared/layers';
import type { AnyLayerDefinition } from '../../../shared/layers/define';
import { readParams } from '../../../shared/layers/params';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import type { Json, NetworkDocument } from '../../../shared/schema/document';
import { drawTensor } from '../../support/opCases/opCase';
import { interpret } from '../../support/referenceInterpreter';
import { generate, type Tensor64 } from '../../support/tensor64';

const shape = [4, 6, 4] as const;

type Params = { readonly [name: string]: Json };

/** Each kind with its default params, and once with each value of each choice that it offers. */
function variantsOf(definition: AnyLayerDefinition): readonly Params[] {
  const base = defaultParams(definition);
  const choices = Object.entries(definition.params).flatMap(([name, field]) =>
    field.type === 'choice' ? field.values.map((value) => ({ ...base, [name]: value })) : [],
  );
  return [base, ...choices];
}

const rows = layers
  .filter(({ inputs }) => inputs.arity === 'fixed')
  .flatMap((definition: AnyLayerDefinition) =>
    variantsOf(definition).map((params) => ({ definition, kind: definition.kind, params })),
  );

/** The layer as a function of its first input, with the same weights at every call; null for params that fit no such input. */
function layerOf(kind: string, params: Params): ((x: Tensor64) => Tensor64) | null {
  const document: NetworkDocument = {
    format: 'convloom.network',
    version: 1,
    name: kind,
    nodes: [
      { id: 'x', kind: 'input', params: { shape: [...shape] } },
      { id: 'layer', kind, params },
    ],
    edges: [{ from: 'x', to: 'layer' }],
  };
  const analysis = analyzeNetwork(document);
  if (!analysis.ok) return null;
  const ops = createOpBuilder();
  const inputs = new Map([['x', ops.input('x', ['batch', ...shape])]]);
  const lowered = lowerNetwork(document, analysis, ops, 'infer', { order: analysis.order, inputs });
  const program = ops.finish({ y: lowered.values.get('layer')! });
  const weights = Object.fromEntries(
    lowered.weights.map((weight, at) => [
      weight.name,
      drawTensor(weight.shape, weight.name.endsWith('Variance') ? 'positive' : 'normal', at),
    ]),
  );
  return (x) => interpret(program, { x }, weights).outputs.y!;
}

function combine(a: Tensor64, b: Tensor64, of: (a: number, b: number) => number): Tensor64 {
  return { ...a, data: a.data.map((value, index) => of(value, b.data[index]!)) };
}

function largest({ data }: Tensor64): number {
  return data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

const a = drawTensor([1, ...shape], 'normal', 50);
const b = drawTensor([1, ...shape], 'normal', 51);

const cases = rows.flatMap((row) => {
  const layer = layerOf(row.kind, row.params);
  return layer === null ? [] : [{ ...row, layer }];
});

/** Params that put room around a map: with them a layer that is no enlargement may give a larger one. */
const rooms: ReadonlySet<string> = new Set(['top', 'bottom', 'left', 'right', 'padding']);

/** Whether a layer may turn a map over, so that its height is what its width was. */
function swapsAxes(definition: AnyLayerDefinition): boolean {
  return Object.values(definition.params).some(({ type }) => type === 'order');
}

const linear = cases.filter(({ definition, params }) => {
  const read = readParams(definition, params, 'layer');
  return read.ok && definition.traits.keepsLinear(read.value);
});
const pointwise = cases.filter(({ definition }) => definition.traits.isPointwise);
const enlarging = cases.filter(({ definition }) => definition.traits.enlarges === true);
const others = cases.filter(
  ({ definition }) =>
    definition.traits.enlarges !== true && !Object.keys(definition.params).some((name) => rooms.has(name)),
);

describe('what a layer says of itself is true', () => {
  it('is said by some layer each', () => {
    expect(Math.min(linear.length, pointwise.length, enlarging.length, others.length)).toBeGreaterThan(3);
  });

  it.each(linear)('$kind $params: keeps a linear stack linear', ({ layer }) => {
    const between = layer(combine(a, b, (x, y) => (x + y) / 2));
    const mean = combine(layer(a), layer(b), (x, y) => (x + y) / 2);
    expect(largest(combine(between, mean, (x, y) => x - y))).toBeLessThan(1e-9);
  });

  it.each(pointwise)('$kind $params: keeps the shape and treats every position alone', ({ layer }) => {
    const before = layer(a);
    expect(before.shape).toEqual([1, ...shape]);
    // Another value in one corner, and nothing changes but there.
    const corner = generate([1, ...shape], ([, y, x]) => (y === 0 && x === 0 ? 1 : 0));
    const after = layer(combine(a, corner, (value, more) => value + 3 * more));
    const change = combine(after, before, (x, y) => x - y);
    expect(largest(combine(change, corner, (value, at) => (at === 0 ? value : 0)))).toBe(0);
  });

  it.each(enlarging)('$kind $params: gives a larger map', ({ layer }) => {
    const [, height = 0, width = 0] = layer(a).shape;
    expect(height > shape[0] && width > shape[1]).toBe(true);
  });

  it.each(others)('$kind $params: gives no larger map', ({ definition, layer }) => {
    const [, height = 0, width = 0, ...rest] = layer(a).shape;
    const positions = shape[0] * shape[1];
    const isSmaller = swapsAxes(definition) ? height * width <= positions : height <= shape[0] && width <= shape[1];
    // A list of all positions may have a learned one before them.
    const isList = width === 1 && height <= positions + 1;
    expect(rest.length === 0 || isSmaller || isList).toBe(true);
  });
});

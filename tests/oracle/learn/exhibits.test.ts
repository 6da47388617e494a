import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileInspection, classInput, targetOutput } from '../../../shared/compile/inspection';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { askedNode, backwardQuestion, backwardSteps } from '../../../shared/learn/exhibits/backward';
import { isRight } from '../../../shared/learn/exhibits/exhibit';
import { featureMapsQuestion } from '../../../shared/learn/exhibits/featureMaps';
import { headBars, headsQuestion } from '../../../shared/learn/exhibits/heads';
import { keptPlaces, poolingModes, poolingNetwork, poolingQuestion } from '../../../shared/learn/exhibits/pooling';
import { scoreMapQuestion, slidingNetwork } from '../../../shared/learn/exhibits/scoreMap';
import { windowQuestion } from '../../../shared/learn/exhibits/window';
import { classMap, planeOf } from '../../../shared/ops/featureMaps';
import type { FloatTensors, HostTensor } from '../../../shared/ops/tensor';
import type { NetworkDocument } from '../../../shared/schema/document';
import { chain } from '../../support/chain';
import { interpret } from '../../support/referenceInterpreter';
import { fromHostTensor, toHostTensor } from '../../support/tensor64';
import type { Tensor64 } from '../../support/tensor64';

const templates = join(import.meta.dirname, '..', '..', '..', 'templates');
const lenet = JSON.parse(readFileSync(join(templates, 'lenet', 'network.json'), 'utf8')) as NetworkDocument;

/** As LeNet is built, and small enough for the interpreter. */
const small = chain([
  ['image', 'input', { shape: [12, 12, 1] }],
  ['c1', 'conv', { filters: 4, kernelSize: 3 }],
  ['a1', 'activation', { function: 'relu' }],
  ['p1', 'pool', { mode: 'max', poolSize: 2 }],
  ['f1', 'fc', { units: 8, activation: 'relu' }],
  ['f2', 'fc', { units: 10 }],
]);

/** A picture that is nowhere alike. */
function picture(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, at) => Math.abs(Math.sin(12.9898 * at) * 43758.5453) % 1);
}

/** What the double precision interpreter computes for one picture: values, and gradients of the score of a class. */
function look(
  document: NetworkDocument,
  x: Float64Array,
  score: number | null = null,
  given: FloatTensors | null = null,
) {
  const analysis = analyzeNetwork(document);
  const target = score === null ? null : ({ of: 'score' } as const);
  const compiled = compileInspection(document, analysis, { mode: 'infer', nodes: analysis.order, target, seed: 1 });
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
  const { program, weights, outputs, inputShape, outputShape } = compiled.value;
  const own = initialWeights(weights, 1);
  // As the trainer has it: a kernel of the same name and count is the same numbers.
  const variables = weights.map(({ name, shape }): readonly [string, Tensor64] => [
    name,
    fromHostTensor({ ...(given?.[name] ?? own[name]!), shape }),
  ]);
  const classes = outputShape.at(-1) ?? 1;
  const chosen = Float64Array.from({ length: classes }, (_, index) => (index === score ? 1 : 0));
  const feeds = {
    x: { shape: [1, ...inputShape], data: x },
    ...(score === null ? {} : { [classInput]: { shape: [classes], data: chosen } }),
  };
  const found = interpret(program.functions['inspect']!, feeds, Object.fromEntries(variables)).outputs;
  const tensor = (name: string | undefined): HostTensor => toHostTensor(found[name ?? '']!, 'float32');
  return {
    analysis,
    weights: own,
    target: found[targetOutput]?.data[0] ?? NaN,
    value: (id: string) => tensor(outputs.values.get(id)),
    gradient: (id: string) => tensor(outputs.gradients.get(id)),
  };
}

describe('a window over a picture', () => {
  it('is done where the map is largest, and nowhere else', () => {
    const output = look(small, picture(144)).value('c1');
    const plane = planeOf(output, 0, 3).values;
    const done = [...plane.keys()].filter((at) => {
      const question = windowQuestion(output, { filter: 3, row: Math.floor(at / 10), column: at % 10 });
      return isRight(question, null) === true;
    });
    expect(done).toEqual([plane.indexOf(Math.max(...plane))]);
  });
});

describe('a digit at every node', () => {
  it('asks for the map with the largest mean', () => {
    const maps = look(small, picture(144)).value('c1');
    const means = Array.from({ length: 4 }, (_, channel) => planeOf(maps, 0, channel).values.reduce((a, b) => a + b));
    const question = featureMapsQuestion('c1', maps);
    expect(question.kind === 'number' && question.answer).toBe(1 + means.indexOf(Math.max(...means)));
  });
});

describe('what a pool keeps', () => {
  it('is what the engine gives for each way, and the question is about L2', () => {
    const pooled = look(poolingNetwork(6, 6, 2), picture(36));
    const under = [0, 1, 6, 7].map((at) => pooled.value('map').data[at]!);
    const first = Object.fromEntries(poolingModes.map((mode) => [mode, pooled.value(mode).data[0]!])) as Record<
      (typeof poolingModes)[number],
      number
    >;
    expect(first.max).toBeCloseTo(Math.max(...under), 6);
    expect(first.avg).toBeCloseTo(under.reduce((sum, value) => sum + value) / 4, 6);
    const question = poolingQuestion(under, first);
    expect(isRight(question, Math.hypot(...under))).toBe(true);
    expect(isRight(question, first.max)).toBe(false);
  });

  it('marks as kept the values that the gradient goes to', () => {
    const network = chain([
      ['x', 'input', { shape: [8, 8, 2] }],
      ['p', 'pool', { mode: 'max', poolSize: 3, strides: 2, padding: 1 }],
      ['g', 'gap'],
    ]);
    const seen = look(network, picture(128), 1);
    const kept = keptPlaces(seen.analysis.nodes.get('p')!, seen.value('x'), 0, 1)!;
    const gradient = planeOf(seen.gradient('x'), 0, 1).values;
    expect([...kept].map((one) => one === 1)).toEqual([...gradient].map((slope) => slope !== 0));
    expect(kept.filter((one) => one === 1).length).toBeGreaterThan(8);
  });
});

describe('from FC to GAP', () => {
  const bars = headBars(lenet, analyzeNetwork(lenet));

  it('counts the parameters of each head as the analyser does', () => {
    const figures = new Map(bars.map(({ kind, params, headParams }) => [kind, [params, headParams]]));
    expect(figures.get('fc')).toEqual([431_080, 405_510]);
    expect(figures.get('conv')).toEqual([431_080, 405_510]);
    expect(figures.get('gap')).toEqual([26_080, 510]);
    expect(isRight(headsQuestion(bars)!, 94)).toBe(true);
    expect(isRight(headsQuestion(bars)!, 90)).toBe(false);
  });

  it('has class maps behind GAP that add up to the score, and says that they are exact', () => {
    const gap = headBars(small, analyzeNetwork(small)).find(({ kind }) => kind === 'gap')!.document;
    const seen = look(gap, picture(144), 7);
    const { plane, isExact } = classMap(seen.value('p1'), seen.gradient('p1'), 0);
    expect(isExact).toBe(true);
    // The bias of the FC is the only part of the score that no place has; it starts at 0.
    expect(plane.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(seen.target, 4);
    const behindFc = look(small, picture(144), 7);
    expect(classMap(behindFc.value('p1'), behindFc.gradient('p1'), 0).isExact).toBe(false);
  });
});

describe('step by step backward', () => {
  it('goes through every node forward and then backward, and asks at the first max pool', () => {
    const analysis = analyzeNetwork(lenet);
    const steps = backwardSteps(analysis.order);
    expect(steps.map(({ node }) => node)).toEqual([...analysis.order, ...analysis.order.toReversed()]);
    expect(askedNode(analysis)).toBe('p1');
  });

  it('is done at the value with the largest gradient, of either sign', () => {
    const analysis = analyzeNetwork(lenet);
    const ask = (picked: number | null) =>
      isRight(backwardQuestion(analysis, 'p1', Float32Array.of(0, 2, -3, 1), picked), null);
    expect([null, 0, 1, 2, 3].map(ask)).toEqual([null, null, null, true, null]);
  });
});

describe('a classifier that slides', () => {
  it('answers at each place as the classifier does on the picture there, with the very same weights', () => {
    const sliding = slidingNetwork(small, analyzeNetwork(small), [16, 18])!;
    expect(sliding.places).toEqual([3, 4]);
    const large = picture(16 * 18);
    const { weights } = look(small, picture(144));
    const scores = look(sliding.document, large, null, weights).value(sliding.outputNode);
    for (const [row, column] of [
      [0, 0],
      [2, 3],
      [1, 2],
    ] as const) {
      const part = Float64Array.from(
        { length: 144 },
        (_, at) => large[(2 * row + Math.floor(at / 12)) * 18 + 2 * column + (at % 12)]!,
      );
      const alone = look(small, part).value('f2').data;
      alone.forEach((score, index) => expect(scores.data[(row * 4 + column) * 10 + index]! - score).toBeCloseTo(0, 5));
    }
    expect(isRight(scoreMapQuestion(sliding), 12)).toBe(true);
  });
});

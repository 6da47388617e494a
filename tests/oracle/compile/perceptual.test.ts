import { describe, expect, it } from 'vitest';
import { gramOf } from '../../../electron/trainer/perceptual';
import { compileInference } from '../../../shared/compile/compile';
import type { PerceptualLoss } from '../../../shared/compile/perceptual';
import { perceptualParts } from '../../../shared/compile/perceptual';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { differentiate } from '../../../shared/ops/differentiate';
import { drawTensor } from '../../support/opCases/opCase';
import { interpret } from '../../support/referenceInterpreter';
import type { Tensors64 } from '../../support/referenceInterpreter';
import { fromHostTensor } from '../../support/tensor64';
import type { Tensor64 } from '../../support/tensor64';
import { compileCase, initialVariables, stepFeeds, trainingCases } from '../../support/trainingCases';

const pictures = trainingCases.find(({ name }) => name === 'pictures in a style')!;
const loss: PerceptualLoss = pictures.options.perceptual!;
const shape = [2, 8, 6, 3];
/** Uniform, as pictures are. */
const picture = (seed: number): Tensor64 => {
  const { data } = drawTensor(shape, 'normal', seed);
  return { shape, data: data.map((value) => 1 / (1 + Math.exp(-value))) };
};
const [answer, target] = [picture(1), picture(2)];

/** The parts over a batch, and the slope of their sum at each value of the answer. */
const built = (() => {
  const ops = createOpBuilder();
  const [given, wanted] = ['answer', 'target'].map((name) => ops.input(name, ['batch', 8, 6, 3]));
  const parts = perceptualParts(ops, loss, given!, wanted!, 'reduceSum');
  const [content, style, variation] = [parts['content']!, parts['style']!, parts['variation']!];
  const sum = ops.add(ops.add(content, style), variation);
  const [slope] = differentiate(ops, sum, [given!]);
  return ops.finish({ ...parts, sum, slope: slope! });
})();
const run = (given: Tensor64): Tensors64 => interpret(built, { answer: given, target }, {}).outputs;

/** What the loss network gives by itself, for pictures that were made grey by hand. */
function featuresOf({ data }: Tensor64, nodes: readonly string[]): Tensors64 {
  const grey = Float64Array.from({ length: data.length / 3 }, (_, at) =>
    [0.299, 0.587, 0.114].reduce((sum, share, channel) => sum + share * data[3 * at + channel]!, 0),
  );
  const compiled = compileInference(loss.network.document, loss.network.analysis, { nodes });
  if (!compiled.ok) throw new Error('The loss network was planned.');
  const { functions } = compiled.value.program;
  const weights = Object.fromEntries(
    Object.entries(loss.weights).map(([name, tensor]) => [name, fromHostTensor(tensor)]),
  );
  return interpret(functions['predict']!, { x: { shape: [2, 8, 6, 1], data: grey } }, weights).outputs;
}

const square = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value * value, 0);

describe('the perceptual loss', () => {
  it('has as content the mean square between what the loss network makes of answer and picture', () => {
    const [[nodeId, weight]] = [...loss.content] as [[string, number]];
    const [own, wanted] = [answer, target].map((one) => featuresOf(one, [nodeId])[nodeId]!.data);
    const apart = square(own!.map((value, at) => value - wanted![at]!));
    expect(run(answer).content!.data[0]).toBeCloseTo((2 * weight * apart) / own!.length, 10);
  });

  it('has as style the squares between the Gram matrices of the answer and those of the style', () => {
    const features = featuresOf(
      answer,
      loss.style.map(({ nodeId }) => nodeId),
    );
    const byHand = loss.style.reduce((sum, { nodeId, weight, gram }) => {
      const { data, shape: own } = features[nodeId]!;
      const size = data.length / 2;
      return [0, 1].reduce((part, row) => {
        const found = gramOf(data.subarray(row * size, (row + 1) * size), own.slice(1));
        return part + weight * square(found.map((value, at) => value - gram[at]!));
      }, sum);
    }, 0);
    expect(loss.style).toHaveLength(2);
    expect(run(answer).style!.data[0]! / byHand).toBeCloseTo(1, 5);
  });

  it('has as variation the mean squares of steps to the right and down', () => {
    const at = (row: number, y: number, x: number, c: number) => answer.data[((row * 8 + y) * 6 + x) * 3 + c]!;
    let [across, down] = [0, 0];
    for (let row = 0; row < 2; row++)
      for (let y = 0; y < 8; y++)
        for (let x = 0; x < 6; x++)
          for (let c = 0; c < 3; c++) {
            if (x > 0) across += (at(row, y, x, c) - at(row, y, x - 1, c)) ** 2;
            if (y > 0) down += (at(row, y, x, c) - at(row, y - 1, x, c)) ** 2;
          }
    const byHand = loss.variationWeight * (across / (8 * 5 * 3) + down / (7 * 6 * 3));
    expect(run(answer).variation!.data[0]).toBeCloseTo(byHand, 10);
  });

  it('has the slope of its sum, by finite differences', () => {
    const { slope } = run(answer);
    const step = 1e-5;
    for (let place = 0; place < answer.data.length; place += 7) {
      const sumAt = (by: number) =>
        run({ shape, data: answer.data.with(place, answer.data[place]! + by) }).sum!.data[0]!;
      expect(slope!.data[place]! - (sumAt(step) - sumAt(-step)) / (2 * step)).toBeCloseTo(0, 6);
    }
  });

  it('tells its parts beside the loss that they add up to, and trains the network alone', () => {
    const compiled = compileCase(pictures);
    const { trainStep, evaluate } = compiled.program.functions;
    const variables = initialVariables(compiled, 3);
    const feeds = stepFeeds(pictures, compiled, 1);
    for (const [step, total] of [
      [trainStep!, 'loss'],
      [evaluate!, 'lossSum'],
    ] as const) {
      const { outputs } = interpret(step, feeds, variables);
      const parts = ['content', 'style', 'variation'].reduce((sum, part) => sum + outputs[part]!.data[0]!, 0);
      expect(outputs[total]!.data[0]! / parts).toBeCloseTo(1, 10);
    }
    const names = compiled.program.variables.map(({ name }) => name.split('/')[0]);
    expect([...new Set(names)]).toEqual(['c1', 'out']);
  });
});

import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import { compileInspection } from '../../../shared/compile/inspection';
import { ignoredLabel } from '../../../shared/compile/losses';
import type { Loss } from '../../../shared/compile/losses';
import { checkTraining } from '../../../shared/compile/trainingChecks';
import type { TrainingChoices } from '../../../shared/compile/trainingChecks';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { templates } from '../../../templates/build';
import { chain, type ChainRow } from '../../support/chain';
import { interpret } from '../../support/referenceInterpreter';
import type { Tensor64 } from '../../support/tensor64';

type Ending = 'linear' | 'sigmoid';
const network = (activation: string) =>
  chain([
    ['image', 'input', { shape: [2, 2, 1] }],
    ['score', 'conv', { filters: 1, kernelSize: 1, activation }],
  ]);
const tensor = (shape: readonly number[], data: readonly number[]): Tensor64 => ({
  shape: [...shape],
  data: Float64Array.from(data),
});
const weights = { 'score/kernel': tensor([1, 1, 1, 1], [1]), 'score/bias': tensor([1], [0]) };
const logits = [2, -1, 0.5, -3];
const x = tensor([1, 2, 2, 1], logits);
const labels = [1, 0, 0, 1];
const chances = logits.map((z) => 1 / (1 + Math.exp(-z)));
const hits = chances.map((p, at) => (labels[at] === 1 ? p : 1 - p));
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

function run(activation: Ending, loss: Loss | 'auto', y = labels) {
  const task = { kind: 'segmentation', classCount: 2, hasIgnored: true } as const;
  const document = network(activation);
  const config = { optimizer: 'sgd', learningRate: 1, momentum: 0, seed: 1, loss, task } as const;
  const compiled = compileTraining(document, analyzeNetwork(document), config);
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.code);
  const { evaluate, predict } = compiled.value.program.functions;
  const scored = interpret(evaluate!, { x, y: tensor([1, 2, 2], y) }, weights).outputs;
  const { scores } = interpret(predict!, { x }, weights).outputs;
  return { loss: scored['lossSum']!.data[0]!, scored, scores: scores! };
}

const area = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);
const overlap = area(chances.map((p, at) => p * labels[at]!));

describe('masks of two classes by one channel', () => {
  it.each([
    ['auto', 'linear', mean(hits.map((p) => -Math.log(p)))],
    ['auto', 'sigmoid', mean(hits.map((p) => -Math.log(p)))],
    ['binaryCrossEntropy', 'sigmoid', mean(hits.map((p) => -Math.log(p)))],
    ['focal', 'sigmoid', mean(hits.map((p) => -((1 - p) ** 2) * Math.log(p)))],
    ['dice', 'linear', 1 - (2 * overlap + 1) / (area(chances) + 2 + 1)],
    ['meanSquaredError', 'sigmoid', mean(hits.map((p) => (1 - p) ** 2))],
  ] as const)('are learned by the loss %s of the thing, where the network ends %s', (loss, ending, wanted) => {
    const { loss: found, scores, scored } = run(ending, loss);
    expect(found).toBeCloseTo(wanted, 8);
    expect(scores.shape).toEqual([1, 2, 2, 2]);
    chances.forEach((p, at) => expect(scores.data[2 * at + 1]).toBeCloseTo(p, 10));
    chances.forEach((p, at) => expect(scores.data[2 * at]).toBeCloseTo(1 - p, 10));
    expect(scored['correct']!.data[0]).toBe(2);
    expect([...scored['intersection']!.data]).toEqual([1, 1]);
    expect([...scored['union']!.data]).toEqual([3, 3]);
  });

  it('leave out pixels of no class, and have Dice losses without the thing, too', () => {
    expect(run('linear', 'auto', [1, ignoredLabel, 0, 1]).loss).toBeCloseTo(
      mean([hits[0]!, hits[2]!, hits[3]!].map((p) => -Math.log(p))),
      8,
    );
    expect(run('sigmoid', 'dice', [0, 0, 0, 0]).loss).toBeCloseTo(1 - 1 / (area(chances) + 1), 8);
  });

  it.each([
    [0, -1],
    [1, 1],
  ])('have a score of class %i whose slope is %f of the channel before its sigmoid', (chosen, slope) => {
    const document = network('sigmoid');
    const target = { of: 'score', hasOneScore: true } as const;
    const options = { mode: 'infer', nodes: ['image'], target, seed: 1 } as const;
    const compiled = compileInspection(document, analyzeNetwork(document), options);
    if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.code);
    const { program, outputs } = compiled.value;
    const hot = tensor([2], [1 - chosen, chosen]);
    const found = interpret(program.functions['inspect']!, { x, class: hot }, weights).outputs;
    expect([...found[outputs.gradients.get('image')!]!.data]).toEqual(new Array(4).fill(slope));
  });
});

function check(rows: readonly ChainRow[], classes: readonly string[], choices: TrainingChoices = {}) {
  const document = chain([['image', 'input', { shape: [8, 8, 1] }], ...rows]);
  const data = { task: 'segmentation', inputShape: [8, 8, 1], classes } as const;
  return { document, findings: checkTraining(document, analyzeNetwork(document), data, choices) };
}

const conv = (activation: string): ChainRow => ['c', 'conv', { filters: 1, kernelSize: 1, activation }];

describe('a network that ends in one channel', () => {
  it.each(['auto', 'crossEntropy', 'binaryCrossEntropy', 'focal', 'dice', 'meanSquaredError'] as const)(
    'learns masks of two classes as it is by %s',
    (loss) => {
      expect(check([conv('linear')], ['0', '1'], { loss }).findings).toEqual([]);
      expect(check([conv('sigmoid')], ['0', '1'], { loss }).findings).toEqual([]);
    },
  );

  it.each([
    ['train/class-count', 'error', 3, [conv('sigmoid')]],
    ['train/class-count', 'error', 3, [conv('linear'), ['s', 'activation', { function: 'sigmoid' }]]],
    ['train/softmax-of-one', 'error', 2, [conv('softmax')]],
    ['train/head-clamped', 'warning', 2, [conv('tanh')]],
  ] as const)(
    'is told of %s (%s) for masks of %i classes, and mended by the first fix',
    (code, severity, count, rows) => {
      const classes = ['0', '1', '2'].slice(0, count);
      const { document, findings } = check(rows, classes);
      expect(findings.map((one) => [one.code, one.severity])).toEqual([[code, severity]]);
      const mended = applyEdits(document, findings[0]!.fixes[0]!.edits);
      if (!mended.ok) throw new Error(mended.diagnostics[0]!.code);
      const data = { task: 'segmentation', inputShape: [8, 8, 1], classes } as const;
      expect(checkTraining(mended.value, analyzeNetwork(mended.value), data)).toEqual([]);
    },
  );

  it.each(['attention-unet', 'unet-plus-plus'])(
    'is the template %s, which learns masks of two classes as it is',
    (name) => {
      const document = templates.find(({ id }) => id === name)!.document;
      const analysis = analyzeNetwork(document);
      const inputShape = analysis.nodes.get(analysis.inputs[0]!)!.outputShape!.map(Number);
      const data = { task: 'segmentation', inputShape, classes: ['ground', 'thing'] } as const;
      expect(checkTraining(document, analysis, data)).toEqual([]);
    },
  );

  it('learns pictures as it did', () => {
    const document = chain([['image', 'input', { shape: [8, 8, 1] }], conv('sigmoid')]);
    const data = { task: 'image-to-image', inputShape: [8, 8, 1], targetShape: [8, 8, 1], classes: [] } as const;
    expect(checkTraining(document, analyzeNetwork(document), data)).toEqual([]);
    const refused = checkTraining(document, analyzeNetwork(document), data, { loss: 'binaryCrossEntropy' });
    expect(refused.map(({ code }) => code)).toEqual(['train/loss-needs-classes']);
  });
});

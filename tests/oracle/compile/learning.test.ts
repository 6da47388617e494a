import { beforeAll, describe, expect, it } from 'vitest';
import { createTfjsEngine } from '../../../electron/engines/tfjs';
import type { EngineSession } from '../../../electron/engines/engine';
import { createRandom } from '../../../shared/ops/random';
import { feedsFor, variablesFor, withSession } from '../../support/describeEngine';
import type { Tensors64 } from '../../support/referenceInterpreter';
import { fromHostTensor, generate } from '../../support/tensor64';
import { compileCase, initialVariables } from '../../support/trainingCases';
import type { TrainingCase } from '../../support/trainingCases';

const engine = createTfjsEngine();

/** Images of one bright bar: class 0 lies, class 1 stands. Per pixel, class 1 is the bar. */
function bars(
  count: number,
  seed: number,
): { readonly x: Tensors64[string]; readonly kind: Tensors64[string]; readonly mask: Tensors64[string] } {
  const random = createRandom(seed);
  const drawn = Array.from({ length: count }, () => ({
    stands: random.uniform() < 0.5,
    place: Math.floor(random.uniform() * 12),
  }));
  const isBar = ([n, row, column]: readonly number[]) => {
    const { stands, place } = drawn[n!]!;
    return (stands ? column : row) === place;
  };
  return {
    x: generate([count, 12, 12, 1], (index) => (isBar(index) ? 1 : 0) + 0.3 * random.normal()),
    kind: generate([count], ([n]) => (drawn[n!]!.stands ? 1 : 0)),
    mask: generate([count, 12, 12], (index) => (isBar(index) ? 1 : 0)),
  };
}

const options = { optimizer: 'adam', learningRate: 0.01, momentum: 0.9, loss: 'auto', seed: 1 } as const;

async function train(
  session: EngineSession,
  trainingCase: TrainingCase,
  label: 'kind' | 'mask',
): Promise<{ readonly first: number; readonly last: number; readonly accuracy: number }> {
  const compiled = compileCase(trainingCase);
  const { trainStep, evaluate } = compiled.program.functions;
  await session.write(variablesFor(compiled.program, initialVariables(compiled, 1)));
  const losses: number[] = [];
  for (let step = 1; step <= 150; step++) {
    const batch = bars(16, step);
    const scalars = Object.entries({ ...compiled.stepInputs(step), ...compiled.randomInputs(step, 16) }).map(
      ([name, value]) => [name, fromHostTensor(value)] as const,
    );
    const feeds = { x: batch.x, y: batch[label], ...Object.fromEntries(scalars) };
    losses.push((await session.run('trainStep', feedsFor(trainStep!, feeds))).loss!.data[0]!);
  }
  const unseen = bars(100, 9999);
  const result = await session.run('evaluate', feedsFor(evaluate!, { x: unseen.x, y: unseen[label] }));
  return { first: losses[0]!, last: losses.at(-1)!, accuracy: result.correct!.data[0]! / unseen[label].data.length };
}

describe('training learns', () => {
  beforeAll(async () => {
    await engine.probe();
  });

  it('to tell lying from standing bars by a LeNet with batch norm and dropout, on images that it never saw', async () => {
    const trainingCase: TrainingCase = {
      name: 'bars',
      rows: [
        ['image', 'input', { shape: [12, 12, 1] }],
        ['c1', 'conv', { filters: 6, kernelSize: 5, useBias: false }],
        ['n1', 'batchnorm', { momentum: 0.8 }],
        ['a1', 'activation', { function: 'relu' }],
        ['p1', 'pool'],
        ['d1', 'dropout', { rate: 0.2 }],
        ['f1', 'fc', { units: 16, activation: 'relu' }],
        ['f2', 'fc', { units: 2 }],
      ],
      options: { ...options, task: { kind: 'classification', classCount: 2 } },
    };
    const { first, last, accuracy } = await withSession(engine, compileCase(trainingCase).program, (session) =>
      train(session, trainingCase, 'kind'),
    );
    expect(last).toBeLessThan(first / 4);
    expect(accuracy).toBeGreaterThan(0.95);
  });

  it('to find the pixels of a bar by a small U-Net', async () => {
    const trainingCase: TrainingCase = {
      name: 'bars per pixel',
      rows: [
        ['image', 'input', { shape: [12, 12, 1] }],
        ['down', 'conv', { filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' }],
        ['p', 'pool'],
        ['bottom', 'conv', { filters: 8, kernelSize: [5, 5], padding: 'same', activation: 'relu' }],
        ['up', 'upconv', { filters: 6, kernelSize: 2 }],
        ['skip', 'concat', {}, ['down', 'up']],
        ['mix', 'conv', { filters: 8, kernelSize: 5, padding: 'same', activation: 'relu' }],
        ['scores', 'conv', { filters: 2, kernelSize: 1 }],
      ],
      options: { ...options, task: { kind: 'segmentation', classCount: 2 } },
    };
    const { first, last, accuracy } = await withSession(engine, compileCase(trainingCase).program, (session) =>
      train(session, trainingCase, 'mask'),
    );
    expect(last).toBeLessThan(first / 4);
    // 11 of 12 pixels are background: answering that everywhere gives 0.917.
    expect(accuracy).toBeGreaterThan(0.97);
  });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeModel } from '../../../electron/files/models';
import { decodeSafetensors } from '../../../electron/files/safetensors';
import { feedMaker } from '../../../electron/trainer/epoch';
import { prepareRun } from '../../../electron/trainer/prepare';
import { averageInputs } from '../../../shared/compile/averages';
import { makeBatch } from '../../../electron/trainer/batches';
import { evaluateSamples } from '../../../electron/trainer/evaluate';
import type { RunEvent } from '../../../shared/training/events';
import { noPlateau } from '../../../shared/schema/schedule';
import type { TrainingConfig } from '../../../shared/schema/training';
import type { FloatTensors } from '../../../shared/ops/tensor';
import { chain } from '../../support/chain';
import {
  loggedNumbers,
  resumedConfig,
  trainBroken,
  trainStopped,
  trainUnbroken,
  weightsOf,
  writePictures,
} from '../../support/resumedRuns';

/** As `resumedNetwork`, without the batch norm, whose statistics are each batch's own. */
const network = chain([
  ['image', 'input', { shape: [8, 8, 1] }],
  ['c1', 'conv', { filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['p1', 'pool'],
  ['maps', 'dropout', { rate: 0.25, spatial: true }],
  ['f1', 'fc', { units: 16, activation: 'relu' }],
  ['units', 'dropout', { rate: 0.5 }],
  ['f2', 'fc', { units: 3 }],
]);

let dir: string;
let pictures: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-long-steps-'));
  pictures = join(dir, 'pictures');
  await writePictures(pictures);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

// Samples are mixed within each batch, so that several are not one large one.
const config = (more: Partial<TrainingConfig>): TrainingConfig => ({
  ...resumedConfig('tfjs', pictures, 2),
  mixup: 0,
  cutmix: 0,
  ...more,
});

async function eventsOf(run: string): Promise<readonly RunEvent[]> {
  const lines = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

describe('a step of several batches', () => {
  it.each([
    ['adam', {}],
    [
      'momentum, with class weights, clipping and weight decay',
      { optimizer: 'momentum', learningRate: 0.01, classWeights: 'balanced', clipNorm: 0.5, weightDecay: 0.01 },
    ],
  ] as const)('is that of one large batch: %s', async (name, more) => {
    const [one, several] = [join(dir, `one ${name}`), join(dir, `several ${name}`)];
    // 48 pictures in steps of 20: the last step of an epoch is a batch of 5 and one of 3.
    await trainUnbroken(config({ ...more, batchSize: 20 }), one, network);
    await trainUnbroken(config({ ...more, batchSize: 5, accumulate: 4 }), several, network);
    const losses = async (run: string) =>
      (await eventsOf(run)).flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    const [expected, found] = [await losses(one), await losses(several)];
    expect(found).toHaveLength(6);
    found.forEach((loss, step) => expect(loss).toBeCloseTo(expected[step]!, 4));
    const [wanted, reached] = [await weightsOf(one), await weightsOf(several)];
    for (const [weight, { data }] of Object.entries(wanted)) {
      const farthest = Math.max(...Array.from(data, (value, at) => Math.abs(value - reached[weight]!.data[at]!)));
      expect(farthest, weight).toBeLessThan(2e-4);
    }
  });

  it('is batch descent where an epoch has no more batches: one step an epoch, with batches that are made as they are asked for', async () => {
    const [all, gathered] = [join(dir, 'all'), join(dir, 'all gathered')];
    await trainUnbroken(config({ batchSize: 48, augment: 'digits' }), all, network);
    const settings = config({ batchSize: 5, accumulate: 1_000_000, augment: 'digits' });
    await trainUnbroken(settings, gathered, network);
    const losses = async (run: string) =>
      (await eventsOf(run)).flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    const [expected, found] = [await losses(all), await losses(gathered)];
    expect(found).toHaveLength(settings.epochs);
    found.forEach((loss, step) => expect(loss).toBeCloseTo(expected[step]!, 4));
    const prepared = await prepareRun(network, settings);
    if (!prepared.ok) throw new Error('The run is refused.');
    const { batches } = feedMaker(prepared.value, settings, { epoch: 1, plateau: noPlateau })(0, 1);
    const [first] = batches;
    expect(first?.feeds['x']?.shape[0]).toBe(5);
    expect([...batches].map(({ isLast }) => isLast)).toEqual([...Array.from({ length: 9 }, () => false), true]);
    expect(first?.feeds).toEqual([...batches][0]?.feeds);
    await prepared.value.session.dispose();
  });

  it.each([
    ['tfjs', 7],
    // Within the second step after its first batch, and after all of them but the last: an engine's own memory has changed places by then.
    ['onnxruntime', 6],
    ['onnxruntime', 8],
  ] as const)(
    'ends between two batches where it is to stop, and goes on as if it never had: %s, %i',
    async (engine, asked) => {
      const [whole, stopped] = [join(dir, `not stopped ${engine} ${asked}`), join(dir, `stopped ${engine} ${asked}`)];
      const settings = resumedConfig(engine, pictures, 2);
      const gathered = { ...settings, batchSize: 12, accumulate: 4 };
      await trainUnbroken(gathered, whole);
      // Asked before each of two steps of four batches, and after all but their last ones: from the sixth time on, within the second step.
      await trainStopped(gathered, stopped, asked);
      const steps = (await eventsOf(stopped)).filter(({ type }) => type === 'step');
      expect(steps).toHaveLength(1);
      expect((await eventsOf(stopped)).at(-1)).toMatchObject({ type: 'finished', reason: 'stopped' });
      await trainUnbroken(gathered, stopped, undefined, { resumeDir: stopped });
      expect(await weightsOf(stopped)).toEqual(await weightsOf(whole));
    },
  );
});

describe('averaged weights', () => {
  it('follow the formula from the start on', async () => {
    const settings = config({ emaDecay: 0.9 });
    const prepared = await prepareRun(network, settings);
    if (!prepared.ok) throw new Error('The run is refused.');
    const { session, program, dataset, form } = prepared.value;
    const names = program.weights.map(({ name }) => name);
    const average = new Map(
      Object.entries(await session.read(names)).map(([name, { data }]) => [name, Float64Array.from(data)]),
    );
    for (let step = 1; step <= 4; step++) {
      const batch = makeBatch(dataset.train, [0, 20, 40], form);
      await session.run('trainStep', { ...batch, ...program.stepInputs(step), ...program.randomInputs(step, 3) });
      await session.run('average', averageInputs(0.9, step));
      const weights = await session.read(names);
      const decay = Math.min(0.9, (1 + step) / (10 + step));
      for (const [name, values] of average)
        values.forEach((value, at) => (values[at] = decay * value + (1 - decay) * weights[name]!.data[at]!));
    }
    const found = await session.read([...program.averages.values()]);
    expect(program.averages.size).toBe(names.length);
    for (const [name, values] of average)
      values.forEach((value, at) => expect(found[`${name}/average`]!.data[at]!).toBeCloseTo(value, 5));
    await session.dispose();
  });

  it('are what is saved, and what validation is by', async () => {
    const run = join(dir, 'averaged');
    await trainUnbroken(config({ emaDecay: 0.9 }), run, network);
    const saved = await weightsOf(run);
    const kept = decodeSafetensors(await readFile(join(run, 'checkpoint.safetensors'))).tensors;
    for (const [name, { data }] of Object.entries(saved)) {
      expect(kept[`${name}/average`]!.data).toEqual(data);
      expect(kept[name]!.data).not.toEqual(data);
    }
    const last = (await eventsOf(run)).findLast((event) => event.type === 'epoch');
    const prepared = await prepareRun(network, config({}));
    if (!prepared.ok || last === undefined) throw new Error('The run is refused.');
    const { session, dataset, form } = prepared.value;
    await session.write(saved);
    const scores = await evaluateSamples(session, dataset.validation, form, 5, () => false);
    await session.dispose();
    expect(scores!.loss).toBeCloseTo(last.valLoss, 5);
  });
});

describe('a broken run with long steps, averages and an eye on its best epoch', () => {
  it('is the unbroken one', async () => {
    const settings = config({ accumulate: 2, emaDecay: 0.95, keep: 'best', patience: 3, epochs: 3 });
    const [whole, broken] = [join(dir, 'whole'), join(dir, 'broken')];
    await trainUnbroken(settings, whole);
    // Between two steps, or between the two batches of one.
    await trainBroken(settings, broken, [4, 9, 14, 20]);
    expect(await loggedNumbers(broken)).toEqual(await loggedNumbers(whole));
    expect(await weightsOf(broken)).toEqual(await weightsOf(whole));
    const best = async (run: string) => decodeSafetensors(await readFile(join(run, 'best.safetensors'))).tensors;
    expect(await best(broken)).toEqual(await best(whole));
    expect(await weightsOf(whole)).toEqual(await best(whole));
  });
});

describe('early stopping', () => {
  it('ends a run that does not get better, and says metric, patience and the best epoch', async () => {
    const run = join(dir, 'early');
    // No step moves anything, so no epoch is better than the first.
    const settings = config({ learningRate: 1e-12, optimizer: 'sgd', patience: 2, epochs: 50, watch: 'loss' });
    await trainUnbroken({ ...settings, augment: 'none', noise: 0, cutout: 0 }, run, network);
    const events = await eventsOf(run);
    const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event.watch] : []));
    expect(epochs.length).toBeLessThan(6);
    expect(epochs[0]).toMatchObject({ metric: 'loss', bestEpoch: 1, patienceLeft: 2 });
    expect(epochs.at(-1)).toMatchObject({ patienceLeft: 0 });
    expect(events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed', early: { patience: 2 } });
  });

  it('is refused for a score that the data do not have', async () => {
    const refused = await prepareRun(network, config({ watch: 'meanIou' }));
    expect(refused).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'train/score-not-there', at: { path: 'train.watch' } }],
    });
  });
});

describe('a run that starts from other weights', () => {
  it('has those of the same name and shape, and says of all others why not', async () => {
    const [first, model] = [join(dir, 'first'), join(dir, 'model')];
    await trainUnbroken(config({}), first, network);
    const weights = (await weightsOf(first)) as FloatTensors;
    expect((await writeModel(model, { document: network, weights, facts: { data: null, source: '' } })).ok).toBe(true);
    const other = chain([
      ['image', 'input', { shape: [8, 8, 1] }],
      ['c1', 'conv', { filters: 6, kernelSize: 3, padding: 'same', activation: 'relu', trainable: false }],
      ['p1', 'pool'],
      ['f1', 'fc', { units: 12, activation: 'relu' }],
      ['head', 'fc', { units: 3 }],
    ]);
    const second = join(dir, 'second');
    const source = { path: model, name: 'first' };
    await trainUnbroken(config({ epochs: 1 }), second, other, { start: source });
    const [started] = await eventsOf(second);
    expect(started).toMatchObject({
      type: 'started',
      from: {
        source: 'first',
        carried: ['c1/kernel', 'c1/bias'],
        frozen: ['c1/kernel', 'c1/bias'],
        fresh: [
          { name: 'f1/kernel', shape: [96, 12], found: [96, 16] },
          { name: 'f1/bias', shape: [12], found: [16] },
          { name: 'head/kernel', found: null },
          { name: 'head/bias', found: null },
        ],
        unused: ['f2/kernel', 'f2/bias'],
      },
    });
    const after = await weightsOf(second);
    expect(after['c1/kernel']!.data).toEqual(weights['c1/kernel']!.data);
    expect(after['head/kernel']!.data).not.toEqual(weights['f2/kernel']!.data);
  });

  it('is refused where none fits', async () => {
    const model = join(dir, 'model');
    const other = chain([
      ['image', 'input', { shape: [8, 8, 1] }],
      ['only', 'fc', { units: 3 }],
    ]);
    const refused = await prepareRun(other, config({}), { start: { path: model, name: 'first' } });
    expect(refused).toMatchObject({ ok: false, diagnostics: [{ code: 'train/nothing-carried' }] });
  });
});

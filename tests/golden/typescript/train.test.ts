import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { PNG } from 'pngjs';
import { describe, expect, it, vi } from 'vitest';
import { decodeImage } from '../../../electron/data/decode';
import { drawChanges, warpLabels, warpPicture } from '../../../electron/data/augment';
import { drawMix, mixSamples } from '../../../electron/data/mixing';
import { isReason } from '../../../electron/data/imageFile';
import { convertChannels, resizeImage } from '../../../electron/data/resize';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printTypescript } from '../../../shared/exports/typescript';
import { lossFor, lossTerms, meanLoss } from '../../../shared/compile/losses';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { strengthsOf } from '../../../shared/schema/augmentation';
import type { NetworkDocument } from '../../../shared/schema/document';
import { scheduledLearningRate } from '../../../shared/schema/schedule';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { OptimizerName, ScheduleName } from '../../../shared/schema/training';
import { chainNetwork, wiredNetwork } from '../../support/networks';
import { loadProject, typeErrors, writeProject } from '../../support/printedProject';
import { interpret } from '../../support/referenceInterpreter';

const epochs = 3;

function network(optimizer: OptimizerName, schedule: ScheduleName): NetworkDocument {
  return {
    ...chainNetwork([4], ['fc', { units: 3 }]),
    train: { optimizer, schedule, epochs, batchSize: 8, learningRate: 0.1 },
  };
}

function print(document: NetworkDocument) {
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error(JSON.stringify(printed.diagnostics));
  return printed.value;
}

type Trained = {
  readonly outputs: readonly { readonly name: string; readonly softmax: string | null }[];
  readonly train: (
    model: tf.LayersModel,
    data: object,
    options?: { readonly onEpoch?: (line: string) => void },
  ) => Promise<void>;
  readonly createOptimizer: () => tf.Optimizer;
  readonly lossOf: (
    scores: tf.LayersModel,
    task: string,
    samples: object[],
    training: boolean,
    weights?: number[],
  ) => () => tf.Scalar;
  readonly scoresModel: (model: tf.LayersModel, task: string) => tf.LayersModel;
  readonly evaluate: (model: tf.LayersModel, task: string, samples: object[]) => object;
};

async function module(dir: string, name: string): Promise<object> {
  return (await import(/* @vite-ignore */ pathToFileURL(join(dir, `dist/${name}.js`)).href)) as object;
}

async function load(name: string, document: NetworkDocument) {
  const dir = writeProject(name, print(document));
  const { buildModel } = await loadProject(dir);
  const parts = [await module(dir, 'settings'), await module(dir, 'scores'), await module(dir, 'train')];
  return { dir, model: buildModel(), ...(Object.assign({}, ...parts) as Trained) };
}

/** A project on disk, and its scripts as a shell runs them. */
function script(name: string, document: NetworkDocument) {
  const dir = writeProject(name, print(document));
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
  const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
  return { dir, node };
}

function sample(inputs: readonly number[], target: readonly number[]) {
  const values = (data: readonly number[]) => ({ shape: [data.length], data: Float32Array.from(data) });
  return { inputs: [values(inputs)], targets: [values(target)] };
}

/** Trains the printed model on 12 samples, and gives the learning rate of each step. */
async function ratesOf(
  optimizer: 'sgd' | 'momentum' | 'nesterov' | 'adam',
  schedule: ScheduleName,
): Promise<readonly number[]> {
  const rates: number[] = [];
  const prototypes = {
    sgd: tf.SGDOptimizer,
    momentum: tf.MomentumOptimizer,
    nesterov: tf.MomentumOptimizer,
    adam: tf.AdamOptimizer,
  };
  const spy = vi.spyOn(prototypes[optimizer].prototype, 'applyGradients').mockImplementation(function (
    this: tf.Optimizer,
  ) {
    rates.push(Number(this.getConfig().learningRate));
  });
  const { model, train } = await load(`train-${optimizer}-${schedule}`, network(optimizer, schedule));
  const training = Array.from({ length: 12 }, (_, at) => sample([at, 1, 2, 3], [at % 3]));
  await train(model, { task: 'classes', classes: [], training, validation: [] });
  spy.mockRestore();
  return rates;
}

describe('the printed train.ts', () => {
  it('names the settings that it does not train with', async () => {
    const document = { ...network('adamW', 'step'), train: { optimizer: 'adamW', schedule: 'step', l1: 0.1 } } as const;
    const { createOptimizer } = await load('train-refuses', document);
    expect(createOptimizer).toThrow(/optimizer adamW, schedule step, l1/);
  });

  it.each(['sgd', 'momentum', 'adam'] as const)('follows the schedule with %s', async (optimizer) => {
    // 12 samples, in batches of 8 and 4.
    const steps = epochs * 2;
    const expected = (schedule: ScheduleName) =>
      Array.from({ length: steps }, (_, step) =>
        scheduledLearningRate({ ...defaultTrainingConfig, learningRate: 0.1, schedule }, step / steps),
      );
    for (const schedule of ['cosine', 'oneCycle'] as const) {
      const rates = await ratesOf(optimizer, schedule);
      expect(rates).toHaveLength(steps);
      rates.forEach((rate, step) => expect(rate).toBeCloseTo(expected(schedule)[step]!, 12));
    }
    expect(await ratesOf(optimizer, 'constant')).toEqual(expected('constant'));
  });

  it('lets moving statistics follow the first batches closely, and a norm that is not trained none', async () => {
    const document = {
      ...chainNetwork([2], ['batchnorm'], ['batchnorm', { trainable: false }], ['fc', { units: 2 }]),
      train: { optimizer: 'sgd', schedule: 'constant', epochs: 1, batchSize: 4, learningRate: 0.1 },
    } as const;
    const { model, train } = await load('train-statistics', document);
    const means = () =>
      model.weights
        .filter(({ name }) => /moving_?mean/i.test(name))
        .map((weight) => Array.from(weight.read().dataSync()));
    const training = [0, 2, 4, 6].map((x, at) => sample([x, 1], [at % 2]));
    await train(model, { task: 'classes', classes: [], training, validation: [] });
    const [followed, still] = means();
    expect(followed![0]).toBeCloseTo((9 / 11) * 3, 5);
    expect(followed![1]).toBeCloseTo(9 / 11, 5);
    expect(still).toEqual([0, 0]);
  });

  it('mixes the samples of a batch as the app does, and their losses by the share', async () => {
    const train = { mixup: 0.4, cutmix: 1, seed: 11, batchSize: 5 } as const;
    const { dir, model, lossOf, scoresModel } = await load('train-mixes', {
      ...chainNetwork([6, 7, 2], ['fc', { units: 5 }]),
      train,
    });
    type Printed = ReturnType<typeof sample>;
    type Batch = { readonly samples: readonly Printed[]; readonly others: readonly Printed[]; readonly share: number };
    const { mixed } = (await module(dir, 'mixing')) as {
      mixed: (samples: readonly Printed[], task: string, seed: number, step: number) => Batch;
    };
    const { mixedLossOf } = (await module(dir, 'scores')) as {
      mixedLossOf: (scores: tf.LayersModel, task: string, batch: Batch) => () => tf.Scalar;
    };
    const [size, shape] = [6 * 7 * 2, [6, 7, 2]];
    const values = Float32Array.from({ length: 5 * size }, (_, at) => ((at * 37) % 101) / 100);
    const samples = Array.from({ length: 5 }, (_, at) => ({
      inputs: [{ shape, data: values.slice(at * size, (at + 1) * size) }],
      targets: [{ shape: [1], data: Float32Array.of(at) }],
    }));
    const ways = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => {
      const mix = drawMix({ ...train }, train.seed, step, { from: 0, count: 5 }, shape)!;
      const found = mixed(samples, 'classes', train.seed, step);
      expect(found.share).toBe(mix.share);
      expect(found.others.map(({ targets }) => targets[0]!.data[0])).toEqual([...mix.others]);
      const inputs = Float32Array.from(found.samples.flatMap((one) => [...one.inputs[0]!.data]));
      expect(inputs).toEqual(mixSamples(values, mix, shape));
      const scores = scoresModel(model, 'classes');
      const loss = (labelled: readonly Printed[]) => {
        const batch = found.samples.map(({ inputs: own }, at) => ({ inputs: own, targets: labelled[at]!.targets }));
        return lossOf(scores, 'classes', batch, true)().arraySync();
      };
      const wanted = mix.share * loss(samples) + (1 - mix.share) * loss(found.others);
      expect(mixedLossOf(scores, 'classes', found)().arraySync()).toBeCloseTo(wanted, 5);
      return mix.box === null;
    });
    expect(new Set(ways).size).toBe(2);
  });

  it('changes pictures and masks as the app does, where the settings say so', async () => {
    const train = { augment: 'photos', shear: 15, noise: 0.05, cutout: 0.4, seed: 11 } as const;
    const { dir } = await load('train-augments', {
      ...chainNetwork([9, 14, 3], ['conv', { filters: 2, kernelSize: 3 }]),
      train,
    });
    const { changed } = (await module(dir, 'augment')) as {
      changed: (one: object, seed: number, step: number, index: number) => ReturnType<typeof sample>;
    };
    const data = Float32Array.from({ length: 9 * 14 * 3 }, (_, at) => ((at * 37) % 256) / 255);
    const labels = Float32Array.from({ length: 9 * 14 }, (_, at) => at % 5);
    const given = { inputs: [{ shape: [9, 14, 3], data }], targets: [{ shape: [9, 14], data: labels }] };
    for (const step of [1, 2, 3]) {
      const made = changed(given, 11, step, 4);
      const strengths = strengthsOf({ ...defaultTrainingConfig, ...train })!;
      const [change] = drawChanges(strengths, 11, step, [4], [9, 14, 3]);
      const wanted = new Float32Array(data.length);
      warpPicture(data, [9, 14, 3], 1, change!, wanted);
      made.inputs[0]!.data.forEach((value, at) => expect(Math.abs(value - wanted[at]!)).toBeLessThan(1e-5));
      expect([...made.targets[0]!.data]).toEqual([...warpLabels(labels, 9, 14, change!)]);
    }
  });

  it('type-checks under its own settings', () => {
    const projects = (['cosine', 'oneCycle', 'constant'] as const).map((schedule) => {
      const files = print(network(schedule === 'constant' ? 'sgd' : 'adam', schedule));
      return { dir: writeProject(`train-types-${schedule}`, files), files };
    });
    const momentum = print(network('momentum', 'cosine'));
    projects.push({ dir: writeProject('train-types-momentum', momentum), files: momentum });
    const mixing = print({
      ...chainNetwork([8, 8, 1], ['fc', { units: 3 }]),
      train: { mixup: 0.2, augment: 'digits' },
    });
    projects.push({ dir: writeProject('train-types-mixed', mixing), files: mixing });
    const augmented = print({ ...chainNetwork([8, 8, 1], ['fc', { units: 3 }]), train: { augment: 'digits' } });
    projects.push({ dir: writeProject('train-types-augmented', augmented), files: augmented });
    expect(typeErrors(projects)).toBe('');
  });

  it('has the settings of a run where the document says nothing', () => {
    const { train: _, ...plain } = network('sgd', 'constant');
    const text = print(plain).find(({ path }) => path === 'src/settings.ts')!.text;
    expect(text).toContain(`tf.train.adam(${defaultTrainingConfig.learningRate})`);
    expect(text).toContain('Math.cos');
  });

  const values = [0.3, -0.2, 0.9];
  const logSumExp = (scores: readonly number[]): number => Math.log(scores.reduce((sum, x) => sum + Math.exp(x), 0));

  it.each([
    ['fc', { units: 3, activation: 'softmax' }, (x: number) => x],
    ['fc', { units: 3 }, (x: number) => x],
    // As in the app: whatever else a network ends in is taken for scores.
    ['fc', { units: 3, activation: 'sigmoid' }, (x: number) => 1 / (1 + Math.exp(-x))],
  ] as const)('takes the cross-entropy of what the app takes it of: %s %o', async (kind, params, scoreOf) => {
    const name = `loss-${'activation' in params ? params.activation : 'none'}`;
    const { model, lossOf, scoresModel } = await load(name, chainNetwork([3], [kind, params]));
    const identity = tf.tensor2d([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]);
    model.setWeights([identity, tf.zeros([3])]);
    const scores = values.map(scoreOf);
    const loss = lossOf(scoresModel(model, 'classes'), 'classes', [sample(values, [2])], false);
    expect(loss().arraySync()).toBeCloseTo(logSumExp(scores) - scores[2]!, 5);
  });

  it('learns any number of classes by the loss that the app has, weighed and smoothed', async () => {
    const task = { kind: 'multi-label', classCount: 3 } as const;
    const train = { labelSmoothing: 0.2, classWeights: 'own', ownClassWeights: 'b=3, c=0.5' } as const;
    const rows = [
      [1, 0, 1],
      [0, 0, 1],
    ];
    const inputs = [values, [2, -3, 0.1]];
    for (const [activation, loss] of [
      ['linear', 'binaryCrossEntropy'],
      ['sigmoid', 'auto'],
      ['sigmoid', 'meanAbsoluteError'],
    ] as const) {
      const document = { ...chainNetwork([3], ['fc', { units: 3, activation }]), train: { ...train, loss } };
      const { model, lossOf, scoresModel, dir } = await load(`loss-labels-${activation}-${loss}`, document);
      model.setWeights([tf.eye(3), tf.zeros([3])]);
      const samples = rows.map((row, at) => sample(inputs[at]!, row));
      const { yesWeights } = (await module(dir, 'labels')) as {
        yesWeights: (samples: object[], classes: string[]) => number[];
      };
      const weights = yesWeights(samples, ['a', 'b', 'c']);
      expect(weights).toEqual([1, 3, 0.5]);
      expect(() => yesWeights(samples, ['a', 'b'])).toThrow(/c is none of the classes a, b/);
      const found = lossOf(scoresModel(model, 'labels'), 'labels', samples, true, weights)().arraySync();
      const ops = createOpBuilder();
      const x = ops.constant(inputs.flat(), [2, 3]);
      const given = activation === 'sigmoid' ? ops.unary('sigmoid', x) : x;
      const options = { loss: lossFor(task, loss), task, labelSmoothing: 0.2, weightsOfClasses: weights };
      const wanted = meanLoss(ops, lossTerms(ops, options, given, ops.constant(rows.flat(), [2, 3])));
      const { outputs } = interpret(ops.finish({ loss: wanted }), {});
      expect(found).toBeCloseTo(outputs['loss']!.data[0]!, 5);
    }
  });

  it('refuses settings of any number of classes for other data', async () => {
    const document = {
      ...network('adam', 'cosine'),
      train: { labelSmoothing: 0.1, loss: 'binaryCrossEntropy' },
    } as const;
    const { model, train } = await load('train-not-labels', document);
    const training = [sample([1, 2, 3, 4], [1])];
    const data = { task: 'classes', classes: [], training, validation: [] };
    await expect(train(model, data)).rejects.toThrow(/labelSmoothing, binaryCrossEntropy for any number of classes/);
    await expect(train(model, { ...data, task: 'labels' })).rejects.toThrow(/a 0 or a 1 for each of the 3 classes/);
  });

  it('leaves out the pixels of a mask that belong to no class', async () => {
    const { model, lossOf, scoresModel } = await load(
      'loss-mask',
      chainNetwork([1, 2, 3], ['conv', { filters: 3, kernelSize: 1, activation: 'softmax' }]),
    );
    model.setWeights([tf.reshape(tf.eye(3), [1, 1, 3, 3]), tf.zeros([3])]);
    const pixels = sample([...values, 5, 6, 7], [2, 255]);
    const loss = lossOf(scoresModel(model, 'classes'), 'classes', [pixels], false);
    expect(loss().arraySync()).toBeCloseTo(logSumExp(values) - values[2]!, 5);
  });

  it.each([
    ['linear', 'auto', (z: number, t: number) => Math.log(1 + Math.exp(t === 1 ? -z : z))],
    ['sigmoid', 'binaryCrossEntropy', (z: number, t: number) => Math.log(1 + Math.exp(t === 1 ? -z : z))],
    ['sigmoid', 'meanSquaredError', (z: number, t: number) => (1 / (1 + Math.exp(-z)) - t) ** 2],
  ] as const)('learns masks of two classes by one channel: %s, %s', async (activation, loss, lossAt) => {
    const document = {
      ...chainNetwork([1, 4, 1], ['conv', { filters: 1, kernelSize: 1, activation }]),
      train: { loss },
    };
    const { model, lossOf, scoresModel, evaluate, dir } = await load(`loss-one-${activation}-${loss}`, document);
    model.setWeights([tf.ones([1, 1, 1, 1]), tf.zeros([1])]);
    const [scores, labels] = [
      [2, -1, 0.5, 7],
      [1, 0, 0, 255],
    ];
    const pixels = sample(scores, labels);
    const losses = scores.slice(0, 3).map((score, at) => lossAt(score, labels[at]!));
    const mean = losses.reduce((sum, one) => sum + one) / 3;
    expect(lossOf(scoresModel(model, 'classes'), 'classes', [pixels], false)().arraySync()).toBeCloseTo(mean, 5);
    expect(evaluate(model, 'classes', [pixels])).toMatchObject({ accuracy: 2 / 3, meanIou: 0.5 });
    const { answerOf, answers, sharesOf } = (await module(dir, 'answers')) as {
      answers: readonly { gives: string }[];
      answerOf: (output: tf.Tensor, learned: object, gives: string) => { result: tf.Tensor; shown: string };
      sharesOf: (output: tf.Tensor, gives: string, names: string[]) => { name: string; share: number }[];
    };
    const output = model.predict(tf.tensor4d(scores, [1, 1, 4, 1])) as tf.Tensor;
    const { result, shown } = answerOf(output, { task: 'classes', classes: ['ground', 'thing'] }, answers[0]!.gives);
    expect(sharesOf(result, shown, ['ground', 'thing'])).toEqual([
      { name: 'thing', share: 0.75 },
      { name: 'ground', share: 0.25 },
    ]);
  });

  it('trains the output that the document names, else all', () => {
    const document = wiredNetwork({
      x: ['input', { shape: [4] }],
      a: ['fc', { units: 2 }, 'x'],
      b: ['fc', { units: 3 }, 'x'],
    });
    const text = (train: NetworkDocument['train']) =>
      print({ ...document, ...(train === undefined ? {} : { train }) }).find(({ path }) => path === 'src/settings.ts')!
        .text;
    expect([...text({ output: 'b' }).matchAll(/^ {4}name: '(.)'/gm)].map(([, name]) => name)).toEqual(['b']);
    expect([...text(undefined).matchAll(/^ {4}name: '(.)'/gm)].map(([, name]) => name)).toEqual(['a', 'b']);
    expect(text(undefined)).toContain('The loss is the sum of theirs');
  });

  it('trains, saves, evaluates and predicts from files', () => {
    const document: NetworkDocument = {
      ...chainNetwork([2], ['fc', { units: 2, activation: 'softmax' }]),
      train: { epochs: 40, batchSize: 8, learningRate: 0.1 },
    };
    const { dir, node } = script('train-scripts', document);
    const samples = Array.from({ length: 40 }, (_, at) => ({ input: at % 2 === 0 ? [1, 0] : [0, 1], label: at % 2 }));
    writeFileSync(join(dir, 'data.json'), JSON.stringify({ classes: ['cat', 'dog'], samples }));
    writeFileSync(join(dir, 'one.json'), '[0, 1]');
    const trained = node('dist/train.js', 'data.json');
    expect(trained).toContain('32 samples to train, 8 to validate');
    expect(trained).toMatch(/epoch 40\/40: loss 0\.\d+, validation loss 0\.\d+, validation accuracy 100\.0 %/);
    expect(readFileSync(join(dir, 'metrics.log'), 'utf8').trim().split('\n')).toHaveLength(40);
    expect(node('dist/evaluate.js', 'data.json')).toMatch(/^8 samples, loss 0\.\d+, accuracy 100\.0 %$/m);
    expect(node('dist/predict.js', 'one.json')).toMatch(/^ *\d\d\.\d % {2}dog\n *\d+\.\d % {2}cat$/m);
    expect(() => node('dist/train.js')).toThrow(/Usage: npm run train/);
    // A table's own values are brought to the scale that the network was trained on.
    const scaling = { mean: [10, 10], deviation: [10, 10] };
    writeFileSync(join(dir, 'classes.json'), JSON.stringify({ task: 'classes', classes: ['cat', 'dog'], scaling }));
    writeFileSync(join(dir, 'raw.json'), '[20, 10]');
    expect(node('dist/predict.js', 'raw.json')).toMatch(/^ *\d\d\.\d % {2}cat\n/);
  });

  it('trains on a folder of pictures and names what a picture shows', () => {
    const document: NetworkDocument = {
      ...chainNetwork([6, 6, 3], ['conv', { filters: 4, kernelSize: 3 }], ['gap'], ['fc', { units: 2 }]),
      train: { epochs: 30, batchSize: 4, learningRate: 0.05 },
    };
    const { dir, node } = script('train-pictures', document);
    const picture = (path: string, colour: readonly [number, number, number]): void => {
      const png = new PNG({ width: 9, height: 7 });
      for (let at = 0; at < png.data.length; at += 4) png.data.set([...colour, 255], at);
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), PNG.sync.write(png));
    };
    for (let at = 0; at < 10; at += 1) {
      picture(`data/red/${at}.png`, [200 + at, 10, 10]);
      picture(`data/blue/${at}.png`, [10, 10, 200 + at]);
    }
    picture('one.png', [190, 20, 20]);
    expect(node('dist/train.js', 'data')).toContain('16 samples to train, 4 to validate');
    expect(node('dist/evaluate.js', 'data')).toMatch(/^4 samples, .*accuracy 100\.0 %$/m);
    const [first] = /^ *\d+\.\d % {2}\w+$/m.exec(node('dist/predict.js', 'one.png')) ?? [];
    expect(first).toMatch(/ red$/);
  });

  it('trains on a folder with labels.csv, scores any number of classes and names those of a picture', () => {
    const { dir, node } = script('train-labels', {
      ...chainNetwork([2, 2, 3], ['fc', { units: 2 }]),
      train: { epochs: 60, batchSize: 4, learningRate: 0.1, classWeights: 'balanced', mixup: 0.2, cutmix: 1 },
    });
    mkdirSync(join(dir, 'data'), { recursive: true });
    const rows = Array.from({ length: 24 }, (_, at) => {
      const [red, blue] = [at % 2, Number(at % 4 > 1)];
      const png = new PNG({ width: 2, height: 2 });
      for (let byte = 0; byte < png.data.length; byte += 4)
        png.data.set([red * (230 + at), 3 * at, blue * (230 + at), 255], byte);
      writeFileSync(join(dir, `data/${at}.png`), PNG.sync.write(png));
      return `${at}.png,${red},${blue}`;
    });
    writeFileSync(join(dir, 'data/labels.csv'), ['file,red,blue', ...rows].join('\n'));
    expect(node('dist/train.js', 'data')).toMatch(/epoch 60\/60: .*, validation macro F1 1\.000, /);
    expect(node('dist/evaluate.js', 'data')).toMatch(/^\d samples, loss .* mAP 1\.000, exact match 100\.0 %$/m);
    expect(node('dist/predict.js', 'data/3.png')).toMatch(/^(red, blue|blue, red)\n( *\d+\.\d % {2}\w+\n){2}$/);
    expect(node('dist/predict.js', 'data/0.png')).toMatch(/^none of the classes\n/);
  });

  it('learns pictures from pictures, scores them by PSNR and writes one', () => {
    const { dir, node } = script('train-pairs', {
      ...chainNetwork([2, 2, 1], ['conv', { filters: 4, kernelSize: 1 }], ['depthToSpace', { blockSize: 2 }]),
      train: {
        data: 'pairs:data',
        loss: 'meanAbsoluteError',
        epochs: 60,
        batchSize: 4,
        learningRate: 0.05,
        augment: 'digits',
      },
    });
    const write = (path: string, side: number, grey: number): void => {
      const picture = new PNG({ width: side, height: side });
      picture.data.fill(255).forEach((_, at) => (picture.data[at] = at % 4 === 3 ? 255 : grey));
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), PNG.sync.write(picture));
    };
    // What is learned is the negative.
    for (let at = 0; at < 10; at++) {
      write(`data/inputs/${at}.png`, 2, 25 * at);
      write(`data/targets/${at}.png`, 4, 255 - 25 * at);
    }
    node('dist/train.js', 'data');
    const [, psnr] = /PSNR ([\d.]+) dB/.exec(node('dist/evaluate.js', 'data')) ?? [];
    expect(Number(psnr)).toBeGreaterThan(25);
    expect(node('dist/predict.js', 'data/inputs/2.png')).toBe('Wrote data/inputs/2.answer.png.\n');
    const answer = PNG.sync.read(readFileSync(join(dir, 'data/inputs/2.answer.png')));
    expect([answer.width, answer.height]).toEqual([4, 4]);
    expect(Math.abs(answer.data[0]! - 205)).toBeLessThan(20);
  });

  it('reads a picture as the app does', async () => {
    const dir = writeProject('train-picture-values', print(chainNetwork([5, 4, 3], ['gap'])));
    const { readPicture } = (await import(/* @vite-ignore */ pathToFileURL(join(dir, 'dist/pictures.js')).href)) as {
      readPicture: (path: string, size: readonly number[]) => Promise<{ shape: number[]; data: Float32Array }>;
    };
    const png = new PNG({ width: 13, height: 11 });
    for (let at = 0; at < png.data.length; at += 1) png.data[at] = at % 4 === 3 ? 255 : (at * 37) % 251;
    const path = join(dir, 'picture.png');
    const bytes = PNG.sync.write(png);
    writeFileSync(path, bytes);
    for (const [height, width, channels] of [
      [5, 4, 3],
      [20, 17, 1],
      [11, 13, 4],
    ] as const) {
      const pixels = await decodeImage(bytes);
      if (isReason(pixels)) throw new Error(pixels.en);
      const wanted = resizeImage(convertChannels(pixels, channels), height, width).data;
      const { shape, data } = await readPicture(path, [height, width, channels]);
      expect(shape).toEqual([height, width, channels]);
      expect(Array.from(data, (value) => Math.round(value * 255))).toEqual([...wanted]);
    }
  });
});

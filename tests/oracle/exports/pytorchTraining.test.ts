import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDigits } from '../../../electron/data/digits';
import { makeScenes } from '../../../electron/data/scenes';
import { openData } from '../../../electron/data/open';
import { readModel } from '../../../electron/files/models';
import { readRecord } from '../../../electron/files/runRecord';
import { findPython } from '../../../electron/host/exports/python';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { weightDifferences } from '../../../shared/compile/networkWeights';
import { printPytorch } from '../../../shared/exports/pytorch';
import { createRandom } from '../../../shared/ops/random';
import { chainNetwork } from '../../support/networks';
import {
  breakAndResume,
  lossesIn,
  lossesOfApp,
  runIn,
  writeBelow,
  writeSomeDigits,
  writeTrainingProject,
} from '../../support/trainingProject';

const python = await findPython(['torch', 'numpy', 'PIL']);
const path = python.path ?? '';
const why = python.path === null ? ` (skipped: ${python.why.en})` : '';
const folder = mkdtempSync(join(tmpdir(), 'convloom-training-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Without batch norm: over two processes on CPUs, each would have its own.
const document = {
  ...chainNetwork(
    [28, 28, 1],
    ['conv', { filters: 4, kernelSize: 5, activation: 'relu' }],
    ['pool', { poolSize: 2, strides: 2 }],
    ['dropout', { rate: 0.1 }],
    ['fc', { units: 10 }],
  ),
  train: { epochs: 2, batchSize: 32, data: `idx:${join(folder, 'digits')}`, learningRate: 0.005 },
};
const withoutDropout = {
  ...chainNetwork([28, 28, 1], ['conv', { filters: 4, kernelSize: 5 }], ['fc', { units: 10, activation: 'softmax' }]),
  train: document.train,
};

const write = (name: string, content: Uint8Array | string): void => writeBelow(folder, name, content);
const writeProject = (name: string, network: typeof document): string =>
  writeTrainingProject(join(folder, name), network, printPytorch);
const run = (dir: string, ...args: readonly string[]): string => runIn(dir, path, ...args);

const random = createRandom(5);
const bytes = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => Math.floor(random.uniform() * 256));

function png(width: number, height: number, pixel: (at: number) => readonly number[]): Buffer {
  const image = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) image.data.set([...pixel(at), 255], at * 4);
  return PNG.sync.write(image);
}

beforeAll(async () => {
  await writeSomeDigits(join(folder, 'digits'), 300);
  const records = Array.from({ length: 60 }, (_, at) => [at % 10, ...bytes(3072)]);
  write('cifar/data_batch_1.bin', Uint8Array.from(records.flat()));
  for (let at = 0; at < 12; at++) {
    const [width, height] = [9 + (at % 3) * 7, 8 + (at % 4) * 5];
    const picture = png(width, height, () => [...bytes(3)]);
    write(`images/${['cat 10', 'cat 9', 'Élan', 'dog'][at % 4]}/${at}.png`, picture);
    write(`masks/images/${at}.png`, picture);
    const values = [0, 20, 60, 255];
    write(
      `masks/masks/${at}.png`,
      png(width, height, (pixel) => new Array<number>(3).fill(values[(pixel + at) % 4]!)),
    );
  }
  write('images/dog/broken.png', 'not a picture');
  const rows = Array.from({ length: 40 }, (_, at) => `${at * 1.5};${(at * 7) % 11},25;${['b', 'a', 'c'][at % 3]}`);
  write('words.csv', ['x;y;label', ...rows, ';1;a'].join('\r\n'));
  write('values.csv', Array.from({ length: 40 }, (_, at) => `${at},${(at * 13) % 7},${at / 3}`).join('\n'));
});

const digest = (values: Uint8Array): string => createHash('sha256').update(values).digest('hex').slice(0, 16);

const reader = `
import hashlib, json, sys
import numpy as np
from data import open_data
data = open_data(sys.argv[1], tuple(json.loads(sys.argv[2])))
digest = lambda values: hashlib.sha256(np.ascontiguousarray(values).astype(np.uint8).tobytes()).hexdigest()[:16]
parts = (data.train, data.validation)
isTable = data.scaling is not None
print(json.dumps({
    "task": data.task, "classes": data.classes, "shape": data.input_shape, "ignored": data.has_ignored,
    "counts": [len(one) for one in parts],
    "targets": [float(np.sum(one.targets * np.arange(1, len(one) + 1).reshape(-1, *[1] * (one.targets.ndim - 1)))) for one in parts],
    "inputs": [one.inputs.flatten().tolist() if isTable else digest(one.inputs) for one in parts],
    "scaling": data.scaling,
}))
`;

const scenes = `
import json
from data import make_scenes, open_digits
made = make_scenes(open_digits()[0], 3, 2015)
print(json.dumps({"images": made.inputs.flatten().tolist(), "labels": made.targets.flatten().tolist()}))
`;

describe.skipIf(python.path === null)(`the train.py of a printed PyTorch project${why}`, () => {
  it.each([
    ['mnist', [28, 28, 1]],
    ['idx:digits', [20, 22, 3]],
    ['idx:digits', [784]],
    ['cifar10:cifar', [32, 32, 3]],
    ['images:images', [12, 10, 3]],
    ['images:images', [12, 10, 1]],
    ['masks:masks', [11, 11, 3]],
    ['csv:words.csv', [2]],
    ['csv:values.csv', [2]],
  ])('reads %s as %j as the app does', async (spec, shape) => {
    const dir = existsSync(join(folder, 'reads')) ? join(folder, 'reads') : writeProject('reads', document);
    const whole = spec.replace(':', `:${folder}/`);
    const opened = await openData(whole, { wanted: { shape }, infoOnly: false });
    if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
    const { info, train, validation, scaling, hasIgnored = false } = opened.value;
    const answer = JSON.parse(run(dir, '-c', reader, whole, JSON.stringify(shape))) as Record<string, unknown>;
    const weighed = ({ targets, count }: typeof train): number => {
      let sum = 0;
      const size = targets.length / count;
      targets.subarray(0, targets.length).forEach((value, at) => (sum += value * (Math.floor(at / size) + 1)));
      return sum;
    };
    expect(answer).toMatchObject({
      task: info.task,
      classes: info.classes,
      shape: info.inputShape,
      ignored: hasIgnored,
      counts: [train.count, validation.count],
    });
    const [first = 0, second = 0] = answer['targets'] as number[];
    expect(first).toBeCloseTo(weighed(train), 3);
    expect(second).toBeCloseTo(weighed(validation), 3);
    if (scaling === null) {
      const held = [train, validation].map(({ inputs }) => digest(Uint8Array.from(inputs.subarray(0, inputs.length))));
      expect(answer['inputs']).toEqual(held);
      return;
    }
    const { names, ...moments } = answer['scaling'] as { names?: readonly string[]; mean: number[] };
    expect(names).toEqual(scaling.names);
    moments.mean.forEach((mean, at) => expect(mean).toBeCloseTo(scaling.mean[at]!, 9));
    const [inputs = []] = answer['inputs'] as number[][];
    inputs.forEach((value, at) => expect(value).toBeCloseTo(train.inputs.subarray(at, at + 1)[0]!, 5));
  });

  it('makes the scenes of mnist-seg as the app does', async () => {
    const dir = writeProject('scenes', document);
    const made = JSON.parse(run(dir, '-c', scenes)) as { images: number[]; labels: number[] };
    const digits = await openDigits();
    if (!digits.ok) throw new Error('The digits are built in.');
    const { inputs, targets } = makeScenes(digits.value.train, 3, 2015);
    expect(made.labels).toEqual([...targets]);
    // Sines differ in their last place from one library to another, and a value may fall to the other side of a half.
    const off = made.images.filter((value, at) => value !== inputs[at]);
    expect(off.length).toBeLessThan(3);
  });

  it('writes a run that the app reads, and goes on with a killed one to the same end', async () => {
    const dir = writeProject('runs', document);
    run(dir, 'train.py', '--out', 'whole', '--device', 'cpu');
    const record = await readRecord(join(dir, 'whole'));
    if (!record.ok) throw new Error(JSON.stringify(record.diagnostics));
    expect(record.value).toMatchObject({ state: 'completed', config: { batchSize: 32, epochs: 2 } });
    expect(record.value.data.classes).toHaveLength(10);
    const model = await readModel(join(dir, 'whole'));
    if (!model.ok) throw new Error(JSON.stringify(model.diagnostics));
    const analysis = analyzeNetwork(model.value.document);
    expect(weightDifferences(analysis, model.value.weights)).toEqual([]);

    const { before, after } = await breakAndResume(dir, path);
    const wanted = await lossesIn(join(dir, 'whole'));
    expect(before).toBeLessThan(wanted.length);
    expect(after).toEqual(wanted);
    const weights = (name: string) => readFileSync(join(dir, name, 'weights.safetensors'));
    expect(weights('broken').equals(weights('whole'))).toBe(true);
    expect(() => run(dir, 'train.py', '--resume', 'broken')).toThrow(/is complete/);
  }, 180_000);

  it.each([
    ['as it is', {}],
    ['with AdamW and all that is done to gradients', { optimizer: 'adamW', weightDecay: 0.02, clipNorm: 1, l1: 1e-4 }],
    ['in steps', { optimizer: 'nesterov', schedule: 'step', decayEpochs: 1, warmUpEpochs: 0.5, clipValue: 0.05 }],
    ['with mixed batches', { mixup: 0.5, cutmix: 1 }],
  ] as const)(
    'has the app’s losses from the app’s first weights %s',
    async (name, settings) => {
      const network = { ...withoutDropout, train: { ...withoutDropout.train, ...settings } };
      const dir = writeProject(name.replaceAll(' ', '-'), network);
      run(dir, 'train.py', '--out', 'run', '--device', 'cpu', '--weights', 'initial.safetensors');
      const wanted = await lossesOfApp(network, join(dir, 'app'));
      const found = await lossesIn(join(dir, 'run'));
      expect(found).toHaveLength(wanted.length);
      found.forEach((loss, at) => expect(Math.abs(loss - wanted[at]!)).toBeLessThan(2e-3));
    },
    180_000,
  );

  it('has with two processes the losses of one with the doubled batch', async () => {
    const mixing = { mixup: 0.5 };
    const dir = writeProject('parallel', { ...withoutDropout, train: { ...document.train, ...mixing } });
    run(dir, 'train.py', '--out', 'one', '--device', 'cpu');
    const torchrun = ['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node=2'];
    run(dir, ...torchrun, 'train.py', '--out', 'two', '--device', 'cpu', '--batch-size', '16');
    const [one, two] = [await lossesIn(join(dir, 'one')), await lossesIn(join(dir, 'two'))];
    expect(one.length).toBeGreaterThan(10);
    expect(two).toHaveLength(one.length);
    two.forEach((loss, at) => expect(Math.abs(loss - one[at]!)).toBeLessThan(1e-4));
  }, 180_000);
});

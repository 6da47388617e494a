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
import { defaultReading } from '../../../shared/schema/training';
import { chainNetwork } from '../../support/networks';
import { writeParquet, writeParquetDigits } from '../../support/parquetData';
import {
  breakAndResume,
  lossesIn,
  lossesOfApp,
  runIn,
  writeAnsweredRow,
  writeBelow,
  writeInk,
  writeLabelled,
  writePairs,
  writeSomeDigits,
  writeTrainingProject,
} from '../../support/trainingProject';

const python = await findPython(['torch', 'numpy', 'PIL', 'pyarrow']);
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

const restoring = chainNetwork(
  [14, 14, 1],
  ['conv', { filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['conv', { filters: 4, kernelSize: 3, padding: 'same' }],
  ['depthToSpace', { blockSize: 2 }],
);
const pictures = {
  data: `pairs:${join(folder, 'digit-pairs')}`,
  loss: 'meanSquaredError',
  augment: 'digits',
  brightness: 0.2,
  mixup: 0.3,
} as const;

const several = {
  ...chainNetwork([28, 28, 1], ['conv', { filters: 4, kernelSize: 5 }], ['fc', { units: 3 }]),
  train: { ...document.train, data: `images:${join(folder, 'labelled')}`, batchSize: 16 },
};
const squashed = {
  ...chainNetwork([28, 28, 1], ['conv', { filters: 4, kernelSize: 5 }], ['fc', { units: 3, activation: 'sigmoid' }]),
  train: several.train,
};
const inked = (activation: 'linear' | 'sigmoid') => ({
  ...chainNetwork(
    [28, 28, 1],
    ['conv', { filters: 4, kernelSize: 3 }],
    ['conv', { filters: 1, kernelSize: 1, activation }],
  ),
  train: { ...document.train, data: `masks:${join(folder, 'ink')}`, batchSize: 8 },
});
const ownWeights = { classWeights: 'own', ownClassWeights: 'large=3, even=0.5' } as const;
const weighed = { labelSmoothing: 0.1, classWeights: 'balanced', mixup: 0.5, cutmix: 1 } as const;

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

/** Arrays of each kind that `npz:FILE` reads. */
const arrays = `
import numpy as np
draw = np.random.default_rng(3)
pixels = lambda count, *shape: draw.integers(0, 256, (count, *shape), dtype=np.uint8)
yes = (draw.random((30, 3)) < [0.5, 0.3, 0.1]).astype(np.int64)
np.savez("several.npz", x=pixels(30, 5, 6), y=yes)
np.savez("one.npz", train_images=pixels(20, 3, 4, 4), train_labels=draw.integers(0, 4, (20, 1)), val_images=pixels(5, 3, 4, 4), val_labels=draw.integers(0, 4, (5, 1)))
np.savez("hot.npz", X_train=pixels(20, 4, 4, 3) / 255, y_train=np.eye(3)[draw.integers(0, 3, 20)])
np.savez("pixels.npz", images=pixels(10, 4, 4), masks=draw.integers(0, 3, (10, 4, 4, 1)))
np.savez_compressed("restored.npz", x=pixels(10, 3, 3, 1), targets=pixels(10, 6, 6, 1))
`;

beforeAll(async () => {
  if (python.path !== null) runIn(folder, path, '-c', arrays);
  writeParquet(folder);
  await writeParquetDigits(join(folder, 'digits.parquet'), 150);
  await writeSomeDigits(join(folder, 'digits'), 300);
  await writePairs(join(folder, 'digit-pairs'), 90);
  await writeLabelled(join(folder, 'labelled'), 120);
  await writeInk(join(folder, 'ink'), 60);
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
  for (let at = 0; at < 14; at++) {
    const [width, height] = [6 + (at % 2), 5 + (at % 3)];
    // One target has not twice its input's size, and one is missing.
    const times = at === 4 ? 1 : 2;
    const place = at % 3 === 0 ? '' : 'sub/';
    write(
      `pairs/inputs/${place}${at}.png`,
      png(width, height, () => [...bytes(3)]),
    );
    if (at !== 7)
      write(
        `pairs/targets/${place}${at}.png`,
        png(times * width, times * height, () => [...bytes(3)]),
      );
    const part = ['train', 'train', 'val', 'test'][at % 4]!;
    write(
      `parts/${part}/inputs/${at}.png`,
      png(7, 5, () => [...bytes(3)]),
    );
    write(
      `parts/${part}/targets/${at}.png`,
      png(7, 5, () => [...bytes(3)]),
    );
  }
  for (let at = 0; at < 24; at++) {
    const part = ['train', 'train', 'val'][at % 3]!;
    for (const place of ['tagged', at % 2 === 0 ? 'marked/in' : 'marked', `tables/${part}`])
      write(
        `${place}/p${at}.png`,
        png(6 + (at % 2), 5, () => [...bytes(3)]),
      );
  }
  write('marked/in/odd.png', 'not a picture');
  const all = Array.from({ length: 24 }, (_, at) => at);
  const tags = all.map((at) => `p${at};"${['cat|dog', 'owl 10', '', 'owl 9|cat', 'dog'][at % 5]}"`);
  write('tagged/labels.csv', ['name;tags', ...tags, 'p3;mouse', 'gone;cat'].join('\n'));
  const marks = all.map((at) => `${+(at % 4 === 0)},${['train', 'val', 'test'][at % 3]},p${at}.png,${+(at % 7 < 3)}`);
  const wrong = ['1,train,p2.png,0', '2,val,p3.png,0', '0,val,in/p4.png', '1,val,in/odd.png,1'];
  write('marked/labels.csv', ['cat,split,file,', ...marks.slice(5), ...wrong, '1,val,p6.png,1'].join('\r\n'));
  write('tables/train/labels.csv', ['file,a,b', ...all.map((at) => `p${at}.png,${at % 2},${+(at < 9)}`)].join('\n'));
  write('tables/val/labels.csv', ['file,b,c', ...all.map((at) => `p${at}.png,yes,${at % 4 === 0}`)].join('\n'));
  const columns = all.map((at) => `${at},${['no', 'Yes'][at % 2]},${+(at % 5 === 0)},${at / 7},${+(at > 11)}`);
  write('columns.csv', ['x,"a, b",c,z,d', ...columns, '3,?,1,2,0', '4,maybe,1,2,0'].join('\n'));
  const rows = Array.from({ length: 40 }, (_, at) => `${at * 1.5};${(at * 7) % 11},25;${['b', 'a', 'c'][at % 3]}`);
  write('words.csv', ['x;y;label', ...rows, ';1;a'].join('\r\n'));
  write('values.csv', Array.from({ length: 40 }, (_, at) => `${at},${(at * 13) % 7},${at / 3}`).join('\n'));
}, 60_000);

/** Runs a script in two processes that share each batch. */
const torchrun = ['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node=2'];

const digest = (values: Uint8Array): string => createHash('sha256').update(values).digest('hex').slice(0, 16);

const reader = `
import hashlib, json, sys
import numpy as np
from data import Wanted, open_data
shape, output, share, targets = (json.loads(one) for one in sys.argv[2:])
data = open_data(sys.argv[1], Wanted(tuple(shape), tuple(output), share, targets=targets))
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

type Sizes = readonly (number | null)[];
type Asked = { readonly output?: Sizes; readonly share?: number; readonly targets?: string };
const read: readonly (readonly [spec: string, shape: Sizes, asked: Asked])[] = [
  ['mnist', [28, 28, 1], { share: 0.1 }],
  ['idx:digits', [20, 22, 3], {}],
  ['idx:digits', [784], { share: 0.3 }],
  ['cifar10:cifar', [32, 32, 3], {}],
  ['images:images', [12, 10, 3], {}],
  ['images:images', [12, 10, 1], { share: 0.5 }],
  ['images:parts', [5, 5, 3], { share: 0.5 }],
  ['masks:masks', [11, 11, 3], {}],
  ['csv:words.csv', [2], {}],
  ['csv:values.csv', [2], { share: 0.5 }],
  ['csv:columns.csv', [3], { targets: 'd, "a, b"' }],
  ['csv:columns.csv', [3], { targets: 'z', share: 0.5 }],
  ['npz:several.npz', [5, 6, 1], {}],
  ['npz:one.npz', [4, 4, 3], { share: 0.5 }],
  ['npz:hot.npz', [4, 4, 3], {}],
  ['npz:pixels.npz', [4, 4, 1], {}],
  ['npz:restored.npz', [3, 3, 1], {}],
  ['images:tagged', [6, 5, 3], {}],
  ['images:marked', [null, null, 1], { share: 0.6 }],
  ['images:tables', [5, 6, 3], {}],
  ['mnist-sr', [14, 14, 1], {}],
  ['mnist-denoise', [28, 28, 1], {}],
  ['pairs:pairs', [6, 6, 3], { share: 0.7 }],
  ['pairs:pairs', [null, null, 1], { output: [null, null, 3] }],
  ['pairs:parts', [5, 7, 1], {}],
  ['parquet:table.parquet', [4], {}],
  ['parquet:table.parquet', [3], { targets: 'z', share: 0.5 }],
  ['parquet:parts', [4], {}],
  ['parquet:lists.parquet', [3], {}],
  ['parquet:faces.parquet', [5, 6, 3], {}],
  ['parquet:masks.parquet', [5, 5, 1], {}],
  ['parquet:pairs.parquet', [5, 6, 3], {}],
  ['parquet:named', [5, 6, 3], { share: 0.5 }],
];

describe.skipIf(python.path === null)(`the train.py of a printed PyTorch project${why}`, () => {
  it.each(read)('reads %s as %j as the app does: %j', async (spec, shape, { output = [], share = 1, targets = '' }) => {
    const dir = existsSync(join(folder, 'reads')) ? join(folder, 'reads') : writeProject('reads', document);
    const whole = spec.replace(':', `:${folder}/`);
    const opened = await openData(whole, {
      wanted: { shape, targetChannels: output[2] ?? null },
      reading: { ...defaultReading, share, ...(targets === '' ? {} : { targets }) },
      infoOnly: false,
    });
    if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
    const { info, train, validation, scaling, hasIgnored = false } = opened.value;
    const answer = JSON.parse(
      run(dir, '-c', reader, whole, ...[shape, output, share, targets].map((value) => JSON.stringify(value))),
    ) as Record<string, unknown>;
    const weighedOf = ({ targets, count }: typeof train): number => {
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
    expect(first).toBeCloseTo(weighedOf(train), 3);
    expect(second).toBeCloseTo(weighedOf(validation), 3);
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
    ['over a share of the data', { share: 0.4 }],
    ['of pictures in Parquet files', { data: `parquet:${join(folder, 'digits.parquet')}` }],
    ['of pictures', pictures],
    ['of pictures by absolute errors', { ...pictures, data: 'mnist-sr', share: 0.02, loss: 'meanAbsoluteError' }],
    ['of any number of classes, weighed, smoothed and mixed', weighed, several],
    ['of any number of classes behind a sigmoid, in two processes', ownWeights, squashed],
    ['of masks by one channel', {}, inked('linear')],
    ['of masks by one channel behind a sigmoid', { loss: 'binaryCrossEntropy', augment: 'digits' }, inked('sigmoid')],
    ['of masks by the squares of one channel', { loss: 'meanSquaredError' }, inked('sigmoid')],
  ] as const)(
    'has the app’s losses from the app’s first weights %s',
    async (name, settings, labelled?: typeof several) => {
      const plain = labelled ?? ('loss' in settings ? restoring : withoutDropout);
      const network = { ...plain, train: { ...(labelled ?? withoutDropout).train, ...settings } };
      const dir = writeProject(name.replaceAll(' ', '-'), network);
      const isShared = labelled === squashed;
      const options = ['--out', 'run', '--device', 'cpu', '--weights', 'initial.safetensors'];
      run(dir, ...(isShared ? torchrun : []), 'train.py', ...options, ...(isShared ? ['--batch-size', '8'] : []));
      const wanted = await lossesOfApp(network, join(dir, 'app'));
      const found = await lossesIn(join(dir, 'run'));
      expect(found).toHaveLength(wanted.length);
      found.forEach((loss, at) => expect(Math.abs(loss - wanted[at]!)).toBeLessThan(2e-3));
    },
    180_000,
  );

  it('answers a row of a table in the units of the table', () => {
    const dir = join(folder, 'row');
    const wanted = writeAnsweredRow(dir, printPytorch);
    const [found] = JSON.parse(runIn(dir, path, 'predict.py', 'sample.json')) as number[];
    expect(found).toBeCloseTo(wanted, 3);
    writeBelow(dir, 'sample.json', '[1, 2, 3]');
    expect(() => runIn(dir, path, 'predict.py', 'sample.json')).toThrow(/takes 2 columns; the sample has 3 values/);
  }, 120_000);

  it('has with two processes the losses of one with the doubled batch', async () => {
    const mixing = { mixup: 0.5 };
    const dir = writeProject('parallel', { ...withoutDropout, train: { ...document.train, ...mixing } });
    run(dir, 'train.py', '--out', 'one', '--device', 'cpu');
    run(dir, ...torchrun, 'train.py', '--out', 'two', '--device', 'cpu', '--batch-size', '16');
    const [one, two] = [await lossesIn(join(dir, 'one')), await lossesIn(join(dir, 'two'))];
    expect(one.length).toBeGreaterThan(10);
    expect(two).toHaveLength(one.length);
    two.forEach((loss, at) => expect(Math.abs(loss - one[at]!)).toBeLessThan(1e-4));
  }, 180_000);
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../../electron/files/models';
import { readRecord } from '../../../electron/files/runRecord';
import { findPython } from '../../../electron/host/exports/python';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { weightDifferences } from '../../../shared/compile/networkWeights';
import { printJax } from '../../../shared/exports/jax';
import { printKeras } from '../../../shared/exports/keras';
import { isWhole } from '../../support/isWhole';
import { chainNetwork, wiredNetwork } from '../../support/networks';
import { writeParquetDigits } from '../../support/parquetData';
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

const folder = mkdtempSync(join(tmpdir(), 'convloom-numpy-training-'));
const data = `idx:${join(folder, 'digits')}`;
beforeAll(async () => {
  await writeSomeDigits(join(folder, 'digits'), 250);
  await writePairs(join(folder, 'pairs'), 60);
  await writeLabelled(join(folder, 'labelled'), 100);
  await writeParquetDigits(join(folder, 'digits.parquet'), 100);
  await writeInk(join(folder, 'ink'), 50);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trained = chainNetwork(
  [28, 28, 1],
  ['conv', { filters: 4, kernelSize: 5, activation: 'relu' }],
  ['batchnorm', {}],
  ['pool', { poolSize: 2, strides: 2 }],
  ['dropout', { rate: 0.1 }],
  ['fc', { units: 10 }],
);
const resumed = { ...trained, train: { epochs: 2, batchSize: 32, data, learningRate: 0.005 } };

// Two outputs, of which the one in front is trained; what is behind it stays as it is.
const branched = wiredNetwork({
  image: ['input', { shape: [28, 28, 1] }],
  conv: ['conv', { filters: 4, kernelSize: 5, strides: 2, activation: 'relu' }, 'image'],
  norm: ['batchnorm', {}, 'conv'],
  scores: ['fc', { units: 10, activation: 'softmax' }, 'norm'],
  other: ['fc', { units: 3 }, 'norm'],
});
const parquet = `parquet:${join(folder, 'digits.parquet')}`;
const settings = { epochs: 2, batchSize: 32, data };
const restoring = chainNetwork(
  [14, 14, 1],
  ['conv', { filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['conv', { filters: 4, kernelSize: 3, padding: 'same' }],
  ['depthToSpace', { blockSize: 2 }],
);
const pairs = { ...settings, data: `pairs:${join(folder, 'pairs')}`, batchSize: 8 };
const several = (activation: 'linear' | 'sigmoid') =>
  chainNetwork([28, 28, 1], ['conv', { filters: 4, kernelSize: 5 }], ['fc', { units: 3, activation }]);
const labelled = { ...settings, data: `images:${join(folder, 'labelled')}`, batchSize: 16 };
const ink = { ...settings, data: `masks:${join(folder, 'ink')}`, batchSize: 8 };
const inked = (activation: 'linear' | 'sigmoid') =>
  chainNetwork(
    [28, 28, 1],
    ['conv', { filters: 4, kernelSize: 3 }],
    ['conv', { filters: 1, kernelSize: 1, activation }],
  );
const ownWeights = { classWeights: 'own', ownClassWeights: 'large=3, even=0.5' } as const;
const compared = [
  ['Adam', { ...branched, train: { ...settings, output: 'scores', schedule: 'cosine' } }],
  ['momentum', { ...branched, train: { ...settings, output: 'scores', optimizer: 'momentum', schedule: 'oneCycle' } }],
  ['squares', { ...branched, train: { ...settings, output: 'scores', loss: 'meanSquaredError', optimizer: 'sgd' } }],
  [
    'augmentation',
    {
      ...branched,
      train: { ...settings, output: 'scores', augment: 'photos', rotate: 25, shear: 12, cutout: 0.3 },
    },
  ],
  ['mixing', { ...branched, train: { ...settings, output: 'scores', mixup: 0.5, cutmix: 1 } }],
  ['pictures', { ...restoring, train: { ...pairs, loss: 'meanSquaredError', augment: 'digits', mixup: 0.3 } }],
  [
    'any number of classes',
    {
      ...several('linear'),
      train: { ...labelled, labelSmoothing: 0.1, classWeights: 'balanced', mixup: 0.5, cutmix: 1 },
    },
  ],
  ['masks by one channel', { ...inked('linear'), train: ink }],
  ...(isWhole
    ? ([
        ['masks by one channel behind a sigmoid', { ...inked('sigmoid'), train: { ...ink, augment: 'digits' } }],
        ['masks by the squares of one channel', { ...inked('sigmoid'), train: { ...ink, loss: 'meanSquaredError' } }],
        ['such behind a sigmoid', { ...several('sigmoid'), train: { ...labelled, ...ownWeights } }],
        ['such by squares', { ...several('sigmoid'), train: { ...labelled, ...ownWeights, loss: 'meanSquaredError' } }],
      ] as const)
    : []),
  ['pictures in Parquet files', { ...branched, train: { ...settings, output: 'scores', data: parquet } }],
  ['absolute errors', { ...restoring, train: { ...pairs, loss: 'meanAbsoluteError', share: 0.6 } }],
] as const;

const python = {
  Keras: await findPython(['keras', 'tensorflow', 'numpy', 'PIL', 'pyarrow']),
  JAX: await findPython(['flax', 'jax', 'optax', 'numpy', 'PIL', 'pyarrow']),
};

describe.each([
  ['Keras', printKeras],
  ['JAX', printJax],
] as const)('the train.py of a printed %s project', (framework, print) => {
  const { path, why } = { why: null, ...python[framework] };
  const skipped = why === null ? '' : ` (skipped: ${why.en})`;

  it.skipIf(path === null)(
    `writes a run that the app reads, and goes on with a killed one to the same end${skipped}`,
    async () => {
      const dir = writeTrainingProject(join(folder, `${framework}-runs`), resumed, print);
      runIn(dir, path ?? '', 'train.py', '--out', 'whole', '--device', 'cpu');
      const record = await readRecord(join(dir, 'whole'));
      if (!record.ok) throw new Error(JSON.stringify(record.diagnostics));
      expect(record.value).toMatchObject({ state: 'completed', config: { batchSize: 32, epochs: 2 } });
      expect(record.value.data.classes).toHaveLength(10);
      const model = await readModel(join(dir, 'whole'));
      if (!model.ok) throw new Error(JSON.stringify(model.diagnostics));
      expect(weightDifferences(analyzeNetwork(model.value.document), model.value.weights)).toEqual([]);

      const { before, after } = await breakAndResume(dir, path ?? '');
      const wanted = await lossesIn(join(dir, 'whole'));
      expect(before).toBeLessThan(wanted.length);
      expect(after).toEqual(wanted);
      const weights = (name: string) => readFileSync(join(dir, name, 'weights.safetensors'));
      expect(weights('broken').equals(weights('whole'))).toBe(true);
      expect(() => runIn(dir, path ?? '', 'train.py', '--resume', 'broken')).toThrow(/is complete/);
    },
    240_000,
  );

  it.skipIf(path === null).each(compared)(
    `has the app's losses from the app's first weights: %s${skipped}`,
    async (name, document) => {
      const dir = writeTrainingProject(join(folder, `${framework}-${name}`), document, print);
      runIn(dir, path ?? '', 'train.py', '--out', 'run', '--device', 'cpu', '--weights', 'initial.safetensors');
      const wanted = await lossesOfApp(document, join(dir, 'app'));
      const found = await lossesIn(join(dir, 'run'));
      expect(found).toHaveLength(wanted.length);
      expect(Math.min(...wanted.slice(-8))).toBeLessThan(wanted[0]!);
      found.forEach((loss, at) =>
        expect(Math.abs(loss - wanted[at]!)).toBeLessThan(2e-3 * Math.max(1, wanted[0]!, wanted[at]!)),
      );
    },
    240_000,
  );

  it.skipIf(path === null)(
    `answers a row of a table in the units of the table${skipped}`,
    () => {
      const dir = join(folder, `${framework}-row`);
      const wanted = writeAnsweredRow(dir, print);
      const [found] = JSON.parse(runIn(dir, path ?? '', 'predict.py', 'sample.json')) as number[];
      expect(found).toBeCloseTo(wanted, 3);
      writeBelow(dir, 'sample.json', '[1, 2, 3]');
      expect(() => runIn(dir, path ?? '', 'predict.py', 'sample.json')).toThrow(
        /takes 2 columns; the sample has 3 values/,
      );
    },
    240_000,
  );
});

describe('several devices', () => {
  const { path, why } = { why: null, ...python.Keras };
  it.skipIf(path === null)(
    `share a batch under tf.distribute with the losses of one${why === null ? '' : ` (skipped: ${why.en})`}`,
    async () => {
      const dir = writeTrainingProject(join(folder, 'replicas'), compared[0][1], printKeras);
      const options = ['--device', 'cpu', '--weights', 'initial.safetensors', '--epochs', '1'];
      runIn(dir, path ?? '', 'train.py', '--out', 'one', ...options);
      runIn(dir, path ?? '', 'train.py', '--out', 'two', '--replicas', '2', ...options);
      const [one, two] = [await lossesIn(join(dir, 'one')), await lossesIn(join(dir, 'two'))];
      expect(one.length).toBeGreaterThan(5);
      expect(two).toHaveLength(one.length);
      two.forEach((loss, at) => expect(Math.abs(loss - one[at]!)).toBeLessThan(1e-3));
    },
    240_000,
  );
});

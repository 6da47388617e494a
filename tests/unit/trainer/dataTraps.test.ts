import { mkdir, mkdtemp, copyFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataTraps } from '../../../electron/trainer/dataTraps';
import { prepareRun } from '../../../electron/trainer/prepare';
import type { Dataset, Samples } from '../../../electron/data/dataset';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { TrainingConfig } from '../../../shared/schema/training';
import { text } from '../../../shared/text';
import { chain, type ChainRow } from '../../support/chain';
import { resumedConfig, writePictures } from '../../support/resumedRuns';

/** Samples of four pixels, all different from `from` on. */
function samples(count: number, labelOf: (index: number) => number, from: number): Samples {
  const inputs = Float32Array.from({ length: 4 * count }, (_, at) => 4 * from + at);
  return { count, inputs, targets: Uint8Array.from({ length: count }, (_, index) => labelOf(index)) };
}

function dataset(train: Samples, validation: Samples): Dataset {
  const counts = { trainCount: train.count, validationCount: validation.count };
  const info = { spec: 'x', task: 'classification', inputShape: [4], classes: ['cat', 'dog'], ...counts } as const;
  return { info: { ...info, split: text('', ''), warnings: [] }, targetShape: [], train, validation, scaling: null };
}

const even = (index: number): number => index % 2;
const normed: readonly ChainRow[] = [
  ['x', 'input', { shape: [4] }],
  ['f0', 'fc', { units: 3 }],
  ['n', 'batchnorm'],
  ['f', 'fc', { units: 2 }],
];
const plain = normed.filter(([, kind]) => kind !== 'batchnorm');

const config = (more: Partial<TrainingConfig> = {}): TrainingConfig => ({ ...defaultTrainingConfig, ...more });
const codes = (data: Dataset, rows: readonly ChainRow[], settings = config()): readonly string[] =>
  dataTraps(data, analyzeNetwork(chain(rows)), settings).map(({ code }) => code);

describe('what leads a run astray before its first step', () => {
  const sound = dataset(samples(64, even, 0), samples(20, even, 100));

  it('is not found in sound data', () => {
    expect(codes(sound, normed)).toEqual([]);
  });

  it('validation samples that are trained on', () => {
    expect(codes(dataset(samples(64, even, 0), samples(20, even, 54)), plain)).toEqual(['data/leakage']);
  });

  it('a validation of one class', () => {
    expect(
      codes(
        dataset(
          samples(64, even, 0),
          samples(20, () => 1, 100),
        ),
        plain,
      ),
    ).toEqual(['data/one-class-validated']);
    expect(
      codes(
        dataset(
          samples(64, () => 1, 0),
          samples(20, () => 1, 100),
        ),
        plain,
      ),
    ).toEqual([]);
  });

  it.each([
    { count: 65, batchSize: 32, accumulate: 1, rows: normed, found: ['train/last-batch-of-one'] },
    { count: 65, batchSize: 16, accumulate: 2, rows: normed, found: ['train/last-batch-of-one'] },
    { count: 66, batchSize: 32, accumulate: 1, rows: normed, found: [] },
    { count: 65, batchSize: 32, accumulate: 1, rows: plain, found: [] },
    { count: 65, batchSize: 1, accumulate: 1, rows: normed, found: [] },
  ])(
    'a last batch of one: $count samples by $batchSize x $accumulate give $found',
    ({ count, rows, found, ...sizes }) => {
      const data = dataset(samples(count, even, 0), samples(20, even, 100));
      expect(codes(data, rows, config(sizes))).toEqual(found);
    },
  );
});

describe('a folder whose pictures are there twice', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'convloom-traps-'));
    await writePictures(join(dir, 'train'));
    for (const name of await readdir(join(dir, 'train'))) {
      await mkdir(join(dir, 'val', name), { recursive: true });
      await copyFile(join(dir, 'train', name, '0.png'), join(dir, 'val', name, '0.png'));
    }
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('is told before it is trained on', async () => {
    const network = chain([
      ['image', 'input', { shape: [8, 8, 1] }],
      ['f', 'fc', { units: 3, activation: 'sigmoid' }],
    ]);
    const prepared = await prepareRun(network, resumedConfig('tfjs', dir, 1));
    if (!prepared.ok) throw new Error('The run is refused.');
    await prepared.value.session.dispose();
    const warnings = prepared.value.warnings.map(({ code }) => code);
    expect(warnings).toContain('data/leakage');
    // ln(1 + 2 / e) is what three classes behind a sigmoid cannot get below.
    expect(warnings).toContain('train/head-clamped');
    const clamped = prepared.value.warnings.find(({ code }) => code === 'train/head-clamped');
    expect(clamped!.summary.en).toContain(Math.log(1 + 2 / Math.E).toFixed(3));
  });
});

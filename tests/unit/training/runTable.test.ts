import { describe, expect, it } from 'vitest';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { paretoFront } from '../../../shared/training/pareto';
import {
  bestScore,
  compareRuns,
  errorOf,
  errorText,
  findRuns,
  runColumns,
  runJson,
  runLines,
  runsCsv,
  scoreOf,
  sortRuns,
  type TabledRun,
} from '../../../shared/training/runTable';

const epoch = {
  type: 'epoch',
  epoch: 3,
  loss: 0.2,
  valLoss: 0.3,
  accuracy: 0.9,
  valAccuracy: 0.91,
  valMeanIou: null,
  seconds: 1,
} as const;

function runOf(id: string, fields: Partial<TabledRun> = {}): TabledRun {
  return {
    id,
    dir: `/runs/${id}`,
    name: `Net ${id}`,
    startedAt: `2026-11-2${id}T10:00:00.000Z`,
    config: defaultTrainingConfig,
    state: 'completed',
    lastEpoch: epoch,
    network: { name: 'LeNet', digest: 'abcd', params: 431_080, trainableParams: 431_080, macs: 2_293_000 },
    tags: [],
    seconds: 4.2,
    ...fields,
  };
}

const watch = { metric: 'accuracy', best: 0.95, bestEpoch: 2, patienceLeft: null } as const;
const lost = runOf('3', { lastEpoch: null, network: null, seconds: null, state: 'failed' });
const better = runOf('2', { lastEpoch: { ...epoch, watch }, tags: ['wide', 'sweep'] });
const runs = [runOf('1'), better, lost];

describe('a table of runs', () => {
  it('knows the best watched score, and of older runs that of the last epoch', () => {
    expect(bestScore(better)).toEqual({ metric: 'accuracy', value: 0.95, epoch: 2 });
    expect(bestScore(runs[0]!)).toEqual({ metric: 'accuracy', value: 0.91, epoch: 3 });
    expect(bestScore(lost)).toBeNull();
    expect(errorOf({ metric: 'loss', value: 0.3 })).toBe(0.3);
    expect(errorOf({ metric: 'meanIou', value: 0.75 })).toBe(0.25);
    expect(errorOf({ metric: 'psnr', value: 20 })).toBeCloseTo(0.01, 12);
  });

  it('knows a score by its error, and writes errors of pictures as losses', () => {
    for (const [metric, value] of [
      ['loss', 0.3],
      ['accuracy', 0.75],
      ['psnr', 20],
    ] as const) {
      expect(scoreOf(metric, errorOf({ metric, value })).value).toBeCloseTo(value, 9);
    }
    expect([errorText('psnr', 0.01), errorText('meanIou', 0.25), errorText('loss', 0.3)]).toEqual([
      '0.0100',
      '25.00 %',
      '0.3000',
    ]);
  });

  it('tells pictures by their PSNR', () => {
    const run = runOf('4', { lastEpoch: { ...epoch, accuracy: null, valAccuracy: null, valPsnr: 21.5 } });
    expect(bestScore(run)).toEqual({ metric: 'psnr', value: 21.5, epoch: 3 });
    expect(runColumns.find(({ id }) => id === 'best')!.show(run, 'en')).toBe('21.50 dB');
    expect(runJson(run)).toMatchObject({ metric: 'psnr', valPsnr: 21.5 });
  });

  it.each([
    { column: 'best', descending: true, order: '213' },
    { column: 'best', descending: false, order: '123' },
    { column: 'startedAt', descending: true, order: '321' },
    { column: 'params', descending: false, order: '123' },
    { column: 'none', descending: false, order: '123' },
  ])('by $column, descending $descending, is $order: what has no value is last', ({ column, descending, order }) => {
    expect(
      sortRuns(runs, column, descending)
        .map(({ id }) => id)
        .join(''),
    ).toBe(order);
  });

  it.each([
    { search: '', tag: null, found: '123' },
    { search: 'WIDE lenet', tag: null, found: '2' },
    { search: '已完成', tag: null, found: '12' },
    { search: 'wide unet', tag: null, found: '' },
    { search: '', tag: 'sweep', found: '2' },
    { search: '', tag: 'swee', found: '' },
  ])('finds $found by “$search” and the tag $tag', ({ search, tag, found }) => {
    expect(
      findRuns(runs, { search, tag })
        .map(({ id }) => id)
        .join(''),
    ).toBe(found);
  });

  it('is the same in JSON, in JSONL and in CSV', () => {
    expect(Object.keys(runJson(better))).toEqual(expect.arrayContaining(runColumns.map(({ id }) => id)));
    expect(runJson(better)).toMatchObject({ id: '2', best: 0.95, bestEpoch: 2, valLoss: 0.3, tags: ['wide', 'sweep'] });
    const lines = runLines(runs).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual(runs.map(runJson));
    const [head = '', ...rows] = runsCsv([{ ...better, name: '=1+1, "x"' }, lost])
      .trimEnd()
      .split('\n');
    expect(head.split(',').slice(0, 8)).toEqual(['id', 'name', 'network', 'data', 'state', 'epochs', 'metric', 'best']);
    expect(rows[0]).toMatch(/^2,"'=1\+1, ""x""",LeNet,mnist,completed,3,accuracy,0\.95,431080,/);
    expect(rows[1]).toMatch(/^3,Net 3,,mnist,failed,0,,,,,,/);
  });
});

describe('runs beside each other', () => {
  it('have what differs first, and say that it does', () => {
    const facts = compareRuns(
      [runOf('1'), runOf('2', { config: { ...defaultTrainingConfig, learningRate: 0.5 } })],
      'en',
    );
    const differing = facts.filter(({ differs }) => differs);
    expect(differing.map(({ id }) => id)).toEqual(['learningRate']);
    expect(facts[0]).toEqual(differing[0]);
    expect(differing[0]!.values).toEqual([String(defaultTrainingConfig.learningRate), '0.5']);
    expect(facts.find(({ id }) => id === 'batchSize')).toMatchObject({ differs: false, values: ['32', '32'] });
  });
});

describe('the Pareto front', () => {
  const points = (...list: readonly (readonly [number, number])[]) => list.map(([cost, error]) => ({ cost, error }));
  it.each([
    { given: points(), front: points() },
    { given: points([2, 0.4], [1, 0.3], [3, 0.1]), front: points([1, 0.3], [3, 0.1]) },
    { given: points([1, 0.3], [1, 0.2]), front: points([1, 0.2]) },
    { given: points([1, 0.2], [1, 0.2], [2, 0.2]), front: points([1, 0.2], [1, 0.2]) },
    { given: points([1, NaN], [2, 0.5], [Infinity, 0.1]), front: points([2, 0.5]) },
  ])('of $given is $front', ({ given, front }) => {
    expect(paretoFront(given)).toEqual(front);
  });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Dataset, OpenOptions } from '../../../electron/data/dataset';
import { openData } from '../../../electron/data/open';
import { readAnyTable } from '../../../electron/data/parquetTable';
import { defaultReading } from '../../../shared/schema/training';

/** Files that pyarrow, pandas and Hugging Face's datasets have written; `make.py` beside them makes them again. */
const fixtures = join(import.meta.dirname, '../../fixtures/parquet');

let cache = '';
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'convloom-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

async function open(name: string, options: Partial<OpenOptions> = {}): Promise<Dataset> {
  const opened = await openData(`parquet:${join(fixtures, name)}`, { wanted: null, infoOnly: false, ...options });
  if (!opened.ok) throw new Error(opened.diagnostics.map(({ code, summary }) => `${code} ${summary.en}`).join());
  return opened.value;
}

describe('a table that another program wrote', () => {
  it.each([
    'types.parquet',
    'encodings1.parquet',
    'encodings2.parquet',
    'codecs.parquet',
    'int96.parquet',
    'pandas.parquet',
  ])('is read as that program reads it: %s', async (name) => {
    const tables = JSON.parse(await readFile(join(fixtures, 'tables.json'), 'utf8')) as Record<
      string,
      Record<string, readonly (number | string)[]>
    >;
    const table = await readAnyTable({ path: join(fixtures, name) });
    if (!table.ok) throw new Error(table.diagnostics[0]!.summary.en);
    const [names = [], ...rows] = table.value.rows;
    const read = Object.fromEntries(
      names.map((column, at) => [
        column,
        rows.map((row) => (row[at] === '' || Number.isNaN(Number(row[at])) ? row[at] : Number(row[at]))),
      ]),
    );
    expect(read).toEqual(tables[name]);
  });
});

/** The first pixel of a sample, and the target of that place. */
function first({ train, info }: Dataset): readonly (number | undefined)[] {
  return [train.inputs.subarray(0, 1)[0], train.targets.subarray(0, 1)[0], info.trainCount];
}

describe('pictures that another program wrote', () => {
  it('in shards have the classes and the parts that these say', async () => {
    const set = await open('sharded');
    expect(set.info).toMatchObject({ classes: ['zebra', 'ant'], trainCount: 8, validationCount: 2, testCount: 5 });
    const red = set.test!.inputs.subarray(0, 1)[0]!;
    expect(set.test!.targets.subarray(0, 1)[0]).toBe(((red - 1) / 10) % 2);
  });

  it('beside masks are learned as these, or as their classes where that is asked for', async () => {
    const masked = await open('masks.parquet');
    expect(masked.info).toMatchObject({ task: 'segmentation', classes: ['0', '1', '2'], otherTask: 'classification' });
    expect(masked.info.warnings.map(({ code }) => code)).toEqual(['data/columns-unused']);
    const [red = 0] = first(masked);
    const n = (red - 1) / 10;
    expect([...masked.train.targets.subarray(16, 24)]).toEqual(
      Array.from({ length: 8 }, (_, x) => (x >= 2 && x < 3 + (n % 4) ? 1 + (n % 2) : 0)),
    );
    const classed = await open('masks.parquet', { reading: { ...defaultReading, annotations: 'classes' } });
    expect(classed.info).toMatchObject({
      task: 'classification',
      otherTask: 'segmentation',
      classes: ['zebra', 'ant'],
    });
  });

  it('that become others have these as targets, larger by their factor', async () => {
    const set = await open('pairs.parquet');
    expect(set.info).toMatchObject({ task: 'image-to-image', inputShape: [4, 4, 3], targetShape: [8, 8, 3] });
    expect(first(set)[0]).toBe(first(set)[1]);
    const small = await open('pairs.parquet', { wanted: { shape: [2, 2, 1] } });
    expect(small.info.targetShape).toEqual([4, 4, 3]);
  });

  it('with a number each are learned as values, of mean 0 and deviation 1, and a column of names is not', async () => {
    const set = await open('values.parquet');
    expect(set.info).toMatchObject({ task: 'regression', inputShape: [8, 8, 3], classes: [] });
    const { mean, deviation } = set.scaling!.target!;
    const [red = 0, target = 0] = first(set);
    expect(target * deviation + mean).toBeCloseTo(20 + (red - 1) / 20, 5);
    expect(set.scaling!.mean).toEqual([]);
    const again = await open('values.parquet', {
      readAs: { task: 'regression', scaling: { mean: [], deviation: [], target: { mean: 0, deviation: 1 } } },
    });
    expect(again.train.targets.subarray(0, 1)[0]).toBeCloseTo(20 + (red - 1) / 20, 5);
  });
});

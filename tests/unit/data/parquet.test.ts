import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { DecodedArray } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readParquetContent } from '../../../electron/data/parquetContent';
import { boundedCompressors, ParquetBomb } from '../../../electron/data/parquetFile';
import { openData } from '../../../electron/data/open';
import { readAnyTable } from '../../../electron/data/parquetTable';
import { readPredictedRows } from '../../../electron/data/predictedTable';
import { firstPicture } from '../../../electron/data/sample';
import { colorPng, useDataFolder } from '../../support/dataFolder';
import {
  huggingFaceParquet,
  nestedParquet,
  packedParquet,
  parquetOf,
  parquetOfLists,
} from '../../support/parquetFiles';

const folder = useDataFolder();
const range = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const codes = (warnings: readonly { readonly code: string }[]) => warnings.map(({ code }) => code);

let cache = '';
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'convloom-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

/** A column of numbers that say a row's class, and others beside it. */
const x = { name: 'x', data: Float64Array.from({ length: 50 }, (_, n) => n * 0.1) };
const words = { name: 'label', data: range(50, (n) => ['cat', 'dog'][n % 2]!) };

async function openTable(...columns: { readonly name: string; readonly data: DecodedArray }[]) {
  await folder.put('t.parquet', parquetOf(columns, 20));
  return folder.open('parquet', 't.parquet');
}

describe('a Parquet table', () => {
  it('gives the samples that the same table gives as text', async () => {
    const whole = { name: '1', data: Int32Array.from({ length: 50 }, (_, n) => n * n) };
    const { info, train, scaling } = await openTable(x, whole, words);
    await folder.put('t.csv', `x,1,label\n${range(50, (n) => `${n * 0.1},${n * n},${words.data[n]!}`).join('\n')}`);
    const text = await folder.open('csv', 't.csv');
    expect(info).toEqual({ ...text.info, spec: info.spec });
    expect(train).toEqual(text.train);
    expect(scaling).toEqual(text.scaling);
  });

  it('has truth values as 0 and 1, rounds integers beyond 2^53 and says so, and leaves dates out by name', async () => {
    const { info, train } = await openTable(
      { name: 'is', data: range(50, (n) => n % 2 === 0) },
      { name: 'id', data: BigInt64Array.from({ length: 50 }, (_, n) => 2n ** 60n + BigInt(n)) },
      { name: 'when', data: range(50, (n) => new Date(1e12 + n * 1e9)) },
      words,
    );
    expect(info.inputShape).toEqual([2]);
    expect(train.inputs[0]).toBeCloseTo(1);
    expect(codes(info.warnings)).toEqual(['data/column-left-out', 'data/integers-rounded']);
    expect(info.warnings.map(({ summary }) => summary.en).join()).toMatch(/when.*id/);
  });

  it('names a row without a value by its number', async () => {
    const { info } = await openTable({ name: 'x', data: range(50, (n) => (n === 6 ? null : n)) }, words);
    expect(info.warnings[0]!.why!.en).toBe('row 7: column 1 has no value.');
  });

  it('has a column for each place of lists of one length, and names others that it leaves out', async () => {
    const pixels = range(50, (n) => [n, n + 1, n + 2]);
    const tags = range(50, (n) => range(1 + (n % 3), (k) => k));
    await folder.put('t.parquet', parquetOfLists({ pixels, tags }, words));
    const { info, scaling } = await folder.open('parquet', 't.parquet');
    expect(scaling!.names).toEqual(['pixels[0]', 'pixels[1]', 'pixels[2]']);
    expect(codes(info.warnings)).toEqual(['data/nested-column']);
    expect(info.warnings[0]!.summary.en).toContain('tags (its lists have different lengths)');
  });

  it('of two thousand columns is read', async () => {
    const many = range(2000, (n) => ({ name: `c${n}`, data: Int32Array.from({ length: 10 }, (_, row) => row + n) }));
    await folder.put('t.parquet', parquetOf([...many, { name: 'label', data: range(10, (n) => n % 2) }]));
    expect((await folder.open('parquet', 't.parquet')).info.inputShape).toEqual([2000]);
  });

  it('of several files has the parts that their names say, and columns in any order', async () => {
    await folder.put('set/train-00000-of-00002.parquet', parquetOf([x, words]));
    await folder.put('set/train-00001-of-00002.parquet', parquetOf([words, x]));
    await folder.put('set/test-00000-of-00001.parquet', parquetOf([x, words]));
    const { info } = await folder.open('parquet', 'set');
    expect(info).toMatchObject({ trainCount: 80, validationCount: 20, testCount: 50 });
    await folder.put('set/validation.parquet', parquetOf([{ ...x, name: 'y' }, words]));
    expect(await folder.refusal('parquet', 'set')).toMatch(/^data\/files-differ.*validation.parquet.*: x, y/s);
  });

  it('is predicted by the names of its columns', async () => {
    const scaling = { mean: [1, 0], deviation: [1, 1], names: ['b', 'a'], targetMean: 0, targetDeviation: 1 };
    const table = await readAnyTable({
      bytes: parquetOf([
        { name: 'a', data: Int32Array.of(1, 2) },
        { name: 'b', data: Int32Array.of(3, 4) },
      ]),
      name: 't.parquet',
    });
    const read = table.ok ? readPredictedRows(table.value, 't.parquet', scaling) : table;
    expect(read).toMatchObject({ ok: true, value: { inputs: Float32Array.of(2, 1, 3, 2), rows: [1, 2] } });
  });

  it('is named where a table of text is expected', async () => {
    await folder.put('t.parquet', parquetOf([x, words]));
    expect(await folder.refusal('csv', 't.parquet')).toMatch(/^data\/is-parquet/);
  });
});

const picture = (n: number): Buffer => colorPng(6, 4, (at) => [n * 10, at * 40, 0]);
const set = (count: number) => range(count, (n) => ({ bytes: picture(n), path: `p_${n}.png`, label: n % 2 }));

describe('Parquet pictures', () => {
  it('have the classes that the file declares, in its order, by the names of its features', async () => {
    await folder.put('a.parquet', huggingFaceParquet(set(20), ['zebra', 'ant', 'bee']));
    const { info, train, origins } = await folder.open('parquet', 'a.parquet');
    expect(info).toMatchObject({ classes: ['zebra', 'ant', 'bee'], trainCount: 16, validationCount: 4 });
    expect(info).toMatchObject({ task: 'classification', inputShape: [4, 6, 3] });
    expect(codes(info.warnings)).toEqual(['data/class-empty']);
    const [first] = origins!.train;
    const n = Number(/p_(\d+)/.exec(first!.name)![1]);
    expect([train.inputs[0], train.targets[0]]).toEqual([n * 10, n % 2]);
    const sample = await firstPicture(`parquet:${folder.at('a.parquet')}`);
    expect(sample).toMatchObject({ ok: true, value: { shape: [4, 6, expect.any(Number)] } });
  });

  it('that are broken or missing, or have no class, are skipped by name', async () => {
    const some = set(20);
    some[3]!.bytes = Buffer.from('no picture');
    const odd = [
      ...some,
      { bytes: null, path: 'gone.png', label: 0 },
      { bytes: picture(1), path: 'who.png', label: null },
    ];
    await folder.put('a.parquet', huggingFaceParquet(odd, ['a', 'b']));
    const { info, skips } = await folder.open('parquet', 'a.parquet');
    expect(info.trainCount + info.validationCount).toBe(19);
    expect(skips!.map(({ name }) => name)).toEqual(['p_3.png', 'gone.png', 'who.png']);
  });

  it('of several files have the parts that these say', async () => {
    await folder.put('data/train-0.parquet', huggingFaceParquet(set(10), ['a', 'b']));
    await folder.put('data/test-0.parquet', huggingFaceParquet(set(4), ['a', 'b']));
    const { info, test } = await folder.open('parquet', 'data', { shape: [2, 3, 1] });
    expect(info).toMatchObject({ trainCount: 8, validationCount: 2, testCount: 4, inputShape: [2, 3, 1] });
    expect([...test!.targets.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  });

  it('in a plain column of bytes are found, and their classes are words', async () => {
    const bytes = { name: 'img', data: range(12, picture), type: 'BYTE_ARRAY' as const };
    await folder.put('a.parquet', parquetOf([bytes, { name: 'kind', data: range(12, (n) => `k${n % 3}`) }]));
    expect((await folder.open('parquet', 'a.parquet')).info.classes).toEqual(['k0', 'k1', 'k2']);
    await folder.put('b.parquet', parquetOf([bytes]));
    expect(await folder.refusal('parquet', 'b.parquet')).toMatch(/^data\/no-classes/);
  });

  it('named by a column of words are read where they lie, and never outside of the folder', async () => {
    const names = range(12, (n) => `pics/p${n}.png`);
    for (const [n, name] of names.entries()) if (n !== 5) await folder.put(`set/${name}`, picture(n));
    await folder.put('secret.png', picture(1));
    names[7] = '../secret.png';
    const columns = [
      { name: 'file', data: names },
      { name: 'kind', data: range(12, (n) => `k${n % 3}`) },
    ];
    await folder.put('set/a.parquet', parquetOf(columns));
    const { info, skips, train, origins } = await folder.open('parquet', 'set/a.parquet');
    expect(info).toMatchObject({ task: 'classification', inputShape: [4, 6, 3], classes: ['k0', 'k1', 'k2'] });
    expect(info.trainCount + info.validationCount).toBe(10);
    expect(skips!.map(({ name }) => name)).toEqual(['pics/p5.png', '../secret.png']);
    const n = Number(/p(\d+)/.exec(origins!.train[0]!.name)![1]);
    expect([train.inputs[0], train.targets[0]]).toEqual([n * 10, n % 3]);
    expect(await firstPicture(`parquet:${folder.at('set/a.parquet')}`)).toMatchObject({ ok: true });
    // Names of files that are not there are words, as in any table.
    await folder.put('b.parquet', parquetOf([{ name: 'x', data: Float64Array.from(range(12, (m) => m)) }, ...columns]));
    expect((await folder.open('parquet', 'b.parquet')).info.inputShape).toEqual([1]);
  });

  it('are refused to a model of tables, and the other way round', async () => {
    await folder.put('a.parquet', huggingFaceParquet(set(10), ['a', 'b']));
    await folder.put('t.parquet', parquetOf([x, words]));
    const scaling = { mean: [0], deviation: [1], targetMean: 0, targetDeviation: 1 };
    const asked = async (name: string, readAs: { readonly scaling: typeof scaling | null }) => {
      const options = { wanted: null, infoOnly: true, readAs: { task: 'classification' as const, ...readAs } };
      const opened = await openData(`parquet:${folder.at(name)}`, options);
      return opened.ok ? 'opened' : opened.diagnostics[0]!.code;
    };
    expect(await asked('t.parquet', { scaling: null })).toBe('evaluate/other-kind-of-data');
    expect(await asked('a.parquet', { scaling })).toBe('evaluate/other-kind-of-data');
  });
});

describe('a Parquet file that lies', () => {
  const whole = () => Buffer.from(parquetOf([x, words]));

  it.each([
    ['is empty', () => Buffer.alloc(0), 'ends too early'],
    ['is cut off', () => whole().subarray(0, 300), 'ends too early'],
    ['is of text', () => Buffer.from('x,label\n1,a\n2,b\n'), 'no Parquet file'],
    ['has a footer longer than itself', () => footer(whole(), 0xfffffff0), 'more than the file'],
    ['is nested three hundred deep', () => Buffer.from(nestedParquet(300)), 'nested more than 64 deep'],
    ['has a footer in the middle of nothing', () => footer(whole(), 9), ''],
  ])('because it %s is refused in words', async (_, make, reason) => {
    await folder.put('t.parquet', make());
    const said = await folder.refusal('parquet', 't.parquet');
    expect(said).toMatch(/^data\/(damaged|nothing-usable)/);
    expect(said).toContain(reason);
  });

  it.each([
    // V8 ends the process for such an array, not the thread.
    ['a run that is longer than its page', '11-long-run.parquet', 'opened'],
    ['a page of two thousand million rows', '11-long-page.parquet', 'data/damaged'],
    // A place that is no number is never reached.
    ['levels without a length', '11-no-level-length.parquet', 'data/damaged'],
    ['a page without a count', '11-no-page-length.parquet', 'data/damaged'],
  ])('with %s ends nothing, and is told in a moment', async (_, name, outcome) => {
    await folder.put('t.parquet', await readFile(join(import.meta.dirname, '../../fixtures/corpus/data', name)));
    const before = process.cpuUsage();
    expect((await folder.refusal('parquet', 't.parquet')).split(':')[0]).toBe(outcome);
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(3e6);
  });

  it.each([
    ['GZIP', (size: number) => gzipSync(new Uint8Array(size)), 'there is more in it'],
    ['BROTLI', brotliBomb, 'there is more in it'],
    ['SNAPPY', snappyBomb, 'cannot be unpacked by SNAPPY'],
    // Zstandard is given no more room than the page says; what comes of it is no list of numbers.
    ['ZSTD', zstdBomb, ''],
  ] as const)(
    'about what a page unpacks to by %s is refused before there is any of it',
    async (codec, bomb, reason) => {
      const bytes = packedParquet([x, words], codec, bomb(2 ** 26));
      const [cpu, peak] = [process.cpuUsage(), process.resourceUsage().maxRSS];
      const answer = await readParquetContent({ source: { bytes }, pictures: null });
      expect('fault' in answer ? answer.fault : null).toContain(reason);
      expect(process.cpuUsage(cpu).user).toBeLessThan(1e6);
      expect(process.resourceUsage().maxRSS - peak).toBeLessThan(2 ** 26 / 1024);
    },
  );

  it('about what a page unpacks to by LZ4 is refused before there is any of it', async () => {
    await folder.put('t.parquet', packedParquet([x, words], 'LZ4', lz4Bomb(2 ** 26)));
    expect(await folder.refusal('parquet', 't.parquet')).toContain('there is more in it');
  });

  it('is refused wherever it is cut off', async () => {
    const bytes = whole();
    for (let length = 0; length < bytes.length; length++) {
      expect(await readParquetContent({ source: { bytes: bytes.subarray(0, length) }, pictures: null })).toHaveProperty(
        'fault',
      );
    }
  });

  it('about what its columns are called lies to nobody: __proto__ and constructor are columns as any others', async () => {
    const names = ['__proto__', 'constructor', 'toString', ''];
    const columns = names.map((name) => ({ name, data: [1, 2, 3, 4], type: 'INT32' as const }));
    const bytes = parquetOf([...columns, { name: 'label', data: ['__proto__', 'constructor', 'a', 'a'] }]);
    const read = await readParquetContent({ source: { bytes }, pictures: null });
    if (!('content' in read) || read.content.kind !== 'table') throw new Error('It is no table.');
    expect(read.content.columns.map(({ name }) => name)).toEqual([...names, 'label']);
    expect(read.content.columns.at(-1)).toMatchObject({ words: ['__proto__', 'constructor', 'a'] });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

it('unpacks no page beyond what one may be, nor all together beyond what a file may become', () => {
  const { GZIP } = boundedCompressors(1000);
  const packed = gzipSync(new Uint8Array(100));
  expect(GZIP!(packed, 100)).toEqual(new Uint8Array(100));
  expect(() => GZIP!(packed, 600_000_000)).toThrow(ParquetBomb);
  const { SNAPPY } = boundedCompressors(1000);
  const unpackMany = () => range(40, () => expect(() => SNAPPY!(new Uint8Array(3), 50_000_000)).toThrow());
  expect(unpackMany).not.toThrow();
  expect(() => SNAPPY!(new Uint8Array(3), 1)).toThrow(ParquetBomb);
});

/** So many zeros of Brotli: 317 bytes for 200 MB. */
function brotliBomb(size: number): Uint8Array {
  return brotliCompressSync(new Uint8Array(size), { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } });
}

/** One byte, and a match of all others with it. */
function lz4Bomb(size: number): Uint8Array {
  const length = Buffer.alloc(Math.floor((size - 20) / 255), 255);
  return Buffer.concat([Buffer.from([0x1f, 65, 1, 0]), length, Buffer.from([0, 0x50, 1, 2, 3, 4, 5])]);
}

/** One byte, and copies of it, 64 at a time; it says that it is ten bytes long. */
function snappyBomb(size: number): Uint8Array {
  return Buffer.concat([Buffer.from([10, 0, 65]), Buffer.alloc(3 * Math.floor(size / 64), Buffer.from([0xfe, 1, 0]))]);
}

/** A frame of blocks of one byte, 128 kB each. */
function zstdBomb(size: number): Uint8Array {
  const block = Buffer.from([0x02, 0x00, 0x10, 0]);
  const last = Buffer.from([0x03, 0x00, 0x10, 0]);
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x70]),
    Buffer.alloc(4 * (size / 2 ** 17), block),
    last,
  ]);
}

function footer(bytes: Buffer, length: number): Buffer {
  bytes.writeUInt32LE(length, bytes.length - 8);
  return bytes;
}

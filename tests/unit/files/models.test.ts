import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readModel, writeModel } from '../../../electron/files/models';
import type { Model } from '../../../electron/files/models';
import { writeRecord } from '../../../electron/files/runRecord';
import { encodeSafetensors } from '../../../electron/files/safetensors';
import { saveWeightPair, saveWeights } from '../../../electron/files/weights';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { serializeNetwork } from '../../../shared/document/serialize';
import { emptyDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { zipOf } from '../../support/zip';

const model: Model = {
  document: emptyDocument('Net'),
  weights: {
    'c1/kernel': { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 1e-30) },
    'c1/bias': { dtype: 'float32', shape: [1], data: Float32Array.of(7) },
  },
  facts: {
    data: {
      task: 'classification',
      classes: ['a', 'b'],
      inputShape: [2],
      scaling: { mean: [1, 2], deviation: [3, 4] },
    },
    source: 'import of x.onnx',
  },
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-models-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function codes(result: Result<unknown>): readonly string[] {
  return result.ok ? [] : result.diagnostics.map(({ code }) => code);
}

const network = Buffer.from(serializeNetwork(model.document));
const facts = Buffer.from(JSON.stringify({ format: 'convloom.model', version: 1, ...model.facts }));
const weights = encodeSafetensors(model.weights);

async function readZipOf(entries: Readonly<Record<string, Buffer>>): Promise<Result<Model>> {
  const path = join(dir, 'x.convloom-model');
  await writeFile(path, zipOf(Object.entries(entries).map(([name, data]) => ({ name, data }))));
  return await readModel(path);
}

describe('a model', () => {
  it.each(['net', 'net.convloom-model'])('written as %s is read as it was', async (name) => {
    const path = join(dir, name);
    expect(await writeModel(path, model)).toEqual({ ok: true, value: { path } });
    expect(await readModel(path)).toEqual({ ok: true, value: model });
    expect(await readdir(dir)).toEqual([name]);
  });

  it('without data of its own says so', async () => {
    const untrained = { ...model, facts: { data: null, source: '' } };
    await writeModel(join(dir, 'net.convloom-model'), untrained);
    expect(await readModel(join(dir, 'net.convloom-model'))).toEqual({ ok: true, value: untrained });
  });

  it('as one file has the same bytes for the same model, and replaces what was there', async () => {
    const path = join(dir, 'a.convloom-model');
    await writeModel(path, model);
    const first = await readFile(path);
    await writeModel(path, model);
    expect((await readFile(path)).equals(first)).toBe(true);
  });

  it('as a folder never goes into one that holds something', async () => {
    await mkdir(join(dir, 'empty'));
    expect(codes(await writeModel(join(dir, 'empty'), model))).toEqual([]);
    expect(codes(await writeModel(join(dir, 'empty'), model))).toEqual(['file/folder-not-empty']);
    await writeFile(join(dir, 'file'), '');
    expect(codes(await writeModel(join(dir, 'file'), model))).toEqual(['file/is-not-folder']);
  });

  it('that cannot be written whole is not there at all', async () => {
    await writeFile(join(dir, 'file'), '');
    expect((await writeModel(join(dir, 'file', 'net'), model)).ok).toBe(false);
    expect((await writeModel(join(dir, 'file', 'net.convloom-model'), model)).ok).toBe(false);
    expect(await readdir(dir)).toEqual(['file']);
  });

  it.each(['safetensors', 'pair'])('is what a run’s folder is, with weights as %s', async (form) => {
    await writeFile(join(dir, 'network.json'), network);
    await writeRecord(dir, {
      format: 'convloom.run',
      version: 1,
      id: 'r1',
      name: 'Net',
      startedAt: '2026-01-01T00:00:00.000Z',
      config: defaultTrainingConfig,
      state: 'killed',
      lastEpoch: null,
      pid: null,
      data: model.facts.data!,
    });
    expect(codes(await readModel(dir))).toEqual(['run/no-weights']);
    if (form === 'pair') await saveWeightPair(dir, model.weights);
    else await saveWeights(dir, Object.keys(model.weights), model.weights);
    expect(await readModel(dir)).toEqual({
      ok: true,
      value: { ...model, facts: { data: model.facts.data, source: 'run r1' } },
    });
  });
});

describe('what is no model', () => {
  it.each(['none', 'none.convloom-model'])('%s, which is not there, is said', async (name) => {
    expect(codes(await readModel(join(dir, name)))).toEqual(['file/not-found']);
  });

  it('a folder without a network, and one without facts, are said', async () => {
    expect(codes(await readModel(dir))).toEqual(['model/damaged']);
    await writeFile(join(dir, 'network.json'), network);
    expect(codes(await readModel(dir))).toEqual(['run/damaged']);
    await writeFile(join(dir, 'model.json'), facts);
    expect(codes(await readModel(dir))).toEqual(['model/no-weights']);
  });

  it.each([
    ['a network', 'net.json', network, 'it is a network, which has no weights', 'convloom train FILE'],
    ['bare weights', 'w.safetensors', weights, 'it is weights alone', '--onto FILE'],
    ['a model of another program', 'x.tflite', '\x1c\0\0\0TFL3', 'it is a model of another program', 'Import it first'],
    ['a picture', 'x.png', '\x89PNG\r\n', 'it is a PNG picture', 'Name a run'],
  ])('%s is said to be that, with the way on', async (_, name, content, is, mend) => {
    await writeFile(join(dir, name), content, 'latin1');
    const read = await readModel(join(dir, name));
    const [found] = read.ok ? [] : read.diagnostics;
    expect(found?.code).toBe('model/not-a-model');
    expect(found?.summary.en).toContain(is);
    expect(found?.why?.en).toContain(mend);
  });

  it('a file that is cut at any byte is refused', async () => {
    const path = join(dir, 'cut.convloom-model');
    await writeModel(path, model);
    const bytes = await readFile(path);
    for (let length = 0; length < bytes.length; length += 13) {
      await writeFile(path, bytes.subarray(0, length));
      expect(codes(await readModel(path)), `cut at ${length}`).toEqual(['model/damaged']);
    }
    await writeFile(path, bytes);
    await appendFile(path, 'x');
    expect(codes(await readModel(path))).toEqual(['model/damaged']);
  });

  it.each([
    { what: 'no weights', entries: { 'network.json': network, 'model.json': facts } },
    {
      what: 'weights that are none',
      entries: { 'network.json': network, 'model.json': facts, 'weights.safetensors': Buffer.from('{}') },
    },
    {
      what: 'facts that are none',
      entries: { 'network.json': network, 'model.json': Buffer.from('{}'), 'weights.safetensors': weights },
    },
    {
      what: 'a name that climbs out',
      entries: {
        'network.json': network,
        'model.json': facts,
        'weights.safetensors': weights,
        '../../evil': Buffer.from('x'),
      },
    },
    {
      what: 'a bomb of zeros',
      entries: {
        'network.json': network,
        'model.json': facts,
        'weights.safetensors': Buffer.alloc(50_000_000),
      },
    },
  ])('a zip with $what is refused', async ({ entries }) => {
    expect(codes(await readZipOf(entries))).toEqual(['model/damaged']);
    expect(await readdir(dir)).toEqual(['x.convloom-model']);
  });

  it('of a later version is said to be', async () => {
    const later = Buffer.from(JSON.stringify({ format: 'convloom.model', version: 2, ...model.facts }));
    const read = await readZipOf({ 'network.json': network, 'model.json': later, 'weights.safetensors': weights });
    expect(codes(read)).toEqual(['model/too-new']);
  });

  it('files that a zip has besides are left alone, and a packed zip is read as well', async () => {
    const read = await readZipOf({
      'network.json': network,
      'model.json': facts,
      'weights.safetensors': weights,
      'README.md': Buffer.from('x'),
    });
    expect(read).toEqual({ ok: true, value: model });
  });
});

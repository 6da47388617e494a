import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { npyOf } from '../../../electron/data/npyFormat';
import { storedZip } from '../../../electron/files/zip';
import { createAnswers } from '../../../electron/trainer/answers';
import { evenly, featuresOf } from '../../../electron/trainer/features';
import { createTruths } from '../../../electron/trainer/maskTruth';
import type { TrainerQuestions } from '../../../electron/trainer/protocol';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { Embedding, NearestSamples } from '../../../shared/host/api';
import { byLabel, commonestLabel, embeddingCsv, embeddingSvg, sampleWord } from '../../../shared/host/embeddingTexts';
import { chain } from '../../support/chain';
import { useDataFolder } from '../../support/dataFolder';
import { runFolder } from '../../support/modelFolder';

const folder = useDataFolder();
const answers = createAnswers();

type Question<N extends 'nearest' | 'embed'> = TrainerQuestions[N][0];

/** The picture itself is what the only dense layer reads: features are its four pixels. */
const network = chain([
  ['x', 'input', { shape: [2, 2, 1] }],
  ['f', 'fc', { units: 3 }],
]);
const plain = { document: network, path: null, seed: 1, part: 'train', node: null } as const;

/** Pictures along one line of shades, and two of a pattern, with the classes 0, 1 and 2. */
const pictures = [
  [10, 10, 10, 10],
  [200, 200, 200, 200],
  [255, 0, 255, 0],
  [20, 20, 20, 20],
  [250, 0, 250, 0],
  [100, 100, 100, 100],
];
const labels = [0, 1, 2, 0, 2, 1];

async function putPictures(): Promise<string> {
  const content = new Map(
    Object.entries({
      train_images: npyOf({ shape: [6, 2, 2], values: Uint8Array.from(pictures.flat()) }),
      train_labels: npyOf({ shape: [6], values: Int32Array.from(labels) }),
      val_images: npyOf({ shape: [3, 2, 2], values: Uint8Array.from(pictures.slice(0, 3).flat()) }),
      val_labels: npyOf({ shape: [3], values: Int32Array.from(labels.slice(0, 3)) }),
    }).map(([name, bytes]) => [`${name}.npy`, { byteLength: bytes.length, pieces: () => [bytes] }] as const),
  );
  await folder.put('made', '');
  await pipeline(storedZip(content), createWriteStream(folder.at('a.npz')));
  return `npz:${folder.at('a.npz')}`;
}

async function ask<N extends 'nearest' | 'embed'>(
  name: N,
  question: Question<N>,
  { signal = new AbortController().signal, onProgress = (): void => undefined } = {},
): Promise<Result<N extends 'nearest' ? NearestSamples : Embedding>> {
  return (await answers(name, question, signal, onProgress)) as Result<
    N extends 'nearest' ? NearestSamples : Embedding
  >;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics.map(({ code, summary }) => `${code} ${summary.en}`).join());
  return result.value;
}

describe('the nearest pictures', () => {
  const drawn = { from: 'picture', input: { pixels: Uint8Array.of(30, 30, 30, 30) } } as const;

  it('are those of the nearest features, with their classes and distances, and the next question reads no data', async () => {
    const spec = await putPictures();
    let batches = 0;
    const near = async (distance: 'cosine' | 'euclidean') =>
      valueOf(
        await ask('nearest', { ...plain, spec, samples: drawn, distance, count: 4 }, { onProgress: () => batches++ }),
      );
    const euclidean = await near('euclidean');
    expect(euclidean.facts).toEqual({
      ...{ node: 'x', why: 'beforeHead', isMean: false, size: 4, task: 'classification', count: 6, total: 6 },
      classes: ['0', '1', '2'],
    });
    // Of four equal differences, d, the length is 2 d; of the pattern 250, 0 it is the root of 2 (220² + 30²).
    const told = euclidean.samples.map(({ index, truth, distance }) => [
      index,
      truth,
      Number((distance * 255).toFixed(3)),
    ]);
    expect(told).toEqual([
      [3, 0, 20],
      [0, 0, 40],
      [5, 1, 140],
      [4, 2, 314.006],
    ]);
    expect(batches).toBe(1);
    // Along one line all shades are at the same angle, and a pattern of halves is at 45 degrees.
    const cosine = await near('cosine');
    expect(cosine.samples.map(({ distance }) => Number(distance.toFixed(4)))).toEqual([0, 0, 0, 0]);
    expect(batches).toBe(1);
    // A picture of the set is no neighbour of its own.
    const samples = { from: 'data', spec, part: 'train', indices: [3] } as const;
    const others = valueOf(await ask('nearest', { ...plain, spec, samples, distance: 'euclidean', count: 2 }));
    expect(others.samples.map(({ index }) => index)).toEqual([0, 5]);
  });

  it('are refused of a node that is not there, and given up when nobody waits', async () => {
    const spec = await putPictures();
    const question = { ...plain, spec, samples: drawn, distance: 'cosine', count: 1 } as const;
    expect(await ask('nearest', { ...question, node: 'nobody' })).toMatchObject({
      diagnostics: [{ code: 'inspect/no-features' }],
    });
    const giving = new AbortController();
    giving.abort();
    expect(await ask('nearest', { ...question, seed: 3 }, { signal: giving.signal })).toMatchObject({
      diagnostics: [{ code: 'host/cancelled' }],
    });
  });
});

describe('an embedding', () => {
  it('lays all samples out along their principal components, with what each is and what the network says', async () => {
    const spec = await putPictures();
    const found = valueOf(await ask('embed', { ...plain, spec, method: 'pca', count: 100, features: true }));
    expect([...found.truth]).toEqual(labels);
    expect([...found.indices]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...found.given].every((given) => [0, 1, 2].includes(given))).toBe(true);
    expect([...found.features!].map((value) => Math.round(255 * value))).toEqual(pictures.flat());
    // Shades and the pattern span two directions: all of the variance lies in the plane.
    expect(found.shares![0] + found.shares![1]).toBeCloseTo(1, 6);
    const far = (a: number, b: number): number =>
      Math.hypot(found.places[2 * a]! - found.places[2 * b]!, found.places[2 * a + 1]! - found.places[2 * b + 1]!);
    expect(255 * far(0, 1)).toBeCloseTo(380, 2);
    expect(255 * far(2, 4)).toBeCloseTo(Math.sqrt(50), 2);
  });

  it('by neighbours is the same each time, and is refused below four samples', async () => {
    const spec = await putPictures();
    const near = await ask('embed', { ...plain, spec, method: 'umap', count: 6 });
    const again = await createAnswers()(
      'embed',
      { ...plain, spec, method: 'umap', count: 6 },
      new AbortController().signal,
    );
    expect(valueOf(near).places).toEqual((again as Result<Embedding> & { ok: true }).value.places);
    expect(valueOf(near).shares).toBeNull();
    expect(await ask('embed', { ...plain, part: 'validation', spec, method: 'umap', count: 6 })).toMatchObject({
      diagnostics: [{ code: 'inspect/too-few-samples' }],
    });
  });

  it('of a table has values in the units of its column', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => `${at},${(at * at) % 7},${1000 + 10 * at}.5`);
    await folder.put('t.csv', `a,b,price\n${rows.join('\n')}\n`);
    const spec = `csv:${folder.at('t.csv')}`;
    const document = chain([
      ['x', 'input', { shape: [2] }],
      ['h', 'fc', { units: 5, activation: 'relu' }],
      ['f', 'fc', { units: 1 }],
    ]);
    const scaling = { mean: [0, 0], deviation: [1, 1], target: { mean: 1145.5, deviation: 86.6 } };
    const data = { task: 'regression', classes: [], inputShape: [2], scaling } as const;
    const path = await runFolder(folder.at('run'), { ...document, train: { loss: 'meanSquaredError' } }, data, spec);
    const found = valueOf(await ask('embed', { ...plain, document, path, spec, method: 'pca', count: 100 }));
    expect(found.facts).toMatchObject({ node: 'h', size: 5, task: 'regression' });
    expect(Math.min(...found.truth)).toBeGreaterThanOrEqual(1000);
    expect([...found.truth].map((value) => Number((value % 10).toFixed(2)))).toEqual(
      Array(found.facts.count).fill(0.5),
    );
  });
});

describe('an embedding of samples with any number of classes', () => {
  /** Whose answers are the features themselves: a class is given where its own feature is above its mean, by a logit or by a sigmoid. */
  async function embedded(activation: 'linear' | 'sigmoid'): Promise<Embedding> {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const rows = values.map((value) => `${value},${-value},${Number(value > 5)},${Number(value === 2)}`);
    await folder.put('t.csv', `a,b,up,two\n${rows.join('\n')}\n`);
    const spec = `csv:${folder.at('t.csv')}`;
    const layers = chain([
      ['x', 'input', { shape: [2] }],
      ['f', 'fc', { units: 2, activation }],
    ]);
    const document = { ...layers, train: { targets: 'up, two' } };
    const scaling = { mean: [5.5, -5.5], deviation: [3, 3] };
    const data = { task: 'multi-label', classes: ['up', 'two'], inputShape: [2], scaling } as const;
    const eye = { 'f/kernel': { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) } } as const;
    const bias = { 'f/bias': { dtype: 'float32', shape: [2], data: Float32Array.of(0, 0) } } as const;
    const path = await runFolder(folder.at(activation), document, data, spec, { ...eye, ...bias });
    return valueOf(await ask('embed', { ...plain, document, path, spec, method: 'pca', count: 100 }));
  }

  it.each(['linear', 'sigmoid'] as const)(
    'has all classes of each, and those given by a %s answer, and is coloured by one that is picked',
    async (activation) => {
      const found = await embedded(activation);
      const names = (side: 'truth' | 'given') => [...found.indices].map((_, at) => sampleWord(found, side, at));
      const values = names('truth').map((own, at) => ({ own, given: names('given')[at] }));
      // Of values above the mean the first feature is positive, of the others the second.
      for (const { own, given } of values) {
        expect(given).toEqual(own?.toString().includes('up') === true ? ['up'] : ['two']);
      }
      const ups = values.filter(({ own }) => own?.toString() === 'up').length;
      expect(ups).toBe(values.length / 2);
      expect(embeddingCsv(found).split('\n')[1]).toMatch(/^0,(up|two|),(up|two),/);
      expect(found.facts.classes[commonestLabel(found)]).toBe('up');
      const drawn = byLabel(found, 0, ['no', 'yes']);
      expect(drawn.facts).toMatchObject({ task: 'classification', classes: ['no', 'yes'] });
      expect([...drawn.truth]).toEqual(names('truth').map((own) => Number(own?.toString() === 'up')));
      expect(drawn.given).toEqual(drawn.truth);
      expect(embeddingSvg('n', found, 1)).toContain('taken for another');
      expect(embeddingSvg('n', found)).toContain(`not up (${values.length - ups})`);
    },
  );
});

describe('features', () => {
  it('of a map are its values, or the means of its channels over all positions', () => {
    const tensor = { dtype: 'float32', shape: [2, 1, 2, 2], data: Float32Array.of(1, 10, 3, 30, 5, 0, 7, 0) } as const;
    expect([...featuresOf(tensor, { isMean: true }).values]).toEqual([2, 20, 6, 0]);
    expect(featuresOf(tensor, { isMean: false })).toMatchObject({ count: 2, size: 4 });
  });

  it('of a large set are those of samples evenly over it', () => {
    expect([...evenly(3, 9)]).toEqual([0, 3, 6]);
    expect([...evenly(9, 3)]).toEqual([0, 1, 2]);
  });

  it('are of a mask by the class that covers most of it, beside the one that covers most of all', () => {
    const truths = createTruths({ task: 'segmentation', classes: ['ground', 'cat', 'dog'], hasIgnored: true }, 4);
    truths.add([0, 0, 0, 1, 0, 2, 2, 1], 2);
    truths.add([0, 0, 0, 0, -1, -1, -1, -1], 2);
    expect([...truths.values()]).toEqual([1, 2, 0, NaN]);
  });
});

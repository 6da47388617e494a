import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCsv } from '../../../electron/data/csv';
import { readRecord, writeRecord } from '../../../electron/files/runRecord';
import type { TrainedData } from '../../../electron/files/trainedData';
import { createScorer } from '../../../electron/trainer/score';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { FloatTensors } from '../../../shared/ops/tensor';
import { chain } from '../../support/chain';
import { colorPng } from '../../support/dataFolder';
import { modelFolder, runFolder } from '../../support/modelFolder';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-score-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

const never = new AbortController().signal;

async function score(path: string, data: string | null, signal = new AbortController().signal) {
  return await createScorer().evaluate({ path, data, engine: 'onnxruntime' }, signal);
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics.map(({ code, summary }) => `${code} ${summary.en}`).join());
  return result.value;
}

function codeOf(result: Result<unknown>): string | null {
  return result.ok ? null : result.diagnostics[0]!.code;
}

const dense = (inputShape: readonly number[], units: number) =>
  chain([
    ['x', 'input', { shape: inputShape }],
    ['f', 'fc', { units }],
  ]);

describe('a model of a table', () => {
  const rows = Array.from({ length: 40 }, (_, index) => {
    const side = index % 2;
    return [Math.sin(index) + 3 * side, Math.cos(3 * index) - side, side === 0 ? 'low' : 'high'] as const;
  });
  const table = async (
    name: string,
    lines: readonly (readonly [number, number, string | number])[],
  ): Promise<string> => {
    const path = join(dir, name);
    await writeFile(path, `a,b,class\n${lines.map((line) => line.join(',')).join('\n')}\n`);
    return `csv:${path}`;
  };
  let run: string;
  let own: string;

  beforeAll(async () => {
    own = await table('own.csv', rows);
    const opened = await loadCsv(join(dir, 'own.csv'));
    if (!opened.ok) throw new Error('The table cannot be read.');
    const { info, scaling } = opened.value;
    const data: TrainedData = { task: info.task, classes: info.classes, inputShape: info.inputShape, scaling };
    run = await runFolder(join(dir, 'table-run'), dense([2], 2), data, own);
  });

  it('is scored on the validation split of its own data, and on the whole of any other', async () => {
    const own8 = valueOf(await score(run, null));
    expect(own8).toMatchObject({ part: 'validation', count: 8, data: own, warnings: [] });
    expect(valueOf(await score(run, `csv:${join(dir, '.', 'own.csv')}`))).toEqual(own8);
    expect(valueOf(await score(run, await table('copy.csv', rows)))).toMatchObject({ part: 'all', count: 40 });
  });

  it('is scored on the part that was kept apart, where there is one, and on any part that is named', async () => {
    const tested = join(dir, 'tested-run');
    const data: TrainedData = { task: 'classification', classes: ['high', 'low'], inputShape: [2], scaling: null };
    const scaling = { mean: [0, 0], deviation: [1, 1] };
    await runFolder(tested, dense([2], 2), { ...data, scaling }, own);
    const record = await readRecord(tested);
    if (!record.ok) throw new Error('The record cannot be read.');
    await writeRecord(tested, { ...record.value, config: { ...record.value.config, testFraction: 0.25 } });
    const scored = async (part?: 'validation' | 'all' | 'test') =>
      valueOf(
        await createScorer().evaluate(
          { path: tested, data: null, engine: 'onnxruntime', ...(part === undefined ? {} : { part }) },
          never,
        ),
      );
    expect(await scored()).toMatchObject({ part: 'test', count: 10 });
    expect(await scored('validation')).toMatchObject({ part: 'validation', count: 8 });
    expect(await scored('all')).toMatchObject({ part: 'all', count: 40 });
    const none = await createScorer().evaluate({ path: run, data: null, engine: 'onnxruntime', part: 'test' }, never);
    expect(codeOf(none)).toBe('evaluate/no-test-part');
  });

  it('of several outputs is scored on the trained one, or on that which is named', async () => {
    const { data } = valueOf(await readRecord(run));
    const two = {
      ...dense([2], 2),
      nodes: [...dense([2], 2).nodes, { id: 'g', kind: 'fc', params: { units: 2 } }],
      edges: [
        { from: 'x', to: 'f' },
        { from: 'x', to: 'g' },
      ],
      train: { output: 'f' },
    };
    const vector = (...values: number[]) => ({
      dtype: 'float32' as const,
      shape: [2],
      data: Float32Array.of(...values),
    });
    const zeros = { dtype: 'float32' as const, shape: [2, 2], data: new Float32Array(4) };
    const weights = { 'f/kernel': zeros, 'g/kernel': zeros, 'f/bias': vector(9, 0), 'g/bias': vector(0, 9) };
    const path = await modelFolder(join(dir, 'two'), two, data, weights);
    const scored = async (output?: string) =>
      await createScorer().evaluate(
        { path, data: own, engine: 'onnxruntime', answers: true, ...(output === undefined ? {} : { output }) },
        never,
      );
    expect(valueOf(await scored()).answers).toMatchObject({ given: new Int32Array(40) });
    expect(valueOf(await scored('g')).answers).toMatchObject({ given: new Int32Array(40).fill(1) });
    expect(codeOf(await scored('x'))).toBe('train/unknown-output');
  });

  it('says what it answers to every sample, and shows samples by their number', async () => {
    const scorer = createScorer();
    const question = { path: run, data: own, engine: 'onnxruntime', part: 'all' } as const;
    const { answers, accuracy, count } = valueOf(await scorer.evaluate({ ...question, answers: true }, never));
    if (answers?.task !== 'classification') throw new Error('It classifies.');
    expect(answers.parts).toEqual([
      { part: 'train', count: 32 },
      { part: 'validation', count: 8 },
    ]);
    const hits = answers.truth.filter((truth, at) => truth === answers.given[at]).length;
    expect(hits / count).toBeCloseTo(accuracy ?? 0, 6);
    answers.confidence.forEach((confidence, at) => {
      expect(confidence).toBeGreaterThanOrEqual(0.5);
      const isRight = answers.truth[at] === answers.given[at];
      expect(answers.trueConfidence[at]).toBeCloseTo(isRight ? confidence : 1 - confidence, 5);
    });
    for (const asking of [scorer, createScorer()]) {
      const shown = await asking.samples({ ...question, samples: [39, 0] }, never);
      if (!shown.ok) throw new Error('They are there.');
      expect(shown.value.inputs.shape).toEqual([2, 2]);
      expect(shown.value.masks).toBeUndefined();
    }
    expect(codeOf(await scorer.samples({ ...question, samples: [40] }, never))).toBe('inspect/no-such-sample');
  });

  it('is scored by its own scaling: features x 1000 + 500 change the loss, and a part weighs as it does in the whole', async () => {
    const whole = valueOf(await score(run, await table('whole.csv', rows)));
    const moved = rows.map(([a, b, name]) => [a * 1000 + 500, b * 1000 + 500, name] as const);
    const other = valueOf(await score(run, await table('moved.csv', moved)));
    expect(other.loss).toBeGreaterThan(10 * whole.loss);
    const first = valueOf(await score(run, await table('first.csv', rows.slice(0, 7))));
    const rest = valueOf(await score(run, await table('rest.csv', rows.slice(7))));
    expect((7 * first.loss + 33 * rest.loss) / 40).toBeCloseTo(whole.loss, 5);
  });

  it('knows its classes by name, scores a single sample, and refuses other tables by what differs', async () => {
    const one = valueOf(await score(run, await table('one.csv', [[0, 0, 'low']])));
    expect(one).toMatchObject({ count: 1, part: 'all' });
    expect(one.warnings.map(({ code }) => code)).toEqual(['evaluate/missing-classes']);
    const words = await score(
      run,
      await table('words.csv', [
        [0, 0, 'low'],
        [1, 1, 'middle'],
      ]),
    );
    expect(codeOf(words)).toBe('evaluate/unknown-classes');
    await writeFile(join(dir, 'wide.csv'), 'a,b,c,class\n1,2,3,low\n1,2,3,high\n');
    expect(codeOf(await score(run, `csv:${join(dir, 'wide.csv')}`))).toBe('evaluate/columns');
    expect(codeOf(await score(run, 'mnist'))).toBe('evaluate/other-kind-of-data');
  });

  it('that predicts numbers takes whole numbers as numbers, not as classes', async () => {
    const data: TrainedData = {
      task: 'regression',
      classes: [],
      inputShape: [2],
      scaling: { mean: [0, 0], deviation: [1, 1] },
    };
    const model = await modelFolder(join(dir, 'regression'), dense([2], 1), data);
    const scored = valueOf(
      await score(
        model,
        await table(
          'stars.csv',
          rows.map(([a, b], index) => [a, b, index % 5]),
        ),
      ),
    );
    expect(scored).toMatchObject({ count: 40, accuracy: null });
    expect(codeOf(await score(model, own))).toBe('evaluate/target-not-a-number');
  });

  it('without data of its own asks for some', async () => {
    const model = await modelFolder(join(dir, 'unknown'), dense([2], 2), null);
    expect(codeOf(await score(model, null))).toBe('evaluate/needs-data');
    expect(valueOf(await score(model, own))).toMatchObject({ part: 'all', count: 40 });
  });

  it('stops when it is no longer wanted', async () => {
    expect(codeOf(await score(run, null, AbortSignal.abort()))).toBe('host/cancelled');
  });
});

describe('a model of pictures', () => {
  const greys = [20, 120, 220];
  const folder = async (name: string, classes: readonly (readonly [string, number])[]): Promise<string> => {
    for (const [label, grey] of classes) {
      await mkdir(join(dir, name, label), { recursive: true });
      for (let index = 0; index < 5; index++) {
        const png = new PNG({ width: 2, height: 2 });
        png.data.fill(grey + index);
        for (let at = 3; at < png.data.length; at += 4) png.data[at] = 255;
        await writeFile(join(dir, name, label, `${index}.png`), PNG.sync.write(png, { colorType: 0 }));
      }
    }
    return `images:${join(dir, name)}`;
  };
  /** Tells dark, middle and bright apart: logits k*g*s - k^2/2 are largest for the nearest of s*g = 0, 1, 2. */
  const network = chain([
    ['x', 'input', { shape: [2, 2, 1] }],
    ['g', 'gap'],
    ['f', 'fc', { units: 3 }],
  ]);
  const weights = (order: readonly number[]): FloatTensors => ({
    'f/kernel': {
      dtype: 'float32',
      shape: [1, 3],
      data: Float32Array.from(order, (level) => level * 255 * 0.1),
    },
    'f/bias': {
      dtype: 'float32',
      shape: [3],
      data: Float32Array.from(order, (level) => -level * 2 - (level * level * 10) / 2),
    },
  });
  const data = (classes: readonly string[]): TrainedData => ({
    task: 'classification',
    classes,
    inputShape: [2, 2, 1],
    scaling: null,
  });
  const dark = ['0', '1', '2'].map((name, index) => [name, greys[index]!] as const);
  let model: string;

  beforeAll(async () => {
    model = await modelFolder(join(dir, 'greys'), network, data(['0', '1', '2']), weights([0, 1, 2]));
  });

  it('scores all pictures of folders that are named as its classes', async () => {
    const scored = valueOf(await score(model, await folder('digits', dark)));
    expect(scored).toMatchObject({ count: 15, part: 'all', accuracy: 1, warnings: [] });
  });

  it('refuses the same pictures in folders zero, one, two, naming both', async () => {
    const named = await folder('words', [
      ['zero', 20],
      ['one', 120],
      ['two', 220],
    ]);
    const refused = await score(model, named);
    expect(codeOf(refused)).toBe('evaluate/unknown-classes');
    const { summary, why } = refused.ok ? { summary: null, why: null } : refused.diagnostics[0]!;
    expect(summary!.en).toContain('"zero"');
    expect(why!.en).toContain('"0", "1", "2"');
  });

  it.each([
    { classes: ['2', '0', '1'], order: [2, 0, 1] },
    { classes: ['1', '2', '0'], order: [1, 2, 0] },
  ])('is the same in the order of classes $classes', async ({ classes, order }) => {
    const permuted = await modelFolder(join(dir, classes.join('')), network, data(classes), weights(order));
    const spec = await folder('digits', dark);
    const [a, b] = [valueOf(await score(model, spec)), valueOf(await score(permuted, spec))];
    expect(b.loss).toBeCloseTo(a.loss, 5);
    expect(b.accuracy).toBe(1);
  });

  it('scores a folder with some of its classes by name, and says which are missing', async () => {
    const scored = valueOf(
      await score(
        model,
        await folder('part', [
          ['1', 120],
          ['2', 220],
        ]),
      ),
    );
    expect(scored).toMatchObject({ count: 10, accuracy: 1 });
    expect(scored.warnings.map(({ code }) => code)).toEqual(['evaluate/missing-classes']);
  });
});

describe('a model of any number of classes', () => {
  it('is scored class by class at a half, with what giving every class would score beside it', async () => {
    const folder = join(dir, 'lights');
    await mkdir(folder, { recursive: true });
    const lights = ['', 'red', 'red;green', 'green', 'red;green'];
    // The last one has a label that nothing shows.
    const shown = ['', 'red', 'red;green', 'green', 'red'];
    for (const [index, light] of shown.entries()) {
      const pixel = ['red', 'green'].map((name) => (light.includes(name) ? 255 : 0));
      await writeFile(
        join(folder, `${index}.png`),
        colorPng(1, 1, () => [pixel[0]!, pixel[1]!, 0]),
      );
    }
    const rows = lights.map((light, index) => `${index}.png,${light}`);
    await writeFile(join(folder, 'labels.csv'), ['file,lights', ...rows].join('\n'));
    const data: TrainedData = {
      task: 'multi-label',
      classes: ['red', 'green'],
      inputShape: [1, 1, 3],
      scaling: null,
    };
    const kernel = { dtype: 'float32' as const, shape: [3, 2], data: Float32Array.of(20, 0, 0, 20, 0, 0) };
    const bias = { dtype: 'float32' as const, shape: [2], data: Float32Array.of(-10, -10) };
    const path = await modelFolder(join(dir, 'lit'), dense([1, 1, 3], 2), data, { 'f/kernel': kernel, 'f/bias': bias });
    const question = { path, data: `images:${folder}`, engine: 'onnxruntime', part: 'all', answers: true } as const;
    const { labels, baseline, accuracy, answers } = valueOf(await createScorer().evaluate(question, never));
    // Red is found three times of three, green twice of three.
    expect(labels!.macroF1).toBeCloseTo((1 + 0.8) / 2, 12);
    expect(labels!.microF1).toBeCloseTo(10 / 11, 12);
    expect(labels!.exactMatch).toBe(0.8);
    // Three of five have each class: 2 x 0.6 / 1.6.
    expect(baseline.labels!.macroF1).toBeCloseTo(0.75, 12);
    expect(accuracy).toBeNull();
    expect(answers).toMatchObject({ task: 'multi-label', classes: ['red', 'green'] });
  });
});

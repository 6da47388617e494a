import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../../electron/files/models';
import type { TrainingConfig } from '../../../shared/schema/training';
import { convloom } from '../../support/commandLine';
import { wiredNetwork } from '../../support/networks';

const dir = mkdtempSync(join(tmpdir(), 'convloom-two-outputs-'));
const pictures = join(dir, 'pictures');
const data = `images:${pictures}`;

/** Two heads on one trunk: one for the two classes of the data, and one that they do not fit. */
const twoHeads = wiredNetwork({
  image: ['input', { shape: [8, 8, 1] }],
  c: ['conv', { filters: 4, kernelSize: 3 }, 'image'],
  shade: ['fc', { units: 2 }, 'c'],
  other: ['fc', { units: 5 }, 'c'],
});

function file(name: string, train?: Partial<TrainingConfig>): string {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify({ ...twoHeads, ...(train === undefined ? {} : { train }) }));
  return path;
}

function picture(path: string, shade: number): void {
  const png = new PNG({ width: 8, height: 8 });
  for (let at = 0; at < png.data.length; at += 4) png.data.set([shade, shade, shade, 255], at);
  writeFileSync(path, PNG.sync.write(png));
}

beforeAll(() => {
  process.env['CONVLOOM_HOME'] = join(dir, 'home');
  for (const [name, shade] of [
    ['dark', 20],
    ['light', 230],
  ] as const) {
    mkdirSync(join(pictures, name), { recursive: true });
    for (let index = 0; index < 10; index++) picture(join(pictures, name, `${index}.png`), shade + index);
  }
});

afterAll(() => {
  delete process.env['CONVLOOM_HOME'];
  rmSync(dir, { recursive: true, force: true });
});

const options = ['--data', data, '--epochs', '30', '--batch-size', '4', '--learning-rate', '0.02', '--engine', 'tfjs'];

describe('a network with two outputs', () => {
  it('is trained, evaluated and used for predictions by the output that --output names', async () => {
    const run = join(dir, 'run');
    const trained = await convloom('train', file('a.json'), ...options, '--output', 'shade', '--run', run);
    expect(trained.err).not.toContain('[train/');
    expect(trained.code).toBe(0);

    const evaluated = await convloom('evaluate', run, '--engine', 'tfjs', '--json');
    expect(evaluated.code).toBe(0);
    expect(evaluated.json()).toMatchObject({ ok: true, accuracy: 1, count: 4 });

    const other = await convloom('evaluate', run, '--data', data, '--engine', 'tfjs', '--json');
    expect(other.json()).toMatchObject({ ok: true, accuracy: 1 });

    // What was not trained is part of the model, as it started.
    const model = await readModel(run);
    expect(model.ok && Object.keys(model.value.weights).toSorted()).toEqual(
      ['c', 'other', 'shade'].flatMap((id) => [`${id}/bias`, `${id}/kernel`]),
    );
    const project = join(dir, 'project');
    const exported = await convloom('export', '--run', run, '--to', 'typescript', '-o', project);
    expect(exported.code).toBe(0);
    const check = JSON.parse(readFileSync(join(project, 'check.json'), 'utf8')) as { readonly outputs: unknown };
    expect(check.outputs).toHaveLength(2);

    const predicted = await convloom('predict', run, join(pictures, 'light', '3.png'), '--json');
    expect(predicted.code).toBe(0);
    expect(predicted.json()).toMatchObject({ ok: true, classes: [{ name: 'light' }, { name: 'dark' }] });
  }, 240_000);

  it('is trained by the output that the document names', async () => {
    const path = file('named.json', { output: 'shade', epochs: 1 });
    const { code } = await convloom('train', path, '--data', data, '--engine', 'tfjs', '--run', join(dir, 'named'));
    expect(code).toBe(0);
    const judged = await convloom('analyze', path, '--data', data, '--json');
    expect(judged.code).toBe(0);
  }, 120_000);

  it.each([
    ['none is named', undefined, 'train/several-outputs'],
    ['there is none of the name', 'ghost', 'train/unknown-output'],
    ['the data do not fit the one that is named', 'other', 'train/class-count'],
  ])(
    'is refused with exit code 1 where %s',
    async (_, output, expected) => {
      const named = output === undefined ? [] : ['--output', output];
      const { code, json } = await convloom('train', file('b.json'), ...options, ...named, '--json');
      expect(code).toBe(1);
      expect((json() as { diagnostics: { code: string }[] }).diagnostics.map((one) => one.code)).toEqual([expected]);
    },
    120_000,
  );
});

describe('settings that no run accepts', () => {
  it.each([
    [{ epochs: -1 }, 'epochs'],
    [{ epochs: 1.5 }, 'epochs'],
    [{ batchSize: 0 }, 'batch size'],
    [{ batchSize: -3 }, 'batch size'],
    [{ learningRate: -1 }, 'learning rate'],
    [{ learningRate: 0 }, 'learning rate'],
    [{ momentum: 1 }, 'momentum'],
    [{ seed: -1 }, 'seed'],
    [{ data: '' }, 'data'],
  ])('%o of a document are refused before a run, with exit code 1', async (train, label) => {
    const path = file('bad.json', { data, ...train, output: 'shade' });
    const { code, json } = await convloom('train', path, '--json');
    expect(code).toBe(1);
    const [first, ...others] = (json() as { diagnostics: { code: string; message: string }[] }).diagnostics;
    expect(others).toEqual([]);
    expect(first!.code).toBe('train/bad-setting');
    expect(first!.message.toLowerCase()).toContain(label);
  });

  it.each([
    ['--epochs', '-1'],
    ['--epochs', '1.5'],
    ['--batch-size', '0'],
    ['--batch-size', '-3'],
    ['--learning-rate', '-1'],
    ['--learning-rate', '0'],
    ['--momentum', '1'],
    ['--seed', '-1'],
    ['--output', ''],
  ])('%s %s is a misuse, with exit code 2', async (option, value) => {
    expect((await convloom('train', file('good.json'), `${option}=${value}`)).code).toBe(2);
  });

  it('give way to an option that is right', async () => {
    const path = file('mended.json', { epochs: 0, output: 'shade' });
    const { code } = await convloom('train', path, ...options, '--epochs', '1', '--run', join(dir, 'mended'));
    expect(code).toBe(0);
  }, 120_000);
});

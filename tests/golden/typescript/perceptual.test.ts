import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { readCompared } from '../../../electron/host/exports/lossNetwork';
import { readComparison } from '../../../electron/trainer/perceptual';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { perceptualTerms, summedTerms } from '../../../shared/compile/perceptual';
import { printTypescript } from '../../../shared/exports/typescript';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import type { NetworkDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { TrainingConfig } from '../../../shared/schema/training';
import { chain } from '../../support/chain';
import { modelFolder } from '../../support/modelFolder';
import { loadProject, typeErrors, writeProject } from '../../support/printedProject';
import { interpret } from '../../support/referenceInterpreter';

const folder = mkdtempSync(join(tmpdir(), 'convloom-printed-style-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A classifier of pictures of `channels`: with a norm, weights that two layers have in common, and a layer that tfjs does not have. */
const classifier = (channels: number): NetworkDocument =>
  chain([
    ['image', 'input', { shape: [20, 20, channels] }],
    ['c1', 'conv', { filters: 4, kernelSize: 3, padding: 'same' }],
    ['n1', 'batchnorm'],
    ['a1', 'activation', { function: 'mish' }],
    ['p1', 'pool'],
    ['c2', 'conv', { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }],
    ['c3', 'conv', { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }, ['c2'], 'c2'],
    ['f1', 'fc', { units: 5 }],
  ]);

const painter = (channels: number, train: Partial<TrainingConfig>): NetworkDocument => ({
  ...chain([
    ['image', 'input', { shape: [12, 10, channels] }],
    ['out', 'conv', { filters: channels, kernelSize: 3, padding: 'same', activation: 'sigmoid' }],
  ]),
  train: { data: 'pictures:somewhere', loss: 'perceptual', batchSize: 2, optimizer: 'adam', ...train },
});

type Sample = { readonly inputs: object[]; readonly targets: object[] };
type Scores = {
  scoresModel: (model: tf.LayersModel, task: string) => tf.LayersModel;
  lossOf: (scores: tf.LayersModel, task: string, samples: Sample[], training: boolean) => () => tf.Scalar;
  evaluate: (model: tf.LayersModel, task: string, samples: Sample[]) => { loss: number; psnr: number | null };
};

/** The project of a network, whose perceptual loss compares by a classifier of so many channels. */
async function project(name: string, document: NetworkDocument) {
  const compared = await readCompared(document, analyzeNetwork(document));
  const printed = printTypescript(document, analyzeNetwork(document), compared?.comparison);
  if (!printed.ok) throw new Error(printed.diagnostics[0]!.summary.en);
  const dir = writeProject(name, printed.value);
  for (const [file, content] of compared?.files ?? []) writeFileSync(join(dir, file), content);
  return { dir, files: printed.value };
}

/** What the app makes of the same answers. */
async function lossHere(config: TrainingConfig, shape: readonly number[], answer: Float32Array, picture: Float32Array) {
  const compared = await readComparison(config, shape.slice(1));
  if (!compared.ok) throw new Error(compared.diagnostics[0]!.summary.en);
  const ops = createOpBuilder();
  const [given, wanted] = ['answer', 'picture'].map((one) => ops.input(one, ['batch', ...shape.slice(1)]));
  const terms = summedTerms(ops, perceptualTerms(ops, compared.value.perceptual!, given!, wanted!));
  const feeds = {
    answer: { shape: [...shape], data: Float64Array.from(answer) },
    picture: { shape: [...shape], data: Float64Array.from(picture) },
  };
  const { outputs } = interpret(ops.finish({ loss: ops.reduce('reduceMean', terms, [0]) }), feeds, {});
  return outputs['loss']!.data[0]!;
}

const written: Parameters<typeof typeErrors>[0][number][] = [];

describe('a printed project with a perceptual loss', () => {
  it.each([
    ['grey by grey, content and style', 1, 1, { stylePicture: 'checks', styleWeight: 50, variationWeight: 0.5 }],
    ['colours by grey, content alone and of pixels', 3, 1, { contentNodes: 'c3=2, image=1' }],
    ['grey by colours, style alone', 1, 3, { stylePicture: 'dots', contentWeight: 0, styleNodes: 'a1=1, c2=0.5' }],
  ] as const)('has the loss of the app and learns by it: %s', async (name, own, theirs, more) => {
    const lossNetwork = await modelFolder(join(folder, name), classifier(theirs), null);
    const document = painter(own, { lossNetwork, engine: 'onnxruntime', ...more });
    const { dir, files } = await project(`style-${own}-${theirs}`, document);
    const home = process.cwd();
    process.chdir(dir);
    try {
      const { buildModel } = await loadProject(dir);
      const model = buildModel();
      const printed = (await import(/* @vite-ignore */ pathToFileURL(join(dir, 'dist/scores.js')).href)) as Scores;
      const shape = [2, 12, 10, own];
      const picture = Float32Array.from({ length: 240 * own }, (_, at) => ((at * 37) % 101) / 100);
      const value = (at: number) => ({
        shape: shape.slice(1),
        data: picture.slice(at * 120 * own, (at + 1) * 120 * own),
      });
      const samples = [0, 1].map((at): Sample => ({ inputs: [value(at)], targets: [value(at)] }));
      const scores = printed.scoresModel(model, 'pictures');
      const loss = printed.lossOf(scores, 'pictures', samples, false);
      const answer = (model.predict(tf.tensor(picture, shape)) as tf.Tensor).dataSync() as Float32Array;
      const config = { ...defaultTrainingConfig, ...document.train };
      const wanted = await lossHere(config, shape, answer, picture);
      const before = loss().arraySync();
      expect(before / wanted).toBeCloseTo(1, 4);
      expect(printed.evaluate(model, 'pictures', samples)).toMatchObject({
        loss: before,
        psnr: 'stylePicture' in more ? null : (expect.any(Number) as unknown),
      });
      const optimizer = tf.train.adam(0.01);
      for (let step = 0; step < 5; step++) optimizer.minimize(loss);
      expect(loss().arraySync()).toBeLessThan(before);
    } finally {
      process.chdir(home);
    }
    written.push({ dir, files });
    for (const { path, text } of files.filter((one) =>
      /perceptual|lossNetwork|scores|settings|README/.test(one.path),
    )) {
      const options = { printWidth: 120, singleQuote: true, filepath: path };
      expect(text, path).toBe(await format(text, options));
    }
  });

  it('type-checks under its own settings', () => {
    expect(written).toHaveLength(3);
    expect(typeErrors(written)).toBe('');
  });

  it('says where the loss network is missing what it is that it does not train with', async () => {
    const { files } = await project('style-missing', painter(1, { lossNetwork: join(folder, 'nowhere') }));
    const settings = files.find(({ path }) => path === 'src/settings.ts')!.text;
    expect(settings).toContain('does not train with: loss perceptual');
    expect(files.map(({ path }) => path)).not.toContain('src/perceptual.ts');
  });
});

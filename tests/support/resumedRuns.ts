import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { cutLog } from '../../electron/files/metricsLog';
import { decodeSafetensors } from '../../electron/files/safetensors';
import { prepareRun } from '../../electron/trainer/prepare';
import type { RunBeginning } from '../../electron/trainer/prepare';
import { createRunLog } from '../../electron/trainer/runLog';
import { trainRun } from '../../electron/trainer/train';
import { createRandom } from '../../shared/ops/random';
import type { TensorMap } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { EngineId, TrainingConfig } from '../../shared/schema/training';
import type { RunEvent } from '../../shared/training/events';
import { chain } from './chain';

/** Writes 60 noisy pictures of 8x8 in three classes: bright on the left, on the right, or nowhere. */
export async function writePictures(dir: string): Promise<void> {
  const random = createRandom(3);
  for (const [place, name] of ['left', 'right', 'nowhere'].entries()) {
    await mkdir(join(dir, name), { recursive: true });
    for (let number = 0; number < 20; number++) {
      const picture = new PNG({ width: 8, height: 8 });
      for (let pixel = 0; pixel < 64; pixel++) {
        const isBright = place === 0 ? pixel % 8 < 4 : place === 1 ? pixel % 8 >= 4 : false;
        const value = Math.floor(100 * random.uniform() + (isBright ? 150 : 0));
        picture.data.set([value, value, value, 255], pixel * 4);
      }
      await writeFile(join(dir, name, `${number}.png`), PNG.sync.write(picture, { colorType: 0 }));
    }
  }
}

/** Small, with all that a run has to carry over: moving statistics, both kinds of dropout, Adam's moments, a schedule. */
export const resumedNetwork: NetworkDocument = chain([
  ['image', 'input', { shape: [8, 8, 1] }],
  ['c1', 'conv', { filters: 6, kernelSize: 3, padding: 'same', useBias: false }],
  ['norm', 'batchnorm'],
  ['a1', 'activation', { function: 'relu' }],
  ['p1', 'pool'],
  ['maps', 'dropout', { rate: 0.25, spatial: true }],
  ['f1', 'fc', { units: 16, activation: 'relu' }],
  ['units', 'dropout', { rate: 0.5 }],
  ['f2', 'fc', { units: 3 }],
]);

/** 48 pictures are trained on, changed and mixed at every step: 10 steps an epoch, the last one of three pictures. */
export function resumedConfig(engine: EngineId, data: string, epochs: number): TrainingConfig {
  const augmentation = { augment: 'digits', noise: 0.05, cutout: 0.25, mixup: 0.4, cutmix: 1 } as const;
  return { ...defaultTrainingConfig, ...augmentation, data: `images:${data}`, engine, epochs, batchSize: 5, seed: 7 };
}

class Killed extends Error {}

/** Trains in this process, from a checkpoint if `dir` has one; ends without another word before step `killAt` is done. */
async function trainHere(
  config: TrainingConfig,
  dir: string,
  beginning: RunBeginning,
  killAt: number,
  network = resumedNetwork,
): Promise<void> {
  const prepared = await prepareRun(network, config, beginning);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
  const run = prepared.value;
  await mkdir(dir, { recursive: true });
  if (run.from !== null) await cutLog(dir, run.from);
  const clock = (): number => performance.now();
  const events: RunEvent[] = [];
  let step = run.from?.step ?? 0;
  const shouldStop = (): boolean => {
    step += 1;
    if (step >= killAt) throw new Killed();
    return false;
  };
  const log = createRunLog(dir, (event) => events.push(event), clock);
  // As often as the disk lets it, but not at every step: some are done again.
  const options = { runId: 'r', dir, config, log, clock, shouldStop, checkpointIntervalMs: 0 };
  try {
    await trainRun(run, options);
  } finally {
    await run.session.dispose();
  }
}

/** Trains in one go. */
export async function trainUnbroken(
  config: TrainingConfig,
  dir: string,
  network = resumedNetwork,
  beginning: RunBeginning = {},
): Promise<void> {
  await trainHere(config, dir, beginning, Infinity, network);
}

/** Trains until this step, and no further. */
export async function trainUntil(config: TrainingConfig, dir: string, killAt: number): Promise<void> {
  await trainHere(config, dir, {}, killAt).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
}

/** Trains, broken off at each of these steps and resumed from what is on disk then. */
export async function trainBroken(config: TrainingConfig, dir: string, kills: readonly number[]): Promise<void> {
  for (const [index, killAt] of [...kills, Infinity].entries()) {
    try {
      await trainHere(config, dir, index > 0 ? { resumeDir: dir } : {}, killAt);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}

/** Steps at random, in order and apart, that come after the first and before the last step. */
export function randomSteps(stepCount: number, seed: number, count: number): readonly number[] {
  const random = createRandom(seed);
  const part = Math.floor((stepCount - 2) / count);
  return Array.from({ length: count }, (_, index) => 2 + index * part + Math.floor(random.uniform() * part));
}

/** The weights of a run's folder. */
export async function weightsOf(dir: string): Promise<TensorMap> {
  return decodeSafetensors(await readFile(join(dir, 'weights.safetensors'))).tensors;
}

/** What a run's log says that does not depend on the clock; every line must be whole. */
export async function loggedNumbers(dir: string): Promise<readonly unknown[]> {
  const lines = (await readFile(join(dir, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.flatMap((line): unknown[] => {
    const event = JSON.parse(line) as RunEvent;
    if (event.type === 'step') return [[event.step, event.epoch, event.loss, event.accuracy]];
    if (event.type === 'epoch') {
      return [['epoch', event.epoch, event.loss, event.accuracy, event.valLoss, event.valAccuracy]];
    }
    if (event.type === 'warning') return [['warning', event.diagnostic.code]];
    return [[event.type]];
  });
}

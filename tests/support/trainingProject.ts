import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PNG } from 'pngjs';
import type { Samples } from '../../electron/data/dataset';
import { openDigits } from '../../electron/data/digits';
import { writeIdx } from '../../electron/data/idxFormat';
import { loadSmallDigits } from '../../electron/data/restored';
import { findBuilt } from '../../electron/files/built';
import { readEvents } from '../../electron/files/metricsLog';
import { encodeSafetensors } from '../../electron/files/safetensors';
import { prepareRun } from '../../electron/trainer/prepare';
import { createRunLog } from '../../electron/trainer/runLog';
import { trainRun } from '../../electron/trainer/train';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { initialWeights } from '../../shared/compile/initialWeights';
import { networkWeights } from '../../shared/compile/networkWeights';
import { classesFile, weightsFile } from '../../shared/exports/python/files';
import { digitsFile } from '../../shared/exports/python/training/settings';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { RunEvent } from '../../shared/training/events';
import { chainNetwork } from './networks';
import { printed, type PythonPrinter } from './pythonProject';

/** Writes a file below a folder, which is made. */
export function writeBelow(folder: string, name: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** Writes the first digits of those that the app has built in as the two files of `idx:DIR`. */
export async function writeSomeDigits(dir: string, count: number): Promise<void> {
  const digits = await openDigits();
  if (!digits.ok) throw new Error('The digits are built in.');
  const { inputs, targets } = digits.value.train;
  const images = Uint8Array.from(inputs.subarray(0, count * 784));
  writeBelow(dir, 'train-images-idx3-ubyte', writeIdx([count, 28, 28], images));
  writeBelow(dir, 'train-labels-idx1-ubyte', writeIdx([count], Uint8Array.from(targets.subarray(0, count))));
}

/** A picture of some values, as bytes of a PNG file. */
export function greyPng(values: Samples['inputs'] | Samples['targets'], index: number, side: number): Buffer {
  const image = new PNG({ width: side, height: side });
  const grey = values.subarray(index * side * side, (index + 1) * side * side);
  grey.forEach((value, at) => image.data.set([value, value, value, 255], 4 * at));
  return PNG.sync.write(image, { colorType: 0 });
}

/** Writes digits as `pairs:DIR`: to be made of a digit in a quarter of its pixels. */
export async function writePairs(dir: string, count: number): Promise<void> {
  const small = await loadSmallDigits();
  if (!small.ok) throw new Error('The digits are built in.');
  const { inputs, targets } = small.value.train;
  for (let at = 0; at < count; at++) {
    writeBelow(dir, `inputs/${at}.png`, greyPng(inputs, at, 14));
    writeBelow(dir, `targets/${at}.png`, greyPng(targets, at, 28));
  }
}

/** Writes digits as `images:DIR` with a table of three classes of which a digit has any number: it is even, it is large, it has a hole. */
export async function writeLabelled(dir: string, count: number): Promise<void> {
  const digits = await openDigits();
  if (!digits.ok) throw new Error('The digits are built in.');
  const { inputs, targets } = digits.value.train;
  const rows = Array.from({ length: count }, (_, at) => {
    const digit = targets.subarray(at, at + 1)[0] ?? 0;
    return [at, +(digit % 2 === 0), +(digit > 6), +[0, 6, 8, 9].includes(digit)].join();
  });
  writeBelow(dir, 'labels.csv', ['file,even,large,hole', ...rows].join('\n'));
  for (let at = 0; at < count; at++) writeBelow(dir, `${at}.png`, greyPng(inputs, at, 28));
}

/** Writes digits as `masks:DIR`: black where there is no ink, white where there is. */
export async function writeInk(dir: string, count: number): Promise<void> {
  const digits = await openDigits();
  if (!digits.ok) throw new Error('The digits are built in.');
  const { inputs } = digits.value.train;
  for (let at = 0; at < count; at++) {
    writeBelow(dir, `images/${at}.png`, greyPng(inputs, at, 28));
    const ink = Uint8Array.from(inputs.subarray(at * 784, (at + 1) * 784), (value) => (value > 127 ? 255 : 0));
    writeBelow(dir, `masks/${at}.png`, greyPng(ink, 0, 28));
  }
}

/** Writes a printed project that trains, with the digits, and as `initial.safetensors` the weights that the app would start with. */
export function writeTrainingProject(dir: string, document: NetworkDocument, print: PythonPrinter): string {
  for (const file of printed(print, document).files) writeBelow(dir, file.path, file.text);
  writeBelow(dir, digitsFile, readFileSync(findBuilt(import.meta.dirname, digitsFile)));
  const weights = initialWeights(networkWeights(document, analyzeNetwork(document)), defaultTrainingConfig.seed);
  writeBelow(dir, 'initial.safetensors', encodeSafetensors(weights));
  return dir;
}

const rowNetwork = chainNetwork([2], ['fc', { units: 1 }]);
const rowScaling = { mean: [10, -3], deviation: [2, 5], target: { mean: 100, deviation: 7 } };

/** Writes a project with a trained network of a table's rows, and one row as `sample.json`. Gives what the answer to it is, in the table's units. */
export function writeAnsweredRow(dir: string, print: PythonPrinter): number {
  writeTrainingProject(dir, rowNetwork, print);
  const weights = initialWeights(networkWeights(rowNetwork, analyzeNetwork(rowNetwork)), 5);
  writeBelow(dir, weightsFile, encodeSafetensors(weights));
  writeBelow(dir, classesFile, JSON.stringify({ task: 'numbers', classes: [], scaling: rowScaling }));
  const row = [13, 40];
  writeBelow(dir, 'sample.json', JSON.stringify(row));
  const { mean, deviation, target } = rowScaling;
  const kernel = Object.values(weights).find(({ shape }) => shape.length === 2)!.data;
  const answer = row.reduce((sum, value, at) => sum + (kernel[at]! * (value - mean[at]!)) / deviation[at]!, 0);
  return target.mean + target.deviation * answer;
}

const environment = {
  ...process.env,
  PYTHONDONTWRITEBYTECODE: '1',
  OMP_NUM_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '3',
  KERAS_BACKEND: 'tensorflow',
};

/** Runs Python in a folder, and gives what it prints. */
export function runIn(dir: string, python: string, ...args: readonly string[]): string {
  return execFileSync(python, args, {
    cwd: dir,
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function lossesOf(events: readonly RunEvent[]): readonly number[] {
  return events.flatMap((event) => {
    if (event.type === 'step') return [event.loss];
    if (event.type !== 'epoch') return [];
    const labels = Object.values(event.valLabels ?? {}).filter((score) => score !== null);
    const others = [event.valPsnr, event.valMeanIou].filter((score) => score != null);
    return [event.loss, event.valLoss, ...others, ...labels];
  });
}

/** Losses of the steps of a run, and of its epochs on both splits; of pictures the PSNR too, of masks the mean IoU, of any number of classes their scores. */
export async function lossesIn(dir: string): Promise<readonly number[]> {
  return lossesOf(await readEvents(dir, 1000));
}

/** The same of a run of the app itself, in this process. */
export async function lossesOfApp(document: NetworkDocument, dir: string): Promise<readonly number[]> {
  const config = { ...defaultTrainingConfig, ...document.train, engine: 'tfjs' as const };
  const prepared = await prepareRun(document, config);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
  mkdirSync(dir, { recursive: true });
  const events: RunEvent[] = [];
  // A second a step, so that no step is held back.
  let nowMs = 0;
  const clock = () => (nowMs += 1000);
  const log = createRunLog(dir, (event) => events.push(event), clock);
  await trainRun(prepared.value, {
    runId: 'app',
    dir,
    config,
    log,
    shouldStop: () => false,
    clock,
    checkpointIntervalMs: 1e9,
  });
  return lossesOf(events);
}

/** Trains in `broken`, kills the process after some steps, and goes on to the end; gives the losses from before and those of the whole. */
export async function breakAndResume(
  dir: string,
  python: string,
): Promise<{ before: number; after: readonly number[] }> {
  const log = join(dir, 'broken', 'metrics.jsonl');
  const options = ['train.py', '--out', 'broken', '--device', 'cpu', '--checkpoint-seconds', '0'];
  const child = spawn(python, options, { cwd: dir, env: environment, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const steps = () => (existsSync(log) ? readFileSync(log, 'utf8').split('"type":"step"').length - 1 : 0);
  while (steps() < 3 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGKILL');
  await ended;
  const before = await lossesIn(join(dir, 'broken'));
  runIn(dir, python, 'train.py', '--resume', 'broken', '--device', 'cpu');
  return { before: before.length, after: await lossesIn(join(dir, 'broken')) };
}
